//! The report as workflow commands of GitHub Actions, and as a summary of the step.

use std::collections::BTreeMap;

use crate::finding::Level;
use crate::report::said::{self, Said, Where};
use crate::report::{Report, concise, escape, markdown, text};

/// GitHub shows so many annotations of each level for a step.
const ANNOTATIONS: usize = 10;

/// GitHub takes a summary of 1 MiB; others of the same step come before.
const SUMMARY: usize = 512 << 10;

/// The log: an annotation for each finding, and behind the tenth of a level, and for what is resolved, a plain line.
pub fn render(report: &Report) -> String {
    let findings = said::all(report);
    let mut given: BTreeMap<Level, usize> = BTreeMap::new();
    let lines = findings.iter().map(|said| {
        let given = given.entry(said.reported.finding.level).or_default();
        if !said.holds() || *given == ANNOTATIONS {
            return concise::line(said);
        }
        *given += 1;
        annotation(said)
    });
    let verdict = said::verdict(report).map(|verdict| escape::log_line(&verdict));
    let lines = verdict.into_iter().chain(lines);
    lines
        .chain([text::summary(report)])
        .map(|line| line + "\n")
        .collect()
}

/// For the file that `$GITHUB_STEP_SUMMARY` names.
pub fn summary(report: &Report) -> String {
    markdown::within(report, SUMMARY)
}

fn annotation(said: &Said) -> String {
    let level = match said.reported.finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties: Vec<String> = said.places.first().map_or(Vec::new(), properties);
    properties.push(format!(
        "title={}",
        escape::github_property(said.reported.lint)
    ));
    let help = said.help();
    let help = if help.is_empty() {
        String::new()
    } else {
        format!("%0Ahelp: {}", escape::github_data(&help))
    };
    let message = escape::github_data(&said.message_with_record());
    format!("::{level} {}::{message}{help}", properties.join(","))
}

/// A place in a database lies on the first line of its file.
fn properties(place: &Where) -> Vec<String> {
    let file = format!("file={}", escape::github_property(&place.path));
    let Some((start, end)) = place.span else {
        return Vec::from([file, "line=1".to_owned()]);
    };
    let mut properties = Vec::from([
        file,
        format!("line={}", start.line),
        format!("endLine={}", end.line),
        format!("col={}", start.column),
    ]);
    // GitHub takes an end column only within one line.
    if start.line == end.line {
        properties.push(format!("endColumn={}", end.column));
    }
    properties
}
