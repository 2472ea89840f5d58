//! Rows of two readings of one database, brought into one shape and compared.

use std::collections::BTreeMap;

use ovnlint::read::ovsdb::datum::{Atom, Datum};
use ovnlint::read::ovsdb::{Database, Row, Table};

/// What each row holds in a column, by UUID. Empty sets and empty maps are the same thing in a text.
pub type Cells = BTreeMap<String, Option<String>>;

/// What a row holds in a column, printed; `None` where it holds nothing.
pub fn cell(table: &Table, row: &Row, column: &str) -> Option<String> {
    let datum = match row.cells.get(column) {
        Some(value) => value.datum.clone(),
        None => Datum::Set(table.columns[column].default.clone().into_iter().collect()),
    };
    match datum {
        Datum::Set(atoms) if atoms.is_empty() => None,
        Datum::Map(entries) if entries.is_empty() => None,
        // Texts do not tell a column of one string from a set that holds one.
        Datum::Set(atoms) => Some(
            atoms
                .iter()
                .map(Atom::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        ),
        Datum::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}={value}"));
            Some(entries.collect::<Vec<_>>().join(", "))
        }
        Datum::Unsure(why) => panic!("{column} of {row:?}: {why}"),
    }
}

fn cells(table: &Table, column: &str) -> Cells {
    let key = |row: &Row| row.uuid.expect("the form prints UUIDs").to_string();
    table
        .rows
        .iter()
        .map(|row| (key(row), cell(table, row, column)))
        .collect()
}

const GONE: [&str; 2] = ["capabilities", "monitor"];

/// Asserts that both show the same rows in every column that the log keeps.
pub fn assert_same(log: &Database, other: &Database, tables: &[&str], what: &str) {
    assert_eq!(other.troubles, [], "{what}");
    assert_eq!(log.schema, other.schema, "{what}");
    for name in tables {
        let (log, other) = (&log.tables[*name], &other.tables[*name]);
        for column in log.columns.keys() {
            // Columns of old schemas that `ovs-vsctl` of a new release does not know.
            let gone = GONE.contains(&&**column) && !other.columns.contains_key(column);
            if gone {
                continue;
            }
            assert!(
                other.columns.contains_key(column),
                "{what}: {name}:{column}"
            );
            assert_eq!(
                cells(log, column),
                cells(other, column),
                "{what}: {name}:{column}"
            );
        }
    }
}

/// The tables that hold rows, or that the other may show as empty.
pub fn tables(database: &Database) -> Vec<&str> {
    database.tables.keys().map(String::as_str).collect()
}
