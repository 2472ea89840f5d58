//! Which bridges lose their flows, their uplinks or themselves, and how those come back (facts O§4, O§10).

use std::collections::BTreeMap;

use crate::change::ctl::CellChange;
use crate::change::effect::{Back, Kind, Table, Takes};
use crate::change::facts::BridgeFacts;
use crate::site::mapping::MAPPINGS;
use crate::site::uplinks::PORTS;
use crate::source::Place;

use super::Turn;

/// What stands in the flow tables of a node's bridges, as far as commands changed it.
pub type Tables = BTreeMap<String, Content>;

/// What stands in a flow table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// What its owner put there.
    Owners,
    /// One flow that forwards normally.
    Normal,
    /// Nothing.
    Nothing,
}

/// A bridge whose flows went, and what becomes of the frames of its internal ports.
pub struct Flush {
    /// The bridge.
    pub bridge: String,
    /// Why.
    pub cause: String,
    /// The words that did it.
    pub place: Place,
    /// When frames pass again.
    pub frames: Back,
    /// What would settle whether it happens.
    pub needs: Option<&'static str>,
}

/// What would settle whether a bridge has a controller.
const CONTROLLERS: &str = "the controllers and the fail_mode of the bridge (`ovs-vsctl show`)";

/// What puts flows back on a chassis.
pub const OVN_CONTROLLER: &str = "ovn-controller";
/// The agent of ML2/OVS.
pub const AGENT: &str = "neutron-openvswitch-agent";

/// Until when `standalone` waits for its controllers: three times the inactivity probe (facts O§4 d).
pub const FAIL_OPEN: Back = Back::Seconds(15, "fail-open, unless the controller answers before");

/// Compares the bridges. Gives those whose flows went.
pub fn react(turn: &mut Turn, tables: &mut Tables) -> Vec<Flush> {
    moved(turn);
    settings(turn);
    let (Some(before), Some(after)) = (&turn.before.bridges, &turn.after.bridges) else {
        return Vec::new();
    };
    let mut flushes = Vec::new();
    for (name, old) in before {
        match after.get(name) {
            None => {
                tables.remove(name);
                deleted(turn, name, old);
            }
            Some(new) if new == old => {}
            Some(new) => {
                recreated(turn, name, (old, new));
                uplinks(turn, name, (old, new));
                flushes.extend(flushed(turn, tables, name, (old, new)));
            }
        }
    }
    flushes
}

/// Whether anything was passing a bridge that people would miss.
enum BridgeUse {
    Yes,
    No,
    /// It cannot be told; the input that would settle it.
    Maybe(&'static str),
}

fn used(turn: &Turn, name: &str, facts: &BridgeFacts) -> BridgeUse {
    let owned = !matches!(facts.table, Table::Normal | Table::Unknown(_));
    let passes = turn.before.seat.passes(name) == Some(true);
    let (mapped, uplink) = (facts.mapped(), facts.has_uplink());
    if owned || passes || mapped == Some(true) || uplink == Some(true) {
        return BridgeUse::Yes;
    }
    match &facts.table {
        Table::Unknown(needs) => BridgeUse::Maybe(needs),
        _ if uplink.is_none() => BridgeUse::Maybe(PORTS),
        _ if mapped.is_none() => BridgeUse::Maybe(MAPPINGS),
        _ => BridgeUse::No,
    }
}

fn deleted(turn: &mut Turn, name: &str, old: &BridgeFacts) {
    let needs = match used(turn, name, old) {
        BridgeUse::Yes => None,
        BridgeUse::Maybe(needs) => Some(needs),
        BridgeUse::No => return,
    };
    let place = turn.at(("Bridge", name), "_uuid", None);
    let back = match old.table {
        // It is made again at once, but empty (facts O§10).
        Table::Ovn => format!("every instance of {} is plugged in again", turn.node.name),
        _ => "the bridge, its ports and their addresses are made again".to_owned(),
    };
    let kind = Kind::Recreated {
        bridge: name.to_owned(),
        table: old.table.clone(),
        cause: format!("{name} is deleted"),
        back: Back::ByHand(back),
    };
    turn.push_with(kind, &place, needs);
}

fn recreated(turn: &mut Turn, name: &str, (old, new): (&BridgeFacts, &BridgeFacts)) {
    let (Some(from), Some(to)) = (&old.datapath, &new.datapath) else {
        return;
    };
    let needs = match used(turn, name, old) {
        _ if from == to => return,
        BridgeUse::Yes => None,
        BridgeUse::Maybe(needs) => Some(needs),
        BridgeUse::No => return,
    };
    let place = turn.at(("Bridge", name), "datapath_type", None);
    let back = match old.table {
        Table::Ovn => Back::ByItself("ovn-controller has connected again and filled it".to_owned()),
        _ => Back::ByHand("the addresses of its internal ports are set again".to_owned()),
    };
    let kind = Kind::Recreated {
        bridge: name.to_owned(),
        table: old.table.clone(),
        cause: format!(
            "the datapath_type of {name} changes from {from} to {to}, which destroys it and makes it again"
        ),
        back,
    };
    turn.push_with(kind, &place, needs);
}

/// `ovn-bridge` names another integration bridge: the ports of instances stay behind.
fn moved(turn: &mut Turn) {
    let (Some(from), Some(to)) = (&turn.before.ovn_bridge, &turn.after.ovn_bridge) else {
        return;
    };
    if from == to {
        return;
    }
    let place = turn.at(("Open_vSwitch", ""), "external_ids", Some("ovn-bridge"));
    let kind = Kind::Recreated {
        bridge: from.clone(),
        table: Table::Ovn,
        cause: format!(
            "ovn-controller moves from {from} to {to}, and the ports of instances stay on {from}"
        ),
        back: Back::ByHand(format!(
            "every instance of {} is plugged into {to}",
            turn.node.name
        )),
    };
    turn.push(kind, &place);
}

fn uplinks(turn: &mut Turn, name: &str, (old, new): (&BridgeFacts, &BridgeFacts)) {
    let (Some(before), Some(after)) = (&old.uplinks, &new.uplinks) else {
        return;
    };
    if before.is_empty() || !after.is_empty() || old.mapped() == Some(false) {
        return;
    }
    let needs = old.mapped().is_none().then_some(MAPPINGS);
    let place = turn.first(|change| {
        matches!(change.table, "Port" | "Interface" | "Bridge") && change.after.is_none()
    });
    let kind = Kind::UplinkLost {
        bridge: name.to_owned(),
        physnets: old.physnets.clone().unwrap_or_default(),
    };
    turn.push_with(kind, &place, needs);
}

/// The exact rule: facts O§4 a to c.
fn flushed(
    turn: &mut Turn,
    tables: &mut Tables,
    name: &str,
    (old, new): (&BridgeFacts, &BridgeFacts),
) -> Option<Flush> {
    let (cause, column) = reason(old, new)?;
    let needs = certain(old, new).err().or(old.table.needs());
    let place = turn.at(("Bridge", name), column, None);
    let frames = frames(name, new);
    let back = back(name, old, new, &frames);
    let management = turn.before.seat.passes(name) == Some(true);
    let was = tables.get(name).copied().unwrap_or(Content::Owners);
    let now = if frames == Back::AtOnce {
        Content::Normal
    } else {
        Content::Nothing
    };
    if needs.is_none() {
        tables.insert(name.to_owned(), now);
    }
    if was == Content::Nothing && now == Content::Normal && old.table == Table::Normal {
        let bridge = name.to_owned();
        turn.push_with(Kind::FlowsRestored { bridge }, &place, needs);
        return None;
    }
    // A command before it deleted them: there is nothing left to lose.
    let lost = was == Content::Nothing || (was == Content::Normal && old.table == Table::Ovn);
    if !lost {
        let kind = Kind::FlowsFlushed {
            bridge: name.to_owned(),
            table: old.table.clone(),
            cause: cause.clone(),
            back,
            management,
        };
        turn.push_with(kind, &place, needs);
    }
    Some(Flush {
        bridge: name.to_owned(),
        cause,
        place,
        frames,
        needs,
    })
}

/// Why the flows go, and the column that says so; a doubt counts.
fn reason(old: &BridgeFacts, new: &BridgeFacts) -> Option<(String, &'static str)> {
    let mode = |facts: &BridgeFacts| match facts.secure {
        Some(true) => "secure",
        Some(false) => "standalone",
        None => "what it was",
    };
    match (old.controlled(), new.controlled()) {
        (before, after) if before != after => {
            let what = match after {
                Some(false) => "its last controller goes",
                _ => "it gets a controller",
            };
            Some((what.to_owned(), "controller"))
        }
        // A controller that stays keeps the flows, whatever the mode.
        (Some(true), _) => None,
        _ if old.secure != new.secure => {
            let (from, to) = (mode(old), mode(new));
            let what =
                format!("its fail_mode changes from {from} to {to} while it has no controller");
            Some((what, "fail_mode"))
        }
        _ => None,
    }
}

fn certain(old: &BridgeFacts, new: &BridgeFacts) -> Result<(), &'static str> {
    let settled = |facts: &BridgeFacts| facts.controlled().is_some() && facts.secure.is_some();
    if settled(old) && settled(new) {
        Ok(())
    } else {
        Err(CONTROLLERS)
    }
}

/// When the internal ports of a bridge whose table is empty are heard again.
pub fn frames(name: &str, facts: &BridgeFacts) -> Back {
    match (&facts.controllers, facts.secure) {
        (Some(targets), Some(false)) if !targets.is_empty() => FAIL_OPEN,
        (Some(targets), _) if !targets.is_empty() => {
            Back::ByHand(format!("the controller {} adds flows", targets.join(", ")))
        }
        (_, Some(false)) => Back::AtOnce,
        _ => Back::ByHand(format!(
            "flows are added, as by `ovs-ofctl add-flow {name} actions=NORMAL`; the next start of ovs-vswitchd drops those, too"
        )),
    }
}

/// When what the owner of the table had in it is there again.
fn back(name: &str, old: &BridgeFacts, new: &BridgeFacts, frames: &Back) -> Back {
    match &old.table {
        // Neither changes of the northbound nor a recompute bring them back (facts O§10).
        Table::Ovn => Back::Restart(OVN_CONTROLLER),
        Table::Agent => Back::Restart(AGENT),
        Table::Owner(owner) => Back::Restart(owner),
        Table::Unknown(_) => Back::ByHand(format!("who programs {name} is restarted")),
        Table::Normal if *frames == Back::AtOnce => Back::AtOnce,
        Table::Normal => self::frames(name, new),
    }
}

/// Settings of ovs-vswitchd that cost something (facts O§10).
const SETTINGS: [(&str, Takes); 7] = [
    ("dpdk-init", Takes::NextStart),
    ("hw-offload", Takes::NextStart),
    ("dpdk-socket-mem", Takes::NextStart),
    ("dpdk-alloc-mem", Takes::NextStart),
    ("dpdk-lcore-mask", Takes::NextStart),
    ("n-handler-threads", Takes::Now),
    ("n-revalidator-threads", Takes::Now),
];

/// Whether a key of `Open_vSwitch.other_config` is one of those settings.
pub fn is_setting(key: &str) -> bool {
    SETTINGS.iter().any(|(setting, _)| *setting == key)
}

fn settings(turn: &mut Turn) {
    for (setting, takes) in SETTINGS {
        let changed = |change: &&CellChange| {
            change.table == "Open_vSwitch"
                && change.column == "other_config"
                && change
                    .key
                    .as_ref()
                    .is_some_and(|key| key.to_text() == setting)
        };
        if turn.changes.iter().any(|change| changed(&change)) {
            let place = turn.at(("Open_vSwitch", ""), "other_config", Some(setting));
            let setting = setting.to_owned();
            turn.push(Kind::DatapathSet { setting, takes }, &place);
        }
    }
}
