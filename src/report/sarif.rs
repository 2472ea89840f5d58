//! The report as SARIF 2.1.0, for code scanning.

mod flow;
mod rules;

use serde::Serialize;

use crate::report::said::{self, Said, Where};
use crate::report::sarif::flow::CodeFlow;
use crate::report::sarif::rules::{Rule, Rules};
use crate::report::{Compared, Report, Status, escape};
use crate::source::Position;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'static str,
    results: Vec<Outcome<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Answer>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule<'a>>,
}

/// What a plan answers.
#[derive(Serialize)]
struct Answer {
    verdict: String,
}

/// What SARIF calls a result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    properties: Properties,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "ovnlint/v1")]
    own: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    subject: String,
    nodes: Vec<String>,
    possible_nodes: Vec<String>,
}

#[derive(Serialize)]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(rename = "physicalLocation")]
    physical: PhysicalLocation,
    #[serde(rename = "logicalLocations", skip_serializing_if = "Vec::is_empty")]
    logical: Vec<LogicalLocation>,
    message: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

/// The whole report, with a line end behind it.
pub fn render(report: &Report) -> String {
    let has_before = report.compared == Compared::Yes;
    let findings = said::all(report);
    let mut rules = Rules::default();
    let results = findings
        .iter()
        .map(|said| {
            let mut outcome = outcome(said, &mut rules);
            outcome.baseline_state = has_before.then(|| baseline_state(said.reported.status));
            outcome
        })
        .collect();
    let verdict = said::verdict(report);
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: rules.list,
                },
            },
            column_kind: "unicodeCodePoints",
            results,
            properties: verdict.map(|verdict| Answer {
                verdict: words(&verdict),
            }),
        }],
    };
    let written =
        serde_json::to_string_pretty(&log).expect("strings and numbers always become JSON");
    escape::json(&written) + "\n"
}

fn baseline_state(status: Status) -> &'static str {
    match status {
        Status::Introduced => "new",
        Status::Present => "unchanged",
        Status::Resolved => "absent",
    }
}

fn outcome<'a>(said: &Said<'a>, rules: &mut Rules<'a>) -> Outcome<'a> {
    let mut locations = said.places.iter().map(location);
    let code_flow = (said.places.len() > 1).then(|| flow::through(&said.places));
    let names = |nodes: &[String]| nodes.iter().map(|node| words(node)).collect();
    Outcome {
        rule_id: said.reported.lint,
        rule_index: rules.index(said.reported),
        level: said.reported.finding.level.name(),
        message: message(&said.message),
        locations: locations.next().into_iter().collect(),
        related_locations: locations
            .zip(1..)
            .map(|(location, id)| Location {
                id: Some(id),
                ..location
            })
            .collect(),
        code_flows: code_flow.into_iter().collect(),
        partial_fingerprints: Fingerprints {
            own: said.fingerprint.clone(),
        },
        baseline_state: None,
        properties: Properties {
            subject: words(&said.subject),
            nodes: names(&said.nodes),
            possible_nodes: names(&said.possible_nodes),
        },
    }
}

fn location(place: &Where) -> Location {
    Location {
        id: None,
        physical: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: uri(&place.path),
            },
            region: region(place),
        },
        logical: logical_locations(&place.cell),
        message: message(&place.label),
    }
}

/// Without lines to count, the first of the file stands for it.
fn region(place: &Where) -> Region {
    let snippet = (!place.text.is_empty()).then(|| Message {
        text: place.text.chars().map(visible).collect(),
    });
    let first = Position { line: 1, column: 1 };
    let (start, end) = place.span.unwrap_or((first, first));
    let seen = |number: u32| place.span.map(|_| number);
    Region {
        start_line: start.line,
        start_column: seen(start.column),
        end_line: seen(end.line),
        end_column: seen(end.column),
        snippet,
    }
}

fn visible(character: char) -> char {
    match character {
        '\n' => '\n',
        _ => escape::stand_in(character),
    }
}

fn logical_locations(cell: &[String]) -> Vec<LogicalLocation> {
    let Some(last) = cell.last() else {
        return Vec::new();
    };
    Vec::from([LogicalLocation {
        name: words(last),
        fully_qualified_name: words(&cell.join("/")),
        kind: if cell.len() > 2 { "property" } else { "object" },
    }])
}

fn message(text: &str) -> Message {
    // `[text](target)` would become a link.
    Message {
        text: words(text).replace("](", "] ("),
    }
}

/// What people read: nothing in it hides or reorders anything.
fn words(text: &str) -> String {
    escape::terminal(text).into_owned()
}

/// A path as a reference to a file: relative where the path is.
fn uri(path: &str) -> String {
    let absolute = if path.starts_with('/') { "file://" } else { "" };
    let mut uri = absolute.to_owned();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_is_a_reference_to_a_file() {
        assert_eq!(uri("hosts/os-1/conf.db"), "hosts/os-1/conf.db");
        assert_eq!(uri("../a b.ini"), "../a%20b.ini");
        assert_eq!(uri("/etc/neutron.conf"), "file:///etc/neutron.conf");
        // Else `javascript` would be its scheme, and `é` no character of a reference.
        assert_eq!(uri("javascript:x#\u{e9}%"), "javascript%3Ax%23%C3%A9%25");
        assert_eq!(uri("<command>"), "%3Ccommand%3E");
    }
}
