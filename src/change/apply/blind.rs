//! Commands that write what no input shows: what they change there, and what hangs on it, cannot be told.

use crate::change::Doubt;
use crate::change::ctl::parse::{Command, Line};
use crate::change::ctl::store::Store;
use crate::change::ctl::{CellChange, names};
use crate::change::react::bridges::is_setting;
use crate::change::state::State;
use crate::source::Place;

use super::parts;

/// The input that shows every column.
const COLUMNS: &str = "the whole table (`ovs-vsctl list TABLE`, or conf.db)";

/// One write to what was there before, and that no input shows.
pub struct Write {
    place: Place,
    typed: String,
    record: String,
    table: &'static str,
    what: What,
}

/// What is written blindly.
enum What {
    /// A cell, or one key of it.
    Cell(&'static str, Option<String>),
    /// Every key of a map.
    Map(&'static str),
    /// A record that is to be there or not, as it happens.
    Record,
}

/// A cell as a command names it.
struct NamedCell {
    table: usize,
    column: usize,
    record: Option<String>,
    key: Option<String>,
}

/// What the commands of a line write blindly, as the state stands before them.
pub fn writes(line: &Line, state: &State) -> Vec<Write> {
    let commands = line.commands.iter().filter(|_| !line.dry_run);
    let writes = commands.flat_map(|command| {
        let cells = cells(command, &state.store).into_iter();
        let own = cells.filter(|cell| state.store.unseen(cell.table, cell.column));
        let own = own.filter(|cell| is_original(cell, state));
        own.filter_map(|cell| write(command, cell, &state.store))
            .chain(missing(command, &state.store))
    });
    writes.collect()
}

/// Whether a command writes what no input shows.
pub fn is_blind(command: &Command, store: &Store) -> bool {
    let cells = cells(command, store);
    cells
        .iter()
        .any(|cell| store.unseen(cell.table, cell.column))
}

/// Of the blind writes of a line that made these changes, those on which something may hang.
pub fn doubts(writes: Vec<Write>, changes: &[CellChange], owner: &str) -> Vec<Doubt> {
    let doubts = writes.into_iter().filter_map(|write| {
        let (typed, table) = (&write.typed, write.table);
        let message = match &write.what {
            What::Cell(column, key) => {
                let cell = (table, *column);
                let mut changes = changes.iter();
                let changed = changes.any(|change| (change.table, change.column) == cell);
                if !decides(cell, key.as_deref())
                    || is_idle(cell, key.as_deref())
                    || (changed && is_compared(cell, key.as_deref())) {
                    return None;
                }
                format!("what `{typed}` changes on {owner} is not known: {column} of {table} was not seen")
            }
            What::Map(column) => format!(
                "which keys this takes from {column} of {} is not known",
                write.record
            ),
            What::Record => format!(
                "whether `{typed}` finds {} on {owner} is not known: not every record of {table} was seen",
                write.record
            ),
        };
        Some(Doubt {
            place: write.place,
            message,
            needs: Some(COLUMNS),
        })
    });
    doubts.collect()
}

/// Whether what runs may hang on a column, or on a key of it.
pub fn decides((table, column): (&str, &str), key: Option<&str>) -> bool {
    let starts = |keys: &[&str]| key.is_none_or(|key| keys.iter().any(|own| key.starts_with(own)));
    match (table, column) {
        (_, "_uuid") | ("Controller", _) => true,
        ("Open_vSwitch", "external_ids") => {
            starts(&["ovn", "system-id", "hostname", "neutron-bgp"])
        }
        ("Open_vSwitch", column) => matches!(column, "other_config" | "bridges"),
        ("Bridge", "other_config") => starts(&["hwaddr"]),
        ("Bridge", column) => matches!(
            column,
            "controller"
                | "datapath_type"
                | "fail_mode"
                | "ports"
                | "protocols"
                | "rstp_enable"
                | "stp_enable"
        ),
        ("Port", column) => matches!(column, "interfaces" | "tag" | "trunks" | "vlan_mode"),
        ("Interface", "external_ids") => starts(&["iface-id"]),
        ("Interface", column) => matches!(column, "type" | "options"),
        ("Logical_Switch_Port", "options") => starts(&[
            "network_name",
            "requested-chassis",
            "router-port",
            "l2gateway-chassis",
        ]),
        ("Logical_Switch_Port", column) => matches!(
            column,
            "type"
                | "tag"
                | "tag_request"
                | "parent_name"
                | "peer"
                | "ha_chassis_group"
                | "enabled"
        ),
        ("Logical_Switch", column) => column == "ports",
        ("Logical_Router", column) => matches!(column, "ports" | "nat" | "enabled" | "options"),
        ("Logical_Router_Port", column) => matches!(
            column,
            "gateway_chassis" | "ha_chassis_group" | "peer" | "networks"
        ),
        _ => false,
    }
}

/// Whether a change of it is compared with what was not seen where the reactions are worked out, or harms nothing.
fn is_compared((table, column): (&str, &str), key: Option<&str>) -> bool {
    match (table, column) {
        ("Bridge", "controller" | "fail_mode" | "stp_enable" | "rstp_enable" | "protocols")
        | ("Port", "tag" | "trunks" | "vlan_mode") => true,
        ("Open_vSwitch", "other_config") => key.is_some_and(is_setting),
        _ => false,
    }
}

/// Whether it is a key of ovs-vswitchd's settings that interrupts nothing when it changes.
fn is_idle((table, column): (&str, &str), key: Option<&str>) -> bool {
    let matters = |key: &str| is_setting(key) || key == "flow-restore-wait";
    (table, column) == ("Open_vSwitch", "other_config") && key.is_some_and(|key| !matters(key))
}

/// The cells that a command writes.
fn cells(command: &Command, store: &Store) -> Vec<NamedCell> {
    let words: Vec<&str> = command.words[1..]
        .iter()
        .map(|word| word.value.as_str())
        .collect();
    match (command.syntax.name, &words[..]) {
        ("set" | "clear", [table, record, columns @ ..]) => columns
            .iter()
            .filter_map(|word| {
                let name = word.split('=').next().unwrap_or_default();
                let (name, key) = match name.split_once(':') {
                    Some((name, key)) if command.syntax.name == "set" => (name, Some(key)),
                    _ => (name, None),
                };
                cell(store, table, Some(record), (name, key))
            })
            .collect(),
        ("add" | "remove", [table, record, column, values @ ..]) => values
            .iter()
            .filter_map(|word| {
                let key = word.split('=').next();
                cell(store, table, Some(record), (column, key))
            })
            .collect(),
        ("set-fail-mode" | "del-fail-mode", [bridge, ..]) => {
            let cell = cell(store, "Bridge", Some(bridge), ("fail_mode", None));
            cell.into_iter().collect()
        }
        ("set-controller" | "del-controller", [bridge, ..]) => {
            let cell = cell(store, "Bridge", Some(bridge), ("controller", None));
            cell.into_iter().collect()
        }
        // Who refers to it decides whether it goes.
        ("del-br", _) => {
            let cell = cell(store, "Open_vSwitch", None, ("bridges", None));
            cell.into_iter().collect()
        }
        ("emer-reset", _) => ["controller", "fail_mode"]
            .into_iter()
            .filter_map(|column| cell(store, "Bridge", None, (column, None)))
            .collect(),
        ("lsp-set-type", [port, ..]) => {
            let cell = cell(store, "Logical_Switch_Port", Some(port), ("type", None));
            cell.into_iter().collect()
        }
        ("lsp-set-options", [port, ..]) => {
            let cell = cell(store, "Logical_Switch_Port", Some(port), ("options", None));
            cell.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn cell(
    store: &Store,
    table: &str,
    record: Option<&str>,
    (column, key): (&str, Option<&str>),
) -> Option<NamedCell> {
    let table = names::table(&store.schema, table).ok()?;
    let (column, _) = names::column(&store.schema.tables[table], column).ok()?;
    Some(NamedCell {
        table,
        column,
        record: record.map(str::to_owned),
        key: key.map(|key| key.trim_matches('"').to_owned()),
    })
}

/// Whether the record was there before any command: what commands made is known whole.
fn is_original(cell: &NamedCell, state: &State) -> bool {
    let root = matches!(
        state.store.schema.tables[cell.table].name,
        "Open_vSwitch" | "NB_Global"
    );
    match &cell.record {
        // The row of the whole database is there also where the tool had to make it, as no input shows it.
        _ if root => true,
        None => true,
        Some(record) => names::record(&state.store, cell.table, record, &|_| true)
            .ok()
            .flatten()
            .is_some_and(|row| state.is_original(row)),
    }
}

fn write(command: &Command, cell: NamedCell, store: &Store) -> Option<Write> {
    let table = &store.schema.tables[cell.table];
    let column = &table.columns[cell.column];
    let whole = matches!(command.syntax.name, "set" | "clear") && cell.key.is_none();
    Some(Write {
        place: parts::span(command)?,
        typed: typed(command),
        record: cell.record.unwrap_or_default(),
        table: table.name,
        what: if whole && column.is_map() {
            What::Map(column.name)
        } else {
            What::Cell(column.name, cell.key.filter(|_| column.is_map()))
        },
    })
}

fn typed(command: &Command) -> String {
    let words = command.words.iter().map(|word| word.value.as_str());
    words.collect::<Vec<_>>().join(" ")
}

/// The record that a command looks for and may do without, where it may be there all the same.
fn missing(command: &Command, store: &Store) -> Option<Write> {
    let words = &command.words[1..];
    let (table, record) = match (command.syntax.name, words) {
        _ if !command.has("--if-exists") => return None,
        ("set" | "clear" | "add" | "remove" | "destroy", [table, record, ..]) => {
            (table.value.as_str(), record)
        }
        ("del-br", [bridge]) => ("Bridge", bridge),
        ("del-port", [.., port]) => ("Port", port),
        ("ls-del", [switch]) => ("Logical_Switch", switch),
        ("lsp-del", [port]) => ("Logical_Switch_Port", port),
        ("lr-del", [router]) => ("Logical_Router", router),
        ("lrp-del", [port]) => ("Logical_Router_Port", port),
        _ => return None,
    };
    let table = names::table(&store.schema, table).ok()?;
    let found = names::record(store, table, &record.value, &|_| true).ok()?;
    let unseen = found.is_none() && store.incomplete(table);
    unseen.then_some(Write {
        place: parts::span(command)?,
        typed: typed(command),
        record: record.value.clone(),
        table: store.schema.tables[table].name,
        what: What::Record,
    })
}
