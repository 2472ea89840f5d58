//! A management address whose MAC address may change.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::management::ManagementPath;
use crate::site::ovs::entry;
use crate::source::Known;

/// A bridge takes the lowest MAC address of its physical ports, unless one is pinned (facts O§7).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.nodes.iter().filter(|node| node.ovs.seen()) {
        let ManagementPath::OnBridge { carrier, bridge } = node.management_path() else {
            continue;
        };
        let physnets = node.physnets_of(&bridge.name);
        // An internal port of another name has an address of its own.
        if physnets.is_empty() || carrier.interface != *bridge.name {
            continue;
        }
        let Known::Absent(place) = entry(&bridge.other_config, "hwaddr") else {
            match bridge.other_config {
                Known::Seen(_) => found.checked(&node.name),
                _ => found.unknown(
                    &node.name,
                    "other_config of the bridge (`ovs-vsctl list Bridge`)",
                ),
            }
            continue;
        };
        found.checked(&node.name);
        let name = &*bridge.name;
        let message = format!(
            "the management address of {} sits on {name} ({}), which has no other_config:hwaddr: its MAC address is the lowest among its physical ports and changes when one comes or goes, and neighbours, DHCP and port security lose the node",
            node.name,
            listed(&physnets)
        );
        let finding = Finding::new(
            Level::Note,
            format!("{}/{name}", node.name),
            message,
            &place,
            "no hwaddr",
        );
        found.push(finding.node(&node.name).command(
            &[
                "ovs-vsctl",
                "set",
                "bridge",
                name,
                "other_config:hwaddr=\"MAC\"",
            ],
            format!("nothing, where MAC is the address that `ip link show {name}` prints now"),
        ));
    }
}
