//! Where the ports of switches are bound: by the southbound, and by what is plugged into the nodes.

use std::collections::{BTreeSet, HashMap};

use crate::site::ovs::Interface;
use crate::site::{Node, Site};
use crate::source::Known;

use super::Binding;
use super::registration::Registrations;

/// What would settle where the ports of a switch are.
pub const BINDINGS: &str = "where the ports are bound (`ovn-sbctl list` of Port_Binding and Chassis, or `ovs-vsctl list Interface` of every chassis)";

/// Where ports are bound: by the southbound, and by the interfaces of the nodes.
pub struct Bound<'a> {
    /// The rows of the southbound, by port.
    pub bindings: HashMap<&'a str, &'a Binding>,
    /// The chassis where a port is plugged in, by port.
    pub interfaces: HashMap<&'a str, Vec<usize>>,
    /// Of each chassis, whether it is known what is plugged in there.
    pub seen: Vec<bool>,
}

impl<'a> Bound<'a> {
    /// Indexes both.
    pub fn new(site: &'a Site, registrations: &Registrations) -> Self {
        let bindings = site
            .southbound
            .bindings
            .seen()
            .map_or(&[][..], |bindings| &bindings.value);
        let mut interfaces: HashMap<&'a str, Vec<usize>> = HashMap::new();
        let seen = registrations.all.iter().enumerate().map(|(at, chassis)| {
            let Some(plugged) = site.node_of(chassis).and_then(plugged) else {
                return false;
            };
            for name in plugged.names {
                interfaces.entry(name).or_default().push(at);
            }
            plugged.whole
        });
        let seen = seen.collect();
        Self {
            bindings: bindings
                .iter()
                .map(|binding| (binding.logical_port.as_str(), binding))
                .collect(),
            interfaces,
            seen,
        }
    }

    /// The chassis of which it is not known what is plugged in there.
    pub fn unseen(&self) -> Vec<usize> {
        let unseen = self.seen.iter().enumerate().filter(|(_, seen)| !**seen);
        unseen.map(|(at, _)| at).collect()
    }
}

/// The logical ports whose interfaces are plugged into an integration bridge.
struct Plugged<'a> {
    names: Vec<&'a str>,
    /// Whether there are no others.
    whole: bool,
}

fn plugged(node: &Node) -> Option<Plugged<'_>> {
    node.ovs.bridges.seen()?;
    let name = node.integration_bridge();
    let Some(bridge) = node.ovs.bridge(&name) else {
        let (names, whole) = (Vec::new(), node.ovs.all_bridges);
        return Some(Plugged { names, whole });
    };
    let mut plugged = Plugged {
        names: Vec::new(),
        whole: bridge.ports.settled(),
    };
    for port in bridge.ports() {
        plugged.whole &= port.interfaces.settled();
        for interface in port.interfaces() {
            match &interface.iface_id {
                Known::Seen(id) => plugged.names.push(&id.value),
                Known::Absent(_) => {}
                _ => plugged.whole &= is_no_instance(interface, &name),
            }
        }
    }
    Some(plugged)
}

/// The logical ports that are plugged into the integration bridge of a node, as far as it was seen.
pub fn plugged_into(node: &Node) -> BTreeSet<String> {
    let names = plugged(node).map_or_else(Vec::new, |plugged| plugged.names);
    names.into_iter().map(str::to_owned).collect()
}

/// Tunnels, patches and the bridge's own port are never the port of an instance.
fn is_no_instance(interface: &Interface, bridge: &str) -> bool {
    match interface.kind() {
        Some("internal") => *interface.name == *bridge,
        Some("patch" | "geneve" | "vxlan" | "stt" | "gre") => true,
        _ => false,
    }
}
