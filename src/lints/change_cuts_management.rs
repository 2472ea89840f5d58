//! A command that cuts the way of a management address.

use crate::change::Change;
use crate::change::effect::Kind;
use crate::change::groups::Group;
use crate::finding::{Finding, Findings, Level};
use crate::site::management::ManagementPath;
use crate::source::Place;

/// A few seconds are enough to lose the session in which the script runs: an error each time, also where a later
/// command would repair it (facts O§7, O§10, O§13).
pub fn check(change: &Change, found: &mut Findings) {
    let groups = change.groups(|kind| match kind {
        Kind::ManagementCut { seat, cause, back } => Some((seat, cause, back.phrase())),
        _ => None,
    });
    for group in groups {
        if let Kind::ManagementCut { seat, cause, back } = &group.first().kind {
            let message = format!(
                "the management network of {} {} cut: {cause}; {}",
                group.who(),
                group.does("is", "may be"),
                back.phrase()
            );
            let subject = format!("{seat}/{cause}");
            let finding = group.finding(Level::Error, &subject, message, "cuts it");
            found.push(with_seat(change, &group, finding));
        }
    }
}

/// Where the address sits, of the first node for which that was seen: one stands for all.
fn with_seat(change: &Change, group: &Group, finding: Finding) -> Finding {
    let mut nodes = group.nodes().into_iter().chain(group.possible());
    let seat = nodes.find_map(|name| Some((name, seat(change, name)?)));
    match seat {
        Some((name, place)) => finding.label(&place, format!("the management address of {name}")),
        None => finding,
    }
}

fn seat(change: &Change, name: &str) -> Option<Place> {
    let node = change.before.node(name)?;
    match node.management_path() {
        ManagementPath::OnBridge { carrier, .. } | ManagementPath::Captured { carrier, .. } => {
            Some(carrier.place)
        }
        _ => node.host.management.place().cloned(),
    }
}
