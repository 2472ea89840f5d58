//! Which physnets switches use on a node: what hangs on a mapping that goes or moves.

use std::sync::Arc;

use crate::site::Site;
use crate::site::ovn::LogicalSwitch;

use super::effect::{Effect, Kind};

/// What would settle what a command of OVN's does.
pub const NORTHBOUND: &str = "the northbound database (`ovsdb-client backup`, or ovnnb_db.db)";

/// A physnet that switches use on a node, or may.
pub struct Used {
    /// The physnet.
    pub physnet: String,
    /// The switches that use it, by name.
    pub switches: Vec<String>,
    /// What would settle whether they do.
    pub needs: Option<&'static str>,
}

/// Of the physnets, those that switches use on the node at that position.
pub fn of<'a>(site: &Site, at: usize, physnets: impl Iterator<Item = &'a String>) -> Vec<Used> {
    physnets
        .filter_map(|physnet| used(site, at, physnet))
        .collect()
}

/// Mappings that no switch uses here may go and move: no patch port hangs on them.
pub fn retain(effects: &mut Vec<Effect>, mapped: &[Used]) {
    effects.retain_mut(|effect| {
        let (physnet, switches) = match &mut effect.kind {
            Kind::Unmapped {
                physnet, switches, ..
            } => (physnet, Some(switches)),
            Kind::Remapped { physnet, .. } => (physnet, None),
            _ => return true,
        };
        let Some(used) = mapped.iter().find(|used| used.physnet == *physnet) else {
            return false;
        };
        if let Some(switches) = switches {
            switches.clone_from(&used.switches);
        }
        effect.needs = used.needs;
        true
    });
}

fn used(site: &Site, at: usize, physnet: &str) -> Option<Used> {
    let used = |switches, needs| {
        Some(Used {
            physnet: physnet.to_owned(),
            switches,
            needs,
        })
    };
    if site.northbound.switches.seen().is_none() {
        return used(Vec::new(), Some(NORTHBOUND));
    }
    let names = |switch: &&Arc<LogicalSwitch>| {
        switch.localnets().any(|port| {
            port.physnet()
                .seen()
                .is_some_and(|name| name.value == physnet)
        })
    };
    let (mut certain, mut doubt) = (Vec::new(), None);
    for switch in site.northbound.switches().iter().filter(names) {
        match site.local_chassis(switch, Some(at)).first() {
            Some((_, None)) => certain.push(switch.name.value.clone()),
            Some((_, Some(needs))) => doubt = Some(*needs),
            None => {}
        }
    }
    match (certain.is_empty(), doubt) {
        (false, _) => used(certain, None),
        (true, Some(needs)) => used(certain, Some(needs)),
        (true, None) => None,
    }
}
