//! The last, or the second last, chassis that hosts the gateways of a physnet or of a router goes.

use std::collections::BTreeMap;

use crate::change::Change;
use crate::change::effect::{Hosted, Kind};
use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};

/// One finding for what one command takes away, over all the chassis that it takes away.
pub fn check(change: &Change, found: &mut Findings) {
    let mut groups: BTreeMap<_, (Vec<&str>, _)> = BTreeMap::new();
    for (at, effect) in change.effects() {
        if let Kind::GatewayRemoved { of, left, hosted } = &effect.kind {
            let (gone, ..) = groups
                .entry((at, of, left))
                .or_insert((Vec::new(), (&effect.place, *hosted)));
            gone.push(&effect.node);
        }
    }
    for ((_, of, left), (gone, (place, hosted))) in groups {
        let rest = match (left.first(), hosted) {
            (None, Hosted::Bound) => {
                "none is left: what leaves by it, and every floating IP on it, stops".to_owned()
            }
            // OVN does not look at it; Neutron does, when it schedules.
            (None, Hosted::Scheduled) => {
                "none is left: the routers that are there stay where they are, and when Neutron schedules them anew it finds no chassis for them".to_owned()
            }
            (Some(only), _) => {
                format!("only {only} is left, and nothing takes over when it fails")
            }
        };
        let names = listed(&gone);
        let verb = if gone.len() == 1 { "hosts" } else { "host" };
        let message = format!("{names} {verb} no gateways for {of} any more: {rest}");
        let subject = format!("{of}/{}", gone.join(","));
        let finding = Finding::new(Level::Warning, subject, message, place, "takes it away");
        found.push(
            gone.iter()
                .fold(finding, |finding, node| finding.node(node)),
        );
    }
}
