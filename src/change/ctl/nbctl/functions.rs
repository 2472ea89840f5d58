//! Network functions, and the groups of them that traffic is sent through: `nf-add`, `nfg-add` and the like.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, Kind, SWITCH_PORT};

const FUNCTION: Kind = Kind {
    table: "Network_Function",
    noun: "network function",
    plural: None,
};

/// A group of network functions.
pub const GROUP: Kind = Kind {
    table: "Network_Function_Group",
    noun: "network function group",
    plural: None,
};

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "nf-add" => add(transaction, command),
        "nf-del" => del(transaction, command, FUNCTION),
        "nfg-add" => add_group(transaction, command),
        "nfg-del" => del(transaction, command, GROUP),
        "nfg-add-nf" => join(transaction, command),
        "nfg-del-nf" => leave(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn id(text: &str, what: &str) -> Result<Datum, Flow> {
    let id = address::leading_integer(text).filter(|id| (1..=255).contains(id));
    let wrong = || Flow::from(format!("{what} id must be between 1 and 255")).word(2);
    Ok(record::integer(id.ok_or_else(wrong)?))
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    let name = command.word(1);
    let id = id(command.text(2), "network-function")?;
    let mut ports = Vec::new();
    for at in 3..command.len() {
        ports.push(record::need_at(transaction, SWITCH_PORT, command, at)?);
    }
    let existing = record::find(transaction, FUNCTION, &name.value)?;
    if existing.is_some() && !command.has("--may-exist") {
        let message = format!("{}: same name network-function already exists", name.value);
        return Err(Flow::from(message).word(1));
    }
    let row = existing.unwrap_or_else(|| transaction.create(FUNCTION.table));
    transaction.set_text(row, "name", &name.value, name.place.as_ref());
    transaction.set_at(row, "id", id, command.word(2).place.as_ref());
    for (column, port) in ["inport", "outport"].into_iter().zip(ports) {
        transaction.set_rows(row, column, &[port]);
    }
    Ok(())
}

fn del(transaction: &mut Transaction, command: &Command, kind: Kind) -> Done {
    if let Some(row) = record::if_exists(transaction, kind, command, 1)? {
        transaction.delete(row);
    }
    Ok(())
}

fn add_group(transaction: &mut Transaction, command: &Command) -> Done {
    let name = command.word(1);
    let existing = record::find(transaction, GROUP, &name.value)?;
    if existing.is_some() && !command.has("--may-exist") {
        let message = format!(
            "{}: a network-function-group with this name already exists",
            name.value
        );
        return Err(Flow::from(message).word(1));
    }
    let id = id(command.text(2), "network-function-group")?;
    let mode = command.word(3);
    let modes: &[&str] = if transaction.at_least(&[26, 9]) {
        &["inline", "vtap"]
    } else {
        &["inline"]
    };
    if !modes.contains(&mode.value.as_str()) {
        let message = format!(
            "Unsupported mode provided for network-function-group:{}, supported values: {}",
            name.value,
            modes.join(", ")
        );
        return Err(Flow::from(message).word(3));
    }
    let mut functions = Vec::new();
    for at in 4..command.len() {
        functions.push(record::need_at(transaction, FUNCTION, command, at)?);
    }
    let row = existing.unwrap_or_else(|| transaction.create(GROUP.table));
    transaction.set_text(row, "name", &name.value, name.place.as_ref());
    transaction.set_at(row, "id", id, command.word(2).place.as_ref());
    transaction.set_text(row, "mode", &mode.value, mode.place.as_ref());
    transaction.set_rows(row, "network_function", &functions);
    Ok(())
}

/// Whether a function is one of a group.
fn holds(transaction: &Transaction, group: RowId, function: RowId) -> bool {
    let column = transaction.store.named(group, "network_function");
    let atom = Atom::Uuid(function.uuid);
    matches!(transaction.store.get(group, column), Datum::Set(atoms) if atoms.contains(&atom))
}

fn join(transaction: &mut Transaction, command: &Command) -> Done {
    let group = record::need_at(transaction, GROUP, command, 1)?;
    let function = record::need_at(transaction, FUNCTION, command, 2)?;
    if holds(transaction, group, function) {
        if command.has("--may-exist") {
            return Ok(());
        }
        let message = format!(
            "network-function {} is already added to network-function-group {}",
            command.text(2),
            command.text(1)
        );
        return Err(Flow::from(message).word(2));
    }
    transaction.join_later(group, "network_function", function, Side::In);
    Ok(())
}

fn leave(transaction: &mut Transaction, command: &Command) -> Done {
    let group = record::need_at(transaction, GROUP, command, 1)?;
    let function = record::need_at(transaction, FUNCTION, command, 2)?;
    if !holds(transaction, group, function) {
        if command.has("--if-exists") {
            return Ok(());
        }
        // The tool names the group here, not the function.
        let group = command.text(1);
        let message = format!("network-function {group} is not part of any group");
        return Err(Flow::from(message).word(2));
    }
    transaction.join_later(group, "network_function", function, Side::Out);
    Ok(())
}
