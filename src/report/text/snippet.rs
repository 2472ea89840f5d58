//! The places of a finding as snippets of their files, drawn by miette.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::ops::Range;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use crate::finding::{Finding, Label};
use crate::report::escape;
use crate::report::page::{self, Page, Pages};
use crate::report::secrets;
use crate::report::text::excerpt::{CONTEXT, Excerpt};
use crate::report::text::{Colour, fill};
use crate::source::{FileId, Place, Sources};

/// So many snippets are drawn for one finding; further places are listed.
const SNIPPETS: usize = 4;

/// So many labels are drawn in one snippet; further places are listed.
const LABELS: usize = 8;

/// So many further places are listed.
const FURTHER: usize = 20;

/// Columns left of a source line: number, bars and blanks.
const GUTTER: usize = 12;

/// How to draw.
#[derive(Clone, Copy)]
pub struct Look {
    /// With or without colour.
    pub colour: Colour,
    /// Columns of the terminal.
    pub width: usize,
}

impl Look {
    /// On so many columns, but never on fewer than a sentence needs.
    pub fn of(colour: Colour, width: usize) -> Self {
        Self {
            colour,
            width: width.max(40),
        }
    }
}

/// The labels that share a snippet: those in one file, or in one record of a database.
struct Group<'a> {
    file: FileId,
    record: Option<(&'a str, &'a str)>,
    labels: Vec<&'a Label>,
}

/// What miette is given: nothing but the labels, since the words around are ours.
#[derive(Debug)]
struct Snippet {
    excerpt: Excerpt,
    labels: Vec<LabeledSpan>,
}

/// Draws every place of a finding; `clean` makes its words fit to print.
pub fn render(
    finding: &Finding,
    pages: &Pages,
    sources: &Sources,
    look: Look,
    clean: &dyn Fn(&str) -> String,
) -> String {
    let groups = groups(finding, pages);
    let mut drawn = String::new();
    let mut further = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        if number >= SNIPPETS {
            further.extend(&group.labels);
            continue;
        }
        if number == 1 {
            drawn.push_str("  see also:\n");
        }
        let path = shown_path(&sources.get(group.file).path);
        let page = pages.page(group.file);
        let shown = &group.labels[..group.labels.len().min(LABELS)];
        further.extend(&group.labels[shown.len()..]);
        drawn.push_str(&match group.record {
            Some((table, record)) => record_snippet(
                &format!("{path}: table {table}, record {record}"),
                shown,
                look,
                clean,
            ),
            None if page.masked.text.is_empty() => bare(&path, shown, look, clean),
            None => file_snippet(&path, page, shown, look, clean),
        });
    }
    list(&mut drawn, &further, pages, sources, clean);
    drawn
}

/// A path as a text report shows it.
pub fn shown_path(path: &str) -> String {
    escape::terminal(&secrets::mask(path, &[])).into_owned()
}

/// Where a label lies, on one line.
pub fn location(place: &Place, pages: &Pages, sources: &Sources) -> String {
    let path = shown_path(&sources.get(place.file).path);
    let page = pages.page(place.file);
    if page::needs_cell(place, page) {
        let cell = place
            .cell
            .as_deref()
            .expect("a place that needs its cell has one");
        return shown_path(&format!(
            "{path}: table {}, record {}",
            cell.table, cell.record
        ));
    }
    if page.masked.text.is_empty() {
        return path;
    }
    let position = page.position(page::clamp(&page.masked.text, place).start);
    format!("{path}:{}:{}", position.line, position.column)
}

fn groups<'a>(finding: &'a Finding, pages: &Pages) -> Vec<Group<'a>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known = BTreeMap::new();
    for label in &finding.labels {
        let file = label.place.file;
        let cell = label
            .place
            .cell
            .as_deref()
            .filter(|_| page::needs_cell(&label.place, pages.page(file)));
        let record = cell.map(|cell| (cell.table.as_str(), cell.record.as_str()));
        let at = *known.entry((file, record)).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Group {
                file,
                record,
                labels: Vec::new(),
            });
        }
        groups[at].labels.push(label);
    }
    groups
}

fn file_snippet(
    path: &str,
    page: &Page,
    labels: &[&Label],
    look: Look,
    clean: &dyn Fn(&str) -> String,
) -> String {
    let spans: Vec<_> = labels
        .iter()
        .map(|label| page::clamp(&page.masked.text, &label.place))
        .collect();
    let heading = |offset: usize| {
        let position = page.position(offset);
        format!("{path}:{}:{}", position.line, position.column)
    };
    let columns = look.width.saturating_sub(GUTTER).max(40);
    let (excerpt, spans) = Excerpt::new(page, &spans, columns, heading);
    draw(excerpt, labels.iter().zip(spans), look, clean)
}

fn record_snippet(
    name: &str,
    labels: &[&Label],
    look: Look,
    clean: &dyn Fn(&str) -> String,
) -> String {
    let (page, spans) = Page::of_cells(labels.iter().map(|label| &label.place));
    let columns = look.width.saturating_sub(GUTTER).max(40);
    let (excerpt, spans) = Excerpt::new(&page, &spans, columns, |_| shown_path(name));
    draw(excerpt, labels.iter().zip(spans), look, clean)
}

/// A file of which nothing can be shown but its name.
fn bare(path: &str, labels: &[&Label], look: Look, clean: &dyn Fn(&str) -> String) -> String {
    let mut drawn = format!("   ╭─[{path}]\n");
    for label in labels {
        let text = clean(&label.text);
        for line in fill(
            &text,
            look.width.saturating_sub(5),
            look.width.saturating_sub(5),
        ) {
            writeln!(drawn, "   │ {line}").expect("a string takes all that is written");
        }
    }
    drawn.push_str("   ╰────\n");
    drawn
}

fn draw<'a>(
    excerpt: Excerpt,
    labels: impl Iterator<Item = (&'a &'a Label, Range<usize>)>,
    look: Look,
    clean: &dyn Fn(&str) -> String,
) -> String {
    let labels = labels.enumerate().map(|(number, (label, span))| {
        let left = excerpt.column(span.start + span.len() / 2) + GUTTER;
        let room = look.width.saturating_sub(left).max(24);
        let text = fill(&clean(&label.text), room, room).join("\n");
        match number {
            0 => LabeledSpan::new_primary_with_span(Some(text), span),
            _ => LabeledSpan::new_with_span(Some(text), span),
        }
    });
    let labels = labels.collect();
    let theme = match look.colour {
        Colour::Plain => GraphicalTheme::unicode_nocolor(),
        Colour::Ansi => GraphicalTheme::unicode(),
    };
    // The headings carry line and column: miette counts columns in bytes.
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_context_lines(CONTEXT)
        .without_primary_span_start()
        .without_syntax_highlighting();
    let mut drawn = String::new();
    handler
        .render_report(&mut drawn, &Snippet { excerpt, labels })
        .expect("every label lies in the excerpt that was made for it");
    // miette opens with a line for the message, which stands above already.
    let (_, snippet) = drawn.split_once('\n').unwrap_or_default();
    snippet
        .lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect()
}

fn list(
    drawn: &mut String,
    further: &[&Label],
    pages: &Pages,
    sources: &Sources,
    clean: &dyn Fn(&str) -> String,
) {
    for label in further.iter().take(FURTHER) {
        let location = location(&label.place, pages, sources);
        writeln!(drawn, "  also {location}: {}", clean(&label.text))
            .expect("a string takes all that is written");
    }
    if let Some(left) = further.len().checked_sub(FURTHER + 1) {
        writeln!(drawn, "  and {} more places", left + 1)
            .expect("a string takes all that is written");
    }
}

impl fmt::Display for Snippet {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet {}

impl Diagnostic for Snippet {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
