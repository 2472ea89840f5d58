//! Values as they are written on a command line, and the limits that columns set.

use std::borrow::Cow;

use crate::read::ovsdb::datum::{Atom, Datum, Uuid};
use crate::read::ovsdb::schema::Kind;

use super::schema::{self, Base, Column, Strength, UNLIMITED};

/// What separates words inside a value; elsewhere they need quotes.
const DELIMITERS: &str = ":=, []{}!<>";

/// Gives the identity behind `@name`, and learns what the reference does for the row.
pub type Resolve<'a> = dyn FnMut(&str, Option<Strength>) -> Uuid + 'a;

/// What a value must be.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The element, or the key.
    pub key: &'a Base,
    /// The value, where it is a map.
    pub value: Option<&'a Base>,
    /// The fewest elements.
    pub min: usize,
    /// The most elements.
    pub max: usize,
}

impl<'a> From<&'a Column> for Wanted<'a> {
    fn from(column: &'a Column) -> Self {
        Self {
            key: &column.key,
            value: column.value.as_ref(),
            min: column.min,
            max: column.max,
        }
    }
}

/// The word at the start of a text, up to a delimiter outside of quotes, and how much of the text it is.
/// Quotes stay, and backslashes inside of them; outside, a backslash only makes the next character plain.
pub fn token(text: &str) -> Result<(Cow<'_, str>, usize), String> {
    let mut word = Cow::Borrowed("");
    let mut quoted = false;
    let mut chars = text.char_indices();
    let mut end = text.len();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            let Some((_, escaped)) = chars.next() else {
                return Err(format!("{text}: backslash at end of argument"));
            };
            let word = word.to_mut();
            word.extend(quoted.then_some(c));
            word.push(escaped);
            continue;
        }
        quoted ^= c == '"';
        if !quoted && DELIMITERS.contains(c) {
            end = at;
            break;
        }
        match &mut word {
            Cow::Borrowed(word) => *word = &text[..at + c.len_utf8()],
            Cow::Owned(word) => word.push(c),
        }
    }
    if quoted {
        return Err(format!(
            "{text}: quoted string extends past end of argument"
        ));
    }
    Ok((word, end))
}

/// Reads a single value: all of the text.
pub fn atom(text: &str, base: &Base, resolve: &mut Resolve) -> Result<Atom, String> {
    let atom = match base.kind {
        Kind::Integer => Atom::Integer(integer(text).ok_or_else(|| no_integer(text))?),
        Kind::Real => {
            let number = text.parse().ok().filter(|number: &f64| number.is_finite());
            Atom::Real(number.ok_or_else(|| format!("\"{text}\" is not a valid real number"))?)
        }
        Kind::Boolean => Atom::Boolean(boolean(text)?),
        Kind::Text => Atom::Text(string(text)?.into()),
        Kind::Uuid if text.starts_with('@') => {
            Atom::Uuid(resolve(text, base.refers.map(|refers| refers.strength)))
        }
        Kind::Uuid => Atom::Uuid(
            text.parse()
                .map_err(|()| format!("\"{text}\" is not a valid UUID"))?,
        ),
    };
    check(&atom, base).map_err(|message| format!("constraint violation: {message}"))?;
    Ok(atom)
}

/// Reads a whole value: one element, a set or a map, bare or in brackets.
pub fn datum(text: &str, wanted: &Wanted, resolve: &mut Resolve) -> Result<Datum, String> {
    let (open, close) = if wanted.value.is_some() {
        ('{', '}')
    } else {
        ('[', ']')
    };
    let mut rest = text.trim_ascii_start();
    let bracketed = rest.starts_with(open);
    if bracketed {
        rest = rest[1..].trim_ascii_start();
    } else if rest.is_empty() {
        let name = if wanted.value.is_some() { "map" } else { "set" };
        return Err(format!("use \"{open}{close}\" to specify the empty {name}"));
    }
    let mut entries = Vec::new();
    let ends = |rest: &str| rest.is_empty() || (bracketed && rest.starts_with(close));
    while !ends(rest) {
        if let Some(found) = rest.chars().next().filter(|c| DELIMITERS.contains(*c)) {
            let types = schema::english(wanted.key, wanted.value, wanted.min, wanted.max);
            return Err(format!("{text}: unexpected \"{found}\" parsing {types}"));
        }
        rest = entry(rest, wanted, resolve, &mut entries)?.trim_ascii_start();
        if let Some(after) = rest.strip_prefix(',') {
            rest = after.trim_ascii_start();
        }
    }
    if bracketed {
        let Some(after) = rest.strip_prefix(close) else {
            return Err(format!("{text}: missing \"{close}\" at end of data"));
        };
        if !after.trim_ascii_start().is_empty() {
            return Err(format!("{text}: trailing garbage after \"{close}\""));
        }
    }
    gather(text, wanted, entries)
}

/// Reads one element or one `key=value`; gives back what follows.
fn entry<'a>(
    text: &'a str,
    wanted: &Wanted,
    resolve: &mut Resolve,
    entries: &mut Vec<(Atom, Option<Atom>)>,
) -> Result<&'a str, String> {
    let (word, end) = token(text)?;
    let (word, rest) = (&*word, &text[end..]);
    let Some(value) = wanted.value else {
        // More would not be told apart from a mistake, and nobody has use for it.
        const LONGEST: u64 = 65_536;
        let range = (wanted.key.kind == Kind::Integer)
            .then(|| range(word))
            .flatten();
        let Some((start, end)) = range else {
            entries.push((atom(word, wanted.key, resolve)?, None));
            return Ok(rest);
        };
        if end < start {
            return Err(format!(
                "\"{word}\" is not a valid range. Range end cannot be before start."
            ));
        }
        for edge in [start, end] {
            check(&Atom::Integer(edge), wanted.key)
                .map_err(|message| format!("constraint violation: {message}"))?;
        }
        if start.abs_diff(end) >= LONGEST {
            return Err(format!("\"{word}\" is not a valid integer or range"));
        }
        entries.extend((start..=end).map(|number| (Atom::Integer(number), None)));
        return Ok(rest);
    };
    let key = atom(word, wanted.key, resolve)?;
    let rest = rest.trim_ascii_start();
    let Some(after) = rest.strip_prefix('=') else {
        let found = rest.chars().next().map(String::from).unwrap_or_default();
        return Err(format!(
            "{text}: syntax error at \"{found}\" expecting \"=\""
        ));
    };
    let after = after.trim_ascii_start();
    let (word, end) = token(after)?;
    entries.push((key, Some(atom(&word, value, resolve)?)));
    Ok(&after[end..])
}

fn gather(
    text: &str,
    wanted: &Wanted,
    mut entries: Vec<(Atom, Option<Atom>)>,
) -> Result<Datum, String> {
    let many = if wanted.value.is_some() {
        "pair(s)"
    } else {
        "value(s)"
    };
    let count = entries.len();
    if count < wanted.min {
        let min = wanted.min;
        return Err(format!(
            "{text}: {count} {many} specified but the minimum number is {min}"
        ));
    }
    if count > wanted.max {
        let max = wanted.max;
        return Err(format!(
            "{text}: {count} {many} specified but the maximum number is {max}"
        ));
    }
    entries.sort();
    if entries.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        let what = if wanted.value.is_some() {
            "map contains duplicate key"
        } else {
            "set contains duplicate value"
        };
        return Err(format!("{text}: {what}"));
    }
    Ok(match wanted.value {
        Some(_) => Datum::Map(
            entries
                .into_iter()
                .map(|(key, value)| (key, value.expect("every entry of a map has a value")))
                .collect(),
        ),
        None => Datum::Set(entries.into_iter().map(|(key, _)| key).collect()),
    })
}

/// A number as C's `strtoll` reads it, when it reads all of the text.
pub fn integer(text: &str) -> Option<i64> {
    let text = text.trim_ascii_start();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.bytes().next().filter(u8::is_ascii_digit)?;
    text.parse().ok()
}

/// `2-5`.
fn range(text: &str) -> Option<(i64, i64)> {
    let at = text.get(1..)?.find('-')? + 1;
    Some((integer(&text[..at])?, integer(&text[at + 1..])?))
}

fn no_integer(text: &str) -> String {
    format!("\"{text}\" is not a valid integer or range")
}

fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(format!(
            "\"{text}\" is not a valid boolean (use \"true\" or \"false\")"
        )),
    }
}

fn string(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err(
            "An empty string is not valid as input; use \"\" to represent the empty string".into(),
        );
    }
    let Some(rest) = text.strip_prefix('"') else {
        return Ok(text.to_owned());
    };
    let Some(quoted) = rest.strip_suffix('"') else {
        return Err(format!("{text}: missing quote at end of quoted string"));
    };
    unescape(quoted).map_err(|message| format!("{text}: {message}"))
}

/// The content of a string with JSON's escapes.
fn unescape(text: &str) -> Result<String, &'static str> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '"']) {
        plain.push_str(&rest[..at]);
        if rest.as_bytes()[at] == b'"' {
            return Err("quoted string may not include unescaped \"");
        }
        let escaped = rest[at + 1..].chars().next();
        let escaped = escaped.ok_or("quoted string may not end with backslash")?;
        rest = &rest[at + 1 + escaped.len_utf8()..];
        plain.push(match escaped {
            '"' | '\\' | '/' => escaped,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => unicode(&mut rest)?,
            _ => return Err("bad escape"),
        });
    }
    plain.push_str(rest);
    Ok(plain)
}

fn unicode(rest: &mut &str) -> Result<char, &'static str> {
    let mut unit = || {
        let digits = rest
            .get(..4)
            .ok_or("quoted string ends within \\u escape")?;
        let unit = u32::from_str_radix(digits, 16).map_err(|_| "malformed \\u escape")?;
        *rest = &rest[4..];
        Ok::<u32, &'static str>(unit)
    };
    let first = unit()?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first)
            .filter(|c| *c != '\0')
            .ok_or("bad escape");
    }
    *rest = rest
        .strip_prefix("\\u")
        .ok_or("malformed escaped surrogate pair")?;
    let digits = rest
        .get(..4)
        .ok_or("quoted string ends within \\u escape")?;
    let second = u32::from_str_radix(digits, 16).map_err(|_| "malformed \\u escape")?;
    *rest = &rest[4..];
    if !(0xdc00..0xe000).contains(&second) {
        return Err("second half of escaped surrogate pair is not trailing surrogate");
    }
    char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or("bad escape")
}

/// A value as the database's protocol has it.
pub fn json(atom: &Atom) -> String {
    match atom {
        Atom::Integer(number) => number.to_string(),
        Atom::Real(number) => serde_json::Value::from(*number).to_string(),
        Atom::Boolean(value) => value.to_string(),
        Atom::Uuid(uuid) => format!("[\"uuid\",\"{uuid}\"]"),
        Atom::Text(text) | Atom::Named(text) => serde_json::Value::from(&**text).to_string(),
    }
}

/// Whether a value lies within the limits of its type; else what is wrong with it.
pub fn check(atom: &Atom, base: &Base) -> Result<(), String> {
    match atom {
        Atom::Text(text) if !base.allowed.is_empty() => {
            if base.allowed.contains(&&**text) {
                return Ok(());
            }
            let allowed = base.allowed.join(", ");
            Err(format!(
                "{atom} is not one of the allowed values ([{allowed}])"
            ))
        }
        Atom::Text(text) => {
            let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
            if length < base.low {
                let low = base.low;
                return Err(format!(
                    "\"{text}\" length {length} is less than minimum allowed length {low}"
                ));
            }
            if length > base.high {
                let high = base.high;
                return Err(format!(
                    "\"{text}\" length {length} is greater than maximum allowed length {high}"
                ));
            }
            Ok(())
        }
        Atom::Integer(number) if !(base.low..=base.high).contains(number) => {
            Err(match (base.low, base.high) {
                (low, i64::MAX) => format!("{number} is less than minimum allowed value {low}"),
                (i64::MIN, high) => {
                    format!("{number} is greater than maximum allowed value {high}")
                }
                (low, high) => {
                    format!("{number} is not in the valid range {low} to {high} (inclusive)")
                }
            })
        }
        _ => Ok(()),
    }
}

/// Whether a datum lies within the limits of its column; else what the database says.
pub fn check_datum(datum: &Datum, column: &Column) -> Result<(), String> {
    let count = match datum {
        Datum::Set(atoms) => {
            atoms.iter().try_for_each(|atom| check(atom, &column.key))?;
            atoms.len()
        }
        Datum::Map(entries) => {
            for (key, value) in entries {
                check(key, &column.key)?;
                check(value, column.value.as_ref().unwrap_or(&column.key))?;
            }
            entries.len()
        }
        Datum::Unsure(_) => return Ok(()),
    };
    if count < column.min || (column.max != UNLIMITED && count > column.max) {
        let types = column.english();
        return Err(format!("Attempted to store {count} elements in {types}."));
    }
    Ok(())
}
