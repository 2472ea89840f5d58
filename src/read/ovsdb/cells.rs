//! Questions to a row, every answer with its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::{Cell, Known, Place, Span, Spanned};

use super::datum::{Atom, Datum, Value};
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

impl Database {
    /// The place of a cell, or of one entry of it. In logs the cell carries the value as `ovs-vsctl`
    /// prints it, and the span is the value's content in that text; in texts the span lies in the file.
    pub fn place(&self, table: &str, row: &Row, column: &str, key: Option<&str>) -> Place {
        let value = row.cells.get(column);
        let Some(key) = key else {
            return self.whole(table, row, column, value);
        };
        let entries = match value.map(|value| &value.datum) {
            Some(Datum::Map(entries)) => entries.as_slice(),
            _ => &[],
        };
        let at = entries.iter().position(|(atom, _)| is_text(atom, key));
        match (value, at) {
            (Some(value), Some(at)) => self.entry(table, row, column, value, at).value.place,
            // The place where the key would stand.
            _ => {
                let place = self.whole(table, row, column, value);
                let cell = place.cell.as_deref().cloned().unwrap_or_default();
                let key = Some(key.to_owned());
                Place {
                    cell: Some(Arc::new(Cell { key, ..cell })),
                    ..place
                }
            }
        }
    }

    /// A string. The empty one is what OVSDB has for "not set", and is absent.
    pub fn text(&self, table: &str, row: &Row, column: &str) -> Known<String> {
        self.one(table, row, column, |atom| match atom {
            Atom::Boolean(_) | Atom::Real(_) | Atom::Integer(_) if !self.form_is_typed() => {
                Some(atom.to_text())
            }
            Atom::Text(_) | Atom::Named(_) | Atom::Uuid(_) => Some(atom.to_text()),
            _ => None,
        })
    }

    /// An integer.
    pub fn integer(&self, table: &str, row: &Row, column: &str) -> Known<i64> {
        self.one(table, row, column, |atom| match atom {
            Atom::Integer(value) => Some(*value),
            _ => None,
        })
    }

    /// A truth value.
    pub fn boolean(&self, table: &str, row: &Row, column: &str) -> Known<bool> {
        self.one(table, row, column, |atom| match atom {
            Atom::Boolean(value) => Some(*value),
            _ => None,
        })
    }

    /// All elements of a set, as strings: `protocols`, `trunks`. An empty set is absent.
    pub fn texts(&self, table: &str, row: &Row, column: &str) -> Known<Vec<Spanned<String>>> {
        self.set(table, row, column, |atoms, places| {
            let texts = atoms.iter().map(Atom::to_text);
            texts
                .zip(places)
                .map(|(text, place)| Spanned::new(text, place))
                .collect()
        })
    }

    /// The rows that a cell refers to. An empty set is absent.
    pub fn uuids(&self, table: &str, row: &Row, column: &str) -> Known<Vec<Atom>> {
        self.set(table, row, column, |atoms, _| atoms.to_vec())
    }

    /// A map. An empty map is absent.
    pub fn map(&self, table: &str, row: &Row, column: &str) -> Known<BTreeMap<String, Entry>> {
        if self.column(table, column).is_none() {
            return Known::Unseen;
        }
        let value = row.cells.get(column);
        let place = || self.whole(table, row, column, value);
        let Some(value) = value else {
            return Known::Absent(place());
        };
        match &value.datum {
            Datum::Unsure(why) => Known::Unsure(place(), why),
            datum if datum.is_empty() => Known::Absent(place()),
            Datum::Set(_) => Known::Unsure(place(), NOT_THIS),
            Datum::Map(entries) => {
                let keys = entries.iter().map(|(key, _)| key.to_text());
                let entries = keys
                    .enumerate()
                    .map(|(at, key)| (key, self.entry(table, row, column, value, at)));
                Known::Seen(Spanned::new(entries.collect(), place()))
            }
        }
    }

    fn column(&self, table: &str, column: &str) -> Option<&Column> {
        self.tables.get(table)?.columns.get(column)
    }

    /// Whether the form tells strings from numbers: `show` of a name that is a number does not.
    fn form_is_typed(&self) -> bool {
        matches!(
            self.form,
            super::Form::Log | super::Form::Cluster | super::Form::Json
        )
    }

    fn one<T>(
        &self,
        table: &str,
        row: &Row,
        column: &str,
        read: impl Fn(&Atom) -> Option<T>,
    ) -> Known<T> {
        let Some(shown) = self.column(table, column) else {
            return Known::Unseen;
        };
        let value = row.cells.get(column);
        let place = || self.whole(table, row, column, value);
        let atom = match value.map(|value| &value.datum) {
            None => shown.default.as_ref(),
            Some(Datum::Unsure(why)) => return Known::Unsure(place(), why),
            Some(Datum::Map(_)) => return Known::Unsure(place(), NOT_THIS),
            Some(Datum::Set(atoms)) => match atoms.as_slice() {
                [] => None,
                [atom] => Some(atom),
                _ => return Known::Unsure(place(), NOT_ONE),
            },
        };
        match atom {
            None => Known::Absent(place()),
            Some(Atom::Text(text)) if text.is_empty() => Known::Absent(place()),
            Some(atom) => match read(atom) {
                Some(value) => Known::Seen(Spanned::new(value, place())),
                None => Known::Unsure(place(), NOT_THIS),
            },
        }
    }

    fn set<T>(
        &self,
        table: &str,
        row: &Row,
        column: &str,
        read: impl Fn(&[Atom], Vec<Place>) -> Vec<T>,
    ) -> Known<Vec<T>> {
        if self.column(table, column).is_none() {
            return Known::Unseen;
        }
        let value = row.cells.get(column);
        let place = || self.whole(table, row, column, value);
        match value.map(|value| (&value.datum, value)) {
            Some((Datum::Unsure(why), _)) => Known::Unsure(place(), why),
            Some((Datum::Map(entries), _)) if !entries.is_empty() => {
                Known::Unsure(place(), NOT_THIS)
            }
            Some((Datum::Set(atoms), value)) if !atoms.is_empty() => {
                let places = self.elements(table, row, column, value, atoms);
                Known::Seen(Spanned::new(read(atoms, places), place()))
            }
            _ => Known::Absent(place()),
        }
    }

    fn cell(&self, table: &str, row: &Row, column: &str) -> Cell {
        let name = row.name.as_deref().map(str::to_owned);
        let record = name.or_else(|| row.uuid.map(|uuid| uuid.to_string()));
        Cell {
            table: table.to_owned(),
            record: record.unwrap_or_else(|| ".".to_owned()),
            field: column.to_owned(),
            key: None,
            text: None,
        }
    }

    fn many(&self, table: &str, column: &str) -> bool {
        self.column(table, column).is_some_and(|column| column.many)
    }

    fn whole(&self, table: &str, row: &Row, column: &str, value: Option<&Value>) -> Place {
        let mut cell = self.cell(table, row, column);
        let span = match value.and_then(|value| value.written.as_deref()) {
            // A single value is its content, without quotes.
            Some(written) => match (&value.expect("it is written").datum, &written.parts[..]) {
                (Datum::Set(_), [part]) if !self.many(table, column) => *part,
                _ => written.span,
            },
            None if row.span.is_some() => row.span.unwrap_or_default(),
            None => {
                let (text, span) = self.printed(table, column, value);
                cell.text = Some(text);
                span
            }
        };
        self.at(cell, span)
    }

    /// A value of a log as it would be printed, and where its content is in that.
    fn printed(&self, table: &str, column: &str, value: Option<&Value>) -> (String, Span) {
        let shown = self.column(table, column);
        let default = shown.and_then(|column| column.default.as_ref());
        let atoms: &[Atom] = match value.map(|value| &value.datum) {
            Some(Datum::Set(atoms)) => atoms,
            Some(Datum::Map(entries)) => {
                let entries: Vec<_> = entries
                    .iter()
                    .map(|(key, value)| format!("{key}={value}"))
                    .collect();
                let text = format!("{{{}}}", entries.join(", "));
                let span = Span::new(0..text.len());
                return (text, span);
            }
            Some(Datum::Unsure(_)) => &[],
            None => default.map_or(&[], std::slice::from_ref),
        };
        match atoms {
            [atom] if !self.many(table, column) => {
                let text = atom.to_string();
                let content = content(atom, &text, 0);
                (text, content)
            }
            _ => {
                let atoms: Vec<_> = atoms.iter().map(Atom::to_string).collect();
                let text = format!("[{}]", atoms.join(", "));
                let span = Span::new(0..text.len());
                (text, span)
            }
        }
    }

    /// The places of the elements of a set; in logs they share one text.
    fn elements(
        &self,
        table: &str,
        row: &Row,
        column: &str,
        value: &Value,
        atoms: &[Atom],
    ) -> Vec<Place> {
        let mut cell = self.cell(table, row, column);
        let spans = match value.written.as_deref() {
            Some(written) => written.parts.clone(),
            None => {
                let (text, _) = self.printed(table, column, Some(value));
                let mut at = usize::from(self.many(table, column) || atoms.len() > 1);
                let spans = atoms.iter().map(|atom| {
                    let printed = atom.to_string();
                    let span = content(atom, &printed, at);
                    at += printed.len() + ", ".len();
                    span
                });
                let spans = spans.collect();
                cell.text = Some(text);
                spans
            }
        };
        let cell = Arc::new(cell);
        let place = |span| Place {
            file: self.file,
            span,
            cell: Some(cell.clone()),
        };
        spans.into_iter().map(place).collect()
    }

    fn entry(&self, table: &str, row: &Row, column: &str, value: &Value, at: usize) -> Entry {
        let Datum::Map(entries) = &value.datum else {
            unreachable!("only entries of maps are asked for");
        };
        let (key, atom) = &entries[at];
        let mut cell = self.cell(table, row, column);
        cell.key = Some(key.to_text());
        let (key_span, value_span) = match value.written.as_deref() {
            Some(written) => (written.parts[2 * at], written.parts[2 * at + 1]),
            None => {
                let (key_text, value_text) = (key.to_string(), atom.to_string());
                let start = key_text.len() + 1;
                cell.text = Some(format!("{key_text}={value_text}"));
                (
                    content(key, &key_text, 0),
                    content(atom, &value_text, start),
                )
            }
        };
        let value = self.at(cell, value_span);
        Entry {
            key: Place {
                span: key_span,
                ..value.clone()
            },
            value: Spanned::new(atom.to_text(), value),
        }
    }

    fn at(&self, cell: Cell, span: Span) -> Place {
        Place {
            file: self.file,
            span,
            cell: Some(Arc::new(cell)),
        }
    }
}

/// Where the content of a printed atom is, which begins at `start` of a text.
fn content(atom: &Atom, printed: &str, start: usize) -> Span {
    let quotes =
        usize::from(matches!(atom, Atom::Text(_) | Atom::Named(_)) && printed.starts_with('"'));
    Span::new(start + quotes..start + printed.len() - quotes)
}

fn is_text(atom: &Atom, text: &str) -> bool {
    match atom {
        Atom::Text(own) | Atom::Named(own) => **own == *text,
        other => other.to_string() == text,
    }
}
