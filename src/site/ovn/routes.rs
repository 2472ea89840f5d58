//! What makes datapaths local: where ports are bound, and which routers carry that on to further switches.

use crate::site::Site;
use crate::source::Known;

use super::bound::{BINDINGS, Bound};
use super::joins::Joins;
use super::registration::Registrations;
use super::{LogicalRouter, SwitchPort};

/// What would settle which routers join the switches.
pub const ROUTERS: &str = "the routers (`ovn-nbctl list` of Logical_Switch, Logical_Switch_Port, Logical_Router, Logical_Router_Port, Gateway_Chassis, NAT and Load_Balancer)";

/// Switches and routers as one graph: the switches come first, then the routers, each by its position.
#[derive(Debug, Default)]
pub struct Routes {
    /// How many there are of both.
    pub datapaths: usize,
    /// Where ports bind a datapath to a chassis.
    pub seeds: Vec<Seed>,
    /// Where they may, for lack of input.
    pub possible: Vec<(usize, usize, &'static str)>,
    /// Datapaths that may be local on any chassis, for lack of input.
    pub anywhere: Vec<(usize, &'static str)>,
    /// Switches with ports that may be bound on any chassis whose interfaces were not seen.
    pub unplaced: Vec<usize>,
    /// Those chassis.
    pub unseen: Vec<usize>,
    /// The pairs that a router port joins.
    pub links: Vec<Link>,
}

/// A datapath that is local on a chassis by itself.
#[derive(Debug)]
pub struct Seed {
    /// The datapath.
    pub datapath: usize,
    /// The chassis.
    pub chassis: usize,
    /// Why.
    pub reason: Reason,
}

/// A port that is bound where an interface is plugged in.
struct Bindable<'a> {
    switch: usize,
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

/// Two datapaths that are joined.
#[derive(Debug)]
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

/// Reads the graph off the two databases and the nodes' interfaces.
pub fn read(site: &Site, registrations: &mut Registrations) -> Routes {
    let (switches, routers) = (site.northbound.switches(), site.northbound.routers());
    let mut routes = Routes {
        datapaths: switches.len() + routers.len(),
        ..Routes::default()
    };
    let bound = Bound::new(site, registrations);
    for (at, switch) in switches.iter().enumerate() {
        if !switch.whole {
            routes.anywhere.push((at, ROUTERS));
        }
        for (number, port) in switch.ports().iter().enumerate() {
            routes.port((at, number), port, &bound, registrations);
        }
        for (number, port) in switch.instances.iter().enumerate() {
            let own = Bindable {
                switch: at,
                reason: Reason::Instance(at, number),
                name: &port.name,
                plugged: port.parent.as_ref().unwrap_or(&port.name),
                wanted: port.requested_chassis.as_deref(),
            };
            routes.instance(&own, &bound, registrations);
        }
    }
    let shown = bound.seen.len();
    routes.unseen = bound.unseen();
    let joins = Joins::new(site);
    for (at, router) in routers.iter().enumerate() {
        if !matches!(&router.enabled, Known::Seen(enabled) if !enabled.value) {
            routes.router(at, router, &joins, registrations);
        }
    }
    routes.dangling(site, &joins);
    // Of chassis that only the northbound names nothing was seen.
    routes.unseen.extend(shown..registrations.all.len());
    routes
}

impl Routes {
    fn port(
        &mut self,
        (switch, number): (usize, usize),
        port: &SwitchPort,
        bound: &Bound,
        registrations: &mut Registrations,
    ) {
        let reason = Reason::Port(switch, number);
        let chassis = match port.kind.seen().map(|kind| kind.value.as_str()) {
            // Its type was not shown: it may be an instance's.
            None => {
                let wanted = port.option("requested-chassis");
                let wanted = wanted.seen().map(|names| names.value.as_str());
                let own = Bindable {
                    switch,
                    reason,
                    name: &port.name,
                    plugged: &port.name,
                    wanted,
                };
                return self.instance(&own, bound, registrations);
            }
            // It goes with another port of its switch, which is plugged in.
            Some("virtual") => {
                let bound = (bound, &|_: &usize| true);
                self.by_southbound(switch, reason, &port.name, bound, registrations);
                return;
            }
            // Standby members hold the datapath, too.
            Some("external") => match &port.gateways {
                Known::Seen(gateways) => gateways.iter().map(|name| name.value.clone()).collect(),
                Known::Absent(_) => Vec::new(),
                Known::Unseen | Known::Unsure(..) => {
                    return self.anywhere.push((switch, ROUTERS));
                }
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
            let chassis = registrations.named_or_new(&name);
            self.seed(switch, chassis, reason);
        }
    }

    /// The port of an instance or a container.
    fn instance(&mut self, port: &Bindable, bound: &Bound, registrations: &Registrations) {
        let (switch, reason) = (port.switch, port.reason);
        // No other chassis may bind it than the requested.
        let wanted: Option<Vec<usize>> =
            port.wanted.filter(|names| !names.is_empty()).map(|names| {
                let wanted = names
                    .split(',')
                    .filter_map(|name| registrations.named(name));
                wanted.collect()
            });
        let may = |chassis: &usize| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.contains(chassis))
        };
        let told = self.by_southbound(switch, reason, port.name, (bound, &may), registrations);
        if told == Told::Bound {
            return;
        }
        if let Some(chassis) = bound.interfaces.get(port.plugged) {
            for &chassis in chassis.iter().filter(|chassis| may(chassis)) {
                self.seed(switch, chassis, reason);
            }
            return;
        }
        if told == Told::Unbound {
            return;
        }
        let Some(wanted) = wanted else {
            return self.unplaced.push(switch);
        };
        let open = wanted
            .into_iter()
            .filter(|chassis| !bound.seen.get(*chassis).is_some_and(|seen| *seen));
        self.possible
            .extend(open.map(|chassis| (switch, chassis, BINDINGS)));
    }

    /// What the southbound says of a port. A chassis that may not bind it is about to release it.
    fn by_southbound(
        &mut self,
        switch: usize,
        reason: Reason,
        name: &str,
        (bound, may): (&Bound, &impl Fn(&usize) -> bool),
        registrations: &Registrations,
    ) -> Told {
        let Some(binding) = bound.bindings.get(name) else {
            return Told::Nothing;
        };
        match &binding.chassis {
            Known::Seen(chassis) => {
                let names = binding.additional.iter().chain([chassis]);
                let known: Vec<usize> =
                    names.filter_map(|name| registrations.named(name)).collect();
                let may: Vec<usize> = known.iter().copied().filter(may).collect();
                if may.is_empty() && !known.is_empty() {
                    return Told::Unbound;
                }
                for chassis in may {
                    self.seed(switch, chassis, reason);
                }
                Told::Bound
            }
            Known::Unsure(..) => {
                self.anywhere.push((switch, BINDINGS));
                Told::Bound
            }
            Known::Absent(_) => Told::Unbound,
            Known::Unseen => Told::Nothing,
        }
    }

    fn seed(&mut self, datapath: usize, chassis: usize, reason: Reason) {
        self.seeds.push(Seed {
            datapath,
            chassis,
            reason,
        });
    }

    fn router(
        &mut self,
        at: usize,
        router: &LogicalRouter,
        joins: &Joins,
        registrations: &mut Registrations,
    ) {
        let own = joins.switches + at;
        let Some(ports) = router.ports.seen() else {
            return self.anywhere.push((own, ROUTERS));
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
                let ends = [Some(own), behind].into_iter().flatten();
                self.anywhere
                    .extend(ends.map(|datapath| (datapath, ROUTERS)));
            }
            let crossing = joins.crossing(router, port);
            match behind {
                Some(behind) => self.links.push(Link {
                    ends: (own, behind),
                    crossing,
                }),
                None if !joins.whole && crossing != Crossing::Gateways => {
                    self.anywhere.push((own, ROUTERS));
                }
                None => {}
            }
        }
    }

    /// Switches whose router was not shown may be joined to anything.
    fn dangling(&mut self, site: &Site, joins: &Joins) {
        let all = site.northbound.routers.seen().is_some()
            && site
                .northbound
                .routers()
                .iter()
                .all(|router| router.ports.settled());
        for (at, switch) in site.northbound.switches().iter().enumerate() {
            let open = switch.ports().iter().any(|port| {
                let named = port.router_port();
                let found = named
                    .seen()
                    .is_some_and(|name| joins.ports.contains_key(name.value.as_str()));
                port.is("router") && !found && (!all || !named.settled())
            });
            if open {
                self.anywhere.push((at, ROUTERS));
            }
        }
    }
}
