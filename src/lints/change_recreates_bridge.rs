//! A command that destroys a bridge in use.

use crate::change::Change;
use crate::change::effect::Kind;
use crate::finding::words::listed;
use crate::finding::{Findings, Level};

/// Ports, flows and the addresses of internal ports go with it; what is plugged in by others does not come back by
/// itself (facts O§10).
pub fn check(change: &Change, found: &mut Findings) {
    let groups = change.groups(|kind| match kind {
        Kind::Recreated { bridge, cause, .. } => Some((bridge, cause)),
        _ => None,
    });
    for group in groups {
        let effect = group.first();
        let Kind::Recreated {
            bridge,
            cause,
            back,
            ..
        } = &effect.kind
        else {
            continue;
        };
        let node = change.before.node(&effect.node);
        let physnets = node.map_or_else(Vec::new, |node| node.physnets_of(bridge));
        let carries = if physnets.is_empty() {
            String::new()
        } else {
            format!(" ({})", listed(&physnets))
        };
        let message = format!(
            "{bridge}{carries} of {} {} out of use {}: {cause}",
            group.who(),
            group.does("is", "may be"),
            back.phrase()
        );
        let subject = format!("{bridge}/{cause}");
        found.push(group.finding(Level::Error, &subject, message, "destroys the bridge"));
    }
}
