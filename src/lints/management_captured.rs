//! A management address on an interface that Open vSwitch took.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::management::ManagementPath;

/// The kernel hands every frame of a bridge's port to Open vSwitch: the address never sees one (facts O§7 a).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.nodes.iter().filter(|node| node.ovs.seen()) {
        match node.management_path() {
            ManagementPath::Unknown(needs) => found.unknown(&node.name, needs),
            ManagementPath::Outside | ManagementPath::OnBridge { .. } => found.checked(&node.name),
            ManagementPath::Captured {
                carrier,
                port,
                bridge,
            } => {
                found.checked(&node.name);
                let address = carrier
                    .address
                    .map_or("the management address".to_owned(), |address| {
                        format!("the management address {address}")
                    });
                let (seat, own) = (&carrier.interface, *port.name == carrier.interface);
                let through = if own {
                    String::new()
                } else {
                    format!(" (through port {})", &*port.name)
                };
                let message = format!(
                    "{address} of {} sits on {seat}, which is a port of {}{through}: Open vSwitch takes its frames, and SSH and the API on it are dead until someone reaches the console",
                    node.name, &*bridge.name
                );
                let finding = Finding::new(
                    Level::Error,
                    format!("{}/{}", node.name, &*bridge.name),
                    message,
                    &port.name.place,
                    format!("port of {}", &*bridge.name),
                );
                let finding = finding
                    .label(&carrier.place, "carries the management address")
                    .node(&node.name);
                found.push(finding.command(
                    &["ovs-vsctl", "del-port", &bridge.name, &port.name],
                    format!(
                        "the provider networks of {} lose this uplink on {}",
                        &*bridge.name, node.name
                    ),
                ));
            }
        }
    }
}
