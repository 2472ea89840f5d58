//! A value of `external_ids` that OVN does not understand.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::external_ids::{self, EXTERNAL_IDS};

/// The default takes its place, and nothing is logged (facts O§5).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        let Some(ids) = node.ovs.external_ids.seen() else {
            if !node.ovs.external_ids.settled() {
                found.unknown(&node.name, EXTERNAL_IDS);
            }
            continue;
        };
        found.checked(&node.name);
        let system_id = ids.get("system-id").map(|id| id.value.as_str());
        for (key, value) in ids.iter() {
            let Some(instead) = external_ids::misread(key, value, system_id) else {
                continue;
            };
            let message = format!(
                "external_ids:{key} of {} is `{}`, which OVN does not understand and does not report: {instead}",
                node.name, &**value
            );
            let finding = Finding::new(
                Level::Warning,
                format!("{}/{key}", node.name),
                message,
                &value.place,
                "not understood",
            );
            found.push(finding.node(&node.name));
        }
    }
}
