//! One line for each finding, for editors and `grep`.

use crate::report::said::{self, Said, Where};
use crate::report::{Report, escape};

/// The verdict of a plan, then one line for each finding; nothing where there is none.
pub fn render(report: &Report) -> String {
    let verdict = said::verdict(report).map(|verdict| escape::log_line(&verdict));
    let findings = said::all(report);
    let lines = verdict.into_iter().chain(findings.iter().map(line));
    lines.map(|line| line + "\n").collect()
}

/// `path:line:column: level[lint] message`, fit for a log.
pub fn line(said: &Said) -> String {
    let location = said.places.first().map(Where::location).unwrap_or_default();
    let line = format!("{location}: {} {}", said.title(), said.message);
    escape::log_line(&line)
}
