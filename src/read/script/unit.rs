//! A text that is parsed as shell, and where each of its bytes stands in the file.

use std::ops::Range;
use std::sync::Arc;

use crate::source::{FileId, Place, Span};

use super::Word;

/// Stands in a text for what is not known, where the text is parsed again.
const UNKNOWN: &str = "\u{fffc}";

/// A text put together from pieces of a file: a quoted command, a here-document, a scalar of YAML.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// The text, without quotes and escapes of what surrounds it.
    pub text: String,
    pieces: Vec<Piece>,
}

/// A run of bytes of a text and where it was written. It ends where the next piece starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    start: u32,
    span: Span,
    origin: Origin,
}

/// How a piece of text came from the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It stands there, byte for byte.
    Verbatim,
    /// It was put there: an escape, the value of a variable.
    Decoded,
    /// What stands there cannot be followed.
    Unknown(Arc<Missing>),
}

/// What cannot be followed.
#[derive(Debug, PartialEq, Eq)]
pub struct Missing {
    /// As it is written.
    pub text: String,
    /// Why it cannot be followed.
    pub why: String,
}

impl Unit {
    /// A file's text, from an offset on.
    pub fn whole(text: &str, start: usize) -> Self {
        let mut unit = Self::default();
        unit.push(
            &text[start..],
            Span::new(start..text.len()),
            Origin::Verbatim,
        );
        unit
    }

    /// Adds text.
    pub fn push(&mut self, text: &str, span: Span, origin: Origin) {
        if text.is_empty() {
            return;
        }
        push(&mut self.pieces, self.text.len(), span, origin);
        self.text.push_str(text);
    }

    /// Adds what is not known.
    pub fn push_unknown(&mut self, span: Span, missing: Arc<Missing>) {
        self.push(UNKNOWN, span, Origin::Unknown(missing));
    }

    /// Adds a part of another text.
    pub fn push_part(&mut self, other: &Unit, range: Range<usize>) {
        for (range, span, origin) in other.pieces(range) {
            self.push(&other.text[range], span, origin.clone());
        }
    }

    /// A text that is made of these pieces.
    pub fn of(text: &str, pieces: &[Piece]) -> Self {
        let mut unit = Self::default();
        for (index, piece) in pieces.iter().enumerate() {
            let end = pieces
                .get(index + 1)
                .map_or(text.len(), |next| next.start as usize);
            match &piece.origin {
                Origin::Unknown(missing) => unit.push_unknown(piece.span, missing.clone()),
                origin => unit.push(&text[piece.start as usize..end], piece.span, origin.clone()),
            }
        }
        unit
    }

    /// The text as one word.
    pub fn word(&self, file: FileId) -> Word {
        let place = |span: Span| Place::text(file, span.range());
        let mut word = Word {
            text: String::new(),
            place: place(self.span(0..self.text.len())),
            unknown: None,
            pieces: Vec::new(),
        };
        for (range, span, origin) in self.pieces(0..self.text.len()) {
            let text = match origin {
                Origin::Unknown(missing) => {
                    let unknown = || (place(span), missing.why.clone());
                    word.unknown.get_or_insert_with(unknown);
                    &missing.text
                }
                _ => &self.text[range],
            };
            push(&mut word.pieces, word.text.len(), span, origin.clone());
            word.text.push_str(text);
        }
        word
    }

    /// Where a range of the text was written.
    pub fn span(&self, range: Range<usize>) -> Span {
        span(&self.pieces, range, Span::default())
    }

    /// The pieces of a range, each with its part of the range.
    pub fn pieces(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = (Range<usize>, Span, &Origin)> {
        let first = containing(&self.pieces, range.start);
        let pieces = self.pieces.get(first..).unwrap_or_default();
        pieces.iter().enumerate().map_while(move |(index, piece)| {
            let next = self.pieces.get(first + index + 1);
            let end = next.map_or(self.text.len(), |piece| piece.start as usize);
            let part = range.start.max(piece.start as usize)..range.end.min(end);
            (part.start < part.end).then(|| (part.clone(), piece.span_of(part), &piece.origin))
        })
    }
}

impl Piece {
    fn span_of(&self, range: Range<usize>) -> Span {
        let at = |offset: usize| {
            let behind = offset.saturating_sub(self.start as usize);
            (self.span.start as usize + behind).min(self.span.end as usize)
        };
        match self.origin {
            Origin::Verbatim => Span::new(at(range.start)..at(range.end)),
            Origin::Decoded | Origin::Unknown(_) => self.span,
        }
    }
}

/// Adds a piece at the end of a text; joins it to the last where they stand side by side in the file.
pub fn push(pieces: &mut Vec<Piece>, at: usize, span: Span, origin: Origin) {
    if let Some(last) = pieces.last_mut()
        && last.origin == Origin::Verbatim
        && origin == Origin::Verbatim
        && last.span.end == span.start
    {
        last.span.end = span.end;
        return;
    }
    pieces.push(Piece {
        start: Span::new(at..at).start,
        span,
        origin,
    });
}

/// Where a range of a text that is made of these pieces was written; `empty` where there are none.
pub fn span(pieces: &[Piece], range: Range<usize>, empty: Span) -> Span {
    let last = range.end.saturating_sub(1).max(range.start);
    let (Some(first), Some(last)) = (
        pieces.get(containing(pieces, range.start)),
        pieces.get(containing(pieces, last)),
    ) else {
        return empty;
    };
    let start = first.span_of(range.start..range.start).start;
    let end = last.span_of(range.end..range.end).end;
    Span {
        start,
        end: end.max(start),
    }
}

fn containing(pieces: &[Piece], at: usize) -> usize {
    let behind = pieces.partition_point(|piece| piece.start as usize <= at);
    behind.saturating_sub(1)
}
