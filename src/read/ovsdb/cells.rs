//! Questions to a row, every answer with its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::{Cell, FileId, Known, Place, Span, Spanned};

use super::datum::{Atom, Datum, Places, Value, Written};
use super::{Column, Database, Row};

/// An entry of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where the key is written.
    pub key: Place,
    /// The value and where it is written.
    pub value: Spanned<String>,
}

/// Why a cell that holds something else cannot be told.
const NOT_ONE: &str = "it holds several values where one is expected";
const NOT_THIS: &str = "it holds a value of another kind";

/// A cell that is asked for, whether or not the file shows it.
struct Asked<'a> {
    database: &'a Database,
    table: &'a str,
    row: &'a Row,
    name: &'a str,
    shown: Option<&'a Column>,
    value: Option<&'a Value>,
}

/// A column that no file shows, in a row into which a command wrote it.
static WRITTEN: Column = Column {
    many: false,
    default: None,
};

impl Database {
    /// The place of a cell, or of one entry of it. In logs the cell carries the value as `ovs-vsctl`
    /// prints it, and the span is the value's content in that text; in texts the span lies in the file.
    pub fn place(&self, table: &str, row: &Row, column: &str, key: Option<&str>) -> Place {
        let asked = self.ask(table, row, column);
        let Some(key) = key else {
            return asked.whole();
        };
        let entry = asked.entries().find(|(name, _)| *name == key);
        if let Some((_, entry)) = entry {
            return entry.value.place;
        }
        let removed = asked.removed().iter().find(|(name, _)| name == key);
        if let Some((_, place)) = removed {
            return place.clone();
        }
        // Where the key would stand.
        let place = asked.whole();
        let mut cell = place.cell.as_deref().cloned().unwrap_or_default();
        cell.key = Some(key.to_owned());
        Place {
            cell: Some(Arc::new(cell)),
            ..place
        }
    }

    /// A string. The empty one is what OVSDB has for "not set", and is absent.
    pub fn text(&self, table: &str, row: &Row, column: &str) -> Known<String> {
        // Texts do not tell a string from a number: `type: 5`.
        let typed = self.form.is_log();
        self.ask(table, row, column).one(|atom| match atom {
            Atom::Boolean(_) | Atom::Real(_) | Atom::Integer(_) if typed => None,
            _ => Some(atom.to_text()),
        })
    }

    /// An integer.
    pub fn integer(&self, table: &str, row: &Row, column: &str) -> Known<i64> {
        self.ask(table, row, column).one(|atom| match atom {
            Atom::Integer(value) => Some(*value),
            _ => None,
        })
    }

    /// A truth value.
    pub fn boolean(&self, table: &str, row: &Row, column: &str) -> Known<bool> {
        self.ask(table, row, column).one(|atom| match atom {
            Atom::Boolean(value) => Some(*value),
            _ => None,
        })
    }

    /// All elements of a set, as strings: `protocols`, `trunks`. An empty set is absent.
    pub fn texts(&self, table: &str, row: &Row, column: &str) -> Known<Vec<Spanned<String>>> {
        let asked = self.ask(table, row, column);
        asked.set(|value, atoms| {
            let texts = atoms.iter().map(Atom::to_text);
            let places = asked.elements(value, atoms);
            let elements = texts.zip(places);
            elements
                .map(|(text, place)| Spanned::new(text, place))
                .collect()
        })
    }

    /// The rows that a cell refers to. An empty set is absent.
    pub fn uuids(&self, table: &str, row: &Row, column: &str) -> Known<Vec<Atom>> {
        self.ask(table, row, column).set(|_, atoms| atoms.to_vec())
    }

    /// A map. An empty map is absent.
    pub fn map(&self, table: &str, row: &Row, column: &str) -> Known<BTreeMap<String, Entry>> {
        let asked = self.ask(table, row, column);
        if asked.shown.is_none() {
            return Known::Unseen;
        }
        match asked.value.map(|value| &value.datum) {
            None => Known::Absent(asked.whole()),
            Some(Datum::Unsure(why)) => Known::Unsure(asked.whole(), why),
            Some(datum) if datum.is_empty() => Known::Absent(asked.whole()),
            Some(Datum::Set(_)) => Known::Unsure(asked.whole(), NOT_THIS),
            Some(Datum::Map(_)) => {
                Known::Seen(Spanned::new(asked.entries().collect(), asked.whole()))
            }
        }
    }

    /// The keys of a map that commands removed, and where.
    pub fn removed<'a>(&self, row: &'a Row, column: &str) -> &'a [(String, Place)] {
        let places = row.cells.get(column).and_then(Value::places);
        places.map_or(&[], |places| &places.removed)
    }

    /// Where a table begins: the first byte of the file that shows it.
    pub fn table_place(&self, table: &str) -> Place {
        let file = self.tables.get(table).and_then(|table| table.file);
        Place::file(file.unwrap_or(self.file))
    }

    /// The places of a cell and of its pieces.
    pub fn places(&self, table: &str, row: &Row, column: &str) -> Places {
        let asked = self.ask(table, row, column);
        let parts = match asked.value.map(|value| (value, &value.datum)) {
            Some((value, Datum::Set(atoms))) => asked.elements(value, atoms),
            Some((_, Datum::Map(_))) => asked
                .entries()
                .flat_map(|(_, entry)| [entry.key, entry.value.place])
                .collect(),
            _ => Vec::new(),
        };
        Places {
            whole: asked.whole(),
            parts,
            removed: asked.removed().to_vec(),
        }
    }

    fn ask<'a>(&'a self, table: &'a str, row: &'a Row, name: &'a str) -> Asked<'a> {
        let shown = self
            .tables
            .get(table)
            .and_then(|table| table.columns.get(name));
        let value = row.cells.get(name);
        let written = || value.and_then(Value::places).map(|_| &WRITTEN);
        Asked {
            database: self,
            table,
            row,
            name,
            shown: shown.or_else(written),
            value,
        }
    }
}

impl<'a> Asked<'a> {
    fn one<T>(&self, read: impl Fn(&Atom) -> Option<T>) -> Known<T> {
        let Some(shown) = self.shown else {
            return Known::Unseen;
        };
        let atom = match self.value.map(|value| &value.datum) {
            None => shown.default.as_ref(),
            Some(Datum::Unsure(why)) => return Known::Unsure(self.whole(), why),
            Some(Datum::Map(_)) => return Known::Unsure(self.whole(), NOT_THIS),
            Some(Datum::Set(atoms)) => match atoms.as_slice() {
                [] => None,
                [atom] => Some(atom),
                _ => return Known::Unsure(self.whole(), NOT_ONE),
            },
        };
        match atom {
            None => Known::Absent(self.whole()),
            Some(Atom::Text(text)) if text.is_empty() => Known::Absent(self.whole()),
            Some(atom) => match read(atom) {
                Some(value) => Known::Seen(Spanned::new(value, self.whole())),
                None => Known::Unsure(self.whole(), NOT_THIS),
            },
        }
    }

    fn set<T>(&self, read: impl Fn(&'a Value, &'a [Atom]) -> Vec<T>) -> Known<Vec<T>> {
        if self.shown.is_none() {
            return Known::Unseen;
        }
        let Some(value) = self.value else {
            return Known::Absent(self.whole());
        };
        match &value.datum {
            Datum::Unsure(why) => Known::Unsure(self.whole(), why),
            datum if datum.is_empty() => Known::Absent(self.whole()),
            Datum::Map(_) => Known::Unsure(self.whole(), NOT_THIS),
            Datum::Set(atoms) => Known::Seen(Spanned::new(read(value, atoms), self.whole())),
        }
    }

    fn cell(&self) -> Cell {
        let name = self.row.name.as_deref().map(str::to_owned);
        let record = name.or_else(|| self.row.uuid.map(|uuid| uuid.to_string()));
        Cell {
            table: self.table.to_owned(),
            record: record.unwrap_or_else(|| ".".to_owned()),
            field: self.name.to_owned(),
            key: None,
            text: None,
        }
    }

    fn many(&self) -> bool {
        self.shown.is_some_and(|column| column.many)
    }

    fn places(&self) -> Option<&'a Places> {
        self.value.and_then(Value::places)
    }

    fn removed(&self) -> &'a [(String, Place)] {
        self.places().map_or(&[], |places| &places.removed)
    }

    fn whole(&self) -> Place {
        if let Some(places) = self.places() {
            return places.whole.clone();
        }
        let mut cell = self.cell();
        let span = match self
            .value
            .and_then(|value| Some((&value.datum, value.written.as_deref()?)))
        {
            // A single value is its content, without quotes.
            Some((Datum::Set(_), Written { parts, .. })) if parts.len() == 1 && !self.many() => {
                parts[0]
            }
            Some((_, written)) => written.span,
            None => self.row.span.unwrap_or_else(|| {
                let (text, span) = self.printed();
                cell.text = Some(text);
                span
            }),
        };
        self.at(cell, span)
    }

    /// A value of a log as it would be printed, and where its content is in that.
    fn printed(&self) -> (String, Span) {
        let default = self.shown.and_then(|column| column.default.as_ref());
        let atoms: &[Atom] = match self.value.map(|value| &value.datum) {
            Some(Datum::Set(atoms)) => atoms,
            Some(Datum::Map(entries)) => {
                let entries = entries.iter().map(|(key, value)| format!("{key}={value}"));
                let text = format!("{{{}}}", entries.collect::<Vec<_>>().join(", "));
                let span = Span::new(0..text.len());
                return (text, span);
            }
            Some(Datum::Unsure(_)) => &[],
            None => default.map_or(&[], std::slice::from_ref),
        };
        if let ([atom], false) = (atoms, self.many()) {
            let text = atom.to_string();
            let span = content(atom, &text, 0);
            return (text, span);
        }
        let atoms: Vec<_> = atoms.iter().map(Atom::to_string).collect();
        let text = format!("[{}]", atoms.join(", "));
        let span = Span::new(0..text.len());
        (text, span)
    }

    /// The places of the elements of a set; in logs they share one text.
    fn elements(&self, value: &Value, atoms: &[Atom]) -> Vec<Place> {
        if let Some(places) = value.places() {
            return places.parts.clone();
        }
        let mut cell = self.cell();
        let spans: Vec<Span> = if let Some(written) = &value.written {
            written.parts.clone()
        } else {
            cell.text = Some(self.printed().0);
            let mut at = usize::from(self.many() || atoms.len() > 1);
            let span = |atom: &Atom| {
                let printed = atom.to_string();
                let span = content(atom, &printed, at);
                at += printed.len() + ", ".len();
                span
            };
            atoms.iter().map(span).collect()
        };
        let cell = Arc::new(cell);
        let place = |span| Place {
            file: self.file(),
            span,
            cell: Some(cell.clone()),
        };
        spans.into_iter().map(place).collect()
    }

    /// The entries of a map by their keys; none where it is none.
    fn entries(&self) -> impl Iterator<Item = (String, Entry)> {
        let entries: &[(Atom, Atom)] = match self.value.map(|value| &value.datum) {
            Some(Datum::Map(entries)) => entries,
            _ => &[],
        };
        let written = self.value.and_then(|value| value.written.as_deref());
        let placed = self.places();
        let entries = entries.iter().enumerate();
        entries.map(move |(at, (key, value))| {
            if let Some(places) = placed {
                let entry = Entry {
                    key: places.parts[2 * at].clone(),
                    value: Spanned::new(value.to_text(), places.parts[2 * at + 1].clone()),
                };
                return (key.to_text(), entry);
            }
            let spans = written.map(|written| (written.parts[2 * at], written.parts[2 * at + 1]));
            (key.to_text(), self.entry(key, value, spans))
        })
    }

    fn entry(&self, key: &Atom, value: &Atom, written: Option<(Span, Span)>) -> Entry {
        let mut cell = self.cell();
        cell.key = Some(key.to_text());
        let (key_span, value_span) = written.unwrap_or_else(|| {
            let (key_text, value_text) = (key.to_string(), value.to_string());
            let start = key_text.len() + "=".len();
            cell.text = Some(format!("{key_text}={value_text}"));
            (
                content(key, &key_text, 0),
                content(value, &value_text, start),
            )
        });
        let place = self.at(cell, value_span);
        Entry {
            key: Place {
                span: key_span,
                ..place.clone()
            },
            value: Spanned::new(value.to_text(), place),
        }
    }

    fn at(&self, cell: Cell, span: Span) -> Place {
        Place {
            file: self.file(),
            span,
            cell: Some(Arc::new(cell)),
        }
    }

    fn file(&self) -> FileId {
        self.row.file.unwrap_or(self.database.file)
    }
}

/// Where the content of a printed atom is, which begins at `start` of a text.
fn content(atom: &Atom, printed: &str, start: usize) -> Span {
    let text = matches!(atom, Atom::Text(_) | Atom::Named(_));
    let quotes = usize::from(text && printed.starts_with('"'));
    Span::new(start + quotes..start + printed.len() - quotes)
}
