//! What the test programs share: linting a directory as the program does, and comparing with recorded files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ovnlint::cli::against::Against;
use ovnlint::cli::allowed::{Allowing, Extent, Policy};
use ovnlint::cli::journal::Journal;
use ovnlint::cli::linted::{Coverage, Linted};
use ovnlint::cli::plan::planned::{self, Planned};
use ovnlint::cli::plan::script::Text;
use ovnlint::lints::{self, Tuning};
use ovnlint::read::leave::Leave;
use ovnlint::read::{self, Inputs, Limits, Texts};
use ovnlint::report::text::Colour;
use ovnlint::report::{Report, json, text};
use ovnlint::source::Sources;
use ovnlint::source::date::Date;

use crate::command_line::Scratch;

/// Lints a directory with the parameters as they come.
pub fn lint(directory: &str) -> Linted {
    lint_with(directory, &Tuning::default())
}

/// Lints a directory.
pub fn lint_with(directory: &str, tuning: &Tuning) -> Linted {
    let inputs = inputs(directory, lints::limits(tuning));
    Linted::of(inputs, &policy(tuning))
}

/// Compares a directory with the one before.
pub fn against(before: &str, directory: &str, tuning: &Tuning) -> Against {
    let before = format!("./{before}");
    compared(&before, Path::new(directory), directory, tuning)
}

/// Compares two directories of a test's own, by their names in it.
pub fn sides(scratch: &Scratch, before: &str, after: &str) -> Against {
    let before = scratch.path().join(before);
    let before = before.to_str().expect("the path is text");
    let directory = scratch.path().join(after);
    compared(before, &directory, after, &Tuning::default())
}

fn compared(before: &str, directory: &Path, shown: &str, tuning: &Tuning) -> Against {
    let against = Against::read(
        before,
        &[(directory, shown.to_owned())],
        (&Texts::new(), Sources::default()),
        &policy(tuning),
        &Journal::default(),
    );
    against.unwrap_or_else(|error| panic!("{error}"))
}

/// Plans the script of a directory, `change.sh`, for the site in it.
pub fn plan(directory: &str, tuning: &Tuning) -> Planned {
    let path = format!("{directory}/change.sh");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    plan_text(directory, Text { path, text }, tuning)
}

/// Plans a script for the site in a directory.
pub fn plan_text(directory: &str, script: Text, tuning: &Tuning) -> Planned {
    let inputs = inputs(directory, planned::limits(tuning));
    Planned::of(inputs, script, None, &policy(tuning)).unwrap_or_else(|error| panic!("{error}"))
}

/// These parameters, and a day on which pages and reports stay as they are.
pub fn policy(tuning: &Tuning) -> Policy {
    Policy {
        tuning: tuning.clone(),
        leave: Leave::default(),
        allowing: Allowing::These {
            entries: Vec::new(),
            extent: Extent::Whole,
            baseline: None,
            today: Date::of(2026, 11, 28).expect("it is on the calendar"),
        },
    }
}

fn inputs(directory: &str, limits: Limits) -> Inputs {
    let paths = [(Path::new(directory), directory.to_owned())];
    read::inputs(&paths, limits).unwrap_or_else(|error| panic!("{error}"))
}

/// The lints that found something, and how often.
pub fn fired(linted: &Linted) -> BTreeMap<&'static str, usize> {
    let found = linted.said.iter().filter(|said| !said.found.is_empty());
    let mut fired = BTreeMap::new();
    for said in found {
        *fired.entry(said.lint.name).or_default() += said.found.len();
    }
    fired
}

/// The text report, as a file shows it.
pub fn text(linted: &Linted) -> String {
    plain(&linted.report(Coverage::Hidden))
}

/// Any report as text, as a file shows it.
pub fn plain(report: &Report) -> String {
    text::render(report, Colour::Plain, 100)
}

/// The JSON report.
pub fn json(linted: &Linted) -> String {
    json::render(&linted.report(Coverage::Hidden))
}

/// Compares with a recorded file; `UPDATE=1` records it anew.
pub fn compare(path: &str, actual: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, actual).unwrap_or_else(|error| panic!("{path}: {error}"));
        return;
    }
    let recorded = fs::read_to_string(path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        recorded == actual,
        "{path} is not current; `UPDATE=1 cargo test` writes it anew:\n{actual}"
    );
}
