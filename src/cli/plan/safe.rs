//! The safe way: other commands that reach the same state without the outage, each planned before it is told.

mod separate;
mod ways;

use std::collections::BTreeMap;

use crate::change::apply::{self, Start};
use crate::change::{Change, Reached, Step};
use crate::finding::Level;
use crate::finding::words::quoted;
use crate::lints::{self, Said, Tuning};
use crate::read::ovsdb::datum::Atom;
use crate::read::script;
use crate::report::{Reported, Status};
use crate::source::FileId;

use super::super::compared::compared;

/// Scripts of more commands than this are too long to look for another way through them.
const LONGEST: usize = 40;

/// Other commands, and what to say before them.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// The commands, in order.
    pub commands: Vec<String>,
    /// What to say before them, or why there is no other way.
    pub note: Option<String>,
}

/// Commands that may be safer, as far as they were thought out.
struct Candidate {
    commands: Vec<String>,
    note: String,
    /// Whether they are to reach the state that was asked for.
    aim: Aim,
}

/// What a candidate is to reach.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// The state that was asked for, value by value.
    Same,
    /// Another state, of which the note speaks.
    Other,
}

/// Another way to what was asked for; nothing where none is needed, a note alone where there is none.
pub fn of(
    start: &Start,
    change: &Change,
    findings: &[Reported],
    before: &[Said],
    tuning: &Tuning,
) -> Way {
    let harmful = findings.iter().any(is_harm);
    let hurts = change
        .effects()
        .any(|(_, effect)| effect.kind.meaning().interrupts());
    if !harmful || !hurts || change.steps.len() > LONGEST {
        return Way::default();
    }
    let wanted = net(change);
    let file = change.steps[0].place.file;
    for candidate in ways::all(change) {
        let reached = |planned: &Change| match candidate.aim {
            Aim::Same => net(planned) == wanted,
            Aim::Other => true,
        };
        if is_safe(start, &candidate.commands, (file, before, tuning), reached) {
            return Way {
                commands: candidate.commands,
                note: Some(candidate.note),
            };
        }
    }
    Way {
        commands: Vec::new(),
        note: Some(ways::none(change)),
    }
}

/// Whether the change brings it and it is an error.
fn is_harm(reported: &Reported) -> bool {
    reported.status == Status::Introduced && reported.finding.level == Level::Error
}

/// Plans the commands: nothing that they bring may be an error.
fn is_safe(
    start: &Start,
    commands: &[String],
    (file, before, tuning): (FileId, &[Said], &Tuning),
    reached: impl Fn(&Change) -> bool,
) -> bool {
    let script = script::read(file, &commands.join("\n"));
    let planned = match apply::apply(start, &script) {
        Ok(planned) if script.troubles.is_empty() => planned,
        _ => return false,
    };
    if !reached(&planned) {
        return false;
    }
    let after = lints::run(&planned.after, tuning);
    let findings = compared(before.to_vec(), after, lints::run_over(&planned, tuning));
    !findings.iter().any(is_harm)
}

/// What a change amounts to in the databases: of each cell and value, how often it came, less how often it went.
/// Which identity a new row got is no part of it.
fn net(change: &Change) -> BTreeMap<Vec<String>, i64> {
    let mut net: BTreeMap<Vec<String>, i64> = BTreeMap::new();
    for step in &change.steps {
        for change in &step.changes {
            let key = change.key.as_ref().map(Atom::to_text).unwrap_or_default();
            let cell = [
                step.node.clone().unwrap_or_default(),
                change.table.to_owned(),
                change.record.clone(),
                change.column.to_owned(),
                key,
            ];
            for (atom, sign) in [(&change.before, -1), (&change.after, 1)] {
                let value = match atom {
                    Some(Atom::Uuid(_)) if change.column == "_uuid" => String::new(),
                    Some(Atom::Uuid(_)) | None => continue,
                    Some(atom) => atom.to_text(),
                };
                let entry = cell.iter().cloned().chain([value]).collect();
                *net.entry(entry).or_default() += sign;
            }
        }
    }
    net.retain(|_, count| *count != 0);
    net
}

/// A command as it is typed for the node that it runs on.
fn line(step: &Step) -> String {
    on(step, &step.text)
}

/// A command for the node of a step.
fn on(step: &Step, command: &str) -> String {
    match (&step.node, step.reached) {
        (Some(node), Reached::Named) => through_ssh(node, command),
        _ => command.to_owned(),
    }
}

/// What is quoted for one shell has to be quoted for the second.
fn through_ssh(node: &str, command: &str) -> String {
    let node = quoted(node);
    if command.contains('\'') {
        format!("ssh {node} {}", quoted(command))
    } else {
        format!("ssh {node} {command}")
    }
}
