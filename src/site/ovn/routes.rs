//! Which routers join the switches, and where they make them local themselves.

use std::collections::{HashMap, HashSet};

use crate::site::Site;
use crate::source::Known;

use super::LogicalRouter;
use super::joins::Joins;
use super::ports::{self, Ports, Reason, Reasons};
use super::registration::Registrations;

/// What would settle which routers join the switches.
pub const ROUTERS: &str = "the routers (`ovn-nbctl list` of Logical_Switch, Logical_Switch_Port, Logical_Router, Logical_Router_Port, Gateway_Chassis, NAT and Load_Balancer)";

/// The datapath of a switch. Switches and routers are one graph, and further ones do not move the others.
pub const fn of_switch(at: usize) -> usize {
    2 * at
}

/// The datapath of a router.
pub const fn of_router(at: usize) -> usize {
    2 * at + 1
}

/// What the routers say.
#[derive(Debug, Default)]
pub struct Routes {
    /// Where routers make each datapath local.
    pub hosted: HashMap<usize, Reasons>,
    /// Datapaths that may be local on any chassis, for lack of [`ROUTERS`].
    pub anywhere: HashSet<usize>,
    /// The pairs that a router port joins.
    pub links: Vec<Link>,
}

/// Two datapaths that are joined.
#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    /// The two.
    pub ends: (usize, usize),
    /// What crosses.
    pub crossing: Crossing,
}

/// Whether a datapath that is local makes the one behind a router port local (facts O§6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// It does.
    Free,
    /// Only on the chassis that may host the port; before OVN 21.09 everywhere.
    Gateways,
    /// It cannot be told.
    Unsure,
}

impl Routes {
    /// Reads all routers.
    pub fn of(site: &Site, switches: &[Ports], registrations: &mut Registrations) -> Self {
        let mut routes = Self::default();
        let joins = Joins::new(site, switches);
        for (at, router) in site.northbound.routers().iter().enumerate() {
            if !matches!(&router.enabled, Known::Seen(enabled) if !enabled.value) {
                routes.router(at, router, &joins, registrations);
            }
        }
        routes.dangling(site, switches, &joins);
        routes
    }

    /// Whether a chassis is named that has neither a node nor a row.
    pub fn names_unshown(&self, shown: usize) -> bool {
        let mut named = self.hosted.values().flat_map(Reasons::keys);
        named.any(|chassis| *chassis >= shown)
    }

    fn seed(&mut self, datapath: usize, chassis: usize, reason: Reason) {
        let reasons = self.hosted.entry(datapath).or_default();
        ports::add(reasons, chassis, reason);
    }

    fn router(
        &mut self,
        at: usize,
        router: &LogicalRouter,
        joins: &Joins,
        registrations: &mut Registrations,
    ) {
        let own = of_router(at);
        let Some(ports) = router.ports.seen() else {
            self.anywhere.insert(own);
            return;
        };
        let hosted = super::entry(&router.options, "chassis");
        let hosted = match &hosted {
            Known::Seen(name) if !name.is_empty() => Some(registrations.named_or_new(name)),
            _ => None,
        };
        if let Some(chassis) = hosted {
            self.seed(own, chassis, Reason::Router(at));
        }
        for (number, port) in ports.iter().enumerate() {
            let behind = joins.behind(port);
            // A gateway router is on its chassis alone, with the switches beside it.
            if let Some(chassis) = hosted {
                if let Some(behind) = behind {
                    self.seed(behind, chassis, Reason::Router(at));
                }
                continue;
            }
            for name in port.gateways() {
                let chassis = registrations.named_or_new(name);
                for datapath in [Some(own), behind].into_iter().flatten() {
                    self.seed(datapath, chassis, Reason::Gateway(at, number));
                }
            }
            if !port.gateways.settled() {
                self.anywhere
                    .extend([Some(own), behind].into_iter().flatten());
            }
            let crossing = joins.crossing(router, port);
            match behind {
                Some(behind) => self.links.push(Link {
                    ends: (own, behind),
                    crossing,
                }),
                None if !joins.whole && crossing != Crossing::Gateways => {
                    self.anywhere.insert(own);
                }
                None => {}
            }
        }
    }

    /// Switches whose router was not shown may be joined to anything.
    fn dangling(&mut self, site: &Site, switches: &[Ports], joins: &Joins) {
        let all = site.northbound.routers.seen().is_some()
            && site
                .northbound
                .routers()
                .iter()
                .all(|router| router.ports.settled());
        for (at, switch) in switches.iter().enumerate() {
            let open = switch.joints.ends.iter().any(|end| {
                let named = end.peer.as_deref();
                let found = named.is_some_and(|name| joins.ports.contains_key(name));
                !found && (!all || !end.settled)
            });
            if open {
                self.anywhere.insert(of_switch(at));
            }
        }
    }
}
