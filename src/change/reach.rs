//! What of the northbound a transaction reaches: the switches and routers, and how far their data paths may change.

use std::collections::BTreeSet;

use crate::read::ovsdb::datum::{Atom, Datum, Uuid};

use super::ctl::CellChange;
use super::ctl::store::{RowId, Store};

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
    store: &Store,
    changes: &[CellChange],
    kind_before: impl Fn(&str) -> Option<String>,
    bound: impl Fn(&str) -> bool,
) -> Reach {
    let mut reach = Reach::default();
    for change in changes {
        let table = store.schema.table(change.table);
        let row = RowId {
            table,
            uuid: change.row,
        };
        climb(store, row, &mut reach, 0);
        reach.options |= change.table == "NB_Global";
        let kind = || match store.contains(row) {
            true => Some(store.text(row, "type").to_owned()),
            false => kind_before(&change.record),
        };
        let scope = scope(change, kind, |name| bound(name));
        reach.patches = reach.patches.max(scope);
    }
    reach
}

/// From a row to the switches and routers that hold it.
fn climb(store: &Store, row: RowId, reach: &mut Reach, depth: u32) {
    match store.schema.tables[row.table].name {
        "Logical_Switch" => _ = reach.switches.insert(row.uuid),
        "Logical_Router" => _ = reach.routers.insert(row.uuid),
        // A group of balancers holds what routers hold: four levels are all there are.
        _ if depth > 4 => {}
        _ => {
            for referrer in store.referrers(row.uuid) {
                climb(store, referrer.row, reach, depth + 1);
            }
        }
    }
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
            "ports" | "nat" | "enabled" | "load_balancer" | "load_balancer_group" | "_uuid",
        )
        | ("Logical_Router_Port", "gateway_chassis" | "ha_chassis_group" | "peer" | "_uuid")
        | ("Gateway_Chassis" | "HA_Chassis", "chassis_name" | "_uuid")
        | ("HA_Chassis_Group", "ha_chassis")
        | ("NAT", "type" | "external_mac" | "logical_port")
        | ("Load_Balancer_Group", "load_balancer") => Scope::Anywhere,
        ("Logical_Router", "options") if key == "chassis" => Scope::Anywhere,
        ("Logical_Router_Port", "options") if key == "redirect-type" => Scope::Anywhere,
        ("Load_Balancer", "options") if key == "distributed" => Scope::Anywhere,
        _ => Scope::Nowhere,
    }
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

/// The rows from which the model makes a switch or a router: itself and what it refers to, down to the last.
pub fn below(store: &Store, table: &str, uuid: Uuid) -> Vec<RowId> {
    let root = RowId {
        table: store.schema.table(table),
        uuid,
    };
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open = vec![root];
    while let Some(row) = open.pop() {
        if !store.contains(row) || !seen.insert(row) {
            continue;
        }
        rows.push(row);
        for (column, datum) in store.cells(row) {
            let own = store.column(row, *column);
            let Some(refers) = own.key.refers else {
                continue;
            };
            let Datum::Set(atoms) = datum else { continue };
            // Only what the model reads: a switch refers to its access rules, too.
            if !MODELLED.contains(&store.schema.tables[refers.table].name) {
                continue;
            }
            open.extend(atoms.iter().filter_map(|atom| match atom {
                Atom::Uuid(uuid) => Some(RowId {
                    table: refers.table,
                    uuid: *uuid,
                }),
                _ => None,
            }));
        }
    }
    rows
}

/// The tables below switches and routers that the model reads.
const MODELLED: [&str; 9] = [
    "Logical_Switch_Port",
    "Logical_Router_Port",
    "Gateway_Chassis",
    "HA_Chassis_Group",
    "HA_Chassis",
    "NAT",
    "Load_Balancer",
    "Load_Balancer_Group",
    "QoS",
];
