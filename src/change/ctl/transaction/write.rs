//! Writes cells, and notes where what was written stands.

use std::collections::BTreeMap;

use crate::read::ovsdb::datum::{Atom, Datum};
use crate::source::Place;

use super::super::store::RowId;
use super::Transaction;

impl Transaction<'_> {
    /// Writes a cell.
    pub fn set(&mut self, row: RowId, column: &str, datum: Datum) {
        let place = self.place.clone();
        self.set_at(row, column, datum, place.as_ref());
    }

    /// Writes a cell that a word gives.
    pub fn set_at(&mut self, row: RowId, column: &str, datum: Datum, place: Option<&Place>) {
        let column = self.store.named(row, column);
        self.write(row, column, datum, place);
    }

    /// Writes a cell by the number of its column.
    pub fn write(&mut self, row: RowId, column: usize, datum: Datum, place: Option<&Place>) {
        self.broken |= !self.sees(row);
        if self.store.set(row, column, datum) {
            self.store.set_origin(row, column, place);
        }
    }

    /// Writes a string.
    pub fn set_text(&mut self, row: RowId, column: &str, text: &str, place: Option<&Place>) {
        self.set_at(row, column, Datum::one(Atom::Text(text.into())), place);
    }

    /// Writes references to rows.
    pub fn set_rows(&mut self, row: RowId, column: &str, rows: &[RowId]) {
        let mut atoms: Vec<_> = rows.iter().map(|row| Atom::Uuid(row.uuid)).collect();
        atoms.sort();
        atoms.dedup();
        self.set(row, column, Datum::Set(atoms));
    }

    /// Writes a map of strings; of equal keys the one with the smallest value counts.
    pub fn set_map(
        &mut self,
        row: RowId,
        column: &str,
        entries: &[(String, String, Option<Place>)],
    ) {
        let mut map: BTreeMap<Atom, Atom> = BTreeMap::new();
        for (key, value, _) in entries {
            let value = Atom::Text(value.as_str().into());
            let own = map
                .entry(Atom::Text(key.as_str().into()))
                .or_insert_with(|| value.clone());
            if value < *own {
                *own = value;
            }
        }
        self.set(row, column, Datum::Map(map.into_iter().collect()));
        let column = self.store.named(row, column);
        for (key, _, place) in entries.iter().rev() {
            let key = Atom::Text(key.as_str().into());
            self.store
                .set_part_origin(row, column, &key, place.as_ref());
        }
    }

    /// Writes one key of a map of strings.
    pub fn set_key(
        &mut self,
        row: RowId,
        column: &str,
        key: &str,
        value: Option<&str>,
        place: Option<&Place>,
    ) {
        let column = self.store.named(row, column);
        let key = Atom::Text(key.into());
        let value = value.map(|value| Atom::Text(value.into()));
        self.write_key(row, column, &key, value, place);
    }

    /// Writes one key of a map.
    pub fn write_key(
        &mut self,
        row: RowId,
        column: usize,
        key: &Atom,
        value: Option<Atom>,
        place: Option<&Place>,
    ) {
        if !matches!(self.store.get(row, column), Datum::Map(_)) {
            return;
        }
        self.broken |= !self.sees(row);
        if self.store.set_entry(row, column, key, value) {
            self.store.set_part_origin(row, column, key, place);
        }
    }
}
