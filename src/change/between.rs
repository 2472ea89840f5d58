//! What lies between two trees: the step that takes each node from the one to the other, as if it were one command.

mod cells;
mod north;

use std::collections::HashMap;
use std::sync::Arc;

use crate::read::ovsdb::SchemaName;
use crate::site::{Node, Site};
use crate::source::Place;

use super::ctl::CellChange;
use super::facts::{BridgeFacts, Facts, Seat, Told};
use super::react::bridges::Tables;
use super::react::{self, Turn, chassis};
use super::{Change, LookedAt, Outcome, Reached, Step, usage};

/// The change from one site to another: a step for each node that both have and whose Open vSwitch differs, then one
/// for the northbound.
pub fn between(before: Site, after: Site) -> Change {
    let named = after.nodes.iter().map(|node| (node.name.as_str(), node));
    let named: HashMap<&str, &Arc<Node>> = named.collect();
    let nodes = before.nodes.iter().enumerate();
    let steps = nodes.filter_map(|(at, old)| {
        let new = named.get(old.name.as_str())?;
        step(&before, (at, old), new)
    });
    let steps: Vec<Step> = steps.chain(north::step(&before, &after)).collect();
    Change {
        harmless: 0,
        before,
        after,
        steps,
    }
}

fn step(site: &Site, (at, old): (usize, &Arc<Node>), new: &Arc<Node>) -> Option<Step> {
    let (before, after) = comparable(old, new);
    let changes = cells::changes(&old.ovs, &new.ovs);
    if before == after && changes.is_empty() {
        return None;
    }
    let place = new.ovs.bridges.place().or(new.ovs.external_ids.place())?;
    let turn = Turn {
        node: new,
        before: &before,
        after: &after,
        changes: &changes,
        place,
        mac: &|_| None,
        owner: &|addresses| chassis::owner(site, old, addresses),
        effects: Vec::new(),
    };
    let mut effects = react::node(turn, &mut Tables::new());
    let mapped = before.mappings.iter().flatten().map(|(physnet, _)| physnet);
    usage::retain(&mut effects, &usage::of(site, at, mapped));
    Some(Step {
        effects,
        ..Step::between(Some(new), place.clone(), changes)
    })
}

impl Step {
    fn between(node: Option<&Node>, place: Place, changes: Vec<CellChange>) -> Self {
        Self {
            place,
            text: String::new(),
            node: node.map(|node| node.name.clone()),
            reached: Reached::Named,
            database: Some(SchemaName::OpenVswitch),
            looked_at: LookedAt::Yes,
            outcome: Outcome::Done,
            succeeds: Some(true),
            parts: Vec::new(),
            changes,
            effects: Vec::new(),
            doubts: Vec::new(),
        }
    }
}

/// What both trees show of a node. What one of them does not show is no change: an input came or went.
fn comparable(old: &Node, new: &Node) -> (Facts, Facts) {
    let (mut before, mut after) = (Facts::of(old), Facts::of(new));
    if !(old.ovs.all_bridges && new.ovs.all_bridges) {
        // A bridge that is not shown is not gone.
        retain_common(&mut before, &mut after);
    }
    for (name, own) in before.bridges.iter_mut().flatten() {
        if let Some(other) = after.bridges.as_mut().and_then(|all| all.get_mut(name)) {
            align(own, other);
        }
    }
    if !(old.ovs.external_ids.settled() && new.ovs.external_ids.settled()) {
        after.keys.clone_from(&before.keys);
        after.ovn_bridge.clone_from(&before.ovn_bridge);
    }
    // The other driver reads its mappings elsewhere.
    let same_reader = old.driver == new.driver;
    if !(same_reader && old.mappings.settled() && new.mappings.settled()) {
        after.mappings.clone_from(&before.mappings);
    }
    if before.bridges.is_none() || after.bridges.is_none() {
        (before.bridges, after.bridges) = (None, None);
    }
    let seat_is_shown = match &before.seat {
        Seat::OnBridge { bridge, .. } => before.bridge(bridge).is_some(),
        Seat::Captured { .. } | Seat::Outside | Seat::Unknown(_) => before.bridges.is_some(),
    };
    if !seat_is_shown || !same_management(old, new) {
        // The inputs say it otherwise: whether the machine changed cannot be told.
        (before.seat, after.seat) = (Seat::Outside, Seat::Outside);
    }
    (before, after)
}

fn retain_common(before: &mut Facts, after: &mut Facts) {
    let (Some(old), Some(new)) = (&mut before.bridges, &mut after.bridges) else {
        return;
    };
    old.retain(|name, _| new.contains_key(name));
    new.retain(|name, _| old.contains_key(name));
}

fn align(old: &mut BridgeFacts, new: &mut BridgeFacts) {
    fn both<T>(old: &mut Option<T>, new: &mut Option<T>) {
        if old.is_none() || new.is_none() {
            (*old, *new) = (None, None);
        }
    }
    both(&mut old.secure, &mut new.secure);
    both(&mut old.controllers, &mut new.controllers);
    both(&mut old.datapath, &mut new.datapath);
    both(&mut old.uplinks, &mut new.uplinks);
    both(&mut old.physnets, &mut new.physnets);
    both(&mut old.stp, &mut new.stp);
    both(&mut old.rstp, &mut new.rstp);
    if old.hwaddr == Told::Unseen || new.hwaddr == Told::Unseen {
        new.hwaddr.clone_from(&old.hwaddr);
    }
}

/// Whether both trees see the address on the same interface.
fn same_management(old: &Node, new: &Node) -> bool {
    let carrier = |node: &Node| {
        let bridges = node.ovs.bridges.seen().map_or(&[][..], |all| &all.value);
        let carrier = node.host.management_carrier(bridges);
        carrier.map(|carrier| (carrier.interface, carrier.address))
    };
    let named = |node: &Node| node.host.management.seen().map(|named| named.value.clone());
    named(old) == named(new) && carrier(old) == carrier(new)
}
