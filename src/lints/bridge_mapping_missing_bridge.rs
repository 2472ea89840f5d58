//! A bridge mapping to a bridge that the node does not have.

use crate::finding::words::{listed, nearest};
use crate::finding::{Finding, Findings, Level};
use crate::site::{Driver, Node, Site};

/// The agent exits; ovn-controller leaves the physnet dead on the node (facts N§2, O§6.1).
pub fn check(site: &Site, found: &mut Findings) {
    for node in &site.nodes {
        let mappings = node.mappings();
        let Some(mappings) = mappings.seen() else {
            continue;
        };
        let Some(bridges) = node.ovs.bridges.seen() else {
            found.unknown(&node.name, "the bridges of the node (`ovs-vsctl show`)");
            continue;
        };
        found.checked(&node.name);
        let names: Vec<&str> = bridges.iter().map(|bridge| bridge.name.as_str()).collect();
        for mapping in mappings
            .entries
            .iter()
            .filter(|mapping| !names.contains(&mapping.bridge.as_str()))
        {
            if !node.ovs.all_bridges {
                found.unknown(&node.name, "every bridge of the node (`ovs-vsctl show`)");
                continue;
            }
            let meant = nearest(&mapping.bridge, names.iter().copied());
            let (level, result) = match node.driver {
                Some(Driver::Openvswitch) => (
                    Level::Error,
                    "neutron-openvswitch-agent exits when it starts".to_owned(),
                ),
                _ if meant.is_some() || node.is_gateway() => (Level::Error, dead(node)),
                _ => (Level::Warning, dead(node)),
            };
            let has = meant.map_or_else(
                || format!("it has {}", listed(&names)),
                |meant| format!("did you mean `{meant}`?"),
            );
            let has = if names.is_empty() {
                "it has no bridge".to_owned()
            } else {
                has
            };
            let message = format!(
                "{} maps {} to {}, a bridge that it does not have: {result}; {has}",
                node.name, mapping.physnet, mapping.bridge
            );
            let finding = Finding::new(
                level,
                format!("{}/{}", node.name, mapping.bridge),
                message,
                &mapping.bridge.place,
                "no such bridge on this node",
            );
            found.push(
                finding
                    .label(&bridges.place, "the bridges of the node")
                    .node(&node.name),
            );
        }
    }
}

fn dead(node: &Node) -> String {
    let what = if node.is_gateway() {
        "gateways on this node have no way out"
    } else {
        "the physnet is dead on this node"
    };
    format!("ovn-controller makes no patch ports, and {what}")
}
