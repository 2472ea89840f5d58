//! Comments in files where a line is a comment or none: Neutron's, systemd units, `/etc/default`.

use std::ops::Range;

use crate::finding::allow::Allow;
use crate::read::oslo::python;

use super::{File, MARK};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// oslo.config: an indented line continues the value above it, and no comment stands behind a value.
    Oslo,
    /// systemd units and files of `/etc/default`: a backslash continues a line.
    Unit,
}

/// Every allow of a file, right or wrong.
pub fn allows(file: File, dialect: Dialect) -> Vec<Allow> {
    let lines = dialect.lines(file.text);
    let covered = covered(file.text, &lines, dialect);
    let marked = lines.iter().zip(covered);
    let marked = marked.filter(|(line, _)| file.text[(*line).clone()].contains(MARK));
    let allows = marked.filter_map(|(line, covered)| {
        let text = &file.text[line.clone()];
        if let Some(sign) = dialect.comment(text) {
            return file.allow(line.start + sign..line.end, covered);
        }
        let sign = sign_before_mark(text)?;
        file.no_comment(line.start + sign..line.end, dialect.no_comment(text))
    });
    allows.collect()
}

impl Dialect {
    /// The lines of a text, without their ends.
    fn lines(self, text: &str) -> Vec<Range<usize>> {
        match self {
            Self::Oslo => python::lines(text)
                .map(|(start, line)| start..start + line.len())
                .collect(),
            Self::Unit => text
                .split('\n')
                .scan(0, |start, line| {
                    let own = *start..*start + line.len();
                    *start = own.end + 1;
                    Some(own)
                })
                .collect(),
        }
    }

    /// Where the sign of a line stands that is a comment and nothing else.
    fn comment(self, line: &str) -> Option<usize> {
        let text = match self {
            Self::Oslo => line,
            Self::Unit => line.trim_start(),
        };
        text.starts_with(['#', ';'])
            .then_some(line.len() - text.len())
    }

    fn says_nothing(self, line: &str) -> bool {
        line.trim().is_empty() || self.comment(line).is_some()
    }

    /// Whether a line belongs to the one before it.
    fn continues(self, before: &str, line: &str) -> bool {
        match self {
            Self::Oslo => line.starts_with([' ', '\t']) && !line.trim().is_empty(),
            // Two are one that is meant, and one that ends a comment behind a value is part of that.
            Self::Unit => {
                let signs = before.len() - before.trim_end_matches('\\').len();
                signs % 2 == 1 && !before.contains('#')
            }
        }
    }

    /// Why what is written on a line is no comment.
    fn no_comment(self, line: &str) -> &'static str {
        match self {
            Self::Oslo if line.starts_with('\u{feff}') => {
                "stands behind a byte order mark, which oslo.config takes as part of a name"
            }
            Self::Oslo if line.trim_start().starts_with(['#', ';']) => {
                "is indented, and oslo.config takes it as part of the value above"
            }
            Self::Oslo => "stands behind a value, and oslo.config takes it as part of that",
            Self::Unit => "stands behind a value",
        }
    }
}

/// The sign of what looks like a comment for us behind something else.
fn sign_before_mark(line: &str) -> Option<usize> {
    let before = line[..line.find(MARK)?].trim_end();
    let sign = before.trim_end_matches(['#', ';']).len();
    (sign < before.len()).then_some(sign)
}

/// What a comment on each line covers: the next line that is none, with what continues it. What stands before everything
/// else also covers what is said of the file as a whole, which is said at its start.
fn covered(text: &str, lines: &[Range<usize>], dialect: Dialect) -> Vec<Range<usize>> {
    let line = |at: usize| &text[lines[at].clone()];
    let first = (0..lines.len()).find(|&at| !dialect.says_nothing(line(at)));
    let mut ends = vec![text.len(); lines.len()];
    // Where the next line that says something ends with what continues it; none behind the last.
    let mut next: Option<usize> = None;
    for at in (0..lines.len()).rev() {
        ends[at] = next.map_or(text.len(), |next| ends[next]);
        if !dialect.says_nothing(line(at)) {
            let goes_on = next == Some(at + 1) && dialect.continues(line(at), line(at + 1));
            if !goes_on {
                ends[at] = text.len().min(lines[at].end + 1);
            }
            next = Some(at);
        }
    }
    let covered = lines.iter().enumerate().map(|(at, line)| {
        let is_first = first.is_none_or(|first| at < first);
        let start = if is_first { 0 } else { line.start };
        start..ends[at]
    });
    covered.collect()
}
