//! Brings which switch is local where up to date with a change, at the cost of what it touched.

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use crate::site::Site;
use crate::site::ovn::ports::{self, Ports};
use crate::site::ovn::registration::Identity;
use crate::site::ovn::routes::{Routes, of_switch};

use super::{Locality, Seen};

/// What a change touched, by position. Switches and routers that were added at the end need not be named.
#[derive(Clone, Copy, Debug, Default)]
pub struct Touched<'a> {
    /// Switches: the row itself, or one of its ports.
    pub switches: &'a [usize],
    /// Routers: the row itself, its ports with their gateways, its translations and balancers.
    pub routers: &'a [usize],
    /// Nodes.
    pub nodes: &'a [usize],
}

impl Site {
    /// Forgets which switch is local where; the next question works it out anew. To be called after any change that
    /// [`Site::refresh_locality`] was not told of.
    pub fn forget_locality(&mut self) {
        self.locality.take();
    }

    /// Brings which switch is local where up to date with a change, at the cost of what it touched. Only the options
    /// and tags of localnet ports may change without it, and what of a node is neither an interface of the
    /// integration bridge nor a key of `external_ids`.
    ///
    /// Where a switch or a router is gone from the list, or a chassis came or went, the next question works it out
    /// anew. What moves to another position must be named as well, and the southbound must stay as it is: else
    /// [`Site::forget_locality`] is to be called.
    pub fn refresh_locality(&mut self, touched: Touched) {
        let Some(mut locality) = self.locality.take() else {
            return;
        };
        if locality.update(self, touched).is_some() {
            self.locality = OnceLock::from(locality);
        }
    }
}

impl Locality {
    /// Reads again what was touched; `None` where everything has to be.
    fn update(&mut self, site: &Site, touched: Touched) -> Option<()> {
        let (switches, routers) = (site.northbound.switches(), site.northbound.routers());
        let same = self.seen == Seen::of(&site.northbound)
            && site.nodes.len() == self.identities.len()
            && switches.len() >= self.ports.len()
            && routers.len() >= self.routers;
        if !same {
            return None;
        }
        let datapaths = (self.ports.len(), self.routers);
        let mut stale: Vec<usize> = touched.switches.to_vec();
        for &node in touched.nodes {
            stale.extend(self.node(site, node)?);
        }
        stale.extend(self.ports.len()..switches.len());
        stale.sort_unstable();
        stale.dedup();
        let mut joined = !touched.routers.is_empty() || routers.len() > self.routers;
        for &at in &stale {
            joined |= self.switch(site, at)?;
        }
        self.routers = routers.len();
        if joined {
            self.join(site)?;
        }
        if datapaths != (self.ports.len(), self.routers) {
            self.group();
        }
        Some(())
    }

    /// Looks at a node again: the switches of the ports that were plugged in there, in or out.
    fn node(&mut self, site: &Site, at: usize) -> Option<Vec<usize>> {
        let node = site.nodes.get(at)?;
        if Identity::of(node) != self.identities[at] {
            return None;
        }
        let mut registrations = self.registrations.all.iter();
        let Some(chassis) = registrations.position(|chassis| chassis.node == Some(at)) else {
            return Some(Vec::new());
        };
        let names = self.bound.replug(chassis, node)?;
        if names.is_empty() {
            return Some(Vec::new());
        }
        let switches = site.northbound.switches().iter().enumerate();
        let plugged = switches.filter(|(_, switch)| ports::is_plugged_as(switch, &names));
        Some(plugged.map(|(at, _)| at).collect())
    }

    /// Looks at a switch again: whether it is joined to routers in another way.
    fn switch(&mut self, site: &Site, at: usize) -> Option<bool> {
        let shown = self.bound.shown();
        let named = self.registrations.all.len();
        let id = &site.northbound.switches().get(at)?.id;
        let now = Ports::of(site, at, &self.bound, &mut self.registrations);
        if self.registrations.all.len() > named || now.names_unshown(shown) {
            return None;
        }
        let Some(before) = self.ports.get_mut(at) else {
            self.switches.insert(id.clone(), at);
            self.ports.push(now);
            return Some(true);
        };
        if before.names_unshown(shown) || self.switches.get(id) != Some(&at) {
            return None;
        }
        if *before == now {
            return Some(false);
        }
        let joined = before.joints != now.joints;
        *before = now;
        self.forget(of_switch(at));
        Some(joined)
    }

    /// Looks at all routers again.
    fn join(&mut self, site: &Site) -> Option<()> {
        let named = self.registrations.all.len();
        let now = Routes::of(site, &self.ports, &mut self.registrations);
        let shown = self.bound.shown();
        if self.registrations.all.len() > named
            || now.names_unshown(shown)
            || self.routes.names_unshown(shown)
        {
            return None;
        }
        self.routes = now;
        self.group();
        Some(())
    }

    fn forget(&mut self, datapath: usize) {
        for reach in self.reach.iter_mut().flatten() {
            reach.forget(datapath);
        }
    }
}
