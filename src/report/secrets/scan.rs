//! Where the secrets of a line lie: behind their names, and in URLs.

use std::ops::Range;

use crate::source::secret::is_secret;

/// What may enclose a value: a TOML string over several lines, a quote that CSV doubles, a string.
const QUOTES: [&str; 5] = ["\"\"\"", "'''", "\"\"", "\"", "'"];

/// What may stand between a name and its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Separators {
    /// `=`, `:`, a blank behind `--name`, and `,` behind a quote, as in OVSDB's JSON (`["psk","…"]`).
    OfFiles,
    /// In prose `:` opens an explanation, unless the value follows at once.
    OfMessages,
}

/// How a value goes on in the next line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// It ends in its own line.
    No,
    /// It is still to come: the name stood alone, or with its separator only.
    Late,
    /// The next line belongs to it.
    Line,
    /// Up to this quote.
    String(&'static str),
}

/// A secret, and whether its line holds all of it.
pub struct Value {
    /// Where it stands.
    pub range: Range<usize>,
    /// How it goes on.
    pub carried: Carried,
}

/// How a string goes on that its line does not close.
pub fn unclosed(inner: &str, quote: &'static str, glued: bool) -> Carried {
    let string = match quote.len() {
        3 => true,
        // A backslash escapes nothing between a shell's apostrophes.
        1 => glued && (quote == "\"" || !inner.contains('\'')),
        _ => false,
    };
    if string {
        Carried::String(quote)
    } else {
        Carried::No
    }
}

/// Where the word at the start of a text ends.
pub fn word_end(text: &str) -> usize {
    text.find(|character: char| !is_word(character))
        .unwrap_or(text.len())
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

/// In every URL what stands before the last `@`. A password may hold `/` or `,`, and `transport_url` names several
/// hosts in one URL, so the last `@` of the word counts.
pub fn userinfo(text: &str, offset: usize, hidden: &mut Vec<Range<usize>>) {
    let mut start = 0;
    for word in text.split(|character: char| {
        character.is_whitespace() || matches!(character, '"' | '<' | '>' | '`')
    }) {
        if let Some(range) = userinfo_of(word) {
            hidden.push(offset + start + range.start..offset + start + range.end);
        }
        // Every separator but whitespace beyond ASCII is one byte long.
        let behind = &text[start + word.len()..];
        start += word.len() + behind.chars().next().map_or(0, char::len_utf8);
    }
}

fn userinfo_of(word: &str) -> Option<Range<usize>> {
    let at = word.rfind('@')?;
    let from = if let Some(scheme) = word.find("://") {
        scheme + 3
    } else {
        // `//admin:…@host`, not the unit `/etc//getty@tty1`.
        let slashes = word.find("//")?;
        let before = word.get(..slashes)?;
        let userinfo = word.get(slashes + 2..at)?;
        let opens = before.is_empty() || before.ends_with(['=', ':', ',', '\'', '(']);
        (opens && userinfo.contains(':')).then_some(slashes + 2)?
    };
    (from < at).then_some(from..at)
}

/// What a header of HTTP says behind `Authorization:`, and a token behind `Bearer`, up to the quote or line that ends.
pub fn headers(text: &str, offset: usize, hidden: &mut Vec<Range<usize>>) {
    let lower = text.to_ascii_lowercase();
    let ends = |c: char| matches!(c, '"' | '\'' | '`' | '\\');
    for (at, name) in lower.match_indices("authorization") {
        let behind = text.get(at + name.len()..).unwrap_or_default();
        let value = behind.trim_start_matches(['"', '\'', '\\', ' ', '\t']);
        let Some(value) = value.strip_prefix([':', '=']) else {
            continue;
        };
        let value = value.trim_start_matches([' ', '\t', '"', '\'']);
        let start = text.len() - value.len();
        let value = value.get(..value.find(ends).unwrap_or(value.len()));
        let end = start + value.unwrap_or_default().trim_end().len();
        hidden.push(offset + start..offset + end);
    }
    for (at, name) in lower.match_indices("bearer ") {
        let value = text.get(at + name.len()..).unwrap_or_default();
        let start = text.len() - value.trim_start().len();
        let value = value.trim_start();
        let end = value.find(|c: char| ends(c) || c.is_whitespace() || c == ',');
        let value = value.get(..end.unwrap_or(value.len())).unwrap_or_default();
        // `bearer token` is prose.
        if value.contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase()) {
            hidden.push(offset + start..offset + start + value.len());
        }
    }
}

/// The values behind secrets' names anywhere in a line: `{psk=…}`, `--os-password=…`, `--token …`, `"password": "…"`.
/// Gives how the last one goes on.
pub fn named(
    text: &str,
    offset: usize,
    separators: Separators,
    hidden: &mut Vec<Range<usize>>,
) -> Carried {
    let mut carried = Carried::No;
    let mut at = 0;
    while let Some(start) = text[at..].find(is_word).map(|start| at + start) {
        let name = start..start + word_end(&text[start..]);
        at = name.end;
        if !is_secret(&text[name.clone()]) {
            continue;
        }
        let Some((value, separator)) = value_behind(text, name, separators) else {
            continue;
        };
        // What follows a flag may be the next flag: `--password --token …`.
        if separator != ' ' || !text[value.range.start..].starts_with('-') {
            at = value.range.end;
        }
        hidden.push(offset + value.range.start..offset + value.range.end);
        carried = value.carried;
    }
    carried
}

fn value_behind(text: &str, name: Range<usize>, separators: Separators) -> Option<(Value, char)> {
    let of_files = separators == Separators::OfFiles;
    let behind = &text[name.end..];
    let unquoted = behind.trim_start_matches(['\\', '"', '\'']);
    let separated = unquoted.trim_start_matches([' ', '\t']);
    let separator = match separated.chars().next()? {
        '=' => '=',
        ':' if of_files || !separated[1..].starts_with([' ', ':']) => ':',
        // `["sshpass", "-p", …]` is a command line.
        ',' if of_files
            && unquoted.len() < behind.len()
            && text.get(name.clone()) != Some("sshpass") =>
        {
            ','
        }
        _ if of_files
            && text[name.clone()].starts_with('-')
            && separated.len() < unquoted.len() =>
        {
            ' '
        }
        _ => return None,
    };
    let value = if separator == ' ' {
        separated
    } else {
        &separated[1..]
    };
    let value = value.trim_start_matches([' ', '\t', '\\']);
    let start = text.len() - value.len();
    if value.is_empty() {
        let late = matches!(separator, '=' | ':') && !text.ends_with('\\');
        let carried = if late { Carried::Late } else { Carried::Line };
        let range = start..start;
        return Some((Value { range, carried }, separator));
    }
    let glued = behind.starts_with('=');
    let value = match (opening(value), opening_before(text, name.start)) {
        (Some(quote), _) => in_quotes(text, start, quote, glued),
        // `Environment="OS_PASSWORD=a b"`.
        (None, Some(quote)) if glued => Value {
            range: start..closing(text, start, quote).unwrap_or(text.len()),
            carried: Carried::No,
        },
        (None, _) => plain(text, start, glued)?,
    };
    Some((value, separator))
}

/// The quote that encloses a value; a doubled one only where it does not enclose nothing.
pub fn opening(value: &str) -> Option<&'static str> {
    QUOTES.into_iter().find(|quote| {
        value
            .strip_prefix(quote)
            .is_some_and(|inner| quote.len() != 2 || continues(inner))
    })
}

fn opening_before(text: &str, name_start: usize) -> Option<&'static str> {
    let before = &text[..name_start];
    ["\"", "'"]
        .into_iter()
        .find(|quote| before.ends_with(quote))
}

fn in_quotes(text: &str, start: usize, quote: &'static str, glued: bool) -> Value {
    let inner = start + quote.len();
    let Some(end) = closing(text, inner, quote) else {
        return Value {
            range: inner..text.len(),
            carried: unclosed(&text[inner..], quote, glued),
        };
    };
    let behind = end + quote.len();
    let end = if glued && continues(&text[behind..]) {
        behind + shell_word(&text[behind..])
    } else {
        end
    };
    Value {
        range: inner..end,
        carried: Carried::No,
    }
}

/// A value without quotes around it, which ends with its word, its map, or its quoted command line.
fn plain(text: &str, start: usize, glued: bool) -> Option<Value> {
    let value = &text[start..];
    let ends = |(at, character): (usize, char)| match character {
        '"' | '`' => true,
        // Behind a part of the value itself something else follows than behind a member of a map.
        ',' | '}' | ']' => !continues(&value[at + 1..]),
        _ => character.is_whitespace(),
    };
    let length = value
        .char_indices()
        .find(|&found| ends(found))
        .map_or(value.len(), |(at, _)| at);
    if length == 0 {
        return None;
    }
    let behind = &value[length..];
    let length = if glued && behind.starts_with('"') && continues(behind) {
        length + shell_word(behind)
    } else {
        length
    };
    let joined = length == value.len() && value.ends_with('\\');
    Some(Value {
        range: start..start + length,
        carried: if joined { Carried::Line } else { Carried::No },
    })
}

/// Whether what stands behind a quote or a comma still belongs to the same word.
fn continues(behind: &str) -> bool {
    let ends = |character: char| {
        character.is_whitespace()
            || matches!(
                character,
                ',' | '}' | ']' | ')' | '|' | '<' | '`' | ';' | '\\'
            )
    };
    let next = behind.trim_start_matches(['"', '\'']).chars().next();
    next.is_some_and(|next| !ends(next))
}

/// The length of a word of a shell, which may consist of several strings: `a"b c"'d'`.
pub fn shell_word(text: &str) -> usize {
    let mut open = None;
    for (at, character) in text.char_indices() {
        match open {
            Some(quote) if quote == character => open = None,
            None if matches!(character, '"' | '\'') => open = Some(character),
            None if character.is_whitespace() => return at,
            _ => {}
        }
    }
    text.len()
}

/// Where the quote that closes a string stands.
pub fn closing(text: &str, start: usize, quote: &str) -> Option<usize> {
    // Quotes that are themselves escaped: JSON in a string, or in a shell's argument.
    if text[..start.saturating_sub(quote.len())].ends_with('\\') {
        return text[start..].find(quote).map(|length| start + length);
    }
    let mut escaped = false;
    for (at, character) in text[start..].char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quote != "'''" => escaped = true,
            _ if text[start + at..].starts_with(quote) => return Some(start + at),
            _ => {}
        }
    }
    None
}
