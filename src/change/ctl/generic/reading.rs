//! `get`, `list` and `find`.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::parse::Command;
use super::super::schema::Column;
use super::super::store::RowId;
use super::super::transaction::Transaction;
use super::super::transaction::flow::{Done, Flow};
use super::super::{condition, names, value};
use super::{record, table};

pub(super) fn get(transaction: &mut Transaction, command: &Command) -> Done {
    let id = command.value("--id");
    if id.is_some() && command.has("--if-exists") {
        return Err("--if-exists and --id may not be specified together".into());
    }
    let table = table(transaction, command)?;
    let Some(row) = record(transaction, command, table, 2)? else {
        return Ok(());
    };
    if let Some(id) = id {
        transaction.define(id, Some(row.uuid))?;
    }
    for at in 3..command.len() {
        let text = command.text(at);
        let printed = if is_uuid(text) {
            row.uuid.to_string()
        } else {
            let missing = command.has("--if-exists");
            let printed = printed(transaction, row, command.text(2), text, missing);
            printed.map_err(|message| Flow::from(message).word(at))?
        };
        transaction.output.push_str(&printed);
        transaction.output.push('\n');
    }
    Ok(())
}

/// Whether a word asks for the identity of a row.
pub(super) fn is_uuid(text: &str) -> bool {
    let mut names = ["_uuid", "-uuid"].iter();
    names.any(|name| text.eq_ignore_ascii_case(name))
}

/// A cell, or a key of it, as `get` prints it.
fn printed(
    transaction: &mut Transaction,
    row: RowId,
    record: &str,
    word: &str,
    may_miss: bool,
) -> Result<String, String> {
    let schema = transaction.store.schema.clone();
    let table = &schema.tables[row.table];
    let (column, own, key, end) = condition::column_and_key(word, table)?;
    if end < word.len() {
        let rest = &word[end..];
        return Err(format!("{word}: trailing garbage \"{rest}\" in argument"));
    }
    if transaction.store.unseen(row.table, column) {
        transaction.unsure(format!("{} of {} was not seen", own.name, table.name));
    }
    let Some(text) = key else {
        return Ok(in_print(transaction.store.get(row, column), own));
    };
    if !own.is_map() {
        return Err(format!(
            "cannot specify key to get for non-map column {}",
            own.name
        ));
    }
    let key = value::atom(&text, &own.key, &mut transaction.resolver())?;
    let found = match transaction.store.get(row, column) {
        Datum::Map(entries) => entries.iter().find(|entry| entry.0 == key),
        _ => None,
    };
    match found {
        Some((_, value)) => Ok(value.to_string()),
        None if may_miss => Ok(String::new()),
        None => Err(format!(
            "no key \"{text}\" in {} record \"{record}\" column {}",
            table.name, own.name
        )),
    }
}

/// A datum as the tools print it.
pub fn in_print(datum: &Datum, column: &Column) -> String {
    match datum {
        Datum::Set(atoms) => {
            let texts: Vec<_> = atoms.iter().map(Atom::to_string).collect();
            match texts.as_slice() {
                [text] if column.max == 1 => text.clone(),
                _ => format!("[{}]", texts.join(", ")),
            }
        }
        Datum::Map(entries) => {
            let texts: Vec<_> = entries
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            format!("{{{}}}", texts.join(", "))
        }
        Datum::Unsure(_) => "?".to_owned(),
    }
}

/// The columns that `--columns` names, `None` for `_uuid`; all where it was not given.
pub(super) fn columns(
    transaction: &Transaction,
    command: &Command,
    table: usize,
) -> Result<Vec<Option<usize>>, Flow> {
    let own = &transaction.store.schema.tables[table];
    let Some(names) = command.value("--columns") else {
        let all = (0..own.columns.len()).map(Some);
        return Ok(std::iter::once(None).chain(all).collect());
    };
    let mut columns = Vec::new();
    for name in names.split([',', ' ']).filter(|name| !name.is_empty()) {
        let uuid = name.eq_ignore_ascii_case("_uuid");
        columns.push(if uuid {
            None
        } else {
            Some(names::column(own, name)?.0)
        });
    }
    if columns.is_empty() {
        return Err("must specify at least one column name".into());
    }
    Ok(columns)
}

pub(super) fn list(transaction: &mut Transaction, command: &Command) -> Done {
    let table = table(transaction, command)?;
    let columns = columns(transaction, command, table)?;
    let mut rows = Vec::new();
    for word in 2..command.len() {
        rows.extend(record(transaction, command, table, word)?);
    }
    if command.len() == 2 {
        let all = transaction.store.rows(table);
        rows = all.filter(|row| transaction.sees(*row)).collect();
    }
    print(transaction, &rows, &columns);
    Ok(())
}

pub(super) fn find(transaction: &mut Transaction, command: &Command) -> Done {
    let table = table(transaction, command)?;
    let columns = columns(transaction, command, table)?;
    let all = transaction.store.rows(table);
    let all: Vec<_> = all.filter(|row| transaction.sees(*row)).collect();
    let mut rows = Vec::new();
    'rows: for row in all {
        for word in 2..command.len() {
            let satisfied = condition::satisfied(transaction, row, command.text(word));
            if !satisfied.map_err(|message| Flow::from(message).word(word))? {
                continue 'rows;
            }
        }
        rows.push(row);
    }
    print(transaction, &rows, &columns);
    Ok(())
}

/// A line for each column, a blank line between rows.
fn print(transaction: &mut Transaction, rows: &[RowId], columns: &[Option<usize>]) {
    let schema = transaction.store.schema.clone();
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            transaction.output.push('\n');
        }
        for column in columns {
            let (name, text) = match column {
                None => ("_uuid", row.uuid.to_string()),
                Some(column) => {
                    let own = &schema.tables[row.table].columns[*column];
                    (
                        own.name,
                        in_print(transaction.store.get(*row, *column), own),
                    )
                }
            };
            transaction
                .output
                .push_str(&format!("{name:<20}: {text}\n"));
        }
    }
}
