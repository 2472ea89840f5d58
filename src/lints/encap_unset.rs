//! A chassis without a tunnel endpoint: it never registers.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::external_ids::EXTERNAL_IDS;
use crate::site::{Role, Site};
use crate::source::{Known, Place};

/// ovn-controller waits for both keys and says so at INFO level only (facts O§5).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        let tunnels = node
            .roles
            .iter()
            .any(|role| matches!(role, Role::Network | Role::Compute));
        if !tunnels && !node.roles.is_empty() {
            continue;
        }
        let keys = ["ovn-encap-type", "ovn-encap-ip"].map(|key| (key, node.external_id(key)));
        let mut missing: Vec<(&str, &Place)> = Vec::new();
        for (key, value) in &keys {
            match value {
                Known::Absent(place) => missing.push((key, place)),
                Known::Seen(text) if text.trim().is_empty() => missing.push((key, &text.place)),
                _ => {}
            }
        }
        if keys.iter().any(|(_, value)| !value.settled()) {
            found.unknown(&node.name, EXTERNAL_IDS);
            continue;
        }
        // A node that nobody calls a chassis may be one that only holds the databases.
        if !tunnels && matches!(node.external_id("ovn-remote"), Known::Absent(_)) {
            found.unknown(&node.name, "`roles` of the node in topology.toml");
            continue;
        }
        found.checked(&node.name);
        let Some((_, place)) = missing.first() else {
            continue;
        };
        let names: Vec<&str> = missing.iter().map(|(key, _)| *key).collect();
        let message = format!(
            "{} has no {} in external_ids: ovn-controller says `Need to specify an encap type and ip`, the chassis never registers and has no tunnel",
            node.name,
            listed(&names)
        );
        found.push(
            Finding::new(
                Level::Error,
                node.name.clone(),
                message,
                place,
                "no tunnel endpoint",
            )
            .node(&node.name),
        );
    }
}
