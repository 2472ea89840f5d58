//! The lines of units, handed to `rust-ini` one clean line per assignment.
//!
//! `rust-ini` splits sections, keys and values. It has no positions, takes a line without `=` into the next key
//! and an indented comment for a key; so the lines are put in order first, and each keeps its place.

use std::ops::Range;

use ini::{Ini, ParseOption};

use super::{Unit, UnitEntry, UnitError};
use crate::source::{FileId, Place, Spanned};

/// An assignment as it was found: where it stands, and what it says on a line of its own.
pub struct Assignment {
    /// Empty in an environment file.
    pub section: String,
    /// Where the key stands.
    pub key: Range<usize>,
    /// Where the value stands.
    pub value: Range<usize>,
    /// The value without line breaks.
    pub line: String,
}

/// Lines joined at their trailing backslashes, comments and blank lines left out.
pub struct LogicalLine {
    /// Trimmed.
    pub text: String,
    /// From the first to the last byte that is no blank.
    pub range: Range<usize>,
}

/// The lines as systemd sees them.
pub fn logical(text: &str) -> Vec<LogicalLine> {
    let mut lines = Vec::new();
    let mut pending: Option<LogicalLine> = None;
    for range in physical_lines(text) {
        let line = text[range.clone()].trim_end_matches('\u{feff}');
        let trimmed = line.trim();
        // A comment between continued lines does not end them: systemd.syntax(7).
        if trimmed.starts_with(['#', ';']) || (trimmed.is_empty() && pending.is_none()) {
            continue;
        }
        let start = range.start + (line.len() - line.trim_start().len());
        let mut logical = pending.take().unwrap_or(LogicalLine {
            text: String::new(),
            range: start..start,
        });
        logical.range.end = logical.range.end.max(range.start + line.trim_end().len());
        let Some(part) = continued(line) else {
            logical.text.push_str(line);
            lines.push(logical);
            continue;
        };
        logical.text.push_str(part);
        logical.text.push(' ');
        pending = Some(logical);
    }
    lines.extend(pending);
    for line in &mut lines {
        line.text = line.text.trim().to_owned();
    }
    lines
}

/// The line without the backslash that joins it to the next; `None` where it ends here.
fn continued(line: &str) -> Option<&str> {
    let backslashes = line.len() - line.trim_end_matches('\\').len();
    (backslashes % 2 == 1).then(|| &line[..line.len() - 1])
}

fn physical_lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    text[start..].split(['\n', '\r']).map(move |line| {
        let range = start..start + line.len();
        start = range.end + 1;
        range
    })
}

/// What a line assigns; `None` where systemd ignores it.
pub fn assignment(section: &str, text: &str, line: &LogicalLine) -> Option<Assignment> {
    let (key, value) = line.text.split_once('=')?;
    let key = key.trim_end();
    if !is_name(key) {
        return None;
    }
    let raw = &text[line.range.clone()];
    // The key holds no backslash, so it stands on the first line as it is.
    let behind = line.range.start + raw.find('=')? + 1;
    let rest = text[behind..line.range.end].trim_start();
    Some(Assignment {
        section: section.to_owned(),
        key: line.range.start..line.range.start + key.len(),
        value: line.range.end - rest.len()..line.range.end,
        line: value.trim().to_owned(),
    })
}

/// Whether systemd could know a section or a key by this name.
pub fn is_name(text: &str) -> bool {
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !text.is_empty() && text.bytes().all(in_name)
}

/// Has `rust-ini` read the assignments, and gives each entry its place.
pub fn entries(file: FileId, text: &str, assignments: &[Assignment]) -> Result<Unit, UnitError> {
    let ini = Ini::load_from_str_opt(
        &clean(text, assignments),
        ParseOption {
            enabled_quote: false,
            enabled_escape: false,
            ..ParseOption::default()
        },
    );
    let ini = ini.map_err(|error| UnitError {
        place: Place::file(file),
        message: error.msg.into_owned(),
    })?;
    let read = ini.iter().flat_map(|(section, properties)| {
        let section = section.unwrap_or_default();
        properties
            .iter()
            .map(move |(key, value)| (section, key, value))
    });
    let entries = read
        .zip(assignments)
        .map(|((section, key, value), assignment)| UnitEntry {
            section: section.to_owned(),
            key: Spanned::new(key.to_owned(), Place::text(file, assignment.key.clone())),
            value: Spanned::new(
                value.to_owned(),
                Place::text(file, assignment.value.clone()),
            ),
        });
    Ok(Unit {
        file,
        entries: entries.collect(),
    })
}

fn clean(text: &str, assignments: &[Assignment]) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut section = "";
    for assignment in assignments {
        if assignment.section != section {
            section = &assignment.section;
            clean.extend(["[", section, "]\n"]);
        }
        // The blank keeps a backslash at the end of the value from joining the next line to it.
        clean.extend([&text[assignment.key.clone()], "=", &assignment.line, " \n"]);
    }
    clean
}
