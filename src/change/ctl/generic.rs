//! The commands on any table: `get`, `set`, `add`, `remove`, `clear`, `create`, `destroy`, `list`, `find`.

pub mod elements;
pub mod reading;

use super::condition::{self, Operator};
use super::parse::Command;
use super::schema::Column;
use super::store::{Entry, RowId};
use super::transaction::flow::{Done, Flow};
use super::transaction::{Side, Transaction};
use super::value::{self, Wanted};
use super::{Word, names};

/// Runs a command where it is one of these; else says so.
pub fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "comment" => Ok(()),
        "get" => reading::get(transaction, command),
        "list" => reading::list(transaction, command),
        "find" => reading::find(transaction, command),
        "set" => set(transaction, command),
        "add" => elements::change_set(transaction, command, Side::In),
        "remove" => elements::change_set(transaction, command, Side::Out),
        "clear" => clear(transaction, command),
        "create" => create(transaction, command),
        "destroy" => destroy(transaction, command),
        "wait-until" => wait_until(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

/// What is checked of every command before the first one runs: tables and columns.
pub fn prepare(transaction: &Transaction, command: &Command) -> Done {
    let name = command.syntax.name;
    let from = match name {
        "get" | "set" | "wait-until" | "clear" | "add" | "remove" => 3,
        "find" | "list" => 2,
        "create" | "destroy" => command.len(),
        _ => return Ok(()),
    };
    let at = table(transaction, command)?;
    let own = &transaction.store.schema.tables[at];
    if ["list", "find"].contains(&name) {
        reading::columns(transaction, command, at)?;
    }
    for word in from..command.len() {
        let text = command.text(word);
        let known = match name {
            "list" => break,
            "get" if reading::is_uuid(text) => continue,
            "add" | "remove" if word > from => break,
            "add" | "remove" | "clear" => names::column(own, text).map(|_| ()),
            _ => condition::column(text, own).map(|_| ()),
        };
        known.map_err(|message| Flow::from(message).word(word))?;
    }
    Ok(())
}

/// The table that the first argument names.
fn table(transaction: &Transaction, command: &Command) -> Result<usize, Flow> {
    let found = names::table(&transaction.store.schema, command.text(1));
    found.map_err(|message| Flow::from(message).word(1))
}

/// The record that a word names, where it must be there unless `--if-exists` was given.
fn record(
    transaction: &mut Transaction,
    command: &Command,
    table: usize,
    word: usize,
) -> Result<Option<RowId>, Flow> {
    let found = look_up(transaction, table, command.text(word));
    let found = found.map_err(|message| Flow::from(message).word(word))?;
    if found.is_none() && !command.has("--if-exists") {
        let name = transaction.store.schema.tables[table].name;
        let message = format!("no row \"{}\" in table {name}", command.text(word));
        return Err(transaction.missing_in(table, message).word(word));
    }
    Ok(found)
}

fn look_up(transaction: &Transaction, table: usize, word: &str) -> Result<Option<RowId>, String> {
    names::record(transaction.store, table, word, &|row| transaction.sees(row))
}

fn set(transaction: &mut Transaction, command: &Command) -> Done {
    let table = table(transaction, command)?;
    let Some(row) = record(transaction, command, table, 2)? else {
        return Ok(());
    };
    for at in 3..command.len() {
        let done = set_column(transaction, row, command.word(at));
        done.map_err(|message| Flow::from(message).word(at))?;
    }
    Ok(())
}

/// `COLUMN[:KEY]=VALUE` of `set`, `create`, `add-port` and others.
pub fn set_column(transaction: &mut Transaction, row: RowId, word: &Word) -> Result<(), String> {
    let schema = transaction.store.schema.clone();
    let table = &schema.tables[row.table];
    let parts = condition::parts(&word.value, table, &[("=", Operator::Equal)])?;
    check_mutable(transaction, row, parts.own)?;
    let text = &word.value[parts.value.clone()];
    let quotes = usize::from(text.len() > 1 && text.starts_with('"') && text.ends_with('"'));
    let place = word.part(parts.value.start + quotes..parts.value.end - quotes);
    let place = place.or_else(|| transaction.place.clone());
    let Some(key) = parts.key else {
        let wanted = Wanted::from(parts.own);
        let datum = value::datum(text, &wanted, &mut transaction.resolver())?;
        transaction.write(row, parts.column, datum, place.as_ref());
        return Ok(());
    };
    let Some(base) = &parts.own.value else {
        let name = parts.own.name;
        return Err(format!(
            "cannot specify key to set for non-map column {name}"
        ));
    };
    let key = value::atom(&key, &parts.own.key, &mut transaction.resolver())?;
    let value = value::atom(text, base, &mut transaction.resolver())?;
    transaction.write_key(row, parts.column, &key, Some(value), place.as_ref());
    Ok(())
}

fn check_mutable(transaction: &Transaction, row: RowId, column: &Column) -> Result<(), String> {
    if column.fixed && !transaction.is_new(row) {
        let table = transaction.store.schema.tables[row.table].name;
        return Err(format!(
            "cannot modify read-only column {} in table {table}",
            column.name
        ));
    }
    Ok(())
}

fn clear(transaction: &mut Transaction, command: &Command) -> Done {
    let table = table(transaction, command)?;
    let Some(row) = record(transaction, command, table, 2)? else {
        return Ok(());
    };
    let schema = transaction.store.schema.clone();
    for at in 3..command.len() {
        let word = |message: String| Flow::from(message).word(at);
        let (column, own) = names::column(&schema.tables[table], command.text(at)).map_err(word)?;
        check_mutable(transaction, row, own).map_err(word)?;
        if own.min > 0 {
            return Err(word(format!(
                "\"clear\" operation cannot be applied to column {} of table {}, which is not allowed to be empty",
                own.name, schema.tables[table].name
            )));
        }
        let place = command
            .word(at)
            .place
            .clone()
            .or_else(|| transaction.place.clone());
        let empty = own.default.clone();
        transaction.write(row, column, empty, place.as_ref());
    }
    Ok(())
}

fn create(transaction: &mut Transaction, command: &Command) -> Done {
    let table = table(transaction, command)?;
    let uuid = match command.value("--id") {
        Some(id) => transaction.define(id, None)?,
        None => transaction.store.fresh(),
    };
    let row = transaction.create_as(RowId { table, uuid });
    for at in 2..command.len() {
        let done = set_column(transaction, row, command.word(at));
        done.map_err(|message| Flow::from(message).word(at))?;
    }
    transaction.output.push_str(&format!("{uuid}\n"));
    Ok(())
}

/// A new row that nothing refers to, of a table that may have one, is only put in once the table is empty: the tool waits
/// for that. Of the row of the whole database it knows that it is there.
pub fn check_single(transaction: &Transaction) -> Done {
    let store = &transaction.store;
    for entry in store.log() {
        let Entry::Created(row) = entry else { continue };
        let own = &store.schema.tables[row.table];
        let mut others = store.rows(row.table).filter(|other| other != row);
        if own.max_rows == 1
            && !own.root
            && store.contains(*row)
            && store.referrers(row.uuid).is_empty()
            && others.any(|other| transaction.sees(other) && !transaction.is_new(other))
        {
            return Err(Flow::waits(format!(
                "there is a record of {} already",
                own.name
            )));
        }
    }
    Ok(())
}

fn destroy(transaction: &mut Transaction, command: &Command) -> Done {
    let table = table(transaction, command)?;
    let all = command.has("--all");
    if all && command.len() > 2 {
        return Err("--all and records argument should not be specified together".into());
    }
    if all && command.has("--if-exists") {
        return Err("--all and --if-exists should not be specified together".into());
    }
    let mut rows: Vec<RowId> = Vec::new();
    if all {
        rows = transaction
            .store
            .rows(table)
            .filter(|row| transaction.sees(*row))
            .collect();
    }
    for row in rows {
        transaction.delete(row);
    }
    for word in 2..command.len() {
        if let Some(row) = record(transaction, command, table, word)? {
            transaction.delete(row);
        }
    }
    Ok(())
}

fn wait_until(transaction: &mut Transaction, command: &Command) -> Done {
    let table = table(transaction, command)?;
    let found = look_up(transaction, table, command.text(2));
    let Some(row) = found.map_err(|message| Flow::from(message).word(2))? else {
        let name = transaction.store.schema.tables[table].name;
        let message = format!("there is no row \"{}\" in table {name}", command.text(2));
        return Err(Flow::waits(message).word(2));
    };
    for at in 3..command.len() {
        let satisfied = condition::satisfied(transaction, row, command.text(at));
        if !satisfied.map_err(|message| Flow::from(message).word(at))? {
            let message = format!("{} does not hold", command.text(at));
            return Err(Flow::waits(message).word(at));
        }
    }
    Ok(())
}
