//! A database that commands change: rows, who refers to them, and a log that undoes what was done.

pub mod convert;
pub mod entries;
pub mod index;
pub mod origin;
pub mod originals;
pub mod past;
pub mod read;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::read::ovsdb::datum::{Atom, Datum, Uuid};

use super::schema::{Column, Schema, Strength};
use index::Index;
use origin::Origins;

/// A database in memory.
#[derive(Debug)]
pub struct Store {
    /// Its tables and columns.
    pub schema: Arc<Schema>,
    tables: Vec<Rows>,
    referrers: HashMap<Uuid, Vec<Referrer>>,
    origins: HashMap<(Uuid, usize), Origins>,
    log: Vec<Entry>,
    /// The cells of which the log holds already what they were.
    noted: HashSet<(Uuid, usize)>,
    touched: HashSet<RowId>,
    created: u64,
}

/// The rows of a table.
#[derive(Debug, Default)]
struct Rows {
    by_uuid: BTreeMap<Uuid, Cells>,
    indexes: Vec<Index>,
    /// Columns that no input shows, and whether rows may be missing.
    unseen: Vec<usize>,
    incomplete: bool,
}

/// What differs from the default, in the order of the columns.
type Cells = Vec<(usize, Datum)>;

/// A row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId {
    /// The table, as an index into the schema.
    pub table: usize,
    /// Its identity.
    pub uuid: Uuid,
}

/// A cell that refers to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Referrer {
    /// The row that refers.
    pub row: RowId,
    /// By which column.
    pub column: usize,
    /// Whether it keeps what it refers to.
    pub strength: Strength,
}

/// One step, so that it can be undone and told.
#[derive(Debug)]
pub enum Entry {
    /// A cell was replaced; what it differed from the default before.
    Cell(RowId, usize, Option<Datum>),
    /// An element was put into a set.
    Added(RowId, usize, Atom),
    /// An element was taken from a set.
    Removed(RowId, usize, Atom),
    /// A row was created.
    Created(RowId),
    /// A row was deleted; what it held.
    Deleted(RowId, Cells),
    /// The origins of a cell were replaced; those before.
    Origins((Uuid, usize), Option<Origins>),
    /// The origin of one element or key was replaced; the one before.
    Part((Uuid, usize), Atom, Option<crate::source::Place>),
}

impl Store {
    /// An empty database.
    pub fn new(schema: Arc<Schema>) -> Self {
        let rows = |table| Rows {
            indexes: index::of(table),
            ..Rows::default()
        };
        Self {
            tables: schema.tables.iter().map(rows).collect(),
            schema,
            referrers: HashMap::new(),
            origins: HashMap::new(),
            log: Vec::new(),
            noted: HashSet::new(),
            touched: HashSet::new(),
            created: 0,
        }
    }

    /// The rows of a table, in the order of their identities.
    pub fn rows(&self, table: usize) -> impl Iterator<Item = RowId> {
        self.tables[table]
            .by_uuid
            .keys()
            .map(move |uuid| RowId { table, uuid: *uuid })
    }

    /// How many rows a table has.
    pub fn count(&self, table: usize) -> usize {
        self.tables[table].by_uuid.len()
    }

    /// Whether a row is there.
    pub fn contains(&self, row: RowId) -> bool {
        self.tables[row.table].by_uuid.contains_key(&row.uuid)
    }

    /// What a cell holds.
    pub fn get(&self, row: RowId, column: usize) -> &Datum {
        let default = &self.column(row, column).default;
        let Some(cells) = self.tables[row.table].by_uuid.get(&row.uuid) else {
            return default;
        };
        match cells.binary_search_by_key(&column, |cell| cell.0) {
            Ok(at) => &cells[at].1,
            Err(_) => default,
        }
    }

    /// The cells of a row that differ from the default.
    pub fn cells(&self, row: RowId) -> &[(usize, Datum)] {
        let cells = self.tables[row.table].by_uuid.get(&row.uuid);
        cells.map_or(&[], |cells| cells.as_slice())
    }

    /// The column of a row.
    pub fn column(&self, row: RowId, column: usize) -> &Column {
        &self.schema.tables[row.table].columns[column]
    }

    /// The column of this name in the table of a row; every release has it.
    pub fn named(&self, row: RowId, column: &str) -> usize {
        self.schema.tables[row.table].column(column)
    }

    /// Who refers to a row.
    pub fn referrers(&self, uuid: Uuid) -> &[Referrer] {
        self.referrers.get(&uuid).map_or(&[], Vec::as_slice)
    }

    /// Whether rows of a table may be missing from what was read.
    pub fn incomplete(&self, table: usize) -> bool {
        self.tables[table].incomplete
    }

    /// Whether a column was not shown by what was read.
    pub fn unseen(&self, table: usize, column: usize) -> bool {
        self.tables[table].unseen.contains(&column)
    }

    /// An identity that no row has.
    pub fn fresh(&mut self) -> Uuid {
        self.created += 1;
        let mut uuid = [0; 16];
        uuid[8..].copy_from_slice(&self.created.to_be_bytes());
        // A random UUID has these two marks; the zeros tell that no database has seen this row yet.
        uuid[6] = 0x40;
        uuid[8] |= 0x80;
        Uuid(uuid)
    }

    /// Creates a row.
    pub fn create(&mut self, row: RowId) {
        self.put(row, Vec::new());
        self.log.push(Entry::Created(row));
    }

    /// Deletes a row.
    pub fn delete(&mut self, row: RowId) {
        if let Some(cells) = self.take(row) {
            self.log.push(Entry::Deleted(row, cells));
        }
    }

    /// Replaces what a cell holds. Says whether it differs.
    pub fn set(&mut self, row: RowId, column: usize, datum: Datum) -> bool {
        if !self.contains(row) || *self.get(row, column) == datum {
            return false;
        }
        let default = self.column(row, column).default == datum;
        let before = self.replace(row, column, (!default).then_some(datum));
        self.noted.insert((row.uuid, column));
        self.log.push(Entry::Cell(row, column, before));
        true
    }

    /// Puts an element into a set. Says whether it was not there.
    pub fn add(&mut self, row: RowId, column: usize, atom: &Atom) -> bool {
        let added = self.insert_atom(row, column, atom);
        if added {
            self.log.push(Entry::Added(row, column, atom.clone()));
        }
        added
    }

    /// Takes an element from a set. Says whether it was there.
    pub fn remove(&mut self, row: RowId, column: usize, atom: &Atom) -> bool {
        let removed = self.remove_atom(row, column, atom);
        if removed {
            self.log.push(Entry::Removed(row, column, atom.clone()));
        }
        removed
    }

    /// What was done since the last [`Store::keep`] or [`Store::undo`].
    pub fn log(&self) -> &[Entry] {
        &self.log
    }

    /// Undoes what was done.
    pub fn undo(&mut self) {
        self.noted.clear();
        while let Some(entry) = self.log.pop() {
            match entry {
                Entry::Cell(row, column, before) => {
                    self.replace(row, column, before);
                }
                Entry::Added(row, column, atom) => {
                    self.remove_atom(row, column, &atom);
                }
                Entry::Removed(row, column, atom) => {
                    self.insert_atom(row, column, &atom);
                }
                Entry::Created(row) => {
                    self.take(row);
                }
                Entry::Deleted(row, cells) => self.put(row, cells),
                Entry::Origins(cell, before) => self.restore_origins(cell, before),
                Entry::Part(cell, atom, before) => self.restore_part(cell, atom, before),
            }
        }
    }

    fn put(&mut self, row: RowId, cells: Cells) {
        for (column, datum) in &cells {
            self.enter(row, *column, datum);
        }
        self.tables[row.table].by_uuid.insert(row.uuid, cells);
    }

    fn take(&mut self, row: RowId) -> Option<Cells> {
        let cells = self.tables[row.table].by_uuid.remove(&row.uuid)?;
        for (column, datum) in &cells {
            self.leave(row, *column, datum);
        }
        Some(cells)
    }

    /// Replaces a cell; `None` is the default. Gives back what was there.
    fn replace(&mut self, row: RowId, column: usize, datum: Option<Datum>) -> Option<Datum> {
        if let Some(datum) = &datum {
            self.enter(row, column, datum);
        }
        let cells = self.tables[row.table].by_uuid.get_mut(&row.uuid)?;
        let before = match (cells.binary_search_by_key(&column, |cell| cell.0), datum) {
            (Ok(at), Some(datum)) => Some(std::mem::replace(&mut cells[at].1, datum)),
            (Ok(at), None) => Some(cells.remove(at).1),
            (Err(at), Some(datum)) => {
                cells.insert(at, (column, datum));
                None
            }
            (Err(_), None) => None,
        };
        if let Some(before) = &before {
            self.leave(row, column, before);
        }
        before
    }

    fn insert_atom(&mut self, row: RowId, column: usize, atom: &Atom) -> bool {
        let schema = self.schema.clone();
        let default = &schema.tables[row.table].columns[column].default;
        let Some(cells) = self.tables[row.table].by_uuid.get_mut(&row.uuid) else {
            return false;
        };
        let at = match cells.binary_search_by_key(&column, |cell| cell.0) {
            Ok(at) => at,
            Err(at) => {
                cells.insert(at, (column, default.clone()));
                at
            }
        };
        let Datum::Set(atoms) = &mut cells[at].1 else {
            return false;
        };
        let added = match atoms.binary_search(atom) {
            Ok(_) => false,
            Err(at) => {
                atoms.insert(at, atom.clone());
                true
            }
        };
        if cells[at].1 == *default {
            cells.remove(at);
        }
        if added {
            self.enter(row, column, &Datum::one(atom.clone()));
        }
        added
    }

    fn remove_atom(&mut self, row: RowId, column: usize, atom: &Atom) -> bool {
        let schema = self.schema.clone();
        let default = &schema.tables[row.table].columns[column].default;
        let Some(cells) = self.tables[row.table].by_uuid.get_mut(&row.uuid) else {
            return false;
        };
        let at = match cells.binary_search_by_key(&column, |cell| cell.0) {
            Ok(at) => at,
            Err(at) => {
                cells.insert(at, (column, default.clone()));
                at
            }
        };
        let Datum::Set(atoms) = &mut cells[at].1 else {
            return false;
        };
        let removed = atoms.binary_search(atom).map(|found| atoms.remove(found));
        if cells[at].1 == *default {
            cells.remove(at);
        }
        if removed.is_ok() {
            self.leave(row, column, &Datum::one(atom.clone()));
        }
        removed.is_ok()
    }

    /// Notes what a datum refers to and how the row can be found by it.
    fn enter(&mut self, row: RowId, column: usize, datum: &Datum) {
        let schema = self.schema.clone();
        let own = &schema.tables[row.table].columns[column];
        for (uuid, strength) in references(own, datum) {
            let referrer = Referrer {
                row,
                column,
                strength,
            };
            self.referrers.entry(uuid).or_default().push(referrer);
        }
        for index in &mut self.tables[row.table].indexes {
            index.enter(row.uuid, column, datum);
        }
    }

    fn leave(&mut self, row: RowId, column: usize, datum: &Datum) {
        let schema = self.schema.clone();
        let own = &schema.tables[row.table].columns[column];
        for (uuid, _) in references(own, datum) {
            let Some(referrers) = self.referrers.get_mut(&uuid) else {
                continue;
            };
            let at = referrers
                .iter()
                .position(|referrer| referrer.row == row && referrer.column == column);
            if let Some(at) = at {
                referrers.swap_remove(at);
            }
            if referrers.is_empty() {
                self.referrers.remove(&uuid);
            }
        }
        for index in &mut self.tables[row.table].indexes {
            index.leave(row.uuid, column, datum);
        }
    }
}

/// The rows that a datum refers to.
pub fn references<'a>(
    column: &Column,
    datum: &'a Datum,
) -> impl Iterator<Item = (Uuid, Strength)> + use<'a> {
    let key = column.key.refers.map(|refers| refers.strength);
    let value = column.value.as_ref().and_then(|base| base.refers);
    let value = value.map(|refers| refers.strength);
    let uuid = |atom: &Atom, strength: Option<Strength>| match (atom, strength) {
        (Atom::Uuid(uuid), Some(strength)) => Some((*uuid, strength)),
        _ => None,
    };
    let (atoms, entries): (&[Atom], &[(Atom, Atom)]) = match datum {
        Datum::Set(atoms) if key.is_some() => (atoms, &[]),
        Datum::Map(entries) if key.or(value).is_some() => (&[], entries),
        _ => (&[], &[]),
    };
    let of_entries = entries
        .iter()
        .flat_map(move |(k, v)| uuid(k, key).into_iter().chain(uuid(v, value)));
    atoms
        .iter()
        .filter_map(move |atom| uuid(atom, key))
        .chain(of_entries)
}
