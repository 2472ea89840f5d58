//! The bridges and ports of one node of the picture.

use std::collections::{BTreeMap, BTreeSet};

use crate::site::Node;
use crate::site::ovs::{Bridge, Interface, Port};
use crate::source::Known;

use super::{Fact, ShownBridge, ShownInterface, ShownPort, clean, text, texts};

/// The node's bridges, by name.
pub fn bridges(node: &Node) -> Fact<Vec<ShownBridge>> {
    let integration: BTreeSet<String> = node.integration_bridges.iter().cloned().collect();
    let uplinks = node.uplinks();
    let mut mapped: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for pair in node.mappings.seen().iter().flat_map(|list| &list.entries) {
        let physnets = mapped.entry(&pair.bridge).or_default();
        physnets.push(clean(&pair.physnet));
    }
    Fact::of(&node.ovs.bridges, |bridges| {
        let shown = bridges.iter().map(|bridge| {
            let name = bridge.name.as_str();
            let purpose = if integration.contains(name) {
                Purpose::Integration
            } else {
                Purpose::Other
            };
            let physnets = Fact::of(&node.mappings, |_| mapped.remove(name).unwrap_or_default());
            // What is plugged into an integration bridge are instances, whatever they look like.
            let uplinks = match purpose {
                Purpose::Integration => Some(Vec::new()),
                Purpose::Other => uplinks.get(name).cloned().flatten(),
            };
            shown(bridge, purpose, physnets, uplinks)
        });
        let mut shown: Vec<ShownBridge> = shown.collect();
        shown.sort_by(|left, right| left.name.cmp(&right.name));
        shown
    })
}

/// What a bridge is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Integration,
    Other,
}

fn shown(
    bridge: &Bridge,
    purpose: Purpose,
    physnets: Fact<Vec<String>>,
    uplinks: Option<Vec<&Port>>,
) -> ShownBridge {
    let names: BTreeSet<&str> = uplinks
        .iter()
        .flatten()
        .map(|port| port.name.as_str())
        .collect();
    let mut ports: Vec<ShownPort> = bridge
        .ports()
        .iter()
        .map(|port| shown_port(port, names.contains(port.name.as_str())))
        .collect();
    ports.sort_by_cached_key(|port| (!port.uplink, port.kind.clone(), port.name.clone()));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for port in ports.iter().filter(|port| !port.uplink) {
        *counts.entry(port.kind.clone()).or_default() += 1;
    }
    ShownBridge {
        name: clean(&bridge.name),
        integration: purpose == Purpose::Integration,
        physnets,
        fail_mode: text(&bridge.fail_mode),
        effective_fail_mode: match (&bridge.fail_mode, bridge.is_secure()) {
            (_, Some(true)) => Fact::Seen("secure"),
            (_, Some(false)) => Fact::Seen("standalone"),
            (Known::Unsure(_, why), None) => Fact::Unsure(why),
            (_, None) => Fact::Unseen,
        },
        protocols: texts(&bridge.protocols),
        datapath_type: text(&bridge.datapath_type),
        controllers: texts(&bridge.controllers),
        uplinks: uplinks.map_or(Fact::Unseen, |ports| Fact::Seen(names_of(&ports))),
        port_counts: Fact::of(&bridge.ports, |_| counts),
        ports: Fact::of(&bridge.ports, |_| ports),
    }
}

/// The names of ports, without secrets.
pub fn names_of(ports: &[&Port]) -> Vec<String> {
    ports.iter().map(|port| clean(&port.name)).collect()
}

fn shown_port(port: &Port, uplink: bool) -> ShownPort {
    ShownPort {
        name: clean(&port.name),
        kind: kind(port),
        uplink,
        tag: Fact::of(&port.tag, |tag| *tag),
        interfaces: Fact::of(&port.interfaces, |interfaces| {
            let interface = |interface: &Interface| ShownInterface {
                name: clean(&interface.name),
                kind: match (&interface.kind, interface.kind()) {
                    (_, Some(kind)) => Fact::Seen(clean(kind)),
                    (Known::Unsure(_, why), None) => Fact::Unsure(why),
                    (_, None) => Fact::Unseen,
                },
            };
            interfaces.iter().map(interface).collect()
        }),
    }
}

/// What an operator calls the port: a bond, the tap of an instance, or by the type of its interface.
fn kind(port: &Port) -> String {
    match port.interfaces() {
        [] => "unseen".to_owned(),
        [one] => match one.kind() {
            Some("system") if one.name.starts_with("tap") => "tap".to_owned(),
            Some(kind) => clean(kind),
            None => "unseen".to_owned(),
        },
        _ => "bond".to_owned(),
    }
}
