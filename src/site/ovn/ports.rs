//! What the ports of one switch say: where they make it local, and which routers it is joined to.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::site::Site;
use crate::source::Known;

use super::bound::{BINDINGS, Bound};
use super::registration::Registrations;
use super::routes::ROUTERS;
use super::{LogicalSwitch, SwitchPort};

/// Why a datapath is local on a chassis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The port of an instance is bound there: the switch and the port, by position.
    Instance(usize, usize),
    /// Another port of a switch is bound there: the switch and the port, by position.
    Port(usize, usize),
    /// A port of a router may be hosted there, now or after a failover: the router and the port.
    Gateway(usize, usize),
    /// A gateway router is hosted there.
    Router(usize),
}

/// The chassis on which a datapath is local, each with the first reason.
pub type Reasons = BTreeMap<usize, Reason>;

/// What the ports of one switch say.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ports {
    /// Where one of them is bound.
    pub bound: Reasons,
    /// Where one may be, for lack of input.
    pub possible: Vec<usize>,
    /// The switch may be local on any chassis, for lack of this input.
    pub anywhere: Option<&'static str>,
    /// One may be bound on any chassis whose interfaces were not seen.
    pub unplaced: bool,
    /// How the switch is joined to routers.
    pub joints: Joints,
}

/// How a switch is joined to routers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Joints {
    /// Its ports of type router.
    pub ends: Vec<End>,
    /// Whether it has a port of a VTEP gateway.
    pub vtep: bool,
    /// Whether every port was shown.
    pub whole: bool,
}

/// A port of type router.
#[derive(Debug, PartialEq, Eq)]
pub struct End {
    /// The router port at the other end, where that was seen.
    pub peer: Option<String>,
    /// Whether there can be no other.
    pub settled: bool,
}

/// A port that is bound where an interface is plugged in.
struct Bindable<'a> {
    reason: Reason,
    name: &'a str,
    /// The logical port of the interface: its own, or the one that a container is behind.
    plugged: &'a str,
    /// The chassis that alone may bind it.
    wanted: Option<&'a str>,
}

/// What the southbound says of a port.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Bound,
    Unbound,
    Nothing,
}

/// What it takes to place a port.
struct Reader<'a> {
    site: &'a Site,
    bound: &'a Bound,
    registrations: &'a mut Registrations,
}

impl Reason {
    /// The first is the one that is told: ports of switches before those of routers, each in their order.
    fn rank(self) -> (u8, usize, u8, usize) {
        match self {
            Self::Port(switch, number) => (0, switch, 0, number),
            Self::Instance(switch, number) => (0, switch, 1, number),
            Self::Router(router) => (1, router, 0, 0),
            Self::Gateway(router, number) => (1, router, 1, number),
        }
    }
}

/// Adds a reason, unless there is an earlier one.
pub fn add(reasons: &mut Reasons, chassis: usize, reason: Reason) {
    match reasons.entry(chassis) {
        Entry::Vacant(vacant) => {
            vacant.insert(reason);
        }
        Entry::Occupied(mut present) if reason.rank() < present.get().rank() => {
            present.insert(reason);
        }
        Entry::Occupied(_) => {}
    }
}

/// Whether a port is plugged in under one of these names.
pub fn is_plugged_as(switch: &LogicalSwitch, names: &[String]) -> bool {
    let is_one = |name: &str| names.iter().any(|one| one == name);
    let mut instances = switch.instances.iter();
    instances.any(|port| is_one(port.parent.as_ref().unwrap_or(&port.name)))
        || switch
            .ports()
            .iter()
            .any(|port| port.kind.seen().is_none() && is_one(&port.name))
}

impl Ports {
    /// Reads the ports of the switch at that position.
    pub fn of(site: &Site, at: usize, bound: &Bound, registrations: &mut Registrations) -> Self {
        let switch = &site.northbound.switches()[at];
        let mut ports = Self {
            anywhere: (!switch.whole).then_some(ROUTERS),
            joints: Joints::of(switch),
            ..Self::default()
        };
        let mut reader = Reader {
            site,
            bound,
            registrations,
        };
        for (number, port) in switch.ports().iter().enumerate() {
            ports.port(Reason::Port(at, number), port, &mut reader);
        }
        for (number, port) in switch.instances.iter().enumerate() {
            let own = Bindable {
                reason: Reason::Instance(at, number),
                name: &port.name,
                plugged: port.parent.as_ref().unwrap_or(&port.name),
                wanted: port.requested_chassis.as_deref(),
            };
            ports.instance(&own, &reader);
        }
        ports.possible.sort_unstable();
        ports.possible.dedup();
        ports
    }

    /// Whether a chassis is named that has neither a node nor a row.
    pub fn names_unshown(&self, shown: usize) -> bool {
        let named = self.bound.keys().chain(&self.possible);
        named.into_iter().any(|chassis| *chassis >= shown)
    }

    fn port(&mut self, reason: Reason, port: &SwitchPort, reader: &mut Reader) {
        let chassis = match port.kind.seen().map(|kind| kind.value.as_str()) {
            // Its type was not shown: it may be an instance's.
            None => {
                let wanted = port.option("requested-chassis");
                let wanted = wanted.seen().map(|names| names.value.as_str());
                let own = Bindable {
                    reason,
                    name: &port.name,
                    plugged: &port.name,
                    wanted,
                };
                return self.instance(&own, reader);
            }
            // It goes with another port of its switch, which is plugged in.
            Some("virtual") => {
                self.by_southbound(reason, &port.name, |_| true, reader);
                return;
            }
            // Standby members hold the datapath, too.
            Some("external") => match &port.gateways {
                Known::Seen(gateways) => gateways.iter().map(|name| name.value.clone()).collect(),
                Known::Absent(_) => Vec::new(),
                Known::Unseen | Known::Unsure(..) => return self.may_be_anywhere(ROUTERS),
            },
            Some("l2gateway") => {
                let chassis = port.option("l2gateway-chassis");
                chassis
                    .seen()
                    .map(|name| name.value.clone())
                    .into_iter()
                    .collect()
            }
            Some(_) => return,
        };
        for name in chassis {
            let chassis = reader.registrations.named_or_new(&name);
            add(&mut self.bound, chassis, reason);
        }
    }

    /// The port of an instance or a container.
    fn instance(&mut self, port: &Bindable, reader: &Reader) {
        // No other chassis may bind it than the requested.
        let wanted: Option<Vec<usize>> =
            port.wanted.filter(|names| !names.is_empty()).map(|names| {
                let wanted = names
                    .split(',')
                    .filter_map(|name| reader.registrations.named(name));
                wanted.collect()
            });
        let may = |chassis: &usize| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.contains(chassis))
        };
        let told = self.by_southbound(port.reason, port.name, may, reader);
        if told == Told::Bound {
            return;
        }
        if let Some(chassis) = reader.bound.plugged(port.plugged) {
            for &chassis in chassis.iter().filter(|chassis| may(chassis)) {
                add(&mut self.bound, chassis, port.reason);
            }
            return;
        }
        if told == Told::Unbound {
            return;
        }
        let Some(wanted) = wanted else {
            self.unplaced = true;
            return;
        };
        let open = wanted
            .into_iter()
            .filter(|chassis| !reader.bound.seen(*chassis));
        self.possible.extend(open);
    }

    /// What the southbound says of a port. A chassis that may not bind it is about to release it.
    fn by_southbound(
        &mut self,
        reason: Reason,
        name: &str,
        may: impl Fn(&usize) -> bool,
        reader: &Reader,
    ) -> Told {
        let Some(binding) = reader.bound.binding(reader.site, name) else {
            return Told::Nothing;
        };
        match &binding.chassis {
            Known::Seen(chassis) => {
                let names = binding.additional.iter().chain([chassis]);
                let known = names.filter_map(|name| reader.registrations.named(name));
                let known: Vec<usize> = known.collect();
                if !known.is_empty() && !known.iter().any(&may) {
                    return Told::Unbound;
                }
                for chassis in known.into_iter().filter(may) {
                    add(&mut self.bound, chassis, reason);
                }
                Told::Bound
            }
            Known::Unsure(..) => {
                self.may_be_anywhere(BINDINGS);
                Told::Bound
            }
            Known::Absent(_) => Told::Unbound,
            Known::Unseen => Told::Nothing,
        }
    }

    fn may_be_anywhere(&mut self, needs: &'static str) {
        self.anywhere.get_or_insert(needs);
    }
}

impl Joints {
    fn of(switch: &LogicalSwitch) -> Self {
        let ports = switch.ports().iter();
        Self {
            ends: ports.filter(|port| port.is("router")).map(end).collect(),
            vtep: switch.ports().iter().any(|port| port.is("vtep")),
            whole: switch.whole,
        }
    }
}

/// As [`SwitchPort::router_port`], which also tells the place.
fn end(port: &SwitchPort) -> End {
    let seen = |name: &String| End {
        peer: Some(name.clone()),
        settled: true,
    };
    let none = |settled| End {
        peer: None,
        settled,
    };
    let own = match &port.options {
        Known::Seen(options) => options.get("router-port"),
        Known::Absent(_) => None,
        Known::Unseen | Known::Unsure(..) => return none(false),
    };
    match (own, &port.peer) {
        (Some(name), _) => seen(&name.value),
        (None, Known::Seen(peer)) => seen(&peer.value),
        (None, _) => none(true),
    }
}
