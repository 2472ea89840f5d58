//! What stands between words and commands: blanks, line ends and comments.

use crate::read::allow::MARK;

use super::parse::{Parsed, Parser};

impl Parser<'_> {
    /// Blanks, joined lines and a comment.
    pub fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.looking_at("\\\n") => self.at += 2,
                Some(b'\\') if self.looking_at("\\\r\n") => self.at += 3,
                Some(b'\r') if self.looking_at("\r\n") => self.at += 1,
                Some(b'#') => self.comment(),
                _ => return,
            }
        }
    }

    /// A comment: those that are for us are kept.
    fn comment(&mut self) {
        let start = self.at;
        self.at = self.line_end();
        let text = self.unit.text[start..self.at].trim_end();
        if text.contains(MARK) {
            self.comments.push(self.span(start..start + text.len()));
        }
    }

    /// Blanks and line ends, without the here-documents between them.
    pub fn skip_blank_lines(&mut self) {
        loop {
            self.skip_blanks();
            if self.peek() != Some(b'\n') {
                return;
            }
            self.at += 1;
        }
    }

    /// Blanks and line ends; a line end is followed by the here-documents that the line announced.
    pub fn skip_newlines(&mut self) -> Parsed<()> {
        loop {
            self.skip_blanks();
            if self.peek() != Some(b'\n') {
                return Ok(());
            }
            self.at += 1;
            self.here_documents()?;
        }
    }
}
