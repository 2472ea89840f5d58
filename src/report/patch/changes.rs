//! Which lines differ between two texts.

use std::ops::Range;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

/// Looking for the smallest difference ends then; one that is larger is right as well.
const PATIENCE: Duration = Duration::from_secs(2);

/// Lines of one text in place of those of another, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What goes.
    pub before: Range<usize>,
    /// What comes.
    pub after: Range<usize>,
}

/// The changes, in order; at least one line that stays lies between two of them.
pub fn of(before: &[&str], after: &[&str]) -> Vec<Change> {
    if before.len() == after.len() {
        return in_place(before, after);
    }
    let deadline = Instant::now().checked_add(PATIENCE);
    let steps = capture_diff_slices_deadline(Algorithm::Myers, before, after, deadline);
    let mut changes: Vec<Change> = Vec::new();
    for step in steps {
        if matches!(step, DiffOp::Equal { .. }) {
            continue;
        }
        let change = Change {
            before: step.old_range(),
            after: step.new_range(),
        };
        match changes.last_mut() {
            Some(last) if last.before.end == change.before.start => {
                last.before.end = change.before.end;
                last.after.end = change.after.end;
            }
            _ => changes.push(change),
        }
    }
    changes
}

/// An edit that adds and removes no line leaves every other where it was.
fn in_place(before: &[&str], after: &[&str]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let pairs = before.iter().zip(after).enumerate();
    for (at, _) in pairs.filter(|(_, (before, after))| before != after) {
        match changes.last_mut() {
            Some(last) if last.before.end == at => {
                last.before.end = at + 1;
                last.after.end = at + 1;
            }
            _ => changes.push(Change {
                before: at..at + 1,
                after: at..at + 1,
            }),
        }
    }
    changes
}
