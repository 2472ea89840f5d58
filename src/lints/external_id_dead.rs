//! A key of `external_ids` that the node's OVN no longer reads.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::external_ids::{self, EXTERNAL_IDS};

/// Deployers go on writing some of them (facts O§5).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        let Some(ids) = node.ovs.external_ids.seen() else {
            if !node.ovs.external_ids.settled() {
                found.unknown(&node.name, EXTERNAL_IDS);
            }
            continue;
        };
        let system_id = ids.get("system-id").map(|id| id.value.as_str());
        let removed: Vec<_> = ids
            .iter()
            .filter_map(|(key, value)| Some((key, value, external_ids::removal(key, system_id)?)))
            .collect();
        let version = match node.ovn() {
            Some(version) => version,
            None if removed.is_empty() => {
                found.checked(&node.name);
                continue;
            }
            None => {
                found.unknown(&node.name, "`ovn` of the node in topology.toml");
                continue;
            }
        };
        found.checked(&node.name);
        for (key, value, (year, month)) in removed {
            if !version.at_least(&[year, month]) {
                continue;
            }
            let message = format!(
                "external_ids:{key} of {} has no effect: OVN has not read it since {year}.{month:02}, and the node has {}",
                node.name, version.text
            );
            let finding = Finding::new(
                Level::Note,
                format!("{}/{key}", node.name),
                message,
                &value.place,
                "no longer read",
            );
            found.push(finding.node(&node.name).command(
                &["ovs-vsctl", "remove", "open", ".", "external_ids", key],
                "nothing; remove it from the deployment first",
            ));
        }
    }
}
