//! The grammar of words: quotes, escapes, substitutions.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::parse::{Dialect, Parsed, Parser, Syntax};
use super::tree::{List, Part, Quoting, Tree};
use super::unit::{Missing, Origin, Unit};

/// What ends a run of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// A blank or an operator.
    Break,
    /// `"`
    Quote,
    /// The `}` of `${…}`, outside and inside of quotes.
    Brace(Quoting),
    /// The end of a here-document.
    End,
}

impl Parser<'_> {
    /// A word; none where no word starts here.
    pub fn word(&mut self) -> Parsed<Option<Tree>> {
        let start = self.at;
        let mut parts = Vec::new();
        self.parts(&mut parts, Until::Break)?;
        Ok((self.at > start).then(|| Tree {
            span: self.span(start..self.at),
            parts,
        }))
    }

    /// The parts of a word, up to what ends it.
    pub fn parts(&mut self, parts: &mut Vec<Part>, until: Until) -> Parsed<()> {
        let quoting = until.quoting();
        while let Some(byte) = self.peek() {
            if self.at_end(byte, until) {
                break;
            }
            let start = self.at;
            match byte {
                b'\\' => self.escape(parts, until),
                b'\'' if quoting == Quoting::Bare => self.single_quoted(parts)?,
                b'"' if !matches!(until, Until::Quote | Until::End) => self.double_quoted(parts)?,
                b'$' if self.dialect == Dialect::Shell => self.dollar(parts, quoting)?,
                b'`' if self.dialect == Dialect::Shell => self.backquoted(parts, quoting)?,
                b'<' | b'>' if until == Until::Break && self.dialect == Dialect::Shell => {
                    self.at += 2;
                    self.substitution(parts, start, Quoting::Bare)?;
                }
                _ => {
                    self.at += self.plain(until).max(1);
                    self.text(parts, start..self.at, quoting);
                    self.extended_pattern(parts, until)?;
                }
            }
        }
        Ok(())
    }

    fn at_end(&self, byte: u8, until: Until) -> bool {
        match (until, self.dialect) {
            (Until::Break, Dialect::Words) => byte.is_ascii_whitespace(),
            (Until::Break, Dialect::Shell) => match byte {
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' => true,
                b'<' | b'>' => self.unit.text.as_bytes().get(self.at + 1) != Some(&b'('),
                b'\r' => self.looking_at("\r\n"),
                _ => false,
            },
            (Until::Quote, _) => byte == b'"',
            (Until::Brace(_), _) => byte == b'}',
            (Until::End, _) => false,
        }
    }

    /// How many bytes from here on mean nothing but themselves.
    fn plain(&self, until: Until) -> usize {
        let rest = self.rest();
        let special = |c: char| match c {
            '\\' | '$' | '`' | '\'' | '"' => true,
            '}' => matches!(until, Until::Brace(_)),
            _ => until == Until::Break && (c.is_ascii_whitespace() || super::parse::is_break(c)),
        };
        let first = rest.chars().next().map_or(0, char::len_utf8);
        first + rest[first..].find(special).unwrap_or(rest.len() - first)
    }

    /// Adds text as it stands.
    pub fn text(&self, parts: &mut Vec<Part>, range: Range<usize>, quoting: Quoting) {
        for (range, span, origin) in self.unit.pieces(range) {
            parts.push(match origin {
                Origin::Unknown(missing) => Part::Unknown(missing.clone(), span),
                origin => Part::Text {
                    text: self.unit.text[range].into(),
                    span,
                    verbatim: *origin == Origin::Verbatim,
                    quoting,
                },
            });
        }
    }

    /// Quotes around nothing still make a word.
    fn empty(&self, parts: &mut Vec<Part>) {
        parts.push(Part::Text {
            text: "".into(),
            span: self.span(self.at..self.at),
            verbatim: true,
            quoting: Quoting::Quoted,
        });
    }

    fn escape(&mut self, parts: &mut Vec<Part>, until: Until) {
        let start = self.at;
        let Some(next) = self.rest()[1..].chars().next() else {
            self.at += 1;
            return self.text(parts, start..self.at, Quoting::Quoted);
        };
        if next == '\n' && self.dialect == Dialect::Shell {
            self.at += 2;
            return;
        }
        self.at += 1 + next.len_utf8();
        let meant = match until {
            Until::Break | Until::Brace(Quoting::Bare) => true,
            Until::Quote => matches!(next, '$' | '`' | '"' | '\\'),
            Until::Brace(Quoting::Quoted) => matches!(next, '$' | '`' | '"' | '\\' | '}'),
            Until::End => matches!(next, '$' | '`' | '\\'),
        };
        let from = if meant { start + 1 } else { start };
        self.text(parts, from..self.at, Quoting::Quoted);
    }

    fn single_quoted(&mut self, parts: &mut Vec<Part>) -> Parsed<()> {
        let start = self.at;
        self.at += 1;
        let Some(length) = self.rest().find('\'') else {
            return self.error(start..start + 1, "a `'` is opened here and never closed");
        };
        if length == 0 {
            self.empty(parts);
        }
        self.text(parts, self.at..self.at + length, Quoting::Quoted);
        self.at += length + 1;
        Ok(())
    }

    fn double_quoted(&mut self, parts: &mut Vec<Part>) -> Parsed<()> {
        let start = self.at;
        self.at += 1;
        let before = parts.len();
        self.deeper(|parser| parser.parts(parts, Until::Quote))?;
        if parts.len() == before {
            self.empty(parts);
        }
        if self.peek().is_none() {
            return self.error(start..start + 1, "a `\"` is opened here and never closed");
        }
        self.at += 1;
        Ok(())
    }

    fn dollar(&mut self, parts: &mut Vec<Part>, quoting: Quoting) -> Parsed<()> {
        let start = self.at;
        self.at += 1;
        let rest = self.rest();
        if rest.starts_with("((") && self.arithmetic(parts, start) {
            return Ok(());
        }
        match rest.as_bytes().first() {
            Some(b'(') => {
                self.at += 1;
                self.substitution(parts, start, quoting)
            }
            Some(b'{') => {
                self.at += 1;
                self.deeper(|parser| parser.braced(parts, start, quoting))
            }
            Some(b'\'') if quoting == Quoting::Bare => self.ansi_quoted(parts),
            Some(b'"') if quoting == Quoting::Bare => self.double_quoted(parts),
            _ => {
                let length = name_length(rest);
                self.at += length;
                match length {
                    0 => self.text(parts, start..self.at, quoting),
                    _ => self.plain_parameter(parts, start, quoting),
                }
                Ok(())
            }
        }
    }

    /// `$((…))`; whether it was one.
    fn arithmetic(&mut self, parts: &mut Vec<Part>, start: usize) -> bool {
        let Some(length) = arithmetic_length(self.rest()) else {
            return false;
        };
        self.at += length;
        self.missing(parts, start, "a calculation");
        true
    }

    /// Commands up to `)`, whose output stands here.
    fn substitution(
        &mut self,
        parts: &mut Vec<Part>,
        start: usize,
        quoting: Quoting,
    ) -> Parsed<()> {
        let list = self.deeper(Self::list)?;
        if self.peek() != Some(b')') {
            return self.unclosed(start..start + 2, ")");
        }
        self.at += 1;
        self.substituted(parts, start, (list, quoting));
        Ok(())
    }

    /// Says what is missing: at the opening where the text is over, else where it should stand.
    pub fn unclosed<T>(&self, opening: Range<usize>, closing: &str) -> Parsed<T> {
        let opened = &self.unit.text[opening.clone()];
        let message = format!("`{opened}` is opened here, and `{closing}` is missing");
        self.error(opening, message)
    }

    fn substituted(&self, parts: &mut Vec<Part>, start: usize, (list, quoting): (List, Quoting)) {
        parts.push(Part::Substitution {
            text: self.unit.text[start..self.at].into(),
            span: self.span(start..self.at),
            list: Rc::new(list),
            quoting,
        });
    }

    /// `` `…` ``: its commands are read after one layer of backslashes is taken off.
    fn backquoted(&mut self, parts: &mut Vec<Part>, quoting: Quoting) -> Parsed<()> {
        let start = self.at;
        let mut inner = Unit::default();
        let mut from = start + 1;
        loop {
            let rest = &self.unit.text[from..];
            let Some(length) = rest.find(['`', '\\']) else {
                let message = "a backquote is opened here and never closed";
                return self.error(start..start + 1, message);
            };
            let at = from + length;
            inner.push_part(self.unit, from..at);
            if rest.as_bytes()[length] == b'`' {
                self.at = at + 1;
                break;
            }
            let next = self.unit.text[at + 1..].chars().next();
            let meant = matches!(next, Some('$' | '`' | '\\'))
                || (quoting == Quoting::Quoted && next == Some('"'));
            let end = at + 1 + next.map_or(0, char::len_utf8);
            inner.push_part(self.unit, at + usize::from(meant)..end);
            from = end;
        }
        let list = self.deeper(|parser| complete(&inner, parser.depth))?;
        self.substituted(parts, start, (list, quoting));
        Ok(())
    }

    /// `@(a|b)` and its like, of bash.
    fn extended_pattern(&mut self, parts: &mut Vec<Part>, until: Until) -> Parsed<()> {
        let before = self.unit.text.as_bytes()[..self.at].last();
        let is_pattern = until == Until::Break
            && self.dialect == Dialect::Shell
            && self.peek() == Some(b'(')
            && matches!(before, Some(b'@' | b'?' | b'*' | b'+' | b'!'));
        if !is_pattern {
            return Ok(());
        }
        let Some(length) = self.rest().find([')', '\n']) else {
            return self.unclosed(self.at..self.at + 1, ")");
        };
        let start = self.at;
        self.at += length + 1;
        self.missing(parts, start, "a pattern of file names");
        Ok(())
    }

    fn missing(&self, parts: &mut Vec<Part>, start: usize, why: &str) {
        let missing = Missing {
            text: self.unit.text[start..self.at].to_owned(),
            why: why.to_owned(),
        };
        parts.push(Part::Unknown(Arc::new(missing), self.span(start..self.at)));
    }
}

impl Until {
    fn quoting(self) -> Quoting {
        match self {
            Self::Break | Self::Brace(Quoting::Bare) => Quoting::Bare,
            Self::Quote | Self::End | Self::Brace(Quoting::Quoted) => Quoting::Quoted,
        }
    }
}

/// Commands that are all of a text.
fn complete(unit: &Unit, depth: u32) -> Parsed<List> {
    let mut parser = Parser::new(unit, 0, depth);
    let list = parser.list()?;
    match parser.rest().chars().next() {
        None => Ok(list),
        Some(c) => Err(Syntax {
            span: unit.span(parser.at..parser.at + c.len_utf8()),
            message: format!("`{c}` stands here, and nothing that it could end"),
        }),
    }
}

/// The length of a variable's name, or of one of `@*#?-$!` and the digits.
pub fn name_length(text: &str) -> usize {
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    match text.as_bytes().first() {
        Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') => 1,
        _ => text.bytes().take_while(in_name).count(),
    }
}

/// The length of `((…))`; `None` where the parentheses do not close so on this line.
pub fn arithmetic_length(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => open += 1,
            b')' if open == 2 => return text[at..].starts_with("))").then_some(at + 2),
            b')' => open -= 1,
            b'\n' => return None,
            _ => {}
        }
    }
    None
}
