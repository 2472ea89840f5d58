//! Redirections, here-documents, assignments and functions: what stands around the words of a command.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use super::parse::{Parsed, Parser, Pending, Syntax};
use super::tree::{Assigned, Assignment, Form, Part, Quoting, Simple, Tree};
use super::unit::Unit;
use super::word::Until;

/// How the body of a here-document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    /// Whether variables are put in.
    pub quoting: Quoting,
    /// Whether tabs at the start of its lines are taken off (`<<-`).
    pub tabs: Tabs,
}

/// What becomes of tabs at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tabs {
    /// They stay.
    Kept,
    /// They go.
    Cut,
}

const OPERATORS: [&str; 12] = [
    "<<<", "<<-", "<<", "<>", "<&", "<", "&>>", "&>", ">>", ">&", ">|", ">",
];

impl Parser<'_> {
    /// `2>&1`, `<<EOF` and their like; whether there was one.
    pub fn redirection(&mut self, simple: &mut Simple) -> Parsed<bool> {
        let start = self.at;
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let behind = &self.rest()[digits..];
        let is_process = behind.starts_with("<(") || behind.starts_with(">(");
        let Some(operator) = OPERATORS.into_iter().find(|&o| behind.starts_with(o)) else {
            return Ok(false);
        };
        if is_process || (digits > 0 && operator.starts_with('&')) {
            return Ok(false);
        }
        self.at += digits + operator.len();
        let end = self.at;
        self.skip_blanks();
        if matches!(operator, "<<" | "<<-") {
            self.announce(simple, start..end, operator)?;
            return Ok(true);
        }
        let Some(word) = self.word()? else {
            let message = format!("`{operator}` stands here without what it goes to");
            return self.error(start..end, message);
        };
        match operator {
            "<<<" => simple.input = Some(Rc::new(OnceCell::from(word))),
            "<" | "<&" => {
                simple.input = None;
                simple.files.push(word);
            }
            // `2>&1`
            ">&" if word.literal().is_some_and(|text| is_descriptor(&text)) => {}
            _ => simple.outputs.push(word),
        }
        Ok(true)
    }

    fn announce(&mut self, simple: &mut Simple, range: Range<usize>, operator: &str) -> Parsed<()> {
        let from = self.at;
        let Some(word) = self.word()? else {
            return self.error(range, "a here-document without the word that ends it");
        };
        let raw = &self.unit.text[from..self.at];
        let quoting = if raw.contains(['\'', '"', '\\']) {
            Quoting::Quoted
        } else {
            Quoting::Bare
        };
        let delimiter = match quoting {
            Quoting::Quoted => word.literal().unwrap_or_else(|| raw.to_owned()),
            Quoting::Bare => raw.to_owned(),
        };
        let cell = Rc::new(OnceCell::new());
        simple.input = Some(cell.clone());
        self.pending.push(Pending {
            delimiter,
            body: Body {
                quoting,
                tabs: match operator {
                    "<<-" => Tabs::Cut,
                    _ => Tabs::Kept,
                },
            },
            span: self.span(range.start..self.at),
            cell,
        });
        Ok(())
    }

    /// Reads the bodies of the here-documents that the line before announced.
    pub fn here_documents(&mut self) -> Parsed<()> {
        for pending in std::mem::take(&mut self.pending) {
            let start = self.at;
            let mut unit = Unit::default();
            loop {
                if self.at >= self.unit.text.len() {
                    let message =
                        format!("no line `{}` ends this here-document", pending.delimiter);
                    return Err(Syntax {
                        span: pending.span,
                        message,
                    });
                }
                let rest = self.rest();
                let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
                let line = self.at..self.at + length;
                self.at = line.end;
                let cut = match pending.body.tabs {
                    Tabs::Cut => rest.len() - rest.trim_start_matches('\t').len(),
                    Tabs::Kept => 0,
                };
                let text = &rest[cut.min(length)..length];
                if text.trim_end_matches(['\n', '\r']) == pending.delimiter {
                    break;
                }
                unit.push_part(self.unit, line.start + cut.min(length)..line.end);
            }
            let mut parts = Vec::new();
            let mut body = Parser::new(&unit, 0, self.depth);
            match pending.body.quoting {
                Quoting::Quoted => body.text(&mut parts, 0..unit.text.len(), Quoting::Quoted),
                Quoting::Bare => body.deeper(|body| body.parts(&mut parts, Until::End))?,
            }
            let span = self.span(start..self.at);
            // The cell was made for this body alone, and is filled once.
            let _ = pending.cell.set(Tree { span, parts });
        }
        Ok(())
    }

    /// `NAME=value`; none where no assignment starts here.
    pub fn assignment(&mut self) -> Parsed<Option<Assignment>> {
        let (start, rest) = (self.at, self.rest());
        let length = identifier_length(rest);
        if length == 0 {
            return Ok(None);
        }
        let mut behind = &rest[length..];
        let mut indexed = false;
        if let Some(index) = behind.strip_prefix('[') {
            let end = index.find(['=', ' ', '\n', ';']).unwrap_or(index.len());
            let Some(close) = index[..end].rfind(']') else {
                return Ok(None);
            };
            behind = &index[close + 1..];
            indexed = true;
        }
        let operator = ["+=", "="].into_iter().find(|&o| behind.starts_with(o));
        let Some(operator) = operator else {
            return Ok(None);
        };
        self.at = start + rest.len() - behind.len() + operator.len();
        let value = match (self.peek(), operator) {
            (Some(b'('), "=") if !indexed => Assigned::Array(self.parenthesised_words()?),
            (Some(b'('), _) => Assigned::Other(self.parenthesised_words()?),
            (_, operator) => match (self.value()?, operator) {
                (word, _) if indexed => Assigned::Other(vec![word]),
                (word, "=") => Assigned::Word(word),
                (word, _) => Assigned::Append(word),
            },
        };
        Ok(Some(Assignment {
            name: rest[..length].into(),
            span: self.span(start..self.at),
            value,
        }))
    }

    fn value(&mut self) -> Parsed<Tree> {
        let at = self.at;
        let word = self.word()?;
        Ok(word.unwrap_or_else(|| Tree {
            span: self.span(at..at),
            parts: Vec::<Part>::new(),
        }))
    }

    /// `(a b c)` behind `NAME=`.
    pub fn parenthesised_words(&mut self) -> Parsed<Vec<Tree>> {
        let start = self.at;
        self.at += 1;
        let mut words = Vec::new();
        loop {
            self.skip_newlines()?;
            match self.word()? {
                Some(word) => words.push(word),
                None if self.peek() == Some(b')') => break,
                None => return self.unclosed(start..start + 1, ")"),
            }
        }
        self.at += 1;
        Ok(words)
    }

    /// `()` behind the first word makes it a function.
    pub fn function_behind(&mut self, start: usize) -> Parsed<Option<Form>> {
        let name = start..self.at;
        self.skip_blanks();
        if self.peek() != Some(b'(') {
            self.at = name.end;
            return Ok(None);
        }
        let open = self.at;
        self.at += 1;
        self.skip_blanks();
        if self.peek() != Some(b')') {
            return self.error(open..open + 1, "`(` stands where no command starts");
        }
        self.at += 1;
        self.function_body(self.unit.text[name].into()).map(Some)
    }

    /// The body of a function.
    pub fn function_body(&mut self, name: Rc<str>) -> Parsed<Form> {
        self.skip_newlines()?;
        let body = self.deeper(Self::command)?;
        Ok(Form::Function(name, Rc::new(body)))
    }
}

/// `1` of `2>&1`, `-` of `>&-`, `3-`
fn is_descriptor(text: &str) -> bool {
    let digits = text.strip_suffix('-').unwrap_or(text);
    !text.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The length of a name that may be assigned to.
pub fn identifier_length(text: &str) -> usize {
    let length = super::word::name_length(text);
    let starts = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    if text.as_bytes().first().is_some_and(starts) {
        length
    } else {
        0
    }
}
