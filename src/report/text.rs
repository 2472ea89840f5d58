//! The report for people, on a terminal or in a log.

mod excerpt;
mod plan;
mod snippet;

use std::fmt::Write;

use crate::finding::words::counted;
use crate::finding::{Fix, Level};
use crate::fix::is_applicable;
use crate::report::escape;
use crate::report::page::Pages;
use crate::report::secrets;
use crate::report::text::snippet::Look;
use crate::report::withheld::Withheld;
use crate::report::{Report, Reported, Row, State, Status, age, tally};

/// So many names are written out in a list of nodes.
const NAMES: usize = 20;

/// Whether the report is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// No escape sequence at all.
    #[default]
    Plain,
    /// The terminal's own sixteen colours.
    Ansi,
}

/// The whole report, for a terminal of `width` columns.
pub fn render(report: &Report, colour: Colour, width: usize) -> String {
    let look = Look::of(colour, width);
    let mut out = answer(report, look);
    write_tail(&mut out, report, look);
    escape::log_commands(out)
}

/// The report without what sums it up: coverage, ages and counts.
pub fn render_findings(report: &Report, colour: Colour, width: usize) -> String {
    escape::log_commands(answer(report, Look::of(colour, width)))
}

fn answer(report: &Report, look: Look) -> String {
    let pages = Pages::of(report);
    let mut out = String::new();
    if let Some(planned) = &report.plan {
        plan::write_answer(&mut out, planned, &report.findings, look);
    }
    for reported in &report.findings {
        write_finding(&mut out, report, reported, &pages, look);
        out.push('\n');
    }
    if let Some(planned) = &report.plan {
        plan::write_way_out(&mut out, planned, look);
    }
    out
}

fn write_tail(out: &mut String, report: &Report, look: Look) {
    if let Some(rows) = &report.coverage {
        write_coverage(out, rows, look);
        for line in report
            .ages
            .iter()
            .flat_map(|ages| age::all(ages, report.sources))
        {
            writeln!(out, "{line}").expect(INFALLIBLE);
        }
        out.push('\n');
    }
    for line in report
        .ages
        .iter()
        .flat_map(|ages| age::lines(ages, report.sources))
    {
        let lines = fill(&line, look.width, look.width.saturating_sub(4));
        writeln!(out, "{}", lines.join("\n    ")).expect(INFALLIBLE);
    }
    if let Some(division) = &report.division {
        let sentence = escape::terminal(&division.sentence);
        let lines = fill(&sentence, look.width, look.width.saturating_sub(4));
        writeln!(out, "{}", lines.join("\n    ")).expect(INFALLIBLE);
    }
    out.push_str(&summary(report));
    out.push('\n');
    out.push_str(&fixable(report));
}

/// Breaks a text between words into lines of `width` columns, the first of `first`.
fn fill(text: &str, first: usize, width: usize) -> Vec<String> {
    let mut lines = Vec::from([String::new()]);
    let mut left = first;
    for word in text.split_whitespace() {
        let columns = word.chars().count();
        let line = lines.last_mut().expect("there is always a last line");
        // GitHub obeys `::` at the start of a line.
        if line.is_empty() || columns < left || word.starts_with("::") {
            let space = if line.is_empty() { "" } else { " " };
            line.extend([space, word]);
            left = left.saturating_sub(columns + space.len());
        } else {
            lines.push(word.to_owned());
            left = width.saturating_sub(columns);
        }
    }
    lines
}

fn write_finding(
    out: &mut String,
    report: &Report,
    reported: &Reported,
    pages: &Pages,
    look: Look,
) {
    let finding = &reported.finding;
    let withheld = pages.withheld(finding);
    let clean = |text: &str| escape::terminal(&withheld.mask(text)).into_owned();

    write_header(out, reported, &clean(&finding.message), look);
    out.push_str(&snippet::render(
        finding,
        pages,
        report.sources,
        look,
        &clean,
    ));
    let obvious = matches!(&finding.nodes[..], [node] if finding.subject.contains(node.as_str()));
    if !obvious {
        write_nodes(out, "hits", &finding.nodes, look);
    }
    write_nodes(out, "may hit", &finding.possible_nodes, look);
    if reported.help.is_empty() && finding.fix.is_none() {
        return;
    }
    paragraph(
        out,
        &painted("help:", "36", look),
        5,
        &escape::terminal(&one_line(reported.help)),
        look,
    );
    if let Some(fix) = &finding.fix {
        write_fix(out, report, fix, pages, look, &withheld);
    }
}

fn write_header(out: &mut String, reported: &Reported, message: &str, look: Look) {
    let level = reported.finding.level;
    let status = match reported.status {
        Status::Introduced => " (new)",
        Status::Present => "",
        Status::Resolved => " (resolved)",
    };
    let colour = match level {
        _ if reported.status == Status::Resolved => "1;32",
        Level::Error => "1;31",
        Level::Warning => "1;33",
        Level::Note => "1;36",
    };
    let title = format!("{}[{}]", level.name(), reported.lint);
    let used = title.len() + status.len() + 2;
    let lines = fill(
        message,
        look.width.saturating_sub(used),
        look.width.saturating_sub(4),
    );
    writeln!(
        out,
        "{}{status}: {}",
        painted(&title, colour, look),
        lines.join("\n    ")
    )
    .expect(INFALLIBLE);
}

fn write_nodes(out: &mut String, title: &str, nodes: &[String], look: Look) {
    if !nodes.is_empty() {
        paragraph(
            out,
            &format!("{title}:"),
            title.len() + 1,
            &names(nodes),
            look,
        );
    }
}

/// Two blanks, a title of so many columns, and text that hangs behind it.
fn paragraph(out: &mut String, title: &str, columns: usize, text: &str, look: Look) {
    let indent = columns + 3;
    let room = look.width.saturating_sub(indent).max(30);
    let lines = fill(text, room, room);
    let separator = format!("\n{:indent$}", "");
    let line = format!("  {title} {}", lines.join(&separator));
    writeln!(out, "{}", line.trim_end()).expect(INFALLIBLE);
}

/// The finding's own steps: edits to files, then commands. A command stays on one line, to be copied.
fn write_fix(
    out: &mut String,
    report: &Report,
    fix: &Fix,
    pages: &Pages,
    look: Look,
    withheld: &Withheld,
) {
    let clean = |text: &str| escape::terminal(&withheld.mask(text)).into_owned();
    let mut number = 0;
    for edit in &fix.edits {
        number += 1;
        let location = snippet::location(&edit.place, pages, report.sources);
        let old = escape::terminal(&pages.excerpt(&edit.place, 60)).into_owned();
        let new = pages.replacement(edit, withheld).map(escape::terminal);
        let change = match new {
            None => "write a secret, which is not shown".to_owned(),
            Some(new) if old.is_empty() => format!("insert `{new}`"),
            Some(new) if new.is_empty() => format!("delete `{old}`"),
            Some(new) => format!("replace `{old}` by `{new}`"),
        };
        let title = format!("      {number}.");
        paragraph(
            out,
            &title,
            title.len(),
            &format!("{location}: {change}"),
            look,
        );
    }
    for command in &fix.commands {
        number += 1;
        let title = format!("      {number}.");
        writeln!(out, "  {title} {}", clean(&command.line)).expect(INFALLIBLE);
        let disrupts = match command.disrupts.as_str() {
            "" => "nothing".to_owned(),
            text => clean(text),
        };
        let indent = format!("{:1$}disrupts:", "", title.len() + 1);
        paragraph(out, &indent, indent.len(), &disrupts, look);
    }
}

fn write_coverage(out: &mut String, rows: &[Row], look: Look) {
    let longest = rows.iter().map(|row| row.lint.len()).max().unwrap_or(0);
    out.push_str("coverage\n");
    let mut last = "";
    for row in rows {
        let lint = if row.lint == last { "" } else { row.lint };
        last = row.lint;
        let state = match row.state {
            State::Checked => "checked",
            State::NotApplicable => "not applicable",
            State::Unknown => "unknown",
        };
        let title = format!("{lint:longest$}  {state:14}");
        paragraph(out, &title, title.len(), &covered(row), look);
    }
}

/// For whom, and which input is missing.
fn covered(row: &Row) -> String {
    let mut text = names(&row.nodes);
    if row.count > row.nodes.len() {
        let count = row.count;
        text = if text.is_empty() {
            count.to_string()
        } else {
            format!("{text} ({count} in all)")
        };
    }
    match (row.needs, text.as_str()) {
        ("", _) => text,
        (needs, "") => format!("needs {needs}"),
        (needs, _) => format!("{text}: needs {needs}"),
    }
}

fn names(nodes: &[String]) -> String {
    let shown: Vec<_> = nodes.iter().take(NAMES).map(String::as_str).collect();
    let mut text = escape::terminal(&secrets::mask(&shown.join(", "), &[])).into_owned();
    if nodes.len() > NAMES {
        write!(text, " and {} more", nodes.len() - NAMES).expect(INFALLIBLE);
    }
    text
}

/// `3 errors, 1 warning in 12 files of 4 nodes`.
pub fn summary(report: &Report) -> String {
    let tally = tally(&report.findings);
    let mut counts: Vec<String> = [
        (tally.errors, "error"),
        (tally.warnings, "warning"),
        (tally.notes, "note"),
    ]
    .into_iter()
    .filter(|&(count, _)| count > 0)
    .map(|(count, noun)| counted(count, noun))
    .collect();
    if counts.is_empty() {
        counts.push("no findings".to_owned());
    }
    let beside = [
        (tally.resolved, "resolved"),
        (report.silenced.allowed, "allowed"),
        (report.silenced.baseline, "in the baseline"),
    ];
    let beside = beside.iter().filter(|(count, _)| *count > 0);
    counts.extend(beside.map(|(count, what)| format!("{count} {what}")));
    let files = counted(report.files, "file");
    format!(
        "{} in {files} of {}",
        counts.join(", "),
        counted(report.nodes, "node")
    )
}

/// How many findings `check` can put right itself: a line, or nothing.
fn fixable(report: &Report) -> String {
    let there = |reported: &&Reported| reported.status != Status::Resolved;
    let fixes = report.findings.iter().filter(there);
    let fixes = fixes.filter_map(|reported| reported.finding.fix.as_ref());
    let (safe, other): (Vec<&Fix>, Vec<&Fix>) = fixes
        .filter(|fix| is_applicable(report.sources, fix))
        .partition(|fix| fix.safe);
    match (safe.len(), other.len()) {
        _ if report.plan.is_some() => String::new(),
        (0, 0) => String::new(),
        (safe, 0) => format!("{safe} can be fixed with --fix\n"),
        (0, other) => format!("{other} can be fixed with --fix --unsafe-fixes\n"),
        (safe, other) => {
            format!("{safe} can be fixed with --fix, {other} more with --unsafe-fixes\n")
        }
    }
}

fn painted(text: &str, colour: &str, look: Look) -> String {
    match look.colour {
        Colour::Plain => text.to_owned(),
        Colour::Ansi => format!("\u{1b}[{colour}m{text}\u{1b}[0m"),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const INFALLIBLE: &str = "a string takes all that is written";
