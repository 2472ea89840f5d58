//! Finds tables, columns and records by what people type for them.

use crate::read::ovsdb::SchemaName;
use crate::read::ovsdb::datum::Uuid;

use super::schema::{Column, Schema, Table};
use super::store::{RowId, Store};

/// How well a word names something: not at all, as its beginning, but for case and `-`, exactly.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Not,
    Beginning,
    Alike,
    Exact,
}

fn fit(name: &str, word: &str) -> Fit {
    if name == word {
        return Fit::Exact;
    }
    let alike = |byte: u8| match byte {
        b'-' => b'_',
        other => other.to_ascii_lowercase(),
    };
    let begins = word.len() <= name.len()
        && word
            .bytes()
            .map(alike)
            .eq(name.bytes().take(word.len()).map(alike));
    match (begins, word.len()) {
        (false, _) | (_, 0) => Fit::Not,
        (true, length) if length == name.len() => Fit::Alike,
        _ => Fit::Beginning,
    }
}

/// The best of several names, or all that are equally good.
fn best<'a>(names: impl Iterator<Item = &'a str>, word: &str) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    let mut quality = Fit::Beginning;
    for (at, name) in names.enumerate() {
        let own = fit(name, word);
        if own > quality {
            found.clear();
            quality = own;
        }
        if own == quality {
            found.push((at, name));
        }
    }
    found
}

fn joined(found: &[(usize, &str)]) -> String {
    let mut names: Vec<&str> = found.iter().map(|(_, name)| *name).collect();
    names.sort_unstable();
    names.join(", ")
}

/// The table that a word names.
pub fn table(schema: &Schema, word: &str) -> Result<usize, String> {
    let names = schema.tables.iter().map(|table| table.name);
    match best(names, word).as_slice() {
        [(at, _)] => Ok(*at),
        [] => Err(format!("unknown table \"{word}\"")),
        several => Err(format!(
            "\"{word}\" matches multiple table names: {}",
            joined(several)
        )),
    }
}

/// The column that a word names.
pub fn column<'a>(table: &'a Table, word: &str) -> Result<(usize, &'a Column), String> {
    let names = table.columns.iter().map(|column| column.name);
    match best(names, word).as_slice() {
        [(at, _)] => Ok((*at, &table.columns[*at])),
        [] => Err(format!(
            "{} does not contain a column whose name matches \"{word}\"",
            table.name
        )),
        several => Err(format!(
            "{} contains more than one column whose name matches \"{word}\": {}",
            table.name,
            joined(several)
        )),
    }
}

/// By what a record of a table can be named: a column of a table, perhaps a key in it, and perhaps the
/// column that leads from there to the record.
type Named = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
);

const NAMED: [Named; 37] = [
    ("Bridge", "Bridge", "name", None, None),
    ("Controller", "Bridge", "name", None, Some("controller")),
    ("Interface", "Interface", "name", None, None),
    ("Mirror", "Mirror", "name", None, None),
    ("Manager", "Manager", "target", None, None),
    ("NetFlow", "Bridge", "name", None, Some("netflow")),
    ("Port", "Port", "name", None, None),
    ("QoS", "Port", "name", None, Some("qos")),
    ("sFlow", "Bridge", "name", None, Some("sflow")),
    ("Flow_Table", "Flow_Table", "name", None, None),
    ("IPFIX", "Bridge", "name", None, Some("ipfix")),
    ("AutoAttach", "Bridge", "name", None, Some("auto_attach")),
    (
        "Flow_Sample_Collector_Set",
        "Flow_Sample_Collector_Set",
        "id",
        None,
        None,
    ),
    (
        "DHCP_Options",
        "Logical_Switch_Port",
        "name",
        None,
        Some("dhcpv4_options"),
    ),
    (
        "DHCP_Options",
        "Logical_Switch_Port",
        "external_ids",
        Some("neutron:port_name"),
        Some("dhcpv4_options"),
    ),
    (
        "DHCP_Options",
        "Logical_Switch_Port",
        "name",
        None,
        Some("dhcpv6_options"),
    ),
    (
        "DHCP_Options",
        "Logical_Switch_Port",
        "external_ids",
        Some("neutron:port_name"),
        Some("dhcpv6_options"),
    ),
    ("Logical_Switch", "Logical_Switch", "name", None, None),
    (
        "Logical_Switch",
        "Logical_Switch",
        "external_ids",
        Some("neutron:network_name"),
        None,
    ),
    (
        "Logical_Switch_Port",
        "Logical_Switch_Port",
        "name",
        None,
        None,
    ),
    (
        "Logical_Switch_Port",
        "Logical_Switch_Port",
        "external_ids",
        Some("neutron:port_name"),
        None,
    ),
    ("Logical_Router", "Logical_Router", "name", None, None),
    (
        "Logical_Router",
        "Logical_Router",
        "external_ids",
        Some("neutron:router_name"),
        None,
    ),
    (
        "Logical_Router_Port",
        "Logical_Router_Port",
        "name",
        None,
        None,
    ),
    ("Address_Set", "Address_Set", "name", None, None),
    ("Port_Group", "Port_Group", "name", None, None),
    ("ACL", "ACL", "name", None, None),
    ("HA_Chassis", "HA_Chassis", "chassis_name", None, None),
    ("HA_Chassis_Group", "HA_Chassis_Group", "name", None, None),
    ("Load_Balancer", "Load_Balancer", "name", None, None),
    (
        "Load_Balancer_Group",
        "Load_Balancer_Group",
        "name",
        None,
        None,
    ),
    (
        "Load_Balancer_Health_Check",
        "Load_Balancer_Health_Check",
        "vip",
        None,
        None,
    ),
    ("Forwarding_Group", "Forwarding_Group", "name", None, None),
    ("Meter", "Meter", "name", None, None),
    ("NAT", "NAT", "external_ip", None, None),
    (
        "Chassis_Template_Var",
        "Chassis_Template_Var",
        "chassis",
        None,
        None,
    ),
    ("Connection", "Connection", "target", None, None),
];

/// The record that a word names, among the rows that `shown` accepts.
pub fn record(
    store: &Store,
    table: usize,
    word: &str,
    shown: &dyn Fn(RowId) -> bool,
) -> Result<Option<RowId>, String> {
    if let Ok(uuid) = word.parse::<Uuid>() {
        let row = RowId { table, uuid };
        if store.contains(row) && shown(row) {
            return Ok(Some(row));
        }
    }
    if word == "." {
        let mut rows = store.rows(table).filter(|row| shown(*row));
        if let (Some(row), None) = (rows.next(), rows.next()) {
            return Ok(Some(row));
        }
    }
    let own = store.schema.tables[table].name;
    // Those of the northbound have a name, too, but ovn-nbctl does not look at it.
    let nameless = own == "Mirror" && store.schema.database == SchemaName::Northbound;
    for named in NAMED.iter().filter(|named| named.0 == own && !nameless) {
        if let Some(row) = by_name(store, table, named, word, shown)? {
            return Ok(Some(row));
        }
    }
    by_beginning(store, table, word, shown)
}

fn by_name(
    store: &Store,
    table: usize,
    named: &Named,
    word: &str,
    shown: &dyn Fn(RowId) -> bool,
) -> Result<Option<RowId>, String> {
    let (_, holder, column, key, leads) = *named;
    let Some(holder) = store.schema.find(holder) else {
        return Ok(None);
    };
    let Some(column) = store.schema.tables[holder].find(column) else {
        return Ok(None);
    };
    let mut found = store.find(holder, column, key, word);
    // A record whose name is a UUID is also found by the beginning of it.
    if found.is_empty() && is_beginning_of_uuid(word) {
        let table = &store.schema.tables[holder];
        found = store
            .rows(holder)
            .filter(|row| {
                let name = store.one_text(*row, table.columns[column].name, key);
                name.is_some_and(|name| name.starts_with(word) && name.parse::<Uuid>().is_ok())
            })
            .collect();
    }
    found.retain(|row| shown(*row));
    let [row] = found.as_slice() else {
        if found.is_empty() {
            return Ok(None);
        }
        let holder = store.schema.tables[holder].name;
        return Err(format!("multiple rows in {holder} match \"{word}\""));
    };
    let Some(leads) = leads else {
        return Ok(Some(*row));
    };
    let uuid = match store.uuids(*row, leads).as_slice() {
        [uuid] => *uuid,
        _ => return Ok(None),
    };
    Ok(Some(RowId { table, uuid }))
}

fn by_beginning(
    store: &Store,
    table: usize,
    word: &str,
    shown: &dyn Fn(RowId) -> bool,
) -> Result<Option<RowId>, String> {
    if !is_beginning_of_uuid(word) {
        return Ok(None);
    }
    let word = word.to_ascii_lowercase();
    let mut found = store
        .rows(table)
        .filter(|row| shown(*row) && row.uuid.to_string().starts_with(&word));
    match (found.next(), found.next()) {
        (Some(first), Some(second)) => Err(format!(
            "{} contains 2 or more rows whose UUIDs begin with {word}: at least {} and {}",
            store.schema.tables[table].name, first.uuid, second.uuid
        )),
        (first, _) => Ok(first),
    }
}

/// Whether a word has four digits of a UUID or more, and nothing else.
fn is_beginning_of_uuid(word: &str) -> bool {
    const DASHES: [usize; 4] = [8, 13, 18, 23];
    let fits = |(at, byte): (usize, u8)| {
        if DASHES.contains(&at) {
            byte == b'-'
        } else {
            byte.is_ascii_hexdigit()
        }
    };
    (4..=36).contains(&word.len()) && word.bytes().enumerate().all(fits)
}
