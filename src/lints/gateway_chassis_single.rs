//! A site with one chassis for the gateways of all routers.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::external_ids::EXTERNAL_IDS;
use crate::source::Known;

/// Nothing takes over when it fails; since Neutron 24.0.0 other chassis are no fallback (facts N§6).
pub fn check(site: &Site, found: &mut Findings) {
    let chassis = site.registrations();
    if chassis.len() < 2 {
        return;
    }
    let mut gateways = Vec::new();
    let mut unseen = false;
    for chassis in chassis {
        if !site.chassis_key(chassis, "ovn-cms-options").settled() {
            unseen = true;
            found.unknown(&chassis.name, EXTERNAL_IDS);
            continue;
        }
        found.checked(&chassis.name);
        let mapped = match site.chassis_mappings(chassis) {
            Known::Seen(mappings) => !mappings.entries.is_empty(),
            Known::Absent(_) => false,
            Known::Unseen | Known::Unsure(..) => true,
        };
        if let Some(option) = site.gateway_option(chassis).filter(|_| mapped) {
            gateways.push((chassis, option));
        }
    }
    let [(only, option)] = &gateways[..] else {
        return;
    };
    if unseen {
        return;
    }
    let message = format!(
        "{} is the only one of {} chassis that hosts gateways of routers: when it fails, SNAT and floating IPs fail with it",
        only.name,
        chassis.len()
    );
    let finding = Finding::new(
        Level::Note,
        only.name.clone(),
        message,
        &option.place,
        "set on this chassis alone",
    );
    found.push(finding.node(&only.name));
}
