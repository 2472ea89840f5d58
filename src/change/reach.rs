//! What of the northbound a transaction reaches: the switches and routers, and how far their data paths may change.

use std::collections::BTreeSet;

use crate::read::ovsdb::datum::{Atom, Uuid};

use super::ctl::CellChange;
use super::ctl::store::RowId;
use super::state::State;

/// What a transaction reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The switches whose rows, or rows below them, are other than before.
    pub switches: BTreeSet<Uuid>,
    /// The routers, likewise.
    pub routers: BTreeSet<Uuid>,
    /// Whether the options of the whole are other than before.
    pub options: bool,
    /// Where patch ports may come and go.
    pub patches: Scope,
}

/// Where patch ports may come and go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Nowhere.
    #[default]
    Nowhere,
    /// Of the localnet ports of the switches that are reached.
    Reached,
    /// Of any switch: what is local where may be other than before (facts O§6.3).
    Anywhere,
}

impl Reach {
    fn add(&mut self, table: &str, row: Uuid) {
        match table {
            "Logical_Switch" => _ = self.switches.insert(row),
            "Logical_Router" => _ = self.routers.insert(row),
            _ => {}
        }
    }

    /// Adds what another transaction reaches.
    pub fn join(&mut self, other: Self) {
        self.switches.extend(other.switches);
        self.routers.extend(other.routers);
        self.options |= other.options;
        self.patches = self.patches.max(other.patches);
    }
}

/// What the changes of a transaction reach. `kind_before` tells the type of a port that is gone; `bound` whether a
/// port is, or may be, plugged in somewhere.
pub fn of(
    state: &State,
    changes: &[CellChange],
    kind_before: impl Fn(&str) -> Option<String>,
    bound: impl Fn(&str) -> bool,
) -> Reach {
    let store = &state.store;
    let mut reach = Reach::default();
    for row in state.above(changes, &["Logical_Switch", "Logical_Router"]) {
        reach.add(store.schema.tables[row.table].name, row.uuid);
    }
    for change in changes {
        if change.column == "_uuid" {
            reach.add(change.table, change.row);
        }
        reach.options |= change.table == "NB_Global";
        let table = store.schema.table(change.table);
        let row = RowId {
            table,
            uuid: change.row,
        };
        let kind = || {
            if store.contains(row) {
                Some(store.text(row, "type").to_owned())
            } else {
                kind_before(&change.record)
            }
        };
        reach.patches = reach.patches.max(scope(change, kind, &bound));
    }
    reach
}

fn scope(
    change: &CellChange,
    kind: impl Fn() -> Option<String>,
    bound: impl Fn(&str) -> bool,
) -> Scope {
    let key = change.key.as_ref().map(Atom::to_text).unwrap_or_default();
    match (change.table, change.column) {
        ("Logical_Switch_Port", column) => port(change, column, &key, kind, bound),
        ("Logical_Switch", "_uuid") => Scope::Reached,
        (
            "Logical_Router",
            "ports" | "enabled" | "load_balancer" | "load_balancer_group" | "_uuid",
        )
        | ("Logical_Router_Port", "gateway_chassis" | "ha_chassis_group" | "peer" | "_uuid")
        | ("Gateway_Chassis" | "HA_Chassis", "chassis_name" | "_uuid")
        | ("HA_Chassis_Group", "ha_chassis")
        | ("NAT", "external_mac" | "logical_port")
        | ("Load_Balancer_Group", "load_balancer") => Scope::Anywhere,
        // What a translation that comes does, its own cells say; only those of floating IPs work on every chassis.
        ("Logical_Router", "nat") if change.after.is_none() => Scope::Anywhere,
        ("NAT", "type")
            if [&change.before, &change.after]
                .iter()
                .any(|kind| is_floating(kind.as_ref())) =>
        {
            Scope::Anywhere
        }
        ("Logical_Router", "options") if key == "chassis" => Scope::Anywhere,
        ("Logical_Router_Port", "options") if key == "redirect-type" => Scope::Anywhere,
        ("Load_Balancer", "options") if key == "distributed" => Scope::Anywhere,
        _ => Scope::Nowhere,
    }
}

fn is_floating(kind: Option<&Atom>) -> bool {
    kind.is_some_and(|kind| kind.to_text() == "dnat_and_snat")
}

fn port(
    change: &CellChange,
    column: &str,
    key: &str,
    kind: impl Fn() -> Option<String>,
    bound: impl Fn(&str) -> bool,
) -> Scope {
    let text = |atom: &Option<Atom>| atom.as_ref().map(Atom::to_text).unwrap_or_default();
    let inert = |kind: &str| kind.is_empty() || kind == "localnet";
    match (column, key) {
        ("options", "network_name") | ("tag" | "tag_request", _) => Scope::Reached,
        ("_uuid", _) => match kind() {
            Some(kind) if kind == "localnet" => Scope::Reached,
            // What nothing is plugged into makes no switch local.
            Some(kind) if kind.is_empty() && !bound(&change.record) => Scope::Nowhere,
            _ => Scope::Anywhere,
        },
        ("type", _) => {
            let (before, after) = (text(&change.before), text(&change.after));
            if !inert(&before) || !inert(&after) || bound(&change.record) {
                Scope::Anywhere
            } else {
                Scope::Reached
            }
        }
        ("options", "router-port" | "requested-chassis" | "l2gateway-chassis")
        | ("parent_name" | "peer" | "ha_chassis_group", _) => Scope::Anywhere,
        _ => Scope::Nowhere,
    }
}
