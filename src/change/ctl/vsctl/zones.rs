//! Datapaths and their zones of connection tracking: `set-zone-limit` and the like.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::Transaction;
use super::super::transaction::flow::{Done, Flow};
use super::model;

/// The datapath of that name.
fn datapath(transaction: &Transaction, name: &str) -> Option<RowId> {
    let root = super::root(transaction);
    let name = Atom::Text(name.into());
    behind(transaction, root, ("datapaths", "Datapath"), &name)
}

/// The row that a key of a map of references leads to.
fn behind(
    transaction: &Transaction,
    row: RowId,
    (column, table): (&str, &str),
    key: &Atom,
) -> Option<RowId> {
    let column = transaction.store.named(row, column);
    let table = transaction.table(table);
    let Datum::Map(entries) = transaction.store.get(row, column) else {
        return None;
    };
    entries.iter().find_map(|(own, value)| match value {
        Atom::Uuid(uuid) if own == key => Some(RowId { table, uuid: *uuid }),
        _ => None,
    })
}

/// The zone of that number.
fn zone(transaction: &Transaction, datapath: RowId, number: i64) -> Option<RowId> {
    let key = Atom::Integer(number);
    behind(transaction, datapath, ("ct_zones", "CT_Zone"), &key)
}

fn need(
    transaction: &mut Transaction,
    command: &Command,
    message: impl Fn(&str) -> String,
) -> Result<RowId, Flow> {
    let name = command.text(1);
    match datapath(transaction, name) {
        Some(row) => Ok(row),
        None => Err(transaction.missing("Datapath", message(name)).word(1)),
    }
}

pub(super) fn capabilities(transaction: &mut Transaction, command: &Command) -> Done {
    let message = |name: &str| format!("datapath \"{name}\" record not found");
    need(transaction, command, message).map(|_| ())
}

pub(super) fn policies(transaction: &mut Transaction, command: &Command) -> Done {
    let message = |name: &str| format!("datapath: {name} record not found");
    need(transaction, command, message).map(|_| ())
}

pub(super) fn limits(transaction: &mut Transaction, command: &Command) -> Done {
    policies(transaction, command)
}

/// The number of a zone; none for that of all zones.
fn zone_id(command: &Command) -> Result<Option<i64>, Flow> {
    let text = command.text(2);
    if text == "default" {
        return Ok(None);
    }
    let invalid = || Flow::from(format!("invalid zone id, {text}")).word(2);
    address::leading_integer(text).map(Some).ok_or_else(invalid)
}

fn no_datapath(name: &str) -> String {
    format!("datapath {name} does not exist")
}

pub(super) fn set_limit(transaction: &mut Transaction, command: &Command) -> Done {
    let number = zone_id(command)?;
    let text = command.text(3);
    let Some(limit) = address::leading_integer(text) else {
        return Err(Flow::from(format!("invalid limit, {text}")).word(3));
    };
    let datapath = need(transaction, command, no_datapath)?;
    if let Some(number) = number.filter(|number| !(0..=65_535).contains(number)) {
        return Err(Flow::from(format!("zone_id ({number}) out of range")).word(2));
    }
    if !(0..=4_294_967_295).contains(&limit) {
        return Err(Flow::from(format!("limit ({limit}) out of range")).word(3));
    }
    let place = command.word(3).place.clone();
    let limit = model::integer(limit);
    let Some(number) = number else {
        transaction.set_at(datapath, "ct_zone_default_limit", limit, place.as_ref());
        return Ok(());
    };
    let zone = zone(transaction, datapath, number).unwrap_or_else(|| {
        let zone = transaction.create("CT_Zone");
        let column = transaction.store.named(datapath, "ct_zones");
        let (key, value) = (Atom::Integer(number), Atom::Uuid(zone.uuid));
        transaction.write_key(datapath, column, &key, Some(value), place.as_ref());
        zone
    });
    transaction.set_at(zone, "limit", limit, place.as_ref());
    Ok(())
}

pub(super) fn del_limit(transaction: &mut Transaction, command: &Command) -> Done {
    let number = zone_id(command)?;
    let datapath = need(transaction, command, no_datapath)?;
    let none = || Datum::Set(Vec::new());
    let place = command.word(2).place.clone();
    let missing = |what: String| {
        if command.has("--if-exists") {
            Ok(())
        } else {
            Err(Flow::from(format!("{what} does not have a limit")).word(2))
        }
    };
    let Some(number) = number else {
        if transaction
            .store
            .integer(datapath, "ct_zone_default_limit")
            .is_none()
        {
            return missing(format!("datapath {}", command.text(1)));
        }
        transaction.set_at(datapath, "ct_zone_default_limit", none(), place.as_ref());
        return Ok(());
    };
    let zone = zone(transaction, datapath, number)
        .filter(|zone| transaction.store.integer(*zone, "limit").is_some());
    let Some(zone) = zone else {
        return missing(format!("zone_id {number}"));
    };
    if transaction.store.uuids(zone, "timeout_policy").is_empty() {
        let column = transaction.store.named(datapath, "ct_zones");
        transaction.write_key(
            datapath,
            column,
            &Atom::Integer(number),
            None,
            place.as_ref(),
        );
    } else {
        transaction.set_at(zone, "limit", none(), place.as_ref());
    }
    Ok(())
}
