//! Two chassis with one tunnel endpoint.

use std::collections::BTreeMap;

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::external_ids::EXTERNAL_IDS;
use crate::source::Place;

/// (type, address) is unique in the southbound: the second chassis never registers (facts O§5).
pub fn check(site: &Site, found: &mut Findings) {
    let mut ends: BTreeMap<(String, String), Vec<(&str, Place)>> = BTreeMap::new();
    for node in site.chassis() {
        let (kinds, addresses) = (
            node.external_id("ovn-encap-type"),
            node.external_id("ovn-encap-ip"),
        );
        let Some(addresses) = addresses.seen() else {
            if !addresses.settled() {
                found.unknown(&node.name, EXTERNAL_IDS);
            }
            continue;
        };
        found.checked(&node.name);
        let kinds = kinds.seen().map_or("", |kinds| kinds.value.as_str());
        for kind in kinds.split(',').filter(|kind| !kind.trim().is_empty()) {
            for address in addresses
                .split(',')
                .filter(|address| !address.trim().is_empty())
            {
                let end = (address.trim().to_owned(), kind.trim().to_owned());
                let nodes = ends.entry(end).or_default();
                // A list that names it twice is a set to OVN.
                if nodes.last().is_none_or(|(name, _)| *name != node.name) {
                    nodes.push((&node.name, addresses.place.clone()));
                }
            }
        }
    }
    let mut said = Vec::new();
    for ((address, kind), nodes) in ends.into_iter().filter(|(_, nodes)| nodes.len() > 1) {
        let names: Vec<&str> = nodes.iter().map(|(name, _)| *name).collect();
        // One address with two types is one defect.
        if said.contains(&(address.clone(), names.clone())) {
            continue;
        }
        let message = format!(
            "{} have the same tunnel endpoint, {kind} {address}: only the first that registers has tunnels, the other fails every 5 s with `Transaction causes multiple rows in \"Encap\" table`",
            listed(&names)
        );
        let (_, first) = &nodes[0];
        let mut finding = Finding::new(
            Level::Error,
            address.clone(),
            message,
            first,
            format!("on {}", names[0]),
        );
        for (name, place) in &nodes[1..] {
            finding = finding.label(place, format!("on {name}"));
        }
        finding.nodes = names.iter().map(|name| (*name).to_owned()).collect();
        said.push((address, names));
        found.push(finding);
    }
}
