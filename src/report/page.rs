//! The files that findings point into, as they may be shown: lines, columns, and what of them is secret.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::finding::{Edit, Finding};
use crate::report::plan::Plan;
use crate::report::secrets::everywhere::Everywhere;
use crate::report::secrets::{self, Masked};
use crate::report::withheld::Withheld;
use crate::report::{Report, places};
use crate::source::secret::is_secret;
use crate::source::{Cell, FileId, Place, Position};

/// So many secrets are looked up per place; more would only slow down hostile input.
const SECRETS_PER_PLACE: usize = 32;

/// So many bytes before and behind an edit show whether it writes a secret.
const AROUND: usize = 4096;

/// How many bytes lie between two counts of characters.
const STRIDE: usize = 4096;

/// Every file that a finding of a report points into.
pub struct Pages<'a> {
    of: BTreeMap<FileId, Page<'a>>,
    /// What any text may repeat.
    everywhere: Option<&'a Everywhere>,
}

/// One file, or lines made of the cells of one database record.
pub struct Page<'a> {
    /// The text, and what of it must not be shown.
    pub masked: Masked<Cow<'a, str>>,
    /// Where each line starts.
    lines: Vec<usize>,
    /// The number of characters before every [`STRIDE`]-th byte.
    characters: Vec<usize>,
}

impl<'a> Pages<'a> {
    pub fn of(report: &'a Report<'a>) -> Self {
        let found = report
            .findings
            .iter()
            .flat_map(|reported| places(&reported.finding));
        let planned = report.plan.iter().flat_map(Plan::places);
        let files: BTreeSet<FileId> = found.chain(planned).map(|place| place.file).collect();
        let everywhere = report.plan.as_ref().map(|plan| &plan.hidden);
        let page = |file: FileId| Page::of_file(&report.sources.get(file).text, everywhere);
        Self {
            of: files.into_iter().map(|file| (file, page(file))).collect(),
            everywhere,
        }
    }

    pub fn page(&self, file: FileId) -> &Page<'a> {
        &self.of[&file]
    }

    /// The text at a place without its secrets, cut behind `limit` characters.
    pub fn excerpt(&self, place: &Place, limit: usize) -> String {
        if let Some(text) = logged(place) {
            return cut(&masked_cell(place, text), clamp(text, place), limit);
        }
        let masked = &self.page(place.file).masked;
        cut(masked, clamp(&masked.text, place), limit)
    }

    /// The secrets in the lines that a finding points at: its message may quote them.
    pub fn withheld(&self, finding: &Finding) -> Withheld<'a> {
        let values = places(finding).flat_map(|place| self.secrets_at(place));
        Withheld::new(values.collect(), self.everywhere)
    }

    fn secrets_at(&self, place: &Place) -> Vec<String> {
        if let Some(secrets) = in_cell(place) {
            return secrets;
        }
        let page = self.page(place.file);
        let span = clamp(&page.masked.text, place);
        let first = page.line(page.line_at(span.start));
        let last = page.line(page.line_at(span.end));
        quotable(page.masked.values(first.start..last.end))
    }

    /// What an edit writes; `None` where that is a secret, or holds what is `withheld`. Anything written instead of it
    /// would end up in the file.
    pub fn replacement<'e>(&self, edit: &'e Edit, withheld: &Withheld) -> Option<&'e str> {
        let replacement = edit.replacement.as_str();
        let reveals = !replacement.is_empty()
            && (withheld.mask(replacement) != replacement
                || self.page(edit.place.file).writes_secret(edit));
        (!reveals).then_some(replacement)
    }
}

impl<'a> Page<'a> {
    fn of_file(text: &'a str, everywhere: Option<&Everywhere>) -> Self {
        let line_ends = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let lines = [0]
            .into_iter()
            .chain(line_ends.map(|(at, _)| at + 1))
            .collect();
        let masked = Masked::new(Cow::Borrowed(text));
        let masked = match everywhere {
            Some(everywhere) => masked.without(everywhere),
            None => masked,
        };
        Self::new(masked, lines)
    }

    /// Lines of a database record, one for each place, and where each place came to lie. For a database log, whose
    /// bytes say nothing to a reader.
    pub fn of_cells<'p>(places: impl Iterator<Item = &'p Place>) -> (Self, Vec<Range<usize>>) {
        let (mut text, mut hidden, mut lines) = (String::new(), Vec::new(), Vec::new());
        let mut line_of: BTreeMap<&Cell, usize> = BTreeMap::new();
        let mut spans = Vec::new();
        for place in places {
            let Some(cell) = place.cell.as_deref() else {
                continue;
            };
            let (name, separator, value) = parts(cell);
            let start = *line_of.entry(cell).or_insert_with(|| {
                let start = text.len();
                text.extend([&name, separator, value, "\n"]);
                let behind = start + name.len() + separator.len();
                hidden.extend(masked_cell(place, value).shifted(behind));
                lines.push(start);
                start
            });
            spans.push(if value.is_empty() {
                start..start + name.len()
            } else {
                let span = clamp(value, place);
                let behind = start + name.len() + separator.len();
                behind + span.start..behind + span.end
            });
        }
        (
            Self::new(Masked::known(Cow::Owned(text), hidden), lines),
            spans,
        )
    }

    fn new(masked: Masked<Cow<'a, str>>, lines: Vec<usize>) -> Self {
        let mut characters = Vec::from([0]);
        for stride in masked.text.as_bytes().chunks(STRIDE) {
            characters.push(characters.last().copied().unwrap_or(0) + count_characters(stride));
        }
        Self {
            masked,
            lines,
            characters,
        }
    }

    /// Whether a secret is what an edit writes, because of what it replaces or of the line around it.
    fn writes_secret(&self, edit: &Edit) -> bool {
        let text = &*self.masked.text;
        let replaced = clamp(text, &edit.place);
        let first = self.line(self.line_at(replaced.start)).start;
        let indented = &text[first..replaced.start];
        let content = first + indented.len() - indented.trim_start().len();
        // A secret begins its line where it carries on the value of the lines above.
        if self.masked.hides(replaced.start) || self.masked.hides(content) {
            return true;
        }
        let last = self.line(self.line_at(replaced.end)).end;
        let before = text.floor_char_boundary(first.max(replaced.start.saturating_sub(AROUND)));
        let after = text
            .floor_char_boundary(last.min(replaced.end + AROUND))
            .max(replaced.end);
        let mut line = text[before..replaced.start].to_owned();
        let start = line.len();
        line += &edit.replacement;
        let written = start..line.len();
        line += &text[replaced.end..after];
        Masked::new(line.as_str()).values(written).next().is_some()
    }

    /// The number, from 0, of the line that holds an offset.
    pub fn line_at(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|&start| start <= offset)
            .saturating_sub(1)
    }

    /// The bytes of a line, without its end.
    pub fn line(&self, number: usize) -> Range<usize> {
        let text = &*self.masked.text;
        let start = self.lines.get(number).copied().unwrap_or(text.len());
        let end = self.lines.get(number + 1).copied().unwrap_or(text.len());
        let line = &text[start..end];
        let content = line
            .strip_suffix('\n')
            .map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        start..start + content.len()
    }

    /// How many lines there are to show; what follows the last line end is one only where it is not empty.
    pub fn line_count(&self) -> usize {
        let open = self
            .lines
            .last()
            .is_some_and(|&start| start < self.masked.text.len());
        self.lines.len() - usize::from(!open && self.lines.len() > 1)
    }

    /// Line and column of an offset, as [`crate::source::Source::position`] has them, in constant time.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_at(offset);
        let column = self.characters_before(offset) - self.characters_before(self.lines[line]);
        let count = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
        Position {
            line: count(line),
            column: count(column),
        }
    }

    fn characters_before(&self, offset: usize) -> usize {
        let stride = offset / STRIDE;
        let rest = &self.masked.text.as_bytes()[stride * STRIDE..offset];
        self.characters[stride] + count_characters(rest)
    }
}

/// A place's bytes, moved inwards to what the text has.
pub fn clamp(text: &str, place: &Place) -> Range<usize> {
    let boundary = |offset: u32| text.floor_char_boundary(offset as usize);
    let start = boundary(place.span.start);
    start..boundary(place.span.end).max(start)
}

/// Whether a place has to be shown by its cell: there is no text of a file to show.
pub fn needs_cell(place: &Place, page: &Page) -> bool {
    let no_text = page.masked.text.is_empty();
    place
        .cell
        .as_deref()
        .is_some_and(|cell| cell.text.is_some() || no_text)
}

/// The value of a cell that only a database log holds.
fn logged(place: &Place) -> Option<&str> {
    place.cell.as_deref().and_then(|cell| cell.text.as_deref())
}

fn count_characters(bytes: &[u8]) -> usize {
    // A continuation byte of UTF-8 starts no character.
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

/// Name, separator and value, as in `ovs-vsctl list`; of a record as a whole, its name alone.
fn parts(cell: &Cell) -> (String, &'static str, &str) {
    let name = match &cell.key {
        _ if cell.field.is_empty() => return (secrets::mask(&cell.record, &[]), "", ""),
        Some(key) => secrets::mask(&format!("{}:{key}", cell.field), &[]),
        None => cell.field.clone(),
    };
    match cell.text.as_deref() {
        Some(text) => (name, " : ", text),
        None => (name, "", ""),
    }
}

fn masked_cell<'t>(place: &Place, text: &'t str) -> Masked<&'t str> {
    let named = |cell: &Cell| is_secret(&cell.field) || cell.key.as_deref().is_some_and(is_secret);
    if place.cell.as_deref().is_some_and(named) {
        Masked::whole(text)
    } else {
        Masked::new(text)
    }
}

/// The secrets of a cell that only a database log holds; none of another place.
pub fn in_cell(place: &Place) -> Option<Vec<String>> {
    let text = logged(place)?;
    Some(quotable(masked_cell(place, text).all_values()))
}

/// What a message may quote of these secrets.
pub fn quotable<'v>(values: impl Iterator<Item = &'v str>) -> Vec<String> {
    values
        .take(SECRETS_PER_PLACE)
        .flat_map(secrets::quotable)
        .take(4 * SECRETS_PER_PLACE)
        .map(str::to_owned)
        .collect()
}

fn cut<T: AsRef<str>>(masked: &Masked<T>, part: Range<usize>, limit: usize) -> String {
    let mut characters = masked.characters(part).map(|(_, character)| character);
    let mut shown: String = characters.by_ref().take(limit).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}
