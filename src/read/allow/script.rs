//! Comments in scripts.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::finding::allow::Allow;
use crate::read::script::{Below, Script};

use super::{File, MARK};

/// Every allow of a script, right or wrong; `name` is what its file is called.
pub fn of_script(script: &Script, name: &str, text: &str) -> Vec<Allow> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let file = File {
        id: script.file,
        name,
        text,
    };
    let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
    for command in &script.commands {
        let range = command.place.span.range();
        let end = ends.entry(range.start).or_default();
        *end = range.end.max(*end);
    }
    let allows = script.comments.iter().filter_map(|comment| {
        let range = comment.span.range();
        // What is put together from several places has no comment of its own in the file.
        let before = text.get(..range.start)?;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        if !before[start..].trim().is_empty() {
            return file.no_comment(range, "stands behind something else");
        }
        let below = below(text, range.end, comment.below);
        // A command goes on where it is continued.
        let commands = ends.range(below.clone()).map(|(_, &end)| end);
        let end = commands.fold(below.end, usize::max);
        file.allow(range, start..end)
    });
    allows.collect()
}

/// The next line that is no comment; of a list's item, with what is indented deeper.
fn below(text: &str, from: usize, below: Below) -> Range<usize> {
    let from = text.ceil_char_boundary(from);
    let mut start = from
        + text[from..]
            .find('\n')
            .map_or(text.len() - from, |at| at + 1);
    let mut found: Option<(Range<usize>, usize)> = None;
    for line in text[start..].split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        let content = line.trim_start();
        let indent = line.len() - content.len();
        let is_comment = content.starts_with('#');
        match &mut found {
            None if content.is_empty() || is_comment => {}
            None if below == Below::Command => return range,
            None => found = Some((range, indent)),
            Some(_) if content.is_empty() => {}
            Some((covered, least)) if indent > *least => covered.end = range.end,
            Some(_) => break,
        }
    }
    found.map_or(from..text.len(), |(range, _)| range)
}
