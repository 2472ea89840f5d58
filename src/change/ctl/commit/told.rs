//! Tells what a transaction changed, value by value.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::CellChange;
use super::super::store::{Entry, RowId, Store};

/// Counters that the tools raise with every change; they configure nothing.
const COUNTERS: [&str; 2] = ["next_cfg", "nb_cfg"];

/// What the log of a store amounts to, in the order in which rows and cells were first touched.
pub fn changes(store: &Store) -> Vec<CellChange> {
    let mut changes = Vec::new();
    let mut groups: HashMap<(RowId, usize), Vec<usize>> = HashMap::new();
    let mut created = HashSet::new();
    for (at, entry) in store.log().iter().enumerate() {
        match entry {
            Entry::Created(row) => {
                created.insert(*row);
            }
            Entry::Cell(row, column, _)
            | Entry::Added(row, column, _)
            | Entry::Removed(row, column, _) => {
                groups.entry((*row, *column)).or_default().push(at);
            }
            _ => {}
        }
    }
    let mut told = HashSet::new();
    for entry in store.log() {
        match entry {
            Entry::Created(row) if store.contains(*row) => {
                changes.push(whole(store, *row, Side::Created));
                for (column, datum) in store.cells(*row) {
                    let own = store.column(*row, *column);
                    // What a set has to hold by default was never there.
                    let nothing = Datum::Set(Vec::new());
                    let many = !own.is_map() && own.max > 1;
                    let before = if many { &nothing } else { &own.default };
                    differences(store, *row, *column, before, datum, &mut changes);
                }
            }
            Entry::Deleted(row, cells) if !created.contains(row) => {
                let mut change = whole(store, *row, Side::Deleted);
                change.record = name(cells, store, *row).unwrap_or(change.record);
                changes.push(change);
            }
            Entry::Cell(row, column, _)
            | Entry::Added(row, column, _)
            | Entry::Removed(row, column, _) => {
                let cell = (*row, *column);
                let skipped = created.contains(row)
                    || !store.contains(*row)
                    || COUNTERS.contains(&store.column(*row, *column).name);
                if skipped || !told.insert(cell) {
                    continue;
                }
                cell_changes(store, cell, &groups[&cell], &mut changes);
            }
            _ => {}
        }
    }
    changes
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Created,
    Deleted,
}

fn whole(store: &Store, row: RowId, side: Side) -> CellChange {
    let uuid = Some(Atom::Uuid(row.uuid));
    let (before, after) = match side {
        Side::Created => (None, uuid),
        Side::Deleted => (uuid, None),
    };
    CellChange {
        table: store.schema.tables[row.table].name,
        row: row.uuid,
        record: store.label(row),
        column: "_uuid",
        key: None,
        before,
        after,
        place: store.row_origin(row).cloned(),
    }
}

/// The name of a row that is gone.
fn name(cells: &[(usize, Datum)], store: &Store, row: RowId) -> Option<String> {
    let column = store.schema.tables[row.table].find("name")?;
    let (_, datum) = cells.iter().find(|cell| cell.0 == column)?;
    match datum {
        Datum::Set(atoms) => atoms.first().map(Atom::to_text),
        _ => None,
    }
}

fn cell_changes(
    store: &Store,
    (row, column): (RowId, usize),
    steps: &[usize],
    changes: &mut Vec<CellChange>,
) {
    let log = store.log();
    let now = store.get(row, column);
    let by_element = steps.iter().all(|at| !matches!(log[*at], Entry::Cell(..)));
    if by_element {
        // A set of thousands of ports is not copied to say that one came.
        let mut first: BTreeMap<&Atom, bool> = BTreeMap::new();
        for at in steps {
            if let Entry::Added(_, _, atom) | Entry::Removed(_, _, atom) = &log[*at] {
                let was_there = matches!(log[*at], Entry::Removed(..));
                first.entry(atom).or_insert(was_there);
            }
        }
        let is_there =
            |atom: &Atom| matches!(now, Datum::Set(atoms) if atoms.binary_search(atom).is_ok());
        for (atom, was_there) in first {
            if was_there != is_there(atom) {
                let (before, after) = sides(atom, was_there);
                changes.push(part(store, row, column, (None, Some(atom)), before, after));
            }
        }
        return;
    }
    let before = store.before(row, column);
    differences(store, row, column, &before, now, changes);
}

fn sides(atom: &Atom, was_there: bool) -> (Option<Atom>, Option<Atom>) {
    if was_there {
        (Some(atom.clone()), None)
    } else {
        (None, Some(atom.clone()))
    }
}

fn differences(
    store: &Store,
    row: RowId,
    column: usize,
    before: &Datum,
    after: &Datum,
    changes: &mut Vec<CellChange>,
) {
    let own = store.column(row, column);
    match (before, after) {
        (Datum::Set(old), Datum::Set(new)) if own.max == 1 => {
            let (old, new) = (old.first().cloned(), new.first().cloned());
            if old != new {
                changes.push(part(store, row, column, (None, None), old, new));
            }
        }
        (Datum::Set(old), Datum::Set(new)) => {
            let known: HashSet<String> = old.iter().map(Atom::to_string).collect();
            let kept: HashSet<String> = new.iter().map(Atom::to_string).collect();
            let gone = old.iter().filter(|atom| !kept.contains(&atom.to_string()));
            let come = new.iter().filter(|atom| !known.contains(&atom.to_string()));
            for (atom, was_there) in gone
                .map(|atom| (atom, true))
                .chain(come.map(|atom| (atom, false)))
            {
                let (before, after) = sides(atom, was_there);
                changes.push(part(store, row, column, (None, Some(atom)), before, after));
            }
        }
        (Datum::Map(old), Datum::Map(new)) => {
            let mut both: BTreeMap<&Atom, (Option<&Atom>, Option<&Atom>)> = BTreeMap::new();
            for (key, value) in old {
                both.entry(key).or_default().0 = Some(value);
            }
            for (key, value) in new {
                both.entry(key).or_default().1 = Some(value);
            }
            for (key, (old, new)) in both.into_iter().filter(|(_, (old, new))| old != new) {
                let (old, new) = (old.cloned(), new.cloned());
                changes.push(part(store, row, column, (Some(key), Some(key)), old, new));
            }
        }
        _ => {}
    }
}

fn part(
    store: &Store,
    row: RowId,
    column: usize,
    (key, part): (Option<&Atom>, Option<&Atom>),
    before: Option<Atom>,
    after: Option<Atom>,
) -> CellChange {
    CellChange {
        table: store.schema.tables[row.table].name,
        row: row.uuid,
        record: store.label(row),
        column: store.column(row, column).name,
        key: key.cloned(),
        before,
        after,
        place: store.origin(row, column, part).cloned(),
    }
}
