//! The report as JUnit XML, for CI systems that show tests.

use std::fmt::Write;

use crate::finding::Level;
use crate::report::said::{self, Said};
use crate::report::{Report, escape};

const INFALLIBLE: &str = "a string takes all that is written";

/// A test case for each finding. Errors and warnings fail; notes, and what is resolved, pass and are told.
pub fn render(report: &Report) -> String {
    let findings = said::all(report);
    let failures = findings.iter().filter(|said| fails(said)).count();
    // A suite without a test counts as broken in some viewers.
    let tests = findings.len().max(1);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    writeln!(
        out,
        "<testsuites name=\"ovnlint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">"
    )
    .expect(INFALLIBLE);
    writeln!(
        out,
        "  <testsuite name=\"ovnlint\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">"
    )
    .expect(INFALLIBLE);
    if findings.is_empty() {
        out.push_str("    <testcase name=\"no findings\" classname=\"ovnlint\"/>\n");
    }
    for said in &findings {
        write_case(&mut out, said);
    }
    if let Some(verdict) = said::verdict(report) {
        let verdict = escape::xml(&verdict);
        writeln!(out, "    <system-out>{verdict}</system-out>").expect(INFALLIBLE);
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn fails(said: &Said) -> bool {
    said.holds() && said.reported.finding.level > Level::Note
}

fn write_case(out: &mut String, said: &Said) {
    let lint = said.reported.lint;
    let name = escape::xml(&format!("{lint}: {}", said.subject));
    let file = said.places.first().map_or("ovnlint", |place| &place.path);
    let (file, details) = (escape::xml(file), details(said));
    writeln!(out, "    <testcase name=\"{name}\" classname=\"{file}\">").expect(INFALLIBLE);
    if fails(said) {
        let message = escape::xml(&said.message);
        let level = said.reported.finding.level.name();
        writeln!(
            out,
            "      <failure message=\"{message}\" type=\"{level}\">{details}</failure>"
        )
        .expect(INFALLIBLE);
    } else {
        writeln!(out, "      <system-out>{details}</system-out>").expect(INFALLIBLE);
    }
    out.push_str("    </testcase>\n");
}

/// What is wrong, every place with its text, and what to do: a line each.
fn details(said: &Said) -> String {
    let mut lines = Vec::from([format!("{}: {}", said.title(), said.message)]);
    for place in &said.places {
        let text = if place.text.is_empty() {
            String::new()
        } else {
            format!(": {}", place.text)
        };
        lines.push(format!("{}: {}{text}", place.location(), place.label));
    }
    if !said.reported.help.is_empty() {
        lines.push(format!("help: {}", said.help()));
    }
    let lines = lines
        .iter()
        .map(|line| escape::xml(&escape::log_line(line)));
    lines.collect::<Vec<_>>().join("\n")
}
