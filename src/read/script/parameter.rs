//! The grammar of `${…}` and of `$'…'`.

use std::rc::Rc;

use super::here::identifier_length;
use super::parse::{Parsed, Parser};
use super::tree::{Empty, Index, Operation, Parameter, Part, Quoting, Tree, Trim};
use super::word::{Until, name_length};

impl Parser<'_> {
    /// `$NAME`, which was read up to here.
    pub fn plain_parameter(&self, parts: &mut Vec<Part>, start: usize, quoting: Quoting) {
        let text = &self.unit.text[start..self.at];
        parts.push(Part::Parameter(Rc::new(Parameter {
            text: text.into(),
            span: self.span(start..self.at),
            name: text[1..].into(),
            index: Index::None,
            quoting,
            operation: Operation::Plain,
        })));
    }

    /// `${…}` behind its brace.
    pub fn braced(&mut self, parts: &mut Vec<Part>, start: usize, quoting: Quoting) -> Parsed<()> {
        let is_length =
            |rest: &str| rest.len() > 1 && !rest[1..].starts_with(['}', ':', '-', '#', '%']);
        let rest = self.rest();
        let indirect = (rest.starts_with('!') || rest.starts_with('#')) && is_length(rest);
        self.at += usize::from(indirect);
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let length = match identifier_length(rest) {
            0 => digits.max(name_length(rest).min(1)),
            length => length,
        };
        let name: Rc<str> = rest[..length].into();
        self.at += length;
        let index = self.index();
        let operation = self.operation(quoting)?;
        if self.peek() != Some(b'}') {
            return self.unclosed(start..start + 2, "}");
        }
        self.at += 1;
        let followed = !indirect && length > 0;
        parts.push(Part::Parameter(Rc::new(Parameter {
            text: self.unit.text[start..self.at].into(),
            span: self.span(start..self.at),
            name,
            index,
            quoting,
            operation: if followed {
                operation
            } else {
                Operation::Other
            },
        })));
        Ok(())
    }

    fn index(&mut self) -> Index {
        let Some(rest) = self.rest().strip_prefix('[') else {
            return Index::None;
        };
        let Some(end) = rest
            .find([']', '}', '\n'])
            .filter(|&at| rest[at..].starts_with(']'))
        else {
            return Index::None;
        };
        self.at += end + 2;
        match &rest[..end] {
            "@" | "*" => Index::All,
            index => index.parse().map_or(Index::Other, Index::At),
        }
    }

    fn operation(&mut self, quoting: Quoting) -> Parsed<Operation> {
        const OPERATORS: [&str; 12] = [
            ":-", ":=", ":+", ":?", "%%", "##", "-", "=", "+", "?", "%", "#",
        ];
        let rest = self.rest();
        if rest.starts_with('}') {
            return Ok(Operation::Plain);
        }
        let operator = OPERATORS.into_iter().find(|&o| rest.starts_with(o));
        self.at += operator.map_or(0, str::len);
        let from = self.at;
        let mut parts = Vec::new();
        // What is cut off is a pattern, and in a pattern quotes keep their meaning.
        let quoting = match operator {
            Some("%" | "%%" | "#" | "##") | None => Quoting::Bare,
            Some(_) => quoting,
        };
        self.parts(&mut parts, Until::Brace(quoting))?;
        let span = self.span(from..self.at);
        let word = Tree { span, parts };
        let empty = match operator {
            Some(operator) if operator.starts_with(':') => Empty::IsUnset,
            _ => Empty::IsSet,
        };
        Ok(match operator {
            Some("-" | ":-") => Operation::Default(empty, word),
            Some("=" | ":=") => Operation::Assign(empty, word),
            Some("+" | ":+") => Operation::Alternative(empty, word),
            Some("?" | ":?") => Operation::Require,
            Some("%") => Operation::Trim(Trim::ShortestSuffix, word),
            Some("%%") => Operation::Trim(Trim::LongestSuffix, word),
            Some("#") => Operation::Trim(Trim::ShortestPrefix, word),
            Some("##") => Operation::Trim(Trim::LongestPrefix, word),
            _ => Operation::Other,
        })
    }

    /// `$'…'`, at its first quote.
    pub fn ansi_quoted(&mut self, parts: &mut Vec<Part>) -> Parsed<()> {
        let start = self.at;
        self.at += 1;
        // Even an empty one makes a word.
        let mut text_start = self.at;
        self.decoded(parts, self.at, "");
        loop {
            let Some(length) = self.rest().find(['\'', '\\']) else {
                return self.error(start..start + 1, "a `$'` is opened here and never closed");
            };
            self.at += length;
            self.text(parts, text_start..self.at, Quoting::Quoted);
            if self.peek() == Some(b'\'') {
                self.at += 1;
                return Ok(());
            }
            let at = self.at;
            let (decoded, length) = escape(&self.rest()[1..]);
            self.at += 1 + length;
            self.decoded(parts, at, &decoded);
            text_start = self.at;
        }
    }

    fn decoded(&self, parts: &mut Vec<Part>, start: usize, text: &str) {
        parts.push(Part::Text {
            text: text.into(),
            span: self.span(start..self.at),
            verbatim: false,
            quoting: Quoting::Quoted,
        });
    }
}

/// What stands for the text behind a backslash in `$'…'`, and how long that text is.
fn escape(text: &str) -> (String, usize) {
    let Some(first) = text.chars().next() else {
        return ("\\".to_owned(), 0);
    };
    let simple = match first {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\x07',
        'b' => '\x08',
        'e' | 'E' => '\x1b',
        'f' => '\x0c',
        'v' => '\x0b',
        '\\' | '\'' | '"' | '?' => first,
        'x' => return number(text, 1, 2, 16),
        'u' => return number(text, 1, 4, 16),
        'U' => return number(text, 1, 8, 16),
        '0'..='7' => return number(text, 0, 3, 8),
        _ => return (format!("\\{first}"), first.len_utf8()),
    };
    (simple.to_string(), first.len_utf8())
}

fn number(text: &str, from: usize, most: usize, radix: u32) -> (String, usize) {
    let digits = text[from..].chars().take(most);
    let length = digits.take_while(|c| c.is_digit(radix)).count();
    let end = from + length;
    let decoded = u32::from_str_radix(&text[from..end], radix)
        .ok()
        .and_then(char::from_u32);
    match decoded {
        Some(decoded) => (decoded.to_string(), end),
        None => (format!("\\{}", &text[..end]), end),
    }
}
