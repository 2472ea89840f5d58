//! A gateway chassis without the physical network that its routers need.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::mapping::MAPPINGS;
use crate::site::ovn::SwitchPort;
use crate::site::ovn::registration::Registration;
use crate::source::{Known, Place};

/// No patch port is made there, and gateways on it have no way out (facts O§6.1, O§6.5).
pub fn check(site: &Site, found: &mut Findings) {
    let mut idle = BTreeSet::new();
    for chassis in site.registrations() {
        let Some(option) = site.gateway_option(chassis) else {
            continue;
        };
        let Some(mapped) = mapped(site, chassis, found) else {
            continue;
        };
        if !mapped.names.is_empty() {
            continue;
        }
        idle.insert(chassis.name.as_str());
        let message = format!(
            "{} offers to host gateways of routers, but maps no physnet: none can reach the outside from there",
            chassis.name
        );
        let finding = Finding::new(
            Level::Warning,
            chassis.name.clone(),
            message,
            &option.place,
            "offers to host gateways",
        );
        found.push(finding.node(&chassis.name));
    }
    for ((chassis, physnets), scheduled) in scheduled(site) {
        let Some(chassis) = site.registration(&chassis) else {
            continue;
        };
        let Some(mapped) = mapped(site, chassis, found) else {
            continue;
        };
        if idle.contains(chassis.name.as_str())
            || physnets.iter().any(|name| mapped.names.contains(name))
        {
            continue;
        }
        found.push(dead(chassis, &physnets, &scheduled, &mapped.place));
    }
}

/// A gateway port that is scheduled on a chassis, and where that stands.
type Scheduled = (String, Place);

/// The gateway ports on each chassis, by the physnets of the networks outside.
fn scheduled(site: &Site) -> BTreeMap<(String, Vec<String>), Vec<Scheduled>> {
    let outside = site.northbound.switches_by_router_port();
    let mut scheduled: BTreeMap<_, Vec<Scheduled>> = BTreeMap::new();
    for router in site.northbound.routers() {
        let ports = router.ports.seen().map_or(&[][..], |ports| &ports.value);
        for port in ports {
            let Some(switch) = outside.get(port.name.as_str()) else {
                continue;
            };
            let physnets: Vec<_> = switch.localnets().map(SwitchPort::physnet).collect();
            let names = physnets.iter().filter_map(Known::seen);
            let names: Vec<String> = names.map(|name| name.value.clone()).collect();
            if names.is_empty() || names.len() < physnets.len() {
                continue;
            }
            for gateway in port.gateways() {
                let key = (gateway.value.clone(), names.clone());
                let entry = (port.name.value.clone(), gateway.place.clone());
                scheduled.entry(key).or_default().push(entry);
            }
        }
    }
    scheduled
}

fn dead(
    chassis: &Registration,
    physnets: &[String],
    scheduled: &[Scheduled],
    mappings: &Place,
) -> Finding {
    let (port, place) = &scheduled[0];
    let what = match scheduled.len() {
        1 => format!("gateway port {port} is"),
        count => format!("gateway port {port} and {} more are", count - 1),
    };
    let message = format!(
        "{what} scheduled on {}, which does not map {}: while it is the active one, nothing of these routers reaches the outside",
        chassis.name,
        listed(physnets)
    );
    let subject = format!("{}/{}", chassis.name, physnets.join(","));
    Finding::new(Level::Warning, subject, message, place, "scheduled there")
        .label(mappings, "what the chassis maps")
        .node(&chassis.name)
}

/// The physnets that a chassis maps, and where that stands.
struct Mapped {
    names: BTreeSet<String>,
    place: Place,
}

fn mapped(site: &Site, chassis: &Registration, found: &mut Findings) -> Option<Mapped> {
    let (names, place) = match site.chassis_mappings(chassis) {
        Known::Seen(mappings) => {
            let entries = mappings.value.entries.into_iter();
            let names = entries.map(|entry| entry.physnet.value);
            (names.collect(), mappings.place)
        }
        Known::Absent(place) => (BTreeSet::new(), place),
        Known::Unseen | Known::Unsure(..) => {
            found.unknown(&chassis.name, MAPPINGS);
            return None;
        }
    };
    found.checked(&chassis.name);
    Some(Mapped { names, place })
}
