//! The hunks of a patch: each change with the lines around it that may be shown.

use std::ops::Range;

use crate::report::escape;
use crate::report::patch::changes::{self, Change};
use crate::report::secrets::Masked;

/// So many lines are shown before and behind a change.
const CONTEXT: usize = 3;

/// A part of a file that changes.
#[derive(Debug, PartialEq, Eq)]
pub struct Hunk<'a> {
    /// The lines before, as a patch counts them: `12,7`.
    pub before: String,
    /// The lines after.
    pub after: String,
    /// What stays, goes and comes.
    pub lines: Vec<Line<'a>>,
}

/// A line of a hunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Blank, `-` or `+`.
    pub mark: char,
    /// With its end.
    pub text: &'a str,
}

/// Why a change cannot be shown, and the number of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unshown {
    /// No output shows a secret.
    Secret(usize),
    /// CI systems obey what programs print.
    Command(usize),
}

/// The hunks between two texts.
pub fn of<'a>(before: &'a str, after: &'a str) -> Result<Vec<Hunk<'a>>, Unshown> {
    let (before, after) = (Side::of(before), Side::of(after));
    let mut hunks = Vec::new();
    let changes = changes::of(&before.lines, &after.lines);
    let mut groups = grouped(&before, &changes).into_iter().peekable();
    let mut end = 0;
    while let Some(group) = groups.next() {
        let (first, last) = (&group[0], &group[group.len() - 1]);
        let next = groups
            .peek()
            .map_or(before.lines.len(), |next| next[0].before.start);
        for change in group {
            before.all_shown(change.before.clone())?;
            after.all_shown(change.after.clone())?;
        }
        let (lead, trail) = around(&before, end..first.before.start, last.before.end..next)?;
        end = last.before.end + trail;
        hunks.push(hunk(&before, &after, group, lead, trail));
    }
    Ok(hunks)
}

/// A text, line by line.
struct Side<'a> {
    lines: Vec<&'a str>,
    starts: Vec<usize>,
    masked: Masked<&'a str>,
}

impl<'a> Side<'a> {
    fn of(text: &'a str) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut start = 0;
        let starts = lines.iter().map(|line| {
            start += line.len();
            start - line.len()
        });
        Self {
            starts: starts.collect(),
            lines,
            masked: Masked::new(text),
        }
    }

    /// Why a line cannot be shown.
    fn unshown(&self, at: usize) -> Option<Unshown> {
        let (start, line) = (self.starts[at], self.lines[at]);
        if self.masked.hides_any(start..start + line.len()) {
            return Some(Unshown::Secret(at + 1));
        }
        let visible = escape::terminal(line.trim_end_matches(['\r', '\n']));
        (escape::log_line(&visible) != visible).then_some(Unshown::Command(at + 1))
    }

    fn all_shown(&self, mut lines: Range<usize>) -> Result<(), Unshown> {
        lines.find_map(|at| self.unshown(at)).map_or(Ok(()), Err)
    }
}

/// Changes that are so near to each other that they share what is shown between them.
fn grouped<'c>(before: &Side, changes: &'c [Change]) -> Vec<&'c [Change]> {
    let near = |one: &Change, next: &Change| {
        let between = one.before.end..next.before.start;
        between.len() <= 2 * CONTEXT && before.all_shown(between).is_ok()
    };
    changes.chunk_by(near).collect()
}

/// How many lines are shown before a change and behind it, out of those that stay there.
///
/// `git apply` and `patch` take a side with fewer lines for the end of the file, so that where a line cannot be shown
/// on one side, the other has no more lines than that; with none there is no place to apply it to.
fn around(
    before: &Side,
    lead: Range<usize>,
    trail: Range<usize>,
) -> Result<(usize, usize), Unshown> {
    let hidden_before = lead
        .clone()
        .rev()
        .take(CONTEXT)
        .position(|at| before.unshown(at).is_some());
    let hidden_behind = trail
        .clone()
        .take(CONTEXT)
        .position(|at| before.unshown(at).is_some());
    let most = hidden_before
        .unwrap_or(CONTEXT)
        .min(hidden_behind.unwrap_or(CONTEXT));
    let counts = (lead.len().min(most), trail.len().min(most));
    let next = |side: Option<usize>| side.is_some_and(|count| count == 0);
    if next(hidden_before) {
        before.all_shown(lead.end - 1..lead.end)?;
    }
    if next(hidden_behind) {
        before.all_shown(trail.start..trail.start + 1)?;
    }
    Ok(counts)
}

fn hunk<'a>(
    before: &Side<'a>,
    after: &Side<'a>,
    group: &[Change],
    lead: usize,
    trail: usize,
) -> Hunk<'a> {
    let (first, last) = (&group[0], &group[group.len() - 1]);
    let old = first.before.start - lead..last.before.end + trail;
    let new = first.after.start - lead..last.after.end + trail;
    let mut lines = Vec::new();
    let mut add = |mark, texts: &[&'a str]| {
        lines.extend(texts.iter().map(|&text| Line { mark, text }));
    };
    let mut at = old.start;
    for change in group {
        add(' ', &before.lines[at..change.before.start]);
        add('-', &before.lines[change.before.clone()]);
        add('+', &after.lines[change.after.clone()]);
        at = change.before.end;
    }
    add(' ', &before.lines[at..old.end]);
    Hunk {
        before: counted(&old),
        after: counted(&new),
        lines,
    }
}

/// Where there is no line, that before it is named.
fn counted(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        count => format!("{},{count}", lines.start + 1),
    }
}
