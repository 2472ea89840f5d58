//! Ways that may be safer: one transaction, another order, a step between.

use crate::change::effect::{Back, Effect, Kind, Table};
use crate::change::{Change, Outcome, Step};
use crate::finding::words::{listed, quoted};
use crate::read::ovsdb::SchemaName;
use crate::source::Known;

use super::{Aim, Candidate, line, on, separate};

/// Orders of more commands than this are not tried.
const MOST_ORDERED: usize = 6;

/// Every way that is worth planning, the plainest first.
pub fn all(change: &Change) -> Vec<Candidate> {
    let mut ways = Vec::new();
    ways.extend(in_one(change));
    ways.extend(ordered(change));
    ways.extend(unmapped_first(change));
    ways.extend(standalone_first(change));
    ways.extend(restarted(change));
    ways.extend(separate::uplinks(change));
    ways
}

/// Why there is none.
pub fn none(change: &Change) -> String {
    if change.steps.iter().any(|step| !step.doubts.is_empty()) {
        return "what cannot be predicted has no safe way that could be checked".to_owned();
    }
    let loops = change.effects().find_map(|(_, effect)| match &effect.kind {
        Kind::Looped { switch, .. } => Some(switch),
        _ => None,
    });
    match loops {
        Some(switch) => separate::no_way(change, switch),
        None => {
            "no order of these commands avoids it: keep a console at hand, or leave it".to_owned()
        }
    }
}

/// The steps that do something.
fn doing(change: &Change) -> Vec<&Step> {
    let steps = change.steps.iter();
    steps
        .filter(|step| matches!(step.outcome, Outcome::Done))
        .collect()
}

/// Open vSwitch sees only what a transaction leaves behind: a port that goes and comes in one never went.
fn in_one(change: &Change) -> Option<Candidate> {
    let steps = doing(change);
    let (first, rest) = steps.split_first()?;
    let together =
        |step: &&Step| step.database == Some(SchemaName::OpenVswitch) && step.node == first.node;
    if rest.is_empty() || !steps.iter().all(together) {
        return None;
    }
    let mut joined = first.text.clone();
    for step in rest {
        joined.push_str(" -- ");
        joined.push_str(step.text.split_once(' ')?.1.trim_start_matches("-- "));
    }
    Some(Candidate {
        commands: vec![on(first, &joined)],
        note: "in one transaction Open vSwitch sees only the end".to_owned(),
        aim: Aim::Same,
    })
}

/// The same commands with one of them earlier.
fn ordered(change: &Change) -> Vec<Candidate> {
    let steps = doing(change);
    if steps.len() > MOST_ORDERED {
        return Vec::new();
    }
    let mut orders = Vec::new();
    for from in 1..steps.len() {
        for to in 0..from {
            let mut order = steps.clone();
            let moved = order.remove(from);
            order.insert(to, moved);
            orders.push(Candidate {
                commands: order.into_iter().map(line).collect(),
                note: "the same commands in another order".to_owned(),
                aim: Aim::Same,
            });
        }
    }
    orders
}

/// OVN releases that keep patch ports on the old bridge remove them where the mapping goes first (facts O§6.6).
fn unmapped_first(change: &Change) -> Option<Candidate> {
    let stuck = |effect: &&Effect| matches!(effect.kind, Kind::Remapped { stuck: true, .. });
    let (at, effect) = change.effects().find(|(_, effect)| stuck(effect))?;
    let step = &change.steps[at];
    let moved = step.effects.iter().filter_map(|effect| match &effect.kind {
        Kind::Remapped { physnet, .. } => Some(physnet.as_str()),
        _ => None,
    });
    let physnets: Vec<&str> = moved.collect();
    let commands = change.steps.iter().enumerate().flat_map(|(number, step)| {
        let mut commands = vec![line(step)];
        if number == at {
            commands.insert(0, on(step, &without(change, &effect.node, &physnets)));
        }
        commands
    });
    Some(Candidate {
        commands: commands.collect(),
        note: format!(
            "{} goes from its old bridge first: {} is interrupted there between the two commands",
            listed(&physnets),
            if physnets.len() == 1 { "it" } else { "each" }
        ),
        aim: Aim::Same,
    })
}

/// The command that takes physnets out of a node's mappings.
pub fn without(change: &Change, node: &str, physnets: &[&str]) -> String {
    let kept = change.before.node(node).map(|node| match &node.mappings {
        Known::Seen(mappings) => mappings
            .entries
            .iter()
            .filter(|pair| !physnets.contains(&pair.physnet.value.as_str()))
            .map(|pair| format!("{}:{}", pair.physnet, pair.bridge))
            .collect(),
        _ => Vec::new(),
    });
    let kept: Vec<String> = kept.unwrap_or_default();
    if kept.is_empty() {
        return "ovs-vsctl remove open . external_ids ovn-bridge-mappings".to_owned();
    }
    let value = format!("external_ids:ovn-bridge-mappings={}", kept.join(","));
    format!("ovs-vsctl set open . {}", quoted(&value))
}

/// A bridge that loses its controller while it is secure drops everything; standalone, it forwards at once.
fn standalone_first(change: &Change) -> Option<Candidate> {
    let flushed = |effect: &Effect| match &effect.kind {
        Kind::FlowsFlushed {
            bridge,
            table,
            back: Back::ByHand(_),
            ..
        } if *table != Table::Ovn => Some(bridge.clone()),
        _ => None,
    };
    let (at, bridge) = change
        .effects()
        .find_map(|(at, effect)| Some((at, flushed(effect)?)))?;
    let controllers = change.steps[at].changes.iter().filter(|cell| {
        (cell.table, cell.column) == ("Bridge", "controller") && cell.record == bridge
    });
    let (came, went): (Vec<_>, Vec<_>) = controllers.partition(|cell| cell.after.is_some());
    if went.is_empty() || !came.is_empty() {
        return None;
    }
    let commands = change.steps.iter().enumerate().flat_map(|(number, step)| {
        let first = format!("ovs-vsctl set-fail-mode {} standalone", quoted(&bridge));
        let first = (number == at).then(|| on(step, &first));
        first.into_iter().chain([line(step)])
    });
    Some(Candidate {
        commands: commands.collect(),
        note: format!(
            "{bridge} becomes standalone first, while its controller still keeps the flows, and forwards normally as soon as that goes"
        ),
        aim: Aim::Other,
    })
}

/// Nothing but a restart of ovn-controller puts the flows of an integration bridge back (facts O§10).
fn restarted(change: &Change) -> Option<Candidate> {
    let flushes = |step: &Step| {
        let ovn = |effect: &Effect| {
            matches!(
                &effect.kind,
                Kind::FlowsFlushed {
                    table: Table::Ovn,
                    ..
                }
            )
        };
        step.effects.iter().any(ovn)
    };
    let last = change.steps.iter().rposition(flushes)?;
    let commands = change.steps.iter().enumerate().flat_map(|(number, step)| {
        let restart = (number == last).then(|| on(step, "systemctl restart ovn-controller"));
        [line(step)].into_iter().chain(restart)
    });
    Some(Candidate {
        commands: commands.collect(),
        note: "there is no way without a gap; this one is the shortest: the restart puts every flow back"
            .to_owned(),
        aim: Aim::Same,
    })
}
