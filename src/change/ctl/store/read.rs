//! Cells as the commands read them.

use crate::read::ovsdb::datum::{Atom, Datum, Uuid};

use super::{RowId, Store};

impl Store {
    /// The one string of a column, or of a key in it.
    pub fn one_text(&self, row: RowId, column: &str, key: Option<&str>) -> Option<&str> {
        let column = self.schema.tables[row.table].find(column)?;
        let atom = match (self.get(row, column), key) {
            (Datum::Set(atoms), None) => atoms.first(),
            (Datum::Map(entries), Some(key)) => {
                let is_key = |atom: &Atom| matches!(atom, Atom::Text(text) if **text == *key);
                entries
                    .iter()
                    .find(|(own, _)| is_key(own))
                    .map(|entry| &entry.1)
            }
            _ => None,
        };
        match atom {
            Some(Atom::Text(text) | Atom::Named(text)) => Some(text),
            _ => None,
        }
    }

    /// A string; empty where there is none.
    pub fn text(&self, row: RowId, column: &str) -> &str {
        self.one_text(row, column, None).unwrap_or_default()
    }

    /// All strings of a column.
    pub fn texts(&self, row: RowId, column: &str) -> Vec<&str> {
        let Datum::Set(atoms) = self.get(row, self.named(row, column)) else {
            return Vec::new();
        };
        let text = |atom: &'_ Atom| matches!(atom, Atom::Text(_) | Atom::Named(_));
        atoms
            .iter()
            .filter(|atom| text(atom))
            .map(|atom| match atom {
                Atom::Text(text) | Atom::Named(text) => &**text,
                _ => "",
            })
            .collect()
    }

    /// An integer.
    pub fn integer(&self, row: RowId, column: &str) -> Option<i64> {
        match self.get(row, self.schema.tables[row.table].find(column)?) {
            Datum::Set(atoms) => match atoms.first() {
                Some(Atom::Integer(number)) => Some(*number),
                _ => None,
            },
            _ => None,
        }
    }

    /// A truth value.
    pub fn boolean(&self, row: RowId, column: &str) -> Option<bool> {
        match self.get(row, self.named(row, column)) {
            Datum::Set(atoms) => match atoms.first() {
                Some(Atom::Boolean(value)) => Some(*value),
                _ => None,
            },
            _ => None,
        }
    }

    /// The rows that a column refers to.
    pub fn uuids(&self, row: RowId, column: &str) -> Vec<Uuid> {
        let Some(column) = self.schema.tables[row.table].find(column) else {
            return Vec::new();
        };
        let Datum::Set(atoms) = self.get(row, column) else {
            return Vec::new();
        };
        let uuid = |atom: &Atom| match atom {
            Atom::Uuid(uuid) => Some(*uuid),
            _ => None,
        };
        atoms.iter().filter_map(uuid).collect()
    }

    /// The rows that a column refers to and that are there.
    pub fn referred(&self, row: RowId, column: &str) -> Vec<RowId> {
        let Some(at) = self.schema.tables[row.table].find(column) else {
            return Vec::new();
        };
        let Some(refers) = self.column(row, at).key.refers else {
            return Vec::new();
        };
        let row_of = |uuid| RowId {
            table: refers.table,
            uuid,
        };
        let rows = self.uuids(row, column).into_iter().map(row_of);
        rows.filter(|row| self.contains(*row)).collect()
    }

    /// A map of strings.
    pub fn map(&self, row: RowId, column: &str) -> Vec<(&str, &str)> {
        let Datum::Map(entries) = self.get(row, self.named(row, column)) else {
            return Vec::new();
        };
        let both =
            |(key, value): &'_ (Atom, Atom)| matches!((key, value), (Atom::Text(_), Atom::Text(_)));
        entries
            .iter()
            .filter(|entry| both(entry))
            .map(|(key, value)| match (key, value) {
                (Atom::Text(key), Atom::Text(value)) => (&**key, &**value),
                _ => ("", ""),
            })
            .collect()
    }
}
