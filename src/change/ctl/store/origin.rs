//! Where the values that commands wrote were written.

use std::collections::BTreeMap;

use crate::read::ovsdb::datum::{Atom, Uuid};
use crate::source::Place;

use super::{Entry, RowId, Store};

/// The origins of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Where the whole was written or cleared.
    pub whole: Option<Place>,
    /// Where single keys or elements were written or removed after that.
    pub parts: BTreeMap<Atom, Place>,
}

/// Stands for the row as a whole where a column is asked for.
const ROW: usize = usize::MAX;

impl Store {
    /// Where the command that created a row is written.
    pub fn row_origin(&self, row: RowId) -> Option<&Place> {
        self.origin(row, ROW, None)
    }

    /// Notes where the command that created a row is written.
    pub fn set_row_origin(&mut self, row: RowId, place: Option<&Place>) {
        self.set_origin(row, ROW, place);
    }

    /// Where the last command that changed this cell said so; with `part`, the one for this key or element.
    pub fn origin(&self, row: RowId, column: usize, part: Option<&Atom>) -> Option<&Place> {
        let origins = self.origins.get(&(row.uuid, column))?;
        let part = part.and_then(|part| origins.parts.get(part));
        part.or(origins.whole.as_ref())
    }

    /// Where commands wrote a cell and its pieces; `None`: none did.
    pub fn origins(&self, row: RowId, column: usize) -> Option<&Origins> {
        self.origins.get(&(row.uuid, column))
    }

    /// Notes where the whole of a cell was written.
    pub fn set_origin(&mut self, row: RowId, column: usize, place: Option<&Place>) {
        let Some(place) = place else { return };
        let cell = (row.uuid, column);
        let origins = Origins {
            whole: Some(place.clone()),
            parts: BTreeMap::new(),
        };
        let before = self.origins.insert(cell, origins);
        self.log.push(Entry::Origins(cell, before));
    }

    /// Notes where a key or an element was written or removed.
    pub fn set_part_origin(
        &mut self,
        row: RowId,
        column: usize,
        part: &Atom,
        place: Option<&Place>,
    ) {
        let Some(place) = place else { return };
        let cell = (row.uuid, column);
        let origins = self.origins.entry(cell).or_default();
        let before = origins.parts.insert(part.clone(), place.clone());
        self.log.push(Entry::Part(cell, part.clone(), before));
    }

    pub(super) fn restore_origins(&mut self, cell: (Uuid, usize), before: Option<Origins>) {
        match before {
            Some(before) => self.origins.insert(cell, before),
            None => self.origins.remove(&cell),
        };
    }

    pub(super) fn restore_part(&mut self, cell: (Uuid, usize), part: Atom, before: Option<Place>) {
        let Some(origins) = self.origins.get_mut(&cell) else {
            return;
        };
        match before {
            Some(before) => origins.parts.insert(part, before),
            None => origins.parts.remove(&part),
        };
    }
}
