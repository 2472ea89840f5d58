//! A physnet that switches use on a node is mapped there no longer.

use crate::change::Change;
use crate::change::effect::Kind;
use crate::finding::words::first_of;
use crate::finding::{Finding, Findings, Level};

/// So many switches are written out.
const SHOWN: usize = 4;

/// ovn-controller removes the patch ports as soon as the mapping is gone (facts O§10).
pub fn check(change: &Change, found: &mut Findings) {
    for (_, effect) in change.effects() {
        let Kind::Unmapped {
            physnet,
            bridge,
            switches,
        } = &effect.kind
        else {
            continue;
        };
        // Whether any switch uses it may not be known; that is not this lint's to say.
        if switches.is_empty() {
            continue;
        }
        let (what, use_it, are) = match switches.len() {
            1 => ("switch", "uses", "it is"),
            _ => ("switches", "use", "they are"),
        };
        let message = format!(
            "{} maps {physnet} to {bridge} no longer, and the {what} {} {use_it} it there: ovn-controller removes the patch ports, and {are} cut off from the provider network",
            effect.node,
            first_of(switches, SHOWN)
        );
        let finding = Finding::new(
            Level::Warning,
            format!("{}/{physnet}", effect.node),
            message,
            &effect.place,
            format!("{physnet} is not mapped any more"),
        );
        found.push(finding.node(&effect.node));
    }
}
