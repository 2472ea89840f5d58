//! The report as GitLab's code quality JSON, for merge requests.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::Level;
use crate::report::said::{self, Said};
use crate::report::{Report, escape};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// A list with every finding that holds, with a line end behind it: GitLab itself compares with the branch before.
pub fn render(report: &Report) -> String {
    let findings = said::all(report);
    let mut seen = BTreeMap::new();
    let issues: Vec<Issue> = findings
        .iter()
        .filter(|said| said.holds())
        .map(|said| {
            let count = seen.entry(said.fingerprint.clone()).or_insert(0_usize);
            *count += 1;
            issue(said, *count)
        })
        .collect();
    let written =
        serde_json::to_string_pretty(&issues).expect("strings and numbers always become JSON");
    escape::json(&written) + "\n"
}

fn issue<'a>(said: &'a Said, count: usize) -> Issue<'a> {
    let place = said.places.first();
    let span = place.and_then(|place| place.span);
    Issue {
        description: escape::terminal(&said.message_with_record()).into_owned(),
        check_name: said.reported.lint,
        // Of two with one fingerprint, GitLab shows the first alone.
        fingerprint: match count {
            1 => said.fingerprint.clone(),
            _ => format!("{}-{count}", said.fingerprint),
        },
        severity: match said.reported.finding.level {
            Level::Error => "critical",
            Level::Warning => "major",
            Level::Note => "info",
        },
        location: Location {
            path: place.map_or("", |place| &place.path),
            lines: Lines {
                begin: span.map_or(1, |(start, _)| start.line),
                end: span.map_or(1, |(_, end)| end.line),
            },
        },
    }
}
