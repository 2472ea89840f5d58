//! oslo.config's ini dialect, exactly, with the place of every name and value.

pub mod python;
pub mod template;
pub mod value;

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use crate::read::oslo::template::{LongMark, Mark, Role};
use crate::read::oslo::value::Value;
use crate::source::{FileId, Place, Spanned};

/// What stands in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OsloFile {
    /// The file.
    pub file: FileId,
    /// In the order of the file; a section that is opened again is there again.
    pub sections: Vec<Section>,
    /// What is assigned before the first section: oslo.config refuses it.
    pub outside: Vec<Entry>,
    /// What oslo.config refuses. It stops at the first; here the rest is read.
    pub errors: Vec<OsloError>,
    /// Whether a template engine has to go over the file before a service can read it.
    pub templated: bool,
}

/// A section, from its header to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// As written: oslo.config lower-cases it on lookup, but does not strip it.
    pub name: Spanned<String>,
    /// The header with its brackets.
    pub header: Place,
    /// In the order of the file.
    pub options: Vec<Entry>,
}

/// One assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As written.
    pub key: Spanned<String>,
    /// What is assigned.
    pub value: Value,
    /// Why the value, or whether it is assigned at all, cannot be told.
    pub unsure: Option<&'static str>,
}

/// What oslo.config refuses, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OsloError {
    /// What is wrong.
    pub place: Place,
    /// The defect.
    pub message: &'static str,
    /// The line that oslo.config quotes; empty where it quotes none.
    pub line_text: String,
    /// The line that oslo.config names. It finds an assignment outside a section only on a later one.
    pub line: u32,
}

/// Why the bytes of a file are no text to oslo.config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecodable {
    /// Offset of the first byte that is not UTF-8.
    pub offset: usize,
    /// What the file seems to be.
    pub message: &'static str,
}

const FILLED: &str = "a template fills this in";
const IN_BLOCK: &str = "stands inside a template block";

const NO_CONTINUED: &str = "Unexpected continuation line";
const NO_BRACKET: &str = "Invalid section (must end with ])";
const NO_NAME: &str = "Empty section name";
const NO_SEPARATOR: &str = "No ':' or '=' found in assignment";
const NO_KEY: &str = "Key cannot be empty";
const NO_SECTION: &str = "Section must be started before assignment";

/// The text of a file. oslo.config fails on anything but UTF-8; bytes of NUL are text to it.
pub fn decode(bytes: &[u8]) -> Result<&str, Undecodable> {
    str::from_utf8(bytes).map_err(|error| Undecodable {
        offset: error.valid_up_to(),
        message: match bytes {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "UTF-16 instead of UTF-8",
            _ if bytes.contains(&0) => "binary instead of text",
            _ => "not UTF-8",
        },
    })
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, from byte {} on", self.message, self.offset)
    }
}

/// Reads a file as oslo.config does (facts N§7), beyond its first error, and around the control lines of a
/// template.
pub fn read(file: FileId, text: &str) -> OsloFile {
    let mut reader = Reader {
        text,
        ..Reader::default()
    };
    reader.read.file = file;
    for (number, (start, line)) in (1..).zip(python::lines(text)) {
        reader.number = number;
        reader.start = start;
        reader.template_line(python::rstrip(line));
    }
    reader.flush();
    reader.read
}

/// Reads line by line; holds what the lines before have begun.
#[derive(Default)]
struct Reader<'text> {
    text: &'text str,
    read: OsloFile,
    /// The current line: its number, its offset, and what a template does to it.
    number: u32,
    start: usize,
    templating: Templating,
    assignment: Option<Assignment>,
    /// How many template blocks are open.
    depth: usize,
    /// How many were open where the section began.
    section_depth: usize,
    section_filled: bool,
    /// The template mark that an earlier line began.
    long_mark: Option<LongMark>,
    /// What is known not to close any template mark in the rest of the file.
    never_closed: Vec<&'static str>,
}

/// What a template does to a line.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Templating {
    #[default]
    Plain,
    /// It puts something in.
    Fills,
    /// The line is there sometimes, or several times.
    InBlock,
}

/// An assignment whose value may go on: offsets into the file.
struct Assignment {
    key: Range<usize>,
    lines: Vec<Range<usize>>,
    in_block: bool,
}

impl Reader<'_> {
    /// Takes the marks of a template off a line, and reads what is left.
    fn template_line(&mut self, mut line: &str) {
        if let Some(mark) = self.long_mark {
            let Some(at) = line.find(mark.close) else {
                return;
            };
            let end = at + mark.close.len();
            line = &line[end..];
            self.start += end;
            self.long_mark = None;
            self.count(mark.role);
            if line.trim().is_empty() {
                return;
            }
        }
        self.templating = if self.depth > 0 {
            Templating::InBlock
        } else {
            Templating::Plain
        };
        if line.starts_with(['#', ';']) {
            return self.line(line);
        }
        if let Some(mark) = template::long_mark(line)
            && self.closes(mark, self.start + line.len())
        {
            self.read.templated = true;
            self.long_mark = Some(mark);
            return;
        }
        match template::marks(line).as_slice() {
            [] => self.line(line),
            marks => self.marked_line(line, marks),
        }
    }

    fn marked_line(&mut self, line: &str, marks: &[Mark]) {
        self.read.templated = true;
        for mark in marks {
            self.count(mark.role);
        }
        if template::is_only_marks(line, marks) {
            return;
        }
        let bare = template::bare(line, marks);
        if bare.start > 0 {
            self.templating = Templating::InBlock;
        }
        if self.templating == Templating::Plain {
            self.templating = Templating::Fills;
        }
        self.start += bare.start;
        self.line(python::rstrip(&line[bare]));
    }

    fn count(&mut self, role: Role) {
        self.depth = match role {
            Role::Open => self.depth + 1,
            Role::Close => self.depth.saturating_sub(1),
            Role::Fill | Role::Control => self.depth,
        };
    }

    /// Whether the file closes the mark behind `offset`. Each delimiter is looked for in vain once only.
    fn closes(&mut self, mark: LongMark, offset: usize) -> bool {
        if self.never_closed.contains(&mark.close) {
            return false;
        }
        let closes = self.text[offset..].contains(mark.close);
        if !closes {
            self.never_closed.push(mark.close);
        }
        closes
    }

    /// One line, as `iniparser.BaseParser.parse` takes it.
    fn line(&mut self, line: &str) {
        if line.is_empty() {
            return self.flush();
        }
        if line.starts_with([' ', '\t']) {
            return self.continued(line);
        }
        self.flush();
        if line.starts_with('[') {
            self.header(line);
        } else if !line.starts_with(['#', ';']) {
            self.assign(line);
        }
    }

    fn continued(&mut self, line: &str) {
        let range = python::strip_range(self.text, self.start..self.start + line.len());
        let in_block = self.in_block();
        match &mut self.assignment {
            Some(assignment) => {
                assignment.in_block |= in_block;
                assignment.lines.push(range);
            }
            None => self.error(NO_CONTINUED, line),
        }
    }

    fn header(&mut self, line: &str) {
        let name = if !line.ends_with(']') {
            self.error(NO_BRACKET, line);
            // What is meant, so that what follows is not taken for a part of the section before.
            1..line.find(']').unwrap_or(line.len())
        } else if line == "[]" {
            self.error(NO_NAME, line);
            1..1
        } else {
            1..line.len() - 1
        };
        self.section_depth = match self.templating {
            Templating::InBlock => self.depth.max(1),
            Templating::Plain | Templating::Fills => 0,
        };
        self.section_filled = !template::marks(&line[name.clone()]).is_empty();
        self.read.sections.push(Section {
            name: self.spanned(self.start + name.start..self.start + name.end),
            header: self.place(self.start..self.start + line.len()),
            options: Vec::new(),
        });
    }

    fn assign(&mut self, line: &str) {
        let Some(separator) = line.find([':', '=']) else {
            return self.no_separator(line);
        };
        let key = python::strip_range(self.text, self.start..self.start + separator);
        if key.is_empty() {
            return self.error(NO_KEY, line);
        }
        let value = self.start + separator + 1..self.start + line.len();
        let value = unquoted(self.text, python::strip_range(self.text, value));
        self.assignment = Some(Assignment {
            key,
            lines: vec![value],
            in_block: self.in_block(),
        });
    }

    fn no_separator(&mut self, line: &str) {
        self.error(NO_SEPARATOR, line);
        let rest = line.trim_start_matches('\u{FEFF}');
        if self.number == 1 && rest.len() < line.len() {
            // A byte order mark is all that is wrong with most first lines.
            self.start += line.len() - rest.len();
            self.line(rest);
        }
    }

    /// Ends the current assignment.
    fn flush(&mut self) {
        let Some(assignment) = self.assignment.take() else {
            return;
        };
        let value = Value::of_lines(self.read.file, self.text, &assignment.lines);
        let key = self.spanned(assignment.key);
        let filled = !template::marks(&value.text).is_empty();
        self.read.templated |= filled;
        let unsure = if assignment.in_block {
            Some(IN_BLOCK)
        } else {
            (filled || self.section_filled || !template::marks(&key).is_empty()).then_some(FILLED)
        };
        match self.read.sections.last_mut() {
            Some(section) => section.options.push(Entry { key, value, unsure }),
            None => self.outside_section(Entry { key, value, unsure }),
        }
    }

    /// All assignments before the first section are one defect. In a template its header may be put in.
    fn outside_section(&mut self, entry: Entry) {
        if self.read.outside.is_empty() && !self.read.templated {
            let span = entry.key.place.span.start..entry.value.place.span.end;
            self.read.errors.push(OsloError {
                place: self.place(span.start as usize..span.end as usize),
                message: NO_SECTION,
                line_text: String::new(),
                line: self.number,
            });
        }
        self.read.outside.push(entry);
    }

    /// A malformed line. With a template's text put in, it may be another.
    fn error(&mut self, message: &'static str, line: &str) {
        if self.templating != Templating::Plain {
            return;
        }
        let range = python::strip_range(self.text, self.start..self.start + line.len());
        self.read.errors.push(OsloError {
            place: self.place(range),
            message,
            line_text: line.to_owned(),
            line: self.number,
        });
    }

    fn in_block(&self) -> bool {
        self.templating == Templating::InBlock || self.section_depth > self.depth
    }

    fn place(&self, range: Range<usize>) -> Place {
        Place::text(self.read.file, range)
    }

    fn spanned(&self, range: Range<usize>) -> Spanned<String> {
        Spanned::new(self.text[range.clone()].to_owned(), self.place(range))
    }
}

/// Cuts the quotes off a value that starts and ends with the same. A quote alone is both.
fn unquoted(text: &str, value: Range<usize>) -> Range<usize> {
    let quoted = ['"', '\''].iter().any(|&quote| {
        text[value.clone()].starts_with(quote) && text[value.clone()].ends_with(quote)
    });
    if !quoted {
        return value;
    }
    let start = value.start + 1;
    start..start.max(value.end - 1)
}
