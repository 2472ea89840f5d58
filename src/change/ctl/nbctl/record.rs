//! Finds records by their names as `ovn-nbctl` does, and reads the arguments that many commands share.

use crate::read::ovsdb::datum::{Atom, Datum, Uuid};
use crate::source::Place;

use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::Transaction;
use super::super::transaction::flow::Flow;

/// A kind of record.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its table.
    pub table: &'static str,
    /// What messages call one.
    pub noun: &'static str,
    /// What messages call several, where several may have one name.
    pub plural: Option<&'static str>,
}

const fn kind(table: &'static str, noun: &'static str, plural: Option<&'static str>) -> Kind {
    Kind {
        table,
        noun,
        plural,
    }
}

/// A logical switch.
pub const SWITCH: Kind = kind("Logical_Switch", "switch", Some("logical switches"));
/// A logical router.
pub const ROUTER: Kind = kind("Logical_Router", "router", Some("logical routers"));
/// A port of a switch.
pub const SWITCH_PORT: Kind = kind("Logical_Switch_Port", "port", None);
/// A port of a router.
pub const ROUTER_PORT: Kind = kind("Logical_Router_Port", "port", None);
/// A load balancer.
pub const BALANCER: Kind = kind("Load_Balancer", "load balancer", Some("load balancers"));
/// A port group.
pub const PORT_GROUP: Kind = kind("Port_Group", "port group", None);
/// An address set.
pub const ADDRESS_SET: Kind = kind("Address_Set", "Address Set", Some("Address Sets"));
/// A mirror.
pub const MIRROR: Kind = kind("Mirror", "mirror", None);
/// A chassis of a router port.
pub const GATEWAY: Kind = kind("Gateway_Chassis", "gateway chassis", None);
/// A group of chassis; the tool calls it so.
pub const CHASSIS_GROUP: Kind = kind("HA_Chassis_Group", "ha_chassi_group", None);

/// The record that an argument names, where there is one.
pub fn find(transaction: &Transaction, kind: Kind, name: &str) -> Result<Option<RowId>, Flow> {
    let table = transaction.table(kind.table);
    if let Ok(uuid) = name.parse::<Uuid>() {
        let row = RowId { table, uuid };
        if transaction.store.contains(row) && transaction.sees(row) {
            return Ok(Some(row));
        }
    }
    let rows = transaction.named(kind.table, name);
    if let (Some(plural), true) = (kind.plural, rows.len() > 1) {
        return Err(format!("Multiple {plural} named '{name}'.  Use a UUID.").into());
    }
    Ok(rows.first().copied())
}

/// The record that an argument names, which must be there.
pub fn need(transaction: &mut Transaction, kind: Kind, name: &str) -> Result<RowId, Flow> {
    if let Some(row) = find(transaction, kind, name)? {
        return Ok(row);
    }
    let what = if name.parse::<Uuid>().is_ok() {
        "UUID"
    } else {
        "name"
    };
    // The letter that was missing came back.
    let noun = match kind.noun {
        "ha_chassi_group" if transaction.at_least(&[25, 3]) => "ha_chassis_group",
        noun => noun,
    };
    let message = format!("{name}: {noun} {what} not found");
    Err(transaction.missing(kind.table, message))
}

/// The record that a word of a command names, which must be there.
pub fn need_at(
    transaction: &mut Transaction,
    kind: Kind,
    command: &Command,
    word: usize,
) -> Result<RowId, Flow> {
    need(transaction, kind, command.text(word)).map_err(|flow| flow.word(word))
}

/// The record that a word names; `None` where it is not there and `--if-exists` was given.
pub fn if_exists(
    transaction: &mut Transaction,
    kind: Kind,
    command: &Command,
    word: usize,
) -> Result<Option<RowId>, Flow> {
    if command.has("--if-exists") {
        return find(transaction, kind, command.text(word)).map_err(|flow| flow.word(word));
    }
    need_at(transaction, kind, command, word).map(Some)
}

/// The `KEY=VALUE` words from `from` on; others are passed over.
pub fn pairs(command: &Command, from: usize) -> Vec<(String, String, Option<Place>)> {
    let words = command.words.get(from..).unwrap_or_default().iter();
    let pair = |word: &super::super::Word| {
        let (key, value) = word.value.split_once('=')?;
        let place = word.part(key.len() + 1..word.value.len());
        Some((key.to_owned(), value.to_owned(), place))
    };
    words.filter_map(pair).collect()
}

/// The texts of the words from `from` on, as a set.
pub fn set_of_words(command: &Command, from: usize) -> Datum {
    let words = command.words.get(from..).unwrap_or_default().iter();
    let mut atoms: Vec<_> = words
        .map(|word| Atom::Text(word.value.as_str().into()))
        .collect();
    atoms.sort();
    atoms.dedup();
    Datum::Set(atoms)
}

/// A priority.
pub fn priority(text: &str) -> Result<i64, Flow> {
    let number = address::leading_integer(text).filter(|number| (0..=32767).contains(number));
    number.ok_or_else(|| format!("{text}: priority must in range 0...32767").into())
}

/// `from-lport` or `to-lport`; the first letter decides.
pub fn direction(text: &str) -> Result<&'static str, Flow> {
    match text.as_bytes().first() {
        Some(b't') => Ok("to-lport"),
        Some(b'f') => Ok("from-lport"),
        _ => Err(format!("{text}: direction must be \"to-lport\" or \"from-lport\"").into()),
    }
}

/// `enabled` or `disabled`.
pub fn enabled(text: &str) -> Result<Datum, Flow> {
    let enabled = text.eq_ignore_ascii_case("enabled");
    if !enabled && !text.eq_ignore_ascii_case("disabled") {
        let message = format!("{text}: state must be \"enabled\" or \"disabled\"");
        return Err(Flow::from(message).word(2));
    }
    Ok(Datum::one(Atom::Boolean(enabled)))
}

/// A column of one integer.
pub fn integer(value: i64) -> Datum {
    Datum::one(Atom::Integer(value))
}

/// Prints records as `UUID (name)`, in the order of their names.
pub fn print_named(transaction: &mut Transaction, rows: &[RowId]) {
    let mut lines: Vec<(String, Uuid)> = rows
        .iter()
        .map(|row| (transaction.store.text(*row, "name").to_owned(), row.uuid))
        .collect();
    lines.sort();
    for (name, uuid) in lines {
        transaction.output.push_str(&format!("{uuid} ({name})\n"));
    }
}
