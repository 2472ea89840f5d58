//! A finding as the line formats need it: its words and places without secrets, not yet escaped.

use std::fmt::Write;

use crate::report::page::{self, Pages};
use crate::report::{Report, Reported, Status, fingerprint, secrets};
use crate::source::{Place, Position, Sources};

/// The text at a place is cut behind so many characters.
const TEXT_LIMIT: usize = 300;

/// A finding without secrets.
pub struct Said<'a> {
    /// The finding itself.
    pub reported: &'a Reported,
    /// What it is about.
    pub subject: String,
    /// What is wrong.
    pub message: String,
    /// Where; the first is where the reader should look first.
    pub places: Vec<Where>,
    /// Who is hit.
    pub nodes: Vec<String>,
    /// Who may be hit.
    pub possible_nodes: Vec<String>,
    /// What identifies it from run to run.
    pub fingerprint: String,
}

/// One place.
pub struct Where {
    /// The path of the file.
    pub path: String,
    /// Start and end, where the file has text to show.
    pub span: Option<(Position, Position)>,
    /// Table, record, column and key, as far as they are known; empty for a place in a file that is no database.
    pub cell: Vec<String>,
    /// What stands there.
    pub label: String,
    /// The text that stands there; empty where there is none to show.
    pub text: String,
}

/// Every finding of a report, in its order.
pub fn all<'a>(report: &'a Report) -> Vec<Said<'a>> {
    let pages = Pages::of(report);
    let findings = report.findings.iter();
    findings
        .map(|reported| said(reported, report.sources, &pages))
        .collect()
}

/// The answer of a plan, without secrets.
pub fn verdict(report: &Report) -> Option<String> {
    let plan = report.plan.as_ref()?;
    Some(plan.secrets().mask_all(&plan.verdict))
}

fn said<'a>(reported: &'a Reported, sources: &Sources, pages: &Pages) -> Said<'a> {
    let finding = &reported.finding;
    let withheld = pages.withheld(finding);
    let clean = |text: &str| withheld.mask(text);
    let places = finding.labels.iter().map(|label| Where {
        label: clean(&label.text),
        ..place_of(&label.place, sources, pages, &clean)
    });
    Said {
        reported,
        subject: clean(&finding.subject),
        message: clean(&finding.message),
        places: places.collect(),
        nodes: finding.nodes.iter().map(|node| clean(node)).collect(),
        possible_nodes: finding
            .possible_nodes
            .iter()
            .map(|node| clean(node))
            .collect(),
        fingerprint: fingerprint(sources, reported, &clean(&finding.subject)),
    }
}

fn place_of(
    place: &Place,
    sources: &Sources,
    pages: &Pages,
    clean: &dyn Fn(&str) -> String,
) -> Where {
    let page = pages.page(place.file);
    let has_text = !page::needs_cell(place, page) && !page.masked.text.is_empty();
    let span = has_text.then(|| {
        let span = page::clamp(&page.masked.text, place);
        (page.position(span.start), page.position(span.end))
    });
    let cell = place.cell.as_deref().map_or(Vec::new(), |cell| {
        let parts = [&cell.table, &cell.record, &cell.field];
        let parts = parts.into_iter().chain(&cell.key);
        let parts = parts.filter(|part| !part.is_empty());
        parts.map(|part| clean(part)).collect()
    });
    Where {
        path: secrets::mask(&sources.get(place.file).path, &[]),
        span,
        cell,
        label: String::new(),
        text: pages.excerpt(place, TEXT_LIMIT),
    }
}

impl Said<'_> {
    /// ` (new)`, ` (resolved)`, or nothing.
    pub fn status(&self) -> &'static str {
        match self.reported.status {
            Status::Introduced => " (new)",
            Status::Present => "",
            Status::Resolved => " (resolved)",
        }
    }

    /// What to do, in general, on one line.
    pub fn help(&self) -> String {
        let words: Vec<&str> = self.reported.help.split_whitespace().collect();
        words.join(" ")
    }

    /// Whether it still holds.
    pub fn holds(&self) -> bool {
        self.reported.status != Status::Resolved
    }

    /// `error[management_captured]`, and what the change has to do with it.
    pub fn title(&self) -> String {
        let level = self.reported.finding.level.name();
        format!("{level}[{}]{}", self.reported.lint, self.status())
    }

    /// What is wrong, and, for readers that know lines of files alone, in which record of a database.
    pub fn message_with_record(&self) -> String {
        let first = self.places.first();
        match first.filter(|place| place.span.is_none() && !place.cell.is_empty()) {
            Some(place) => format!("{} ({})", self.message, place.cell.join("/")),
            None => self.message.clone(),
        }
    }
}

impl Where {
    /// `path:line:column`; of a place in a database, `path: Table/record/column`.
    pub fn location(&self) -> String {
        let mut location = self.path.clone();
        if let Some((start, _)) = self.span {
            write!(location, ":{}:{}", start.line, start.column)
                .expect("a string takes all that is written");
        } else if !self.cell.is_empty() {
            location += ": ";
            location += &self.cell.join("/");
        }
        location
    }
}
