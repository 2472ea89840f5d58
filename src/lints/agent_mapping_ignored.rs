//! Bridge mappings in the agent's file, which OVN does not read.

use crate::finding::{Finding, Findings, Level};
use crate::site::mapping::{BridgeMapping, Rules, parse};
use crate::site::{Driver, Node, Site};
use crate::source::Known;

/// OVN reads `external_ids:ovn-bridge-mappings` only (facts O§6.8).
pub fn check(site: &Site, found: &mut Findings) {
    for configuration in &site.configurations {
        let mappings = configuration.agent_mappings();
        let Some(mappings) = mappings
            .seen()
            .filter(|mappings| !mappings.entries.is_empty())
        else {
            continue;
        };
        let own = configuration
            .node
            .as_deref()
            .and_then(|name| site.node(name));
        let chassis: Vec<&Node> = match own {
            Some(node) => vec![node],
            None => site.nodes.iter().map(AsRef::as_ref).collect(),
        };
        if chassis.is_empty() || chassis.iter().any(|node| node.driver != Some(Driver::Ovn)) {
            if chassis.iter().any(|node| node.driver.is_none()) {
                found.unknown(
                    &configuration.name,
                    "whether the node runs OVN (`ovs-vsctl get open . external_ids`)",
                );
            }
            continue;
        }
        found.checked(&configuration.name);
        let lacking: Vec<&BridgeMapping> = mappings
            .entries
            .iter()
            .filter(|mapping| !chassis.iter().all(|node| carries(node, mapping)))
            .collect();
        let Some(first) = lacking.first() else {
            continue;
        };
        let names: Vec<&str> = chassis.iter().map(|node| node.name.as_str()).collect();
        let pairs: Vec<String> = mappings
            .entries
            .iter()
            .map(|pair| format!("{}:{}", pair.physnet, pair.bridge))
            .collect();
        let message = format!(
            "bridge_mappings = {} has no effect: OVN reads external_ids:ovn-bridge-mappings of the node's Open_vSwitch, and {} {} `{}:{}` there",
            pairs.join(","),
            crate::finding::words::listed(&names),
            if names.len() == 1 { "lacks" } else { "lack" },
            first.physnet,
            first.bridge
        );
        let mut finding = Finding::new(
            Level::Warning,
            format!("{}/bridge_mappings", configuration.name),
            message,
            &mappings.place,
            "not read by OVN",
        );
        for node in chassis {
            if let Known::Seen(there) = node.external_id("ovn-bridge-mappings") {
                finding = finding.label(&there.place, format!("what OVN reads on {}", node.name));
            }
            finding = finding.node(&node.name);
        }
        found.push(finding);
    }
}

fn carries(node: &Node, mapping: &BridgeMapping) -> bool {
    let there = node.external_id("ovn-bridge-mappings");
    there.seen().is_some_and(|text| {
        let pairs = parse(text, Rules::OvnController).entries;
        pairs.iter().any(|pair| {
            pair.physnet.value == mapping.physnet.value && pair.bridge.value == mapping.bridge.value
        })
    })
}
