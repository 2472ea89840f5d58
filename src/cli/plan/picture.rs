//! A change as the reports show it: its commands, what they change, and what that brings about.

use crate::change::ctl::CellChange;
use crate::change::effect::Effect;
use crate::change::meaning::Turn;
use crate::change::{Change, Outcome, Step};
use crate::read::ovsdb::SchemaName;
use crate::read::ovsdb::datum::Atom;
use crate::report::plan::{Command, Plan, Reaction, Row, Sign};

use super::verdict;

/// The UUID of no record.
const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// The commands, the values and the reactions.
pub fn of(change: &Change) -> Plan {
    let steps = change.steps.iter().enumerate();
    let rows = steps.flat_map(|(at, step)| {
        let rows = step.changes.iter().filter(|change| !is_filler(change));
        rows.map(move |change| row(at, step, change))
    });
    let extent = change.extent();
    Plan {
        all_commands: extent.commands,
        looked_at: extent.looked_at,
        passed_over: extent.passed_over,
        commands: change.steps.iter().map(command).collect(),
        changes: rows.collect(),
        reactions: change
            .effects()
            .filter_map(|(at, effect)| reaction(at, effect))
            .collect(),
        ..Plan::default()
    }
}

/// Whether it says that a reference of a new record no longer is what no record is: the schema's default.
fn is_filler(change: &CellChange) -> bool {
    let nil = |atom: &Atom| matches!(atom, Atom::Uuid(_)) && atom.to_text() == NIL;
    change.after.is_none() && change.before.as_ref().is_some_and(nil)
}

fn command(step: &Step) -> Command {
    Command {
        place: step.place.clone(),
        text: step.text.clone(),
        node: step.node.clone(),
        outcome: match step.outcome {
            Outcome::Done => "done",
            Outcome::Reads => "reads",
            Outcome::Refused { .. } => "refused",
            Outcome::Skipped => "skipped",
            Outcome::Unpredicted => "unpredicted",
        },
        impact: verdict::impact(step),
        verdict: verdict::of_step(step),
    }
}

fn row(at: usize, step: &Step, change: &CellChange) -> Row {
    let whole = change.column == "_uuid";
    let text = |atom: &Option<Atom>| atom.as_ref().map(Atom::to_text);
    let is_reference = |atom: &Option<Atom>| matches!(atom, Some(Atom::Uuid(_)));
    Row {
        command: at,
        node: step.node.clone(),
        database: match step.database {
            Some(SchemaName::Northbound) => "OVN_Northbound",
            _ => "Open_vSwitch",
        },
        table: change.table.to_owned(),
        record: change.record.clone(),
        uuid: change.row.to_string(),
        field: if whole {
            String::new()
        } else {
            change.column.to_owned()
        },
        key: text(&change.key),
        before: text(&change.before),
        after: text(&change.after),
        refers: !whole && (is_reference(&change.before) || is_reference(&change.after)),
        place: change.place.clone(),
    }
}

/// What is made or goes on a node; the rest are findings.
fn reaction(at: usize, effect: &Effect) -> Option<Reaction> {
    let (turn, text) = effect.kind.meaning().seen?;
    let sign = match turn {
        Turn::Comes => Sign::Comes,
        Turn::Changes => Sign::Changes,
        Turn::Goes => Sign::Goes,
    };
    Some(Reaction {
        command: at,
        node: effect.node.clone(),
        sign,
        text,
        needs: effect.needs,
    })
}
