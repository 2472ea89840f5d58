//! What the test programs share: linting a directory as the program does, and comparing with recorded files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ovnlint::cli::linted::{Coverage, Linted};
use ovnlint::lints::{self, Overrides};
use ovnlint::read;
use ovnlint::report::text::Colour;
use ovnlint::report::{json, text};

/// Lints a directory with the parameters as they come.
pub fn lint(directory: &str) -> Linted {
    lint_with(directory, &Overrides::new())
}

/// Lints a directory.
pub fn lint_with(directory: &str, overrides: &Overrides) -> Linted {
    let paths = [(Path::new(directory), directory.to_owned())];
    let inputs =
        read::inputs(&paths, lints::limits(overrides)).unwrap_or_else(|error| panic!("{error}"));
    Linted::of(inputs, overrides)
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
    text::render(&linted.report(Coverage::Hidden), Colour::Plain, 100)
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
