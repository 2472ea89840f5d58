//! States of databases in the notation of the recordings, and when two of them are the same.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use ovnlint::change::ctl::Tool;
use ovnlint::change::ctl::schema::schema;
use ovnlint::change::ctl::store::Store;
use ovnlint::read::ovsdb::datum::{Atom, Datum, Uuid};
use ovnlint::read::ovsdb::schema::Kind;
use ovnlint::read::ovsdb::{Column, Database, Form, Row, Table};
use ovnlint::read::version::Version;
use ovnlint::source::FileId;
use serde_json::Value;

/// The store that a recorded state describes, and the labels of its rows.
pub fn store(
    tool: Tool,
    state: &Value,
    version: Option<&Version>,
) -> (Store, HashMap<Uuid, String>) {
    let schema = schema(tool.database(), version);
    let tables = state.as_object().expect("tables");
    let labels: Vec<&String> = tables
        .values()
        .flat_map(|rows| rows.as_object().expect("rows").keys())
        .collect();
    let uuid = |label: &str| {
        if let Ok(uuid) = label.parse() {
            return uuid;
        }
        let at = labels.iter().position(|own| *own == label);
        let mut uuid = [0xff; 16];
        uuid[15] = u8::try_from(at.expect("a row of the state")).expect("few rows");
        Uuid(uuid)
    };
    let mut database = Database::new(FileId(0), Form::Log);
    database.schema = tool.database();
    for (name, rows) in tables {
        let own = &schema.tables[schema.table(name)];
        let rows = rows
            .as_object()
            .expect("rows")
            .iter()
            .map(|(label, cells)| Row {
                uuid: Some(uuid(label)),
                cells: cells
                    .as_object()
                    .expect("cells")
                    .iter()
                    .map(|(column, value)| {
                        let own = &own.columns[own.column(column)];
                        let value_kind = own.value.as_ref().map(|base| base.kind);
                        let datum = datum(value, own.key.kind, value_kind, &uuid);
                        (column.as_str().into(), datum.into())
                    })
                    .collect(),
                ..Row::default()
            });
        let columns = own
            .columns
            .iter()
            .map(|column| (column.name.into(), Column::default()));
        let table = Table {
            columns: columns.collect(),
            rows: rows.collect(),
            complete: true,
            file: None,
        };
        database.tables.insert(name.clone(), table);
    }
    let names = labels
        .iter()
        .map(|label| (uuid(label), (*label).clone()))
        .collect();
    (Store::read(tool.database(), version, [&database]), names)
}

fn datum(value: &Value, key: Kind, map: Option<Kind>, uuid: &dyn Fn(&str) -> Uuid) -> Datum {
    let tagged = value
        .as_array()
        .map(|pair| (pair[0].as_str().unwrap_or_default(), &pair[1]));
    let atoms = |values: &Value| -> Vec<Atom> {
        let values = values.as_array().expect("elements").iter();
        values.map(|value| atom(value, key, uuid)).collect()
    };
    let mut datum = match (tagged, map) {
        (Some(("map", entries)), Some(kind)) => {
            let entries = entries.as_array().expect("entries").iter();
            let entry = |pair: &Value| (atom(&pair[0], key, uuid), atom(&pair[1], kind, uuid));
            Datum::Map(entries.map(entry).collect())
        }
        (Some(("set", values)), _) => Datum::Set(atoms(values)),
        _ => Datum::Set(vec![atom(value, key, uuid)]),
    };
    match &mut datum {
        Datum::Set(atoms) => atoms.sort(),
        Datum::Map(entries) => entries.sort(),
        Datum::Unsure(_) => {}
    }
    datum
}

fn atom(value: &Value, kind: Kind, uuid: &dyn Fn(&str) -> Uuid) -> Atom {
    match kind {
        Kind::Integer => Atom::Integer(value.as_i64().expect("an integer")),
        Kind::Real => Atom::Real(value.as_f64().expect("a number")),
        Kind::Boolean => Atom::Boolean(value.as_bool().expect("a truth value")),
        Kind::Text => Atom::Text(value.as_str().expect("a string").into()),
        Kind::Uuid => Atom::Uuid(uuid(value[1].as_str().expect("a label"))),
    }
}

/// The state in the notation of the recording; rows without a label are labelled with their UUID.
pub fn state(store: &Store, labels: &HashMap<Uuid, String>) -> Value {
    let label = |uuid: &Uuid| {
        labels
            .get(uuid)
            .cloned()
            .unwrap_or_else(|| uuid.to_string())
    };
    let wire = |atom: &Atom| match atom {
        Atom::Integer(number) => Value::from(*number),
        Atom::Real(number) => Value::from(*number),
        Atom::Boolean(value) => Value::from(*value),
        Atom::Uuid(uuid) => serde_json::json!(["uuid", label(uuid)]),
        Atom::Text(text) | Atom::Named(text) => Value::from(&**text),
    };
    let mut tables = serde_json::Map::new();
    for (at, table) in store.schema.tables.iter().enumerate() {
        let mut rows = serde_json::Map::new();
        for row in store.rows(at) {
            let mut cells = serde_json::Map::new();
            for (column, datum) in store.cells(row) {
                let value = match datum {
                    Datum::Set(atoms) if atoms.len() == 1 => wire(&atoms[0]),
                    Datum::Set(atoms) => {
                        serde_json::json!(["set", atoms.iter().map(wire).collect::<Vec<_>>()])
                    }
                    Datum::Map(entries) => {
                        let entries = entries.iter().map(|(key, value)| [wire(key), wire(value)]);
                        serde_json::json!(["map", entries.collect::<Vec<_>>()])
                    }
                    Datum::Unsure(why) => panic!("{why}"),
                };
                cells.insert(table.columns[*column].name.to_owned(), value);
            }
            rows.insert(label(&row.uuid), cells.into());
        }
        if !rows.is_empty() {
            tables.insert(table.name.to_owned(), rows.into());
        }
    }
    tables.into()
}

/// Every row as a text in which new rows are named by what they are: equal texts, equal states.
pub fn canonical(state: &Value, known: &[String]) -> Vec<String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let tables = state.as_object().expect("tables");
    let rows = || {
        tables.iter().flat_map(|(table, rows)| {
            let rows = rows.as_object().expect("rows").iter();
            rows.map(move |(label, cells)| (table, label, cells))
        })
    };
    for (table, label, _) in rows() {
        let name = if known.contains(label) {
            label.clone()
        } else {
            format!("new {table}")
        };
        names.insert(label.clone(), name);
    }
    for _ in 0..6 {
        let mut next = names.clone();
        for (table, label, cells) in rows().filter(|(_, label, _)| !known.contains(label)) {
            let mut hasher = DefaultHasher::new();
            (table, rename(cells, &names).to_string()).hash(&mut hasher);
            next.insert(label.clone(), format!("new {table} {:x}", hasher.finish()));
        }
        names = next;
    }
    let mut texts: Vec<String> = rows()
        .map(|(table, label, cells)| format!("{table} {}: {}", names[label], rename(cells, &names)))
        .collect();
    texts.sort();
    texts
}

/// The same value with references renamed and everything in order.
fn rename(value: &Value, names: &BTreeMap<String, String>) -> Value {
    match value {
        Value::Object(cells) => {
            let cells = cells
                .iter()
                .map(|(name, value)| (name.clone(), rename(value, names)));
            Value::Object(cells.collect())
        }
        Value::Array(pair) => match (pair[0].as_str(), pair.get(1)) {
            (Some("uuid"), Some(Value::String(label))) => {
                let name = names
                    .get(label)
                    .cloned()
                    .unwrap_or_else(|| "dangling".to_owned());
                serde_json::json!(["uuid", name])
            }
            (Some(tag @ ("set" | "map")), Some(Value::Array(values))) => {
                let mut values: Vec<_> = values.iter().map(|value| rename(value, names)).collect();
                values.sort_by_key(ToString::to_string);
                serde_json::json!([tag, values])
            }
            _ => pair.iter().map(|value| rename(value, names)).collect(),
        },
        other => other.clone(),
    }
}
