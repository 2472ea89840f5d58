//! ML2/OVS: a provider bridge that the agent will switch to `secure` when it starts.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::source::Known;

/// The agent sets every mapped bridge to secure since 9.0.0; without a controller that flushes it (facts O§4).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.agents() {
        for (bridge, physnets) in node.provider_bridges() {
            let Some(secure) = bridge.is_secure() else {
                found.unknown(&node.name, "fail_mode of the bridge (`ovs-vsctl show`)");
                continue;
            };
            found.checked(&node.name);
            if secure {
                continue;
            }
            let flush = match &bridge.controllers {
                Known::Absent(_) => {
                    "and, as it has no controller, that flushes its flows: traffic stops until the agent has put them back"
                }
                Known::Seen(_) => "and, as it has a controller, its flows stay",
                Known::Unseen | Known::Unsure(..) => {
                    "and that flushes its flows where it has no controller"
                }
            };
            let mode = bridge
                .fail_mode
                .seen()
                .map_or("unset", |mode| mode.value.as_str());
            let message = format!(
                "fail_mode of {} ({}) on {} is {mode}: it floods while no flows are there, neutron-openvswitch-agent switches it to secure when it starts, {flush}",
                &*bridge.name,
                listed(&physnets),
                node.name
            );
            let finding = Finding::new(
                Level::Note,
                format!("{}/{}", node.name, &*bridge.name),
                message,
                bridge.fail_mode_place(),
                "not secure",
            );
            found.push(finding.node(&node.name));
        }
    }
}
