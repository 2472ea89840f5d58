//! Finds passwords and their like, so that no output shows them.

mod commands;
pub mod everywhere;
mod keys;
mod lines;
mod scan;
#[cfg(test)]
mod tests;

use std::iter;
use std::ops::Range;

use crate::report::secrets::everywhere::Everywhere;
use crate::report::secrets::scan::Separators;

/// Shorter words of a secret say nothing by themselves, but would blot out much of a message.
const SHORTEST_WORD: usize = 4;

/// A text, and which bytes of it no output may show.
#[derive(Debug, Default)]
pub struct Masked<T> {
    /// The text.
    pub text: T,
    /// In order, without overlap, each within one line.
    hidden: Vec<Range<usize>>,
}

impl<T: AsRef<str>> Masked<T> {
    /// A file, or a value of a database.
    pub fn new(text: T) -> Self {
        let shown = text.as_ref();
        let mut hidden = lines::file(shown);
        commands::secrets(shown, &mut hidden);
        keys::blocks(shown, 0, &mut hidden);
        let hidden = joined(hidden);
        Self { text, hidden }
    }

    /// The same, without what is secret elsewhere.
    #[must_use]
    pub fn without(mut self, everywhere: &Everywhere) -> Self {
        let found = everywhere.ranges(self.text.as_ref());
        if !found.is_empty() {
            self.hidden.extend(found);
            self.hidden = joined(self.hidden);
        }
        self
    }

    /// A value that is secret as a whole, because of its name.
    pub fn whole(text: T) -> Self {
        let hidden = iter::once(0..text.as_ref().len()).collect();
        Self { text, hidden }
    }

    /// Whether the byte at `offset` must not be shown.
    pub fn hides(&self, offset: usize) -> bool {
        let next = self.hidden.partition_point(|hidden| hidden.end <= offset);
        self.hidden
            .get(next)
            .is_some_and(|hidden| hidden.start <= offset)
    }

    /// The characters of a part, with their offsets in the text; `*` for each that must not be shown.
    pub fn characters(&self, part: Range<usize>) -> impl Iterator<Item = (usize, char)> {
        let characters = self.text.as_ref()[part.clone()].char_indices();
        characters.map(move |(at, character)| {
            let offset = part.start + at;
            (offset, if self.hides(offset) { '*' } else { character })
        })
    }

    /// What is secret in a part.
    pub fn values(&self, part: Range<usize>) -> impl Iterator<Item = &str> {
        values(&self.hidden, self.text.as_ref(), part)
    }

    /// All that is secret.
    pub fn all_values(&self) -> impl Iterator<Item = &str> {
        self.values(0..self.text.as_ref().len())
    }

    /// Whether any byte of a part must not be shown.
    pub fn hides_any(&self, part: Range<usize>) -> bool {
        let next = self
            .hidden
            .partition_point(|hidden| hidden.end <= part.start);
        self.hidden
            .get(next)
            .is_some_and(|hidden| hidden.start < part.end)
    }

    /// The hidden ranges, shifted by `by` bytes.
    pub fn shifted(&self, by: usize) -> impl Iterator<Item = Range<usize>> {
        self.hidden
            .iter()
            .map(move |hidden| hidden.start + by..hidden.end + by)
    }
}

impl Masked<()> {
    /// What is secret in a part of the text that it was made of.
    pub fn values_of<'t>(
        &self,
        text: &'t str,
        part: Range<usize>,
    ) -> impl Iterator<Item = &'t str> {
        values(&self.hidden, text, part)
    }
}

fn values<'t>(
    hidden: &[Range<usize>],
    text: &'t str,
    part: Range<usize>,
) -> impl Iterator<Item = &'t str> {
    let first = hidden.partition_point(|hidden| hidden.end <= part.start);
    let touched = hidden.iter().skip(first);
    let touched = touched.take_while(move |hidden| hidden.start < part.end);
    let values = touched.filter_map(|hidden| text.get(hidden.clone()));
    values.map(|value| value.trim_matches(['"', '\'']))
}

impl<T> Masked<T> {
    /// What must not be shown, without the text.
    pub fn without_text(self) -> Masked<()> {
        Masked {
            text: (),
            hidden: self.hidden,
        }
    }

    /// A text whose hidden ranges are known, in order.
    pub fn known(text: T, hidden: Vec<Range<usize>>) -> Self {
        Self { text, hidden }
    }
}

/// A message or label without secrets: `user:password@` of URLs, `name=value` with a secret's name, and `values`, the
/// secrets at the places that it speaks of.
pub fn mask(text: &str, values: &[&str]) -> String {
    let mut hidden = Vec::new();
    scan::userinfo(text, 0, &mut hidden);
    scan::headers(text, 0, &mut hidden);
    scan::named(text, 0, Separators::OfMessages, &mut hidden);
    keys::blocks(text, 0, &mut hidden);
    for value in values.iter().filter(|value| !value.is_empty()) {
        let found = text
            .match_indices(value)
            .map(|(at, value)| at..at + value.len());
        let password = looks_like_password(value);
        hidden.extend(found.filter(|range| password || stands_alone(text, range)));
    }
    starred(text, &joined(hidden))
}

/// A text with `***` for each of these ranges, which are in order.
fn starred(text: &str, hidden: &[Range<usize>]) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for range in hidden {
        shown.push_str(text.get(end..range.start).unwrap_or_default());
        shown.push_str("***");
        end = range.end;
    }
    shown.push_str(text.get(end..).unwrap_or_default());
    shown
}

/// Whether a value is hardly a part of a name: it has letters of both cases, digits or signs.
fn looks_like_password(value: &str) -> bool {
    const LONG: usize = 6;
    let kinds = [
        value.contains(|c: char| c.is_lowercase()),
        value.contains(|c: char| c.is_uppercase()),
        value.contains(|c: char| c.is_ascii_digit()),
        value.contains(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.' | ':')),
    ];
    value.len() >= LONG && kinds.into_iter().filter(|kind| *kind).count() >= 2
}

/// What a message may quote of a secret: all of it, the passwords of a URL, each of several words or members of a
/// list.
pub fn quotable(value: &str) -> impl Iterator<Item = &str> {
    // Lints split lists at their commas.
    let words = value
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| word.len() >= SHORTEST_WORD);
    whole_or_password(value).chain(words)
}

/// All of a secret, and the passwords of a URL.
fn whole_or_password(value: &str) -> impl Iterator<Item = &str> {
    let userinfo = value
        .rsplit_once('@')
        .map_or(value, |(userinfo, _)| userinfo);
    let userinfo = userinfo
        .split_once("://")
        .map_or(userinfo, |(_, userinfo)| userinfo);
    let passwords = userinfo
        .split(['@', ','])
        .filter_map(|part| part.split_once(':'));
    iter::once(value).chain(passwords.map(|(_, password)| password))
}

/// Not a part of a longer word: a password `br` must not blot out `br-int`.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let in_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    !text[..range.start].ends_with(in_word) && !text[range.end..].starts_with(in_word)
}

/// In order and without overlap.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, last| {
        let overlap = next.start <= last.end;
        if overlap {
            last.end = last.end.max(next.end);
        }
        overlap
    });
    ranges
}
