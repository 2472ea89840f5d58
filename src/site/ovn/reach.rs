//! Datapaths that share their answer, because everything crosses the routers between them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::bound::BINDINGS;
use super::ports::{self, Ports, Reasons};
use super::routes::{Crossing, ROUTERS, Routes};

/// What is local where, for datapaths that share their answer. An answer is worked out when it is first asked for.
#[derive(Debug)]
pub struct Reach {
    /// The datapaths that certainly share their chassis.
    certain: Groups,
    /// Those that may.
    possible: Groups,
    /// By group.
    local: Vec<OnceLock<Reasons>>,
    may_be: Vec<OnceLock<MayBe>>,
}

/// Where the datapaths of a group may be local.
#[derive(Debug, Default)]
pub struct MayBe {
    /// On these chassis, for lack of that input.
    pub chassis: BTreeMap<usize, &'static str>,
    /// On any chassis.
    pub anywhere: Option<&'static str>,
    /// On any chassis whose interfaces were not all seen.
    pub unplaced: bool,
}

impl Reach {
    /// Joins the datapaths between which everything crosses; before OVN 21.09 that is every router.
    pub fn of(datapaths: usize, routes: &Routes, gateways: Crossing) -> Self {
        let mut certain: Vec<usize> = (0..datapaths).collect();
        let mut possible = certain.clone();
        for link in &routes.links {
            let crossing = match link.crossing {
                Crossing::Unsure if gateways == Crossing::Free => Crossing::Free,
                Crossing::Gateways => gateways,
                crossing => crossing,
            };
            if crossing == Crossing::Free {
                join(&mut certain, link.ends);
            }
            if crossing != Crossing::Gateways {
                join(&mut possible, link.ends);
            }
        }
        let unanswered = || (0..datapaths).map(|_| OnceLock::new());
        Self {
            certain: Groups::of(certain),
            possible: Groups::of(possible),
            local: unanswered().collect(),
            may_be: (0..datapaths).map(|_| OnceLock::new()).collect(),
        }
    }

    /// Where a datapath is local, by itself or by those beside it.
    pub fn local(&self, datapath: usize, switches: &[Ports], routes: &Routes) -> &Reasons {
        self.local[self.certain.roots[datapath]].get_or_init(|| {
            let mut local = Reasons::new();
            for &member in self.certain.beside(datapath) {
                for (&chassis, &reason) in bound(member, switches).chain(hosted(member, routes)) {
                    ports::add(&mut local, chassis, reason);
                }
            }
            local
        })
    }

    /// Where it may be.
    pub fn may_be(&self, datapath: usize, switches: &[Ports], routes: &Routes) -> &MayBe {
        self.may_be[self.possible.roots[datapath]].get_or_init(|| {
            let mut may_be = MayBe::default();
            let members = self.possible.beside(datapath);
            for &member in members {
                for (&chassis, _) in bound(member, switches).chain(hosted(member, routes)) {
                    may_be.chassis.insert(chassis, ROUTERS);
                }
                let Some(ports) = of_datapath(member, switches) else {
                    continue;
                };
                may_be.anywhere = may_be.anywhere.or(ports.anywhere);
                may_be.unplaced |= ports.unplaced;
            }
            let possible = members
                .iter()
                .filter_map(|&member| of_datapath(member, switches));
            for &chassis in possible.flat_map(|ports| &ports.possible) {
                may_be.chassis.entry(chassis).or_insert(BINDINGS);
            }
            let open = || {
                members
                    .iter()
                    .any(|member| routes.anywhere.contains(member))
            };
            may_be.anywhere = may_be.anywhere.or_else(|| open().then_some(ROUTERS));
            may_be
        })
    }

    /// The datapaths that may share their chassis with one.
    pub fn beside(&self, datapath: usize) -> &[usize] {
        if datapath < self.possible.roots.len() {
            self.possible.beside(datapath)
        } else {
            &[]
        }
    }

    /// Drops the answers of those that share them with a datapath.
    pub fn forget(&mut self, datapath: usize) {
        self.local[self.certain.roots[datapath]].take();
        self.may_be[self.possible.roots[datapath]].take();
    }
}

/// The ports of a datapath that is a switch.
fn of_datapath(datapath: usize, switches: &[Ports]) -> Option<&Ports> {
    if datapath.is_multiple_of(2) {
        switches.get(datapath / 2)
    } else {
        None
    }
}

fn bound(datapath: usize, switches: &[Ports]) -> impl Iterator<Item = (&usize, &ports::Reason)> {
    of_datapath(datapath, switches)
        .into_iter()
        .flat_map(|ports| &ports.bound)
}

fn hosted(datapath: usize, routes: &Routes) -> impl Iterator<Item = (&usize, &ports::Reason)> {
    routes.hosted.get(&datapath).into_iter().flatten()
}

/// Disjoint groups of datapaths.
#[derive(Debug)]
struct Groups {
    /// Of each datapath, the first of its group.
    roots: Vec<usize>,
    /// Every datapath: by groups, and in order within each.
    members: Vec<usize>,
}

impl Groups {
    fn of(mut parents: Vec<usize>) -> Self {
        let roots: Vec<usize> = (0..parents.len())
            .map(|at| root(&mut parents, at))
            .collect();
        let mut members: Vec<usize> = (0..roots.len()).collect();
        members.sort_by_key(|member| roots[*member]);
        Self { roots, members }
    }

    fn beside(&self, datapath: usize) -> &[usize] {
        let own = self.roots[datapath];
        let start = self.members.partition_point(|at| self.roots[*at] < own);
        let end = self.members.partition_point(|at| self.roots[*at] <= own);
        &self.members[start..end]
    }
}

fn root(parents: &mut [usize], mut member: usize) -> usize {
    while parents[member] != member {
        parents[member] = parents[parents[member]];
        member = parents[member];
    }
    member
}

fn join(parents: &mut [usize], (a, b): (usize, usize)) {
    let (a, b) = (root(parents, a), root(parents, b));
    // The first stays, so that the answer does not hang on the order of the links.
    parents[a.max(b)] = a.min(b);
}
