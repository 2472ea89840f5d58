//! The lines that a snippet shows: cut to the width, without secrets, with nothing in them that a terminal obeys.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::report::escape;
use crate::report::page::Page;

/// Lines above and below a label that are shown with it.
pub const CONTEXT: usize = 1;

/// A label over more lines than this is shown at its first line alone.
const TALLEST_LABEL: usize = 6;

/// Columns left and right of a label that are kept where a line is cut.
const MARGIN: usize = 8;

/// In a cut line the option's name is kept up to here.
const NAME_COLUMNS: usize = 40;

/// Lines of one file, as miette reads them.
#[derive(Debug)]
pub struct Excerpt {
    text: String,
    lines: Vec<Line>,
    /// What each snippet is headed with, by where its primary label starts.
    headings: BTreeMap<usize, String>,
}

#[derive(Debug)]
struct Line {
    /// From 0.
    number: usize,
    /// In the excerpt, with the line's end.
    range: Range<usize>,
    /// Offsets in the page and where they came to lie in the excerpt, for each character shown and for the end.
    moved: Vec<(usize, usize)>,
}

impl Excerpt {
    /// The lines of a page around these spans, at most `columns` wide, and the spans in the excerpt.
    pub fn new(
        page: &Page,
        spans: &[Range<usize>],
        columns: usize,
        heading: impl Fn(usize) -> String,
    ) -> (Self, Vec<Range<usize>>) {
        let spans: Vec<Range<usize>> = spans.iter().map(|span| trimmed(page, span)).collect();
        let mut labelled: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
        for span in &spans {
            for number in lines_of(page, span) {
                let line = page.line(number);
                let part = span.start.max(line.start)..span.end.min(line.end).max(line.start);
                labelled.entry(number).or_default().push(part);
            }
        }
        let around = |&number: &usize| {
            number.saturating_sub(CONTEXT)..(number + CONTEXT + 1).min(page.line_count())
        };
        let numbers: BTreeSet<usize> = labelled
            .keys()
            .flat_map(around)
            .chain(labelled.keys().copied())
            .collect();
        let mut excerpt = Self {
            text: String::new(),
            lines: Vec::new(),
            headings: BTreeMap::new(),
        };
        for number in numbers {
            let labels = labelled.get(&number).map_or(&[][..], Vec::as_slice);
            let windows = windows(&page.masked.text, page.line(number), labels, columns);
            excerpt.push_line(page, number, &windows);
        }
        let moved = spans.iter().map(|span| excerpt.moved(page, span)).collect();
        excerpt.headings = spans
            .iter()
            .zip(&moved)
            .map(|(span, moved): (_, &Range<usize>)| (moved.start, heading(span.start)))
            .collect();
        (excerpt, moved)
    }

    /// The column, from 0, at which an offset of the excerpt is shown.
    pub fn column(&self, offset: usize) -> usize {
        let before = &self.text[..self.text.floor_char_boundary(offset)];
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.chars().count()
    }

    fn push_line(&mut self, page: &Page, number: usize, windows: &[Range<usize>]) {
        let line = page.line(number);
        let start = self.text.len();
        let mut moved = Vec::new();
        let mut shown = line.start;
        for window in windows {
            if shown < window.start {
                moved.push((shown, self.text.len()));
                self.text.push('…');
            }
            for (offset, character) in page.masked.characters(window.clone()) {
                moved.push((offset, self.text.len()));
                self.text.push(escape::stand_in(character));
            }
            shown = window.end;
        }
        if shown < line.end {
            moved.push((shown, self.text.len()));
            self.text.push('…');
        }
        moved.push((line.end, self.text.len()));
        self.text.push('\n');
        self.lines.push(Line {
            number,
            range: start..self.text.len(),
            moved,
        });
    }

    fn moved(&self, page: &Page, span: &Range<usize>) -> Range<usize> {
        let line = |offset: usize| {
            let number = page.line_at(offset);
            let at = self.lines.partition_point(|line| line.number < number);
            &self.lines[at.min(self.lines.len() - 1)].moved
        };
        let first = line(span.start);
        let at = first
            .partition_point(|&(offset, _)| offset <= span.start)
            .saturating_sub(1);
        let start = first[at].1;
        let last = line(span.end);
        let at = last
            .partition_point(|&(offset, _)| offset < span.end)
            .min(last.len() - 1);
        start..last[at].1.max(start)
    }

    fn line_at(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|line| line.range.start <= offset)
            .saturating_sub(1)
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        if self.lines.is_empty() {
            return Err(MietteError::OutOfBounds);
        }
        let follows = |line: usize| self.lines[line].number == self.lines[line - 1].number + 1;
        let mut first = self.line_at(span.offset());
        let mut last = self.line_at(span.offset() + span.len().saturating_sub(1));
        for _ in 0..before {
            first -= usize::from(first > 0 && follows(first));
        }
        for _ in 0..after {
            last += usize::from(last + 1 < self.lines.len() && follows(last + 1));
        }
        let range = self.lines[first].range.start..self.lines[last].range.end;
        Ok(Box::new(MietteSpanContents::new_named(
            self.headings
                .get(&span.offset())
                .cloned()
                .unwrap_or_default(),
            &self.text.as_bytes()[range.clone()],
            (range.start, range.len()).into(),
            self.lines[first].number,
            0,
            last - first + 1,
        )))
    }
}

/// Without line ends at its end; over too many lines, the part in the first.
fn trimmed(page: &Page, span: &Range<usize>) -> Range<usize> {
    let covered = page.masked.text[span.clone()]
        .trim_end_matches(['\n', '\r'])
        .len();
    let lines = lines_of(page, &(span.start..span.start + covered));
    let last = if lines.len() > TALLEST_LABEL {
        lines.start
    } else {
        lines.end - 1
    };
    let start = span.start.min(page.line(lines.start).end);
    let end = (span.start + covered).min(page.line(last).end);
    start..end.max(start)
}

fn lines_of(page: &Page, span: &Range<usize>) -> Range<usize> {
    page.line_at(span.start)..page.line_at(span.end) + 1
}

/// The parts of a line to show, so that they fit into `columns` and hold its labels.
fn windows(
    text: &str,
    line: Range<usize>,
    labels: &[Range<usize>],
    columns: usize,
) -> Vec<Range<usize>> {
    if forward(text, line.start, &line, columns) == line.end {
        return Vec::from([line]);
    }
    if labels.is_empty() {
        return iter::once(line.start..forward(text, line.start, &line, columns - 1)).collect();
    }
    let mut windows = Vec::new();
    let name_end = forward(text, line.start, &line, NAME_COLUMNS.min(columns / 3));
    let name = text[line.start..name_end].find('=').map_or(0, |at| at + 1);
    windows.push(line.start..line.start + name);
    let rest = columns.saturating_sub(name + 2);
    let share = (rest / labels.len()).max(4 * MARGIN);
    for label in labels {
        let fits = forward(text, label.start, &line, share - 2 * MARGIN) >= label.end;
        if fits {
            let room = share - 2 - width(&text[label.clone()]);
            let start = backward(text, label.start, &line, room / 2);
            let left = width(&text[start..label.start]);
            windows.push(start..forward(text, label.end, &line, room - left));
        } else {
            let half = share / 2 - MARGIN;
            let start = backward(text, label.start, &line, MARGIN);
            windows.push(start..forward(text, label.start, &line, half));
            windows.push(
                backward(text, label.end, &line, half)..forward(text, label.end, &line, MARGIN),
            );
        }
    }
    windows.sort_unstable_by_key(|window| window.start);
    windows.dedup_by(|next, last| {
        let touches = next.start <= last.end;
        if touches {
            last.end = last.end.max(next.end);
        }
        touches
    });
    windows.retain(|window| !window.is_empty());
    windows
}

/// Up to `columns` columns to the right.
fn forward(text: &str, from: usize, line: &Range<usize>, columns: usize) -> usize {
    let mut left = columns;
    for (at, character) in text[from..line.end].char_indices() {
        let Some(rest) = left.checked_sub(columns_of(character)) else {
            return from + at;
        };
        left = rest;
    }
    line.end
}

/// Up to `columns` columns to the left.
fn backward(text: &str, from: usize, line: &Range<usize>, columns: usize) -> usize {
    let mut left = columns;
    for (at, character) in text[line.start..from].char_indices().rev() {
        let Some(rest) = left.checked_sub(columns_of(character)) else {
            return line.start + at + character.len_utf8();
        };
        left = rest;
    }
    line.start
}

fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// At most so many; scripts with wide characters begin with Hangul.
fn columns_of(character: char) -> usize {
    match character {
        '\t' => 4,
        '\u{1100}'.. => 2,
        _ => 1,
    }
}
