//! A physical network that Neutron offers and no node maps to a bridge.

use std::collections::BTreeSet;

use crate::finding::words::{listed, nearest};
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::neutron::{Configuration, Physnet};
use crate::source::Place;

/// Mechanism drivers that serve a physnet without a mapping, or from files that are not read.
const BRIDGED: [&str; 4] = ["openvswitch", "ovn", "ovn-sync", "l2population"];

/// Ports on such a network are refused at INFO level only (facts N§4, N§6.3).
pub fn check(site: &Site, found: &mut Findings) {
    for configuration in &site.configurations {
        let physnets = configuration.physnets();
        if physnets.is_empty() {
            continue;
        }
        let served = site.served_physnets(configuration);
        if !served.any_seen {
            found.unknown(&configuration.name, "the bridge mappings of the nodes (`ovs-vsctl get open . external_ids`, openvswitch_agent.ini)");
            continue;
        }
        let Some(cap) = cap(configuration) else {
            found.unknown(
                &configuration.name,
                "the mappings of the SR-IOV, macvtap or linuxbridge agents",
            );
            continue;
        };
        found.checked(&configuration.name);
        let names: BTreeSet<&str> = served.names.iter().map(|(name, _)| name.as_str()).collect();
        let mut said = BTreeSet::new();
        for physnet in physnets
            .iter()
            .filter(|physnet| !names.contains(physnet.name.as_str()))
        {
            if !said.insert(physnet.name.as_str()) {
                continue;
            }
            match (
                nearest(&physnet.name, names.iter().copied()),
                &served.unseen[..],
            ) {
                (Some(meant), unseen) => {
                    let level = if unseen.is_empty() {
                        Level::Error
                    } else {
                        Level::Warning
                    };
                    let place = served
                        .names
                        .iter()
                        .find(|(name, _)| name == meant)
                        .map(|(_, place)| place);
                    found.push(finding(
                        level.min(cap),
                        configuration,
                        physnet,
                        &format!("; did you mean `{meant}`?"),
                        place,
                    ));
                }
                (None, []) => {
                    let mapped: Vec<&str> = names.iter().copied().collect();
                    let hint = if mapped.is_empty() {
                        "; no physnet is mapped anywhere".to_owned()
                    } else {
                        format!("; mapped are {}", listed(&mapped))
                    };
                    found.push(finding(
                        Level::Warning.min(cap),
                        configuration,
                        physnet,
                        &hint,
                        None,
                    ));
                }
                (None, unseen) => {
                    for node in unseen {
                        found.unknown(
                            node,
                            "the node's bridge mappings (`ovs-vsctl get open . external_ids`)",
                        );
                    }
                }
            }
        }
    }
}

fn finding(
    level: Level,
    configuration: &Configuration,
    physnet: &Physnet,
    hint: &str,
    near: Option<&Place>,
) -> Finding {
    let message = format!(
        "physnet `{}` of {} is mapped to a bridge on no node, so no port on it can be bound{hint}",
        &*physnet.name, physnet.option
    );
    let finding = Finding::new(
        level,
        format!("{}/{}", configuration.name, &*physnet.name),
        message,
        &physnet.name.place,
        "mapped nowhere",
    );
    match near {
        Some(place) => finding.label(place, "the name that is mapped"),
        None => finding,
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
