//! Where the characters of a text start: the parser counts characters, places count bytes.

/// So many characters lie between two known offsets.
const STEP: usize = 128;

/// The offsets of some characters of a text.
pub struct Offsets<'a> {
    text: &'a str,
    /// The offset of each character whose number is divisible by [`STEP`]; empty where every character is one byte.
    known: Vec<usize>,
}

impl<'a> Offsets<'a> {
    pub fn of(text: &'a str) -> Self {
        let known = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices()
                .step_by(STEP)
                .map(|(at, _)| at)
                .collect()
        };
        Self { text, known }
    }

    /// The byte at which the character of a number starts; the text's length behind the last.
    pub fn byte(&self, number: usize) -> usize {
        if self.known.is_empty() {
            return number.min(self.text.len());
        }
        let Some(&start) = self.known.get(number / STEP) else {
            return self.text.len();
        };
        let rest = self.text.get(start..).unwrap_or_default();
        let mut behind = rest.char_indices().skip(number % STEP);
        behind.next().map_or(self.text.len(), |(at, _)| start + at)
    }
}
