//! A setting that stops the threads of ovs-vswitchd, or that waits for its restart.

use crate::change::Change;
use crate::change::effect::{Kind, Takes};
use crate::finding::{Finding, Findings, Level};

/// udpif_set_threads deletes the flows of the datapath; the others are read at the start only (facts O§10).
pub fn check(change: &Change, found: &mut Findings) {
    for (_, effect) in change.effects() {
        let Kind::DatapathSet { setting, takes } = &effect.kind else {
            continue;
        };
        let node = &effect.node;
        let (message, label) = match takes {
            Takes::Now => (
                format!(
                    "what changes of {setting} on {node} takes effect at once: ovs-vswitchd stops its threads and deletes the flows of the datapath, and until they are back every packet of {node} waits for it"
                ),
                "stops the threads",
            ),
            Takes::NextStart => (
                format!(
                    "what changes of {setting} on {node} takes effect when ovs-vswitchd is restarted and not before, and the restart interrupts all that passes its bridges"
                ),
                "read at the start only",
            ),
        };
        let subject = format!("{node}/{setting}");
        let finding = Finding::new(Level::Warning, subject, message, &effect.place, label);
        found.push(finding.node(node));
    }
}
