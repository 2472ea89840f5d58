//! Cells of rows that commands changed, or that several files show: each piece with its own place.

use crate::read::ovsdb::Cells;
use crate::read::ovsdb::datum::{Atom, Datum, Places, Value};
use crate::source::Place;

use super::super::ctl::store::RowId;
use super::super::ctl::store::convert::{fit, fit_atom};
use super::super::ctl::store::origin::Origins;
use super::super::ctl::store::originals::{self, Original};
use super::{Shown, State};

/// What a cell held when it was read.
struct Before {
    /// Its elements or keys, in the order in which they were read.
    parts: Vec<Atom>,
    /// Where these stand.
    places: Places,
}

impl State<'_> {
    /// The cells of a row that a file shows.
    pub(super) fn cells(
        &self,
        row: RowId,
        shown: &Shown,
        first: Original,
        script: &Place,
    ) -> Cells {
        let cells = shown.wanted.iter().filter_map(|(column, name)| {
            let value = self.cell(row, (*column, name), shown, first, script)?;
            Some((name.clone(), value))
        });
        cells.collect()
    }

    /// A cell; `None`: it holds what the column's default is, or no file shows it and no command wrote it whole.
    fn cell(
        &self,
        row: RowId,
        (column, name): (usize, &str),
        shown: &Shown,
        first: Original,
        script: &Place,
    ) -> Option<Value> {
        let own = self.store.column(row, column);
        let table = self.store.schema.tables[row.table].name;
        let telling = self
            .originals
            .telling(&self.files, table, row, (column, name));
        let origins = self.store.origins(row, column);
        let Some(telling) = telling else {
            // What else is in a set or a map of which one element was written, nobody knows.
            let told = |origins: &&Origins| origins.whole.is_some() || is_single(own);
            return origins.filter(told).map(|_| self.made(row, column, script));
        };
        let read = originals::row(&self.files, table, telling).cells.get(name);
        let now = self.store.get(row, column);
        if origins.is_none() && self.holds(row, column, read) {
            let described = shown.columns.contains_key(name);
            let first_of_all = telling.file == shown.files[0];
            if telling == first && described && (read.is_some() || first_of_all) {
                return read.cloned();
            }
            let places = self.before(row, (column, name), telling).places;
            let datum = read.map_or_else(|| now.clone(), |value| value.datum.clone());
            return Some(Value::placed(datum, places));
        }
        let before = self.before(row, (column, name), telling);
        let whole = whole(now, origins, &before, is_single(own));
        let whole = whole.unwrap_or(&before.places.whole).clone();
        Some(self.placed(row, column, whole, Some(&before)))
    }

    /// Whether a cell still holds what was read.
    fn holds(&self, row: RowId, column: usize, read: Option<&Value>) -> bool {
        let own = self.store.column(row, column);
        let now = self.as_shown(row, column);
        let now = now.into_iter().map(|(shown, _, value)| (shown, value));
        let Some(read) = read else {
            return *self.store.get(row, column) == own.default;
        };
        match fit(&read.datum, own) {
            Datum::Set(atoms) => now.eq(atoms.into_iter().map(|atom| (atom, None))),
            Datum::Map(entries) => {
                now.eq(entries.into_iter().map(|(key, value)| (key, Some(value))))
            }
            Datum::Unsure(why) => *self.store.get(row, column) == Datum::Unsure(why),
        }
    }

    /// A cell that no file shows.
    pub(super) fn made(&self, row: RowId, column: usize, place: &Place) -> Value {
        let origins = self.store.origins(row, column);
        let own = origins.and_then(|origins| origins.whole.as_ref().or_else(|| last(origins)));
        self.placed(row, column, own.unwrap_or(place).clone(), None)
    }

    /// What a cell holds, each piece with the place where it was last written.
    fn placed(&self, row: RowId, column: usize, whole: Place, before: Option<&Before>) -> Value {
        let origins = self.store.origins(row, column);
        let map = self.store.column(row, column).is_map();
        let at = |part: &Atom, shown: &Atom| -> [Place; 2] {
            let written = self.store.origin(row, column, Some(part));
            if let Some(written) = written {
                return [written.clone(), written.clone()];
            }
            let read = before.and_then(|before| {
                let at = before.parts.iter().position(|own| own == shown)?;
                let places = &before.places.parts;
                let (key, value) = if map { (2 * at, 2 * at + 1) } else { (at, at) };
                Some([places.get(key)?.clone(), places.get(value)?.clone()])
            });
            read.unwrap_or_else(|| [whole.clone(), whole.clone()])
        };
        let pieces = self.as_shown(row, column);
        let parts = pieces.iter().flat_map(|(shown, part, _)| {
            let [key, value] = at(part, shown);
            map.then_some(key).into_iter().chain([value])
        });
        let parts = parts.collect();
        let held = |key: &Atom| pieces.iter().any(|(_, part, _)| part == key);
        let removed = origins
            .iter()
            .filter(|_| map)
            .flat_map(|origins| &origins.parts)
            .filter(|(key, _)| !held(key))
            .map(|(key, place)| (key.to_text(), place.clone()));
        let removed = removed.collect();
        let datum = match self.store.get(row, column) {
            Datum::Unsure(why) => Datum::Unsure(why),
            Datum::Set(_) => Datum::Set(pieces.into_iter().map(|(shown, ..)| shown).collect()),
            Datum::Map(entries) => Datum::Map(entries.clone()),
        };
        Value::placed(
            datum,
            Places {
                whole,
                parts,
                removed,
            },
        )
    }

    /// The elements of a set, or the keys of a map with their values: as they are shown, and as the store has
    /// them. Rows that were only shown by their name are referred to by that.
    fn as_shown(&self, row: RowId, column: usize) -> Vec<(Atom, Atom, Option<Atom>)> {
        let refers = self.store.column(row, column).key.refers;
        match self.store.get(row, column) {
            Datum::Set(atoms) => {
                let atoms = atoms.iter();
                let mut shown: Vec<_> = atoms
                    .map(|atom| {
                        let named = refers.and_then(|refers| self.named(refers.table, atom));
                        (named.unwrap_or_else(|| atom.clone()), atom.clone(), None)
                    })
                    .collect();
                shown.sort();
                shown
            }
            Datum::Map(entries) => {
                let entries = entries.iter();
                entries
                    .map(|(key, value)| (key.clone(), key.clone(), Some(value.clone())))
                    .collect()
            }
            Datum::Unsure(_) => Vec::new(),
        }
    }

    /// The name of a row that no file shows with its identity.
    fn named(&self, table: usize, atom: &Atom) -> Option<Atom> {
        let Atom::Uuid(uuid) = atom else {
            return None;
        };
        let row = RowId { table, uuid: *uuid };
        let name = self.store.schema.tables[table].name;
        let mut shown = self.originals.of(row).peekable();
        shown.peek()?;
        let unnamed = |original| originals::row(&self.files, name, original).uuid.is_none();
        shown.all(unnamed).then(|| self.name(row))?.map(Atom::Named)
    }

    fn before(&self, row: RowId, (column, name): (usize, &str), telling: Original) -> Before {
        let table = self.store.schema.tables[row.table].name;
        let own = self.store.column(row, column);
        let file = self.files[telling.file];
        let read = originals::row(&self.files, table, telling);
        let parts = match read.cells.get(name).map(|value| &value.datum) {
            Some(Datum::Set(atoms)) => atoms.iter().map(|atom| fit_atom(atom, &own.key)).collect(),
            Some(Datum::Map(entries)) => {
                let keys = entries.iter().map(|(key, _)| fit_atom(key, &own.key));
                keys.collect()
            }
            Some(Datum::Unsure(_)) | None => Vec::new(),
        };
        Before {
            parts,
            places: file.places(table, read, name),
        }
    }
}

/// Where the whole of a cell was written by a command; `None`: it still is where it was read.
fn whole<'a>(
    now: &Datum,
    origins: Option<&'a Origins>,
    before: &Before,
    single: bool,
) -> Option<&'a Place> {
    let origins = origins?;
    let rewritten = single || now.is_empty() || before.parts.is_empty();
    let part = || last(origins).filter(|_| rewritten);
    origins.whole.as_ref().or_else(part)
}

/// The last of several places: what stands last in a script is done last.
fn last(origins: &Origins) -> Option<&Place> {
    origins.parts.values().max()
}

fn is_single(column: &super::super::ctl::schema::Column) -> bool {
    column.max == 1 && !column.is_map()
}
