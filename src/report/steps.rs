//! The commands that put findings right, in order, gathered by the node that they are run on.

use crate::finding::{Command, Finding};
use crate::report::page::Pages;
use crate::report::{Report, Reported, Status, escape};

/// The commands to run at one place, each with what it disrupts.
struct Steps {
    place: String,
    commands: Vec<(String, String)>,
}

/// Every command, once for each node, in the order of the findings: a line for it, and one below with what it
/// disrupts. Nothing where there are none.
pub fn lines(report: &Report) -> Vec<String> {
    let there = |reported: &&Reported| reported.status != Status::Resolved;
    let findings = report.findings.iter().filter(there);
    let findings = findings.map(|reported| &reported.finding);
    let findings: Vec<&Finding> = findings.filter(|finding| has_commands(finding)).collect();
    if findings.is_empty() {
        // The secrets of large files take a while to find.
        return Vec::new();
    }
    let pages = Pages::of(report);
    let mut all: Vec<Steps> = Vec::new();
    for finding in findings {
        let withheld = pages.withheld(finding);
        let clean = |text: &str| escape::log_line(&withheld.mask(text));
        for command in finding.fix.iter().flat_map(|fix| &fix.commands) {
            let step = (clean(&command.line), clean(&command.disrupts));
            for place in places(finding, command) {
                add(&mut all, clean(&place), &step);
            }
        }
    }
    all.iter().flat_map(written).collect()
}

fn has_commands(finding: &Finding) -> bool {
    let fix = finding.fix.as_ref();
    fix.is_some_and(|fix| !fix.commands.is_empty())
}

/// Where a command is run: where the database of its program is reached, or on the nodes of the finding.
fn places(finding: &Finding, command: &Command) -> Vec<String> {
    let database = match command.line.split(' ').next() {
        Some("ovn-nbctl") => "where the northbound database is reached",
        Some("ovn-sbctl") => "where the southbound database is reached",
        Some("mysql") => "where the database of Neutron is reached",
        _ if finding.nodes.is_empty() => "where it belongs",
        _ => {
            let nodes = finding.nodes.iter();
            return nodes.map(|node| format!("on {node}")).collect();
        }
    };
    vec![database.to_owned()]
}

fn add(all: &mut Vec<Steps>, place: String, step: &(String, String)) {
    let at = all.iter().position(|steps| steps.place == place);
    let at = at.unwrap_or_else(|| {
        all.push(Steps {
            place,
            commands: Vec::new(),
        });
        all.len() - 1
    });
    if !all[at].commands.contains(step) {
        all[at].commands.push(step.clone());
    }
}

fn written(steps: &Steps) -> Vec<String> {
    let mut lines = vec![format!("to run {}:", steps.place)];
    for (line, disrupts) in &steps.commands {
        let disrupts = if disrupts.is_empty() {
            "nothing"
        } else {
            disrupts
        };
        lines.push(format!("  {line}"));
        lines.push(format!("    disrupts: {disrupts}"));
    }
    lines
}
