//! The answer in one line, for the whole and for each command.

use std::collections::BTreeMap;

use crate::change::effect::{Back, Effect};
use crate::change::meaning::Meaning;
use crate::change::{Change, Extent, LookedAt, Outcome, Step};
use crate::finding::Level;
use crate::finding::words::{Count, first_of, listed};
use crate::report::plan::Impact;
use crate::report::{Reported, Status};

/// So many names are written out.
const NAMES: usize = 4;
/// So many things are said of one command.
const THINGS: usize = 3;

/// The same thing on several nodes.
struct Group {
    /// What happens: `cuts the management network of`.
    what: String,
    /// How it comes back, where that is the same everywhere.
    back: Option<Back>,
    /// The nodes on which it certainly happens.
    nodes: Vec<String>,
    /// Those on which it may.
    possible: Vec<String>,
    /// Whether something stops because of it.
    hurts: Hurts,
}

/// Whether something stops.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hurts {
    No,
    Yes,
}

fn hurts(meaning: &Meaning) -> Hurts {
    if meaning.interrupts() {
        Hurts::Yes
    } else {
        Hurts::No
    }
}

/// What a command does to what runs, as a phrase.
pub fn of_step(step: &Step) -> String {
    match &step.outcome {
        Outcome::Refused { message, .. } => return format!("is refused: {message}"),
        Outcome::Skipped => return "does not run".to_owned(),
        Outcome::Reads => return "only reads".to_owned(),
        Outcome::Done | Outcome::Unpredicted
            if step.effects.is_empty() && !step.doubts.is_empty() =>
        {
            return unpredicted(step);
        }
        Outcome::Done | Outcome::Unpredicted => {}
    }
    let groups = groups(step.effects.iter());
    let mut said: Vec<String> = groups
        .iter()
        .take(THINGS)
        .map(|group| group.phrase(&named))
        .collect();
    if groups.len() > THINGS {
        said.push(format!("and {} more", groups.len() - THINGS));
    }
    match (said.is_empty(), step.changes.is_empty()) {
        (true, true) if step.database.is_none() => {
            "changes nothing in Open vSwitch or OVN".to_owned()
        }
        (true, true) => "changes nothing".to_owned(),
        (true, false) => "nothing".to_owned(),
        _ => said.join("; "),
    }
}

/// How hard a command hits what runs.
pub fn impact(step: &Step) -> Impact {
    let effects = step.effects.iter();
    let hurts = effects.map(|effect| hurts(&effect.kind.meaning()));
    match hurts.max() {
        Some(Hurts::Yes) => Impact::Interrupts,
        _ if !step.doubts.is_empty() => Impact::Unknown,
        Some(Hurts::No) => Impact::Harmless,
        None => Impact::Nothing,
    }
}

/// That it cannot be predicted, and why.
fn unpredicted(step: &Step) -> String {
    match step.doubts.first() {
        Some(doubt) => format!("cannot be predicted: {}", doubt.message),
        None => "cannot be predicted".to_owned(),
    }
}

/// The answer for a person about to press Enter.
pub fn of(change: &Change, findings: &[Reported]) -> String {
    let groups = groups(change.steps.iter().flat_map(|step| &step.effects));
    let nodes = change.before.nodes.len();
    let hurt: Vec<&Group> = groups
        .iter()
        .filter(|group| group.hurts == Hurts::Yes)
        .collect();
    let mut said = Vec::new();
    if let [worst, others @ ..] = &hurt[..] {
        let mut text = format!("this {}", worst.phrase(&|names| counted(names, nodes)));
        if let Some(next) = others.first() {
            let known = if worst.nodes.is_empty() {
                &worst.possible
            } else {
                &worst.nodes
            };
            text += ", and ";
            text += &next.phrase(&|names| again(names, known, nodes));
        }
        said.push(text);
    }
    let count = |is: &dyn Fn(&Outcome) -> bool| {
        change.steps.iter().filter(|step| is(&step.outcome)).count()
    };
    let extent = change.extent();
    let steps = extent.commands;
    match count(&|outcome| matches!(outcome, Outcome::Refused { .. })) {
        0 => {}
        refused => said.push(format!("{} would be refused", of_all(refused, steps))),
    }
    match change
        .steps
        .iter()
        .filter(|step| !step.doubts.is_empty() && step.looked_at == LookedAt::Yes)
        .count()
    {
        0 => {}
        unknown => said.push(format!("{} cannot be predicted", of_all(unknown, steps))),
    }
    let passed_over = extent.commands - extent.looked_at;
    let is_quiet = said.is_empty() && (extent.looked_at > 0 || steps == 0);
    if is_quiet {
        said.push(quiet(change, findings, &extent));
    }
    if passed_over > 0 {
        said.push(not_looked_at(
            (passed_over, steps),
            is_quiet,
            &extent.passed_over,
        ));
    }
    said.join("; ")
}

/// Where nothing is interrupted.
fn quiet(change: &Change, findings: &[Reported], extent: &Extent) -> String {
    let brings = |level: Level| {
        let new = |reported: &&Reported| {
            // What was not looked at is counted by itself.
            reported.status == Status::Introduced
                && reported.finding.level == level
                && reported.lint != "change_unpredicted"
        };
        findings.iter().filter(new).count()
    };
    let changes = change.steps.iter().any(|step| !step.changes.is_empty());
    let effects = change.steps.iter().any(|step| !step.effects.is_empty());
    let what = match (changes, effects) {
        _ if change.steps.is_empty() && change.harmless == 0 => {
            return "there is no command to look at".to_owned();
        }
        (false, false) => "this changes nothing",
        _ => "this interrupts nothing",
    };
    let what = match extent.commands - extent.looked_at {
        0 => what.to_owned(),
        _ => format!(
            "{what} in {} of {} commands",
            Count(extent.looked_at as u64),
            Count(extent.commands as u64)
        ),
    };
    let found = [
        (brings(Level::Error), "error"),
        (brings(Level::Warning), "warning"),
    ];
    let found: Vec<String> = found
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| match count {
            1 => format!("1 {noun}"),
            _ => format!("{count} {noun}s"),
        })
        .collect();
    if found.is_empty() {
        what
    } else {
        format!("{what}, but brings {}", listed(&found))
    }
}

/// `2 were not looked at: kolla-ansible, rm`; of how many may have been said before.
fn not_looked_at((count, all): (usize, usize), is_said: bool, names: &[String]) -> String {
    let was = if count == 1 { "was" } else { "were" };
    let who = match count {
        _ if all == 1 => "the command".to_owned(),
        _ if count == all => format!("all {} commands", Count(all as u64)),
        _ if is_said => Count(count as u64).to_string(),
        _ => format!("{} of {} commands", Count(count as u64), Count(all as u64)),
    };
    let shown: Vec<&str> = names.iter().take(NAMES).map(String::as_str).collect();
    let mut shown = shown.join(", ");
    if names.len() > NAMES {
        shown += &format!(" and {} more", names.len() - NAMES);
    }
    match names {
        [] => format!("{who} {was} not looked at"),
        _ => format!("{who} {was} not looked at: {shown}"),
    }
}

fn of_all(some: usize, all: usize) -> String {
    match (some, all) {
        (_, 1) => "the command".to_owned(),
        _ => format!("{} of {} commands", Count(some as u64), Count(all as u64)),
    }
}

/// The same things together, the worst first.
fn groups<'a>(effects: impl Iterator<Item = &'a Effect>) -> Vec<Group> {
    let mut groups: BTreeMap<(u8, String), Group> = BTreeMap::new();
    for effect in effects {
        let meaning = effect.kind.meaning();
        let hurts = hurts(&meaning);
        let key = (meaning.rank, meaning.what.clone());
        let group = groups.entry(key).or_insert_with(|| Group {
            what: meaning.what,
            back: meaning.back.cloned(),
            nodes: Vec::new(),
            possible: Vec::new(),
            hurts,
        });
        group.hurts = group.hurts.max(hurts);
        if group.back.as_ref() != meaning.back {
            group.back = None;
        }
        let nodes = match effect.needs {
            None => &mut group.nodes,
            Some(_) => &mut group.possible,
        };
        if !nodes.contains(&effect.node) {
            nodes.push(effect.node.clone());
        }
    }
    let mut groups: Vec<Group> = groups.into_values().collect();
    for group in &mut groups {
        group.possible.retain(|node| !group.nodes.contains(node));
    }
    groups
}

impl Group {
    /// `cuts the management network of a, b and c`, the nodes named by `name`.
    fn phrase(&self, name: &dyn Fn(&[String]) -> String) -> String {
        let back = match &self.back {
            Some(back @ (Back::Seconds(..) | Back::AtOnce)) => format!(" {}", back.phrase()),
            _ => String::new(),
        };
        match (self.nodes.is_empty(), self.possible.is_empty()) {
            (false, true) => format!("{} {}{back}", self.what, name(&self.nodes)),
            (false, false) => format!(
                "{} {}{back}, and may on {}",
                self.what,
                name(&self.nodes),
                named(&self.possible)
            ),
            _ => {
                let what = plain(&self.what);
                format!("may {what} {}{back}", name(&self.possible))
            }
        }
    }
}

/// `a, b and c`
fn named(names: &[String]) -> String {
    first_of(names, NAMES)
}

/// `3 of 4 nodes (a, b and c)`
fn counted(names: &[String], all: usize) -> String {
    if names.len() < 2 {
        return named(names);
    }
    let (count, all) = (Count(names.len() as u64), Count(all as u64));
    format!("{count} of {all} nodes ({})", named(names))
}

/// Nodes that were named just before, as `known`.
fn again(names: &[String], known: &[String], all: usize) -> String {
    match names.len() {
        _ if names != known => counted(names, all),
        1 => "the same node".to_owned(),
        _ => "the same nodes".to_owned(),
    }
}

/// `cuts the management` without its ending: `cut the management`.
fn plain(what: &str) -> String {
    let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
    let stem = match verb {
        "flushes" => "flush",
        other => other.trim_end_matches('s'),
    };
    format!("{stem} {rest}")
}
