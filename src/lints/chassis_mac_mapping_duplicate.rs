//! Two chassis that send with one MAC address on one physnet.

use std::collections::BTreeMap;

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::external_ids::EXTERNAL_IDS;
use crate::source::Place;

/// A MAC address on a physnet.
type Address = (String, [u8; 6]);

/// A distributed router sends from every chassis: the address tells switches which one (facts O§5).
pub fn check(site: &Site, found: &mut Findings) {
    let mut seats: BTreeMap<Address, Vec<(&str, Place)>> = BTreeMap::new();
    for node in site.chassis() {
        let mappings = node.mac_mappings();
        if !mappings.settled() {
            found.unknown(&node.name, EXTERNAL_IDS);
            continue;
        }
        found.checked(&node.name);
        for mapping in mappings.seen().into_iter().flat_map(|seen| seen.iter()) {
            let seat = (mapping.physnet.clone(), mapping.mac);
            let nodes = seats.entry(seat).or_default();
            nodes.push((&node.name, mapping.place.clone()));
        }
    }
    for ((physnet, mac), nodes) in seats.into_iter().filter(|(_, nodes)| nodes.len() > 1) {
        let names: Vec<&str> = nodes.iter().map(|(name, _)| *name).collect();
        let mac = mac.map(|byte| format!("{byte:02x}")).join(":");
        let message = format!(
            "{} have the same MAC address for {physnet}, {mac}: where a distributed router sends from both, the switches outside see it jump between their ports and send frames to the wrong node",
            listed(&names)
        );
        let mut finding = Finding::new(
            Level::Error,
            format!("{physnet}/{mac}"),
            message,
            &nodes[0].1,
            format!("on {}", names[0]),
        );
        for (name, place) in &nodes[1..] {
            finding = finding.label(place, format!("on {name}"));
        }
        finding.nodes = names.iter().map(|name| (*name).to_owned()).collect();
        found.push(finding);
    }
}
