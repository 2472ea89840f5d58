//! Between what the readers give and what commands change.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::read::ovsdb::datum::{Atom, Datum};
use crate::read::ovsdb::schema::Kind;
use crate::read::ovsdb::{Cells, Column as Shown, Database, Form, Row, SchemaName, Table};
use crate::read::version::Version;
use crate::source::FileId;

use super::super::schema::{self, Base, Column};
use super::originals::{self, Original, Originals};
use super::{RowId, Store};

impl Store {
    /// The state of one database, put together from files that show it. Files that show other databases are
    /// passed over; of what several show, the first counts.
    pub fn read<'a>(
        name: SchemaName,
        version: Option<&Version>,
        files: impl IntoIterator<Item = &'a Database>,
    ) -> Self {
        let files = files.into_iter().filter(|file| file.schema == name);
        let files: Vec<&Database> = files.collect();
        Self::read_all(name, version, &files).0
    }

    /// The same, and from where each row was read. Every file must show this database.
    pub fn read_all(
        name: SchemaName,
        version: Option<&Version>,
        files: &[&Database],
    ) -> (Self, Originals) {
        let schema = schema::schema(name, version);
        let mut store = Self::new(schema.clone());
        let mut originals = Originals::default();
        let whole = files.iter().any(|file| file.form.is_log());
        for (table, own) in schema.tables.iter().enumerate() {
            let showing = showing(name, files, own.name);
            let shown = || showing.iter().map(|file| &files[*file].tables[own.name]);
            let rows = &mut store.tables[table];
            rows.incomplete = !whole && !shown().any(|shown| shown.complete);
            let unseen =
                |column: &Column| !shown().any(|shown| shown.columns.contains_key(column.name));
            let columns = (0..own.columns.len()).filter(|at| !whole && unseen(&own.columns[*at]));
            rows.unseen = columns.collect();
            for file in showing {
                for row in 0..files[file].tables[own.name].rows.len() {
                    let original = Original { file, row };
                    store.load(table, files, original, &mut originals);
                }
            }
        }
        store.resolve_names();
        store.prefer_resolved(files, &mut originals);
        store.log.clear();
        store.noted.clear();
        (store, originals)
    }

    fn load(
        &mut self,
        table: usize,
        files: &[&Database],
        original: Original,
        originals: &mut Originals,
    ) {
        let schema = self.schema.clone();
        let own = &schema.tables[table];
        let row = originals::row(files, own.name, original);
        let known = self.same(table, row, original, originals);
        let id = known.unwrap_or_else(|| {
            let uuid = row.uuid.unwrap_or_else(|| self.fresh());
            RowId { table, uuid }
        });
        if known.is_none() {
            self.put(id, Vec::new());
        }
        for (name, value) in row.cells.iter() {
            let Some(column) = own.find(name) else {
                continue;
            };
            let named = (column, &**name);
            if known.is_some()
                && originals
                    .telling(files, own.name, id, named)
                    .is_some_and(|telling| is_told(files, own.name, telling, name))
            {
                continue;
            }
            self.set(id, column, fit(&value.datum, &own.columns[column]));
        }
        if let (Some(name), Some(column)) = (&row.name, own.find("name"))
            && row.cells.get("name").is_none()
        {
            self.set(id, column, Datum::one(Atom::Text(name.clone())));
        }
        originals.add(id, original);
    }

    /// The row that a row of a file is, where one is there: names may occur twice in one file, not in two files.
    fn same(
        &self,
        table: usize,
        row: &Row,
        original: Original,
        originals: &Originals,
    ) -> Option<RowId> {
        let by_uuid = row.uuid.map(|uuid| RowId { table, uuid });
        if let Some(id) = by_uuid.filter(|id| self.contains(*id)) {
            return Some(id);
        }
        if self.schema.tables[table].max_rows == 1 {
            return self.rows(table).next();
        }
        let name = row.name.as_deref()?;
        let elsewhere = |id: &RowId| {
            let first = originals.first(*id);
            first.is_some_and(|first| first.file != original.file)
        };
        let unnamed = row.uuid.is_none();
        let own = self.by_name(table, name).filter(|_| unnamed);
        own.or_else(|| self.by_label(table, name).filter(elsewhere))
    }

    /// Where the rows that a cell refers to are only shown under what another file calls them, that one counts.
    fn prefer_resolved(&mut self, files: &[&Database], originals: &mut Originals) {
        let shared: Vec<RowId> = originals.shared().collect();
        let schema = self.schema.clone();
        for row in shared {
            let table = &schema.tables[row.table];
            for (column, own) in table.columns.iter().enumerate() {
                let Some(refers) = own.key.refers.filter(|_| !own.is_map()) else {
                    continue;
                };
                if self.resolved(refers.table, self.get(row, column)).is_some() {
                    continue;
                }
                let better = originals.of(row).find_map(|original| {
                    let cells = &originals::row(files, table.name, original).cells;
                    let datum = fit(&cells.get(own.name)?.datum, own);
                    Some((original, self.resolved(refers.table, &datum)?))
                });
                if let Some((original, datum)) = better {
                    self.set(row, column, datum);
                    originals.choose(row, column, original);
                }
            }
        }
    }

    /// The same references by identity, where every row is there.
    fn resolved(&self, table: usize, datum: &Datum) -> Option<Datum> {
        let Datum::Set(atoms) = datum else {
            return None;
        };
        let resolve = |atom: &Atom| {
            let row = match atom {
                Atom::Uuid(uuid) => RowId { table, uuid: *uuid },
                Atom::Named(name) => self.by_label(table, name)?,
                _ => return None,
            };
            self.contains(row).then_some(Atom::Uuid(row.uuid))
        };
        let mut resolved = atoms.iter().map(resolve).collect::<Option<Vec<_>>>()?;
        resolved.sort();
        resolved.dedup();
        Some(Datum::Set(resolved))
    }

    /// `show` names the rows that a cell refers to; here they are referred to by their identity.
    fn resolve_names(&mut self) {
        let schema = self.schema.clone();
        for table in 0..schema.tables.len() {
            let rows: Vec<RowId> = self.rows(table).collect();
            for (row, column) in rows
                .iter()
                .flat_map(|row| {
                    let cells: Vec<usize> = self.cells(*row).iter().map(|cell| cell.0).collect();
                    cells.into_iter().map(|column| (*row, column))
                })
                .collect::<Vec<_>>()
            {
                let Some(refers) = schema.tables[table].columns[column].key.refers else {
                    continue;
                };
                let Datum::Set(atoms) = self.get(row, column) else {
                    continue;
                };
                if !atoms.iter().any(|atom| matches!(atom, Atom::Named(_))) {
                    continue;
                }
                let resolve = |atom: &Atom| match atom {
                    Atom::Named(name) => Some(Atom::Uuid(self.by_label(refers.table, name)?.uuid)),
                    other => Some(other.clone()),
                };
                let mut resolved: Vec<Atom> = atoms.iter().filter_map(resolve).collect();
                resolved.sort();
                resolved.dedup();
                self.set(row, column, Datum::Set(resolved));
            }
        }
    }

    fn by_label(&self, table: usize, label: &str) -> Option<RowId> {
        let target = || {
            let column = self.schema.tables[table].find("target")?;
            self.find(table, column, None, label).into_iter().next()
        };
        self.by_name(table, label).or_else(target)
    }

    /// The state as the readers would give it, all of it seen except what no input showed.
    pub fn database(&self, file: FileId) -> Database {
        let mut database = Database::new(file, Form::Log);
        database.schema = self.schema.database;
        for (table, own) in self.schema.tables.iter().enumerate() {
            let rows = &self.tables[table];
            let names: Vec<Arc<str>> = own
                .columns
                .iter()
                .map(|column| column.name.into())
                .collect();
            let shown = |at: usize| !rows.unseen.contains(&at);
            let columns = own.columns.iter().zip(&names).enumerate();
            let columns: BTreeMap<_, _> = columns
                .filter(|(at, _)| shown(*at))
                .map(|(_, (column, name))| (name.clone(), column_as_shown(column)))
                .collect();
            if columns.is_empty() {
                continue;
            }
            let row = |id: RowId| Row {
                uuid: Some(id.uuid),
                name: Some(self.label(id).into()),
                span: None,
                file: None,
                cells: self.cells_as_read(id, &names),
            };
            let table = Table {
                columns,
                rows: self.rows(table).map(row).collect(),
                complete: !rows.incomplete,
                file: None,
            };
            database.tables.insert(own.name.to_owned(), table);
        }
        database
    }

    fn cells_as_read(&self, row: RowId, names: &[Arc<str>]) -> Cells {
        let cells = self.cells(row).iter();
        cells
            .map(|(column, datum)| (names[*column].clone(), datum.clone().into()))
            .collect()
    }
}

/// The files that count for a table. A node's files complement each other; copies of the northbound are older or
/// newer states of all of it.
pub fn showing(name: SchemaName, files: &[&Database], table: &str) -> Vec<usize> {
    let shows = (0..files.len()).filter(|file| files[*file].tables.contains_key(table));
    let most = match name {
        SchemaName::OpenVswitch => usize::MAX,
        _ => 1,
    };
    shows.take(most).collect()
}

fn is_told(files: &[&Database], table: &str, original: Original, name: &str) -> bool {
    let value = originals::row(files, table, original).cells.get(name);
    !value.is_some_and(|value| matches!(value.datum, Datum::Unsure(_)))
}

fn column_as_shown(column: &Column) -> Shown {
    Shown {
        many: column.max > 1,
        default: match &column.default {
            Datum::Set(atoms) => atoms.first().cloned(),
            _ => None,
        },
    }
}

/// A datum in the types of its column: text forms do not tell strings from numbers.
pub fn fit(datum: &Datum, column: &Column) -> Datum {
    let value = column.value.as_ref().unwrap_or(&column.key);
    match datum {
        Datum::Set(atoms) if column.is_map() && atoms.is_empty() => Datum::Map(Vec::new()),
        Datum::Map(entries) if !column.is_map() && entries.is_empty() => Datum::Set(Vec::new()),
        Datum::Set(atoms) if !column.is_map() => {
            let mut atoms: Vec<_> = atoms
                .iter()
                .map(|atom| fit_atom(atom, &column.key))
                .collect();
            atoms.sort();
            Datum::Set(atoms)
        }
        Datum::Map(entries) if column.is_map() => {
            let fit =
                |(key, own): &(Atom, Atom)| (fit_atom(key, &column.key), fit_atom(own, value));
            let mut entries: Vec<_> = entries.iter().map(fit).collect();
            entries.sort();
            Datum::Map(entries)
        }
        Datum::Unsure(why) => Datum::Unsure(why),
        _ => Datum::Unsure("it is not of the type of its column"),
    }
}

/// An atom in the type that its column wants.
pub fn fit_atom(atom: &Atom, base: &Base) -> Atom {
    let text = atom.to_text();
    let fitted = match (base.kind, atom) {
        (Kind::Text, Atom::Text(_)) => None,
        (Kind::Text, _) => Some(Atom::Text(text.into())),
        (Kind::Integer, Atom::Text(_) | Atom::Named(_)) => text.parse().ok().map(Atom::Integer),
        (Kind::Boolean, Atom::Text(_) | Atom::Named(_)) => text.parse().ok().map(Atom::Boolean),
        (Kind::Uuid, Atom::Text(_) | Atom::Named(_)) => text
            .parse()
            .ok()
            .map(Atom::Uuid)
            .or_else(|| Some(Atom::Named(text.into()))),
        _ => None,
    };
    fitted.unwrap_or_else(|| atom.clone())
}
