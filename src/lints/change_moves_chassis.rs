//! A command that gives a chassis another `system-id`.

use crate::change::Change;
use crate::change::effect::Kind;
use crate::finding::{Findings, Level};

/// The row of the old name stays and holds the tunnel addresses, and two rows may not have the same: the new one is
/// never written (facts O§10).
pub fn check(change: &Change, found: &mut Findings) {
    let groups = change.groups(|kind| match kind {
        Kind::ChassisMoved { before, after } => Some((before, after)),
        _ => None,
    });
    for group in groups {
        let Kind::ChassisMoved { before, after } = &group.first().kind else {
            continue;
        };
        let name = after.as_deref().unwrap_or("another name");
        let message = format!(
            "{} registers as {name} while chassis {before} holds its tunnel addresses: the southbound refuses {name} until {before} is deleted, and gateways and ports that name {before} stay with it",
            group.who()
        );
        let finding = group.finding(Level::Error, "system-id", message, "the new name");
        found.push(finding.command(
            &["ovn-sbctl", "chassis-del", before],
            format!("every tunnel of {before}, until {name} has registered"),
        ));
    }
}
