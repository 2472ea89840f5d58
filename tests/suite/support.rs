//! What the test programs share: linting a directory as the program does, and comparing with recorded files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ovnlint::cli::against::Against;
use ovnlint::cli::journal::Journal;
use ovnlint::cli::linted::{Coverage, Linted};
use ovnlint::cli::plan::planned::{self, Planned};
use ovnlint::cli::plan::script::Text;
use ovnlint::lints::{self, Overrides};
use ovnlint::read::{self, Inputs, Limits};
use ovnlint::report::text::Colour;
use ovnlint::report::{Report, json, text};

/// Lints a directory with the parameters as they come.
pub fn lint(directory: &str) -> Linted {
    lint_with(directory, &Overrides::new())
}

/// Lints a directory.
pub fn lint_with(directory: &str, overrides: &Overrides) -> Linted {
    Linted::of(inputs(directory, lints::limits(overrides)), overrides)
}

/// Compares a directory with the one before.
pub fn against(before: &str, directory: &str, overrides: &Overrides) -> Against {
    let paths = [(Path::new(directory), directory.to_owned())];
    let against = Against::read(
        &format!("./{before}"),
        &paths,
        overrides,
        &Journal::default(),
    );
    against.unwrap_or_else(|error| panic!("{error}"))
}

/// Plans the script of a directory, `change.sh`, for the site in it.
pub fn plan(directory: &str, overrides: &Overrides) -> Planned {
    let path = format!("{directory}/change.sh");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    plan_text(directory, Text { path, text }, overrides)
}

/// Plans a script for the site in a directory.
pub fn plan_text(directory: &str, script: Text, overrides: &Overrides) -> Planned {
    let inputs = inputs(directory, planned::limits(overrides));
    Planned::of(inputs, script, None, overrides).unwrap_or_else(|error| panic!("{error}"))
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
