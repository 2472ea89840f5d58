//! The state of Open vSwitch and OVN, in every form in which operators keep it.

pub mod cells;
pub mod cluster;
pub mod datum;
pub mod gather;
pub mod identity;
pub mod json;
pub mod lines;
pub mod list;
pub mod log;
pub mod merge;
pub mod model;
pub mod names;
pub mod ovn_show;
pub mod printed;
pub mod replay;
pub mod schema;
pub mod show;
pub mod tabular;
pub mod transaction;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::{FileId, Place, Span};

use datum::{Atom, Uuid, Value};

/// Texts above this are not read: places count bytes in 32 bits.
pub const MAX_TEXT: usize = u32::MAX as usize;

/// Elements of one set, or entries of one map, above which a database is not read on.
pub const MAX_ELEMENTS: usize = 1_000_000;

/// One file of OVSDB state.
#[derive(Clone, Debug)]
pub struct Database {
    /// The file.
    pub file: FileId,
    /// How the state is written there.
    pub form: Form,
    /// Which database it is.
    pub schema: SchemaName,
    /// The version of the schema, where the form tells it.
    pub version: Option<String>,
    /// The tables that the file shows, by their real names: `Bridge`.
    pub tables: BTreeMap<String, Table>,
    /// What could not be read.
    pub troubles: Vec<Trouble>,
    /// When the newest record was written, in milliseconds since 1970.
    pub newest: Option<u64>,
}

/// How state is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    /// A standalone database: `conf.db`, or the output of `ovsdb-client backup`.
    Log,
    /// The database of a member of a cluster.
    Cluster,
    /// `--format=json`, of `list` or of `ovsdb-client dump`.
    Json,
    /// `list`: a line for each column.
    List,
    /// `show`.
    Show,
    /// `ovs-vsctl get open . external_ids`.
    ExternalIds,
    /// `ovsdb-client dump`, as text.
    Dump,
    /// `--format=csv`.
    Csv,
    /// `--format=table`.
    TableText,
}

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SchemaName {
    /// `Open_vSwitch`: the bridges of one node.
    OpenVswitch,
    /// `OVN_Northbound`: what Neutron asks for.
    Northbound,
    /// `OVN_Southbound`: the chassis and their bindings.
    Southbound,
    /// A database of something else, or one whose schema could not be read. It has no tables here.
    Other,
}

/// One table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The columns that the file shows. A column that is not here is unseen.
    pub columns: BTreeMap<Arc<str>, Column>,
    /// The rows: those of logs in the order of their UUIDs, others as they are written.
    pub rows: Vec<Row>,
    /// Whether no row can be missing. `list Bridge br-ex` shows one of many.
    pub complete: bool,
    /// The file that shows it, where that is not the database's.
    pub file: Option<FileId>,
}

/// What is known of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Whether it may hold several values, and is printed in brackets even with one.
    pub many: bool,
    /// The value of rows without a cell; `None`: they hold nothing.
    pub default: Option<Atom>,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its identity, where it is written.
    pub uuid: Option<Uuid>,
    /// Its name: the column that operators know it by.
    pub name: Option<Arc<str>>,
    /// Where its name or its first line is written; `None` in logs.
    pub span: Option<Span>,
    /// The file that it is from, where that is not the database's.
    pub file: Option<FileId>,
    /// What differs from the column's default (logs), or what is written (texts).
    pub cells: Cells,
}

/// The cells of a row, in the order of their columns' names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells(Vec<(Arc<str>, Value)>);

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What kind.
    pub kind: TroubleKind,
    /// Where; in logs the file as a whole, and the message names the byte.
    pub place: Place,
    /// One phrase, lower case, no full stop.
    pub message: String,
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TroubleKind {
    /// The last record is cut. It is dropped, as `ovsdb-server` does.
    Torn,
    /// Reading stopped at a record; what stands before it is used, as `ovsdb-server` does.
    Damaged,
    /// Entries of a cluster's log that are not committed yet. They are left out.
    Uncommitted,
    /// It is not what it seems to be; nothing, or not all of it, could be used.
    Malformed,
    /// Above a stated limit.
    TooLarge,
}

/// How much of a database is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The tables and columns that the model names ([`model::MODEL`]).
    Model,
    /// Everything.
    All,
    /// Everything of these databases, and what the model names of others.
    AllOf(&'static [SchemaName]),
}

/// Tells by the beginning of a file whether it is OVSDB state, and in what form.
pub fn recognise(bytes: &[u8]) -> Option<Form> {
    log::recognise(bytes).or_else(|| lines::recognise(bytes))
}

/// Reads a file. `None`: it is not OVSDB state at all.
pub fn read(file: FileId, bytes: &[u8], keep: Keep) -> Option<Database> {
    match recognise(bytes)? {
        Form::Log | Form::Cluster => Some(read_named_log(file, bytes, keep)),
        form => Some(lines::read(file, bytes, form, keep)),
    }
}

/// Reads a file that must be a database log because of its name (`conf.db`): what is not one is a trouble.
pub fn read_named_log(file: FileId, bytes: &[u8], keep: Keep) -> Database {
    match log::recognise(bytes) {
        Some(Form::Cluster) => cluster::read(file, bytes, keep),
        _ => log::read(file, bytes, keep),
    }
}

impl Form {
    /// Whether it is a database log: bytes that are not shown, and cells that carry their own text.
    pub fn is_log(self) -> bool {
        matches!(self, Self::Log | Self::Cluster)
    }
}

impl Database {
    /// An empty one.
    pub fn new(file: FileId, form: Form) -> Self {
        Self {
            file,
            form,
            schema: SchemaName::Other,
            version: None,
            tables: BTreeMap::new(),
            troubles: Vec::new(),
            newest: None,
        }
    }

    fn trouble(&mut self, kind: TroubleKind, place: Place, message: impl Into<String>) {
        self.troubles.push(Trouble {
            kind,
            place,
            message: message.into(),
        });
    }
}

impl Cells {
    /// The cell of a column.
    pub fn get(&self, column: &str) -> Option<&Value> {
        let at = self.find(column).ok()?;
        Some(&self.0[at].1)
    }

    /// Puts a value into a column; gives back the one before.
    pub fn insert(&mut self, column: Arc<str>, value: Value) -> Option<Value> {
        match self.find(&column) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (column, value));
                None
            }
        }
    }

    /// Empties a column; gives back what it held.
    pub fn remove(&mut self, column: &str) -> Option<Value> {
        let at = self.find(column).ok()?;
        Some(self.0.remove(at).1)
    }

    /// Columns and cells, in the order of the columns' names.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.0.iter().map(|(column, value)| (column, value))
    }

    fn find(&self, column: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(name, _)| (**name).cmp(column))
    }
}

impl FromIterator<(Arc<str>, Value)> for Cells {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Value)>>(cells: I) -> Self {
        let mut cells: Vec<_> = cells.into_iter().collect();
        cells.sort_by(|(a, _), (b, _)| a.cmp(b));
        cells.dedup_by(|(a, _), (b, _)| a == b);
        cells.shrink_to_fit();
        Self(cells)
    }
}
