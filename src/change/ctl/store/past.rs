//! What was done: kept, and what cells held before it.

use crate::read::ovsdb::datum::Datum;

use super::{Entry, RowId, Store};

impl Store {
    /// Keeps what was done.
    pub fn keep(&mut self) {
        self.noted.clear();
        let rows = self.log.drain(..).filter_map(|entry| match entry {
            Entry::Cell(row, ..)
            | Entry::Added(row, ..)
            | Entry::Removed(row, ..)
            | Entry::Created(row) => Some(row),
            Entry::Deleted(..) | Entry::Origins(..) | Entry::Part(..) => None,
        });
        self.touched.extend(rows);
    }

    /// Whether a command changed a row.
    pub fn touched(&self, row: RowId) -> bool {
        self.touched.contains(&row)
    }

    /// What a cell held before what was done.
    pub fn before(&self, row: RowId, column: usize) -> Datum {
        let mut datum = self.get(row, column).clone();
        for entry in self.log.iter().rev() {
            match (entry, &mut datum) {
                (Entry::Cell(own, at, before), _) if (*own, *at) == (row, column) => {
                    let default = || self.column(row, column).default.clone();
                    datum = before.clone().unwrap_or_else(default);
                }
                (Entry::Added(own, at, atom), Datum::Set(atoms))
                    if (*own, *at) == (row, column) =>
                {
                    atoms.retain(|own| own != atom);
                }
                (Entry::Removed(own, at, atom), Datum::Set(atoms))
                    if (*own, *at) == (row, column) =>
                {
                    let at = atoms.binary_search(atom).unwrap_or_else(|at| at);
                    atoms.insert(at, atom.clone());
                }
                _ => {}
            }
        }
        datum
    }
}
