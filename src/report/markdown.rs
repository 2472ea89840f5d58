//! The report as Markdown tables, for comments and summaries.

use std::fmt::Write;

use crate::report::said::{self, Said, Where};
use crate::report::{Report, escape, text};

const INFALLIBLE: &str = "a string takes all that is written";

/// So many further places of one finding are written out.
const PLACES: usize = 5;

/// So many names are written out.
const NAMES: usize = 10;

/// The verdict of a plan, how many findings there are, and a table of them.
pub fn render(report: &Report) -> String {
    within(report, usize::MAX)
}

/// The same in so many bytes: findings that have no room are counted.
pub fn within(report: &Report, bytes: usize) -> String {
    let mut out = String::new();
    if let Some(verdict) = said::verdict(report) {
        writeln!(out, "**{}**\n", escape::markdown(&verdict)).expect(INFALLIBLE);
    }
    let findings = said::all(report);
    writeln!(out, "{}", text::summary(report)).expect(INFALLIBLE);
    if findings.is_empty() {
        return out;
    }
    out.push_str("\n| level | lint | place | finding | nodes |\n|---|---|---|---|---|\n");
    for (at, said) in findings.iter().enumerate() {
        let row = row(said);
        if out.len() + row.len() > bytes {
            writeln!(out, "\nand {} more", findings.len() - at).expect(INFALLIBLE);
            break;
        }
        out.push_str(&row);
    }
    out
}

fn row(said: &Said) -> String {
    let level = said.reported.finding.level.name();
    let (lint, status) = (said.reported.lint, said.status());
    let mut places = said.places.iter().map(place);
    let first = places.next().unwrap_or_default();
    let mut finding = escape::markdown(&said.message);
    for further in places.take(PLACES) {
        finding += "<br>see also ";
        finding += &further;
    }
    if said.places.len() > PLACES + 1 {
        let more = said.places.len() - PLACES - 1;
        write!(finding, "<br>and {more} more places").expect(INFALLIBLE);
    }
    if !said.reported.help.is_empty() {
        finding += "<br>help: ";
        finding += &escape::markdown(&said.help());
    }
    let nodes = [("", &said.nodes), ("possibly ", &said.possible_nodes)];
    let nodes = nodes.into_iter().filter(|(_, nodes)| !nodes.is_empty());
    let nodes: Vec<String> = nodes
        .map(|(how, nodes)| format!("{how}{}", names(nodes)))
        .collect();
    let nodes = nodes.join("<br>");
    format!("| {level}{status} | `{lint}` | {first} | {finding} | {nodes} |\n")
}

/// Where it is, what stands there, and its text.
fn place(place: &Where) -> String {
    let location = escape::markdown(&place.location());
    let label = escape::markdown(&place.label);
    match place.text.as_str() {
        "" => format!("{location}: {label}"),
        text => format!(
            "{location}: {label} <code>{}</code>",
            escape::markdown(text)
        ),
    }
}

fn names(nodes: &[String]) -> String {
    let shown: Vec<_> = nodes.iter().take(NAMES).map(String::as_str).collect();
    let shown = escape::markdown(&shown.join(", "));
    match nodes.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
