//! Finds passwords and their like, so that no output shows them.

mod lines;
mod scan;
#[cfg(test)]
mod tests;

use std::iter;
use std::ops::Range;

use crate::report::secrets::scan::Separators;

/// Names whose values are secret: the options that Neutron registers so, their older names, and `psk`, the key of an
/// encrypted tunnel in `Interface options` (ovs-vswitchd.conf.db(5)). More names are known by how they end.
const NAMES: [&str; 15] = [
    "api_key",
    "asyncio_connection",
    "asyncio_slave_connection",
    "auth_key",
    "backend_argument",
    "connection",
    "hmac_keys",
    "pass",
    "psk",
    "pw",
    "rootpw",
    "secret_key",
    "slave_connection",
    "sql_connection",
    "token",
];

const ENDINGS: [&str; 12] = [
    "_api_key",
    "_auth_key",
    "_pass",
    "_pw",
    "_secret_key",
    "_token",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "transport_url",
];

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
        let hidden = joined(lines::file(text.as_ref()));
        Self { text, hidden }
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
        let first = self
            .hidden
            .partition_point(|hidden| hidden.end <= part.start);
        let touched = self.hidden[first..]
            .iter()
            .take_while(move |hidden| hidden.start < part.end);
        touched.map(|hidden| self.text.as_ref()[hidden.clone()].trim_matches(['"', '\'']))
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

impl<T> Masked<T> {
    /// A text whose hidden ranges are known, in order.
    pub fn known(text: T, hidden: Vec<Range<usize>>) -> Self {
        Self { text, hidden }
    }
}

/// Whether the value of this option, key or column is a secret.
pub fn is_secret(name: &str) -> bool {
    // `password2` is as secret as `password`.
    let numbered = name.trim_end_matches(|character: char| character.is_ascii_digit());
    let name = numbered.trim_matches(['-', '_']).as_bytes();
    let ends_with = |ending: &str| {
        name.len() >= ending.len() && same_word(&name[name.len() - ending.len()..], ending)
    };
    NAMES
        .iter()
        .any(|known| name.len() == known.len() && same_word(name, known))
        || ENDINGS.into_iter().any(ends_with)
}

/// Environment variables and flags spell the same names `OS_PASSWORD` and `--os-password`.
fn same_word(name: &[u8], known: &str) -> bool {
    let same = |(&byte, known): (&u8, u8)| {
        byte.eq_ignore_ascii_case(&known) || (byte == b'-' && known == b'_')
    };
    name.iter().zip(known.bytes()).rev().all(same)
}

/// A message or label without secrets: `user:password@` of URLs, `name=value` with a secret's name, and `values`, the
/// secrets at the places that it speaks of.
pub fn mask(text: &str, values: &[&str]) -> String {
    let mut hidden = Vec::new();
    scan::userinfo(text, 0, &mut hidden);
    scan::named(text, 0, Separators::OfMessages, &mut hidden);
    for value in values.iter().filter(|value| !value.is_empty()) {
        let found = text
            .match_indices(value)
            .map(|(at, value)| at..at + value.len());
        hidden.extend(found.filter(|range| stands_alone(text, range)));
    }
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for range in joined(hidden) {
        shown.push_str(&text[end..range.start]);
        shown.push_str("***");
        end = range.end;
    }
    shown.push_str(&text[end..]);
    shown
}

/// What a message may quote of a secret: all of it, the passwords of a URL, each of several words.
pub fn quotable(value: &str) -> impl Iterator<Item = &str> {
    let userinfo = value
        .rsplit_once('@')
        .map_or(value, |(userinfo, _)| userinfo);
    let userinfo = userinfo
        .split_once("://")
        .map_or(userinfo, |(_, userinfo)| userinfo);
    let passwords = userinfo
        .split(['@', ','])
        .filter_map(|part| part.split_once(':'));
    let words = value
        .split_whitespace()
        .filter(|word| word.len() >= SHORTEST_WORD);
    iter::once(value)
        .chain(passwords.map(|(_, password)| password))
        .chain(words)
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
