//! An integration bridge whose `fail_mode` is not `secure`.

use crate::finding::{Finding, Findings, Level};
use crate::site::ovs::BRIDGES;
use crate::site::{Driver, Site};

/// OVN corrects it since 21.06 and wipes the flows doing so (facts O§4).
pub fn check(site: &Site, found: &mut Findings) {
    for node in &site.nodes {
        let Some(driver) = node.driver else {
            if node.ovs.seen() {
                found.unknown(
                    &node.name,
                    "whether the node runs OVN (`ovs-vsctl get open . external_ids`)",
                );
            }
            continue;
        };
        let name = node.integration_bridge();
        let Some(bridge) = node.ovs.bridge(&name) else {
            if !node.ovs.all_bridges {
                found.unknown(&node.name, BRIDGES);
            }
            continue;
        };
        let Some(secure) = bridge.is_secure() else {
            found.unknown(
                &node.name,
                "fail_mode of the bridge (`ovs-vsctl list Bridge`)",
            );
            continue;
        };
        found.checked(&node.name);
        if secure {
            continue;
        }
        let corrected =
            driver == Driver::Ovn && node.ovn().is_none_or(|version| version.at_least(&[21, 6]));
        let mode = bridge
            .fail_mode
            .seen()
            .map_or("unset, which is standalone", |mode| mode.value.as_str());
        let (level, result) = match (driver, corrected) {
            (Driver::Ovn, true) => (
                Level::Warning,
                "ovn-controller sets it to secure when it starts, and every flow is wiped by that",
            ),
            (Driver::Ovn, false) => (
                Level::Error,
                "OVN before 21.06 leaves it so, and the bridge floods whatever no flow matches",
            ),
            (Driver::Openvswitch, _) => (
                Level::Error,
                "the bridge floods whatever no flow matches until the agent has set it to secure",
            ),
        };
        let message = format!("fail_mode of {name} on {} is {mode}: {result}", node.name);
        let finding = Finding::new(
            level,
            format!("{}/{name}", node.name),
            message,
            bridge.fail_mode_place(),
            "should be secure",
        );
        let finding = finding.node(&node.name);
        let set = ["ovs-vsctl", "set-fail-mode", &name, "secure"];
        found.push(match driver {
            // A running ovn-controller does not put the flows back (facts O§10).
            Driver::Ovn => finding
                .command(
                    &["systemctl", "stop", "ovn-controller"],
                    "nothing: flows and tunnels stay",
                )
                .command(&set, "all flows of the node, until ovn-controller is back")
                .command(
                    &["systemctl", "start", "ovn-controller"],
                    "nothing: it installs the flows again",
                ),
            Driver::Openvswitch => finding.command(
                &set,
                "all flows of the bridge, where it has no controller, until the agent is restarted",
            ),
        });
    }
}
