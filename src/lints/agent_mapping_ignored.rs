//! Bridge mappings in the agent's file, which OVN does not read.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::mapping::BridgeMapping;
use crate::site::neutron::Configuration;
use crate::site::{Driver, Node, Site};

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
        let nodes = nodes(site, configuration);
        if nodes.is_empty()
            || nodes
                .iter()
                .any(|node| node.driver == Some(Driver::Openvswitch))
        {
            continue;
        }
        // Which of several files of the whole site a node runs with cannot be told.
        if nodes.iter().any(|node| node.driver.is_none()) || !site.is_joined(configuration) {
            found.unknown(
                &configuration.name,
                "whether the nodes run OVN (`ovs-vsctl get open . external_ids`)",
            );
            continue;
        }
        found.checked(&configuration.name);
        let lacking = nodes.into_iter().filter(|node| node.mappings.settled());
        let lacking: Vec<(&Node, &BridgeMapping)> = lacking
            .filter_map(|node| {
                Some((
                    node,
                    mappings.entries.iter().find(|pair| !carries(node, pair))?,
                ))
            })
            .collect();
        let Some((_, pair)) = lacking.first() else {
            continue;
        };
        let names: Vec<&str> = lacking.iter().map(|(node, _)| node.name.as_str()).collect();
        let message = format!(
            "bridge_mappings of the agent's file has no effect: OVN reads external_ids:ovn-bridge-mappings of the node's Open_vSwitch, and {} {} `{}:{}` there",
            listed(&names),
            if names.len() == 1 { "lacks" } else { "lack" },
            pair.physnet,
            pair.bridge
        );
        let subject = format!("{}/bridge_mappings", configuration.name);
        let mut finding = Finding::new(
            Level::Warning,
            subject,
            message,
            &mappings.place,
            "not read by OVN",
        );
        for (node, _) in lacking {
            if let Some(there) = node.mappings.seen() {
                finding = finding.label(&there.place, format!("what OVN reads on {}", node.name));
            }
            finding = finding.node(&node.name);
        }
        found.push(finding);
    }
}

/// The nodes that would read the file: its own, or all that carry state.
fn nodes<'a>(site: &'a Site, configuration: &Configuration) -> Vec<&'a Node> {
    let nodes = site.nodes.iter().map(AsRef::as_ref);
    match configuration.node.as_deref() {
        Some(own) => nodes.filter(|node: &&Node| node.name == own).collect(),
        None => nodes.filter(|node: &&Node| node.ovs.seen()).collect(),
    }
}

fn carries(node: &Node, pair: &BridgeMapping) -> bool {
    let pairs = node
        .mappings
        .seen()
        .map_or(&[][..], |mappings| &mappings.entries);
    pairs
        .iter()
        .any(|own| own.physnet.value == pair.physnet.value && own.bridge.value == pair.bridge.value)
}
