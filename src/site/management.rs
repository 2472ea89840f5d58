//! Where the management address sits, and its path to the wire (facts O§7).

use super::Node;
use super::host::Carrier;
use super::ovs::{Bridge, Port};

/// How frames of the management address, or of another, reach the wire.
#[derive(Debug)]
pub enum ManagementPath<'a> {
    /// The address sits on an interface that is itself a port of a bridge: Open vSwitch takes its frames.
    Captured {
        /// The interface with the address.
        carrier: Carrier,
        /// The port.
        port: &'a Port,
        /// The bridge.
        bridge: &'a Bridge,
    },
    /// The address sits on an internal port of a bridge.
    OnBridge {
        /// The interface with the address.
        carrier: Carrier,
        /// The bridge.
        bridge: &'a Bridge,
    },
    /// Open vSwitch has no part in it.
    Outside,
    /// It cannot be told; the input that would settle it.
    Unknown(&'static str),
}

impl Node {
    /// How the management address reaches the wire (facts O§7).
    pub fn management_path(&self) -> ManagementPath<'_> {
        let Some(bridges) = self.ovs.bridges.seen() else {
            return ManagementPath::Unknown("the bridges and ports of the node (`ovs-vsctl show`)");
        };
        let Some(carrier) = self.host.management_carrier(bridges) else {
            return ManagementPath::Unknown(match self.host.management.seen() {
                Some(_) => "the interface with the management address, in topology.toml",
                None => "`management` of the node in topology.toml",
            });
        };
        self.path_of(carrier, bridges)
    }

    /// How frames of an address reach the wire from the interface that carries it.
    pub fn path_of<'a>(&'a self, carrier: Carrier, bridges: &'a [Bridge]) -> ManagementPath<'a> {
        // A bond's members carry no address: the bond is what may be a port.
        let bond = self.host.master_of(&carrier.interface);
        for bridge in bridges {
            for port in bridge.ports() {
                let names_it = |name: &str| name == carrier.interface || Some(name) == bond;
                let Some(interface) = port
                    .interfaces()
                    .iter()
                    .find(|interface| names_it(&interface.name))
                else {
                    continue;
                };
                // A device below a Linux bridge or bond cannot become a port: EBUSY (facts O§7 c5).
                if *interface.name == carrier.interface && bond.is_some() {
                    continue;
                }
                let device = matches!(
                    interface.kind(),
                    Some("system" | "dpdk" | "afxdp" | "afxdp-nonpmd")
                );
                // Named as the way of the management network: whether the address sits on it or behind it, on an
                // internal port, decides between an outage and a layout that works.
                if device && carrier.address.is_none() {
                    return ManagementPath::Unknown(
                        "the addresses of the node's interfaces (`ip -j addr`, or topology.toml)",
                    );
                }
                return match interface.kind() {
                    Some("internal") => ManagementPath::OnBridge { carrier, bridge },
                    Some(_) if device => ManagementPath::Captured {
                        carrier,
                        port,
                        bridge,
                    },
                    Some(_) => ManagementPath::Outside,
                    None => ManagementPath::Unknown("the type of the interface (`ovs-vsctl show`)"),
                };
            }
        }
        // A VLAN or a Linux bridge over an internal port goes through the bridge all the same.
        let below = self.host.below(&carrier.interface);
        let internal = |bridge: &&Bridge| {
            below.iter().any(|name| {
                bridge
                    .interface(name)
                    .is_some_and(|port| port.kind() == Some("internal"))
            })
        };
        if let Some(bridge) = bridges.iter().find(internal) {
            return ManagementPath::OnBridge { carrier, bridge };
        }
        if self.ovs.all_interfaces() {
            ManagementPath::Outside
        } else {
            ManagementPath::Unknown("all ports and interfaces of the node (`ovs-vsctl show`)")
        }
    }
}
