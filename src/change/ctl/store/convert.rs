//! Between what the readers give and what commands change.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::read::ovsdb::datum::{Atom, Datum};
use crate::read::ovsdb::schema::Kind;
use crate::read::ovsdb::{Cells, Column as Shown, Database, Form, Row, SchemaName, Table};
use crate::read::version::Version;
use crate::source::FileId;

use super::super::schema::{self, Base, Column};
use super::{RowId, Store};

impl Store {
    /// The state of one database, put together from files that show it. Files that show other databases are
    /// passed over; of a row that several show, later files overwrite what earlier ones say.
    pub fn read<'a>(
        name: SchemaName,
        version: Option<&Version>,
        files: impl IntoIterator<Item = &'a Database>,
    ) -> Self {
        let schema = schema::schema(name, version);
        let mut store = Self::new(schema.clone());
        let files = files.into_iter().filter(|file| file.schema == name);
        let files: Vec<&Database> = files.collect();
        let whole = files.iter().any(|file| file.form.is_log());
        for (table, own) in schema.tables.iter().enumerate() {
            let shown: Vec<&Table> = files
                .iter()
                .filter_map(|file| file.tables.get(own.name))
                .collect();
            let rows = &mut store.tables[table];
            rows.incomplete = !whole && !shown.iter().any(|shown| shown.complete);
            let unseen = |column: &Column| {
                !shown
                    .iter()
                    .any(|shown| shown.columns.contains_key(column.name))
            };
            let columns = (0..own.columns.len()).filter(|at| !whole && unseen(&own.columns[*at]));
            rows.unseen = columns.collect();
            for row in shown.iter().flat_map(|shown| &shown.rows) {
                store.load(table, row);
            }
        }
        store.resolve_names();
        store.keep();
        store
    }

    fn load(&mut self, table: usize, row: &Row) {
        let schema = self.schema.clone();
        let own = &schema.tables[table];
        let same_name = || self.by_name(table, row.name.as_deref()?);
        let known = match row.uuid {
            Some(uuid) => Some(RowId { table, uuid }),
            None => same_name(),
        };
        let id = match known {
            Some(id) if self.contains(id) => id,
            Some(id) => {
                self.put(id, Vec::new());
                id
            }
            None => {
                let uuid = self.fresh();
                self.put(RowId { table, uuid }, Vec::new());
                RowId { table, uuid }
            }
        };
        for (name, value) in row.cells.iter() {
            let Some(column) = own.find(name) else {
                continue;
            };
            self.set(id, column, fit(&value.datum, &own.columns[column]));
        }
        if let (Some(name), Some(column)) = (&row.name, own.find("name"))
            && row.cells.get("name").is_none()
        {
            self.set(id, column, Datum::one(Atom::Text(name.clone())));
        }
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
fn fit(datum: &Datum, column: &Column) -> Datum {
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

fn fit_atom(atom: &Atom, base: &Base) -> Atom {
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
