//! Input files, and the places in them that values and findings point at.

pub mod date;
pub mod secret;

use std::collections::BTreeSet;
use std::fmt;
use std::ops::{Deref, Range};
use std::path::PathBuf;
use std::sync::Arc;

/// One file of this run; an index into [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A range of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes of the value: in the file, or, where `cell` carries a text, in that text.
    pub span: Span,
    /// Table, record and column, where the value comes from a database.
    pub cell: Option<Arc<Cell>>,
}

/// A field of a database record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// The table: `Bridge`.
    pub table: String,
    /// The record's name, or its UUID where it has none.
    pub record: String,
    /// The column; empty where the record as a whole is meant.
    pub field: String,
    /// The key, where the column is a map.
    pub key: Option<String>,
    /// The value as `ovs-vsctl` would print it, where the file itself cannot be shown (a database log).
    pub text: Option<String>,
}

/// A value and where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub place: Place,
}

/// What the inputs tell of one thing. Unseen is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Known<T> {
    /// No input speaks of it.
    #[default]
    Unseen,
    /// It is written, but what it is cannot be told: a template, a malformed value.
    Unsure(Place, &'static str),
    /// A source that would show it does not, or it was removed; the place is where it would stand.
    Absent(Place),
    /// It was read.
    Seen(Spanned<T>),
}

/// Every file of this run.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One file: its path as it is shown, and its text where it has one.
#[derive(Debug)]
pub struct Source {
    /// Relative to the working directory where it lies below it, with `/`.
    pub path: String,
    /// Empty for database logs (their cells carry the text), and for what could not be read.
    pub text: String,
    /// Where another text may be written in its place; none for a database, a template, an object of git, and a file
    /// of a site before a change.
    pub origin: Option<PathBuf>,
}

/// A line and a column, both counted from 1; columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

impl Sources {
    /// Adds a file; the answer stays valid for the whole run.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than 2^32 files are walked"));
        self.files.push(Source {
            path: path.into(),
            text: text.into(),
            origin: None,
        });
        id
    }

    /// The file behind an id that [`Sources::add`] gave.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// Hands the text over once the file was read.
    pub fn set_text(&mut self, id: FileId, text: String) {
        self.files[id.0 as usize].text = text;
    }

    /// Says where another text may be written in place of a file's.
    pub fn set_origin(&mut self, id: FileId, origin: Option<PathBuf>) {
        self.files[id.0 as usize].origin = origin;
    }

    /// Keeps a file as it is that is also part of the site before a change.
    pub fn forget_origins(&mut self, paths: &BTreeSet<PathBuf>) {
        for file in &mut self.files {
            file.origin.take_if(|origin| paths.contains(origin));
        }
    }

    /// Shows a file under another name: one of a site before a change, once what is said of it was compared.
    pub fn rename(&mut self, id: FileId, path: String) {
        self.files[id.0 as usize].path = path;
    }

    /// All files, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The text that a place covers; `None` where there is none to show.
    pub fn text_at<'a>(&'a self, place: &'a Place) -> Option<&'a str> {
        let text = match place.cell.as_deref().and_then(|cell| cell.text.as_deref()) {
            Some(text) => text,
            None => &self.get(place.file).text,
        };
        text.get(place.span.range())
    }
}

impl Source {
    /// Line and column of a byte offset. An offset behind the end is the end.
    pub fn position(&self, offset: u32) -> Position {
        let end = self.text.floor_char_boundary(offset as usize);
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
        Position {
            line: count(before.matches('\n').count()),
            column: count(before[line_start..].chars().count()),
        }
    }
}

impl Span {
    /// A span of text that the readers' size limit keeps below 4 GiB.
    pub fn new(range: Range<usize>) -> Self {
        let offset = |at: usize| u32::try_from(at).expect("files above 4 GiB are not read");
        Self {
            start: offset(range.start),
            end: offset(range.end),
        }
    }

    /// As a range for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Number of bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl Place {
    /// A range of bytes in a text file.
    pub fn text(file: FileId, range: Range<usize>) -> Self {
        Self {
            file,
            span: Span::new(range),
            cell: None,
        }
    }

    /// The first byte of a file: where a finding about the whole file points.
    pub fn file(file: FileId) -> Self {
        Self::text(file, 0..0)
    }

    /// A part of this place, `range` counted in bytes from its start.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let start = self.span.start as usize;
        Self {
            span: Span::new(start + range.start..start + range.end),
            ..self.clone()
        }
    }
}

impl<T> Spanned<T> {
    /// A value with its place.
    pub fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned {
            value: f(self.value),
            place: self.place,
        }
    }
}

impl Spanned<String> {
    /// A part of the text with its own place. Where the text was decoded on reading (escapes, joined
    /// lines), the place stays that of the whole.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let verbatim = self.place.span.len() == self.value.len();
        Self {
            value: self.value[range.clone()].to_owned(),
            place: if verbatim {
                self.place.part(range)
            } else {
                self.place.clone()
            },
        }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T> Known<T> {
    /// The value, where it was read.
    pub fn seen(&self) -> Option<&Spanned<T>> {
        match self {
            Known::Seen(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the inputs settle it: it was read, or is known not to be there.
    pub fn settled(&self) -> bool {
        matches!(self, Known::Seen(_) | Known::Absent(_))
    }

    /// Where it stands or would stand.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Known::Unseen => None,
            Known::Unsure(place, _) | Known::Absent(place) => Some(place),
            Known::Seen(value) => Some(&value.place),
        }
    }

    /// The value in force: what was read, or the default where it is known to be absent.
    pub fn or_default(&self, default: T) -> Option<Spanned<T>>
    where
        T: Clone,
    {
        match self {
            Known::Seen(value) => Some(value.clone()),
            Known::Absent(place) => Some(Spanned::new(default, place.clone())),
            Known::Unseen | Known::Unsure(..) => None,
        }
    }

    /// Another value made of this one and its place; what is not seen stays what it is.
    pub fn map_spanned<U>(self, f: impl FnOnce(&Spanned<T>) -> U) -> Known<U> {
        match self {
            Known::Unseen => Known::Unseen,
            Known::Unsure(place, why) => Known::Unsure(place, why),
            Known::Absent(place) => Known::Absent(place),
            Known::Seen(value) => Known::Seen(Spanned::new(f(&value), value.place)),
        }
    }

    /// Another value made of this one; what is not seen stays what it is.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Known::Unseen => Known::Unseen,
            Known::Unsure(place, why) => Known::Unsure(place, why),
            Known::Absent(place) => Known::Absent(place),
            Known::Seen(value) => Known::Seen(value.map(f)),
        }
    }
}
