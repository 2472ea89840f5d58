//! Where the ports of switches are bound: by the southbound, and by what is plugged into the nodes.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::site::ovs::Interface;
use crate::site::{Node, Site};
use crate::source::Known;

use super::Binding;
use super::registration::Registrations;

/// What would settle where the ports of a switch are.
pub const BINDINGS: &str = "where the ports are bound (`ovn-sbctl list` of Port_Binding and Chassis, or `ovs-vsctl list Interface` of every chassis)";

/// Where ports are bound: by the southbound, and by the interfaces of the nodes.
#[derive(Debug, Default)]
pub struct Bound {
    /// The rows of the southbound, by port.
    bindings: HashMap<String, usize>,
    /// The chassis where a port is plugged in, by port.
    interfaces: HashMap<String, Vec<usize>>,
    /// Of each chassis that has a node or a row, what is plugged in there.
    plugged: Vec<Plugged>,
}

/// The logical ports whose interfaces are plugged into an integration bridge.
#[derive(Debug, Default)]
struct Plugged {
    names: Vec<String>,
    /// Whether there are no others.
    whole: bool,
}

impl Bound {
    /// Indexes both.
    pub fn new(site: &Site, registrations: &Registrations) -> Self {
        let bindings = site.southbound.bindings.seen();
        let bindings = bindings.map_or(&[][..], |bindings| &bindings.value);
        let bindings = bindings.iter().enumerate();
        let plugged = registrations.all.iter().map(|chassis| {
            let node = site.node_of(chassis);
            node.map_or_else(Plugged::default, plugged)
        });
        let mut bound = Self {
            bindings: bindings
                .map(|(at, binding)| (binding.logical_port.value.clone(), at))
                .collect(),
            interfaces: HashMap::new(),
            plugged: plugged.collect(),
        };
        for (at, plugged) in bound.plugged.iter().enumerate() {
            add(&mut bound.interfaces, &plugged.names, at);
        }
        bound
    }

    /// The row of the southbound for a port.
    pub fn binding<'a>(&self, site: &'a Site, port: &str) -> Option<&'a Binding> {
        let at = self.bindings.get(port)?;
        site.southbound.bindings.seen()?.get(*at)
    }

    /// The chassis where a port is plugged in.
    pub fn plugged(&self, port: &str) -> Option<&[usize]> {
        self.interfaces.get(port).map(Vec::as_slice)
    }

    /// Whether it is known what is plugged in at a chassis.
    pub fn seen(&self, chassis: usize) -> bool {
        self.plugged
            .get(chassis)
            .is_some_and(|plugged| plugged.whole)
    }

    /// How many chassis have a node or a row.
    pub fn shown(&self) -> usize {
        self.plugged.len()
    }

    /// Looks at the interfaces of a node again: the ports that were plugged in there, in or out; `None` where what is
    /// known of them all has changed.
    pub fn replug(&mut self, chassis: usize, node: &Node) -> Option<Vec<String>> {
        let now = plugged(node);
        let before = self.plugged.get_mut(chassis)?;
        if before.whole != now.whole {
            return None;
        }
        if before.names == now.names {
            return Some(Vec::new());
        }
        let before = std::mem::replace(before, now);
        for name in &before.names {
            if let Some(there) = self.interfaces.get_mut(name) {
                there.retain(|at| *at != chassis);
                if there.is_empty() {
                    self.interfaces.remove(name);
                }
            }
        }
        let now = &self.plugged[chassis].names;
        add(&mut self.interfaces, now, chassis);
        let (before, now): (HashSet<&String>, HashSet<&String>) =
            (before.names.iter().collect(), now.iter().collect());
        Some(
            before
                .symmetric_difference(&now)
                .copied()
                .cloned()
                .collect(),
        )
    }
}

fn add(interfaces: &mut HashMap<String, Vec<usize>>, names: &[String], chassis: usize) {
    for name in names {
        match interfaces.get_mut(name) {
            Some(there) => there.push(chassis),
            None => {
                interfaces.insert(name.clone(), vec![chassis]);
            }
        }
    }
}

fn plugged(node: &Node) -> Plugged {
    if node.ovs.bridges.seen().is_none() {
        return Plugged::default();
    }
    let name = node.integration_bridge();
    let Some(bridge) = node.ovs.bridge(&name) else {
        let (names, whole) = (Vec::new(), node.ovs.all_bridges);
        return Plugged { names, whole };
    };
    let mut plugged = Plugged {
        names: Vec::new(),
        whole: bridge.ports.settled(),
    };
    for port in bridge.ports() {
        plugged.whole &= port.interfaces.settled();
        for interface in port.interfaces() {
            match &interface.iface_id {
                Known::Seen(id) => plugged.names.push(id.value.clone()),
                Known::Absent(_) => {}
                _ => plugged.whole &= is_no_instance(interface, &name),
            }
        }
    }
    plugged
}

/// The logical ports that are plugged into the integration bridge of a node, as far as it was seen.
pub fn plugged_into(node: &Node) -> BTreeSet<String> {
    plugged(node).names.into_iter().collect()
}

/// Tunnels, patches and the bridge's own port are never the port of an instance.
pub fn is_no_instance(interface: &Interface, bridge: &str) -> bool {
    match interface.kind() {
        Some("internal") => *interface.name == *bridge,
        Some("patch" | "geneve" | "vxlan" | "stt" | "gre") => true,
        _ => false,
    }
}
