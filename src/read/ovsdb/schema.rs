//! The schema that a database log begins with, and the types that it gives to columns.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::Value as Json;

use super::datum::{Atom, Datum};
use super::{Column, Keep, SchemaName, model, names};

/// A schema, reduced to what is kept.
#[derive(Debug)]
pub struct Schema {
    /// Which database.
    pub name: SchemaName,
    /// Its version: `8.3.1`.
    pub version: Option<String>,
    /// All tables.
    pub tables: HashMap<String, TableSchema>,
}

/// One table.
#[derive(Debug)]
pub struct TableSchema {
    /// All columns.
    pub columns: HashMap<String, ColumnType>,
    /// Whether anything of it is kept.
    pub kept: bool,
}

/// The type of a column.
#[derive(Debug)]
pub struct ColumnType {
    /// The name, shared by all rows.
    pub name: Arc<str>,
    /// The type of an element, or of a key.
    pub key: Base,
    /// The type of a value, where the column is a map.
    pub value: Option<Base>,
    /// Fewest elements: 0 or 1.
    pub min: usize,
    /// Most elements.
    pub max: usize,
    /// Whether its values are kept here.
    pub kept: bool,
    /// Whether it is never written to the log.
    pub ephemeral: bool,
}

/// The type of an atom.
#[derive(Debug)]
pub struct Base {
    /// What it is.
    pub kind: Kind,
    /// The values that are allowed, in order; empty: all.
    pub allowed: Vec<Atom>,
    /// The least and the greatest integer.
    pub range: (i64, i64),
    /// The least and the greatest number of characters.
    pub length: (usize, usize),
}

/// The kinds of atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An integer.
    Integer,
    /// A real number.
    Real,
    /// A truth value.
    Boolean,
    /// A string.
    Text,
    /// A reference.
    Uuid,
}

/// The schema that was read last, with its text: the nodes of a site share one, and most of their databases is schema.
struct Last {
    text: String,
    keep: Keep,
    schema: Arc<Schema>,
}

/// Schemas above this are not held on to; those of Open vSwitch and OVN have some 15 KB.
const LARGEST_SHARED: usize = 1 << 20;

thread_local! {
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

impl Schema {
    /// Reads the first record of a log, as [`Schema::read`] does; one that is equal to the last is not read again.
    pub fn shared(text: &str, keep: Keep) -> Result<Arc<Self>, String> {
        let last = LAST.with_borrow(|last| {
            let last = last.as_ref()?;
            (last.keep == keep && last.text == text).then(|| Arc::clone(&last.schema))
        });
        if let Some(schema) = last {
            return Ok(schema);
        }
        let schema = Arc::new(Self::read(text, keep)?);
        if text.len() > LARGEST_SHARED {
            return Ok(schema);
        }
        let last = Last {
            text: text.to_owned(),
            keep,
            schema: Arc::clone(&schema),
        };
        LAST.set(Some(last));
        Ok(schema)
    }

    /// Reads the first record of a log. The error says what is wrong with it.
    pub fn read(text: &str, keep: Keep) -> Result<Self, String> {
        let json: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let name = json["name"].as_str().ok_or("it has no name")?;
        let tables = json["tables"].as_object().ok_or("it has no tables")?;
        let name = names::schema(name);
        let mut schema = Self {
            name,
            version: json["version"].as_str().map(str::to_owned),
            tables: HashMap::new(),
        };
        for (table, body) in tables {
            let kept = model::kept(keep, name, table);
            let columns = body["columns"]
                .as_object()
                .ok_or_else(|| format!("table {table} has no columns"))?;
            let columns = columns.iter().map(|(column, body)| {
                let kept = kept.is_some_and(|kept| kept.has(column));
                let column_type = column_type(column, body, kept).ok_or_else(|| {
                    format!("the type of column {column} of table {table} is none")
                })?;
                Ok((column.clone(), column_type))
            });
            let columns = columns.collect::<Result<_, String>>()?;
            let kept = kept.is_some() && name != SchemaName::Other;
            schema
                .tables
                .insert(table.clone(), TableSchema { columns, kept });
        }
        Ok(schema)
    }
}

impl TableSchema {
    /// The columns that a log shows: those that are kept and ever written to it.
    pub fn shown(&self) -> BTreeMap<Arc<str>, Column> {
        self.columns
            .values()
            .filter(|column| column.kept && !column.ephemeral)
            .map(|column| (column.name.clone(), column.shown()))
            .collect()
    }
}

impl ColumnType {
    fn shown(&self) -> Column {
        let default = match self.key.kind {
            _ if self.min == 0 || self.value.is_some() => None,
            Kind::Integer => Some(Atom::Integer(0)),
            Kind::Real => Some(Atom::Real(0.0)),
            Kind::Boolean => Some(Atom::Boolean(false)),
            Kind::Text => Some(Atom::Text(Arc::from(""))),
            Kind::Uuid => None,
        };
        Column {
            many: self.max > 1,
            default,
        }
    }

    /// Turns integers into the real numbers that the column holds: OVSDB writes 2.0 as 2.
    pub fn widen(&self, datum: &mut Datum) {
        let value_kind = self.value.as_ref().map(|value| value.kind);
        if self.key.kind != Kind::Real && value_kind != Some(Kind::Real) {
            return;
        }
        match datum {
            Datum::Set(atoms) => atoms.iter_mut().for_each(widen),
            Datum::Map(entries) => {
                for (key, value) in entries {
                    if self.key.kind == Kind::Real {
                        widen(key);
                    }
                    if value_kind == Some(Kind::Real) {
                        widen(value);
                    }
                }
            }
            Datum::Unsure(_) => {}
        }
    }

    /// Whether this is what a new row holds, so that no cell is needed.
    pub fn is_default(&self, datum: &Datum) -> bool {
        match datum {
            Datum::Set(atoms) => match (atoms.as_slice(), self.min) {
                ([], _) => true,
                ([atom], 1) => match atom {
                    Atom::Integer(value) => *value == 0,
                    Atom::Real(value) => *value == 0.0,
                    Atom::Boolean(value) => !value,
                    Atom::Text(text) => text.is_empty(),
                    Atom::Uuid(uuid) => uuid.0 == [0; 16],
                    Atom::Named(_) => false,
                },
                _ => false,
            },
            other => other.is_empty(),
        }
    }
}

impl Base {
    /// Whether the schema allows this atom. As `ovsdb-server` checks while it reads.
    pub fn allows(&self, atom: &Atom) -> bool {
        let kind = match atom {
            Atom::Integer(value) => {
                if *value < self.range.0 || *value > self.range.1 {
                    return false;
                }
                Kind::Integer
            }
            Atom::Text(text) => {
                // Characters are only counted where a schema bounds them: it takes a while.
                if self.length != (0, usize::MAX) {
                    let length = text.chars().count();
                    if length < self.length.0 || length > self.length.1 {
                        return false;
                    }
                }
                Kind::Text
            }
            Atom::Real(_) => Kind::Real,
            Atom::Boolean(_) => Kind::Boolean,
            Atom::Uuid(_) => Kind::Uuid,
            Atom::Named(_) => return false,
        };
        kind == self.kind && (self.allowed.is_empty() || self.allowed.binary_search(atom).is_ok())
    }
}

fn widen(atom: &mut Atom) {
    if let Atom::Integer(value) = atom {
        // As OVSDB does: above 2^53 the nearest real number.
        *atom = value
            .to_string()
            .parse()
            .map_or(Atom::Integer(*value), Atom::Real);
    }
}

fn column_type(name: &str, body: &Json, kept: bool) -> Option<ColumnType> {
    let column = &body["type"];
    let (key, value) = match column {
        Json::Object(parts) => (
            base(parts.get("key")?)?,
            match parts.get("value") {
                Some(value) => Some(base(value)?),
                None => None,
            },
        ),
        other => (base(other)?, None),
    };
    let count = |value: &Json| value.as_u64().and_then(|count| usize::try_from(count).ok());
    let min = match &column["min"] {
        Json::Null => 1,
        other => count(other)?,
    };
    let max = match &column["max"] {
        Json::Null => 1,
        Json::String(word) if word == "unlimited" => usize::MAX,
        other => count(other)?,
    };
    Some(ColumnType {
        name: Arc::from(name),
        key,
        value,
        min,
        max,
        kept,
        ephemeral: body["ephemeral"].as_bool().unwrap_or(false),
    })
}

fn base(json: &Json) -> Option<Base> {
    let kind = match json.as_str().or_else(|| json["type"].as_str())? {
        "integer" => Kind::Integer,
        "real" => Kind::Real,
        "boolean" => Kind::Boolean,
        "string" => Kind::Text,
        "uuid" => Kind::Uuid,
        _ => return None,
    };
    let mut allowed = match &json["enum"] {
        Json::Null => Vec::new(),
        Json::Array(parts) if parts.first().and_then(Json::as_str) == Some("set") => {
            parts.get(1)?.as_array()?.iter().filter_map(atom).collect()
        }
        one => vec![atom(one)?],
    };
    allowed.sort();
    let length = |key: &str, default: usize| {
        let length = json[key].as_u64();
        length.map_or(default, |length| {
            usize::try_from(length).unwrap_or(usize::MAX)
        })
    };
    Some(Base {
        kind,
        allowed,
        range: (
            json["minInteger"].as_i64().unwrap_or(i64::MIN),
            json["maxInteger"].as_i64().unwrap_or(i64::MAX),
        ),
        length: (length("minLength", 0), length("maxLength", usize::MAX)),
    })
}

fn atom(json: &Json) -> Option<Atom> {
    match json {
        Json::Bool(value) => Some(Atom::Boolean(*value)),
        Json::Number(number) => Some(match number.as_i64() {
            Some(value) => Atom::Integer(value),
            None => Atom::Real(number.as_f64()?),
        }),
        Json::String(text) => Some(Atom::Text(text.as_str().into())),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]
mod tests {
    use super::*;

    #[test]
    fn types_bound_their_values() {
        let schema = Schema::read(
            r#"{"name":"Open_vSwitch","version":"8.3.1","tables":{"Port":{"columns":{
                "tag":{"type":{"key":{"type":"integer","minInteger":0,"maxInteger":4095},"min":0,"max":1}},
                "vlan_mode":{"type":{"key":{"type":"string","enum":["set",["trunk","access"]]},"min":0,"max":1}},
                "statistics":{"type":{"key":"string","value":"integer","min":0,"max":"unlimited"},"ephemeral":true},
                "fake_bridge":{"type":"boolean"}}}}}"#,
            Keep::All,
        );
        let schema = schema.unwrap();
        let columns = &schema.tables["Port"].columns;
        assert!(columns["tag"].key.allows(&Atom::Integer(4095)));
        assert!(!columns["tag"].key.allows(&Atom::Integer(4096)));
        assert!(
            columns["vlan_mode"]
                .key
                .allows(&Atom::Text("access".into()))
        );
        assert!(
            !columns["vlan_mode"]
                .key
                .allows(&Atom::Text("native".into()))
        );
        let shown = schema.tables["Port"].shown();
        assert_eq!(shown["fake_bridge"].default, Some(Atom::Boolean(false)));
        assert_eq!(shown["tag"].default, None);
        assert!(!shown.contains_key("statistics"));
    }
}
