//! Findings before a change and after it: what the change brings, what was there, what it takes away.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Level};
use crate::lints::{Lint, Said};
use crate::report::{Reported, Status};

/// What a lint said of one subject: before, and after.
#[derive(Default)]
struct Sides {
    before: Vec<Finding>,
    after: Vec<Finding>,
}

/// What the lints of the state say of both sides, and those of changes of the step between.
pub fn compared(before: Vec<Said>, after: Vec<Said>, change: Vec<Said>) -> Vec<Reported> {
    let mut subjects: BTreeMap<(&'static str, String), Sides> = BTreeMap::new();
    let mut of_subject = |said: Vec<Said>, side: fn(&mut Sides) -> &mut Vec<Finding>| {
        for said in said {
            for finding in said.found {
                let key = (said.lint.name, finding.subject.clone());
                side(subjects.entry(key).or_default()).push(finding);
            }
        }
    };
    of_subject(before, |sides| &mut sides.before);
    of_subject(after, |sides| &mut sides.after);
    let mut reported = Vec::new();
    for ((name, _), sides) in subjects {
        let lint = crate::lints::find(name).expect("it said so");
        reported.extend(judged(sides).map(|(status, finding)| of(lint, status, finding)));
    }
    for said in change {
        let found = said.found.into_iter();
        reported.extend(found.map(|finding| of(said.lint, Status::Introduced, finding)));
    }
    reported
}

/// Each finding with what became of it. Where a subject has several, those that say the same are taken for the same.
fn judged(sides: Sides) -> impl Iterator<Item = (Status, Finding)> {
    let said = |findings: &[Finding]| -> BTreeSet<String> {
        findings
            .iter()
            .map(|finding| finding.message.clone())
            .collect()
    };
    let (old, new) = (said(&sides.before), said(&sides.after));
    let mut earlier = Earlier::default();
    for finding in &sides.before {
        earlier.add(finding.level, &finding.nodes);
    }
    let gone = sides.before.len().saturating_sub(sides.after.len());
    let (known, others): (Vec<Finding>, Vec<Finding>) = sides
        .after
        .into_iter()
        .partition(|finding| old.contains(&finding.message));
    let after = known.into_iter().chain(others).map(move |finding| {
        if earlier.excuses(finding.level, &finding.nodes) {
            (Status::Present, finding)
        } else {
            (Status::Introduced, finding)
        }
    });
    let resolved = sides.before.into_iter();
    let resolved = resolved.filter(move |finding| !new.contains(&finding.message));
    let resolved = resolved
        .take(gone)
        .map(|finding| (Status::Resolved, finding));
    after.chain(resolved)
}

/// Findings of a lint about one subject that were there: how many, and how hard they hit.
#[derive(Debug, Default)]
pub struct Earlier {
    /// How many were not met again.
    left: usize,
    level: Option<Level>,
    nodes: BTreeMap<String, Level>,
}

impl Earlier {
    /// Adds one.
    pub fn add(&mut self, level: Level, nodes: &[String]) {
        self.left += 1;
        self.level = self.level.max(Some(level));
        for node in nodes {
            let hit = self.nodes.entry(node.clone()).or_insert(level);
            *hit = level.max(*hit);
        }
    }

    /// Whether a finding is one of them, and hits no harder, and no nodes that were not hit so hard. Each excuses one.
    pub fn excuses(&mut self, level: Level, nodes: &[String]) -> bool {
        let is_worse = |node: &String| self.nodes.get(node) < Some(&level);
        if self.left == 0 || self.level < Some(level) || nodes.iter().any(is_worse) {
            return false;
        }
        self.left -= 1;
        true
    }

    /// How many were not met again.
    pub fn left(&self) -> usize {
        self.left
    }
}

fn of(lint: &'static Lint, status: Status, finding: Finding) -> Reported {
    Reported {
        lint: lint.name,
        summary: &lint.about().summary,
        why: &lint.about().why,
        help: &lint.about().fix,
        status,
        finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Place};

    fn finding(level: Level, message: &str, nodes: &[&str]) -> Finding {
        let place = Place::file(FileId(0));
        let finding = Finding::new(level, "s", message, &place, "here");
        nodes
            .iter()
            .fold(finding, |finding, node| finding.node(node))
    }

    fn statuses(before: Vec<Finding>, after: Vec<Finding>) -> Vec<(Status, String)> {
        let judged = judged(Sides { before, after });
        judged
            .map(|(status, finding)| (status, finding.message))
            .collect()
    }

    #[test]
    fn one_that_was_there_excuses_one() {
        let two = ["a", "b"].map(|message| finding(Level::Error, message, &[]));
        let [a, b] = two.clone();
        let said = |status, message: &str| (status, message.to_owned());
        assert_eq!(
            statuses(vec![b.clone()], two.to_vec()),
            [said(Status::Present, "b"), said(Status::Introduced, "a")]
        );
        assert_eq!(
            statuses(two.to_vec(), vec![b.clone()]),
            [said(Status::Present, "b"), said(Status::Resolved, "a")]
        );
        // The same subject may be said in other words.
        assert_eq!(statuses(vec![a], vec![b]), [said(Status::Present, "b")]);
    }

    #[test]
    fn a_node_that_was_hit_less_hard_is_hit_anew() {
        let known = [
            finding(Level::Note, "a", &["x"]),
            finding(Level::Error, "b", &["y"]),
        ];
        let status = |level, nodes: &[&str]| {
            let after = vec![finding(level, "c", nodes)];
            statuses(known.to_vec(), after)[0].0
        };
        assert_eq!(status(Level::Error, &["y"]), Status::Present);
        assert_eq!(status(Level::Note, &["x", "y"]), Status::Present);
        assert_eq!(status(Level::Error, &["x"]), Status::Introduced);
        assert_eq!(status(Level::Note, &["z"]), Status::Introduced);
    }
}
