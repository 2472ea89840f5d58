//! Neutron moves between ML2/OVS and ML2/OVN while nodes still carry the other's state.

use crate::change::Change;
use crate::finding::words::first_of;
use crate::finding::{Finding, Findings, Level};
use crate::site::{Driver, Node};
use crate::source::Place;

/// So many nodes are written out and shown.
const SHOWN: usize = 4;

/// What the other driver made goes with it on the node, not with an option of the server (facts O§3, N§5).
pub fn check(change: &Change, found: &mut Findings) {
    for (old, new) in change.configurations() {
        let (Some(from), Some(to)) = (old.driver(), new.driver()) else {
            continue;
        };
        found.checked(&new.name);
        let drivers = new.mechanism_drivers();
        let Some(place) = drivers.place().filter(|_| from != to) else {
            continue;
        };
        let nodes = change.after.nodes.iter();
        let carrying: Vec<(&str, Place)> = nodes
            .filter_map(|node| Some((node.name.as_str(), carried(node, from)?)))
            .collect();
        if carrying.is_empty() {
            continue;
        }
        let names: Vec<&str> = carrying.iter().map(|(name, _)| *name).collect();
        let carry = if names.len() == 1 { "carries" } else { "carry" };
        let what = match from {
            Driver::Openvswitch => "what neutron-openvswitch-agent made",
            Driver::Ovn => "the keys by which ovn-controller registers and programs it",
        };
        let message = format!(
            "mechanism_drivers changes from {} to {}, and {} still {carry} {what}: Neutron binds no port there any more, and no change of its networks gets there",
            name(from),
            name(to),
            first_of(&names, SHOWN)
        );
        let subject = format!("{}/mechanism_drivers", new.name);
        let mut finding = Finding::new(Level::Error, subject, message, place, "the new driver");
        for (name, place) in carrying.iter().take(SHOWN) {
            let label = format!("of {} on {name}", self::name(from));
            finding = finding.label(place, label);
        }
        finding.nodes = names.into_iter().map(str::to_owned).collect();
        found.push(finding);
    }
}

/// Where a node carries what a driver made.
fn carried(node: &Node, driver: Driver) -> Option<Place> {
    match driver {
        Driver::Openvswitch => node
            .agent_leftovers()
            .into_iter()
            .next()
            .map(|sign| sign.place),
        Driver::Ovn => ["ovn-remote", "ovn-encap-ip"].iter().find_map(|key| {
            let value = node.external_id(key);
            let value = value.seen().filter(|value| !value.trim().is_empty())?;
            Some(value.place.clone())
        }),
    }
}

fn name(driver: Driver) -> &'static str {
    match driver {
        Driver::Openvswitch => "openvswitch",
        Driver::Ovn => "ovn",
    }
}
