//! The recorded files, and what `show` has in common with a log.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ovnlint::read::ovsdb::{Database, Keep, Row, read};
use ovnlint::source::FileId;

use crate::rows::cell;

/// Reads a file that must be OVSDB state.
pub fn database(path: &Path) -> Database {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let database = read(FileId(0), &bytes, Keep::All);
    database.unwrap_or_else(|| panic!("{} was not recognised", path.display()))
}

/// A file of `testdata/ovsdb`.
pub fn recorded(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/ovsdb")
        .join(name)
}

/// Asserts that `show` gives what the log has, by names, and leaves the rest unseen.
pub fn assert_subset(log: &Database, show: &Database, unseen: &[(&str, &str)], what: &str) {
    assert_eq!(log.schema, show.schema, "{what}");
    let names = names(log);
    for (name, table) in &show.tables {
        let by_name: BTreeMap<_, _> = log.tables[name]
            .rows
            .iter()
            .map(|row| (&names[&row.uuid.unwrap().to_string()], row))
            .collect();
        for row in &table.rows {
            let own = row
                .name
                .as_deref()
                .map_or_else(|| row.uuid.unwrap().to_string(), str::to_owned);
            let Some(other) = by_name.get(&own) else {
                continue;
            };
            // Gateway chassis go by their chassis here, and encaps have no name in the database.
            let known = |column: &&Arc<str>| {
                log.tables[name].columns.contains_key(*column)
                    && !["gateway_chassis", "encaps"].contains(&&***column)
            };
            for column in table.columns.keys().filter(known) {
                let expected =
                    cell(&log.tables[name], other, column).map(|text| named(&text, &names));
                let expected = expected.filter(|text| !text.is_empty() && text != "false");
                let seen = cell(table, row, column).map(|text| named(&text, &names));
                assert_eq!(
                    seen.filter(|text| !text.is_empty() && text != "false"),
                    expected,
                    "{what}: {name} {own} {column}"
                );
            }
        }
        if table.complete {
            assert_eq!(
                table.rows.len(),
                log.tables[name].rows.len(),
                "{what}: {name}"
            );
        }
    }
    for (table, column) in unseen {
        assert!(
            !show.tables[*table].columns.contains_key(*column),
            "{what}: {table}:{column}"
        );
    }
}

/// Row names by UUID; the UUID for rows without one.
pub fn names(database: &Database) -> BTreeMap<String, String> {
    let rows = database.tables.values().flat_map(|table| &table.rows);
    rows.map(|row| {
        let uuid = row.uuid.unwrap().to_string();
        (
            uuid.clone(),
            row.name.as_deref().map_or(uuid, str::to_owned),
        )
    })
    .collect()
}

/// Names in place of UUIDs, in their own order.
pub fn named(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut parts: Vec<_> = text
        .split(", ")
        .map(|part| {
            names
                .get(part)
                .cloned()
                .unwrap_or_else(|| part.trim_matches('"').to_owned())
        })
        .collect();
    parts.sort();
    parts.join(", ")
}

/// A string of a row, where it was seen.
pub fn text(database: &Database, table: &str, row: &Row, column: &str) -> Option<String> {
    database
        .text(table, row, column)
        .seen()
        .map(|text| text.value.clone())
}
