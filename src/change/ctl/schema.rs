//! The types of the columns of Open_vSwitch and OVN_Northbound, by release.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::read::ovsdb::SchemaName;
use crate::read::ovsdb::datum::{Atom, Datum, Uuid};
use crate::read::ovsdb::schema::Kind;
use crate::read::version::Version;

/// The table of all columns; its head says how it reads.
const COLUMNS: &str = include_str!("columns.tsv");

/// No limit on the number of elements.
pub const UNLIMITED: usize = usize::MAX;

/// A database: its tables, in the order of their names.
#[derive(Debug)]
pub struct Schema {
    /// Which database.
    pub database: SchemaName,
    /// The tables. Their indexes here are what the rest of the model calls a table.
    pub tables: Vec<Table>,
    by_name: HashMap<&'static str, usize>,
}

/// A table.
#[derive(Debug)]
pub struct Table {
    /// `Bridge`.
    pub name: &'static str,
    /// Whether rows stay without being referred to.
    pub root: bool,
    /// The most rows that it may have.
    pub max_rows: usize,
    /// Columns that identify a row together.
    pub indexes: Vec<Vec<usize>>,
    /// The columns, in the order of their names.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// `fail_mode`.
    pub name: &'static str,
    /// What it holds; the key where it is a map.
    pub key: Base,
    /// The value where it is a map.
    pub value: Option<Base>,
    /// The fewest elements.
    pub min: usize,
    /// The most elements.
    pub max: usize,
    /// Whether it can only be given when the row is created.
    pub fixed: bool,
    /// Whether the database forgets it when it restarts.
    pub ephemeral: bool,
    /// What a row holds to which nothing was given.
    pub default: Datum,
}

/// The type of an element, with its limits.
#[derive(Clone, Debug)]
pub struct Base {
    /// The atomic type.
    pub kind: Kind,
    /// The allowed values, in order; empty: any.
    pub allowed: Vec<&'static str>,
    /// The smallest integer, or the shortest string.
    pub low: i64,
    /// The largest integer, or the longest string.
    pub high: i64,
    /// The table that it refers to.
    pub refers: Option<Refers>,
}

/// A reference to rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refers {
    /// The table.
    pub table: usize,
    /// Whether it keeps the row alive.
    pub strength: Strength,
}

/// What a reference does for the row that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// It keeps the row, and the row must exist.
    Strong,
    /// It goes when the row goes.
    Weak,
}

/// The schema of a database as a release has it. Without a version: the newest.
pub fn schema(database: SchemaName, version: Option<&Version>) -> Arc<Schema> {
    type Known = Mutex<HashMap<(SchemaName, Option<[u32; 4]>), Arc<Schema>>>;
    static KNOWN: OnceLock<Known> = OnceLock::new();
    let known = KNOWN.get_or_init(Known::default);
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (database, version.map(|version| version.numbers));
    known
        .entry(key)
        .or_insert_with(|| Arc::new(Schema::load(database, version)))
        .clone()
}

/// The lines of one table.
struct Lines {
    name: &'static str,
    flags: &'static str,
    columns: Vec<[&'static str; 4]>,
}

impl Schema {
    fn load(database: SchemaName, version: Option<&Version>) -> Self {
        let lines = lines(database, version);
        let by_name: HashMap<_, _> = lines
            .iter()
            .enumerate()
            .map(|(at, table)| (table.name, at))
            .collect();
        let tables = lines.iter().map(|lines| table(lines, &by_name)).collect();
        Self {
            database,
            tables,
            by_name,
        }
    }

    /// The table of this name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// A table that every release has.
    pub fn table(&self, name: &str) -> usize {
        self.find(name).expect("every release has this table")
    }
}

impl Table {
    /// The column of this name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.columns
            .binary_search_by(|column| column.name.cmp(name))
            .ok()
    }

    /// A column that every release has.
    pub fn column(&self, name: &str) -> usize {
        self.find(name).expect("every release has this column")
    }
}

impl Column {
    /// Whether it is a map.
    pub fn is_map(&self) -> bool {
        self.value.is_some()
    }

    /// Whether it refers to rows.
    pub fn has_references(&self) -> bool {
        self.key.refers.is_some()
            || self
                .value
                .as_ref()
                .is_some_and(|base| base.refers.is_some())
    }

    /// Its type, in words: `set of up to 1 strings`.
    pub fn english(&self) -> String {
        english(&self.key, self.value.as_ref(), self.min, self.max)
    }
}

/// A type, in the words of the real tools.
pub fn english(key: &Base, value: Option<&Base>, min: usize, max: usize) -> String {
    let keys = key.kind.english();
    if value.is_none() && (min, max) == (1, 1) {
        return keys.to_owned();
    }
    let many = match (min, max) {
        (0, UNLIMITED) => " of".to_owned(),
        (min, UNLIMITED) => format!(" of {min} or more"),
        (0, max) => format!(" of up to {max}"),
        (min, max) => format!(" of {min} to {max}"),
    };
    match value {
        Some(value) => format!("map{many} {keys}-{} pairs", value.kind.english()),
        None => format!("set{many} {keys}s"),
    }
}

impl Kind {
    /// Its name.
    pub fn english(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Real => "real",
            Self::Boolean => "boolean",
            Self::Text => "string",
            Self::Uuid => "uuid",
        }
    }
}

fn lines(database: SchemaName, version: Option<&Version>) -> Vec<Lines> {
    let wanted = match database {
        SchemaName::OpenVswitch => "Open_vSwitch",
        _ => "OVN_Northbound",
    };
    let (mut here, mut shown) = (false, false);
    let mut tables: Vec<Lines> = Vec::new();
    for line in COLUMNS.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let kind = fields.next().unwrap_or_default();
        let mut field = || fields.next().unwrap_or_default();
        let name = field();
        match kind {
            "database" => here = name == wanted,
            "table" if here => {
                let flags = field();
                shown = present(flags, version);
                if shown {
                    tables.push(Lines {
                        name,
                        flags,
                        columns: Vec::new(),
                    });
                }
            }
            "column" if here && shown => {
                let column = [name, field(), field(), field()];
                if present(column[3], version) {
                    tables
                        .last_mut()
                        .expect("a column follows its table")
                        .columns
                        .push(column);
                }
            }
            _ => {}
        }
    }
    tables
}

/// Whether a release has what these flags describe.
fn present(flags: &str, version: Option<&Version>) -> bool {
    flags.split(' ').all(|flag| match flag.split_once('=') {
        Some(("since", since)) => version.is_none_or(|version| version.at_least(&numbers(since))),
        Some(("until", until)) => version.is_some_and(|version| !version.at_least(&numbers(until))),
        _ => true,
    })
}

/// The numbers of a version in our own tables.
pub fn numbers(text: &str) -> Vec<u32> {
    let number = |part: &str| part.parse().expect("our own tables hold numbers");
    text.split('.').map(number).collect()
}

fn table(lines: &Lines, by_name: &HashMap<&'static str, usize>) -> Table {
    let columns: Vec<_> = lines
        .columns
        .iter()
        .map(|[name, types, count, flags]| column(name, types, count, flags, by_name))
        .collect();
    let mut table = Table {
        name: lines.name,
        root: lines.flags.split(' ').any(|flag| flag == "root"),
        max_rows: UNLIMITED,
        indexes: Vec::new(),
        columns,
    };
    for flag in lines.flags.split(' ') {
        match flag.split_once('=') {
            Some(("rows", rows)) => table.max_rows = rows.parse().expect("a number of rows"),
            Some(("index", names)) => {
                let index = names.split('+').map(|name| table.column(name)).collect();
                table.indexes.push(index);
            }
            _ => {}
        }
    }
    table
}

fn column(
    name: &'static str,
    types: &'static str,
    count: &str,
    flags: &str,
    by_name: &HashMap<&'static str, usize>,
) -> Column {
    let (key, value) = match types.split_once("->") {
        Some((key, value)) => (base(key, by_name), Some(base(value, by_name))),
        None => (base(types, by_name), None),
    };
    let (min, max) = match count {
        "1" => (1, 1),
        "?" => (0, 1),
        "*" => (0, UNLIMITED),
        "+" => (1, UNLIMITED),
        range => {
            let (min, max) = range.split_once('-').expect("a range of counts");
            let number = |text: &str| text.parse().expect("a count");
            (number(min), number(max))
        }
    };
    let default = match (&value, min) {
        (Some(_), _) => Datum::Map(Vec::new()),
        (None, 0) => Datum::Set(Vec::new()),
        (None, _) => Datum::one(zero(key.kind)),
    };
    let has = |flag| flags.split(' ').any(|own| own == flag);
    Column {
        name,
        key,
        value,
        min,
        max,
        fixed: has("fixed"),
        ephemeral: has("ephemeral"),
        default,
    }
}

/// The value of a column that must have one and was given none.
fn zero(kind: Kind) -> Atom {
    match kind {
        Kind::Integer => Atom::Integer(0),
        Kind::Real => Atom::Real(0.0),
        Kind::Boolean => Atom::Boolean(false),
        Kind::Text => Atom::Text("".into()),
        Kind::Uuid => Atom::Uuid(Uuid([0; 16])),
    }
}

fn base(text: &'static str, by_name: &HashMap<&'static str, usize>) -> Base {
    let end = text.find(['{', '(', ':']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let kind = match name {
        "integer" => Kind::Integer,
        "boolean" => Kind::Boolean,
        "real" => Kind::Real,
        "uuid" => Kind::Uuid,
        _ => Kind::Text,
    };
    let inner = |open, close| rest.strip_prefix(open)?.strip_suffix(close);
    let range = inner('(', ')').and_then(|range: &str| range.split_once(".."));
    let (low, high) = range.unwrap_or_default();
    Base {
        kind,
        allowed: inner('{', '}').map_or_else(Vec::new, |allowed| allowed.split(',').collect()),
        low: low.parse().unwrap_or(i64::MIN),
        high: high.parse().unwrap_or(i64::MAX),
        refers: rest.strip_prefix(':').map(|refers| {
            let (table, strength) = match refers.split_once(':') {
                Some((table, _)) => (table, Strength::Weak),
                None => (refers, Strength::Strong),
            };
            Refers {
                table: by_name[table],
                strength,
            }
        }),
    }
}
