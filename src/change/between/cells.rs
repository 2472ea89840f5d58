//! Which values of a node's Open vSwitch differ between two trees, and where that stands in the tree after.

use std::collections::BTreeSet;

use crate::change::ctl::CellChange;
use crate::read::ovsdb::datum::{Atom, Uuid};
use crate::site::ovs::{Bridge, Entries, Ovs, Port};
use crate::source::{Known, Place, Spanned};

/// A column of a record.
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    /// The table.
    pub table: &'static str,
    /// The record, by its name.
    pub record: &'a str,
    /// The column.
    pub column: &'static str,
}

/// What differs, as far as both show it. What is gone stands where it would stand.
pub fn changes(old: &Ovs, new: &Ovs) -> Vec<CellChange> {
    let mut changes = Vec::new();
    let whole = |column| Cell {
        table: "Open_vSwitch",
        record: ".",
        column,
    };
    let ids = (&old.external_ids, &new.external_ids);
    map(&mut changes, whole("external_ids"), ids);
    let config = (&old.other_config, &new.other_config);
    map(&mut changes, whole("other_config"), config);
    let (Known::Seen(before), Known::Seen(after)) = (&old.bridges, &new.bridges) else {
        return changes;
    };
    let names = |bridges: &[Bridge]| -> Vec<Spanned<String>> {
        bridges.iter().map(|bridge| bridge.name.clone()).collect()
    };
    if old.all_bridges && new.all_bridges {
        rows(
            &mut changes,
            "Bridge",
            (&names(before), &names(after)),
            &after.place,
        );
    }
    for was in before.iter() {
        if let Some(is) = new.bridge(&was.name) {
            bridge(&mut changes, was, is);
        }
    }
    changes
}

fn bridge(changes: &mut Vec<CellChange>, old: &Bridge, new: &Bridge) {
    let cell = |column| Cell {
        table: "Bridge",
        record: &new.name.value,
        column,
    };
    let text = |value: &String| value.clone();
    let flag = |value: &bool| value.to_string();
    let list = |values: &Vec<Spanned<String>>| {
        let values: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
        values.join(",")
    };
    value(
        changes,
        cell("fail_mode"),
        (&old.fail_mode, &new.fail_mode),
        text,
    );
    let datapath = (&old.datapath_type, &new.datapath_type);
    value(changes, cell("datapath_type"), datapath, text);
    let controllers = (&old.controllers, &new.controllers);
    value(changes, cell("controller"), controllers, list);
    value(
        changes,
        cell("stp_enable"),
        (&old.stp_enable, &new.stp_enable),
        flag,
    );
    let rstp = (&old.rstp_enable, &new.rstp_enable);
    value(changes, cell("rstp_enable"), rstp, flag);
    let config = (&old.other_config, &new.other_config);
    map(changes, cell("other_config"), config);
    if let (Known::Seen(before), Known::Seen(after)) = (&old.ports, &new.ports) {
        let names = |ports: &[Port]| -> Vec<Spanned<String>> {
            ports.iter().map(|port| port.name.clone()).collect()
        };
        rows(
            changes,
            "Port",
            (&names(before), &names(after)),
            &new.name.place,
        );
    }
}

/// Rows that came or went.
fn rows(
    changes: &mut Vec<CellChange>,
    table: &'static str,
    (old, new): (&[Spanned<String>], &[Spanned<String>]),
    place: &Place,
) {
    let (before, after): (BTreeSet<&str>, BTreeSet<&str>) = (
        old.iter().map(|name| name.as_str()).collect(),
        new.iter().map(|name| name.as_str()).collect(),
    );
    let cell = |record| Cell {
        table,
        record,
        column: "_uuid",
    };
    for name in old.iter().filter(|name| !after.contains(name.as_str())) {
        let gone = (Some(name.as_str()), None);
        changes.push(change(cell(name), None, gone, place));
    }
    for name in new.iter().filter(|name| !before.contains(name.as_str())) {
        let came = (None, Some(name.as_str()));
        changes.push(change(cell(name), None, came, &name.place));
    }
}

fn value<T>(
    changes: &mut Vec<CellChange>,
    cell: Cell,
    (old, new): (&Known<T>, &Known<T>),
    text: impl Fn(&T) -> String,
) {
    if !(old.settled() && new.settled()) {
        return;
    }
    let shown = |known: &Known<T>| known.seen().map(|value| text(&value.value));
    let (before, after) = (shown(old), shown(new));
    if let Some(place) = new.place().filter(|_| before != after) {
        let values = (before.as_deref(), after.as_deref());
        changes.push(change(cell, None, values, place));
    }
}

fn map(changes: &mut Vec<CellChange>, cell: Cell, (old, new): (&Known<Entries>, &Known<Entries>)) {
    let Some(place) = new.place().filter(|_| old.settled() && new.settled()) else {
        return;
    };
    let entries = |known: &'_ Known<Entries>| {
        let entries = known.seen().into_iter().flat_map(|map| map.iter());
        let owned = entries.map(|(key, value)| (key.clone(), value.clone()));
        owned.collect::<std::collections::BTreeMap<_, _>>()
    };
    let (before, after) = (entries(old), entries(new));
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (was, is) = (before.get(key), after.get(key));
        let values = (
            was.map(|value| value.as_str()),
            is.map(|value| value.as_str()),
        );
        if values.0 != values.1 {
            let place = is.map_or(place, |value| &value.place);
            changes.push(change(cell, Some(key), values, place));
        }
    }
}

/// A change of a cell, or of a key of it.
pub fn change(
    cell: Cell,
    key: Option<&str>,
    (before, after): (Option<&str>, Option<&str>),
    place: &Place,
) -> CellChange {
    let atom = |text: &str| Atom::Text(text.into());
    CellChange {
        table: cell.table,
        row: Uuid([0; 16]),
        record: cell.record.to_owned(),
        column: cell.column,
        key: key.map(atom),
        before: before.map(atom),
        after: after.map(atom),
        place: Some(place.clone()),
    }
}
