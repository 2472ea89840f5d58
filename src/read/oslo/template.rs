//! The marks of the template languages that configuration files are kept in: Jinja, Go, ERB and EPP, and
//! `@NAME@` or `%NAME%` placeholders.

#[cfg(test)]
mod tests;

use std::ops::Range;

/// What a mark does to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Text is put in its stead.
    Fill,
    /// What follows, up to the matching [`Role::Close`], is there sometimes, or several times.
    Open,
    /// Ends what the last [`Role::Open`] began.
    Close,
    /// Puts nothing in, and neither opens nor closes: `else`, an assignment, a comment.
    Control,
}

/// One mark of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What it does.
    pub role: Role,
    /// Its bytes, delimiters included.
    pub range: Range<usize>,
}

/// A mark that starts a line and is closed on a later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongMark {
    /// What it does.
    pub role: Role,
    /// What closes it.
    pub close: &'static str,
}

type Delimiters = (&'static str, &'static str);

const DELIMITERS: [Delimiters; 4] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")];

/// All marks of a text, in order.
pub fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    // Delimiters that are not closed any more are not looked for again: hostile lines hold thousands.
    let mut open = DELIMITERS.to_vec();
    let mut at = 0;
    while let Some(found) = text[at..].find(['{', '<', '@', '%']) {
        let start = at + found;
        let mark = delimited(text, start, &mut open).or_else(|| placeholder(text, start));
        at = mark.as_ref().map_or(start + 1, |mark| mark.range.end);
        marks.extend(mark);
    }
    marks
}

/// The mark that a line starts and does not close.
pub fn long_mark(line: &str) -> Option<LongMark> {
    let line = line.trim_start();
    let &(open, close) = DELIMITERS.iter().find(|(open, _)| line.starts_with(open))?;
    let body = &line[open.len()..];
    (!body.contains(close)).then(|| LongMark {
        role: role(open, body),
        close,
    })
}

/// Whether a line holds marks and nothing else.
pub fn is_only_marks(line: &str, marks: &[Mark]) -> bool {
    let starts = marks
        .iter()
        .map(|mark| mark.range.start)
        .chain([line.len()]);
    let ends = [0]
        .into_iter()
        .chain(marks.iter().map(|mark| mark.range.end));
    !marks.is_empty()
        && ends
            .zip(starts)
            .all(|(end, start)| line[end..start].trim().is_empty())
}

/// A line without the marks that stand before it and put nothing in; where there are such, also without
/// those behind it.
pub fn bare(line: &str, mut marks: &[Mark]) -> Range<usize> {
    let (mut start, mut end) = (0, line.len());
    while let [first, rest @ ..] = marks
        && first.role != Role::Fill
        && first.range.start == start
    {
        start = first.range.end;
        marks = rest;
    }
    while start > 0
        && let [rest @ .., last] = marks
        && last.role != Role::Fill
        && line[last.range.end..end].trim().is_empty()
    {
        end = last.range.start;
        marks = rest;
    }
    start..end
}

fn delimited(text: &str, start: usize, open: &mut Vec<Delimiters>) -> Option<Mark> {
    let kind = open
        .iter()
        .position(|(open, _)| text[start..].starts_with(open))?;
    let (opening, close) = open[kind];
    let body = &text[start + opening.len()..];
    let Some(length) = body.find(close) else {
        open.remove(kind);
        return None;
    };
    Some(Mark {
        role: role(opening, &body[..length]),
        range: start..start + opening.len() + length + close.len(),
    })
}

/// `@NAME@`, `%NAME%` or `%%NAME%%`. Names of two letters may be the escapes of a URL: `%AB%CD`.
fn placeholder(text: &str, start: usize) -> Option<Mark> {
    let rest = &text[start..];
    let delimiter = ["@", "%%", "%"]
        .into_iter()
        .find(|delimiter| rest.starts_with(delimiter))?;
    let name = &rest[delimiter.len()..];
    let length = name
        .find(|char: char| !char.is_ascii_uppercase() && !char.is_ascii_digit() && char != '_')
        .unwrap_or(name.len());
    let is_name = length > 2 && !name.starts_with(|char: char| char.is_ascii_digit());
    (is_name && name[length..].starts_with(delimiter)).then(|| Mark {
        role: Role::Fill,
        range: start..start + length + 2 * delimiter.len(),
    })
}

fn role(open: &str, body: &str) -> Role {
    // The signs that take away the white space around a mark.
    let body = body.trim_matches(['-', '+', '~']).trim();
    match open {
        "{%" => jinja(body),
        "{{" => go(body),
        "<%" => ruby(body),
        _ => Role::Control,
    }
}

fn jinja(body: &str) -> Role {
    match first_word(body) {
        "set" if body.contains('=') => Role::Control,
        "autoescape" | "block" | "call" | "filter" | "for" | "if" | "macro" | "raw" | "set"
        | "trans" | "with" => Role::Open,
        word if word.starts_with("end") => Role::Close,
        _ => Role::Control,
    }
}

/// Go's actions; Jinja's expressions have the same delimiters, and `range(…)` is one of them.
fn go(body: &str) -> Role {
    match body.split_whitespace().next().unwrap_or_default() {
        "if" | "range" | "with" | "define" | "block" => Role::Open,
        "end" => Role::Close,
        "else" => Role::Control,
        _ if body.starts_with("/*") || body.contains(":=") => Role::Control,
        _ => Role::Fill,
    }
}

/// ERB and EPP.
fn ruby(body: &str) -> Role {
    if body.starts_with('=') {
        return Role::Fill;
    }
    let opens = body.ends_with(['{', '|']) || body.ends_with(" do");
    match first_word(body) {
        "end" => Role::Close,
        _ if body.starts_with('}') && !opens => Role::Close,
        _ if body.starts_with(['}', '#']) => Role::Control,
        "if" | "unless" | "case" | "while" | "until" | "for" | "begin" => Role::Open,
        _ if opens => Role::Open,
        _ => Role::Control,
    }
}

fn first_word(body: &str) -> &str {
    let end = body.find(|char: char| !char.is_alphanumeric() && char != '_');
    &body[..end.unwrap_or(body.len())]
}
