//! What of a command the inputs do not tell.

use std::collections::BTreeMap;

use crate::change::effect::Effect;
use crate::change::{Change, Step};
use crate::finding::words::first_of;
use crate::finding::{Finding, Findings, Level};

/// So many nodes are written out.
const SHOWN: usize = 4;

/// One finding for each doubt, and for what may happen on several nodes for the same reason.
pub fn check(change: &Change, found: &mut Findings) {
    for step in &change.steps {
        let level = level(step);
        for doubt in &step.doubts {
            let message = format!("{}{}", doubt.message, settles(doubt.needs));
            let subject = format!("{}/{}/{}", step.subject(), step.text, doubt.message);
            let finding = Finding::new(level, subject, message, &doubt.place, "not predicted");
            found.push(match &step.node {
                Some(node) => finding.possible_node(node),
                None => finding,
            });
        }
        possible(step, found);
    }
}

/// Of two trees nobody is about to type anything, and inputs may lack from the beginning.
fn level(step: &Step) -> Level {
    if step.is_command() {
        Level::Error
    } else {
        Level::Warning
    }
}

fn settles(needs: Option<&str>) -> String {
    needs.map_or(String::new(), |needs| {
        format!("; what would settle it: {needs}")
    })
}

fn possible(step: &Step, found: &mut Findings) {
    let mut groups: BTreeMap<_, Vec<&Effect>> = BTreeMap::new();
    for effect in &step.effects {
        if let (Some(needs), Some(what)) = (effect.needs, effect.kind.meaning().class) {
            groups.entry((what, needs)).or_default().push(effect);
        }
    }
    for ((what, needs), effects) in groups {
        let mut nodes: Vec<&str> = effects.iter().map(|effect| effect.node.as_str()).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let names = first_of(&nodes, SHOWN);
        let who = match nodes.len() {
            1 => names,
            count => format!("{count} nodes ({names})"),
        };
        let message = format!(
            "whether this {what} {who} cannot be told{}",
            settles(Some(needs))
        );
        let subject = format!("{}/{}/{what}", step.subject(), step.text);
        let place = &effects[0].place;
        let finding = Finding::new(level(step), subject, message, place, "not predicted");
        let add = |finding: Finding, node: &&str| finding.possible_node(node);
        found.push(nodes.iter().fold(finding, add));
    }
}
