//! Sites that look odd and are healthy, each beside one that looks the same and is not.

#[cfg(unix)]
mod etc_copy;
mod provider;
mod restore_wait;
mod whose;
mod words;

use ovnlint::finding::Level;

use crate::command_line::Scratch;
use crate::support::lint;

/// What the lints say of a site of these files, but for notes: lint, level, subject.
fn said(name: &str, files: &[(&str, &str)]) -> Vec<(&'static str, Level, String)> {
    let scratch = Scratch::new(name);
    for (path, text) in files {
        scratch.write(path, text);
    }
    let linted = lint(scratch.path().to_str().expect("the path is text"));
    let found = linted.said.iter().flat_map(|said| {
        let found = said.found.iter();
        found.map(|finding| (said.lint.name, finding.level, finding.subject.clone()))
    });
    found
        .filter(|(_, level, _)| *level != Level::Note)
        .collect()
}
