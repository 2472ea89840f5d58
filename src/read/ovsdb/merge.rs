//! One table that several outputs show, put together.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::datum::{Atom, Datum, Uuid};
use super::{Row, Table};

/// A table that several pieces make up.
#[derive(Debug)]
pub struct Merged {
    /// As far as it is known.
    pub table: Table,
    by_uuid: HashMap<Uuid, usize>,
    by_name: HashMap<Arc<str>, usize>,
}

impl Merged {
    /// The first piece.
    pub fn new(table: Table) -> Self {
        let mut merged = Self {
            table: Table::default(),
            by_uuid: HashMap::new(),
            by_name: HashMap::new(),
        };
        for row in table.rows {
            merged.push(row);
        }
        merged.table.columns = table.columns;
        merged.table.complete = table.complete;
        merged
    }

    fn push(&mut self, row: Row) {
        let at = self.table.rows.len();
        self.by_uuid.extend(row.uuid.map(|uuid| (uuid, at)));
        self.by_name.extend(row.name.clone().map(|name| (name, at)));
        self.table.rows.push(row);
    }

    /// The row that another one is: by its UUID, or by its name where one of them has no UUID.
    fn find(&self, row: &Row) -> Option<usize> {
        let by_uuid = row.uuid.and_then(|uuid| self.by_uuid.get(&uuid));
        if let Some(&at) = by_uuid {
            return Some(at);
        }
        let without = |at: &usize| row.uuid.is_none() || self.table.rows[*at].uuid.is_none();
        match &row.name {
            Some(name) => self.by_name.get(name).copied().filter(without),
            // The one row of a root table.
            None => (self.table.rows.len() == 1).then_some(0).filter(without),
        }
    }

    /// Adds another piece. Where both show the same rows, their columns add up, and what is written
    /// later counts; otherwise only the columns that both show are known for all rows.
    pub fn add(&mut self, other: Table) {
        let places: Vec<_> = other.rows.iter().map(|row| self.find(row)).collect();
        let met: BTreeSet<_> = places.iter().flatten().collect();
        if met.len() == self.table.rows.len() && met.len() == places.len() {
            self.table.columns.extend(other.columns);
        } else {
            self.table
                .columns
                .retain(|column, _| other.columns.contains_key(column));
        }
        self.table.complete |= other.complete;
        for (row, place) in other.rows.into_iter().zip(places) {
            let Some(at) = place else {
                self.push(row);
                continue;
            };
            let mine = &mut self.table.rows[at];
            mine.uuid = mine.uuid.or(row.uuid);
            self.by_uuid.extend(mine.uuid.map(|uuid| (uuid, at)));
            for (column, value) in row.cells.0 {
                // References by name go with the rows that `show` gave, which have no UUID.
                let by_name = mine
                    .cells
                    .get(&column)
                    .is_some_and(|value| refers_by_name(&value.datum));
                if !by_name {
                    mine.cells.insert(column, value);
                }
            }
        }
    }
}

fn refers_by_name(datum: &Datum) -> bool {
    matches!(datum, Datum::Set(atoms) if matches!(atoms.first(), Some(Atom::Named(_))))
}
