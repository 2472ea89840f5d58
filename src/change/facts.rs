//! What of a node's state decides what runs there: taken before and after each command, and compared.

use std::collections::{BTreeMap, HashMap};

use crate::site::management::ManagementPath;
use crate::site::mapping::Mappings;
use crate::site::ovs::{Bridge, Port, entry};
use crate::site::uplinks::WayOut;
use crate::site::wire::{self, Wire};
use crate::site::{Driver, Node};
use crate::source::Known;

use super::effect::Table;

/// What is known of one value: what no input shows is not taken for unset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told<T> {
    /// No input shows it.
    Unseen,
    /// It is not set.
    Unset,
    /// It is this.
    Set(T),
}

/// Of each bridge, by its name, the ports that are devices of the machine.
type Uplinks<'a> = HashMap<&'a str, Option<Vec<&'a Port>>>;

/// What a node's state amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Where its management address sits.
    pub seat: Seat,
    /// Its bridges, by name; none where they were not seen.
    pub bridges: Option<BTreeMap<String, BridgeFacts>>,
    /// Whether no bridge can be missing among them.
    pub all_bridges: bool,
    /// The name of its integration bridge, where ovn-controller programs it.
    pub ovn_bridge: Option<String>,
    /// The keys that make its chassis and tunnels, as ovn-controller looks them up.
    pub keys: Vec<(&'static str, Told<String>)>,
    /// Which physnet maps to which bridge; none where that was not seen.
    pub mappings: Option<Vec<(String, String)>>,
}

/// Where the management address sits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seat {
    /// On an internal port of a bridge.
    OnBridge {
        /// The bridge.
        bridge: String,
        /// The interface with the address.
        interface: String,
        /// Whether frames have a way from the bridge to the wire.
        way: WayOut,
        /// As what they leave by each uplink; none where that cannot be told.
        wires: Option<Vec<(String, Option<Wire>)>>,
    },
    /// On a device that Open vSwitch took: it is cut already.
    Captured {
        /// The bridge.
        bridge: String,
        /// The port.
        port: String,
    },
    /// Open vSwitch has no part in it.
    Outside,
    /// It cannot be told; the input that would settle it.
    Unknown(&'static str),
}

/// What a bridge's state amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeFacts {
    /// Whose flows it has.
    pub table: Table,
    /// Whether it is secure without a controller.
    pub secure: Option<bool>,
    /// Its primary controllers.
    pub controllers: Option<Vec<String>>,
    /// The datapath below it.
    pub datapath: Option<String>,
    /// Whether STP is on.
    pub stp: Option<bool>,
    /// Whether RSTP is on.
    pub rstp: Option<bool>,
    /// The MAC address that it is pinned to.
    pub hwaddr: Told<String>,
    /// Its ports that are devices of the machine, by name; none where they were not seen.
    pub uplinks: Option<Vec<String>>,
    /// The physnets that map to it; none where the mappings were not seen.
    pub physnets: Option<Vec<String>>,
}

/// The keys that name the chassis and its tunnel endpoints.
pub const KEYS: [&str; 6] = [
    "system-id",
    "ovn-remote",
    "ovn-encap-type",
    "ovn-encap-ip",
    "ovn-transport-zones",
    "ovn-cms-options",
];

/// What would settle who programs a bridge.
const DRIVER: &str = "`driver` of the site in topology.toml, or the external_ids of the node";

/// What would settle whether the Open vSwitch agent programs a bridge.
const AGENT_MAPPINGS: &str = "`bridge_mappings` of the node's openvswitch_agent.ini";

impl Facts {
    /// Takes them from a node.
    pub fn of(node: &Node) -> Self {
        let uplinks = node.uplinks();
        let bridges = node.ovs.bridges.seen().map(|bridges| {
            let facts = bridges.iter().map(|bridge| {
                let devices = uplinks.get(bridge.name.as_str()).and_then(Option::as_ref);
                let names = devices.map(|ports| names(ports));
                (
                    bridge.name.value.clone(),
                    BridgeFacts::of(node, bridge, names),
                )
            });
            facts.collect()
        });
        let mapped = |mappings: &Mappings| {
            let pairs = mappings.entries.iter();
            pairs
                .map(|pair| (pair.physnet.value.clone(), pair.bridge.value.clone()))
                .collect()
        };
        Self {
            seat: Seat::of(node, &uplinks),
            bridges,
            ovn_bridge: (node.driver == Some(Driver::Ovn)).then(|| node.integration_bridge()),
            all_bridges: node.ovs.all_bridges,
            keys: KEYS
                .into_iter()
                .map(|key| (key, Told::of(&node.external_id(key))))
                .collect(),
            mappings: match &node.mappings {
                Known::Seen(own) => Some(mapped(&own.value)),
                Known::Absent(_) => Some(Vec::new()),
                Known::Unseen | Known::Unsure(..) => None,
            },
        }
    }

    /// The bridge of that name.
    pub fn bridge(&self, name: &str) -> Option<&BridgeFacts> {
        self.bridges.as_ref()?.get(name)
    }

    /// The value of one of [`KEYS`].
    pub fn key(&self, name: &str) -> &Told<String> {
        let found = self.keys.iter().find(|(key, _)| *key == name);
        found.map_or(&Told::Unseen, |(_, value)| value)
    }

    /// The bridges that were seen, where those are all that the node has.
    pub fn whole(&self) -> Option<&BTreeMap<String, BridgeFacts>> {
        self.bridges.as_ref().filter(|_| self.all_bridges)
    }
}

impl Told<String> {
    /// An empty text is none.
    fn of(known: &Known<String>) -> Self {
        match known {
            Known::Seen(text) if !text.is_empty() => Self::Set(text.value.clone()),
            Known::Seen(_) | Known::Absent(_) => Self::Unset,
            Known::Unseen | Known::Unsure(..) => Self::Unseen,
        }
    }
}

impl Seat {
    fn of(node: &Node, uplinks: &Uplinks) -> Self {
        match node.management_path() {
            ManagementPath::Captured { bridge, port, .. } => Self::Captured {
                bridge: bridge.name.value.clone(),
                port: port.name.value.clone(),
            },
            ManagementPath::OnBridge { carrier, bridge } => Self::OnBridge {
                way: node.way_out(bridge),
                wires: wires(uplinks, bridge, &carrier.interface),
                bridge: bridge.name.value.clone(),
                interface: carrier.interface,
            },
            ManagementPath::Outside => Self::Outside,
            ManagementPath::Unknown(needs) => Self::Unknown(needs),
        }
    }

    /// Whether the address passes that bridge; none where that cannot be told.
    pub fn passes(&self, name: &str) -> Option<bool> {
        match self {
            Self::OnBridge { bridge, .. } => Some(bridge == name),
            Self::Captured { .. } | Self::Outside => Some(false),
            Self::Unknown(_) => None,
        }
    }
}

/// As what frames of the management address leave by each uplink.
fn wires(uplinks: &Uplinks, bridge: &Bridge, seat: &str) -> Option<Vec<(String, Option<Wire>)>> {
    let owns = |port: &&Port| port.interfaces().iter().any(|own| *own.name == *seat);
    // A VLAN on top of the internal port tags the frames itself.
    let inner = bridge.ports().iter().find(owns)?;
    let uplinks = uplinks.get(bridge.name.as_str())?.as_ref()?;
    let wires = uplinks
        .iter()
        .map(|uplink| Some((uplink.name.value.clone(), wire::between(inner, uplink)?)));
    wires.collect()
}

impl BridgeFacts {
    fn of(node: &Node, bridge: &Bridge, uplinks: Option<Vec<String>>) -> Self {
        let on = |known: &Known<bool>| match known {
            Known::Seen(on) => Some(on.value),
            Known::Absent(_) => Some(false),
            Known::Unseen | Known::Unsure(..) => None,
        };
        let hwaddr = entry(&bridge.other_config, "hwaddr");
        let hwaddr = hwaddr.map_spanned(|mac| mac.to_ascii_lowercase());
        let datapath = match &bridge.datapath_type {
            Known::Seen(kind) if !kind.is_empty() => Some(kind.value.clone()),
            Known::Seen(_) | Known::Absent(_) => Some("system".to_owned()),
            Known::Unseen | Known::Unsure(..) => None,
        };
        Self {
            table: table(node, bridge),
            secure: bridge.is_secure(),
            controllers: bridge.primary_controllers(),
            datapath,
            stp: on(&bridge.stp_enable),
            rstp: on(&bridge.rstp_enable),
            hwaddr: Told::of(&hwaddr),
            uplinks,
            physnets: node
                .mappings
                .settled()
                .then(|| node.physnets_of(&bridge.name)),
        }
    }

    /// Whether it has a primary controller.
    pub fn controlled(&self) -> Option<bool> {
        self.controllers.as_ref().map(|targets| !targets.is_empty())
    }

    /// Whether it has an uplink.
    pub fn has_uplink(&self) -> Option<bool> {
        self.uplinks.as_ref().map(|uplinks| !uplinks.is_empty())
    }

    /// Whether a physnet maps to it.
    pub fn mapped(&self) -> Option<bool> {
        self.physnets.as_ref().map(|physnets| !physnets.is_empty())
    }
}

/// Whose flows a bridge has.
fn table(node: &Node, bridge: &Bridge) -> Table {
    let integration = node.is_integration_bridge(&bridge.name);
    let controlled = bridge
        .primary_controllers()
        .is_none_or(|targets| !targets.is_empty());
    let name = bridge.name.as_str();
    match node.driver {
        Some(Driver::Ovn) if integration => Table::Ovn,
        Some(Driver::Ovn) if !node.physnets_of(name).is_empty() => {
            node.flow_owner().map_or(Table::Normal, Table::Owner)
        }
        Some(Driver::Openvswitch) => {
            let own = integration || name == "br-tun" || !node.physnets_of(name).is_empty();
            match own {
                true => Table::Agent,
                false if node.mappings.settled() || !controlled => Table::Normal,
                false => Table::Unknown(AGENT_MAPPINGS),
            }
        }
        None if integration || name == "br-tun" || controlled => Table::Unknown(DRIVER),
        _ => Table::Normal,
    }
}

fn names(ports: &[&Port]) -> Vec<String> {
    ports.iter().map(|port| port.name.value.clone()).collect()
}
