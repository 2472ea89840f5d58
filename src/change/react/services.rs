//! What a start or a stop of a daemon does to flows, tunnels and the management address (facts O§4, O§7, O§10).

use crate::change::effect::{Back, CONSOLE, Fate, Kind, Table};
use crate::change::facts::{BridgeFacts, Facts, Seat};
use crate::site::ovs::BRIDGES;
use crate::site::{Driver, Node};

use super::Noted;
use super::bridges::{AGENT, Content, OVN_CONTROLLER, Tables, frames};

/// Whether a daemon starts again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It does.
    Yes,
    /// It does not.
    No,
}

/// ovn-controller ends and takes its chassis and tunnels with it: told by `exit`, or by its unit, which says the same.
pub fn chassis_goes(noted: &mut Noted, again: Again) {
    let (cause, back) = match again {
        Again::Yes => (
            "its unit takes the chassis and the tunnels away as ovn-controller ends, before it starts again",
            Back::ByItself("ovn-controller has registered and made them again".to_owned()),
        ),
        Again::No => (
            "ovn-controller takes the chassis and the tunnels away as it ends",
            Back::Restart(OVN_CONTROLLER),
        ),
    };
    let cause = cause.to_owned();
    noted.push(Kind::TunnelsRebuilt { cause, back });
}

/// ovn-controller starts: it fills its integration bridge.
pub fn controller_starts(noted: &mut Noted, facts: &Facts, tables: &mut Tables) {
    restored(noted, facts, tables, &Table::Ovn);
}

fn restored(noted: &mut Noted, facts: &Facts, tables: &mut Tables, table: &Table) {
    for (name, bridge) in facts.bridges.iter().flatten() {
        let empty = matches!(tables.get(name), Some(Content::Nothing | Content::Normal));
        if bridge.table == *table && empty {
            tables.insert(name.clone(), Content::Owners);
            let bridge = name.clone();
            noted.push(Kind::FlowsRestored { bridge });
        }
    }
}

/// The agent starts: it fills its bridges, and makes those secure that are not (facts O§4).
pub fn agent_starts(noted: &mut Noted, node: &Node, facts: &Facts, tables: &mut Tables) {
    restored(noted, facts, tables, &Table::Agent);
    if node.driver == Some(Driver::Ovn) {
        let message = format!(
            "{AGENT} on {}, a chassis of OVN, sets fail_mode, protocols and controllers of its bridges",
            node.name
        );
        return noted.doubt(message);
    }
    if facts.whole().is_none() || node.driver.is_none() {
        let message = format!(
            "which bridges of {} the agent makes secure as it starts is not known",
            node.name
        );
        noted.doubt_with(message, Some(BRIDGES));
    }
    for (name, bridge) in facts.bridges.iter().flatten() {
        let standing = bridge.secure == Some(false) && bridge.controlled() == Some(false);
        if bridge.table != Table::Agent || !standing {
            continue;
        }
        let back = Back::ByItself("the agent has added its flows".to_owned());
        let cause = "the agent makes it secure as it starts, while it has no controller";
        flushed(noted, facts, (name, bridge), cause, &back);
    }
}

/// ovs-vswitchd starts with empty tables: a standalone bridge forwards at once, others wait for who fills them.
pub fn vswitchd_starts(noted: &mut Noted, facts: &Facts, tables: &mut Tables) {
    let cause = "ovs-vswitchd starts with empty flow tables";
    unseen(noted, facts);
    for (name, bridge) in facts.bridges.iter().flatten() {
        let back = match &bridge.table {
            Table::Ovn => filled_by(OVN_CONTROLLER),
            Table::Agent => filled_by("the Open vSwitch agent"),
            Table::Owner(owner) => filled_by(owner),
            Table::Unknown(_) => filled_by("who programs it"),
            Table::Normal => frames(name, bridge),
        };
        let content = match back.fate() {
            Fate::Kept => Content::Normal,
            Fate::Interrupted => Content::Owners,
            Fate::Lost => Content::Nothing,
        };
        tables.insert(name.clone(), content);
        if back.fate() != Fate::Kept {
            flushed(noted, facts, (name, bridge), cause, &back);
        }
    }
}

/// Which bridges are interrupted is not told by those that were seen where there may be others.
fn unseen(noted: &mut Noted, facts: &Facts) {
    if facts.whole().is_none() {
        let message = format!(
            "which bridges of {} lose their flows is not known: not all of them were seen",
            noted.node
        );
        noted.doubt_with(message, Some(BRIDGES));
    }
}

fn filled_by(owner: &str) -> Back {
    Back::ByItself(format!("{owner} has connected again and filled it"))
}

/// Whether a command before emptied what forwards here, as the end of ovs-vswitchd does.
pub fn stopped(tables: &Tables) -> bool {
    tables.values().any(|content| *content == Content::Nothing)
}

/// ovs-vswitchd ends: nothing forwards.
pub fn vswitchd_stops(noted: &mut Noted, facts: &Facts, tables: &mut Tables) {
    unseen(noted, facts);
    for (name, bridge) in facts.bridges.iter().flatten() {
        tables.insert(name.clone(), Content::Nothing);
        let back = Back::Restart("ovs-vswitchd");
        flushed(noted, facts, (name, bridge), "ovs-vswitchd ends", &back);
    }
}

/// The flows of a bridge are gone, and the management address with them where it passes.
pub fn flushed(
    noted: &mut Noted,
    facts: &Facts,
    (name, bridge): (&str, &BridgeFacts),
    cause: &str,
    back: &Back,
) {
    let passes = facts.seat.passes(name);
    noted.push(Kind::FlowsFlushed {
        bridge: name.to_owned(),
        table: bridge.table.clone(),
        cause: cause.to_owned(),
        back: back.clone(),
        management: passes == Some(true),
    });
    let uplinks = bridge.has_uplink() != Some(false);
    let needs = match (&facts.seat, passes) {
        (_, Some(true)) => None,
        (Seat::Unknown(needs), _) if uplinks && bridge.table != Table::Ovn => Some(*needs),
        _ => return,
    };
    let back = match back {
        Back::ByHand(_) | Back::Restart(_) => Back::ByHand(CONSOLE.to_owned()),
        other => other.clone(),
    };
    let kind = Kind::ManagementCut {
        seat: name.to_owned(),
        cause: format!("{name} drops every frame: {cause}"),
        back,
    };
    noted.push_with(kind, needs);
}

/// The node as a whole goes down.
pub fn node_goes(noted: &mut Noted, node: &Node, again: Again) {
    let (cause, back) = match again {
        Again::Yes => ("is restarted", Back::ByItself("it is up again".to_owned())),
        Again::No => ("is stopped", Back::ByHand("someone starts it".to_owned())),
    };
    noted.push(Kind::ManagementCut {
        seat: node.name.clone(),
        cause: format!("{} {cause}", node.name),
        back,
    });
}
