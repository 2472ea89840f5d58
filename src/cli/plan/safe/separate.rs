//! An uplink of its own for a provider network, so that what happens to it does not reach the management address.

use std::collections::BTreeMap;

use crate::change::Change;
use crate::change::effect::{Kind, Patch};
use crate::finding::words::{listed, quoted};
use crate::site::Node;
use crate::site::ovs::Port;
use crate::source::Known;

use super::{Aim, Candidate, line, through_ssh, ways};

/// The provider network of the nodes whose management would be cut, or shares its bridge, moves to a bridge with a
/// spare interface; then what was asked for, and where that is wrong by itself, nothing more.
pub fn uplinks(change: &Change) -> Vec<Candidate> {
    let shared = shared(change);
    if shared.is_empty() {
        return Vec::new();
    }
    let mut commands = Vec::new();
    for (name, physnets) in &shared {
        let Some(node) = change.before.node(name) else {
            return Vec::new();
        };
        let Some(moved) = moved(change, node, physnets) else {
            return Vec::new();
        };
        commands.extend(moved);
    }
    let nodes: Vec<&String> = shared.keys().collect();
    let separate = format!(
        "separate the uplinks first: the provider network of {} gets an interface of its own",
        listed(&nodes)
    );
    let all = commands
        .iter()
        .cloned()
        .chain(change.steps.iter().map(line))
        .collect();
    let rest = match looped(change) {
        Some(switch) => format!(
            "{separate}. The commands themselves are left out: {} joins {switch} to its network already, and a second port loops on any bridge",
            listed(&joined(change, switch))
        ),
        None => separate.clone(),
    };
    vec![
        Candidate {
            commands: all,
            note: separate,
            aim: Aim::Other,
        },
        Candidate {
            commands,
            note: rest,
            aim: Aim::Other,
        },
    ]
}

/// Why there is no safe way to two localnet ports that meet.
pub fn no_way(change: &Change, switch: &str) -> String {
    let joined = listed(&joined(change, switch));
    let lacking: Vec<String> = shared(change)
        .into_keys()
        .filter(|name| {
            change
                .before
                .node(name)
                .is_none_or(|node| spare(node).is_none())
        })
        .collect();
    let separate = if lacking.is_empty() {
        String::new()
    } else {
        format!(
            ". To keep such a slip away from management, separate the uplinks: the inputs show no free interface on {}",
            listed(&lacking)
        )
    };
    format!(
        "there is no safe way to this: {joined} joins {switch} to its network already, and a second localnet port loops on any bridge. Leave the commands out{separate}"
    )
}

fn looped(change: &Change) -> Option<&str> {
    change.effects().find_map(|(_, effect)| match &effect.kind {
        Kind::Looped { switch, .. } => Some(switch.as_str()),
        _ => None,
    })
}

/// The localnet ports that the switch had.
fn joined(change: &Change, switch: &str) -> Vec<String> {
    let switches = change.before.northbound.switches().iter();
    let own = switches.filter(|own| *own.name == *switch);
    own.flat_map(|own| {
        own.localnets()
            .map(|port| port.name.value.clone())
            .collect::<Vec<_>>()
    })
    .collect()
}

/// The nodes whose management address shares a bridge with what a localnet port brings, and the physnets there.
fn shared(change: &Change) -> BTreeMap<String, Vec<String>> {
    let mut shared: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, effect) in change.effects() {
        let Kind::Patched {
            bridge: Some(bridge),
            management: true,
            patch: Patch::Added,
            ..
        } = &effect.kind
        else {
            continue;
        };
        let physnets = change
            .before
            .node(&effect.node)
            .map(|node| node.physnets_of(bridge));
        shared
            .entry(effect.node.clone())
            .or_insert(physnets.unwrap_or_default());
    }
    shared
}

/// The commands that give the physnets of a node a bridge and an interface of their own.
fn moved(change: &Change, node: &Node, physnets: &[String]) -> Option<Vec<String>> {
    let (spare, first) = (spare(node)?, physnets.first()?);
    let bridge = format!("br-{first}");
    let datapath = datapath(node, physnets)?;
    if node.ovs.bridge(&bridge).is_some() {
        return None;
    }
    let mappings = node.mappings.seen()?;
    let pairs = mappings.entries.iter().map(|pair| {
        let to = if physnets.contains(&pair.physnet.value) {
            &bridge
        } else {
            &pair.bridge.value
        };
        format!("{}:{to}", pair.physnet)
    });
    let value = format!(
        "external_ids:ovn-bridge-mappings={}",
        pairs.collect::<Vec<_>>().join(",")
    );
    let names: Vec<&str> = physnets.iter().map(String::as_str).collect();
    let commands = [
        format!(
            "ovs-vsctl add-br {0}{datapath} -- add-port {0} {1}",
            quoted(&bridge),
            quoted(&spare)
        ),
        ways::without(change, &node.name, &names),
        format!("ovs-vsctl set open . {}", quoted(&value)),
    ];
    Some(
        commands
            .map(|command| through_ssh(&node.name, &command))
            .into(),
    )
}

/// The command that gives the new bridge the datapath of the one that the physnets leave: patch ports do not join two
/// datapaths. None where that of the old one was not seen.
fn datapath(node: &Node, physnets: &[String]) -> Option<String> {
    let mappings = node.mappings.seen()?;
    let mut pairs = mappings.entries.iter();
    let own = pairs.find(|pair| physnets.contains(&pair.physnet.value))?;
    let old = node.ovs.bridge(&own.bridge)?;
    match &old.datapath_type {
        Known::Seen(kind) if !kind.is_empty() && kind.value != "system" => Some(format!(
            " -- set bridge {} datapath_type={}",
            quoted(&format!("br-{}", physnets.first()?)),
            quoted(kind)
        )),
        Known::Seen(_) | Known::Absent(_) => Some(String::new()),
        Known::Unseen | Known::Unsure(..) => None,
    }
}

/// An interface of the machine that nothing uses.
fn spare(node: &Node) -> Option<String> {
    let bridges = node.ovs.bridges.seen()?;
    let is_port = |name: &str| {
        let mut interfaces = bridges
            .iter()
            .flat_map(|bridge| bridge.ports().iter().flat_map(Port::interfaces));
        interfaces.any(|interface| *interface.name == *name)
    };
    let interfaces = &node.host.interfaces;
    let is_below = |name: &str| {
        interfaces.iter().any(|other| {
            other.parent.as_deref() == Some(name)
                || other.members.iter().any(|member| member == name)
        })
    };
    let free = interfaces.iter().find(|interface| {
        interface.addresses.is_empty()
            && interface.kind.is_none()
            && interface.parent.is_none()
            && interface.members.is_empty()
            && *interface.name != "lo"
            && !is_port(&interface.name)
            && !is_below(&interface.name)
    });
    free.map(|interface| interface.name.value.clone())
}
