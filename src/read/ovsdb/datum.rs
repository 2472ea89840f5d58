//! The values of OVSDB — atoms, sets and maps — and how `ovs-vsctl` prints them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::source::{Place, Span};

/// The identity of a row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uuid(pub [u8; 16]);

/// One value.
#[derive(Clone, Debug)]
pub enum Atom {
    /// An integer.
    Integer(i64),
    /// A real number.
    Real(f64),
    /// A truth value.
    Boolean(bool),
    /// A string.
    Text(Arc<str>),
    /// A reference to a row, or the `_uuid` of one.
    Uuid(Uuid),
    /// A reference to a row by its name: all that `show` prints.
    Named(Arc<str>),
}

/// What a column holds in one row. Sets and maps are sorted as OVSDB sorts them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Datum {
    /// No value, one value, or several.
    Set(Vec<Atom>),
    /// Keys and values.
    Map(Vec<(Atom, Atom)>),
    /// Something is written, but what it is cannot be told; why.
    Unsure(&'static str),
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// What it holds.
    pub datum: Datum,
    /// Where it is written; `None` in database logs, whose bytes are never shown.
    pub written: Option<Box<Written>>,
}

/// Where a value stands in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The whole value.
    pub span: Span,
    /// The content without quotes: one span for each element of a set, two (key, value) for each entry
    /// of a map, in the order of the datum.
    pub parts: Vec<Span>,
    /// Where it was written piece by piece; counts instead of the spans.
    pub places: Option<Box<Places>>,
}

/// Where a value was written that does not stand in one file: commands changed it, or several files show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The whole value.
    pub whole: Place,
    /// As in [`Written::parts`].
    pub parts: Vec<Place>,
    /// Keys of a map that were removed, and where that was said.
    pub removed: Vec<(String, Place)>,
}

impl Datum {
    /// A single value.
    pub fn one(atom: Atom) -> Self {
        Self::Set(vec![atom])
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Set(atoms) => atoms.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            Self::Unsure(_) => false,
        }
    }
}

impl Value {
    /// A value and where each piece of it was written.
    pub fn placed(datum: Datum, places: Places) -> Self {
        let written = Written {
            places: Some(Box::new(places)),
            ..Written::default()
        };
        Self {
            datum,
            written: Some(Box::new(written)),
        }
    }

    /// Where it was written piece by piece, where that is known so.
    pub fn places(&self) -> Option<&Places> {
        self.written.as_deref()?.places.as_deref()
    }
}

impl From<Datum> for Value {
    fn from(datum: Datum) -> Self {
        Self {
            datum,
            written: None,
        }
    }
}

impl Atom {
    /// The value as a plain string, without the quotes that printing may need.
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) | Self::Named(text) => text.to_string(),
            other => other.to_string(),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Integer(_) => 0,
            Self::Real(_) => 1,
            Self::Boolean(_) => 2,
            Self::Text(_) => 3,
            Self::Uuid(_) => 4,
            Self::Named(_) => 5,
        }
    }
}

impl Ord for Atom {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Real(a), Self::Real(b)) => a.total_cmp(b),
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) | (Self::Named(a), Self::Named(b)) => a.cmp(b),
            (Self::Uuid(a), Self::Uuid(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

impl PartialOrd for Atom {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Atom {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Atom {}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => value.fmt(f),
            Self::Real(value) => value.fmt(f),
            Self::Boolean(value) => value.fmt(f),
            Self::Uuid(value) => value.fmt(f),
            Self::Text(text) | Self::Named(text) if needs_quotes(text) => {
                serde_json::to_string(&**text)
                    .expect("a string is always JSON")
                    .fmt(f)
            }
            Self::Text(text) | Self::Named(text) => text.fmt(f),
        }
    }
}

/// As ovsdb prints strings: bare only where they read as an identifier that is nothing else (facts O§11).
fn needs_quotes(text: &str) -> bool {
    let mut bytes = text.bytes();
    let Some(first) = bytes.next() else {
        return true;
    };
    let identifier = (first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
    !identifier || text == "true" || text == "false" || text.parse::<Uuid>().is_ok()
}

impl FromStr for Uuid {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.as_bytes();
        if text.len() != 36 {
            return Err(());
        }
        let mut uuid = [0; 16];
        let mut at = 0;
        for (index, byte) in uuid.iter_mut().enumerate() {
            if [4, 6, 8, 10].contains(&index) {
                if text[at] != b'-' {
                    return Err(());
                }
                at += 1;
            }
            *byte = hex(text[at])? << 4 | hex(text[at + 1])?;
            at += 2;
        }
        Ok(Self(uuid))
    }
}

fn hex(digit: u8) -> Result<u8, ()> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(()),
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if [4, 6, 8, 10].contains(&index) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_as_ovs_vsctl_does() {
        // As in the output of `ovs-vsctl list open_vswitch` (Open vSwitch 3.1.0).
        let print = |text: &str| Atom::Text(text.into()).to_string();
        assert_eq!(print("os-network"), "os-network");
        assert_eq!(print("physnet2:br-ex"), "\"physnet2:br-ex\"");
        assert_eq!(print("192.168.98.12"), "\"192.168.98.12\"");
        assert_eq!(print("true"), "\"true\"");
        assert_eq!(print(""), "\"\"");
        assert_eq!(print("a \"b\""), r#""a \"b\"""#);
    }

    #[test]
    fn values_stay_small() {
        // There are millions of them.
        assert_eq!(std::mem::size_of::<Value>(), 40);
    }

    #[test]
    fn uuids_read_and_print() {
        let text = "71f81ef4-8f07-4466-965a-41912898b7ae";
        assert_eq!(text.parse::<Uuid>().unwrap().to_string(), text);
        for wrong in [
            "",
            "71f81ef4",
            "71f81ef4-8f07-4466-965a-41912898b7ag",
            "71f81ef4+8f07-4466-965a-41912898b7ae",
        ] {
            assert!(wrong.parse::<Uuid>().is_err(), "{wrong}");
        }
    }
}
