//! The transactions of a log, one after the other, until the rows are what they are now.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::value::RawValue;

use super::datum::{Atom, Datum, Uuid};
use super::json::Pool;
use super::names::NAMES;
use super::schema::{ColumnType, Schema};
use super::transaction::{Change, Fields, Refusal, Rows, read};
use super::{Row, Table};

/// Up to this many elements a sorted list is changed faster than a tree.
const SMALL: usize = 64;

/// Dates below this are seconds: `ovsdb-server` wrote seconds before it wrote milliseconds (facts O§11).
const FIRST_MILLISECONDS: u64 = 1 << 32;

/// A database while its log is read.
#[derive(Debug)]
pub struct Replay {
    /// The newest `_date` so far, in milliseconds.
    pub newest: Option<u64>,
    schema: Arc<Schema>,
    tables: HashMap<String, HeldRows>,
    pool: Pool,
}

/// The rows of a table while they change.
type HeldRows = HashMap<Uuid, Vec<(Arc<str>, Held)>>;

/// A value that changes. Large sets and maps are trees, so that a long history of small changes is not
/// quadratic.
#[derive(Debug)]
enum Held {
    Small(Datum),
    Set(BTreeSet<Atom>),
    Map(BTreeMap<Atom, Atom>),
}

/// What a transaction does to one table.
struct Changes<'a> {
    table: &'a str,
    rows: Vec<(Uuid, Change)>,
}

impl Replay {
    /// An empty database of this schema.
    pub fn new(schema: Arc<Schema>) -> Self {
        Self {
            newest: None,
            schema,
            tables: HashMap::new(),
            pool: Pool::default(),
        }
    }

    /// Goes on with another schema. A cluster converts its database in the middle of its log: what the
    /// new schema does not have is gone.
    pub fn convert(&mut self, schema: Arc<Schema>) {
        self.schema = schema;
        let tables = &self.schema.tables;
        self.tables.retain(|table, _| tables.contains_key(table));
        for (table, rows) in &mut self.tables {
            let columns = &tables[table].columns;
            for cells in rows.values_mut() {
                cells.retain(|(column, _)| columns.contains_key(&**column));
            }
        }
    }

    /// The version of the schema that holds now.
    pub fn version(&self) -> Option<String> {
        self.schema.version.clone()
    }

    /// Empties the database.
    pub fn clear(&mut self) {
        self.tables.clear();
    }

    /// Applies one transaction, wholly or not at all.
    pub fn transaction(&mut self, json: &str) -> Result<(), Refusal> {
        let mut fields: BTreeMap<Cow<'_, str>, &RawValue> = read(json, Fields)?;
        let date = fields
            .remove("_date")
            .and_then(|raw| raw.get().parse().ok());
        let difference = fields
            .remove("_is_diff")
            .is_some_and(|raw| raw.get() == "true");
        fields.remove("_comment");
        let mut all = Vec::new();
        for (table, raw) in fields {
            let Some((table, schema)) = self.schema.tables.get_key_value(&*table) else {
                return Err(format!("the schema has no table {table}").into());
            };
            if !schema.kept {
                continue;
            }
            let rows = Rows {
                table,
                schema,
                difference,
                pool: &mut self.pool,
            };
            let rows = read(raw.get(), rows)?;
            let present = self.tables.get(table);
            for (uuid, change) in &rows {
                let exists = present.is_some_and(|rows| rows.contains_key(uuid));
                if matches!(change, Change::Delete) && !exists {
                    return Err(
                        format!("it deletes row {uuid} of {table}, which is not there").into(),
                    );
                }
            }
            all.push(Changes { table, rows });
        }
        for changes in all {
            let table = changes.table;
            let columns = &self.schema.tables[table].columns;
            if !self.tables.contains_key(table) {
                self.tables.insert(table.to_owned(), HashMap::new());
            }
            let Some(rows) = self.tables.get_mut(table) else {
                continue;
            };
            for (uuid, change) in changes.rows {
                apply(rows, uuid, change, columns, difference);
            }
        }
        let milliseconds = |date| {
            if date < FIRST_MILLISECONDS {
                date * 1000
            } else {
                date
            }
        };
        self.newest = self.newest.max(date.map(milliseconds));
        Ok(())
    }

    /// The rows as they are now.
    pub fn finish(mut self) -> BTreeMap<String, Table> {
        let kept = self.schema.tables.iter().filter(|(_, table)| table.kept);
        kept.map(|(name, schema)| {
            let rows = self.tables.remove(name).unwrap_or_default();
            let mut rows: Vec<Row> = rows
                .into_iter()
                .map(|(uuid, cells)| row(uuid, cells))
                .collect();
            rows.sort_unstable_by_key(|row| row.uuid);
            let table = Table {
                columns: schema.shown(),
                rows,
                complete: true,
                file: None,
            };
            (name.clone(), table)
        })
        .collect()
    }
}

fn row(uuid: Uuid, cells: Vec<(Arc<str>, Held)>) -> Row {
    let cells = cells
        .into_iter()
        .map(|(column, held)| (column, held.into_datum().into()));
    let mut row = Row {
        uuid: Some(uuid),
        name: None,
        span: None,
        file: None,
        cells: cells.collect(),
    };
    row.name = row_name(&row);
    row
}

/// The name that operators know a row by.
pub fn row_name(row: &Row) -> Option<Arc<str>> {
    let value = NAMES.iter().find_map(|column| row.cells.get(column))?;
    match &value.datum {
        Datum::Set(atoms) => match atoms.as_slice() {
            [Atom::Text(name) | Atom::Named(name)] if !name.is_empty() => Some(name.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn apply(
    rows: &mut HeldRows,
    uuid: Uuid,
    change: Change,
    columns: &HashMap<String, ColumnType>,
    difference: bool,
) {
    let Change::Set(cells) = change else {
        rows.remove(&uuid);
        return;
    };
    let row = rows.entry(uuid).or_default();
    row.reserve_exact(cells.len().saturating_sub(row.len()));
    for (column, datum) in cells {
        let Some(column_type) = columns.get(&*column) else {
            continue;
        };
        let at = row.iter().position(|(name, _)| *name == column);
        match at {
            // Only what can hold several values is written as a difference (facts O§11).
            Some(at) if difference && column_type.max > 1 => {
                row[at].1.change(datum);
                if row[at].1.is_empty() {
                    row.swap_remove(at);
                }
            }
            Some(at) if column_type.is_default(&datum) => {
                row.swap_remove(at);
            }
            Some(at) => row[at].1 = Held::Small(datum),
            None if column_type.is_default(&datum) => {}
            None => row.push((column, Held::Small(datum))),
        }
    }
}

impl Held {
    /// Sets: what is in one but not the other. Maps: an equal entry goes, another value replaces, the
    /// rest is added.
    fn change(&mut self, difference: Datum) {
        self.grow(&difference);
        match (self, difference) {
            (Self::Small(Datum::Set(atoms)), Datum::Set(difference)) => {
                for atom in difference {
                    match atoms.binary_search(&atom) {
                        Ok(at) => drop(atoms.remove(at)),
                        Err(at) => atoms.insert(at, atom),
                    }
                }
            }
            (Self::Small(Datum::Map(entries)), Datum::Map(difference)) => {
                for (key, value) in difference {
                    match entries.binary_search_by(|(other, _)| other.cmp(&key)) {
                        Ok(at) if entries[at].1 == value => drop(entries.remove(at)),
                        Ok(at) => entries[at].1 = value,
                        Err(at) => entries.insert(at, (key, value)),
                    }
                }
            }
            (Self::Set(atoms), Datum::Set(difference)) => {
                for atom in difference {
                    if !atoms.remove(&atom) {
                        atoms.insert(atom);
                    }
                }
            }
            (Self::Map(entries), Datum::Map(difference)) => {
                for (key, value) in difference {
                    if entries.get(&key) == Some(&value) {
                        entries.remove(&key);
                    } else {
                        entries.insert(key, value);
                    }
                }
            }
            // The column's type has been checked: both are sets, or both are maps.
            (held, difference) => *held = Self::Small(difference),
        }
    }

    fn grow(&mut self, difference: &Datum) {
        let Self::Small(datum) = self else { return };
        let length = |datum: &Datum| match datum {
            Datum::Set(atoms) => atoms.len(),
            Datum::Map(entries) => entries.len(),
            Datum::Unsure(_) => 0,
        };
        if length(datum) + length(difference) <= SMALL {
            return;
        }
        *self = match std::mem::replace(datum, Datum::Set(Vec::new())) {
            Datum::Set(atoms) => Self::Set(atoms.into_iter().collect()),
            Datum::Map(entries) => Self::Map(entries.into_iter().collect()),
            other @ Datum::Unsure(_) => Self::Small(other),
        };
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Small(datum) => datum.is_empty(),
            Self::Set(atoms) => atoms.is_empty(),
            Self::Map(entries) => entries.is_empty(),
        }
    }

    fn into_datum(self) -> Datum {
        match self {
            Self::Small(Datum::Set(mut atoms)) => {
                atoms.shrink_to_fit();
                Datum::Set(atoms)
            }
            Self::Small(Datum::Map(mut entries)) => {
                entries.shrink_to_fit();
                Datum::Map(entries)
            }
            Self::Small(other) => other,
            Self::Set(atoms) => Datum::Set(atoms.into_iter().collect()),
            Self::Map(entries) => Datum::Map(entries.into_iter().collect()),
        }
    }
}
