//! Is this switch a local datapath on that chassis? The question that everything about localnet ports rests on.
//!
//! ovn-controller makes patch ports only for localnet ports of switches that are local. A switch is local where one
//! of its ports is bound, where a gateway port beside it may be hosted, and behind every router that is distributed
//! (facts O§6.3). So switches that distributed routers join share one answer, which is kept once for all of them.

pub mod refresh;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use crate::site::{Node, Site};
use crate::source::Place;

use super::bound::{BINDINGS, Bound};
use super::ports::{Ports, Reason};
use super::reach::Reach;
use super::registration::{Identity, Registration, Registrations};
use super::routes::{Crossing, Routes, of_router, of_switch};
use super::{LogicalSwitch, Northbound, SwitchPort};

/// Whether a switch is a local datapath on a chassis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Local {
    /// It is.
    Yes(Why),
    /// It is not.
    No,
    /// It cannot be told; the input that would settle it.
    Possible(&'static str),
}

/// What makes a switch local on a chassis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// As a phrase.
    pub text: String,
    /// Where that stands.
    pub place: Place,
}

/// A chassis on which a switch is or may be local.
#[derive(Debug)]
pub struct Presence<'a> {
    /// The chassis.
    pub chassis: &'a Registration,
    /// Whether it is.
    pub local: Local,
}

/// Every answer for one state of the site.
#[derive(Debug, Default)]
pub struct Locality {
    identities: Vec<Identity>,
    registrations: Registrations,
    bound: Bound,
    switches: HashMap<String, usize>,
    /// What the ports of each switch say.
    ports: Vec<Ports>,
    routers: usize,
    routes: Routes,
    /// What is not told by single switches, routers and nodes.
    seen: Seen,
    /// For chassis since OVN 21.09, and for those before, where there are any.
    reach: [Option<Reach>; 2],
    /// Whether each chassis is older than 21.09.
    old: Vec<bool>,
    /// The chassis whose interfaces were not all seen.
    unseen: Vec<usize>,
}

/// How much of the northbound was seen.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    switches: bool,
    whole: bool,
    routers: bool,
}

impl Seen {
    fn of(northbound: &Northbound) -> Self {
        Self {
            switches: northbound.switches.seen().is_some(),
            whole: northbound.whole,
            routers: northbound.routers.seen().is_some(),
        }
    }
}

impl Site {
    /// The chassis on which a switch is local, and those on which it may be; the certain ones first.
    pub fn chassis_with_local_datapath(&self, switch: &LogicalSwitch) -> Vec<Presence<'_>> {
        let locality = self.locality();
        let Some(&at) = locality.switches.get(&switch.id) else {
            return Vec::new();
        };
        let mut present: Vec<Presence> = locality
            .candidates(of_switch(at))
            .into_iter()
            .map(|chassis| Presence {
                chassis: &locality.registrations.all[chassis],
                local: locality.local(self, at, chassis),
            })
            .collect();
        let rank = |presence: &Presence| !matches!(presence.local, Local::Yes(_));
        present.sort_by(|a, b| (rank(a), &a.chassis.name).cmp(&(rank(b), &b.chassis.name)));
        present
    }

    /// The same without the reasons, for who asks often; what would settle it stands beside those that may be. Of
    /// one node only, where its position is given.
    pub fn local_chassis(
        &self,
        switch: &LogicalSwitch,
        only: Option<usize>,
    ) -> Vec<(&Registration, Option<&'static str>)> {
        let locality = self.locality();
        let Some(&at) = locality.switches.get(&switch.id) else {
            return Vec::new();
        };
        let registrations = &locality.registrations.all;
        let of_node = |node: usize| {
            let mut all = registrations.iter();
            all.position(|chassis| chassis.node == Some(node))
        };
        let candidates = match only {
            Some(node) => of_node(node).into_iter().collect(),
            None => locality.candidates(of_switch(at)),
        };
        let present = candidates.into_iter().filter_map(|chassis| {
            let chassis_row = &registrations[chassis];
            if locality.reason(at, chassis).is_some() {
                return Some((chassis_row, None));
            }
            let needs = locality.needs(at, chassis)?;
            let patched = locality.patched(self, at, chassis);
            Some((chassis_row, patched.is_none().then_some(needs)))
        });
        present.collect()
    }

    /// The identities of the switches that may be local where one of these switches and routers is, or stops to be:
    /// those beside them, and those behind the ports of the routers.
    pub fn hanging_on(
        &self,
        switches: &HashSet<String>,
        routers: &HashSet<String>,
    ) -> HashSet<String> {
        let locality = self.locality();
        let own = switches.iter().filter_map(|id| locality.switches.get(id));
        let mut datapaths: HashSet<usize> = own.map(|at| of_switch(*at)).collect();
        let all = self.northbound.routers().iter().enumerate();
        let own = all.filter(|(_, router)| routers.contains(&router.id));
        let touched: HashSet<usize> = own.map(|(at, _)| of_router(at)).collect();
        for link in &locality.routes.links {
            let (a, b) = link.ends;
            if touched.contains(&a) || touched.contains(&b) {
                datapaths.extend([a, b]);
            }
        }
        datapaths.extend(touched);
        let reaches = locality.reach.iter().flatten();
        let beside = reaches.flat_map(|reach| {
            let own = datapaths.iter();
            own.flat_map(|datapath| reach.beside(*datapath))
        });
        // Switches and routers take turns in the numbers of datapaths.
        let positions = beside.filter(|datapath| datapath.is_multiple_of(2));
        let known = self.northbound.switches();
        let found = positions.filter_map(|datapath| known.get(datapath / 2));
        found.map(|switch| switch.id.clone()).collect()
    }

    /// The switches with localnet ports that are certainly local on a node, and why.
    pub fn provider_switches_on(&self, node: &Node) -> Vec<(&LogicalSwitch, Why)> {
        let locality = self.locality();
        let on_node = |chassis: &Registration| {
            self.node_of(chassis)
                .is_some_and(|other| std::ptr::eq(other, node))
        };
        let Some(chassis) = locality.registrations.all.iter().position(on_node) else {
            return Vec::new();
        };
        let switches = self.northbound.switches().iter().enumerate();
        switches
            .filter(|(_, switch)| switch.localnets().next().is_some())
            .filter_map(|(at, switch)| match locality.local(self, at, chassis) {
                Local::Yes(why) => Some((switch.as_ref(), why)),
                Local::No | Local::Possible(_) => None,
            })
            .collect()
    }

    /// Every chassis that the inputs show.
    pub fn registrations(&self) -> &[Registration] {
        &self.locality().registrations.all
    }

    /// The chassis of that `system-id` or host name.
    pub fn registration(&self, name: &str) -> Option<&Registration> {
        let registrations = &self.locality().registrations;
        registrations.named(name).map(|at| &registrations.all[at])
    }

    fn locality(&self) -> &Locality {
        self.locality.get_or_init(|| Locality::of(self))
    }
}

impl Locality {
    fn of(site: &Site) -> Self {
        let identities: Vec<Identity> = site.nodes.iter().map(|node| Identity::of(node)).collect();
        let mut registrations = Registrations::of(site, &identities);
        let bound = Bound::new(site, &registrations);
        let switches = site.northbound.switches();
        let ports: Vec<Ports> = (0..switches.len())
            .map(|at| Ports::of(site, at, &bound, &mut registrations))
            .collect();
        let routes = Routes::of(site, &ports, &mut registrations);
        let old = registrations.all.iter().map(|chassis| {
            let node = chassis.node.map(|at| &identities[at]);
            node.is_some_and(|node| node.old)
        });
        let all = 0..registrations.all.len();
        let mut locality = Self {
            switches: switches
                .iter()
                .enumerate()
                .map(|(at, switch)| (switch.id.clone(), at))
                .collect(),
            routers: site.northbound.routers().len(),
            seen: Seen::of(&site.northbound),
            // Of chassis that only the northbound names nothing was seen.
            unseen: all.filter(|chassis| !bound.seen(*chassis)).collect(),
            old: old.collect(),
            identities,
            registrations,
            bound,
            ports,
            routes,
            reach: [None, None],
        };
        locality.group();
        locality
    }

    fn group(&mut self) {
        let datapaths = of_switch(self.ports.len()).max(of_router(self.routers));
        let reach = |gateways| Some(Reach::of(datapaths, &self.routes, gateways));
        let free = self.old.contains(&true).then_some(Crossing::Free);
        self.reach = [reach(Crossing::Gateways), free.and_then(reach)];
    }

    /// The chassis on which a datapath may be local.
    fn candidates(&self, datapath: usize) -> Vec<usize> {
        let mut candidates = Vec::new();
        for (old, reach) in [false, true].into_iter().zip(&self.reach) {
            let Some(reach) = reach else {
                continue;
            };
            let may_be = reach.may_be(datapath, &self.ports, &self.routes);
            let of_age = |chassis: &usize| self.old[*chassis] == old;
            if may_be.anywhere.is_some() {
                candidates.extend((0..self.old.len()).filter(of_age));
                continue;
            }
            candidates.extend(may_be.chassis.keys().copied().filter(of_age));
            if may_be.unplaced {
                candidates.extend(self.unseen.iter().copied().filter(of_age));
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates
    }

    fn local(&self, site: &Site, switch: usize, chassis: usize) -> Local {
        if let Some(reason) = self.reason(switch, chassis) {
            return Local::Yes(why(site, switch, reason));
        }
        let Some(needs) = self.needs(switch, chassis) else {
            return Local::No;
        };
        match self.patched(site, switch, chassis) {
            Some(why) => Local::Yes(why),
            None => Local::Possible(needs),
        }
    }

    fn reach(&self, chassis: usize) -> &Reach {
        let reach = self.reach[usize::from(self.old[chassis])].as_ref();
        reach.expect("there is one for each age of the chassis")
    }

    /// Why a switch is certainly local on a chassis.
    fn reason(&self, switch: usize, chassis: usize) -> Option<Reason> {
        self.own(switch, chassis).or_else(|| {
            let reach = self.reach(chassis);
            let local = reach.local(of_switch(switch), &self.ports, &self.routes);
            local.get(&chassis).copied()
        })
    }

    /// What would settle whether a switch is local on a chassis; none where it is not.
    fn needs(&self, switch: usize, chassis: usize) -> Option<&'static str> {
        let reach = self.reach(chassis);
        let may_be = reach.may_be(of_switch(switch), &self.ports, &self.routes);
        let unplaced = may_be.unplaced && self.unseen.binary_search(&chassis).is_ok();
        may_be
            .chassis
            .get(&chassis)
            .copied()
            .or(may_be.anywhere)
            .or(unplaced.then_some(BINDINGS))
    }

    /// Why a switch is local by itself; its own ports are told before those of routers.
    fn own(&self, switch: usize, chassis: usize) -> Option<Reason> {
        let bound = self.ports[switch].bound.get(&chassis);
        let hosted = || self.routes.hosted.get(&of_switch(switch))?.get(&chassis);
        bound.or_else(hosted).copied()
    }

    /// Where the inputs do not show the bindings, a patch port that is there does.
    fn patched(&self, site: &Site, switch: usize, chassis: usize) -> Option<Why> {
        let node = site.node_of(&self.registrations.all[chassis])?;
        let switch = site.northbound.switches().get(switch)?;
        let name = node.integration_bridge();
        let bridge = node.ovs.bridge(&name)?;
        let patch = |port: &SwitchPort| bridge.port(&format!("patch-{name}-to-{}", &*port.name));
        let port = switch.localnets().find_map(patch)?;
        Some(Why {
            text: format!("it has the patch port {}", &*port.name),
            place: port.name.place.clone(),
        })
    }
}

fn why(site: &Site, switch: usize, reason: Reason) -> Why {
    let (switches, routers) = (site.northbound.switches(), site.northbound.routers());
    match reason {
        Reason::Instance(at, number) => {
            let port = &switches[at].instances[number];
            bound(site, switch, at, &port.name, port.place())
        }
        Reason::Port(at, number) => {
            let port = &switches[at].ports()[number];
            bound(site, switch, at, &port.name, port.name.place.clone())
        }
        Reason::Gateway(at, number) => {
            let port = &routers[at].ports.seen().expect("it was read")[number];
            Why {
                text: format!("gateway port {} may be hosted there", port.name),
                place: port.name.place.clone(),
            }
        }
        Reason::Router(at) => Why {
            text: format!("gateway router {} is hosted there", routers[at].name),
            place: routers[at].name.place.clone(),
        },
    }
}

/// `port tap is bound there on private, which a router joins to it`
fn bound(site: &Site, own: usize, at: usize, port: &str, place: Place) -> Why {
    let behind = if at == own {
        String::new()
    } else {
        let switch = &site.northbound.switches()[at].name;
        format!(" on {switch}, which a router joins to it")
    };
    Why {
        text: format!("port {port} is bound there{behind}"),
        place,
    }
}
