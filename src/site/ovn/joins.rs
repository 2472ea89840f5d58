//! Which routers join which switches, and what crosses them.

use std::collections::HashMap;

use crate::site::Site;
use crate::site::ovs::entry;
use crate::source::Known;

use super::routes::Crossing;
use super::{LogicalRouter, Nat, RouterPort};

/// Which ports are joined.
pub struct Joins<'a> {
    /// How many switches there are.
    pub switches: usize,
    /// Whether all of them were shown, with their ports.
    pub whole: bool,
    /// The switch at each router port.
    at_switch: HashMap<String, usize>,
    /// Switches with a port of a VTEP gateway.
    vtep: Vec<bool>,
    /// Each router port, and its router's datapath.
    pub ports: HashMap<&'a str, (usize, &'a LogicalRouter, &'a RouterPort)>,
}

impl<'a> Joins<'a> {
    /// Indexes the ports.
    pub fn new(site: &'a Site) -> Self {
        let switches = site.northbound.switches();
        let mut at_switch = HashMap::new();
        for (at, switch) in switches.iter().enumerate() {
            for port in switch.ports().iter().filter(|port| port.is("router")) {
                if let Known::Seen(name) = port.router_port() {
                    at_switch.entry(name.value).or_insert(at);
                }
            }
        }
        let vtep = switches
            .iter()
            .map(|switch| switch.ports().iter().any(|port| port.is("vtep")));
        let routers = site.northbound.routers().iter().enumerate();
        let ports = routers.flat_map(|(at, router)| {
            let ports = router.ports.seen().map_or(&[][..], |ports| &ports.value);
            ports.iter().map(move |port| {
                (
                    port.name.as_str(),
                    (switches.len() + at, router.as_ref(), port),
                )
            })
        });
        Self {
            switches: switches.len(),
            whole: site.northbound.whole && switches.iter().all(|switch| switch.whole),
            at_switch,
            vtep: vtep.collect(),
            ports: ports.collect(),
        }
    }

    /// The datapath at the other end of a router port.
    pub fn behind(&self, port: &RouterPort) -> Option<usize> {
        if let Some(&switch) = self.at_switch.get(port.name.as_str()) {
            return Some(switch);
        }
        let peer = port.peer.seen()?;
        self.ports
            .get(peer.value.as_str())
            .map(|&(router, ..)| router)
    }

    /// What crosses a router port.
    pub fn crossing(&self, router: &LogicalRouter, port: &RouterPort) -> Crossing {
        let own = self.one_way(router, port);
        let peer = port
            .peer
            .seen()
            .and_then(|peer| self.ports.get(peer.value.as_str()));
        match peer {
            Some((_, router, port)) if self.one_way(router, port) != own => Crossing::Unsure,
            _ => own,
        }
    }

    fn one_way(&self, router: &LogicalRouter, port: &RouterPort) -> Crossing {
        let options_seen = router.options.settled();
        match &port.gateways {
            Known::Absent(_) if options_seen => Crossing::Free,
            Known::Seen(_) => {
                let switch = self.at_switch.get(port.name.as_str());
                match is_distributed(router, port) {
                    _ if switch.is_some_and(|at| self.vtep[*at]) => Crossing::Free,
                    Some(true) => Crossing::Free,
                    Some(false) => Crossing::Gateways,
                    None => Crossing::Unsure,
                }
            }
            _ => Crossing::Unsure,
        }
    }
}

/// Whether traffic through a gateway port is handled on every chassis all the same; then ovn-northd does not set
/// `always-redirect` (facts O§6.3).
fn is_distributed(router: &LogicalRouter, port: &RouterPort) -> Option<bool> {
    let bridged = match entry(&port.options, "redirect-type") {
        Known::Seen(kind) => Some(kind.value == "bridged"),
        Known::Absent(_) => Some(false),
        Known::Unseen | Known::Unsure(..) => None,
    };
    let balancer = router.distributed_balancer.seen().map(|on| on.value);
    let nat = router
        .nat
        .seen()
        .map(|nat| nat.iter().map(works_anywhere).collect::<Vec<_>>());
    let nat = match nat {
        Some(nat) if nat.contains(&Some(true)) => Some(true),
        Some(nat) if nat.contains(&None) => None,
        Some(_) => Some(false),
        None => None,
    };
    let answers = [bridged, balancer, nat];
    if answers.contains(&Some(true)) {
        Some(true)
    } else {
        answers.iter().all(Option::is_some).then_some(false)
    }
}

/// Whether a translation is made on the chassis of the instance.
fn works_anywhere(nat: &Nat) -> Option<bool> {
    match &nat.kind {
        Known::Seen(kind) if kind.value != "dnat_and_snat" => return Some(false),
        Known::Seen(_) => {}
        _ => return None,
    }
    match (&nat.logical_port, &nat.external_mac) {
        (Known::Absent(_), _) | (_, Known::Absent(_)) => Some(false),
        (Known::Seen(_), Known::Seen(_)) => Some(true),
        _ => None,
    }
}
