//! Values as `ovs-vsctl` prints them: `[]`, `[a, b]`, `{k=v, k2="v 2"}`, `"quoted"`, bare.

use std::sync::Arc;

use crate::source::Span;

use super::datum::{Atom, Datum, Value, Written};
use super::json::{self, Pool};

/// Reads a printed value. `text` begins at byte `base` of the file; blanks around it do not count.
pub fn value(text: &str, base: usize, pool: &mut Pool) -> Value {
    // `--data=json` in a text table.
    let tagged = ["[\"set\",[", "[\"map\",[", "[\"uuid\",\""];
    if tagged.iter().any(|tag| text.trim_start().starts_with(tag))
        && let Some(value) = json::value(text, base, pool)
    {
        return value;
    }
    let base = base + text.len() - text.trim_start().len();
    let text = text.trim();
    let mut scanner = Scanner {
        text,
        at: 0,
        base,
        pool,
    };
    let (datum, parts) = scanner.datum();
    Value {
        datum,
        written: Some(Box::new(Written {
            span: Span::new(base..base + text.len()),
            parts,
            places: None,
        })),
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    base: usize,
    pool: &'a mut Pool,
}

/// Why nothing is written where a value should be: `list` prints even empty values.
pub const BARE: &str = "values are missing: it was printed with --data=bare, or it is cut off";

/// Why a value cannot be told.
const CUT: &str = "the value is cut off, or was not printed by ovs-vsctl";

impl Scanner<'_> {
    fn datum(&mut self) -> (Datum, Vec<Span>) {
        let read = match self.text.as_bytes().first() {
            Some(b'[') => self.set(),
            Some(b'{') => self.map(),
            None => {
                return (Datum::Unsure(BARE), Vec::new());
            }
            Some(b'"') => self
                .atom(b"")
                .map(|(atom, span)| (Datum::one(atom), vec![span])),
            // A bare scalar ends with the line.
            Some(_) => {
                self.at = self.text.len();
                let span = self.span(0..self.at);
                Some((Datum::one(self.bare(self.text)), vec![span]))
            }
        };
        read.filter(|_| self.at == self.text.len())
            .unwrap_or((Datum::Unsure(CUT), Vec::new()))
    }

    fn set(&mut self) -> Option<(Datum, Vec<Span>)> {
        let mut atoms = Vec::new();
        self.at = 1;
        while !self.take(b']') {
            if !atoms.is_empty() {
                self.separator()?;
            }
            atoms.push(self.atom(b",]")?);
        }
        atoms.sort_by(|(a, _), (b, _)| a.cmp(b));
        let (atoms, spans) = atoms.into_iter().unzip();
        Some((Datum::Set(atoms), spans))
    }

    fn map(&mut self) -> Option<(Datum, Vec<Span>)> {
        let mut entries = Vec::new();
        self.at = 1;
        while !self.take(b'}') {
            if !entries.is_empty() {
                self.separator()?;
            }
            let (key, key_span) = self.atom(b"=,}")?;
            if !self.take(b'=') {
                return None;
            }
            let (value, value_span) = self.atom(b",}")?;
            entries.push(((key, value), [key_span, value_span]));
        }
        entries.sort_by(|((a, _), _), ((b, _), _)| a.cmp(b));
        let (entries, spans): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        Some((Datum::Map(entries), spans.into_iter().flatten().collect()))
    }

    fn separator(&mut self) -> Option<()> {
        if !self.take(b',') {
            return None;
        }
        while self.take(b' ') {}
        Some(())
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.text.as_bytes().get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    /// An atom and its content; a bare one ends before one of `ends`.
    fn atom(&mut self, ends: &[u8]) -> Option<(Atom, Span)> {
        let start = self.at;
        let rest = &self.text[start..];
        if rest.starts_with('"') {
            let length = quoted_length(rest)?;
            self.at += length;
            let content = &rest[1..length - 1];
            let text = if content.contains('\\') {
                let decoded: String = serde_json::from_str(&rest[..length]).ok()?;
                self.pool.share(&decoded)
            } else {
                self.pool.share(content)
            };
            return Some((Atom::Text(text), self.span(start + 1..self.at - 1)));
        }
        let length = rest
            .bytes()
            .position(|byte| ends.contains(&byte))
            .unwrap_or(rest.len());
        if length == 0 {
            return None;
        }
        self.at += length;
        Some((self.bare(&rest[..length]), self.span(start..self.at)))
    }

    /// What is printed without quotes is a number, a truth value, a UUID or an identifier.
    fn bare(&mut self, text: &str) -> Atom {
        if let Ok(number) = text.parse() {
            return Atom::Integer(number);
        }
        if let Ok(uuid) = text.parse() {
            return Atom::Uuid(uuid);
        }
        match text {
            "true" => Atom::Boolean(true),
            "false" => Atom::Boolean(false),
            _ if text.starts_with(|first: char| first.is_ascii_digit() || first == '-') => text
                .parse()
                .map_or_else(|_| Atom::Text(self.pool.share(text)), Atom::Real),
            _ => Atom::Text(self.pool.share(text)),
        }
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.base + range.start..self.base + range.end)
    }
}

/// The length of the quoted string that the text begins with, quotes included.
pub fn quoted_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The name that a line of `show` gives, quoted or not.
pub fn name(text: &str, pool: &mut Pool) -> Arc<str> {
    match value(text, 0, pool).datum {
        Datum::Set(atoms) => match atoms.as_slice() {
            [Atom::Text(name)] => name.clone(),
            // A name of digits is a name.
            _ => pool.share(text.trim()),
        },
        _ => pool.share(text.trim()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<&str>) {
        let value = value(text, 0, &mut Pool::default());
        let parts = value.written.unwrap().parts;
        let parts = parts.iter().map(|part| &text[part.range()]).collect();
        let printed = match value.datum {
            Datum::Set(atoms) => format!("{atoms:?}"),
            other => format!("{other:?}"),
        };
        (printed, parts)
    }

    #[test]
    fn values_know_their_parts() {
        assert_eq!(read("[a, \"b, c\"]").1, ["a", "b, c"]);
        let (datum, parts) =
            read(r#"{ovn-bridge-mappings="p:br-ex", "odd,key:with=signs"="say \"hi\""}"#);
        assert!(
            datum.contains(r#"Text("odd,key:with=signs"), Text("say \"hi\"")"#),
            "{datum}"
        );
        assert_eq!(
            parts,
            [
                "odd,key:with=signs",
                r#"say \"hi\""#,
                "ovn-bridge-mappings",
                "p:br-ex"
            ]
        );
        assert_eq!(read("  5 "), ("[Integer(5)]".to_owned(), vec!["5"]));
        assert_eq!(read("\"5\"").0, "[Text(\"5\")]");
        assert_eq!(read("[]").0, "[]");
    }

    #[test]
    fn what_is_cut_is_not_read() {
        for text in ["[a", "{a=b, c", "\"abc", "{a}", "[a,]", "", "{a=b} c"] {
            assert!(read(text).0.starts_with("Unsure"), "{text}");
        }
    }
}
