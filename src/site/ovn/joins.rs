//! Which routers join which switches, and what crosses them.

use std::collections::HashMap;

use crate::site::Site;
use crate::site::ovs::entry;
use crate::source::Known;

use super::ports::Ports;
use super::routes::{Crossing, of_router, of_switch};
use super::{LogicalRouter, Nat, RouterPort};

/// Which ports are joined.
pub struct Joins<'a> {
    /// Whether all switches were shown, with their ports.
    pub whole: bool,
    switches: &'a [Ports],
    /// The switch at each router port.
    at_switch: HashMap<&'a str, usize>,
    /// Each router port, and its router.
    pub ports: HashMap<&'a str, (usize, &'a LogicalRouter, &'a RouterPort)>,
}

impl<'a> Joins<'a> {
    /// Indexes the ports.
    pub fn new(site: &'a Site, switches: &'a [Ports]) -> Self {
        let mut at_switch = HashMap::new();
        for (at, switch) in switches.iter().enumerate() {
            for name in switch
                .joints
                .ends
                .iter()
                .filter_map(|end| end.peer.as_deref())
            {
                at_switch.entry(name).or_insert(at);
            }
        }
        let routers = site.northbound.routers().iter().enumerate();
        let ports = routers.flat_map(|(at, router)| {
            let ports = router.ports.seen().map_or(&[][..], |ports| &ports.value);
            ports
                .iter()
                .map(move |port| (port.name.as_str(), (at, router.as_ref(), port)))
        });
        Self {
            whole: site.northbound.whole && switches.iter().all(|switch| switch.joints.whole),
            switches,
            at_switch,
            ports: ports.collect(),
        }
    }

    /// The datapath at the other end of a router port.
    pub fn behind(&self, port: &RouterPort) -> Option<usize> {
        if let Some(&switch) = self.at_switch.get(port.name.as_str()) {
            return Some(of_switch(switch));
        }
        let peer = port.peer.seen()?;
        self.ports
            .get(peer.value.as_str())
            .map(|&(router, ..)| of_router(router))
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
                    _ if switch.is_some_and(|at| self.switches[*at].joints.vtep) => Crossing::Free,
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
