//! What the database checks and does itself when a transaction is committed.

pub mod told;

use std::collections::{BTreeSet, VecDeque};

use crate::read::ovsdb::datum::{Atom, Datum, Uuid};
use crate::source::Place;

use super::schema::{Refers, Strength, UNLIMITED};
use super::store::{Entry, RowId, Store, references};
use super::transaction::Transaction;
use super::{CellChange, value};

/// Commits a transaction; says what changed. What is refused is left to the caller to undo.
pub fn commit(transaction: &mut Transaction) -> Result<Vec<CellChange>, String> {
    let doomed = std::mem::take(&mut transaction.doomed);
    let pending = std::mem::take(&mut transaction.pending);
    check_cells(transaction.store)?;
    for (row, place) in &doomed {
        transaction.store.set_row_origin(*row, place.as_ref());
        transaction.store.delete(*row);
    }
    let mut cells = BTreeSet::new();
    for change in &pending {
        transaction.apply(change);
        cells.insert((change.row, change.column));
    }
    for (row, at) in cells {
        let (store, column) = (&transaction.store, transaction.store.column(row, at));
        let checked = value::check_datum(store.get(row, at), column);
        checked.map_err(|details| violation(&details))?;
    }
    let store = &mut *transaction.store;
    check_references(store)?;
    collect_garbage(store);
    drop_weak_references(store)?;
    check_limits(store)?;
    check_indexes(store)?;
    Ok(told::changes(store))
}

fn violation(details: &str) -> String {
    error(details, "constraint violation")
}

fn error(details: &str, kind: &str) -> String {
    let details = serde_json::Value::from(details);
    format!("transaction error: {{\"details\":{details},\"error\":\"{kind}\"}}")
}

/// Every cell that is sent: those that were written, and all of a new row, for what it holds by default may not be
/// allowed. Of a row that is gone again nothing is sent.
fn check_cells(store: &Store) -> Result<(), String> {
    for entry in store.log() {
        let checked = match entry {
            Entry::Created(row) if store.contains(*row) => {
                let mut columns = store.schema.tables[row.table].columns.iter().enumerate();
                columns.try_for_each(|(at, own)| value::check_datum(store.get(*row, at), own))
            }
            Entry::Cell(row, column, _) if store.contains(*row) => {
                value::check_datum(store.get(*row, *column), store.column(*row, *column))
            }
            Entry::Added(row, column, atom) if store.contains(*row) => {
                value::check(atom, &store.column(*row, *column).key)
            }
            _ => Ok(()),
        };
        checked.map_err(|details| violation(&details))?;
    }
    Ok(())
}

/// What a reference that must be there leads to, or what is wrong with it.
fn check_reference(store: &Store, row: RowId, column: usize, to: Uuid) -> Result<(), String> {
    let own = store.column(row, column);
    let refers = own.value.as_ref().and_then(|base| base.refers);
    let table = refers
        .or(own.key.refers)
        .map_or(row.table, |refers| refers.table);
    // What a row says of itself is not checked, not even whether the column is for rows of its table.
    if store.contains(RowId { table, uuid: to }) || to == row.uuid {
        return Ok(());
    }
    let tables = &store.schema.tables;
    let details = format!(
        "Table {} column {} row {} references nonexistent row {to} in table {}.",
        tables[row.table].name, own.name, row.uuid, tables[table].name
    );
    Err(error(&details, "referential integrity violation"))
}

fn check_references(store: &Store) -> Result<(), String> {
    for entry in store.log() {
        match entry {
            Entry::Created(row) if store.contains(*row) => {
                for column in 0..store.schema.tables[row.table].columns.len() {
                    check_cell_references(store, *row, column)?;
                }
            }
            Entry::Cell(row, column, _) if store.contains(*row) => {
                check_cell_references(store, *row, *column)?;
            }
            Entry::Added(row, column, Atom::Uuid(to)) if store.contains(*row) => {
                let refers = store.column(*row, *column).key.refers;
                let strong = refers.is_some_and(|refers| refers.strength == Strength::Strong);
                let kept = || {
                    let mut referrers = store.referrers(*to).iter();
                    referrers.any(|referrer| referrer.row == *row && referrer.column == *column)
                };
                if strong && kept() {
                    check_reference(store, *row, *column, *to)?;
                }
            }
            Entry::Deleted(row, _) => {
                let referrers = store.referrers(row.uuid).iter();
                let strong = referrers.filter(|referrer| referrer.strength == Strength::Strong);
                let count = strong.count();
                if count > 0 {
                    let table = store.schema.tables[row.table].name;
                    let uuid = row.uuid;
                    let details = format!(
                        "cannot delete {table} row {uuid} because of {count} remaining reference(s)"
                    );
                    return Err(error(&details, "referential integrity violation"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_cell_references(store: &Store, row: RowId, column: usize) -> Result<(), String> {
    let own = store.column(row, column);
    if !own.has_references() {
        return Ok(());
    }
    references(own, store.get(row, column))
        .filter(|(_, strength)| *strength == Strength::Strong)
        .try_for_each(|(to, _)| check_reference(store, row, column, to))
}

/// Rows that may have lost what kept them, with the place of the words that took it away.
fn candidates(store: &Store) -> VecDeque<(RowId, Option<Place>)> {
    let mut found = VecDeque::new();
    let mut all = |row: RowId, column: usize, datum: &Datum| {
        let own = store.column(row, column);
        for (uuid, _) in references(own, datum) {
            let value = own.value.as_ref().and_then(|base| base.refers);
            let Some(refers) = own.key.refers.or(value) else {
                continue;
            };
            let part = Atom::Uuid(uuid);
            let origin = store.origin(row, column, Some(&part)).cloned();
            let origin = origin.or_else(|| store.row_origin(row).cloned());
            found.push_back((
                RowId {
                    table: refers.table,
                    uuid,
                },
                origin,
            ));
        }
    };
    let mut created = Vec::new();
    for entry in store.log() {
        match entry {
            Entry::Cell(row, column, Some(before)) => all(*row, *column, before),
            Entry::Removed(row, column, atom) => all(*row, *column, &Datum::one(atom.clone())),
            Entry::Deleted(row, cells) => {
                for (column, before) in cells {
                    all(*row, *column, before);
                }
            }
            Entry::Created(row) => created.push((*row, None)),
            _ => {}
        }
    }
    found.extend(created);
    found
}

/// Deletes what nothing refers to any more.
fn collect_garbage(store: &mut Store) {
    let mut queue = candidates(store);
    while let Some((row, place)) = queue.pop_front() {
        let kept = store.schema.tables[row.table].root
            || !store.contains(row)
            || store
                .referrers(row.uuid)
                .iter()
                .any(|referrer| referrer.strength == Strength::Strong);
        if kept {
            continue;
        }
        let schema = store.schema.clone();
        for (column, datum) in store.cells(row) {
            let own = &schema.tables[row.table].columns[*column];
            let value = own.value.as_ref().and_then(|base| base.refers);
            let Some(refers) = own.key.refers.or(value) else {
                continue;
            };
            for (uuid, _) in references(own, datum) {
                let table = refers.table;
                queue.push_back((RowId { table, uuid }, place.clone()));
            }
        }
        store.set_row_origin(row, place.as_ref());
        store.delete(row);
    }
}

/// Takes references to rows that are not there out of the columns that may do without: rows that are gone, and those
/// of another table.
fn drop_weak_references(store: &mut Store) -> Result<(), String> {
    let mut gone: BTreeSet<RowId> = BTreeSet::new();
    for entry in store.log() {
        match entry {
            Entry::Deleted(row, _) => {
                gone.insert(*row);
            }
            Entry::Cell(row, column, _) | Entry::Added(row, column, _) => {
                let own = store.column(*row, *column);
                let refers = own.key.refers;
                let refers = refers.filter(|refers| refers.strength == Strength::Weak);
                let Some(Refers { table, .. }) = refers else {
                    continue;
                };
                let missing = |uuid: Uuid| {
                    let row = RowId { table, uuid };
                    (!store.contains(row)).then_some(row)
                };
                if let Entry::Added(_, _, Atom::Uuid(uuid)) = entry {
                    gone.extend(missing(*uuid));
                } else {
                    let all = references(own, store.get(*row, *column));
                    gone.extend(all.filter_map(|(uuid, _)| missing(uuid)));
                }
            }
            _ => {}
        }
    }
    for missing in gone {
        let place = place_of_deletion(store, missing.uuid);
        for referrer in store.referrers(missing.uuid).to_vec() {
            let (row, column) = (referrer.row, referrer.column);
            let refers = store.column(row, column).key.refers;
            if refers.is_none_or(|refers| refers.table != missing.table) {
                continue;
            }
            let atom = Atom::Uuid(missing.uuid);
            store.remove(row, column, &atom);
            store.set_part_origin(row, column, &atom, place.as_ref());
            let own = store.column(row, column);
            if own.min > 0 && store.uuids(row, own.name).is_empty() {
                let details = format!(
                    "Deletion of 1 weak reference(s) to deleted (or never-existing) rows from column \"{}\" in \"{}\" row {} caused this column to become empty, but constraints on this column disallow an empty column.",
                    own.name, store.schema.tables[row.table].name, row.uuid
                );
                return Err(violation(&details));
            }
        }
    }
    Ok(())
}

fn place_of_deletion(store: &Store, uuid: Uuid) -> Option<Place> {
    let deleted = store.log().iter().find_map(|entry| match entry {
        Entry::Deleted(row, _) if row.uuid == uuid => Some(*row),
        _ => None,
    });
    store.row_origin(deleted?).cloned()
}

fn check_limits(store: &Store) -> Result<(), String> {
    for (at, table) in store.schema.tables.iter().enumerate() {
        let (rows, max) = (store.count(at), table.max_rows);
        let grew = || {
            let mut log = store.log().iter();
            log.any(|entry| matches!(entry, Entry::Created(row) if row.table == at))
        };
        if max != UNLIMITED && rows > max && grew() {
            return Err(violation(&format!(
                "transaction causes \"{}\" table to contain {rows} rows, greater than the schema-defined limit of {max} row(s)",
                table.name
            )));
        }
    }
    Ok(())
}

fn check_indexes(store: &Store) -> Result<(), String> {
    let touched: BTreeSet<RowId> = store
        .log()
        .iter()
        .filter_map(|entry| match entry {
            Entry::Created(row) | Entry::Cell(row, ..) => Some(*row),
            _ => None,
        })
        .filter(|row| store.contains(*row))
        .collect();
    for row in touched {
        for index in &store.schema.tables[row.table].indexes {
            check_index(store, row, index)?;
        }
    }
    Ok(())
}

fn check_index(store: &Store, row: RowId, index: &[usize]) -> Result<(), String> {
    let first = match store.get(row, index[0]) {
        Datum::Set(atoms) => atoms.first().map(Atom::to_text).unwrap_or_default(),
        _ => return Ok(()),
    };
    let same = |other: &RowId| {
        *other != row
            && index
                .iter()
                .all(|column| store.get(*other, *column) == store.get(row, *column))
    };
    let rows = store.find(row.table, index[0], None, &first);
    let Some(other) = rows.into_iter().find(same) else {
        return Ok(());
    };
    let table = &store.schema.tables[row.table];
    let value = |column: &usize| match store.get(row, *column) {
        Datum::Set(atoms) => atoms.first().map(Atom::to_string).unwrap_or_default(),
        _ => String::new(),
    };
    let values: Vec<_> = index.iter().map(value).collect();
    let names: Vec<_> = index
        .iter()
        .map(|column| format!("\"{}\"", table.columns[*column].name))
        .collect();
    let columns = if names.len() == 1 {
        "column"
    } else {
        "columns"
    };
    Err(violation(&format!(
        "Transaction causes multiple rows in \"{}\" table to have identical values ({}) for index on {columns} {}.  First row, with UUID {}, {}  Second row, with UUID {}, {}",
        table.name,
        values.join(" and "),
        names.join(" and "),
        other.uuid,
        history(store, other, index),
        row.uuid,
        history(store, row, index),
    )))
}

/// Where a row comes from, as the database tells it.
fn history(store: &Store, row: RowId, index: &[usize]) -> String {
    let mut before = None;
    for entry in store.log() {
        match entry {
            Entry::Created(own) if *own == row => {
                return "was inserted by this transaction.".to_owned();
            }
            Entry::Cell(own, column, value) if *own == row && index.contains(column) => {
                before = before.or(value.as_ref());
            }
            _ => {}
        }
    }
    match before {
        Some(Datum::Set(atoms)) => format!(
            "had the following index values before the transaction: {}.",
            atoms.first().map(Atom::to_string).unwrap_or_default()
        ),
        _ => "existed in the database before this transaction and was not modified by the transaction."
            .to_owned(),
    }
}
