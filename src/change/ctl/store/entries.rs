//! Writes entries of maps one by one, without a copy of the map for each.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::{Entry, RowId, Store};

impl Store {
    /// Writes an entry of a map, or takes it out. Says whether that makes a difference.
    pub fn set_entry(
        &mut self,
        row: RowId,
        column: usize,
        key: &Atom,
        value: Option<Atom>,
    ) -> bool {
        let Datum::Map(entries) = self.get(row, column) else {
            return false;
        };
        let found = entries.binary_search_by(|entry| entry.0.cmp(key));
        let held = found.ok().and_then(|at| entries.get(at));
        if held.map(|entry| &entry.1) == value.as_ref() || !self.contains(row) {
            return false;
        }
        let before = self.replace(row, column, None);
        if self.noted.insert((row.uuid, column)) {
            self.log.push(Entry::Cell(row, column, before.clone()));
        }
        let mut entries = match before {
            Some(Datum::Map(entries)) => entries,
            _ => Vec::new(),
        };
        match (found, value) {
            (Ok(at), Some(value)) => entries[at].1 = value,
            (Ok(at), None) => _ = entries.remove(at),
            (Err(at), Some(value)) => entries.insert(at, (key.clone(), value)),
            (Err(_), None) => {}
        }
        if !entries.is_empty() {
            self.replace(row, column, Some(Datum::Map(entries)));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::ctl::schema::schema;
    use crate::read::ovsdb::SchemaName;

    fn text(text: String) -> Atom {
        Atom::Text(text.into())
    }

    /// A database with so many entries written one by one, and its row.
    fn written(count: usize) -> (Store, RowId, usize) {
        let mut store = Store::new(schema(SchemaName::OpenVswitch, None));
        let table = store.schema.table("Bridge");
        let uuid = store.fresh();
        let row = RowId { table, uuid };
        store.create(row);
        store.keep();
        let column = store.named(row, "external_ids");
        for number in 0..count {
            let key = text(format!("k{number}"));
            assert!(store.set_entry(row, column, &key, Some(text("v".to_owned()))));
            assert!(!store.set_entry(row, column, &key, Some(text("v".to_owned()))));
        }
        (store, row, column)
    }

    #[test]
    fn what_a_map_was_is_kept_once() {
        for count in [1, 1000] {
            let (mut store, row, column) = written(count);
            let Datum::Map(entries) = store.get(row, column).clone() else {
                panic!("it is a map");
            };
            assert_eq!(entries.len(), count);
            assert!(entries.is_sorted());
            assert_eq!(store.log().len(), 1, "{count} entries");
            store.undo();
            assert_eq!(*store.get(row, column), Datum::Map(Vec::new()));
            // The next command notes it anew.
            assert!(store.set_entry(
                row,
                column,
                &text("a".to_owned()),
                Some(text("b".to_owned()))
            ));
            store.keep();
            assert!(store.set_entry(row, column, &text("a".to_owned()), None));
            store.undo();
            let Datum::Map(entries) = store.get(row, column) else {
                panic!("it is a map");
            };
            assert_eq!(entries.len(), 1);
        }
    }
}
