//! A localnet port that names no physical network.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::ovn::local::Local;
use crate::source::Known;

/// ovn-controller makes no patch port for it, on no chassis (facts O§6.1).
pub fn check(site: &Site, found: &mut Findings) {
    for switch in site.northbound.switches() {
        for port in switch.localnets() {
            let place = match port.physnet() {
                Known::Absent(place) => place,
                Known::Seen(_) => {
                    found.checked(&switch.name);
                    continue;
                }
                Known::Unseen | Known::Unsure(..) => {
                    found.unknown(
                        &switch.name,
                        "the options of its ports (`ovn-nbctl list Logical_Switch_Port`)",
                    );
                    continue;
                }
            };
            found.checked(&switch.name);
            let message = format!(
                "localnet port {} of switch {} has no network_name: no chassis gives it a patch port, and the network does not reach the wire",
                port.name,
                switch.title()
            );
            let mut finding = Finding::new(
                Level::Error,
                format!("{}/{}", switch.name, port.name),
                message,
                &place,
                "no network_name among its options",
            );
            for presence in site.chassis_with_local_datapath(switch) {
                finding = match presence.local {
                    Local::Yes(_) => finding.node(&presence.chassis.name),
                    _ => finding.possible_node(&presence.chassis.name),
                };
            }
            found.push(finding);
        }
    }
}
