//! Is this switch a local datapath on that chassis? The question that everything about localnet ports rests on.
//!
//! ovn-controller makes patch ports only for localnet ports of switches that are local. A switch is local where one
//! of its ports is bound, where a gateway port beside it may be hosted, and behind every router that is distributed
//! (facts O§6.3). So switches that distributed routers join share one answer, which is kept once for all of them.

use std::collections::{BTreeMap, HashMap};

use crate::site::{Node, Site};
use crate::source::Place;

use super::bound::BINDINGS;
use super::registration::{Registration, Registrations};
use super::routes::{self, Crossing, Reason, Routes};
use super::{LogicalSwitch, SwitchPort};

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
    registrations: Registrations,
    switches: HashMap<String, usize>,
    /// Why each datapath is local by itself.
    direct: Vec<BTreeMap<usize, Reason>>,
    /// For chassis since OVN 21.09, and for those before.
    reach: [Reach; 2],
    /// Whether each chassis is older than 21.09.
    old: Vec<bool>,
    /// The chassis whose interfaces were not all seen.
    unseen: Vec<usize>,
}

/// What is local where, for datapaths that share their answer.
#[derive(Debug, Default)]
struct Reach {
    /// Of each datapath, the group that certainly shares its chassis.
    certain: Vec<usize>,
    /// Of each datapath, the group that may.
    possible: Vec<usize>,
    local: HashMap<usize, BTreeMap<usize, Reason>>,
    may_be: HashMap<usize, MayBe>,
}

/// Where the datapaths of a group may be local.
#[derive(Debug, Default)]
struct MayBe {
    chassis: BTreeMap<usize, &'static str>,
    /// On any chassis.
    anywhere: Option<&'static str>,
    /// On any chassis whose interfaces were not all seen.
    unplaced: bool,
}

impl Site {
    /// The chassis on which a switch is local, and those on which it may be; the certain ones first.
    pub fn chassis_with_local_datapath(&self, switch: &LogicalSwitch) -> Vec<Presence<'_>> {
        let locality = self.locality();
        let Some(&at) = locality.switches.get(&switch.id) else {
            return Vec::new();
        };
        let mut present: Vec<Presence> = locality
            .candidates(at)
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
        let mut registrations = Registrations::of(site);
        let routes = routes::read(site, &mut registrations);
        let mut direct = vec![BTreeMap::new(); routes.datapaths];
        for seed in &routes.seeds {
            direct[seed.datapath]
                .entry(seed.chassis)
                .or_insert(seed.reason);
        }
        let before = |chassis: &Registration| {
            let version = site.node_of(chassis).and_then(|node| node.ovn());
            version.is_some_and(|version| !version.at_least(&[21, 9]))
        };
        let old: Vec<bool> = registrations.all.iter().map(before).collect();
        let reach = [
            Reach::of(&routes, Crossing::Gateways),
            if old.contains(&true) {
                Reach::of(&routes, Crossing::Free)
            } else {
                Reach::default()
            },
        ];
        let switches = site.northbound.switches().iter().enumerate();
        Self {
            switches: switches
                .map(|(at, switch)| (switch.id.clone(), at))
                .collect(),
            direct,
            reach,
            old,
            unseen: routes.unseen,
            registrations,
        }
    }

    fn reach(&self, chassis: usize) -> &Reach {
        &self.reach[usize::from(self.old[chassis])]
    }

    /// The chassis on which a datapath may be local.
    fn candidates(&self, datapath: usize) -> Vec<usize> {
        let mut candidates = Vec::new();
        for (old, reach) in [false, true].into_iter().zip(&self.reach) {
            let Some(may_be) = reach.may_be(datapath) else {
                continue;
            };
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

    fn local(&self, site: &Site, datapath: usize, chassis: usize) -> Local {
        let reach = self.reach(chassis);
        let own = self.direct[datapath].get(&chassis);
        if let Some(reason) = own.or_else(|| reach.local(datapath)?.get(&chassis)) {
            return Local::Yes(why(site, datapath, *reason));
        }
        let Some(may_be) = reach.may_be(datapath) else {
            return Local::No;
        };
        let unplaced = may_be.unplaced && self.unseen.binary_search(&chassis).is_ok();
        let needs = may_be
            .chassis
            .get(&chassis)
            .copied()
            .or(may_be.anywhere)
            .or(unplaced.then_some(BINDINGS));
        let Some(needs) = needs else {
            return Local::No;
        };
        match self.patched(site, datapath, chassis) {
            Some(why) => Local::Yes(why),
            None => Local::Possible(needs),
        }
    }

    /// Where the inputs do not show the bindings, a patch port that is there does.
    fn patched(&self, site: &Site, datapath: usize, chassis: usize) -> Option<Why> {
        let node = site.node_of(&self.registrations.all[chassis])?;
        let switch = site.northbound.switches().get(datapath)?;
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

impl Reach {
    /// Joins the datapaths between which everything crosses; before OVN 21.09 that is every router.
    fn of(routes: &Routes, gateways: Crossing) -> Self {
        let mut certain = Groups::new(routes.datapaths);
        let mut possible = Groups::new(routes.datapaths);
        for link in &routes.links {
            let crossing = match link.crossing {
                Crossing::Unsure if gateways == Crossing::Free => Crossing::Free,
                Crossing::Gateways => gateways,
                crossing => crossing,
            };
            if crossing == Crossing::Free {
                certain.join(link.ends);
            }
            if crossing != Crossing::Gateways {
                possible.join(link.ends);
            }
        }
        let mut reach = Self {
            certain: certain.roots(),
            possible: possible.roots(),
            ..Self::default()
        };
        for seed in &routes.seeds {
            let local = reach.local.entry(reach.certain[seed.datapath]).or_default();
            local.entry(seed.chassis).or_insert(seed.reason);
            let needs = routes::ROUTERS;
            reach
                .group(seed.datapath)
                .chassis
                .entry(seed.chassis)
                .or_insert(needs);
        }
        for &(datapath, chassis, needs) in &routes.possible {
            reach
                .group(datapath)
                .chassis
                .entry(chassis)
                .or_insert(needs);
        }
        for &(datapath, needs) in &routes.anywhere {
            reach.group(datapath).anywhere.get_or_insert(needs);
        }
        for &datapath in &routes.unplaced {
            reach.group(datapath).unplaced = true;
        }
        reach
    }

    fn group(&mut self, datapath: usize) -> &mut MayBe {
        self.may_be.entry(self.possible[datapath]).or_default()
    }

    fn local(&self, datapath: usize) -> Option<&BTreeMap<usize, Reason>> {
        self.local.get(self.certain.get(datapath)?)
    }

    fn may_be(&self, datapath: usize) -> Option<&MayBe> {
        self.may_be.get(self.possible.get(datapath)?)
    }
}

/// Disjoint groups of datapaths.
struct Groups(Vec<usize>);

impl Groups {
    fn new(members: usize) -> Self {
        Self((0..members).collect())
    }

    fn root(&mut self, mut member: usize) -> usize {
        while self.0[member] != member {
            self.0[member] = self.0[self.0[member]];
            member = self.0[member];
        }
        member
    }

    fn join(&mut self, (a, b): (usize, usize)) {
        let (a, b) = (self.root(a), self.root(b));
        // The first stays, so that the answer does not hang on the order of the links.
        self.0[a.max(b)] = a.min(b);
    }

    fn roots(mut self) -> Vec<usize> {
        (0..self.0.len()).map(|member| self.root(member)).collect()
    }
}

fn why(site: &Site, datapath: usize, reason: Reason) -> Why {
    let (switches, routers) = (site.northbound.switches(), site.northbound.routers());
    match reason {
        Reason::Instance(at, number) => {
            let port = &switches[at].instances[number];
            bound(site, datapath, at, &port.name, port.place())
        }
        Reason::Port(at, number) => {
            let port = &switches[at].ports()[number];
            bound(site, datapath, at, &port.name, port.name.place.clone())
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
fn bound(site: &Site, datapath: usize, at: usize, port: &str, place: Place) -> Why {
    let behind = if at == datapath {
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

#[cfg(test)]
mod tests;
