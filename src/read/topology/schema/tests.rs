//! The table of keys, the JSON Schema and the reader agree.

use super::super::tests::{WHOLE, clean, error, errors};
use super::{Form, Kind, json_schema, keys};
use crate::read::keys::validation::validated;

#[test]
fn every_key_reads_its_example_and_refuses_another_type() {
    for key in keys().iter().filter(|key| key.kind != Kind::Table) {
        let path = key.path.replace(['<', '>'], "");
        clean(&format!("{path} = {}", key.example));
        let (place, message) = {
            let text = format!("{path} = 1979-05-27");
            let (place, message) = error(&text);
            (place.to_owned(), message)
        };
        assert_eq!(place, "1979-05-27");
        assert!(
            message.starts_with(&format!(
                "`{}` must be {}, not a date",
                key.name(),
                key.kind
            )),
            "{message}"
        );
    }
}

#[test]
fn every_choice_of_the_schema_is_read() {
    for key in keys() {
        let (Kind::Text(Form::Choice(words)) | Kind::List(Form::Choice(words))) = key.kind else {
            continue;
        };
        for word in words {
            let path = key.path.replace(['<', '>'], "");
            let value = if matches!(key.kind, Kind::List(_)) {
                format!("[\"{word}\"]")
            } else {
                format!("\"{word}\"")
            };
            clean(&format!("{path} = {value}"));
        }
    }
}

fn json(text: &str) -> serde_json::Value {
    let table: toml::Table = toml::from_str(text).expect("TOML");
    serde_json::to_value(table).expect("no dates and no infinities")
}

#[test]
fn the_schema_describes_every_key() {
    let schema = json_schema();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    for key in keys() {
        let mut at = &schema;
        for name in key.path.split('.') {
            at = if name.starts_with('<') {
                &at["additionalProperties"]
            } else {
                &at["properties"][name]
            };
        }
        assert_eq!(at["description"], key.meaning, "{}", key.path);
        assert!(
            at["type"].is_string() || at["type"].is_array(),
            "{}",
            key.path
        );
    }
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(
        schema["properties"]["nodes"]["additionalProperties"]["additionalProperties"],
        false
    );
}

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    let accepted = [
        WHOLE,
        "",
        "[nodes.a]",
        "nodes.a.memory = \"1.5 gib\"",
        "nodes.a.ovn = \"1:22.03.3-0ubuntu\"",
    ];
    let refused = [
        "nodes.a.managment = \"x\"",
        "nodes.a.memory = \"16Go\"",
        "nodes.a.memory = 0",
        "nodes.a.interfaces.b.vlan = 4095",
        "nodes.a.interfaces.b.addresses = [\"10.0.0.1\"]",
        "nodes.a.roles = [\"computer\"]",
        "nodes.a.config = \"x\"",
        "nodes.a.management = \"a b\"",
        "site.release = 2024.1",
        "node.a = {}",
    ];
    let examples = keys().iter().filter(|key| key.kind != Kind::Table);
    let examples =
        examples.map(|key| format!("{} = {}", key.path.replace(['<', '>'], ""), key.example));
    let mut texts: Vec<String> = accepted
        .iter()
        .map(ToString::to_string)
        .chain(examples)
        .collect();
    let valid = texts.len();
    texts.extend(refused.iter().map(ToString::to_string));
    let documents: Vec<_> = texts.iter().map(|text| json(text)).collect();
    let Some(verdicts) = validated(&json_schema(), &documents) else {
        return;
    };
    assert_eq!(verdicts.len(), texts.len());
    for (at, (text, accepted)) in texts.iter().zip(verdicts).enumerate() {
        assert_eq!(accepted, at < valid, "{text}");
        assert_eq!(errors(text).is_empty(), at < valid, "{text}");
    }
}
