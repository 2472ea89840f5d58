//! A dump and a reading in one shape, made independently of each other.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ovnlint::read::ovsdb::Database;
use ovnlint::read::ovsdb::datum::{Atom, Datum};
use serde_json::Value;

/// What a dump or a reading holds, for comparison: table, row and column to a canonical text.
pub type Canonical = BTreeMap<(String, String, String), String>;

/// A dump without the columns that the log does not keep.
pub fn of_dump(dump: &str, but: &[&str]) -> Canonical {
    let mut all = Canonical::new();
    for line in dump.lines() {
        let table: Value = serde_json::from_str(line).unwrap();
        let name = table["caption"]
            .as_str()
            .unwrap()
            .trim_end_matches(" table");
        let headings = table["headings"].as_array().unwrap();
        for row in table["data"].as_array().unwrap() {
            let uuid = row[0][1].as_str().unwrap();
            for (heading, cell) in headings.iter().zip(row.as_array().unwrap()).skip(1) {
                let heading = heading.as_str().unwrap();
                if !but.contains(&heading) {
                    all.insert(
                        (name.to_owned(), uuid.to_owned(), heading.to_owned()),
                        of_json(cell),
                    );
                }
            }
        }
    }
    all
}

fn of_json(value: &Value) -> String {
    let atom = |atom: &Value| match atom {
        Value::Array(parts) => parts[1].as_str().unwrap().to_owned(),
        Value::Number(number) => number.as_i64().map_or_else(
            || number.as_f64().unwrap().to_string(),
            |number| number.to_string(),
        ),
        other => other.to_string(),
    };
    match (value[0].as_str(), &value[1]) {
        (Some("set"), Value::Array(atoms)) => joined(atoms.iter().map(atom)),
        (Some("map"), Value::Array(entries)) => joined(
            entries
                .iter()
                .map(|entry| format!("{}={}", atom(&entry[0]), atom(&entry[1]))),
        ),
        _ => joined([atom(value)]),
    }
}

fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort();
    parts.join("|")
}

/// A reading.
pub fn of_reading(database: &Database) -> Canonical {
    let atom = |atom: &Atom| match atom {
        Atom::Text(text) => Value::from(&**text).to_string(),
        Atom::Real(real) => real.to_string(),
        other => other.to_string(),
    };
    let mut all = Canonical::new();
    for (name, table) in &database.tables {
        for row in &table.rows {
            for (column, shown) in &table.columns {
                let text = match row.cells.get(column).map(|value| &value.datum) {
                    None => joined(shown.default.iter().map(atom)),
                    Some(Datum::Set(atoms)) => joined(atoms.iter().map(atom)),
                    Some(Datum::Map(entries)) => joined(
                        entries
                            .iter()
                            .map(|(key, value)| format!("{}={}", atom(key), atom(value))),
                    ),
                    Some(Datum::Unsure(why)) => panic!("{why}"),
                };
                all.insert(
                    (
                        name.clone(),
                        row.uuid.unwrap().to_string(),
                        column.to_string(),
                    ),
                    text,
                );
            }
        }
    }
    all
}

/// Asserts that two are the same; says where they are not.
pub fn assert_equal(expected: &Canonical, found: &Canonical, what: &str) {
    let mut differences = String::new();
    for key in expected.keys().chain(found.keys()) {
        if expected.get(key) != found.get(key) {
            let _ = writeln!(
                differences,
                "{key:?}: {:?}, not {:?}",
                found.get(key),
                expected.get(key)
            );
        }
    }
    assert!(differences.is_empty(), "{what}:\n{differences}");
}
