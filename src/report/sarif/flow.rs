//! The places of a finding as SARIF's code flow, which viewers step through: GitHub's shows it as paths.

use serde::Serialize;

use crate::report::said::Where;
use crate::report::sarif::{Location, location};

/// What SARIF calls a code flow: here the order in which the places of a finding are to be read.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CodeFlow {
    thread_flows: [ThreadFlow; 1],
}

#[derive(Serialize)]
struct ThreadFlow {
    locations: Vec<Stop>,
}

/// What SARIF calls a thread flow location.
#[derive(Serialize)]
struct Stop {
    location: Location,
}

/// The flow through places, in their order.
pub fn through(places: &[Where]) -> CodeFlow {
    let stops = places.iter().map(|place| Stop {
        location: location(place),
    });
    CodeFlow {
        thread_flows: [ThreadFlow {
            locations: stops.collect(),
        }],
    }
}
