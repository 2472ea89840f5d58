//! A management address that shares the fate of a provider bridge.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::management::ManagementPath;
use crate::site::ovs::Bridge;
use crate::site::{Driver, Node, Site};
use crate::source::Known;

/// It works while the bridge forwards normally, and some deployments build it on purpose: never an error
/// (facts O§7 b).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.nodes.iter().filter(|node| node.ovs.seen()) {
        let ManagementPath::OnBridge { carrier, bridge } = node.management_path() else {
            continue;
        };
        let physnets = node.physnets_of(&bridge.name);
        if physnets.is_empty() {
            if matches!(node.mappings, Known::Unseen | Known::Unsure(..)) {
                found.unknown(
                    &node.name,
                    "the bridge mappings of the node (`ovs-vsctl get open . external_ids`)",
                );
            }
            continue;
        }
        found.checked(&node.name);
        let dangers = dangers(node, bridge);
        let (level, now) = match &dangers[..] {
            [] => (Level::Note, String::new()),
            dangers => (
                Level::Warning,
                format!("; already there: {}", listed(dangers)),
            ),
        };
        let message = format!(
            "the management address of {} sits on {}, to which {} maps: it is cut by `set-fail-mode {} secure` or `del-br`, by `del-port` of the uplink or of {}, for about 15 s by `set-controller`, and by a second localnet port that loops{now}",
            node.name,
            &*bridge.name,
            listed(&physnets),
            &*bridge.name,
            carrier.interface,
        );
        let finding = Finding::new(
            level,
            format!("{}/{}", node.name, &*bridge.name),
            message,
            &carrier.place,
            "carries the management address",
        );
        found.push(
            finding
                .label(&bridge.name.place, "the provider bridge")
                .node(&node.name),
        );
    }
}

/// What would cut the address and is there already.
fn dangers(node: &Node, bridge: &Bridge) -> Vec<&'static str> {
    let controlled = bridge
        .controllers
        .seen()
        .is_some_and(|targets| !targets.is_empty());
    let on = |known: &Known<bool>| known.seen().is_some_and(|on| on.value);
    let present = [
        (
            node.driver == Some(Driver::Ovn) && bridge.is_secure() == Some(true),
            "fail_mode secure, with nobody who adds flows",
        ),
        (
            node.driver == Some(Driver::Ovn) && controlled,
            "a controller",
        ),
        (
            on(&bridge.stp_enable),
            "STP, which blocks for 30 s at every change",
        ),
        (on(&bridge.rstp_enable), "RSTP"),
    ];
    present
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, danger)| danger)
        .collect()
}
