//! The part of YAML that Ansible's files are written in, with the place of every scalar.

use std::ops::Range;

use crate::read::allow::MARK;
use crate::source::Span;

use super::unit::{Origin, Unit};
use super::yaml_text::{key_length, quoted_text};

/// What is nested deeper is left out.
const MAX_DEPTH: usize = 32;

/// A value.
#[derive(Debug)]
pub enum Yaml {
    /// `key: value`
    Map(Vec<(Key, Yaml)>),
    /// `- value`, `[value, …]`
    List(Vec<Yaml>),
    /// A text.
    Scalar(Unit),
    /// Nothing, or what is not followed.
    Other,
}

/// A key.
#[derive(Debug)]
pub struct Key {
    /// Its text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A line that is neither empty nor a comment.
struct Line {
    /// Where its text starts and ends.
    range: Range<usize>,
    indent: usize,
}

struct Reader<'a> {
    text: &'a str,
    lines: Vec<Line>,
    /// The next line.
    line: usize,
    /// Comments that are for us.
    comments: Vec<Span>,
}

/// Reads the values of all documents of a file, one behind the other, and the comments that are for us.
pub fn read(text: &str) -> (Vec<Yaml>, Vec<Span>) {
    let mut reader = Reader {
        text,
        lines: lines(text),
        line: 0,
        comments: Vec::new(),
    };
    let mut documents = Vec::new();
    while reader.line < reader.lines.len() {
        let before = reader.line;
        documents.push(reader.block(0, 0));
        // A line that starts nothing is left out.
        reader.line = reader.line.max(before + 1);
    }
    (documents, reader.comments)
}

fn lines(text: &str) -> Vec<Line> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let range = start + indent..start + indent + content.trim_end().len();
        start += line.len();
        Line { range, indent }
    });
    lines.collect()
}

impl<'a> Reader<'a> {
    fn current(&self) -> Option<(&'a str, usize)> {
        let line = self.lines.get(self.line)?;
        Some((&self.text[line.range.clone()], line.indent))
    }

    /// Goes to the next line that says something; its text and indentation.
    fn significant(&mut self) -> Option<(&'a str, usize)> {
        loop {
            let (text, indent) = self.current()?;
            let is_nothing = text.is_empty()
                || text.starts_with('#')
                || text.starts_with("{%")
                || text.starts_with("{{-")
                || matches!(text, "---" | "...");
            if !is_nothing {
                return Some((text, indent));
            }
            if text.starts_with('#') && text.contains(MARK) {
                self.comments
                    .push(Span::new(self.lines[self.line].range.clone()));
            }
            self.line += 1;
        }
    }

    /// What stands at this indentation or deeper.
    fn block(&mut self, least: usize, depth: usize) -> Yaml {
        match self.significant() {
            Some((_, indent)) if indent < least => Yaml::Other,
            Some((text, indent)) => self.value(text, indent, depth),
            None => Yaml::Other,
        }
    }

    /// A value whose first line has this text, which starts at this column.
    fn value(&mut self, text: &str, column: usize, depth: usize) -> Yaml {
        if depth >= MAX_DEPTH {
            self.skip_deeper(column);
            return Yaml::Other;
        }
        if text == "-" || text.starts_with("- ") {
            return self.list(column, depth);
        }
        if key_length(text).is_some() {
            self.map(text, column, depth)
        } else {
            let end = self.lines[self.line].range.end;
            self.scalar(end - text.len(), column.saturating_sub(1))
        }
    }

    fn skip_deeper(&mut self, column: usize) {
        self.line += 1;
        while self
            .significant()
            .is_some_and(|(_, indent)| indent > column)
        {
            self.line += 1;
        }
    }

    fn list(&mut self, column: usize, depth: usize) -> Yaml {
        let mut items = Vec::new();
        // The dash of the first item may stand behind that of a list around it.
        let mut first = Some(());
        while let Some((line, indent)) = self.significant() {
            let end = self.lines[self.line].range.end;
            let text = match first.take() {
                Some(()) => &line[(column - indent).min(line.len())..],
                None if indent == column => line,
                None => break,
            };
            if text != "-" && !text.starts_with("- ") {
                break;
            }
            let content = text[1..].trim_start();
            if content.is_empty() || content.starts_with('#') {
                self.line += 1;
                items.push(self.block(column + 1, depth + 1));
            } else {
                let inner = column + text.len() - content.len();
                let content = &self.text[end - content.len()..end];
                items.push(self.value(content, inner, depth + 1));
            }
        }
        Yaml::List(items)
    }

    fn map(&mut self, first: &str, column: usize, depth: usize) -> Yaml {
        let mut entries = Vec::new();
        let end = self.lines[self.line].range.end;
        let mut text = &self.text[end - first.len()..end];
        while let Some((key, value)) = key_length(text) {
            let end = self.lines[self.line].range.end;
            let start = end - text.len();
            let key = Key {
                text: text[..key].trim_matches(['"', '\'']).to_owned(),
                span: Span::new(start..start + key),
            };
            let value = self.entry(start + value, column, depth);
            entries.push((key, value));
            match self.significant() {
                Some((line, indent)) if indent == column => text = line,
                _ => break,
            }
        }
        // What stands deeper and belongs to nothing is left out.
        while self
            .significant()
            .is_some_and(|(_, indent)| indent > column)
        {
            self.line += 1;
        }
        Yaml::Map(entries)
    }

    /// The value of a key, which starts at this offset of the text.
    fn entry(&mut self, at: usize, column: usize, depth: usize) -> Yaml {
        let end = self.lines[self.line].range.end;
        let rest = self.text[at.min(end)..end].trim_start();
        if !rest.is_empty() && !rest.starts_with('#') {
            return self.scalar(end - rest.len(), column);
        }
        self.line += 1;
        match self.significant() {
            Some((text, indent)) if indent == column && (text == "-" || text.starts_with("- ")) => {
                self.value(text, indent, depth + 1)
            }
            Some((text, indent)) if indent > column => self.value(text, indent, depth + 1),
            _ => Yaml::Other,
        }
    }

    /// A scalar or a flow list that starts at this offset; lines deeper than its parent belong to it.
    fn scalar(&mut self, at: usize, parent: usize) -> Yaml {
        let end = self.lines[self.line].range.end;
        let text = &self.text[at..end];
        let text = match text.split_once(' ') {
            Some((tag, rest)) if tag.starts_with('!') || tag.starts_with('&') => rest.trim_start(),
            _ => text,
        };
        let at = end - text.len();
        match text.as_bytes().first() {
            Some(b'|' | b'>') => Yaml::Scalar(self.block_scalar(text, parent)),
            Some(quote @ (b'"' | b'\'')) => self.quoted(at, *quote),
            Some(b'[') => self.flow(at),
            Some(b'*' | b'&') => {
                self.line += 1;
                Yaml::Other
            }
            Some(b'{') if !text.starts_with("{{") => {
                self.skip_deeper(parent);
                Yaml::Other
            }
            _ => Yaml::Scalar(self.plain(at, parent)),
        }
    }

    fn plain(&mut self, at: usize, parent: usize) -> Unit {
        let mut unit = Unit::default();
        let mut start = at;
        loop {
            let end = self.lines[self.line].range.end;
            let text = &self.text[start..end];
            let comment = text.find(" #").unwrap_or(text.len());
            let text = text[..comment].trim_end();
            unit.push(text, Span::new(start..start + text.len()), Origin::Verbatim);
            let text_end = start + text.len();
            self.line += 1;
            match self.current() {
                Some((text, indent))
                    if indent > parent && !text.is_empty() && !text.starts_with('#') =>
                {
                    start = self.lines[self.line].range.start;
                    unit.push(" ", Span::new(text_end..text_end), Origin::Decoded);
                }
                _ => return unit,
            }
        }
    }

    /// `|` and `>`
    fn block_scalar(&mut self, header: &str, parent: usize) -> Unit {
        let folds = header.starts_with('>');
        self.line += 1;
        let mut unit = Unit::default();
        let mut base = None;
        // Where the last line ended, and whether it is joined to the next.
        let mut last: Option<(usize, bool)> = None;
        while let Some((text, indent)) = self.current() {
            if !text.is_empty() && indent <= parent {
                break;
            }
            let range = self.lines[self.line].range.clone();
            self.line += 1;
            let is_empty = text.is_empty();
            let base = match base {
                Some(base) => base,
                None if is_empty => continue,
                None => *base.insert(indent),
            };
            let cut = range.start - (indent.saturating_sub(base));
            let joins = folds && !is_empty && indent == base;
            if let Some((end, joined)) = last {
                let between = if joined && joins { " " } else { "\n" };
                unit.push(between, Span::new(end..end), Origin::Decoded);
            }
            last = Some((range.end, joins));
            let start = cut.min(range.end);
            unit.push(
                &self.text[start..range.end],
                Span::new(start..range.end),
                Origin::Verbatim,
            );
        }
        unit
    }

    fn quoted(&mut self, at: usize, quote: u8) -> Yaml {
        let mut unit = Unit::default();
        let end = quoted_text(self.text, at, quote, &mut unit);
        self.line_behind(end);
        Yaml::Scalar(unit)
    }

    fn line_behind(&mut self, at: usize) {
        self.line += 1;
        while self
            .lines
            .get(self.line)
            .is_some_and(|line| line.range.start < at)
        {
            self.line += 1;
        }
    }

    /// `[a, "b"]`
    fn flow(&mut self, at: usize) -> Yaml {
        let mut items = Vec::new();
        let mut next = at + 1;
        loop {
            let rest = &self.text[next..];
            next += rest.len() - rest.trim_start_matches([' ', '\n', '\r', '\t', ',']).len();
            let rest = &self.text[next..];
            match rest.as_bytes().first() {
                None | Some(b']') => {
                    self.line_behind(next);
                    return Yaml::List(items);
                }
                Some(quote @ (b'"' | b'\'')) => {
                    let mut unit = Unit::default();
                    next = quoted_text(self.text, next, *quote, &mut unit);
                    items.push(Yaml::Scalar(unit));
                }
                Some(b'[' | b'{') => {
                    self.line_behind(next);
                    return Yaml::Other;
                }
                Some(_) => {
                    let length = rest.find([',', ']', '\n']).unwrap_or(rest.len());
                    let text = rest[..length].trim_end();
                    let mut unit = Unit::default();
                    unit.push(text, Span::new(next..next + text.len()), Origin::Verbatim);
                    items.push(Yaml::Scalar(unit));
                    next += length;
                }
            }
        }
    }
}
