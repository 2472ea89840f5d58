//! The grammar of POSIX sh and of the bash that operators use: lists, pipelines, simple commands.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use crate::source::Span;

use super::tree::{Command, Form, Item, Joint, List, Pipeline, Simple, Tree};
use super::unit::Unit;

/// How deep commands, quotes and substitutions may be nested in each other.
const MAX_DEPTH: u32 = 32;
/// After as many syntax errors the rest of a script is not looked at.
const MAX_TROUBLES: usize = 20;

/// A syntax error.
#[derive(Debug)]
pub struct Syntax {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

pub type Parsed<T> = Result<T, Syntax>;

/// What a blank, an operator and a word are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// A shell's.
    Shell,
    /// Words alone, as Ansible's `command` splits them: no operators, no variables.
    Words,
}

/// A text and how far it was read.
pub struct Parser<'a> {
    pub unit: &'a Unit,
    pub at: usize,
    pub depth: u32,
    pub dialect: Dialect,
    /// Here-documents whose bodies start behind the end of this line.
    pub pending: Vec<Pending>,
    /// Comments that are for us.
    pub comments: Vec<Span>,
}

/// A here-document that was announced.
pub struct Pending {
    pub delimiter: String,
    /// What the announcement says of the body.
    pub body: super::here::Body,
    pub span: Span,
    pub cell: Rc<OnceCell<Tree>>,
}

/// A text that was read.
pub struct Script {
    /// Its commands.
    pub list: List,
    /// What is wrong.
    pub troubles: Vec<Syntax>,
    /// Comments that are for us.
    pub comments: Vec<Span>,
}

/// Reads a script. Behind a syntax error it goes on with the line after the one where the broken command starts.
pub fn parse(unit: &Unit) -> Script {
    let mut parser = Parser::new(unit, 0, 0);
    let (mut list, mut troubles) = (List::new(), Vec::new());
    while troubles.len() < MAX_TROUBLES {
        let start = parser.at;
        match parser.program_item(&mut list) {
            Ok(true) => {}
            Ok(false) => break,
            Err(trouble) => {
                troubles.push(trouble);
                parser.pending.clear();
                parser.depth = 0;
                parser.at = start;
                parser.skip_blank_lines();
                parser.at = parser.line_end() + 1;
                if parser.at >= unit.text.len() {
                    break;
                }
            }
        }
    }
    Script {
        list,
        troubles,
        comments: parser.comments,
    }
}

/// Splits a text into words without any other syntax.
pub fn words(unit: &Unit) -> Parsed<Vec<Tree>> {
    let mut parser = Parser::new(unit, 0, 0);
    parser.dialect = Dialect::Words;
    let mut words = Vec::new();
    loop {
        parser.at += parser.rest().len() - parser.rest().trim_start().len();
        match parser.word()? {
            Some(word) => words.push(word),
            None => return Ok(words),
        }
    }
}

impl<'a> Parser<'a> {
    pub fn new(unit: &'a Unit, at: usize, depth: u32) -> Self {
        Self {
            unit,
            at,
            depth,
            dialect: Dialect::Shell,
            pending: Vec::new(),
            comments: Vec::new(),
        }
    }

    pub fn rest(&self) -> &'a str {
        &self.unit.text[self.at..]
    }

    pub fn peek(&self) -> Option<u8> {
        self.unit.text.as_bytes().get(self.at).copied()
    }

    pub fn looking_at(&self, token: &str) -> bool {
        self.rest().starts_with(token)
    }

    pub fn span(&self, range: Range<usize>) -> Span {
        self.unit.span(range)
    }

    pub fn error<T>(&self, range: Range<usize>, message: impl Into<String>) -> Parsed<T> {
        Err(Syntax {
            span: self.span(range),
            message: message.into(),
        })
    }

    /// Runs a reader one level deeper.
    pub fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            let message = format!("this is nested more than {MAX_DEPTH} levels deep");
            return self.error(self.at..self.at, message);
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    pub fn line_end(&self) -> usize {
        self.at + self.rest().find('\n').unwrap_or(self.rest().len())
    }

    /// The next command of the whole script; whether there was more to read.
    fn program_item(&mut self, list: &mut List) -> Parsed<bool> {
        self.skip_newlines()?;
        if self.at >= self.unit.text.len() {
            self.here_documents()?;
            return Ok(false);
        }
        if let Some(token) = self.closing() {
            let message = format!("`{token}` stands here, and nothing that it could end");
            self.error(self.at..self.at + token.len(), message)
        } else {
            list.push(self.item()?);
            Ok(true)
        }
    }

    /// Commands up to a token that closes something, which the caller takes.
    pub fn list(&mut self) -> Parsed<List> {
        let mut list = List::new();
        loop {
            self.skip_newlines()?;
            if self.at >= self.unit.text.len() || self.closing().is_some() {
                return Ok(list);
            }
            list.push(self.item()?);
        }
    }

    /// A token at which a list ends.
    fn closing(&self) -> Option<&'static str> {
        if self.looking_at(")") {
            return Some(")");
        }
        let ends = [";;&", ";;", ";&"];
        if let Some(end) = ends.into_iter().find(|end| self.looking_at(end)) {
            return Some(end);
        }
        let words = ["then", "else", "elif", "fi", "do", "done", "esac", "}"];
        words.into_iter().find(|word| self.at_keyword(word))
    }

    /// Whether a reserved word stands here, on its own.
    pub fn at_keyword(&self, keyword: &str) -> bool {
        self.rest()
            .strip_prefix(keyword)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(is_break))
    }

    pub fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.at_keyword(keyword);
        if found {
            self.at += keyword.len();
        }
        found
    }

    fn item(&mut self) -> Parsed<Item> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let joint = match self.rest() {
                rest if rest.starts_with("&&") => Joint::And,
                rest if rest.starts_with("||") => Joint::Or,
                _ => break,
            };
            let span = self.span(self.at..self.at + 2);
            self.at += 2;
            self.skip_newlines()?;
            rest.push((joint, span, self.pipeline()?));
        }
        let at = self.at..self.at + 1;
        let background = match self.peek() {
            Some(b'&') => {
                self.at += 1;
                Some(self.span(at))
            }
            Some(b';') if self.closing().is_none() => {
                self.at += 1;
                None
            }
            Some(b'(') => return self.error(at, "`(` stands where a command ends"),
            _ => None,
        };
        Ok(Item {
            first,
            rest,
            background,
        })
    }

    fn pipeline(&mut self) -> Parsed<Pipeline> {
        let mut negated = false;
        loop {
            if self.take_keyword("!") {
                negated = !negated;
            } else if self.take_keyword("time") {
                self.skip_blanks();
                self.take_keyword("-p");
            } else {
                break;
            }
            self.skip_blanks();
        }
        let mut commands = vec![self.command()?];
        loop {
            self.skip_blanks();
            if self.looking_at("||") || !self.looking_at("|") {
                break;
            }
            self.at += if self.looking_at("|&") { 2 } else { 1 };
            self.skip_newlines()?;
            commands.push(self.command()?);
        }
        Ok(Pipeline { negated, commands })
    }

    /// One command.
    pub fn command(&mut self) -> Parsed<Command> {
        let start = self.at;
        let form = match self.deeper(Self::compound)? {
            Some(form) => {
                let end = self.at;
                let around = self.redirections_behind()?;
                let span = self.span(start..end);
                return Ok(Command { span, form, around });
            }
            None => self.simple()?,
        };
        let end = start + self.unit.text[start..self.at].trim_end().len();
        Ok(Command {
            span: self.span(start..end),
            form,
            around: None,
        })
    }

    fn redirections_behind(&mut self) -> Parsed<Option<Box<Simple>>> {
        let (mut around, mut any) = (Simple::default(), false);
        loop {
            self.skip_blanks();
            if !self.redirection(&mut around)? {
                return Ok(any.then(|| Box::new(around)));
            }
            any = true;
        }
    }

    fn simple(&mut self) -> Parsed<Form> {
        let (start, mut simple) = (self.at, Simple::default());
        loop {
            let end = self.at;
            self.skip_blanks();
            if self.redirection(&mut simple)? {
                continue;
            }
            if (simple.words.is_empty() || declares(&simple.words[0]))
                && let Some(assignment) = self.assignment()?
            {
                simple.assignments.push(assignment);
                continue;
            }
            let word_start = self.at;
            if let Some(word) = self.word()? {
                simple.words.push(word);
                let is_first = simple.words.len() == 1 && simple.assignments.is_empty();
                if is_first && let Some(function) = self.function_behind(word_start)? {
                    return Ok(function);
                }
                continue;
            }
            if self.at == start {
                let shown: String = self.rest().chars().take(1).collect();
                let message = match shown.trim() {
                    "" => "a command is missing here".to_owned(),
                    shown => format!("`{shown}` stands where a command should start"),
                };
                return self.error(self.at..self.at + shown.len(), message);
            }
            self.at = end;
            return Ok(Form::Simple(simple));
        }
    }
}

/// Whether a reserved word or a name ends before it.
pub fn is_break(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\n' | '\r' | ';' | '&' | '|' | '(' | ')' | '<' | '>'
    )
}

/// Whether a command takes assignments behind its name.
pub fn declares(word: &Tree) -> bool {
    let names = ["export", "readonly", "local", "declare", "typeset"];
    word.literal()
        .is_some_and(|name| names.contains(&name.as_str()))
}

/// Whether a word means something else than a command of this name.
pub fn is_reserved(word: &str) -> bool {
    let words = [
        "!", "{", "}", "[[", "if", "then", "else", "elif", "fi", "for", "select", "while", "until",
        "do", "done", "case", "esac", "function", "time",
    ];
    words.contains(&word)
}
