//! A command that empties the flow table of a bridge.

use crate::change::Change;
use crate::change::effect::{Back, Fate, Kind, Table};
use crate::change::groups::Group;
use crate::finding::{Findings, Level};

/// Open vSwitch deletes all flows when a bridge gets or loses its last controller, and when its fail_mode changes
/// while it has none; of their owners none looks whether they are still there (facts O§4, O§10).
pub fn check(change: &Change, found: &mut Findings) {
    let groups = change.groups(|kind| match kind {
        Kind::FlowsFlushed { bridge, cause, .. } => Some((bridge, cause)),
        _ => None,
    });
    for group in groups {
        let Kind::FlowsFlushed {
            bridge,
            table,
            cause,
            back,
            ..
        } = &group.first().kind
        else {
            continue;
        };
        // One NORMAL flow takes the place of what was there, and nobody notices.
        if *table == Table::Normal && *back == Back::AtOnce {
            continue;
        }
        let lasting = back.fate() == Fate::Lost && !cuts(&group.first().kind);
        let restored = lasting.then(|| restored(change, &group, bridge)).flatten();
        let (does, who) = (group.does("are", "may be"), group.who());
        let until = match restored {
            Some(line) => format!("until `{line}`, later in the script"),
            None => back.phrase(),
        };
        let message = format!("the flows of {bridge} on {who} {does} deleted: {cause}; {until}");
        let subject = format!("{bridge}/{cause}");
        let level = level(change, &group, restored);
        found.push(group.finding(level, &subject, message, "deletes every flow"));
    }
}

/// Whether frames of the management address are lost: no later command of the script arrives then.
fn cuts(kind: &Kind) -> bool {
    matches!(kind, Kind::FlowsFlushed { management: true, back, .. } if *back != Back::AtOnce)
}

fn level(change: &Change, group: &Group, restored: Option<&str>) -> Level {
    let effect = group.first();
    let Kind::FlowsFlushed {
        bridge,
        table,
        back,
        ..
    } = &effect.kind
    else {
        return Level::Warning;
    };
    let mapped = || {
        let node = change.before.node(&effect.node);
        node.is_some_and(|node| !node.physnets_of(bridge).is_empty())
    };
    let lost = back.fate() == Fate::Lost && (*table == Table::Ovn || mapped());
    let outage = cuts(&effect.kind) || (lost && restored.is_none());
    if group.is_certain() && outage {
        Level::Error
    } else {
        Level::Warning
    }
}

/// The later command that puts the flows of the bridge back.
fn restored<'a>(change: &'a Change, group: &Group, bridge: &str) -> Option<&'a str> {
    let mut later = change.steps[group.at + 1..].iter();
    let step = later.find(|step| {
        step.effects.iter().any(|effect| {
            effect.node == group.first().node
                && effect.needs.is_none()
                && matches!(&effect.kind, Kind::FlowsRestored { bridge: own } if own == bridge)
        })
    });
    step.map(|step| step.text.as_str())
}
