//! Private keys that a text holds whole: PEM blocks. Certificates and public keys are no secrets.

use std::ops::Range;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// The lines between the first and the last of each block, or what stands between them on one line.
pub fn blocks(text: &str, offset: usize, hidden: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(start) = found(text, at, BEGIN) {
        let label = start + BEGIN.len();
        let Some(close) = found(text, label, "-----") else {
            return;
        };
        at = close + "-----".len();
        let is_private = text
            .get(label..close)
            .is_some_and(|label| label.ends_with("PRIVATE KEY") && !label.contains('\n'));
        if is_private {
            let end = found(text, at, END).unwrap_or(text.len());
            lines(text, at..end, offset, hidden);
            at = end;
        }
    }
}

fn found(text: &str, from: usize, what: &str) -> Option<usize> {
    text.get(from..)?.find(what).map(|at| from + at)
}

/// What is hidden lies within lines, and leaves their ends and what they are indented by.
fn lines(text: &str, range: Range<usize>, offset: usize, hidden: &mut Vec<Range<usize>>) {
    let mut start = range.start;
    for line in text.get(range).unwrap_or_default().split(['\n', '\r']) {
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        let first = offset + start + indent;
        hidden.push(first..first + content.len());
        start += line.len() + 1;
    }
}
