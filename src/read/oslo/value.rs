//! The value of an option: its text, where each part of it stands, and what oslo.config's types read in it.

use std::ops::Range;

use crate::read::oslo::python::{self, NotInteger};
use crate::source::{FileId, Place, Spanned};

/// The value of an option, as oslo.config hands it to the option's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Without the quotes around it; the lines of a continued value are joined by `\n`.
    pub text: String,
    /// From its first to its last character in the file.
    pub place: Place,
    /// Where its lines stand. Empty where the text does not stand in the file as it is.
    lines: Vec<Line>,
}

/// One line of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    /// Where it starts in the value's text.
    text: usize,
    /// Where it starts in the file.
    source: usize,
    len: usize,
}

/// Python's `int(text)`, for what is held against bounds: a number beyond 64 bits is the nearest within.
/// `None` where Python refuses.
pub fn python_integer(text: &str) -> Option<i64> {
    match python::integer(text) {
        Ok(number) => Some(number),
        Err(NotInteger::TooBig) if text.contains('-') => Some(i64::MIN),
        Err(NotInteger::TooBig) => Some(i64::MAX),
        Err(NotInteger::Malformed) => None,
    }
}

impl Value {
    /// The value that these ranges of `source`, one per line, make up.
    pub fn of_lines(file: FileId, source: &str, ranges: &[Range<usize>]) -> Self {
        let mut text = String::new();
        let mut lines = Vec::with_capacity(ranges.len());
        for (number, range) in ranges.iter().enumerate() {
            if number > 0 {
                text.push('\n');
            }
            lines.push(Line {
                text: text.len(),
                source: range.start,
                len: range.len(),
            });
            text.push_str(&source[range.clone()]);
        }
        // A value whose first line is empty starts on the second.
        let start = ranges
            .iter()
            .find(|range| !range.is_empty())
            .or(ranges.first());
        let start = start.map_or(0, |range| range.start);
        let end = ranges.last().map_or(start, |range| range.end);
        Self {
            text,
            place: Place::text(file, start..end),
            lines,
        }
    }

    /// What a value became when other options were put into it. All of it stands where the value stood.
    pub fn substituted(text: String, place: Place) -> Self {
        Self {
            text,
            place,
            lines: Vec::new(),
        }
    }

    /// The place of a range of bytes of the text; of the whole, where the text does not stand in the file.
    pub fn part(&self, range: Range<usize>) -> Place {
        let first = self
            .lines
            .partition_point(|line| line.text + line.len < range.start);
        let last = self.lines.partition_point(|line| line.text <= range.end);
        let (Some(first), Some(last)) = (self.lines.get(first), self.lines[..last].last()) else {
            return self.place.clone();
        };
        let start = first.source + range.start.saturating_sub(first.text);
        let end = last.source + (range.end - last.text).min(last.len);
        Place::text(self.place.file, start..end.max(start))
    }

    /// As a `ListOpt` reads it: commas at the end are dropped, empty elements within stay (facts N§2).
    pub fn list(&self) -> Vec<Spanned<String>> {
        let inner = python::strip_range(&self.text, 0..self.text.len());
        let inner = inner.start..inner.start + self.text[inner].trim_end_matches(',').len();
        if inner.is_empty() {
            return Vec::new();
        }
        let mut at = inner.start;
        let items = self.text[inner].split(',').map(|item| {
            let range = python::strip_range(&self.text, at..at + item.len());
            at += item.len() + 1;
            Spanned::new(self.text[range.clone()].to_owned(), self.part(range))
        });
        items.collect()
    }

    /// As a `BoolOpt` reads it; `None` where it refuses.
    pub fn boolean(&self) -> Option<bool> {
        match self.text.to_lowercase().as_str() {
            "true" | "1" | "on" | "yes" => Some(true),
            "false" | "0" | "off" | "no" => Some(false),
            _ => None,
        }
    }

    /// As an `IntOpt` reads it, bounds aside; an empty one is `None`.
    pub fn integer(&self) -> Result<Option<i64>, NotInteger> {
        if python::strip(&self.text).is_empty() {
            return Ok(None);
        }
        python::integer(&self.text).map(Some)
    }
}
