//! ML2/OVN: a provider bridge that drops everything once its flows are gone.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;

/// Nobody adds a NORMAL flow under OVN; an old one lives until vswitchd restarts (facts O§4).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        for (bridge, physnets) in node.provider_bridges() {
            let Some(secure) = bridge.is_secure() else {
                found.unknown(&node.name, "fail_mode of the bridge (`ovs-vsctl show`)");
                continue;
            };
            found.checked(&node.name);
            if !secure || node.is_integration_bridge(&bridge.name) {
                continue;
            }
            let (level, result) = match node.flow_owner() {
                Some(owner) => (Level::Note, format!("it forwards only what {owner} gives it flows for")),
                None => (Level::Error, "nothing under OVN gives it a flow, so it drops everything as soon as ovs-vswitchd restarts".to_owned()),
            };
            let message = format!(
                "{} ({}) on {} has fail_mode secure: {result}",
                &*bridge.name,
                listed(&physnets),
                node.name
            );
            let finding = Finding::new(
                level,
                format!("{}/{}", node.name, &*bridge.name),
                message,
                bridge.fail_mode_place(),
                "secure",
            );
            let finding = finding.node(&node.name);
            // Where somebody owns the flows, secure is what they want.
            found.push(if level == Level::Note {
                finding
            } else {
                finding.command(
                    &["ovs-vsctl", "set-fail-mode", &bridge.name, "standalone"],
                    "its flows are replaced by one NORMAL flow at once, where it has no controller",
                )
            });
        }
    }
}
