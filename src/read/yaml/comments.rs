//! Comments in YAML, which the parser passes over.

use crate::read::allow::MARK;
use crate::source::Span;

/// The comments that are for us and lie in none of these spans, which are those of scalars.
pub fn of(text: &str, scalars: &mut [Span]) -> Vec<Span> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    scalars.sort_unstable();
    let is_in_scalar = |at: usize| {
        let behind = scalars.partition_point(|span| span.range().start <= at);
        let last = behind.checked_sub(1).and_then(|last| scalars.get(last));
        last.is_some_and(|span| at < span.range().end)
    };
    let mut comments = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let starts = line.match_indices('#').map(|(at, _)| at);
        let is_comment = |at: &usize| {
            let before = line.get(..*at).unwrap_or_default();
            let is_apart = before.is_empty() || before.ends_with([' ', '\t']);
            is_apart && !is_in_scalar(start + at)
        };
        let sign = starts.filter(|_| line.contains(MARK)).find(is_comment);
        let comment = sign.and_then(|at| Some((at, line.get(at..)?.trim_end())));
        if let Some((at, comment)) = comment
            && comment.contains(MARK)
        {
            comments.push(Span::new(start + at..start + at + comment.len()));
        }
        start += line.len();
    }
    comments
}
