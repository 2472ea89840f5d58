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
    let mut lines = ScriptLines::of(text);
    let allows = script.comments.iter().filter_map(|comment| {
        let range = comment.span.range();
        // What is put together from several places has no comment of its own in the file.
        let before = text.get(..range.start)?;
        let line = before.rsplit('\n').next().unwrap_or_default();
        if !line.trim().is_empty() {
            return file.no_comment(range, "stands behind something else");
        }
        let below = lines.covered(range.end, comment.below);
        // A command goes on where it is continued.
        let commands = ends.range(below.clone()).map(|(_, &end)| end);
        let end = commands.fold(below.end, usize::max);
        file.allow(range.clone(), range.start - line.len()..end)
    });
    allows.collect()
}

/// The lines of a text, and what stands below the comments among them, which are asked for in their order.
struct ScriptLines<'t> {
    text: &'t str,
    /// The last line with content that was found, for comments that stand one above the other; empty at the end.
    last: Option<Range<usize>>,
    /// How many lines were looked at.
    looked: usize,
}

impl<'t> ScriptLines<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            text,
            last: None,
            looked: 0,
        }
    }

    /// The next line that is no comment; of a list's item, with what is indented deeper.
    fn covered(&mut self, from: usize, below: Below) -> Range<usize> {
        let from = self.text.ceil_char_boundary(from);
        let rest = self.text.get(from..).unwrap_or_default();
        let start = from + rest.find('\n').map_or(rest.len(), |at| at + 1);
        let Some(first) = self.content(start) else {
            return from..self.text.len();
        };
        if below == Below::Command {
            return first;
        }
        let least = indent(self.text.get(first.clone()).unwrap_or_default());
        let mut covered = first;
        let behind = self.text.get(covered.end..).unwrap_or_default();
        let mut start = covered.end;
        for line in behind.split_inclusive('\n') {
            self.looked += 1;
            start += line.len();
            match line.trim_start() {
                "" => {}
                _ if indent(line) > least => covered.end = start,
                _ => break,
            }
        }
        covered
    }

    /// The first line from an offset on that has content and is no comment.
    fn content(&mut self, from: usize) -> Option<Range<usize>> {
        if let Some(last) = self.last.as_ref().filter(|last| last.start >= from) {
            return Some(last.clone()).filter(|last| !last.is_empty());
        }
        let mut start = from;
        for line in self.text.get(from..)?.split_inclusive('\n') {
            self.looked += 1;
            let range = start..start + line.len();
            start = range.end;
            let content = line.trim_start();
            if !content.is_empty() && !content.starts_with('#') {
                self.last = Some(range.clone());
                return Some(range);
            }
        }
        self.last = Some(self.text.len()..self.text.len());
        None
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many lines are looked at below so many comments.
    fn looked(text: &str, below: Below) -> usize {
        let mut lines = ScriptLines::of(text);
        for (at, _) in text.match_indices('#') {
            lines.covered(at, below);
        }
        lines.looked
    }

    #[test]
    fn twice_the_comments_are_twice_the_work() {
        let mark = "# ovnlint: allow(a): b\n";
        for (text, last) in [
            (format!("{mark}true\n"), ""),
            (mark.to_owned(), "true\n"),
            (mark.to_owned(), ""),
            (format!("{mark}- a\n  b\n"), ""),
        ] {
            for below in [Below::Command, Below::Item] {
                let [once, twice] =
                    [500, 1_000].map(|count| looked(&(text.repeat(count) + last), below));
                assert!(once >= 499, "{text}: {once}");
                assert!(twice <= 2 * once + 2, "{text}: {once}, {twice}");
            }
        }
    }
}
