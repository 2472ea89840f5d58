//! The real validator of JSON Schemas, for tests.

use serde_json::Value;
use std::io::Write as _;

/// What the jsonschema of Python, or of `$OVNLINT_PYTHON`, says of each document; `None` where that is missing.
pub fn validated(schema: &Value, documents: &[Value]) -> Option<Vec<bool>> {
    let verdicts = run(schema, documents);
    if verdicts.is_none() {
        let live = std::env::var("OVNLINT_LIVE");
        assert!(
            live.as_deref() != Ok("1"),
            "python3 with jsonschema is needed"
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: jsonschema is not installed, the schema was not compared with it"
        );
    }
    verdicts
}

fn run(schema: &Value, documents: &[Value]) -> Option<Vec<bool>> {
    let program = "import sys, json, jsonschema\n\
        schema, documents = json.load(sys.stdin)\n\
        jsonschema.Draft202012Validator.check_schema(schema)\n\
        validator = jsonschema.Draft202012Validator(schema)\n\
        print(json.dumps([validator.is_valid(document) for document in documents]))";
    let python = std::env::var_os("OVNLINT_PYTHON").unwrap_or_else(|| "python3".into());
    let mut child = std::process::Command::new(python)
        .args(["-c", program])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .ok()?;
    let input = serde_json::json!([schema, documents]);
    let mut stdin = child.stdin.take().expect("it is piped");
    // Without the module Python is gone before it reads.
    let written = std::io::Write::write_all(&mut stdin, input.to_string().as_bytes());
    drop(stdin);
    let output = child.wait_with_output().ok()?;
    written.ok()?;
    serde_json::from_slice(&output.stdout).ok()
}
