//! A bridge mapping to a bridge that the node does not have.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::finding::words::{listed, nearest};
use crate::finding::{Finding, Findings, Level};
use crate::site::ovn::local::Why;
use crate::site::ovs::BRIDGES;
use crate::site::{Driver, Node, Site};
use crate::source::Known;

/// The agent exits; ovn-controller leaves the physnet dead on the node (facts N§2, O§6.1).
pub fn check(site: &Site, found: &mut Findings) {
    for node in &site.nodes {
        let mappings = &node.mappings;
        let Some(mappings) = mappings.seen() else {
            if node.driver.is_some() && !mappings.settled() {
                found.unknown(&node.name, "the node's bridge mappings (`ovs-vsctl get open . external_ids`, openvswitch_agent.ini)");
            }
            continue;
        };
        let Some(bridges) = node.ovs.bridges.seen() else {
            found.unknown(&node.name, BRIDGES);
            continue;
        };
        found.checked(&node.name);
        let names: BTreeSet<&str> = bridges.iter().map(|bridge| bridge.name.as_str()).collect();
        let mapped: HashSet<&str> = mappings
            .entries
            .iter()
            .map(|mapping| mapping.bridge.as_str())
            .collect();
        let integration = &node.integration_bridges;
        // Nobody meant a bridge that has another use.
        let free = names
            .iter()
            .copied()
            .filter(|name| !mapped.contains(name) && !integration.iter().any(|own| own == name));
        let free: Vec<&str> = free.collect();
        let mut local = None;
        for mapping in mappings
            .entries
            .iter()
            .filter(|mapping| !names.contains(mapping.bridge.as_str()))
        {
            if !node.ovs.all_bridges {
                found.unknown(&node.name, "every bridge of the node (`ovs-vsctl show`)");
                continue;
            }
            let local = local.get_or_insert_with(|| local_physnets(site, node));
            let local = local.get(&mapping.physnet.value);
            let meant = nearest(&mapping.bridge, free.iter().copied());
            let unused = !site.northbound.may_join(&mapping.physnet);
            let (level, result) = match node.driver {
                Some(Driver::Openvswitch) => (
                    Level::Error,
                    "neutron-openvswitch-agent exits when it starts".to_owned(),
                ),
                // openstack-helm maps a bridge on every node that nobody makes until there is a provider network.
                _ if unused && meant.is_none() => (
                    Level::Warning,
                    "ovn-controller makes no patch ports; no localnet port of the northbound names this physnet yet"
                        .to_owned(),
                ),
                _ if meant.is_some() || node.is_gateway() || local.is_some() => {
                    (Level::Error, dead(node))
                }
                _ => (Level::Warning, dead(node)),
            };
            let has = meant.map_or_else(
                || format!("it has {}", listed(&names.iter().collect::<Vec<_>>())),
                |meant| format!("did you mean `{meant}`?"),
            );
            let has = if names.is_empty() {
                "it has no bridge".to_owned()
            } else {
                has
            };
            let result = match local {
                Some((switch, _)) => format!("{result}, where switch {switch} is local"),
                None => result,
            };
            let message = format!(
                "{} maps {} to {}, a bridge that it does not have: {result}; {has}",
                node.name, mapping.physnet, mapping.bridge
            );
            let mut finding = Finding::new(
                level,
                format!("{}/{}", node.name, mapping.bridge),
                message,
                &mapping.bridge.place,
                "no such bridge on this node",
            );
            if let Some((switch, why)) = local {
                finding = finding.label(&why.place, format!("makes {switch} local there"));
            }
            // A file of several nodes may be right for another.
            if let Some(meant) = meant.filter(|_| !is_elsewhere(site, &mapping.bridge)) {
                finding = finding.write(false, &mapping.bridge, meant);
            }
            found.push(
                finding
                    .label(&bridges.place, "the bridges of the node")
                    .node(&node.name),
            );
        }
    }
}

/// The physnets of the switches that are local on a node: their traffic is what is lost.
fn local_physnets(site: &Site, node: &Node) -> HashMap<String, (String, Why)> {
    let mut physnets = HashMap::new();
    for (switch, why) in site.provider_switches_on(node) {
        for port in switch.localnets() {
            if let Known::Seen(physnet) = port.physnet() {
                let reason = || (switch.title(), why.clone());
                physnets.entry(physnet.value).or_insert_with(reason);
            }
        }
    }
    physnets
}

fn is_elsewhere(site: &Site, bridge: &str) -> bool {
    let mut bridges = site.nodes.iter().filter_map(|node| node.ovs.bridges.seen());
    bridges.any(|bridges| bridges.iter().any(|own| *own.name == bridge))
}

fn dead(node: &Node) -> String {
    let what = if node.is_gateway() {
        "gateways on this node have no way out"
    } else {
        "the physnet is dead on this node"
    };
    format!("ovn-controller makes no patch ports, and {what}")
}
