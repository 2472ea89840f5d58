//! One database while commands change it, and the rows of it as the readers would give them.

mod cells;
mod touched;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::read::ovsdb::datum::{Atom, Datum};
use crate::read::ovsdb::model::{self, Kept};
use crate::read::ovsdb::{Cells, Column, Database, Form, Keep, Row, SchemaName, Table};
use crate::read::version::Version;
use crate::site::build::joined;
use crate::source::{FileId, Place};

use super::ctl::store::convert::showing;
use super::ctl::store::originals::{self, Original, Originals};
use super::ctl::store::{RowId, Store};

/// One database while commands are applied to it. What they leave alone stays where it was read.
#[derive(Debug)]
pub struct State<'a> {
    /// Its rows.
    pub store: Store,
    files: Vec<&'a Database>,
    originals: Originals,
    tables: Vec<Option<Shown>>,
}

/// What the model wants of a table, and what is shown of it.
#[derive(Debug)]
struct Shown {
    /// The columns of the model: their index in the schema, and their name.
    wanted: Vec<(usize, Arc<str>)>,
    /// The files that count for it.
    files: Vec<usize>,
    /// The columns that each of these files shows, as the first describes them.
    columns: BTreeMap<Arc<str>, Column>,
}

impl<'a> State<'a> {
    /// The state that the files show; those of other databases are passed over. Of what several show, counts what
    /// a check would take.
    pub fn read(name: SchemaName, version: Option<&Version>, files: Vec<&'a Database>) -> Self {
        let own = files.into_iter().filter(|file| file.schema == name);
        let own: Vec<&Database> = own.collect();
        let files = joined::groups(&own).concat();
        let (store, originals) = Store::read_all(name, version, &files);
        let tables = store.schema.tables.iter();
        let tables = tables.map(|table| Shown::of(table, name, &files)).collect();
        Self {
            store,
            files,
            originals,
            tables,
        }
    }

    /// Whether any file shows it.
    pub fn seen(&self) -> bool {
        !self.files.is_empty()
    }

    /// Whether a file shows the row: else a command made it.
    pub fn is_original(&self, row: RowId) -> bool {
        self.originals.first(row).is_some()
    }

    /// These rows, and no word on whether there are more. What commands wrote without a place is at the script.
    pub fn database(&self, rows: impl IntoIterator<Item = RowId>, script: FileId) -> Database {
        let mut database = self.empty(script);
        let rows = rows.into_iter().filter(|row| self.store.contains(*row));
        let mut rows: Vec<RowId> = rows.collect();
        rows.sort_by_cached_key(|row| self.order(*row));
        rows.dedup();
        for of_table in rows.chunk_by(|a, b| a.table == b.table) {
            let at = of_table[0].table;
            let Some(shown) = &self.tables[at] else {
                continue;
            };
            let table = Table {
                columns: shown.columns.clone(),
                rows: of_table
                    .iter()
                    .map(|row| self.row(*row, shown, database.file, script))
                    .collect(),
                complete: false,
                file: shown.file(&self.files, database.file),
            };
            let name = self.store.schema.tables[at].name;
            database.tables.insert(name.to_owned(), table);
        }
        database
    }

    /// All rows.
    pub fn whole(&self, script: FileId) -> Database {
        let tables = 0..self.tables.len();
        let rows = tables.flat_map(|table| self.store.rows(table));
        let mut database = self.database(rows, script);
        for (at, shown) in self.tables.iter().enumerate() {
            let Some(shown) = shown.as_ref().filter(|shown| !shown.files.is_empty()) else {
                continue;
            };
            let name = self.store.schema.tables[at].name;
            let table = database
                .tables
                .entry(name.to_owned())
                .or_insert_with(|| Table {
                    columns: shown.columns.clone(),
                    file: shown.file(&self.files, database.file),
                    ..Table::default()
                });
            table.complete = !self.store.incomplete(at);
        }
        database
    }

    /// These rows and all that they refer to, as far as the model looks.
    pub fn reach(&self, rows: impl IntoIterator<Item = RowId>) -> BTreeSet<RowId> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<RowId> = rows.into_iter().collect();
        while let Some(row) = open.pop() {
            let Some(shown) = &self.tables[row.table] else {
                continue;
            };
            if !self.store.contains(row) || !reached.insert(row) {
                continue;
            }
            for (column, _) in &shown.wanted {
                let refers = self.store.column(row, *column).key.refers;
                if let (Some(refers), Datum::Set(atoms)) = (refers, self.store.get(row, *column)) {
                    let table = refers.table;
                    open.extend(atoms.iter().filter_map(|atom| match atom {
                        Atom::Uuid(uuid) => Some(RowId { table, uuid: *uuid }),
                        _ => None,
                    }));
                }
            }
        }
        reached
    }

    fn empty(&self, script: FileId) -> Database {
        let first = self.files.first();
        // In text forms a string may look like a number; what they show is read with that in mind.
        let forms = self.files.iter().map(|file| file.form);
        let form = forms.clone().find(|form| !form.is_log());
        let form = form.or(forms.clone().next()).unwrap_or(Form::Log);
        let mut database = Database::new(first.map_or(script, |file| file.file), form);
        database.schema = self.store.schema.database;
        database
    }

    /// As the files have them, and behind those what commands created.
    fn order(&self, row: RowId) -> (usize, bool, Option<Original>, RowId) {
        let first = self.originals.first(row);
        (row.table, first.is_none(), first, row)
    }

    fn row(&self, row: RowId, shown: &Shown, base: FileId, script: FileId) -> Row {
        let table = self.store.schema.tables[row.table].name;
        let Some(first) = self.originals.first(row) else {
            return self.created(row, shown, script);
        };
        let own = originals::row(&self.files, table, first);
        let file = self.files[first.file].file;
        let single = shown.files.len() == 1;
        let cells: Cells = if single && !self.store.touched(row) {
            let cells = own.cells.iter().filter(|(name, _)| shown.wants(name));
            cells
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        } else {
            self.cells(row, shown, first, &Place::file(script))
        };
        let mut of = self.originals.of(row);
        let uuid = of.find_map(|original| originals::row(&self.files, table, original).uuid);
        Row {
            uuid,
            name: self.name(row).or_else(|| own.name.clone()),
            span: own.span,
            file: (file != base).then_some(file),
            cells,
        }
    }

    fn created(&self, row: RowId, shown: &Shown, script: FileId) -> Row {
        let script = Place::file(script);
        let origin = self.store.row_origin(row).unwrap_or(&script);
        let cells = shown.wanted.iter();
        Row {
            uuid: Some(row.uuid),
            name: self.name(row),
            span: Some(origin.span),
            file: Some(origin.file),
            cells: cells
                .map(|(column, name)| (name.clone(), self.made(row, *column, origin)))
                .collect(),
        }
    }

    /// The name that operators know a row by.
    fn name(&self, row: RowId) -> Option<Arc<str>> {
        let table = &self.store.schema.tables[row.table];
        let mut columns = ["name", "target"].iter();
        columns.find_map(|name| {
            let Datum::Set(atoms) = self.store.get(row, table.find(name)?) else {
                return None;
            };
            match atoms.first()? {
                Atom::Text(text) if !text.is_empty() => Some(text.clone()),
                _ => None,
            }
        })
    }
}

impl Shown {
    fn of(
        table: &super::ctl::schema::Table,
        name: SchemaName,
        files: &[&Database],
    ) -> Option<Self> {
        let Kept::Only(wanted) = model::kept(Keep::Model, name, table.name)? else {
            return None;
        };
        let wanted = wanted
            .iter()
            .filter_map(|name| Some((table.find(name)?, Arc::from(*name))));
        let showing = showing(name, files, table.name);
        let mut shown = showing.iter().map(|file| &files[*file].tables[table.name]);
        let mut columns = shown
            .next()
            .map_or_else(BTreeMap::new, |first| first.columns.clone());
        columns.retain(|name, _| {
            let kept = model::kept(Keep::Model, files[0].schema, table.name);
            kept.is_some_and(|kept| kept.has(name))
        });
        for other in shown {
            columns.retain(|name, _| other.columns.contains_key(name));
        }
        Some(Self {
            wanted: wanted.collect(),
            files: showing,
            columns,
        })
    }

    fn wants(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    fn file(&self, files: &[&Database], base: FileId) -> Option<FileId> {
        let file = files[*self.files.first()?].file;
        (file != base).then_some(file)
    }
}
