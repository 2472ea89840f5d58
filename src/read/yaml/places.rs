//! Where each part of a scalar's text stands in the file: behind escapes, folds and the indentation of blocks.

use std::ops::Range;

use crate::source::Span;

use super::{Node, Scalar, Style, Value};

/// A part of a scalar's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which part of the text.
    pub range: Range<usize>,
    /// Where it was written.
    pub span: Span,
    /// Whether it stands there byte for byte: no escape, no fold.
    pub verbatim: bool,
}

/// The parts of a scalar's text, in their order; none of a list or a map. `text` is the file's.
pub fn pieces(text: &str, node: &Node) -> Vec<Piece> {
    let Value::Scalar(scalar) = &node.value else {
        return Vec::new();
    };
    let mut aligned = Aligned {
        text,
        value: &scalar.text,
        at: node.span.range().start,
        end: node.span.range().end,
        done: 0,
        pieces: Vec::new(),
    };
    let is_aligned = match scalar.style {
        Style::Plain => aligned.flow(),
        Style::SingleQuoted | Style::DoubleQuoted => {
            aligned.at += 1;
            aligned.end = aligned.end.saturating_sub(1);
            match scalar.style {
                Style::SingleQuoted => aligned.single(),
                _ => aligned.double(),
            }
        }
        Style::Literal | Style::Folded => aligned.block(scalar),
    };
    match is_aligned {
        Some(()) if aligned.done == scalar.text.len() => aligned.pieces,
        // Where it stands as a whole is right in any case.
        _ => vec![Piece {
            range: 0..scalar.text.len(),
            span: node.span,
            verbatim: false,
        }],
    }
}

/// A text and how much of it was found in the file.
struct Aligned<'a> {
    text: &'a str,
    value: &'a str,
    /// The next byte of the file.
    at: usize,
    /// Where the scalar ends in the file.
    end: usize,
    /// The next byte of the value.
    done: usize,
    pieces: Vec<Piece>,
}

impl<'a> Aligned<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn wanted(&self) -> &'a str {
        self.value.get(self.done..).unwrap_or_default()
    }

    /// The next bytes stand there as they are.
    fn same(&mut self, length: usize) -> Option<()> {
        let found = self.rest().get(..length)?;
        self.wanted().starts_with(found).then_some(())?;
        self.push(length, length, true);
        Some(())
    }

    /// The next `taken` bytes of the file stand for `length` bytes of the value.
    fn decoded(&mut self, taken: usize, length: usize) -> Option<()> {
        self.rest().get(..taken)?;
        self.wanted().get(..length)?;
        self.push(taken, length, false);
        Some(())
    }

    fn push(&mut self, taken: usize, length: usize, verbatim: bool) {
        let (at, done) = (self.at, self.done);
        self.at += taken;
        self.done += length;
        if length == 0 {
            return;
        }
        if verbatim
            && let Some(last) = self.pieces.last_mut()
            && last.verbatim
            && last.span.range().end == at
        {
            last.range.end = self.done;
            last.span = Span::new(last.span.range().start..self.at);
            return;
        }
        self.pieces.push(Piece {
            range: done..self.done,
            span: Span::new(at..self.at),
            verbatim,
        });
    }

    /// Up to the next of these characters, or blanks that a line end follows.
    fn plain(&mut self, stops: &[char]) -> Option<()> {
        let rest = self.rest();
        let stop = rest.find(stops).unwrap_or(rest.len());
        let length = match rest.find(['\n', '\r']) {
            Some(line) if line < stop => {
                let line = rest.get(..line).unwrap_or_default();
                line.trim_end_matches([' ', '\t']).len()
            }
            _ => stop,
        };
        self.same(length)
    }

    /// A line end with the blanks around it, and empty lines: a blank, or as many line ends as there are empty lines.
    fn fold(&mut self) -> Option<()> {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        let lines = rest.get(..blank)?.matches('\n').count();
        let length = if lines == 1 { 1 } else { lines.checked_sub(1)? };
        self.decoded(blank, length)
    }

    fn flow(&mut self) -> Option<()> {
        while !self.rest().is_empty() {
            self.plain(&[])?;
            if !self.rest().is_empty() {
                self.fold()?;
            }
        }
        Some(())
    }

    fn single(&mut self) -> Option<()> {
        while !self.rest().is_empty() {
            self.plain(&['\''])?;
            match self.rest().starts_with("''") {
                true => self.decoded(2, 1)?,
                false if self.rest().is_empty() => {}
                false => self.fold()?,
            }
        }
        Some(())
    }

    fn double(&mut self) -> Option<()> {
        while !self.rest().is_empty() {
            self.plain(&['\\'])?;
            if self.rest().starts_with('\\') {
                self.escape()?;
            } else if !self.rest().is_empty() {
                self.fold()?;
            }
        }
        Some(())
    }

    fn escape(&mut self) -> Option<()> {
        let behind = self.rest().get(1..)?;
        let digits = match behind.chars().next()? {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '\n' | '\r' => {
                // A line that is joined to the next; empty lines between them stay.
                let blank = behind.len() - behind.trim_start_matches([' ', '\t', '\n', '\r']).len();
                let lines = behind.get(..blank)?.matches('\n').count();
                return self.decoded(1 + blank, lines.checked_sub(1)?);
            }
            _ => 0,
        };
        let taken = 1 + behind.chars().next()?.len_utf8() + digits;
        let length = self.wanted().chars().next()?.len_utf8();
        self.decoded(taken, length)
    }

    /// The lines of a block, without their indentation.
    fn block(&mut self, scalar: &Scalar) -> Option<()> {
        self.at = self.body();
        let first = self.rest().lines().find(|line| !line.trim().is_empty());
        let wanted = self.value.lines().find(|line| !line.trim().is_empty());
        let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let indent = first
            .map_or(0, spaces)
            .checked_sub(wanted.map_or(0, spaces))?;
        while !self.wanted().is_empty() {
            let line = self.rest().split_inclusive('\n').next()?;
            let content = line.trim_end_matches(['\n', '\r']);
            let kept = content.get(indent.min(spaces(content))..)?;
            let start = self.at;
            self.at += content.len() - kept.len();
            self.same(kept.len())?;
            self.at = start + content.len();
            let end = line.len() - content.len();
            let wanted = self.wanted();
            if wanted.starts_with('\n') && scalar.style == Style::Literal {
                self.line_end(end)?;
            } else if wanted.starts_with('\n') {
                self.folded_lines()?;
            } else if wanted.starts_with(' ') {
                self.decoded(end, 1)?;
            } else if !wanted.is_empty() {
                return None;
            }
        }
        Some(())
    }

    /// The end of a line: of one byte or two, or that of the file.
    fn line_end(&mut self, length: usize) -> Option<()> {
        match length {
            1 => self.same(1),
            _ => self.decoded(length, 1),
        }
    }

    /// Line ends that folding leaves: those of the line and of the empty lines behind it.
    fn folded_lines(&mut self) -> Option<()> {
        let wanted = self.wanted();
        let length = wanted.len() - wanted.trim_start_matches('\n').len();
        let mut taken = 0;
        for line in self.rest().split_inclusive('\n') {
            if !line.trim().is_empty() {
                break;
            }
            taken += line.len();
        }
        self.decoded(taken, length)
    }

    /// Where the first line of a block starts: behind the line with the `|` or `>`.
    fn body(&self) -> usize {
        let line_start = |at: usize| {
            let before = self.text.get(..at).unwrap_or_default();
            before.rfind('\n').map_or(0, |end| end + 1)
        };
        let mut start = line_start(self.at);
        while start > 0 {
            let above = line_start(start - 1);
            let text = self.text.get(above..start).unwrap_or_default();
            if !text.trim().is_empty() {
                break;
            }
            start = above;
        }
        start
    }
}
