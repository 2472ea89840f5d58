//! OVN's two databases: what Neutron asks for, and what the chassis make of it.

pub mod bound;
mod joins;
pub mod junction;
pub mod local;
mod ports;
mod reach;
pub mod registration;
mod routes;

use std::collections::HashMap;
use std::sync::Arc;

use crate::source::{Cell, FileId, Known, Place, Span, Spanned};

use super::ovs::{Entries, entry};

/// What the northbound database holds, as far as it was seen.
#[derive(Clone, Debug, Default)]
pub struct Northbound {
    /// The switches.
    pub switches: Known<Vec<Arc<LogicalSwitch>>>,
    /// Whether every switch was shown.
    pub whole: bool,
    /// The routers.
    pub routers: Known<Vec<Arc<LogicalRouter>>>,
    /// QoS rules that limit a bandwidth: each takes a meter on the chassis that carry it.
    pub bandwidth_rules: Known<u64>,
    /// `NB_Global.options:vxlan_mode`.
    pub vxlan_mode: Known<String>,
    /// Where the database begins.
    pub place: Option<Place>,
}

/// A logical switch: one network.
#[derive(Clone, Debug)]
pub struct LogicalSwitch {
    /// Its UUID, or its name where none was shown.
    pub id: String,
    /// Its name: `neutron-<network>` where Neutron made it.
    pub name: Spanned<String>,
    /// `Logical_Switch.external_ids`.
    pub external_ids: Known<Entries>,
    /// Its ports, as far as they were shown, without those of instances.
    pub ports: Known<Vec<SwitchPort>>,
    /// The ports of instances, as far as they were shown.
    pub instances: Vec<Instance>,
    /// Whether every port was shown.
    pub whole: bool,
}

/// The port of an instance. There may be a hundred thousand, so it is kept small: the strings are those that were
/// read, and its place is made when it is asked for.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its name.
    pub name: Arc<str>,
    /// The port that this container port is behind.
    pub parent: Option<Arc<str>>,
    /// The chassis that alone may bind it, by name, several with commas.
    pub requested_chassis: Option<Arc<str>>,
    /// The file.
    pub file: FileId,
    /// Where its name is written; `None` in database logs.
    pub span: Option<Span>,
}

/// A port of a logical switch that is no instance's.
#[derive(Clone, Debug)]
pub struct SwitchPort {
    /// Its name.
    pub name: Spanned<String>,
    /// Its type.
    pub kind: Known<String>,
    /// `Logical_Switch_Port.options`.
    pub options: Known<Entries>,
    /// The VLAN on the wire: `tag`, else the `tag_request` that becomes one.
    pub tag: Known<i64>,
    /// The port at the other end, where a column names it.
    pub peer: Known<String>,
    /// The chassis of the HA group of an external port.
    pub gateways: Known<Vec<Spanned<String>>>,
}

/// A logical router.
#[derive(Clone, Debug)]
pub struct LogicalRouter {
    /// Its UUID, or its name where none was shown.
    pub id: String,
    /// Its name.
    pub name: Spanned<String>,
    /// Whether it is in use; absent means that it is.
    pub enabled: Known<bool>,
    /// `Logical_Router.options`; `chassis` makes it a gateway router.
    pub options: Known<Entries>,
    /// Its ports.
    pub ports: Known<Vec<RouterPort>>,
    /// Its address translations.
    pub nat: Known<Vec<Nat>>,
    /// Whether one of its load balancers works on every chassis (`options:distributed`).
    pub distributed_balancer: Known<bool>,
}

/// A port of a logical router.
#[derive(Clone, Debug)]
pub struct RouterPort {
    /// Its name.
    pub name: Spanned<String>,
    /// `Logical_Router_Port.options`.
    pub options: Known<Entries>,
    /// The chassis that may host it, by name; absent for a port that is everywhere. The HA chassis group counts
    /// before the gateway chassis, as in ovn-northd.
    pub gateways: Known<Vec<Spanned<String>>>,
    /// The router port at the other end, where two routers are joined.
    pub peer: Known<String>,
}

/// An address translation of a router.
#[derive(Clone, Debug)]
pub struct Nat {
    /// `snat`, `dnat` or `dnat_and_snat`.
    pub kind: Known<String>,
    /// The address outside.
    pub external_ip: Known<String>,
    /// The MAC address outside, where it works on the chassis of the instance.
    pub external_mac: Known<String>,
    /// The port of the instance.
    pub logical_port: Known<String>,
}

/// What the southbound database holds, as far as it was seen.
#[derive(Clone, Debug, Default)]
pub struct Southbound {
    /// The chassis that are registered.
    pub chassis: Known<Vec<Chassis>>,
    /// Which port is bound where.
    pub bindings: Known<Vec<Binding>>,
    /// Whether a port without a binding here is bound nowhere.
    pub whole: bool,
    /// Where the database begins.
    pub place: Option<Place>,
}

/// A row of `Chassis`.
#[derive(Clone, Debug)]
pub struct Chassis {
    /// The `system-id` of its node.
    pub name: Spanned<String>,
    /// The host name of its node.
    pub hostname: Known<String>,
    /// Its tunnel endpoints.
    pub encaps: Known<Vec<Encap>>,
    /// What ovn-controller copied here from its node.
    pub other_config: Known<Entries>,
    /// The same, before OVN 20.06.
    pub external_ids: Known<Entries>,
}

/// A tunnel endpoint of a chassis.
#[derive(Clone, Debug)]
pub struct Encap {
    /// `geneve` or `vxlan`.
    pub kind: Known<String>,
    /// The address.
    pub ip: Known<String>,
}

/// A row of `Port_Binding`. What is not set shares the place of the row.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The name of the port.
    pub logical_port: Spanned<String>,
    /// Its type; absent for the port of an instance.
    pub kind: Known<String>,
    /// The name of the chassis that it is bound to.
    pub chassis: Known<String>,
    /// Further chassis, while an instance moves.
    pub additional: Vec<Spanned<String>>,
}

impl Northbound {
    /// The switches that were seen.
    pub fn switches(&self) -> &[Arc<LogicalSwitch>] {
        self.switches.seen().map_or(&[], |switches| &switches.value)
    }

    /// Whether a port of some switch may join it to a physnet: not where every port was seen, and none does.
    pub fn may_join(&self, physnet: &str) -> bool {
        let all = self.switches.seen().is_some() && self.whole;
        let mut switches = self.switches().iter();
        !all || switches.any(|switch| {
            let mut outward = switch.ports().iter();
            !switch.whole
                || outward.any(|port| {
                    let outward = port.is("localnet") || port.is("l2gateway");
                    outward
                        && port
                            .physnet()
                            .seen()
                            .is_none_or(|name| *name.value == *physnet)
                })
        })
    }

    /// The switch at each router port, by the name of that port.
    pub fn switches_by_router_port(&self) -> HashMap<String, &LogicalSwitch> {
        let mut switches = HashMap::new();
        for switch in self.switches() {
            for port in switch.ports().iter().filter(|port| port.is("router")) {
                if let Known::Seen(name) = port.router_port() {
                    switches.entry(name.value).or_insert(switch.as_ref());
                }
            }
        }
        switches
    }

    /// The routers that were seen.
    pub fn routers(&self) -> &[Arc<LogicalRouter>] {
        self.routers.seen().map_or(&[], |routers| &routers.value)
    }
}

impl LogicalSwitch {
    /// The ports that were seen.
    pub fn ports(&self) -> &[SwitchPort] {
        self.ports.seen().map_or(&[], |ports| &ports.value)
    }

    /// The ports that join it to a physnet.
    pub fn localnets(&self) -> impl Iterator<Item = &SwitchPort> {
        self.ports().iter().filter(|port| port.is("localnet"))
    }

    /// The ports that join it to a physnet on one chassis.
    pub fn l2gateways(&self) -> impl Iterator<Item = &SwitchPort> {
        self.ports().iter().filter(|port| port.is("l2gateway"))
    }

    /// Whether a port of it makes patch ports to provider bridges.
    pub fn is_patched(&self) -> bool {
        self.localnets().next().is_some() || self.l2gateways().next().is_some()
    }

    /// Whether Neutron made it.
    pub fn is_neutrons(&self) -> bool {
        self.name.starts_with("neutron-")
    }

    /// Its name, with the one that its users gave the network.
    pub fn title(&self) -> String {
        match entry(&self.external_ids, "neutron:network_name").seen() {
            Some(network) => format!("{} ({network})", self.name),
            None => self.name.value.clone(),
        }
    }
}

impl Instance {
    /// Where it stands.
    pub fn place(&self) -> Place {
        let cell = Cell {
            table: "Logical_Switch_Port".to_owned(),
            record: self.name.to_string(),
            field: "name".to_owned(),
            key: None,
            text: self.span.is_none().then(|| self.name.to_string()),
        };
        Place {
            file: self.file,
            span: self.span.unwrap_or(Span::new(0..self.name.len())),
            cell: Some(Arc::new(cell)),
        }
    }
}

impl SwitchPort {
    /// Whether its type was seen and is this one.
    pub fn is(&self, kind: &str) -> bool {
        self.kind.seen().is_some_and(|own| own.value == kind)
    }

    /// An option; absent where the options were seen without it.
    pub fn option(&self, key: &str) -> Known<String> {
        entry(&self.options, key)
    }

    /// The physnet that a localnet port names.
    pub fn physnet(&self) -> Known<String> {
        match self.option("network_name") {
            Known::Seen(name) if name.is_empty() => Known::Absent(name.place),
            name => name,
        }
    }

    /// The router port that a port of type router is joined to.
    pub fn router_port(&self) -> Known<String> {
        match self.option("router-port") {
            Known::Absent(place) => match &self.peer {
                Known::Seen(peer) => Known::Seen(peer.clone()),
                _ => Known::Absent(place),
            },
            named => named,
        }
    }

    /// Whether it is the localnet port that Neutron makes for a segment (facts O§6.7).
    pub fn is_neutrons_localnet(&self) -> bool {
        self.name.starts_with("provnet-")
    }

    /// The VLAN on the wire; `None` where its frames are untagged (no tag, or 0).
    pub fn vlan(&self) -> Option<i64> {
        self.tag.seen().map(|tag| tag.value).filter(|tag| *tag != 0)
    }
}

impl Chassis {
    /// A key that ovn-controller copied from its node.
    pub fn config(&self, key: &str) -> Known<String> {
        match entry(&self.other_config, key) {
            Known::Seen(value) => Known::Seen(value),
            other => match entry(&self.external_ids, key) {
                Known::Seen(value) => Known::Seen(value),
                _ => other,
            },
        }
    }
}

impl RouterPort {
    /// The chassis that may host it; none for a port that is everywhere.
    pub fn gateways(&self) -> &[Spanned<String>] {
        self.gateways.seen().map_or(&[], |gateways| &gateways.value)
    }
}
