//! The lines of a text.

use std::ops::Range;

/// Lines with their ends.
pub fn plain(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end;
        range
    })
}

/// Lines, each with those that a backslash at its end joins to it.
pub fn joined(text: &str) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut goes_on = false;
    for range in plain(text) {
        let line = text.get(range.clone()).unwrap_or_default();
        match lines.last_mut() {
            Some(last) if goes_on => last.end = range.end,
            _ => lines.push(range),
        }
        goes_on = line.trim_end_matches(['\r', '\n']).ends_with('\\');
    }
    lines
}
