//! Findings before a change and after it: what the change brings, what was there, what it takes away.

use std::collections::BTreeMap;

use crate::finding::{Finding, Level};
use crate::lints::Said;
use crate::report::{Reported, Status};

/// What the lints of the state say of both sides, and those of changes of the step between.
pub fn compared(before: Vec<Said>, after: Vec<Said>, change: Vec<Said>) -> Vec<Reported> {
    let mut old: BTreeMap<(&'static str, String), Vec<Finding>> = BTreeMap::new();
    let mut reported = Vec::new();
    for said in before {
        for finding in said.found {
            let key = (said.lint.name, finding.subject.clone());
            old.entry(key).or_default().push(finding);
        }
    }
    let mut met = Vec::new();
    for said in after {
        for finding in said.found {
            let key = (said.lint.name, finding.subject.clone());
            let status = match old.get(&key) {
                Some(earlier) if !is_worse(hits(earlier), hit(&finding)) => Status::Present,
                _ => Status::Introduced,
            };
            met.push(key);
            reported.push(of(said.lint, status, finding));
        }
    }
    for key in met {
        old.remove(&key);
    }
    for ((name, _), findings) in old {
        let lint = crate::lints::find(name).expect("it said so");
        reported.extend(
            findings
                .into_iter()
                .map(|finding| of(lint, Status::Resolved, finding)),
        );
    }
    for said in change {
        let found = said.found.into_iter();
        reported.extend(found.map(|finding| of(said.lint, Status::Introduced, finding)));
    }
    reported
}

/// Whether it hits harder than all that were there earlier, or nodes that none of them hit.
pub fn is_worse<'a>(
    mut earlier: impl Iterator<Item = (Level, &'a [String])> + Clone,
    (level, nodes): (Level, &[String]),
) -> bool {
    let hit = |node: &String| earlier.clone().any(|(_, nodes)| nodes.contains(node));
    !nodes.iter().all(hit) || earlier.all(|(earlier, _)| earlier < level)
}

fn hits(findings: &[Finding]) -> impl Iterator<Item = (Level, &[String])> + Clone {
    findings.iter().map(hit)
}

fn hit(finding: &Finding) -> (Level, &[String]) {
    (finding.level, &finding.nodes)
}

fn of(lint: &'static crate::lints::Lint, status: Status, finding: Finding) -> Reported {
    Reported {
        lint: lint.name,
        summary: &lint.about().summary,
        why: &lint.about().why,
        help: &lint.about().fix,
        status,
        finding,
    }
}
