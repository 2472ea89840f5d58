//! Comments in TOML.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::finding::allow::Allow;

use super::{File, MARK};

/// What the values of a document take up.
#[derive(Default)]
struct Values {
    /// Where the value of a key ends, by where the key starts.
    ends: BTreeMap<usize, usize>,
    /// The strings: what looks like a comment in them is none.
    strings: BTreeMap<usize, usize>,
}

/// Every allow of a file, right or wrong.
pub fn allows(file: File) -> Vec<Allow> {
    let (document, _) = DeTable::parse_recoverable(file.text);
    let mut values = Values::default();
    values.add(document.get_ref());
    let mut allows = Vec::new();
    let mut start = 0;
    let mut from_start = true;
    // Those that wait for the next line that says something.
    let mut waiting: Vec<(Range<usize>, usize)> = Vec::new();
    for line in file.text.split_inclusive('\n') {
        let range = start..start + line.len();
        let text = line.trim_start();
        let sign = range.end - text.len();
        start = range.end;
        if text.starts_with('#') && !values.is_in_string(sign) {
            let comment = sign..sign + text.trim_end().len();
            waiting.push((comment, if from_start { 0 } else { range.start }));
        } else if !text.is_empty() {
            let end = values.end(&range);
            let above = waiting.drain(..);
            allows.extend(above.filter_map(|(comment, start)| file.allow(comment, start..end)));
            from_start = false;
            allows.extend(values.behind(file, &range));
        }
    }
    let last = waiting.drain(..);
    allows.extend(last.filter_map(|(comment, start)| file.allow(comment, start..file.text.len())));
    allows
}

impl Values {
    fn add(&mut self, table: &DeTable) {
        for (key, value) in table {
            self.add_value(value);
            // The span of a table with a header of its own is that of the header.
            let start = key.span().start;
            let end = value.span().end.max(key.span().end);
            let known = self.ends.entry(start).or_default();
            *known = end.max(*known);
        }
    }

    fn add_value(&mut self, value: &toml::Spanned<DeValue>) {
        match value.get_ref() {
            DeValue::Table(table) => self.add(table),
            DeValue::Array(items) => items.iter().for_each(|item| self.add_value(item)),
            DeValue::String(_) => {
                let span = value.span();
                self.strings.insert(span.start, span.end);
            }
            _ => {}
        }
    }

    fn is_in_string(&self, at: usize) -> bool {
        let before = self.strings.range(..at).next_back();
        before.is_some_and(|(_, &end)| at < end)
    }

    /// Where a line ends, with the values of the keys that start on it.
    fn end(&self, line: &Range<usize>) -> usize {
        let ends = self.ends.range(line.clone()).map(|(_, &end)| end);
        ends.fold(line.end, usize::max)
    }

    /// What looks like a comment for us behind something else on a line.
    fn behind(&self, file: File, line: &Range<usize>) -> Option<Allow> {
        let text = file.text[line.clone()].trim_end();
        let before = text[..text.find(MARK)?].trim_end();
        let sign = before.trim_end_matches('#').len();
        let is_comment = sign < before.len() && !self.is_in_string(line.start + sign);
        let comment = line.start + sign..line.start + text.len();
        is_comment.then(|| file.no_comment(comment, "stands behind something else"))?
    }
}
