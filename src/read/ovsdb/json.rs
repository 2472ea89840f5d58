//! Values of OVSDB as JSON: `["set",[…]]`, `["map",[…]]`, `["uuid","…"]`, or an atom.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::source::Span;

use super::MAX_ELEMENTS;
use super::datum::{Atom, Datum, Value, Written};

/// Part of the message that says that a set is too large.
pub const TOO_LARGE: &str = "more elements than are read";

/// Strings up to this length are worth sharing: keys of maps, types, truth values.
const SHARED_LENGTH: usize = 40;

/// So many different strings are shared, so that the pool stays small beside the database.
const SHARED_STRINGS: usize = 16_384;

/// Strings that occur often, kept once.
#[derive(Debug, Default)]
pub struct Pool(HashSet<Arc<str>>);

impl Pool {
    /// The shared copy of a string.
    pub fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(shared) = self.0.get(text) {
            return shared.clone();
        }
        let shared: Arc<str> = Arc::from(text);
        if text.len() <= SHARED_LENGTH && self.0.len() < SHARED_STRINGS {
            self.0.insert(shared.clone());
        }
        shared
    }
}

/// Reads a string, borrowed where it has no escapes.
pub struct Str;

impl<'de> DeserializeSeed<'de> for Str {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Str {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// Reads a value.
pub struct DatumSeed<'a>(pub &'a mut Pool);

/// Reads an atom.
struct AtomSeed<'a>(&'a mut Pool);

/// Reads the elements of a set.
struct Elements<'a>(&'a mut Pool);

/// Reads the entries of a map.
struct Entries<'a>(&'a mut Pool);

/// Reads one entry of a map.
struct EntrySeed<'a>(&'a mut Pool);

/// The visitor methods for plain atoms; `$wrap` makes the result.
macro_rules! atoms {
    ($pool:tt, $wrap:expr) => {
        fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
            Ok($wrap(Atom::Boolean(value)))
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
            Ok($wrap(Atom::Integer(value)))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
            let value = i64::try_from(value).map_err(|_| E::custom("an integer above 2^63"))?;
            Ok($wrap(Atom::Integer(value)))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
            Ok($wrap(Atom::Real(value)))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok($wrap(Atom::Text(self.$pool.share(text))))
        }
    };
}

impl<'de> Visitor<'de> for DatumSeed<'_> {
    type Value = Datum;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of OVSDB")
    }

    atoms!(0, Datum::one);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Datum, A::Error> {
        let tag = seq.next_element_seed(Str)?;
        let datum = match tag.as_deref() {
            Some("set") => seq.next_element_seed(Elements(self.0))?,
            Some("map") => seq.next_element_seed(Entries(self.0))?,
            Some("uuid") => seq
                .next_element_seed(Str)?
                .map(|text| uuid(&text))
                .transpose()?
                .map(Datum::one),
            _ => None,
        };
        let datum = datum.ok_or_else(|| A::Error::custom("neither set, map nor uuid"))?;
        end(seq)?;
        Ok(datum)
    }
}

impl<'de> Visitor<'de> for AtomSeed<'_> {
    type Value = Atom;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an atom of OVSDB")
    }

    atoms!(0, std::convert::identity);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Atom, A::Error> {
        let tag = seq.next_element_seed(Str)?;
        let text = seq.next_element_seed(Str)?;
        let (Some("uuid"), Some(text)) = (tag.as_deref(), text) else {
            return Err(A::Error::custom("an atom that is no uuid"));
        };
        end(seq)?;
        uuid(&text)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = Datum;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the elements of a set")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Datum, A::Error> {
        let mut atoms = Vec::new();
        while let Some(atom) = seq.next_element_seed(AtomSeed(self.0))? {
            atoms.push(atom);
            bounded(atoms.len())?;
        }
        // Written in order nearly always: sorting is then one pass.
        atoms.sort();
        atoms.dedup();
        atoms.shrink_to_fit();
        Ok(Datum::Set(atoms))
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = Datum;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the entries of a map")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Datum, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = seq.next_element_seed(EntrySeed(self.0))? {
            entries.push(entry);
            bounded(entries.len())?;
        }
        entries.sort_by(|(a, _), (b, _): &(Atom, Atom)| a.cmp(b));
        entries.dedup_by(|(a, _), (b, _)| a == b);
        entries.shrink_to_fit();
        Ok(Datum::Map(entries))
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_> {
    type Value = (Atom, Atom);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key and its value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let key = seq.next_element_seed(AtomSeed(self.0))?;
        let value = seq.next_element_seed(AtomSeed(self.0))?;
        let entry = key
            .zip(value)
            .ok_or_else(|| A::Error::custom("a key without a value"))?;
        end(seq)?;
        Ok(entry)
    }
}

/// Every seed of this file reads whatever stands there, by its own visitor.
macro_rules! seeds {
    ($($seed:ident => $value:ty),+) => {$(
        impl<'de> DeserializeSeed<'de> for $seed<'_> {
            type Value = $value;

            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<$value, D::Error> {
                deserializer.deserialize_any(self)
            }
        }
    )+};
}

seeds!(DatumSeed => Datum, AtomSeed => Atom, Elements => Datum, Entries => Datum, EntrySeed => (Atom, Atom));

fn uuid<E: Error>(text: &str) -> Result<Atom, E> {
    let uuid = text.parse();
    uuid.map(Atom::Uuid)
        .map_err(|()| E::custom(format_args!("\"{text}\" is no UUID")))
}

fn bounded<E: Error>(length: usize) -> Result<(), E> {
    if length > MAX_ELEMENTS {
        return Err(E::custom(format_args!(
            "a value has {TOO_LARGE} ({MAX_ELEMENTS})"
        )));
    }
    Ok(())
}

fn end<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    match seq.next_element::<IgnoredAny>()? {
        None => Ok(()),
        Some(_) => Err(A::Error::custom("more than a tag and a value")),
    }
}

/// A value in a text, with the places of its parts. `text` begins at byte `base` of the file.
pub fn value(text: &str, base: usize, pool: &mut Pool) -> Option<Value> {
    let start = base + text.len() - text.trim_start().len();
    let text = text.trim();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let datum = DatumSeed(pool).deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    let at = |part: &RawValue| {
        let from = part.get().as_ptr().addr() - text.as_ptr().addr();
        content(part.get(), start + from)
    };
    let parts = match &datum {
        // The spans follow the elements, so they are put into the order of the datum with them.
        Datum::Set(_) if is_tagged(text, "set") => {
            let (_, elements): (&str, Vec<&RawValue>) = serde_json::from_str(text).ok()?;
            let mut parts: Vec<_> = elements
                .into_iter()
                .map(|raw| (atom(raw, pool), at(raw)))
                .collect();
            parts.sort_by(|(a, _), (b, _)| a.cmp(b));
            parts.dedup_by(|(a, _), (b, _)| a == b);
            parts.into_iter().map(|(_, span)| span).collect()
        }
        Datum::Map(_) => {
            let (_, entries): (&str, Vec<(&RawValue, &RawValue)>) =
                serde_json::from_str(text).ok()?;
            let mut parts: Vec<_> = entries
                .into_iter()
                .map(|(key, value)| (atom(key, pool), [at(key), at(value)]))
                .collect();
            parts.sort_by(|(a, _), (b, _)| a.cmp(b));
            parts.dedup_by(|(a, _), (b, _)| a == b);
            parts.into_iter().flat_map(|(_, spans)| spans).collect()
        }
        _ => vec![content(text, start)],
    };
    let span = Span::new(start..start + text.len());
    Some(Value {
        datum,
        written: Some(Box::new(Written {
            span,
            parts,
            places: None,
        })),
    })
}

fn is_tagged(text: &str, tag: &str) -> bool {
    let inner = text.strip_prefix('[').map(str::trim_start);
    inner
        .and_then(|inner| inner.strip_prefix('"')?.strip_prefix(tag))
        .is_some()
}

fn atom(raw: &RawValue, pool: &mut Pool) -> Option<Atom> {
    let mut deserializer = serde_json::Deserializer::from_str(raw.get());
    AtomSeed(pool).deserialize(&mut deserializer).ok()
}

/// The bytes of an atom without its quotes, or without its `["uuid","` and `"]`.
fn content(raw: &str, start: usize) -> Span {
    let quoted = raw.rsplit_once('"').map(|(before, _)| before.len());
    let (from, to) = match (raw.as_bytes().first(), quoted) {
        (Some(b'"'), Some(end)) if end > 0 => (1, end),
        (Some(b'['), Some(end)) => (raw[..end].rfind('"').map_or(0, |at| at + 1), end),
        _ => (0, raw.len()),
    };
    Span::new(start + from..start + to)
}
