//! A localnet port that Neutron did not make, on a switch that is Neutron's.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;

/// Neutron makes `provnet-<segment>`; its synchronisation of the databases looks at no others (facts O§6.7).
pub fn check(site: &Site, found: &mut Findings) {
    for switch in site.northbound.switches() {
        if !switch.is_neutrons() {
            continue;
        }
        for port in switch.localnets() {
            found.checked(&switch.name);
            if port.is_neutrons_localnet() {
                continue;
            }
            let physnet = port.physnet();
            let joins = physnet.seen().map_or_else(String::new, |physnet| {
                format!(", which joins it to {physnet}")
            });
            let message = format!(
                "Neutron's switch {} has the localnet port {}{joins}; Neutron made no such port (its own are named provnet-*), and neither shows nor removes it",
                switch.title(),
                port.name,
            );
            let finding = Finding::new(
                Level::Warning,
                format!("{}/{}", switch.name, port.name),
                message,
                &port.name.place,
                "not made by Neutron",
            );
            found.push(finding.command(
                &["ovn-nbctl", "lsp-del", &port.name],
                "its patch ports go from every chassis where the switch is local",
            ));
        }
    }
}
