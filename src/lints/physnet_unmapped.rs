//! A physical network that Neutron offers and no node maps to a bridge.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::words::{listed, nearest};
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::mapping::MAPPINGS;
use crate::site::neutron::Configuration;
use crate::site::ovn::SwitchPort;
use crate::site::physnets::Served;
use crate::source::{Known, Place};

/// Mechanism drivers that serve a physnet without a mapping, or from files that are not read.
const BRIDGED: [&str; 4] = ["openvswitch", "ovn", "ovn-sync", "l2population"];

/// Ports on such a network are refused at INFO level only (facts N§4, N§6.3).
pub fn check(site: &Site, found: &mut Findings) {
    let mut said = BTreeSet::new();
    for configuration in &site.configurations {
        of_configuration(site, configuration, &mut said, found);
    }
    of_localnets(site, &said, found);
}

fn of_configuration(
    site: &Site,
    configuration: &Configuration,
    said: &mut BTreeSet<String>,
    found: &mut Findings,
) {
    let physnets = configuration.physnets();
    if physnets.is_empty() {
        return;
    }
    let served = site.served_physnets(configuration);
    if !served.any_seen {
        found.unknown(&configuration.name, "the bridge mappings of the nodes (`ovs-vsctl get open . external_ids`, openvswitch_agent.ini)");
        return;
    }
    let Some(cap) = cap(configuration) else {
        found.unknown(
            &configuration.name,
            "the mappings of the SR-IOV, macvtap or linuxbridge agents",
        );
        return;
    };
    found.checked(&configuration.name);
    let names = physnets.iter().map(|physnet| physnet.name.as_str());
    let mut verdicts = unmapped(names, &served, found);
    for physnet in &physnets {
        // One that is named twice is one defect.
        let Some(verdict) = verdicts.remove(physnet.name.as_str()) else {
            continue;
        };
        said.insert(physnet.name.value.clone());
        let message = format!(
            "physnet `{}` of {} is mapped to a bridge on no node, so no port on it can be bound{}",
            &*physnet.name, physnet.option, verdict.hint
        );
        let subject = format!("{}/{}", configuration.name, &*physnet.name);
        let mut finding = verdict.finding(subject, message, &physnet.name.place, cap);
        if let Some(meant) = verdict.meant {
            let named = physnets.iter().map(|other| &other.name);
            for name in named.filter(|name| ***name == *physnet.name.value) {
                finding = finding.write(false, name, meant);
            }
        }
        found.push(finding);
    }
}

/// The physnets that localnet ports name. Where Neutron's configuration has the same, that was said above.
fn of_localnets(site: &Site, said: &BTreeSet<String>, found: &mut Findings) {
    let mut ports: BTreeMap<String, (Vec<&SwitchPort>, Place)> = BTreeMap::new();
    for port in site
        .northbound
        .switches()
        .iter()
        .flat_map(|switch| switch.localnets())
    {
        if let Known::Seen(physnet) = port.physnet() {
            let (named, _) = ports
                .entry(physnet.value)
                .or_insert_with(|| (Vec::new(), physnet.place));
            named.push(port);
        }
    }
    if ports.is_empty() {
        return;
    }
    let served = site.physnets_of_chassis();
    if !served.any_seen {
        for chassis in &served.unseen {
            found.unknown(chassis, MAPPINGS);
        }
        return;
    }
    found.checked("northbound");
    let names = ports.keys().filter(|name| !said.contains(*name));
    for (physnet, verdict) in unmapped(names.map(String::as_str), &served, found) {
        let (ports, place) = &ports[physnet];
        let what = match ports.len() {
            1 => format!("localnet port {}", ports[0].name),
            count => format!("localnet port {} and {} more", ports[0].name, count - 1),
        };
        let message = format!(
            "physnet `{physnet}` of {what} is mapped to a bridge on no chassis, so its switch does not reach the wire{}",
            verdict.hint
        );
        let subject = format!("northbound/{physnet}");
        found.push(verdict.finding(subject, message, place, Level::Error));
    }
}

/// What is to be said of a physnet that is mapped nowhere.
struct Verdict<'a> {
    level: Level,
    hint: String,
    meant: Option<&'a str>,
    near: Option<&'a Place>,
}

/// Each physnet that is mapped nowhere.
fn unmapped<'a>(
    physnets: impl IntoIterator<Item = &'a str>,
    served: &'a Served,
    found: &mut Findings,
) -> BTreeMap<&'a str, Verdict<'a>> {
    let names: BTreeSet<&str> = served.names.iter().map(|(name, _)| name.as_str()).collect();
    let offered: BTreeSet<&str> = physnets.into_iter().collect();
    let mut open = false;
    let mut verdicts = BTreeMap::new();
    for physnet in offered.difference(&names).copied() {
        // A name that is offered itself is no other's misspelling.
        let candidates = names.difference(&offered).copied();
        match (nearest(physnet, candidates), served.unseen.is_empty()) {
            (Some(meant), all_seen) => {
                let mut mapped = served.names.iter();
                let near = mapped.find(|(name, _)| name == meant);
                let verdict = Verdict {
                    level: if all_seen {
                        Level::Error
                    } else {
                        Level::Warning
                    },
                    hint: format!("; did you mean `{meant}`?"),
                    meant: Some(meant),
                    near: near.map(|(_, place)| place),
                };
                verdicts.insert(physnet, verdict);
            }
            (None, false) => open = true,
            (None, true) => {
                let verdict = Verdict {
                    level: Level::Warning,
                    hint: mapped_instead(&names),
                    meant: None,
                    near: None,
                };
                verdicts.insert(physnet, verdict);
            }
        }
    }
    for node in served.unseen.iter().filter(|_| open) {
        found.unknown(node, MAPPINGS);
    }
    verdicts
}

fn mapped_instead(names: &BTreeSet<&str>) -> String {
    let names: Vec<&str> = names.iter().copied().collect();
    if names.is_empty() {
        "; no physnet is mapped anywhere".to_owned()
    } else {
        format!("; mapped are {}", listed(&names))
    }
}

impl Verdict<'_> {
    fn finding(&self, subject: String, message: String, place: &Place, cap: Level) -> Finding {
        let finding = Finding::new(
            self.level.min(cap),
            subject,
            message,
            place,
            "mapped nowhere",
        );
        match self.near {
            Some(place) => finding.label(place, "the name that is mapped"),
            None => finding,
        }
    }
}

/// The highest level that the mechanism drivers allow; `None` where a mapping may stand in a file that is not read.
fn cap(configuration: &Configuration) -> Option<Level> {
    let drivers = configuration.mechanism_drivers();
    let Some(drivers) = drivers.seen() else {
        return Some(Level::Error);
    };
    let elsewhere =
        |name: &str, agent: bool| !agent && drivers.iter().any(|driver| driver.value == name);
    if elsewhere("sriovnicswitch", configuration.sriov_agent.is_some())
        || elsewhere("macvtap", configuration.macvtap_agent.is_some())
        || elsewhere("linuxbridge", false)
    {
        return None;
    }
    let foreign = drivers.iter().any(|driver| {
        !BRIDGED.contains(&driver.as_str())
            && !["sriovnicswitch", "macvtap"].contains(&driver.as_str())
    });
    Some(if foreign { Level::Note } else { Level::Error })
}
