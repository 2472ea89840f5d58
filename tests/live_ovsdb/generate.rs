//! Random transactions, the same in every run.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Every kind of column but sets of bounded size, of which 3.1.0 writes differences that it cannot read back; under names of real tables so that outputs without a schema are recognised.
pub const SCHEMA: &str = r#"{"name":"Open_vSwitch","version":"9.9.9","tables":{
  "Bridge":{"isRoot":true,"columns":{
    "name":{"type":"string"},
    "number":{"type":"integer"},
    "ratio":{"type":"real"},
    "flag":{"type":"boolean"},
    "tag":{"type":{"key":{"type":"integer","minInteger":0,"maxInteger":4095},"min":0,"max":1}},
    "mode":{"type":{"key":{"type":"string","enum":["set",["secure","standalone"]]},"min":0,"max":1}},
    "numbers":{"type":{"key":"integer","min":0,"max":"unlimited"}},
    "texts":{"type":{"key":"string","min":0,"max":"unlimited"}},
    "few":{"type":{"key":"string","min":1,"max":"unlimited"}},
    "ids":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}},
    "counts":{"type":{"key":"string","value":"integer","min":0,"max":"unlimited"}},
    "by_number":{"type":{"key":"integer","value":"real","min":0,"max":"unlimited"}},
    "passing":{"type":"string","ephemeral":true},
    "ports":{"type":{"key":{"type":"uuid","refTable":"Port"},"min":0,"max":"unlimited"}},
    "friends":{"type":{"key":{"type":"uuid","refTable":"Port","refType":"weak"},"min":0,"max":"unlimited"}},
    "friend":{"type":{"key":{"type":"uuid","refTable":"Port","refType":"weak"},"min":0,"max":1}}}},
  "Port":{"columns":{
    "name":{"type":"string"},
    "ids":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}}}}}}"#;

/// Numbers that are the same in every run (splitmix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    fn text(&mut self) -> String {
        const TEXTS: [&str; 14] = [
            "a",
            "br-ex",
            "",
            "say \"hi\"",
            "back\\slash",
            "two\nlines",
            "tab\t",
            "\u{1}",
            "관리망",
            "true",
            "5",
            "a, b=c",
            "71f81ef4-8f07-4466-965a-41912898b7ae",
            "한 x\u{7f}",
        ];
        match self.below(3) {
            0 => format!("k{}", self.below(40)),
            _ => (*self.one(&TEXTS)).to_owned(),
        }
    }

    fn integer(&mut self) -> i64 {
        match self.below(6) {
            0 => i64::MAX,
            1 => i64::MIN,
            _ => i64::try_from(self.below(50)).unwrap() - 20,
        }
    }

    fn real(&mut self) -> f64 {
        *self.one(&[0.0, 1.0, -2.5, 1e300, 0.1, 3.0, 1e-9])
    }

    fn many<T>(&mut self, most: u64, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }
}

/// A value for a column, of the schema above.
fn value(random: &mut Random, column: &str, ports: &[String]) -> Value {
    let uuid = |random: &mut Random| json!(["uuid", random.one(ports)]);
    let optional = |random: &mut Random, value: Value| {
        if random.below(3) == 0 {
            json!(["set", []])
        } else {
            value
        }
    };
    match column {
        "name" | "passing" => json!(random.text()),
        "number" => json!(random.integer()),
        "ratio" => json!(random.real()),
        "flag" => json!(random.below(2) == 0),
        "tag" => {
            let tag = json!(random.below(4096));
            optional(random, tag)
        }
        "mode" => {
            let mode = json!(random.one(&["secure", "standalone"]));
            optional(random, mode)
        }
        "numbers" => json!(["set", distinct(random.many(90, Random::integer))]),
        "texts" => json!(["set", distinct(random.many(12, Random::text))]),
        "few" => {
            let mut few = distinct(random.many(2, Random::text));
            few.push("always".to_owned());
            json!(["set", few])
        }
        "ids" => map(random.many(90, |random| (random.text(), json!(random.text())))),
        "counts" => map(random.many(6, |random| (random.text(), json!(random.integer())))),
        "by_number" => {
            let entries = random.many(6, |random| (random.integer(), random.real()));
            let entries: BTreeMap<_, _> = entries.into_iter().collect();
            json!([
                "map",
                entries
                    .into_iter()
                    .map(|(key, value)| json!([key, value]))
                    .collect::<Vec<_>>()
            ])
        }
        _ if ports.is_empty() => json!(["set", []]),
        "friend" => {
            let friend = uuid(random);
            optional(random, friend)
        }
        "friends" => json!([
            "set",
            distinct(random.many(3, |random| random.one(ports).clone()))
                .iter()
                .map(|port| json!(["uuid", port]))
                .collect::<Vec<_>>()
        ]),
        other => unreachable!("{other}"),
    }
}

fn distinct<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort();
    values.dedup();
    values
}

fn map(entries: Vec<(String, Value)>) -> Value {
    let entries: BTreeMap<_, _> = entries.into_iter().collect();
    json!([
        "map",
        entries
            .into_iter()
            .map(|(key, value)| json!([key, value]))
            .collect::<Vec<_>>()
    ])
}

const COLUMNS: [&str; 15] = [
    "name",
    "number",
    "ratio",
    "flag",
    "tag",
    "mode",
    "numbers",
    "texts",
    "few",
    "ids",
    "counts",
    "by_number",
    "passing",
    "friends",
    "friend",
];

/// The rows that were inserted and perhaps deleted since.
#[derive(Default)]
pub struct Known {
    /// Bridges.
    pub bridges: Vec<String>,
    /// Ports.
    pub ports: Vec<String>,
}

/// One random transaction.
pub fn operations(random: &mut Random, known: &Known) -> Vec<Value> {
    let mut operations = Vec::new();
    for step in 0..=random.below(3) {
        let bridge = known
            .bridges
            .is_empty()
            .then(String::new)
            .unwrap_or_else(|| random.one(&known.bridges).clone());
        let at = json!([["_uuid", "==", ["uuid", bridge]]]);
        let column = *random.one(&COLUMNS);
        let choice = if known.bridges.is_empty() {
            0
        } else {
            random.below(12)
        };
        let operation = match choice {
            0 | 1 => {
                let mut row = json!({"few": "one"});
                for _ in 0..random.below(6) {
                    let column = *random.one(&COLUMNS);
                    row[column] = value(random, column, &known.ports);
                }
                json!({"op": "insert", "table": "Bridge", "row": row})
            }
            2 | 3 => {
                let name = format!("p{step}");
                operations.push(json!({"op": "insert", "table": "Port", "uuid-name": name,
                    "row": {"name": random.text(), "ids": value(random, "ids", &[])}}));
                json!({"op": "mutate", "table": "Bridge", "where": at, "mutations": [["ports", "insert", ["named-uuid", name]]]})
            }
            4 if !known.ports.is_empty() => {
                // The port goes with its last reference, and weak references to it with it.
                let port = random.one(&known.ports);
                json!({"op": "mutate", "table": "Bridge", "where": [], "mutations": [["ports", "delete", ["uuid", port]]]})
            }
            5 => json!({"op": "delete", "table": "Bridge", "where": at}),
            6 | 7 => {
                let column = *random.one(&["ids", "counts", "texts", "numbers"]);
                let value = value(random, column, &known.ports);
                json!({"op": "mutate", "table": "Bridge", "where": at, "mutations": [[column, "insert", value]]})
            }
            8 => {
                let keys = distinct(random.many(5, Random::text));
                json!({"op": "mutate", "table": "Bridge", "where": at, "mutations": [["ids", "delete", ["set", keys]], ["texts", "delete", ["set", keys]]]})
            }
            _ => {
                json!({"op": "update", "table": "Bridge", "where": at, "row": {column: value(random, column, &known.ports)}})
            }
        };
        operations.push(operation);
    }
    if random.below(4) == 0 {
        operations.push(json!({"op": "comment", "comment": random.text()}));
    }
    operations
}
