//! Two nodes with one system-id.

use std::collections::BTreeMap;

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::external_ids::EXTERNAL_IDS;
use crate::source::Spanned;

/// They fight over one chassis row, and no tunnel is built between them (facts O§8).
pub fn check(site: &Site, found: &mut Findings) {
    let mut ids: BTreeMap<String, Vec<(&str, Spanned<String>)>> = BTreeMap::new();
    for node in site.chassis() {
        let id = node.ovs.external_id("system-id");
        match id.seen() {
            Some(id) if !id.is_empty() => {
                found.checked(&node.name);
                ids.entry(id.value.clone())
                    .or_default()
                    .push((&node.name, id.clone()));
            }
            _ if !id.settled() => found.unknown(&node.name, EXTERNAL_IDS),
            _ => {}
        }
    }
    for (id, nodes) in ids.into_iter().filter(|(_, nodes)| nodes.len() > 1) {
        let names: Vec<&str> = nodes.iter().map(|(name, _)| *name).collect();
        let message = format!(
            "{} have the same system-id `{id}`: they are one chassis to OVN, it flips between them, and no tunnel is built between them",
            listed(&names)
        );
        let mut finding = Finding::new(
            Level::Error,
            id.clone(),
            message,
            &nodes[0].1.place,
            format!("on {}", names[0]),
        );
        for (name, place) in &nodes[1..] {
            finding = finding.label(&place.place, format!("on {name}"));
        }
        finding.nodes = names.iter().map(|name| (*name).to_owned()).collect();
        found.push(finding);
    }
}
