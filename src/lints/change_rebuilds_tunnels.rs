//! A command that changes where the tunnels of a chassis end.

use crate::change::Change;
use crate::change::effect::Kind;
use crate::finding::{Findings, Level};

/// Every other chassis deletes its tunnel to it and makes a new one (facts O§8, O§10).
pub fn check(change: &Change, found: &mut Findings) {
    let groups = change.groups(|kind| match kind {
        Kind::TunnelsRebuilt { cause, .. } => Some(cause),
        _ => None,
    });
    for group in groups {
        if let Kind::TunnelsRebuilt { cause, back } = &group.first().kind {
            let message = format!(
                "no tunnel to or from {} {} {}: {cause}",
                group.who(),
                group.does("passes anything", "may pass anything"),
                back.phrase()
            );
            let label = "moves the end of every tunnel";
            found.push(group.finding(Level::Warning, cause, message, label));
        }
    }
}
