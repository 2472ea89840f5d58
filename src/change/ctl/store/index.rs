//! Finds rows by what a column holds, without looking at every row.

use std::collections::HashMap;
use std::sync::Arc;

use crate::read::ovsdb::datum::{Atom, Datum, Uuid};
use crate::read::ovsdb::schema::Kind;

use super::super::schema::Table;
use super::{RowId, Store};

/// Rows by the value of a column, or of one key of it.
#[derive(Debug)]
pub struct Index {
    column: usize,
    key: Option<&'static str>,
    rows: HashMap<Arc<str>, Vec<Uuid>>,
}

/// Keys of `external_ids` by which the tools find records.
const NEUTRON: [(&str, &str); 3] = [
    ("Logical_Switch", "neutron:network_name"),
    ("Logical_Switch_Port", "neutron:port_name"),
    ("Logical_Router", "neutron:router_name"),
];

/// The indexes of a table: by name, by what must be unique, and by what the tools look for.
pub fn of(table: &Table) -> Vec<Index> {
    let mut columns: Vec<usize> = table.indexes.iter().map(|index| index[0]).collect();
    let names = ["name", "target", "fake_bridge", "external_ip"];
    columns.extend(names.iter().filter_map(|name| table.find(name)));
    columns.retain(|column| !table.columns[*column].is_map());
    columns.sort_unstable();
    columns.dedup();
    let by_key = NEUTRON
        .iter()
        .filter(|(name, _)| *name == table.name)
        .map(|(_, key)| (table.column("external_ids"), Some(*key)));
    let by_value = columns.into_iter().map(|column| (column, None));
    by_value
        .chain(by_key)
        .map(|(column, key)| Index {
            column,
            key,
            rows: HashMap::new(),
        })
        .collect()
}

impl Index {
    pub(super) fn enter(&mut self, row: Uuid, column: usize, datum: &Datum) {
        if let Some(text) = self.text(column, datum) {
            self.rows.entry(text).or_default().push(row);
        }
    }

    pub(super) fn leave(&mut self, row: Uuid, column: usize, datum: &Datum) {
        let Some(text) = self.text(column, datum) else {
            return;
        };
        let Some(rows) = self.rows.get_mut(&text) else {
            return;
        };
        if let Some(at) = rows.iter().position(|own| *own == row) {
            rows.swap_remove(at);
        }
        if rows.is_empty() {
            self.rows.remove(&text);
        }
    }

    fn text(&self, column: usize, datum: &Datum) -> Option<Arc<str>> {
        (column == self.column).then_some(())?;
        text(datum, self.key)
    }
}

/// The one value of a datum, or of a key in it.
fn text(datum: &Datum, key: Option<&str>) -> Option<Arc<str>> {
    let atom = match (datum, key) {
        (Datum::Set(atoms), None) => match atoms.as_slice() {
            [atom] => atom,
            _ => return None,
        },
        (Datum::Map(entries), Some(key)) => {
            let entry = entries.iter().find(|(own, _)| is_text(own, key));
            &entry?.1
        }
        _ => return None,
    };
    Some(match atom {
        Atom::Text(text) | Atom::Named(text) => text.clone(),
        other => other.to_text().into(),
    })
}

fn is_text(atom: &Atom, text: &str) -> bool {
    matches!(atom, Atom::Text(own) if **own == *text)
}

impl Store {
    /// The rows whose column, or whose key in a column, holds this and nothing else.
    pub fn find(&self, table: usize, column: usize, key: Option<&str>, wanted: &str) -> Vec<RowId> {
        let rows = &self.tables[table];
        let index = rows
            .indexes
            .iter()
            .find(|index| index.column == column && index.key == key);
        let is_text = self.schema.tables[table].columns[column].key.kind == Kind::Text;
        match index {
            // Rows that hold the default are in no index.
            Some(index) if !(is_text && key.is_none() && wanted.is_empty()) => {
                let found = index.rows.get(wanted).map_or(&[][..], Vec::as_slice);
                let mut found: Vec<_> = found
                    .iter()
                    .map(|uuid| RowId { table, uuid: *uuid })
                    .collect();
                found.sort_unstable();
                found
            }
            _ => self
                .rows(table)
                .filter(|row| text(self.get(*row, column), key).as_deref() == Some(wanted))
                .collect(),
        }
    }

    /// The first row of that name.
    pub fn by_name(&self, table: usize, name: &str) -> Option<RowId> {
        let column = self.schema.tables[table].find("name")?;
        self.find(table, column, None, name).into_iter().next()
    }

    /// What operators call a row: its name, its target, or its identity.
    pub fn label(&self, row: RowId) -> String {
        let table = &self.schema.tables[row.table];
        let named = ["name", "target"].iter().find_map(|name| {
            let text = text(self.get(row, table.find(name)?), None)?;
            (!text.is_empty()).then(|| text.to_string())
        });
        named.unwrap_or_else(|| match table.max_rows {
            1 => ".".to_owned(),
            _ => row.uuid.to_string(),
        })
    }
}
