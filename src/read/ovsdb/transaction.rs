//! A transaction of a log, read by the types that the schema gives to its columns.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::TroubleKind;
use super::datum::{Datum, Uuid};
use super::json::{DatumSeed, Pool, Str, TOO_LARGE};
use super::log::Damage;
use super::schema::{ColumnType, TableSchema};

/// Why a transaction cannot be applied.
#[derive(Debug)]
pub struct Refusal {
    kind: TroubleKind,
    why: String,
}

/// What a transaction does to one row.
#[derive(Debug)]
pub enum Change {
    /// It goes.
    Delete,
    /// These columns are written.
    Set(Vec<(Arc<str>, Datum)>),
}

impl Refusal {
    /// As the end of the reading, at this byte.
    pub fn at(self, offset: usize) -> Damage {
        Damage {
            kind: self.kind,
            message: format!(
                "the record at byte offset {offset} cannot be used: {}",
                self.why
            ),
        }
    }
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self {
            kind: TroubleKind::Damaged,
            why,
        }
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        let why = error.to_string();
        let kind = if why.contains(TOO_LARGE) {
            TroubleKind::TooLarge
        } else {
            TroubleKind::Damaged
        };
        Self { kind, why }
    }
}

/// Reads JSON to its end.
pub fn read<'de, S: DeserializeSeed<'de>>(
    json: &'de str,
    seed: S,
) -> Result<S::Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// The fields of a JSON object, their values unread; of equal names the last counts, as in OVSDB.
#[derive(Debug)]
pub struct Fields;

impl<'de> DeserializeSeed<'de> for Fields {
    type Value = BTreeMap<Cow<'de, str>, &'de RawValue>;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields {
    type Value = BTreeMap<Cow<'de, str>, &'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some(name) = map.next_key_seed(Str)? {
            fields.insert(name, map.next_value()?);
        }
        Ok(fields)
    }
}

/// The rows of one table in a transaction.
#[derive(Debug)]
pub struct Rows<'a> {
    /// The table.
    pub table: &'a str,
    /// Its columns.
    pub schema: &'a TableSchema,
    /// Whether columns of changed rows are written as differences.
    pub difference: bool,
    /// Strings that occur often.
    pub pool: &'a mut Pool,
}

impl<'de> DeserializeSeed<'de> for Rows<'_> {
    type Value = Vec<(Uuid, Change)>;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = Vec<(Uuid, Change)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the rows of table {}", self.table)
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut rows = Vec::new();
        while let Some(uuid) = map.next_key_seed(Str)? {
            let uuid = uuid
                .parse()
                .map_err(|()| A::Error::custom(format_args!("\"{uuid}\" is no UUID")))?;
            let change = map.next_value_seed(RowSeed(&mut self))?;
            rows.push((uuid, change));
        }
        Ok(rows)
    }
}

/// One row in a transaction: its cells, or `null`.
struct RowSeed<'a, 'b>(&'a mut Rows<'b>);

impl<'de> DeserializeSeed<'de> for RowSeed<'_, '_> {
    type Value = Change;

    fn deserialize<D: serde::Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_, '_> {
    type Value = Change;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a row of table {}", self.0.table)
    }

    fn visit_unit<E: Error>(self) -> Result<Change, E> {
        Ok(Change::Delete)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Change, A::Error> {
        let rows = self.0;
        let mut cells = Vec::new();
        while let Some(name) = map.next_key_seed(Str)? {
            let Some(column) = rows.schema.columns.get(&*name) else {
                let message =
                    format_args!("the schema has no column {name} in table {}", rows.table);
                return Err(A::Error::custom(message));
            };
            if !column.kept || column.ephemeral {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let mut datum = map.next_value_seed(DatumSeed(&mut *rows.pool))?;
            column.widen(&mut datum);
            check(&datum, column, rows.difference).map_err(|why| {
                A::Error::custom(format_args!("column {name} of table {}: {why}", rows.table))
            })?;
            cells.push((column.name.clone(), datum));
        }
        Ok(Change::Set(cells))
    }
}

/// Whether the schema allows the value. A difference may be of any size.
fn check(datum: &Datum, column: &ColumnType, difference: bool) -> Result<(), String> {
    let (allowed, length) = match (datum, &column.value) {
        (Datum::Set(atoms), None) => (
            atoms.iter().all(|atom| column.key.allows(atom)),
            atoms.len(),
        ),
        (Datum::Map(entries), Some(value)) => {
            let mut entries_allowed = entries.iter();
            let allowed = entries_allowed.all(|(k, v)| column.key.allows(k) && value.allows(v));
            (allowed, entries.len())
        }
        _ => (false, 0),
    };
    if !allowed {
        return Err("the schema does not allow the value".to_owned());
    }
    let composite = column.max > 1;
    if (!difference || !composite) && (length < column.min || length > column.max) {
        return Err(format!("the schema does not allow {length} values"));
    }
    Ok(())
}
