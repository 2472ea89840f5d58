//! ML2/OVN: a provider bridge that drops everything once its flows are gone.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::ovs::Bridge;
use crate::site::{Node, Site};
use crate::source::Known;

/// Nobody adds a NORMAL flow under OVN; an old one lives until vswitchd restarts (facts O§4).
pub fn check(site: &Site, found: &mut Findings) {
    let unknown = site.nodes.iter().filter(|node| node.driver.is_none());
    for node in unknown {
        for bridge in node
            .ovs
            .bridges
            .seen()
            .into_iter()
            .flat_map(|seen| seen.iter())
        {
            if let Some(finding) = secure_without_flows(node, bridge) {
                found.push(finding);
            }
        }
    }
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

/// A bridge with a way out, secure and without a controller, where no input tells what runs the node: the agent of
/// ML2/OVS would be its controller.
fn secure_without_flows(node: &Node, bridge: &Bridge) -> Option<Finding> {
    let left_alone = node.external_id("ovn-remote") != Known::Unseen
        || node.is_integration_bridge(&bridge.name)
        || bridge
            .primary_controllers()
            .is_none_or(|targets| !targets.is_empty());
    let has_uplink = node
        .uplinks()
        .get(bridge.name.as_str())
        .and_then(Option::as_ref)
        .is_some_and(|ports| !ports.is_empty());
    if left_alone || bridge.is_secure() != Some(true) || !has_uplink {
        return None;
    }
    let message = format!(
        "{} on {} has fail_mode secure, an uplink and no controller: under OVN nothing gives it a flow, so it drops \
         everything as soon as ovs-vswitchd restarts; what runs the node is not among the inputs (`ovs-vsctl get open . \
         external_ids`)",
        &*bridge.name, node.name
    );
    let subject = format!("{}/{}", node.name, &*bridge.name);
    let finding = Finding::new(
        Level::Note,
        subject,
        message,
        bridge.fail_mode_place(),
        "secure",
    );
    Some(finding.node(&node.name))
}
