//! An OVN chassis without a name.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::external_ids::EXTERNAL_IDS;

/// `system-id` is the name of the chassis: without it ovn-controller does nothing (facts O§5).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        let id = node.ovs.external_id("system-id");
        if !id.settled() {
            found.unknown(&node.name, EXTERNAL_IDS);
            continue;
        }
        match node.is_meant_as_chassis() {
            Some(true) => found.checked(&node.name),
            Some(false) => continue,
            None => {
                found.unknown(&node.name, "`roles` of the node in topology.toml");
                continue;
            }
        }
        if id.seen().is_some_and(|id| !id.trim().is_empty()) {
            continue;
        }
        let Some(place) = id.place() else {
            continue;
        };
        let registered = site.registered_as(node);
        // The node's name may be that of a directory only.
        let hostname = node.ovs.external_id("hostname");
        let name = registered
            .map(|chassis| chassis.name.as_str())
            .or(hostname.seen().map(|hostname| hostname.value.as_str()))
            .unwrap_or("SYSTEM_ID");
        let (had, disrupts) = match registered {
            Some(chassis) => (
                format!("; the southbound has it as `{}`", &*chassis.name),
                "nothing: the chassis goes on under the name that it had",
            ),
            None => (
                String::new(),
                "nothing, where the chassis was never registered; take the name that it had, where it was",
            ),
        };
        let setting = format!("external_ids:system-id={name}");
        let message = format!(
            "{} has no system-id in external_ids: ovn-controller logs `'system-id' in Open_vSwitch database is missing.`, the chassis never registers and binds no port{had}",
            node.name
        );
        let mut finding = Finding::new(
            Level::Error,
            node.name.clone(),
            message,
            place,
            "no system-id",
        );
        if let Some(chassis) = registered {
            finding = finding.label(&chassis.name.place, "its name in the southbound");
        }
        found.push(
            finding
                .node(&node.name)
                .command(&["ovs-vsctl", "set", "open", ".", &setting], disrupts),
        );
    }
}
