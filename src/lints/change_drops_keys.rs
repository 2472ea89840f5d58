//! Keys of a map that a command rewrites as a whole, and that are gone after it.

use std::collections::BTreeMap;

use crate::change::ctl::CellChange;
use crate::change::{Change, Part, Step};
use crate::finding::words::first_of;
use crate::finding::{Finding, Findings, Level};
use crate::site::Driver;

/// So many keys are written out.
const SHOWN: usize = 12;

/// One finding for each map that a command puts another in the place of (facts O§10).
pub fn check(change: &Change, found: &mut Findings) {
    for step in &change.steps {
        for part in step.parts.iter().filter(|part| part.name == "remove") {
            if let Some(finding) = unheard(change, step, part) {
                found.push(finding);
            }
        }
        let rewriting = |part: &&Part| match part.name.as_str() {
            "set" | "clear" | "emer-reset" => true,
            name => name.ends_with("-set-options"),
        };
        for part in step.parts.iter().filter(rewriting) {
            let mut maps: BTreeMap<_, Vec<&CellChange>> = BTreeMap::new();
            for change in step.changes_of(part).filter(|own| own.key.is_some()) {
                let map = (change.table, change.record.as_str(), change.column);
                maps.entry(map).or_default().push(change);
            }
            for (map, keys) in maps {
                let is_gone = |key: &&CellChange| key.before.is_some() && key.after.is_none();
                let (gone, kept): (Vec<_>, Vec<_>) = keys.into_iter().partition(is_gone);
                if !gone.is_empty() {
                    found.push(finding(step, part, map, &gone, &kept));
                }
            }
        }
    }
}

/// Without `ovn-remote` a chassis goes on as it is, silently, and follows nothing any more (facts O§10).
fn unheard(change: &Change, step: &Step, part: &Part) -> Option<Finding> {
    let node = change.before.node(step.node.as_deref()?)?;
    let mut changes = step.changes_of(part);
    changes.find(|own| own.is_key("external_ids", "ovn-remote") && own.after.is_none())?;
    let after = change.after.node(&node.name)?;
    if node.driver != Some(Driver::Ovn) || after.external_id("ovn-remote").seen().is_some() {
        return None;
    }
    let message = format!(
        "`remove` takes ovn-remote from {}: its ovn-controller says nothing, keeps the flows that it has, and follows no change any more",
        node.name
    );
    let subject = format!("{}/ovn-remote", step.subject());
    let finding = Finding::new(
        Level::Error,
        subject,
        message,
        &part.place,
        "the southbound",
    );
    Some(finding.node(&node.name))
}

fn finding(
    step: &Step,
    part: &Part,
    (table, record, column): (&str, &str, &str),
    gone: &[&CellChange],
    kept: &[&CellChange],
) -> Finding {
    let keys: Vec<String> = gone
        .iter()
        .filter_map(|change| Some(change.key.as_ref()?.to_text()))
        .collect();
    let verb = match part.name.as_str() {
        "clear" | "emer-reset" => "empties",
        _ => "rewrites all of",
    };
    let are = if keys.len() == 1 { "is" } else { "are" };
    let message = format!(
        "`{}` {verb} {column} of {}: {} {are} gone",
        part.name,
        step.record(table, record),
        first_of(&keys, SHOWN)
    );
    let subject = format!("{}/{table}/{record}/{column}", step.subject());
    let finding = Finding::new(Level::Error, subject, message, &part.place, "the whole map");
    let finding = finding.on(step.node.as_deref());
    let words = instead(step, part, gone, kept);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match &words[..] {
        [] => finding,
        words => finding.command(words, "what the new values do; the other keys stay"),
    }
}

/// The command that changes the same keys and keeps the others; empty where there is none.
fn instead(step: &Step, part: &Part, gone: &[&CellChange], kept: &[&CellChange]) -> Vec<String> {
    let (taken, pairs): (usize, Vec<String>) = match part.name.as_str() {
        "set" => {
            let pair = |change: &&CellChange| {
                let (key, value) = change.key.as_ref().zip(change.after.as_ref())?;
                let (key, value) = (key.to_text(), value.to_text());
                let plain = !key.contains([':', '=', ',', ' ']);
                let key = if plain { key } else { format!("\"{key}\"") };
                Some(format!("{}:{key}={value}", change.column))
            };
            (2, kept.iter().filter_map(pair).collect())
        }
        name if name.ends_with("-set-options") => {
            let pair = |change: &&CellChange| {
                let (key, value) = change.key.as_ref().zip(change.before.as_ref())?;
                Some(format!("{}={}", key.to_text(), value.to_text()))
            };
            (part.arguments.len(), gone.iter().filter_map(pair).collect())
        }
        _ => return Vec::new(),
    };
    let words = [step.program().to_owned(), part.name.clone()].into_iter();
    let words = words.chain(part.arguments.iter().take(taken).cloned());
    if pairs.is_empty() {
        pairs
    } else {
        words.chain(pairs).collect()
    }
}
