//! Joins the tables of one database, which may stand in one file or in several: rows are found by what refers to
//! them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::read::ovsdb::datum::{Atom, Uuid};
use crate::read::ovsdb::{Database, Form, Row};
use crate::site::ovs::Entries;
use crate::source::{Known, Spanned};

/// A row, with the file that shows it.
pub type Shown<'a> = (&'a Database, &'a Row);

/// The rows of a group of files, found by identity or name.
pub struct Joined<'a> {
    /// The rows of each table that is shown.
    pub rows: BTreeMap<&'a str, Vec<Shown<'a>>>,
    by_uuid: HashMap<Uuid, Shown<'a>>,
    by_name: HashMap<(&'a str, &'a str), Shown<'a>>,
    /// The files of the group.
    pub databases: &'a [&'a Database],
}

/// The rows that a column refers to.
pub struct Below<T> {
    /// Those that were shown.
    pub shown: Known<Vec<T>>,
    /// Whether all of them were.
    pub whole: bool,
}

/// Files that show one table each belong together; a file that shows everything stands alone. Whole databases
/// come first, then what is exact, then what is printed for people; of one form the newest first.
pub fn groups<'a>(states: &[&'a Database]) -> Vec<Vec<&'a Database>> {
    let mut states = states.to_vec();
    states.sort_by_key(|database| (database.form, std::cmp::Reverse(database.newest)));
    let mut groups: Vec<Vec<&Database>> = Vec::new();
    // The groups that a file may still join, with the tables that they show.
    let mut open: Vec<(usize, BTreeSet<&str>)> = Vec::new();
    // Of files that show the same tables each looks on where the last one stopped: what was taken stays taken.
    let mut next: HashMap<Vec<&str>, usize> = HashMap::new();
    for database in states {
        let partial = matches!(
            database.form,
            Form::Json | Form::List | Form::Csv | Form::TableText
        );
        if !partial {
            groups.push(vec![database]);
            continue;
        }
        let tables: Vec<&str> = database.tables.keys().map(String::as_str).collect();
        let from = next.entry(tables.clone()).or_default();
        let start = *from;
        let lacks = |(_, shown): &&mut (usize, BTreeSet<&str>)| {
            let lacks = tables.iter().all(|table| !shown.contains(table));
            *from += usize::from(!lacks);
            lacks
        };
        if let Some((at, shown)) = open.iter_mut().skip(start).find(lacks) {
            shown.extend(&tables);
            groups[*at].push(database);
        } else {
            open.push((groups.len(), tables.into_iter().collect()));
            groups.push(vec![database]);
        }
    }
    groups
}

impl<'a> Joined<'a> {
    /// Indexes the rows of a group.
    pub fn new(group: &'a [&'a Database]) -> Self {
        let mut joined = Self {
            rows: BTreeMap::new(),
            by_uuid: HashMap::new(),
            by_name: HashMap::new(),
            databases: group,
        };
        for &database in group {
            for (table, content) in &database.tables {
                let rows = joined.rows.entry(table).or_default();
                rows.extend(content.rows.iter().map(|row| (database, row)));
                for row in &content.rows {
                    if let Some(uuid) = row.uuid {
                        joined.by_uuid.entry(uuid).or_insert((database, row));
                    }
                    // What is printed for people refers by name.
                    let exact = matches!(database.form, Form::Log | Form::Cluster | Form::Json);
                    if let Some(name) = row.name.as_deref()
                        && (!exact || row.uuid.is_none())
                    {
                        let key = (table.as_str(), name);
                        joined.by_name.entry(key).or_insert((database, row));
                    }
                }
            }
        }
        joined
    }

    /// The first row of a table: of those that have one row.
    pub fn root(&self, table: &str) -> Option<Shown<'a>> {
        self.rows.get(table)?.first().copied()
    }

    /// The row that a value refers to.
    pub fn find(&self, table: &'a str, reference: &'a Atom) -> Option<Shown<'a>> {
        match reference {
            Atom::Uuid(uuid) => self.by_uuid.get(uuid).copied(),
            Atom::Text(name) | Atom::Named(name) => self.by_name.get(&(table, &**name)).copied(),
            _ => None,
        }
    }

    /// Every row of a table, made into something; unseen where no file shows the table. An empty table is an
    /// answer: there is none.
    pub fn all<T>(
        &self,
        table: &str,
        make: impl Fn(&Database, &Row) -> Option<T>,
    ) -> Known<Vec<T>> {
        let Some(rows) = self.rows.get(table) else {
            return Known::Unseen;
        };
        let shows = |database: &&&Database| database.tables.contains_key(table);
        let place = match (rows.first(), self.databases.iter().find(shows)) {
            (Some((database, row)), _) => database.place(table, row, "name", None),
            (None, Some(database)) => database.table_place(table),
            (None, None) => return Known::Unseen,
        };
        let made = rows
            .iter()
            .filter_map(|(database, row)| make(database, row));
        Known::Seen(Spanned::new(made.collect(), place))
    }

    /// Whether every row of a table is shown.
    pub fn whole(&self, table: &str) -> bool {
        let tables = self
            .databases
            .iter()
            .filter_map(|file| file.tables.get(table));
        tables.into_iter().any(|table| table.complete)
    }

    /// The rows that a column refers to; unseen as soon as one of them was not shown.
    pub fn below<T>(
        &self,
        database: &Database,
        table: &str,
        row: &Row,
        column: &str,
        of: &str,
        make: impl Fn(&Database, &Row) -> Option<T>,
    ) -> Known<Vec<T>> {
        let below = self.below_shown((database, table, row), column, of, make);
        if below.whole {
            below.shown
        } else {
            Known::Unseen
        }
    }

    /// Those of the rows that a column refers to that were shown.
    pub fn below_shown<T>(
        &self,
        (database, table, row): (&Database, &str, &Row),
        column: &str,
        of: &str,
        mut make: impl FnMut(&Database, &Row) -> Option<T>,
    ) -> Below<T> {
        let references = match database.uuids(table, row, column) {
            Known::Seen(references) => references,
            Known::Absent(place) => {
                let shown = Known::Seen(Spanned::new(Vec::new(), place));
                return Below { shown, whole: true };
            }
            Known::Unsure(place, why) => {
                let shown = Known::Unsure(place, why);
                return Below { shown, whole: true };
            }
            Known::Unseen => {
                let (shown, whole) = (Known::Unseen, false);
                return Below { shown, whole };
            }
        };
        let made: Vec<T> = references
            .iter()
            .filter_map(|reference| self.find(of, reference))
            .filter_map(|(database, row)| make(database, row))
            .collect();
        let whole = made.len() == references.len();
        let shown = if made.is_empty() && !whole {
            Known::Unseen
        } else {
            Known::Seen(Spanned::new(made, references.place))
        };
        Below { shown, whole }
    }
}

/// The name of a row.
pub fn named(database: &Database, table: &str, row: &Row) -> Option<Spanned<String>> {
    let written = database.text(table, row, "name").seen().cloned();
    written.or_else(|| {
        Some(Spanned::new(
            row.name.as_deref()?.to_owned(),
            database.place(table, row, "name", None),
        ))
    })
}

/// A map column. An empty map is an answer for every key.
pub fn entries(database: &Database, table: &str, row: &Row, column: &str) -> Known<Entries> {
    let map = match database.map(table, row, column) {
        Known::Absent(place) => Known::Seen(Spanned::new(Entries::default(), place)),
        other => other.map(|map| {
            map.into_iter()
                .map(|(key, entry)| (key, entry.value))
                .collect()
        }),
    };
    map.map(|map| map.without(database.removed(row, column)))
}

/// Fills in what the first does not tell.
pub fn fill<T>(known: &mut Known<T>, further: Known<T>) {
    if !known.settled() && !matches!(further, Known::Unseen) {
        *known = further;
    }
}
