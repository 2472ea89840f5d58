//! Tables with headings: `--format=table`, `--format=csv`, `--format=json`, and the dumps made of them.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::source::{Place, Span};

use super::datum::{Datum, Value, Written};
use super::gather::{Block, Gathered, Hint};
use super::lines::{Line, Lines};
use super::{json, names, printed};

/// A table as JSON.
#[derive(Deserialize)]
struct JsonTable<'a> {
    #[serde(borrow, default)]
    caption: Option<Cow<'a, str>>,
    #[serde(borrow)]
    headings: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    data: Vec<Vec<&'a RawValue>>,
}

/// Whether a table as JSON begins this text, on one line or pretty-printed.
pub fn is_json(text: &str) -> bool {
    let Some(rest) = text.trim_start().strip_prefix('{') else {
        return false;
    };
    let rest = rest.trim_start();
    ["\"caption\"", "\"data\"", "\"headings\""]
        .iter()
        .any(|key| rest.starts_with(key))
}

/// Reads tables as JSON, one after the other.
pub fn json(lines: &mut Lines, hint: &Hint, gathered: &mut Gathered) {
    let base = lines.at;
    let rest = lines.rest();
    let mut tables = serde_json::Deserializer::from_str(rest).into_iter::<JsonTable>();
    while let Some(table) = tables.next() {
        match table {
            Ok(table) => json_table(&table, lines.text, hint, gathered),
            Err(error) => {
                let at = base + tables.byte_offset();
                let mut after = Lines {
                    at,
                    ..lines.clone()
                };
                // Between the tables of a saved session stand prompts.
                if after.rest().trim_start().starts_with('{') {
                    let place = Place::text(gathered.file, at..at);
                    gathered.trouble(place, format!("a table that cannot be read: {error}"));
                    after = Lines {
                        at: base,
                        ..lines.clone()
                    };
                    after.by_ref().take(error.line().max(1)).for_each(|_| ());
                }
                lines.at = after.at;
                return;
            }
        }
    }
    lines.at = lines.text.len();
}

fn json_table(table: &JsonTable, text: &str, hint: &Hint, gathered: &mut Gathered) {
    let caption = table
        .caption
        .as_deref()
        .and_then(|caption| caption.strip_suffix(" table"));
    let columns: Vec<Arc<str>> = table
        .headings
        .iter()
        .map(|name| gathered.pool.share(name))
        .collect();
    let offset = |raw: &RawValue| raw.get().as_ptr().addr() - text.as_ptr().addr();
    let mut rows = Vec::new();
    for cells in &table.data {
        let row = columns.iter().zip(cells).map(|(column, raw)| {
            let start = offset(raw);
            let value = json::value(raw.get(), start, &mut gathered.pool);
            let value = value.unwrap_or_else(|| unsure(start..start + raw.get().len()));
            (column.clone(), value)
        });
        rows.push(row.collect());
    }
    let start = table
        .data
        .first()
        .and_then(|row| row.first())
        .map_or(0, |raw| offset(raw));
    gathered.add(Block {
        hint: caption.map_or_else(|| hint.clone(), Hint::of_caption),
        place: Place::text(gathered.file, start..start),
        columns,
        rows,
    });
}

fn unsure(range: std::ops::Range<usize>) -> Value {
    Value {
        datum: Datum::Unsure("not a value as OVSDB writes it"),
        written: Some(Box::new(Written {
            span: Span::new(range),
            parts: Vec::new(),
            places: None,
        })),
    }
}

/// Whether the headings of a table stand here: dashes below every one.
pub fn is_heading(lines: &Lines) -> bool {
    let mut lines = lines.clone();
    let Some((heading, dashes)) = lines.next().zip(lines.next()) else {
        return false;
    };
    let heading = heading.text.trim_end();
    is_rule(dashes.text)
        && ranges(dashes.text).iter().all(|range| {
            let name = heading.get(range.clone().start..range.end.min(heading.len()));
            name.is_some_and(|name| is_name(name.trim_end()))
        })
}

fn is_rule(text: &str) -> bool {
    text.contains("--") && text.bytes().all(|byte| byte == b'-' || byte == b' ')
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The columns of a table: where the dashes are.
fn ranges(dashes: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    for run in dashes.split(' ') {
        if !run.is_empty() {
            ranges.push(at..at + run.len());
        }
        at += run.len() + 1;
    }
    ranges
}

/// Reads a table that is padded with blanks.
pub fn table(lines: &mut Lines, hint: &Hint, gathered: &mut Gathered) {
    let Some((heading, dashes)) = lines.next().zip(lines.next()) else {
        return;
    };
    let ranges = ranges(dashes.text);
    let columns: Vec<Arc<str>> = ranges
        .iter()
        .map(|range| cut(heading.text, range).trim())
        .map(|name| gathered.pool.share(name))
        .collect();
    let mut rows = Vec::new();
    while let Some(line) = lines.peek().filter(|line| !line.text.trim().is_empty()) {
        // Rows are not told from what follows by anything else than their first cell.
        if &*columns[0] == "_uuid" && !cut(line.text, &ranges[0]).contains('-') {
            break;
        }
        lines.next();
        // So that no row costs more than its own length.
        if ranges
            .last()
            .is_none_or(|last| line.text.len() <= last.start)
        {
            let place = Place::text(gathered.file, line.start..line.start);
            gathered.trouble(place, printed::BARE);
            continue;
        }
        let mut row = Vec::new();
        for (at, (column, range)) in columns.iter().zip(&ranges).enumerate() {
            let end = if at + 1 == ranges.len() {
                line.text.len()
            } else {
                range.end
            };
            let text = cut(line.text, &(range.start..end));
            let start = line.start + range.start.min(line.text.len());
            row.push((
                column.clone(),
                printed::value(text, start, &mut gathered.pool),
            ));
        }
        rows.push(row);
    }
    add(heading, hint, columns, rows, gathered);
}

/// A part of a line, as far as the line goes.
fn cut<'a>(line: &'a str, range: &std::ops::Range<usize>) -> &'a str {
    let end = range.end.min(line.len());
    line.get(range.start.min(end)..end).unwrap_or("")
}

/// Whether the headings of a table as CSV stand here.
pub fn is_csv_heading(text: &str, hint: &Hint) -> bool {
    let names: Vec<&str> = text.split(',').collect();
    if names.len() < 2 || !names.iter().all(|name| is_name(name)) {
        return false;
    }
    names[0] == "_uuid"
        || !hint.tables.is_empty()
        || (names.len() > 2 && names::whose(&names, &[]).is_some())
}

/// Reads a table as CSV.
pub fn csv(lines: &mut Lines, hint: &Hint, gathered: &mut Gathered) {
    let Some(heading) = lines.next() else { return };
    let columns: Vec<Arc<str>> = heading
        .text
        .trim()
        .split(',')
        .map(|name| gathered.pool.share(name))
        .collect();
    let mut rows = Vec::new();
    while let Some(line) = lines.peek().filter(|line| !line.text.trim().is_empty()) {
        let fields = fields(line.text);
        if fields.len() != columns.len() {
            break;
        }
        lines.next();
        let row = columns.iter().zip(fields).map(|(column, field)| {
            let value = csv_value(line, &field, gathered);
            (column.clone(), value)
        });
        rows.push(row.collect());
    }
    add(heading, hint, columns, rows, gathered);
}

fn add(
    heading: Line,
    hint: &Hint,
    columns: Vec<Arc<str>>,
    rows: Vec<Vec<(Arc<str>, Value)>>,
    gathered: &mut Gathered,
) {
    let range = heading.start..heading.start + heading.text.len();
    gathered.add(Block {
        hint: hint.clone(),
        place: Place::text(gathered.file, range),
        columns,
        rows,
    });
}

/// The fields of a line of CSV, without the quotes around them.
fn fields(line: &str) -> Vec<std::ops::Range<usize>> {
    let bytes = line.as_bytes();
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let quoted = bytes.get(at) == Some(&b'"');
        let start = at + usize::from(quoted);
        let mut end = start;
        if quoted {
            // A doubled quote is one quote of the content.
            while end < bytes.len() && (bytes[end] != b'"' || bytes.get(end + 1) == Some(&b'"')) {
                end += if bytes[end] == b'"' { 2 } else { 1 };
            }
            at = (end + 1).min(bytes.len());
        } else {
            end += line[start..].find(',').unwrap_or(line.len() - start);
            at = end;
        }
        fields.push(start..end.min(bytes.len()));
        if bytes.get(at) != Some(&b',') {
            return fields;
        }
        at += 1;
    }
}

fn csv_value(line: Line, field: &std::ops::Range<usize>, gathered: &mut Gathered) -> Value {
    let raw = &line.text[field.clone()];
    let start = line.start + field.start;
    if !raw.contains("\"\"") {
        return printed::value(raw, start, &mut gathered.pool);
    }
    let mut value = printed::value(&raw.replace("\"\"", "\""), 0, &mut gathered.pool);
    // Where each byte of the content stands in the line: a quote stands there twice, or alone in a field without quotes.
    let mut places: Vec<usize> = Vec::with_capacity(raw.len() + 1);
    let mut bytes = raw.bytes().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        places.push(at);
        if byte == b'"' {
            bytes.next_if(|&(_, next)| next == b'"');
        }
    }
    places.push(raw.len());
    let moved = |span: Span| {
        let range = span.range();
        Span::new(start + places[range.start]..start + places[range.end])
    };
    if let Some(written) = &mut value.written {
        written.span = moved(written.span);
        for part in &mut written.parts {
            *part = moved(*part);
        }
    }
    value
}
