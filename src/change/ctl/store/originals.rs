//! Which rows of the files the rows of a store were read from.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::read::ovsdb::datum::{Datum, Value};
use crate::read::ovsdb::{Database, Row};

use super::RowId;

/// A row of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Original {
    /// The file, as an index into those that were given.
    pub file: usize,
    /// The row, as an index into its table.
    pub row: usize,
}

/// For each row, where it was read: what counts most first.
#[derive(Debug, Default)]
pub struct Originals {
    first: HashMap<RowId, Original>,
    /// Few rows are shown by several files.
    further: HashMap<RowId, Vec<Original>>,
    /// Columns that count from another file than the first that shows them.
    chosen: HashMap<(RowId, usize), Original>,
}

impl Originals {
    /// Notes that a file shows a row.
    pub fn add(&mut self, row: RowId, original: Original) {
        match self.first.entry(row) {
            Entry::Vacant(first) => drop(first.insert(original)),
            Entry::Occupied(_) => self.further.entry(row).or_default().push(original),
        }
    }

    /// Notes from where a column counts.
    pub fn choose(&mut self, row: RowId, column: usize, original: Original) {
        self.chosen.insert((row, column), original);
    }

    /// The row that counts most; `None`: no file shows it.
    pub fn first(&self, row: RowId) -> Option<Original> {
        self.first.get(&row).copied()
    }

    /// Where a row was read.
    pub fn of(&self, row: RowId) -> impl Iterator<Item = Original> {
        let further = self.further.get(&row).map_or(&[][..], Vec::as_slice);
        self.first(row).into_iter().chain(further.iter().copied())
    }

    /// The rows that several files show.
    pub fn shared(&self) -> impl Iterator<Item = RowId> {
        self.further.keys().copied()
    }

    /// The row from which a column counts: the first that tells it; `None`: none shows it.
    pub fn telling(
        &self,
        files: &[&Database],
        table: &str,
        row: RowId,
        (column, name): (usize, &str),
    ) -> Option<Original> {
        if let Some(original) = self.chosen.get(&(row, column)) {
            return Some(*original);
        }
        let mut shows = self.of(row).filter(|original| {
            files[original.file].tables[table]
                .columns
                .contains_key(name)
        });
        let first = shows.next()?;
        if !is_unsure(cell(files, table, first, name)) {
            return Some(first);
        }
        let better = shows.find(|original| !is_unsure(cell(files, table, *original, name)));
        better.or(Some(first))
    }
}

/// The row of a file.
pub fn row<'a>(files: &[&'a Database], table: &str, original: Original) -> &'a Row {
    &files[original.file].tables[table].rows[original.row]
}

fn cell<'a>(
    files: &[&'a Database],
    table: &str,
    original: Original,
    name: &str,
) -> Option<&'a Value> {
    row(files, table, original).cells.get(name)
}

fn is_unsure(value: Option<&Value>) -> bool {
    value.is_some_and(|value| matches!(value.datum, Datum::Unsure(_)))
}
