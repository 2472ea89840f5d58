//! Finds passwords and their like, so that no output shows them.

#[cfg(test)]
mod tests;

use std::iter;
use std::ops::Range;

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
    "passphrase",
    "passwd",
    "psk",
    "secret_key",
    "slave_connection",
    "sql_connection",
    "token",
];

const ENDINGS: [&str; 9] = [
    "_api_key",
    "_auth_key",
    "_pass",
    "_passphrase",
    "_secret_key",
    "_token",
    "password",
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
        let hidden = secrets(text.as_ref());
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
    let name = name.trim_start_matches('-').as_bytes();
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
    userinfo(text, 0, &mut hidden);
    named(text, 0, Separators::OfMessages, &mut hidden);
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

fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    // The indentation of a secret's name: the lines below that are indented more carry its value on.
    let mut within: Option<usize> = None;
    let mut start = 0;
    // A lone CR ends a line too: oslo.config reads with Python's universal newlines, facts N§7.
    for line in text.split(['\n', '\r']) {
        let content = line.trim_start_matches('\u{feff}').trim_start();
        let indent = line.len() - content.len();
        let first = start + indent;
        let comment = content.starts_with(['#', ';']);
        if within.is_some_and(|name| indent > name) && !content.is_empty() {
            hidden.push(first..first + content.trim_end().len());
        } else if let Some(value) = option_value(content) {
            hidden.push(first + value.start..first + value.end);
            if !comment {
                within = Some(indent);
            }
        } else {
            if !content.is_empty() && !comment {
                within = None;
            }
            userinfo(line, start, &mut hidden);
            named(line, start, Separators::OfFiles, &mut hidden);
        }
        start += line.len() + 1;
    }
    joined(hidden)
}

/// The value in a line that opens with a secret's name, also in a comment; without a separator (a malformed line), all
/// that follows the name.
fn option_value(content: &str) -> Option<Range<usize>> {
    let code = content.trim_start_matches(['#', ';', ' ', '\t']);
    let unquoted = code.trim_start_matches(['"', '\'']);
    let name = &unquoted[..word_end(unquoted)];
    if name.is_empty() || !is_secret(name) {
        return None;
    }
    let behind = unquoted[name.len()..].trim_start_matches(['"', '\'']);
    let separated = behind.trim_start().strip_prefix(['=', ':']);
    let value = match separated {
        Some(value) => value.trim_start(),
        None if code.len() < content.len() => return None,
        None => behind.trim_start(),
    };
    let start = content.len() - value.len();
    Some(start..start + value.trim_end().len())
}

fn word_end(text: &str) -> usize {
    text.find(|character: char| !is_word(character))
        .unwrap_or(text.len())
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

/// In every URL what stands before the last `@`. A password may hold `/` or `,`, and `transport_url` names several
/// hosts in one URL, so the last `@` of the word counts.
fn userinfo(text: &str, offset: usize, hidden: &mut Vec<Range<usize>>) {
    let mut start = 0;
    for word in text.split(|character: char| {
        character.is_whitespace() || matches!(character, '"' | '<' | '>' | '`')
    }) {
        if let (Some(scheme), Some(at)) = (word.find("://"), word.rfind('@'))
            && scheme + 3 < at
        {
            hidden.push(offset + start + scheme + 3..offset + start + at);
        }
        // Every separator but whitespace beyond ASCII is one byte long.
        let behind = &text[start + word.len()..];
        start += word.len() + behind.chars().next().map_or(0, char::len_utf8);
    }
}

/// What may stand between a name and its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Separators {
    /// `=`, `:`, and `,` behind a quote, as in OVSDB's JSON (`["psk","…"]`).
    OfFiles,
    /// In prose `:` opens an explanation, unless the value follows at once.
    OfMessages,
}

/// The values behind secrets' names anywhere in a line: `{psk=…}`, `--os-password=…`, `"password": "…"`.
fn named(text: &str, offset: usize, separators: Separators, hidden: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(start) = text[at..].find(is_word).map(|start| at + start) {
        let end = start + word_end(&text[start..]);
        at = end;
        if !is_secret(&text[start..end]) {
            continue;
        }
        if let Some(value) = value_behind(text, end, separators) {
            at = value.end;
            hidden.push(offset + value.start..offset + value.end);
        }
    }
}

fn value_behind(text: &str, name_end: usize, separators: Separators) -> Option<Range<usize>> {
    let behind = &text[name_end..];
    let unquoted = behind.trim_start_matches(['\\', '"', '\'']);
    let separated = unquoted.trim_start_matches([' ', '\t']);
    let value = match separated.chars().next()? {
        '=' => &separated[1..],
        ':' if separators == Separators::OfFiles => &separated[1..],
        ':' if !separated[1..].starts_with([' ', ':']) => &separated[1..],
        ',' if separators == Separators::OfFiles && unquoted.len() < behind.len() => {
            &separated[1..]
        }
        _ => return None,
    };
    let value = value.trim_start_matches([' ', '\t', '\\']);
    let length = match value.chars().next()? {
        quote @ ('"' | '\'') => return Some(quoted(text, text.len() - value.len() + 1, quote)),
        _ => value
            .find(|character: char| {
                character.is_whitespace() || matches!(character, ',' | '}' | ']' | '"' | '`')
            })
            .unwrap_or(value.len()),
    };
    let start = text.len() - value.len();
    (length > 0).then_some(start..start + length)
}

/// From behind the opening quote to the closing one, or to the end of the text.
fn quoted(text: &str, start: usize, quote: char) -> Range<usize> {
    // Quotes that are themselves escaped: JSON in a string, or in a shell's argument.
    if text[..start - 1].ends_with('\\') {
        let length = text[start..].find(quote);
        return start..length.map_or(text.len(), |length| start + length);
    }
    let mut escaped = false;
    for (at, character) in text[start..].char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return start..start + at,
            _ => {}
        }
    }
    start..text.len()
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
