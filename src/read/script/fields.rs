//! Puts the words together that one word of a script expands to.

use std::sync::Arc;

use crate::source::{FileId, Place, Span};

use super::Word;
use super::tree::Quoting;
use super::unit::{self, Missing, Origin, Piece};

/// The words so far, and the one that is being put together.
#[derive(Default)]
pub struct Fields {
    done: Vec<Field>,
    current: Option<Field>,
    splitting: Splitting,
    /// What it took to put them together: bytes and pieces.
    pub effort: u64,
}

/// Whether there may be several words.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Splitting {
    #[default]
    Words,
    /// One word, whatever is in it.
    Whole,
}

#[derive(Default)]
struct Field {
    text: String,
    pieces: Vec<Piece>,
    unknown: Option<(Span, String)>,
    pattern: Option<usize>,
    bracket: Option<usize>,
}

impl Fields {
    /// For a word that is not split.
    pub fn whole() -> Self {
        Self {
            splitting: Splitting::Whole,
            ..Self::default()
        }
    }

    /// Adds text to the current word.
    pub fn push(&mut self, text: &str, span: Span, origin: Origin, quoting: Quoting) {
        self.effort += text.len() as u64 + 64;
        let field = self.current.get_or_insert_default();
        let at = field.text.len();
        if quoting == Quoting::Bare {
            let found = |pattern: &[char]| text.find(pattern).map(|found| at + found);
            field.pattern = field.pattern.or_else(|| found(&['*', '?']));
            field.bracket = field.bracket.or_else(|| found(&['[']));
            if at == 0 && text.starts_with('~') {
                field.unknown = Some((span, "a home directory".to_owned()));
            }
        }
        if !text.is_empty() {
            unit::push(&mut field.pieces, at, span, origin);
            field.text.push_str(text);
        }
    }

    /// Adds what is not known to the current word.
    pub fn push_unknown(&mut self, missing: &Arc<Missing>, span: Span) {
        let origin = Origin::Unknown(missing.clone());
        self.push(&missing.text, span, origin, Quoting::Quoted);
        let field = self.current.get_or_insert_default();
        let why = || (span, missing.why.clone());
        field.unknown.get_or_insert_with(why);
    }

    /// Adds a value that is split at blanks.
    pub fn push_split(&mut self, text: &str, span: Span, origin: &Origin) {
        if self.splitting == Splitting::Whole {
            return self.push(text, span, origin.clone(), Quoting::Quoted);
        }
        let mut rest = text;
        let mut offset = 0;
        loop {
            let word = rest.trim_start_matches(BLANKS);
            if word.len() < rest.len() {
                self.end_word(span);
            }
            offset += rest.len() - word.len();
            let length = word.find(BLANKS).unwrap_or(word.len());
            if length == 0 {
                return;
            }
            let span = match origin {
                Origin::Verbatim => {
                    let start = span.start as usize + offset;
                    Span::new(start..start + length)
                }
                _ => span,
            };
            self.push(&word[..length], span, origin.clone(), Quoting::Bare);
            offset += length;
            rest = &word[length..];
        }
    }

    /// What follows belongs to another word.
    pub fn end_word(&mut self, span: Span) {
        match self.splitting {
            Splitting::Words => self.done.extend(self.current.take()),
            Splitting::Whole => self.push(" ", span, Origin::Decoded, Quoting::Quoted),
        }
    }

    /// All words; each stands where the word that they came from stands.
    pub fn finish(mut self, file: FileId, span: Span) -> Vec<Word> {
        self.done.extend(self.current.take());
        let splitting = self.splitting;
        let place = |span: Span| Place::text(file, span.range());
        let words = self.done.into_iter().map(|field| {
            let is_pattern = splitting == Splitting::Words && field.is_pattern();
            let unknown = field.unknown.or_else(|| {
                let why = || (span, "a pattern of file names".to_owned());
                is_pattern.then(why)
            });
            Word {
                text: field.text,
                place: place(span),
                unknown: unknown.map(|(span, why)| (place(span), why)),
                pieces: field.pieces,
            }
        });
        words.collect()
    }
}

const BLANKS: [char; 3] = [' ', '\t', '\n'];

impl Field {
    /// Whether a shell would look for files of this name. A pattern that no file matches stays what it is, and no
    /// file is called like `column=*`.
    fn is_pattern(&self) -> bool {
        let closes = |&at: &usize| self.text[at + 1..].find(']').is_some_and(|end| end > 0);
        let bracket = self.bracket.filter(closes);
        let first = match (self.pattern, bracket) {
            (Some(pattern), Some(bracket)) => pattern.min(bracket),
            (Some(at), None) | (None, Some(at)) => at,
            (None, None) => return false,
        };
        !self.text[..first].contains(['=', ':'])
    }
}
