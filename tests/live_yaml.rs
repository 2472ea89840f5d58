//! The reader of YAML against the real PyYAML: what people write, and thousands of generated documents.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says what it skipped, and fails where it cannot go on"
)]

#[path = "live_yaml/inputs.rs"]
mod inputs;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use inputs::{Dice, TEXTS};
use ovnlint::read::yaml::{self, Node, Resolved, Value, Yaml};
use serde_json::{Value as Json, json};

/// Every generated document follows from it; failures print it.
const SEED: u64 = 0x9A41_2026_1130;

const GENERATED: usize = 4_000;

#[test]
fn agrees_with_pyyaml() {
    let mut dice = Dice(SEED);
    let generated = (0..GENERATED).map(|_| inputs::document(&mut dice));
    let texts: Vec<String> = TEXTS
        .iter()
        .map(|text| (*text).to_owned())
        .chain(generated)
        .collect();
    let Some(answers) = ask(&texts) else {
        return;
    };
    assert_eq!(answers.len(), texts.len());
    for text in &texts {
        let read = yaml::read(text);
        read.documents
            .iter()
            .for_each(|node| assert_places(text, node));
    }
    let accepted = answers.iter().filter(|answer| !answer.is_null()).count();
    assert!(accepted * 10 > texts.len() * 9, "{accepted} are YAML");
    let mut differ = Vec::new();
    for (text, expected) in texts.iter().zip(&answers) {
        let read = yaml::read(text);
        let ours = plain(&read);
        if ours != sorted(expected) {
            differ.push(format!(
                "{text:?}\n  PyYAML: {}\n  ours:   {ours} {:?}",
                sorted(expected),
                read.trouble
            ));
        }
    }
    assert!(
        differ.is_empty(),
        "seed {SEED:#x}: {} differ\n{}",
        differ.len(),
        differ.join("\n")
    );
}

/// Runs tests/pyyaml.py with `python3`, or `$OVNLINT_PYTHON`. `None`, with a line that says so, where PyYAML is not installed.
fn ask(texts: &[String]) -> Option<Vec<Json>> {
    let path = std::env::temp_dir().join(format!("ovnlint-yaml-{}.json", std::process::id()));
    std::fs::write(&path, json!(texts).to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyyaml.py");
    let python = std::env::var_os("OVNLINT_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(python).arg(script).arg(&path).output();
    std::fs::remove_file(&path).unwrap();
    let Some(output) = output
        .ok()
        .filter(|output| output.status.code() != Some(77))
    else {
        assert!(
            std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
            "python3 with PyYAML is needed"
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: PyYAML is not installed, nothing was compared with it"
        );
        return None;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn plain(read: &Yaml) -> Json {
    if read.trouble.is_some() {
        return Json::Null;
    }
    read.documents.iter().map(|node| value(node)).collect()
}

fn value(node: &Node) -> Json {
    match (&node.value, node.resolved()) {
        (Value::List(_) | Value::Map(_), _)
            if node.tag.as_ref().is_some_and(|tag| tag.starts_with('!')) =>
        {
            json!(["other"])
        }
        (Value::List(items), _) => {
            json!([
                "list",
                items.iter().map(|item| value(item)).collect::<Vec<_>>()
            ])
        }
        (Value::Map(entries), _) => {
            let pair = |entry: &yaml::Entry| json!([value(&entry.key), value(&entry.value)]);
            sorted(&json!([
                "map",
                entries.iter().map(pair).collect::<Vec<_>>()
            ]))
        }
        (Value::Scalar(_), Some(Resolved::Null)) => json!(["null"]),
        (Value::Scalar(_), Some(Resolved::Bool(truth))) => json!(["bool", truth]),
        (Value::Scalar(_), Some(Resolved::Int(number))) => json!(["int", number.to_string()]),
        (Value::Scalar(_), Some(Resolved::Float(number))) => {
            json!(["float", number.to_bits().to_string()])
        }
        (Value::Scalar(scalar), Some(Resolved::Text)) => json!(["text", scalar.text]),
        (Value::Scalar(_), _) => json!(["other"]),
    }
}

/// The pairs of each map in an order of their own: theirs means nothing. A float is known by its bits.
fn sorted(value: &Json) -> Json {
    let Some(parts) = value.as_array() else {
        return value.clone();
    };
    if parts.first().and_then(Json::as_str) == Some("float") {
        let digits = parts[1].as_str().unwrap();
        let number: Result<f64, _> = digits.parse();
        // Ours are bits already.
        let is_ours = !digits.contains(['.', 'e', 'n']);
        return match number {
            Ok(number) if !is_ours => json!(["float", number.to_bits().to_string()]),
            _ => value.clone(),
        };
    }
    let mut sorted: Vec<Json> = parts.iter().map(self::sorted).collect();
    if parts.first().and_then(Json::as_str) == Some("map") {
        let mut pairs = sorted[1].as_array().unwrap().clone();
        pairs.sort_by_key(ToString::to_string);
        sorted[1] = Json::Array(pairs);
    }
    Json::Array(sorted)
}

/// Every part of a scalar's text stands where its place says; only line ends, folds and escapes are written otherwise.
fn assert_places(text: &str, node: &Node) {
    assert!(
        text.get(node.span.range()).is_some(),
        "{node:?} in {text:?}"
    );
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| assert_places(text, item)),
        Value::Map(entries) => entries.iter().for_each(|entry| {
            assert_places(text, &entry.key);
            assert_places(text, &entry.value);
        }),
        Value::Scalar(scalar) => {
            let mut done = 0;
            for piece in yaml::pieces(text, node) {
                assert_eq!(piece.range.start, done, "{scalar:?} in {text:?}");
                done = piece.range.end;
                let part = &scalar.text[piece.range.clone()];
                let written = &text[piece.span.range()];
                if piece.verbatim {
                    assert_eq!(written, part, "{scalar:?} in {text:?}");
                } else {
                    let is_escape = written.starts_with('\\') || written == "''";
                    assert!(
                        is_escape || part.trim().is_empty(),
                        "{scalar:?}: {piece:?} in {text:?}"
                    );
                }
            }
            assert_eq!(done, scalar.text.len(), "{scalar:?} in {text:?}");
        }
    }
}
