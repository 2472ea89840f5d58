//! `add` and `remove`: elements of sets, entries of maps.

use std::collections::BTreeSet;

use crate::read::ovsdb::datum::{Atom, Datum};
use crate::source::Place;

use super::super::parse::Command;
use super::super::schema::{Column, UNLIMITED};
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Pending, Side, Transaction};
use super::super::value::{self, Wanted};
use super::super::{Tool, names};
use super::{check_mutable, record, table};

/// `add` and `remove`.
pub(super) fn change_set(transaction: &mut Transaction, command: &Command, side: Side) -> Done {
    let table = table(transaction, command)?;
    let schema = transaction.store.schema.clone();
    let found = names::column(&schema.tables[table], command.text(3));
    let (column, own) = found.map_err(|message| Flow::from(message).word(3))?;
    let Some(row) = record(transaction, command, table, 2)? else {
        return Ok(());
    };
    check_mutable(transaction, row, own).map_err(|message| Flow::from(message).word(3))?;
    let held = held(transaction, transaction.last == Some(command.at));
    let mut added = BTreeSet::new();
    let mut sent = BTreeSet::new();
    for at in 4..command.len() {
        let given = given(transaction, command.text(at), own, side);
        let given = given.map_err(|message| Flow::from(message).word(at))?;
        let place = command
            .word(at)
            .place
            .clone()
            .or_else(|| transaction.place.clone());
        let cell = Cell { row, column, own };
        match (given, side) {
            (Datum::Map(entries), Side::In) => {
                for entry in entries {
                    // Of several words for one key the first counts.
                    if added.insert(entry.0.clone()) {
                        add_entry(transaction, &cell, entry, held, place.as_ref());
                    }
                }
            }
            (Datum::Map(entries), Side::Out) => {
                for (key, value) in entries {
                    remove_entry(transaction, &cell, &key, Some(&value), place.as_ref());
                }
            }
            (Datum::Set(keys), Side::Out) if own.is_map() => {
                for key in keys {
                    remove_entry(transaction, &cell, &key, None, place.as_ref());
                }
            }
            (Datum::Set(atoms), side) => {
                for atom in atoms {
                    sent.insert(atom.clone());
                    let place = place.clone();
                    transaction.apply(&Pending {
                        row,
                        column,
                        atom,
                        side,
                        place,
                    });
                }
            }
            (Datum::Unsure(_), _) => {}
        }
    }
    match (side, held) {
        (Side::In, Held::Replaced | Held::Unknown) if !own.is_map() => {
            check_sent(transaction, row, column, &sent)
        }
        _ => check_bounds(transaction, row, column, side),
    }
}

/// A cell that `add` and `remove` work on.
struct Cell<'a> {
    row: RowId,
    column: usize,
    own: &'a Column,
}

/// The elements that a word of `add` or `remove` gives; keys alone can be removed from a map.
fn given(
    transaction: &mut Transaction,
    text: &str,
    own: &Column,
    side: Side,
) -> Result<Datum, String> {
    let wanted = Wanted {
        min: 1,
        max: UNLIMITED,
        ..Wanted::from(own)
    };
    let read = value::datum(text, &wanted, &mut transaction.resolver());
    if read.is_ok() || side == Side::In || !own.is_map() {
        return read;
    }
    let keys = Wanted {
        value: None,
        ..wanted
    };
    value::datum(text, &keys, &mut transaction.resolver())
}

/// What `add` does with a key that holds another value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    /// It stays.
    Kept,
    /// It is replaced.
    Replaced,
    /// One or the other.
    Unknown,
}

/// In 3.1 the last command of a line sends its elements alone, and the database replaces what a key held;
/// before and in 3.5 a key that is there keeps its value (Open vSwitch b8bf410a5c, and both recordings).
fn held(transaction: &Transaction, last: bool) -> Held {
    let [from, known, until]: [&[u32]; 3] = match transaction.tool {
        Tool::Vsctl => [&[3, 1], &[3, 2], &[3, 5]],
        Tool::Nbctl => [&[23, 3], &[23, 6], &[25, 3]],
    };
    let since = |numbers| transaction.version.is_some() && transaction.at_least(numbers);
    match (since(from), since(known), since(until)) {
        (true, false, _) if last => Held::Replaced,
        (true, true, false) if last => Held::Unknown,
        _ => Held::Kept,
    }
}

fn add_entry(
    transaction: &mut Transaction,
    cell: &Cell,
    (key, value): (Atom, Atom),
    held: Held,
    place: Option<&Place>,
) {
    let own = match transaction.store.get(cell.row, cell.column) {
        Datum::Map(entries) => entries.iter().find(|entry| entry.0 == key),
        _ => None,
    };
    match (own, held) {
        (Some((_, own)), Held::Kept | Held::Unknown) => {
            if held == Held::Unknown && *own != value {
                transaction.unsure(format!(
                    "whether this release of `add` replaces the value of {key}"
                ));
            }
        }
        _ => transaction.write_key(cell.row, cell.column, &key, Some(value), place),
    }
}

fn remove_entry(
    transaction: &mut Transaction,
    cell: &Cell,
    key: &Atom,
    value: Option<&Atom>,
    place: Option<&Place>,
) {
    debug_assert!(cell.own.is_map(), "only maps have entries");
    let held = match transaction.store.get(cell.row, cell.column) {
        Datum::Map(entries) => entries.iter().find(|entry| entry.0 == *key),
        _ => None,
    };
    if held.is_some_and(|held| value.is_none_or(|value| held.1 == *value)) {
        transaction.write_key(cell.row, cell.column, key, None, place);
    }
}

/// What the database says where the elements are sent alone: it, not the tool, looks at their number.
fn check_sent(transaction: &Transaction, row: RowId, column: usize, sent: &BTreeSet<Atom>) -> Done {
    let own = transaction.store.column(row, column);
    let (min, max, count) = (own.min, own.max, sent.len());
    let error = |details: String, kind: &str, syntax: Option<String>| {
        let syntax = syntax.map_or(String::new(), |syntax| {
            format!(",\"syntax\":{}", serde_json::Value::from(syntax))
        });
        let details = serde_json::Value::from(details);
        let answer = format!("{{\"details\":{details},\"error\":\"{kind}\"{syntax}}}");
        Err(Flow::from(format!("transaction error: {answer}")))
    };
    let set = || match sent.iter().map(value::json).collect::<Vec<_>>() {
        atoms if atoms.len() == 1 && max > 1 => atoms.concat(),
        atoms => format!("[\"set\",[{}]]", atoms.join(",")),
    };
    if (min, max) == (1, 1) {
        let details = format!(
            "Type mismatch: \"insert\" operator may not be applied to column {} of type {}.",
            own.name,
            own.english()
        );
        let syntax = format!("[\"{}\",\"insert\",{}]", own.name, set());
        return error(details, "syntax error", Some(syntax));
    }
    if max != UNLIMITED && count > max {
        let details = format!("set must have {min} to {max} members but {count} are present");
        return error(details, "syntax error", Some(set()));
    }
    match transaction.store.get(row, column) {
        Datum::Set(atoms) if atoms.len() > max => error(
            format!(
                "Attempted to store {} elements in {}.",
                atoms.len(),
                own.english()
            ),
            "constraint violation",
            None,
        ),
        _ => Ok(()),
    }
}

fn check_bounds(transaction: &Transaction, row: RowId, column: usize, side: Side) -> Done {
    let own = transaction.store.column(row, column);
    let (count, many) = match transaction.store.get(row, column) {
        Datum::Set(atoms) => (atoms.len(), "values"),
        Datum::Map(entries) => (entries.len(), "pairs"),
        Datum::Unsure(_) => return Ok(()),
    };
    let (verb, limit, word) = match side {
        Side::In if count > own.max => ("add", own.max, "maximum"),
        Side::Out if count < own.min => ("remove", own.min, "minimum"),
        _ => return Ok(()),
    };
    let table = transaction.store.schema.tables[row.table].name;
    Err(Flow::from(format!(
        "\"{verb}\" operation would put {count} {many} in column {} of table {table} but the {word} number is {limit}",
        own.name
    )))
}
