//! A provider bridge that no frame leaves.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::uplinks::WayOut;

/// Nothing complains: ports are bound and shown as active (facts O§6).
pub fn check(site: &Site, found: &mut Findings) {
    for node in &site.nodes {
        // A BGP agent routes between its bridges and the node.
        if node.runs_bgp_agent() || node.host.bgp_agent {
            continue;
        }
        if site.host.bgp_agent {
            found.unknown(&node.name, "on which nodes ovn-bgp-agent runs");
            continue;
        }
        let mut peers = site.nodes.iter().filter(|peer| peer.driver == node.driver);
        let level = if peers.nth(1).is_some() {
            Level::Warning
        } else {
            Level::Note
        };
        for (bridge, physnets) in node.provider_bridges() {
            if node.is_integration_bridge(&bridge.name) {
                continue;
            }
            match node.way_out(bridge) {
                WayOut::Unknown(needs) => found.unknown(&node.name, needs),
                WayOut::Seen => found.checked(&node.name),
                WayOut::Missing => {
                    found.checked(&node.name);
                    let message = format!(
                        "{} ({}) on {} has no physical interface, bond or DPDK port: no frame of its provider networks and floating IPs leaves the node",
                        &*bridge.name,
                        listed(&physnets),
                        node.name
                    );
                    let finding = Finding::new(
                        level,
                        format!("{}/{}", node.name, &*bridge.name),
                        message,
                        &bridge.name.place,
                        "no uplink",
                    );
                    found.push(finding.node(&node.name).command(
                        &["ovs-vsctl", "add-port", &bridge.name, "INTERFACE"],
                        "whatever uses an address on that interface: it must carry none",
                    ));
                }
            }
        }
    }
}
