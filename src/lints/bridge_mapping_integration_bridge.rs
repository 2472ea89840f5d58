//! A bridge mapping to the integration bridge.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;

/// Accepted without a word: both ends of the patch are on one bridge (facts N§2).
pub fn check(site: &Site, found: &mut Findings) {
    for node in &site.nodes {
        let mappings = &node.mappings;
        let Some(mappings) = mappings.seen() else {
            continue;
        };
        found.checked(&node.name);
        let integration = &node.integration_bridges;
        for mapping in mappings
            .entries
            .iter()
            .filter(|mapping| integration.contains(&mapping.bridge.value))
        {
            let message = format!(
                "{} maps {} to {}, its integration bridge: both ends of the patch are on one bridge, and the physnet reaches no wire",
                node.name, mapping.physnet, mapping.bridge
            );
            let finding = Finding::new(
                Level::Error,
                format!("{}/{}", node.name, mapping.physnet),
                message,
                &mapping.bridge.place,
                "the integration bridge",
            );
            found.push(finding.node(&node.name));
        }
    }
}
