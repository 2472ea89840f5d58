//! What the tools see and do between reading a database and committing to it.

pub mod flow;
pub mod symbol;
pub mod write;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::read::ovsdb::datum::{Atom, Uuid};
use crate::read::version::Version;
use crate::source::Place;

use super::Tool;
use super::store::{Entry, RowId, Store};
use flow::Flow;

/// An open transaction.
#[derive(Debug)]
pub struct Transaction<'a> {
    /// The database, with what the commands so far wrote.
    pub store: &'a mut Store,
    /// Whose commands.
    pub tool: Tool,
    /// The release, where it is known.
    pub version: Option<&'a Version>,
    /// What the commands print.
    pub output: String,
    /// What cannot be predicted.
    pub unmodelled: Option<String>,
    /// The name of the command that runs.
    pub place: Option<Place>,
    /// Where the last command of the line stands.
    pub last: Option<usize>,
    /// Rows that a command deleted and later ones no longer see. Only those of root tables go for this reason;
    /// others go when nothing refers to them.
    hidden: HashSet<RowId>,
    pub(super) doomed: Vec<(RowId, Option<Place>)>,
    /// Elements that go into sets, or out of them, only in the database: the tools do not see them themselves.
    pub(super) pending: Vec<Pending>,
    created: HashSet<RowId>,
    broken: bool,
    symbols: BTreeMap<String, Symbol>,
}

/// A change of a set that the database makes.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The row.
    pub row: RowId,
    /// The column.
    pub column: usize,
    /// The element.
    pub atom: Atom,
    /// Whether it comes or goes.
    pub side: Side,
    /// Where it was asked for.
    pub place: Option<Place>,
}

/// Into a set, or out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Into it.
    In,
    /// Out of it.
    Out,
}

/// A name for a row: `@port`.
#[derive(Clone, Copy, Debug)]
struct Symbol {
    uuid: Uuid,
    created: bool,
}

impl<'a> Transaction<'a> {
    /// Opens a transaction.
    pub fn new(store: &'a mut Store, tool: Tool, version: Option<&'a Version>) -> Self {
        Self {
            store,
            tool,
            version,
            output: String::new(),
            unmodelled: None,
            place: None,
            last: None,
            hidden: HashSet::new(),
            doomed: Vec::new(),
            pending: Vec::new(),
            created: HashSet::new(),
            broken: false,
            symbols: BTreeMap::new(),
        }
    }

    /// Whether the release is this one or a later one, or unknown.
    pub fn at_least(&self, numbers: &[u32]) -> bool {
        self.version.is_none_or(|version| version.at_least(numbers))
    }

    /// Notes what cannot be predicted; the first is kept.
    pub fn unsure(&mut self, what: impl Into<String>) {
        self.unmodelled.get_or_insert_with(|| what.into());
    }

    /// The table of this name; every release has it.
    pub fn table(&self, name: &str) -> usize {
        self.store.schema.table(name)
    }

    /// Whether commands see a row.
    pub fn sees(&self, row: RowId) -> bool {
        !self.hidden.contains(&row)
    }

    /// Whether a row was created in this transaction.
    pub fn is_new(&self, row: RowId) -> bool {
        self.created.contains(&row)
    }

    /// The rows of a table that commands see.
    pub fn rows(&self, table: &str) -> Vec<RowId> {
        let rows = self.store.rows(self.table(table));
        rows.filter(|row| self.sees(*row)).collect()
    }

    /// The rows of a table by their name.
    pub fn named(&self, table: &str, name: &str) -> Vec<RowId> {
        let table = self.table(table);
        let column = self.store.schema.tables[table].column("name");
        let mut rows = self.store.find(table, column, None, name);
        rows.retain(|row| self.sees(*row));
        rows
    }

    /// A refusal because a record is not there; where records of its table may not have been seen, it is
    /// not certain.
    pub fn missing(&mut self, table: &str, message: String) -> Flow {
        let table = self.table(table);
        self.missing_in(table, message)
    }

    /// The same for a table as an index.
    pub fn missing_in(&mut self, table: usize, message: String) -> Flow {
        if self.store.incomplete(table) {
            let name = self.store.schema.tables[table].name;
            self.unsure(format!("not all records of {name} were seen"));
        }
        Flow::from(message)
    }

    /// Creates a row.
    pub fn create(&mut self, table: &str) -> RowId {
        let uuid = self.store.fresh();
        self.create_as(RowId {
            table: self.table(table),
            uuid,
        })
    }

    /// Creates a row under an identity that may already be referred to.
    pub fn create_as(&mut self, row: RowId) -> RowId {
        self.store.create(row);
        self.created.insert(row);
        let place = self.place.clone();
        self.store.set_row_origin(row, place.as_ref());
        row
    }

    /// Deletes a row, as far as commands see.
    pub fn delete(&mut self, row: RowId) {
        if self.created.contains(&row) {
            self.store.delete(row);
        } else if !self.hidden.insert(row) {
            // It is deleted already.
        } else if self.store.schema.tables[row.table].root {
            self.doomed.push((row, self.place.clone()));
        } else {
            self.forget(row);
        }
    }

    /// The tools send nothing of what was written to a record that they then delete.
    fn forget(&mut self, row: RowId) {
        let log = self.store.log().iter();
        let columns: BTreeSet<usize> = log
            .filter_map(|entry| match entry {
                Entry::Cell(own, column, _)
                | Entry::Added(own, column, _)
                | Entry::Removed(own, column, _)
                    if *own == row =>
                {
                    Some(*column)
                }
                _ => None,
            })
            .collect();
        for column in columns {
            let before = self.store.before(row, column);
            self.store.set(row, column, before);
        }
    }

    /// Puts a row into a set of references, or takes it out, at once.
    pub fn join(&mut self, row: RowId, column: &str, other: RowId, side: Side) {
        self.broken |= !self.sees(row);
        let column = self.store.named(row, column);
        let place = self.place.clone();
        self.apply(&Pending {
            row,
            column,
            atom: Atom::Uuid(other.uuid),
            side,
            place,
        });
    }

    /// Puts a row into a set of references, or takes it out, when the transaction is committed.
    pub fn join_later(&mut self, row: RowId, column: &str, other: RowId, side: Side) {
        let column = self.store.named(row, column);
        self.pending.push(Pending {
            row,
            column,
            atom: Atom::Uuid(other.uuid),
            side,
            place: self.place.clone(),
        });
    }

    /// Makes a change of a set.
    pub fn apply(&mut self, change: &Pending) {
        let Pending {
            row,
            column,
            atom,
            side,
            place,
        } = change;
        let changed = match side {
            Side::In => self.store.add(*row, *column, atom),
            Side::Out => self.store.remove(*row, *column, atom),
        };
        if changed {
            self.store
                .set_part_origin(*row, *column, atom, place.as_ref());
        }
    }

    /// The row that holds another in a set, counting what is only asked for so far.
    pub fn holder(&self, holders: &str, column: &str, row: RowId) -> Option<RowId> {
        let table = self.table(holders);
        let column = self.store.schema.tables[table].column(column);
        let held = self.store.referrers(row.uuid).iter();
        let held = held.filter(|referrer| referrer.row.table == table && referrer.column == column);
        let held = held.map(|referrer| referrer.row);
        let asked = self.pending.iter().rev().filter(|pending| {
            pending.side == Side::In
                && pending.row.table == table
                && pending.column == column
                && matches!(pending.atom, Atom::Uuid(uuid) if uuid == row.uuid)
        });
        let asked = asked.map(|pending| pending.row);
        held.chain(asked).filter(|row| self.sees(*row)).min()
    }
}
