//! An allow that silences nothing, because what it is for is not there any more.

use crate::finding::allow::{Allow, Allows, Baseline, Use};
use crate::finding::words::{counted, first_of};
use crate::finding::{Finding, Findings, Level};
use crate::source::Spanned;

/// Where so many stand, the reader knows what to look for.
const SHOWN: usize = 5;

pub fn check(allows: &Allows, found: &mut Findings) {
    for allow in &allows.list {
        for (lint, used) in allow.lints.iter().zip(&allow.uses) {
            match used {
                Use::Unasked => {}
                Use::Silences => found.checked(&allow.subject),
                Use::Unknown => found.unknown(&allow.subject, "what its lint could not look at"),
                Use::Nothing => {
                    found.checked(&allow.subject);
                    found.push(unused(allow, lint, "has nothing to say there"));
                }
                Use::TooNarrow(node) => {
                    found.checked(&allow.subject);
                    let why = format!("speaks of {node} as well, which it does not name");
                    found.push(unused(allow, lint, &why));
                }
            }
        }
    }
    if let Some(baseline) = &allows.baseline {
        found.checked(&baseline.path);
        if !baseline.stale.is_empty() {
            found.push(stale(baseline));
        }
    }
}

fn unused(allow: &Allow, lint: &Spanned<String>, why: &str) -> Finding {
    let message = format!("{} silences nothing: {lint} {why}", allow.name);
    Finding::new(
        Level::Warning,
        &allow.subject,
        message,
        &lint.place,
        "not needed",
    )
}

/// The name of a file, whatever lies before it depends on from where a run is started.
fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn stale(baseline: &Baseline) -> Finding {
    let gone: Vec<&str> = baseline.stale.iter().map(|gone| gone.as_str()).collect();
    let message = format!(
        "{} of the {} in {} {} gone: {}",
        gone.len(),
        counted(baseline.entries, "finding"),
        baseline.path,
        if gone.len() == 1 { "is" } else { "are" },
        first_of(&gone, SHOWN)
    );
    let first = &baseline.stale[0];
    let finding = Finding::new(
        Level::Warning,
        name_of(&baseline.path),
        message,
        &first.place,
        "no longer found",
    );
    let others = baseline.stale[1..].iter().take(SHOWN - 1);
    others.fold(finding, |finding, gone| {
        finding.label(&gone.place, "no longer found")
    })
}
