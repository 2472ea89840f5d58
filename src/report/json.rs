//! The report for programs: JSON, version 1. Fields are only ever added.

mod plan;

use serde::Serialize;

use crate::finding::{Edit, Fix};
use crate::report::json::plan::PlanObject;
use crate::report::page::{self, Pages};
use crate::report::withheld::Withheld;
use crate::report::{Report, Reported, Row, State, Status, escape, fingerprint, tally};
use crate::source::{Place, Sources};

/// A place's text is cut behind so many characters.
const TEXT_LIMIT: usize = 300;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Vec<FindingObject<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Vec<RowObject<'a>>>,
    ages: Vec<AgeObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PlanObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    division: Option<DivisionObject<'a>>,
    summary: Summary,
}

/// The sites that lie side by side, and why they are several.
#[derive(Serialize)]
struct DivisionObject<'a> {
    directories: &'a [String],
    sentence: &'a str,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct FindingObject<'a> {
    lint: &'a str,
    level: &'static str,
    status: &'static str,
    subject: String,
    message: String,
    help: &'a str,
    nodes: Vec<String>,
    possible_nodes: Vec<String>,
    places: Vec<PlaceObject<'a>>,
    fix: Option<FixObject<'a>>,
    fingerprint: String,
}

/// Only places of findings have a label.
#[derive(Serialize)]
pub struct PlaceObject<'a> {
    file: &'a str,
    #[serde(flatten)]
    position: Option<PositionObject>,
    #[serde(flatten)]
    cell: Option<CellObject<'a>>,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
}

#[derive(Serialize)]
struct PositionObject {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct CellObject<'a> {
    table: &'a str,
    record: String,
    field: &'a str,
    key: Option<&'a str>,
}

#[derive(Serialize)]
struct FixObject<'a> {
    safe: bool,
    edits: Vec<EditObject<'a>>,
    commands: Vec<String>,
    disrupts: Vec<String>,
}

#[derive(Serialize)]
struct EditObject<'a> {
    file: &'a str,
    #[serde(flatten)]
    position: PositionObject,
    replacement: &'a str,
}

#[derive(Serialize)]
struct RowObject<'a> {
    lint: &'a str,
    state: &'static str,
    needs: &'a str,
    count: usize,
    nodes: &'a [String],
}

#[derive(Serialize)]
struct AgeObject<'a> {
    file: &'a str,
    node: Option<&'a str>,
    newest: u64,
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    note: usize,
    files: usize,
    nodes: usize,
    allowed: usize,
    baseline: usize,
}

/// The whole report, with a line end behind it.
pub fn render(report: &Report) -> String {
    let pages = Pages::of(report);
    let document = Document {
        findings: Some(finding_objects(report, &pages).collect()),
        ..around(report, &pages)
    };
    let written =
        serde_json::to_string_pretty(&document).expect("strings and numbers always become JSON");
    escape::json(&written) + "\n"
}

/// Each finding on a line, and behind them all else that the report says on one.
pub fn render_lines(report: &Report) -> String {
    let pages = Pages::of(report);
    let mut out = String::new();
    for finding in finding_objects(report, &pages) {
        write_line(&mut out, &finding);
    }
    write_line(&mut out, &around(report, &pages));
    out
}

fn write_line(out: &mut String, object: &impl Serialize) {
    let written = serde_json::to_string(object).expect("strings and numbers always become JSON");
    out.push_str(&escape::json(&written));
    out.push('\n');
}

fn finding_objects<'a>(
    report: &'a Report,
    pages: &Pages,
) -> impl Iterator<Item = FindingObject<'a>> {
    let findings = report.findings.iter();
    findings.map(|reported| finding_object(report.sources, reported, pages))
}

/// The report without its findings.
fn around<'a>(report: &'a Report<'a>, pages: &Pages<'a>) -> Document<'a> {
    let tally = tally(&report.findings);
    Document {
        version: 1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        findings: None,
        coverage: report
            .coverage
            .as_ref()
            .map(|rows| rows.iter().map(row_object).collect()),
        ages: report
            .ages
            .iter()
            .flatten()
            .map(|age| AgeObject {
                file: &report.sources.get(age.file).path,
                node: age.node.as_deref(),
                newest: age.newest,
            })
            .collect(),
        plan: report
            .plan
            .as_ref()
            .map(|planned| plan::object(planned, report.sources, pages)),
        division: report.division.as_ref().map(|division| DivisionObject {
            directories: &division.directories,
            sentence: &division.sentence,
        }),
        summary: Summary {
            error: tally.errors,
            warning: tally.warnings,
            note: tally.notes,
            files: report.files,
            nodes: report.nodes,
            allowed: report.silenced.allowed,
            baseline: report.silenced.baseline,
        },
    }
}

fn finding_object<'a>(
    sources: &'a Sources,
    reported: &'a Reported,
    pages: &Pages,
) -> FindingObject<'a> {
    let finding = &reported.finding;
    let withheld = pages.withheld(finding);
    let clean = |text: &str| withheld.mask(text);
    FindingObject {
        lint: reported.lint,
        level: finding.level.name(),
        status: match reported.status {
            Status::Introduced => "introduced",
            Status::Present => "present",
            Status::Resolved => "resolved",
        },
        subject: clean(&finding.subject),
        message: clean(&finding.message),
        help: reported.help.trim(),
        nodes: finding.nodes.iter().map(|node| clean(node)).collect(),
        possible_nodes: finding
            .possible_nodes
            .iter()
            .map(|node| clean(node))
            .collect(),
        places: finding
            .labels
            .iter()
            .map(|label| PlaceObject {
                label: Some(clean(&label.text)),
                ..place_object(sources, &label.place, pages, &clean)
            })
            .collect(),
        fix: finding
            .fix
            .as_ref()
            .map(|fix| fix_object(sources, fix, pages, &withheld)),
        fingerprint: fingerprint(sources, reported, &clean(&finding.subject)),
    }
}

fn place_object<'a>(
    sources: &'a Sources,
    place: &'a Place,
    pages: &Pages,
    clean: &dyn Fn(&str) -> String,
) -> PlaceObject<'a> {
    let cell = place.cell.as_deref().map(|cell| CellObject {
        table: &cell.table,
        record: clean(&cell.record),
        field: &cell.field,
        key: cell.key.as_deref(),
    });
    let has_position = !page::needs_cell(place, pages.page(place.file));
    PlaceObject {
        file: &sources.get(place.file).path,
        position: has_position.then(|| position_object(place, pages)),
        cell,
        text: pages.excerpt(place, TEXT_LIMIT),
        label: None,
    }
}

fn position_object(place: &Place, pages: &Pages) -> PositionObject {
    let page = pages.page(place.file);
    let span = page::clamp(&page.masked.text, place);
    let (start, end) = (page.position(span.start), page.position(span.end));
    PositionObject {
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// An edit that would write a secret is left out; without it the others may be no step forward.
fn fix_object<'a>(
    sources: &'a Sources,
    fix: &'a Fix,
    pages: &Pages,
    withheld: &Withheld,
) -> FixObject<'a> {
    let clean = |text: &str| withheld.mask(text);
    let edit = |edit: &'a Edit| {
        let replacement = pages.replacement(edit, withheld)?;
        Some(EditObject {
            file: &sources.get(edit.place.file).path,
            position: position_object(&edit.place, pages),
            replacement,
        })
    };
    let edits: Vec<EditObject> = fix.edits.iter().filter_map(edit).collect();
    FixObject {
        safe: fix.safe && edits.len() == fix.edits.len(),
        edits,
        commands: fix
            .commands
            .iter()
            .map(|command| clean(&command.line))
            .collect(),
        disrupts: fix
            .commands
            .iter()
            .map(|command| clean(&command.disrupts))
            .collect(),
    }
}

fn row_object(row: &Row) -> RowObject<'_> {
    RowObject {
        lint: row.lint,
        state: match row.state {
            State::Checked => "checked",
            State::NotApplicable => "not_applicable",
            State::Unknown => "unknown",
        },
        needs: row.needs,
        count: row.count,
        nodes: &row.nodes,
    }
}
