//! What cells held before the open transaction.

use crate::read::ovsdb::datum::Datum;

use super::{Entry, RowId, Store};

impl Store {
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
