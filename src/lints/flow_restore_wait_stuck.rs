//! Open vSwitch that waits for flows which nobody restores.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::ovs::entry;

/// The scripts set it for the length of a restart only (facts O§10).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.nodes.iter().filter(|node| node.ovs.seen()) {
        let wait = entry(&node.ovs.other_config, "flow-restore-wait");
        if !wait.settled() {
            found.unknown(
                &node.name,
                "other_config of Open vSwitch (`ovs-vsctl list Open_vSwitch`)",
            );
            continue;
        }
        found.checked(&node.name);
        let Some(wait) = wait.seen().filter(|wait| wait.eq_ignore_ascii_case("true")) else {
            continue;
        };
        let message = format!(
            "other_config:flow-restore-wait of {} is true: an ovs-vswitchd that starts with it neither handles new traffic nor connects to a controller, until it is removed",
            node.name
        );
        let managed = node.external_id("ovn-managed-flow-restore-wait");
        let label = match managed.seen() {
            Some(_) => "set by ovn-controller, which removes it once it reaches the southbound",
            None => "left behind by a restart that was interrupted",
        };
        let finding = Finding::new(Level::Error, node.name.clone(), message, &wait.place, label);
        found.push(finding.node(&node.name).command(
            &[
                "ovs-vsctl",
                "remove",
                "open",
                ".",
                "other_config",
                "flow-restore-wait",
            ],
            "nothing; restart ovn-controller or the agent afterwards, where flows do not appear",
        ));
    }
}
