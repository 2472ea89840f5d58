//! Two localnet ports of one switch that meet on a chassis: a layer 2 loop, or two networks in one.

use std::collections::BTreeSet;

use crate::finding::words::{first_of, listed};
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::mapping::MAPPINGS;
use crate::site::ovn::junction::{Effect, Junction};
use crate::site::ovn::{LogicalSwitch, SwitchPort};

/// Of so many chassis the message gives the names; `nodes` has all.
const SHOWN: usize = 8;

/// Every chassis that maps both forwards from the one to the other, and a loop cuts off the whole segment within
/// seconds (facts O§6.4).
pub fn check(site: &Site, found: &mut Findings) {
    for switch in site.northbound.switches() {
        if switch.localnets().next().is_none() {
            continue;
        }
        found.checked(&switch.name);
        let junctions = site.junctions(switch);
        for chassis in &junctions.unknown {
            found.unknown(&chassis.name, MAPPINGS);
        }
        for junction in &junctions.found {
            if let Some(needs) = junction.needs {
                found.unknown(&junction.chassis.name, needs);
            }
        }
        let effect = junctions.found.iter().map(|junction| junction.effect).min();
        // Where no chassis was seen at all, two ports of one physnet still meet on every one that there is.
        let nobody = site.registrations().is_empty();
        if let Some(effect) = effect.or(junctions.wherever.filter(|_| nobody)) {
            found.push(finding(switch, &junctions.found, effect));
        }
    }
}

fn finding(switch: &LogicalSwitch, junctions: &[Junction], effect: Effect) -> Finding {
    let met: BTreeSet<&str> = junctions
        .iter()
        .flat_map(|junction| &junction.ports)
        .map(String::as_str)
        .collect();
    let ports: Vec<&SwitchPort> = switch
        .localnets()
        .filter(|port| met.is_empty() || met.contains(port.name.as_str()))
        .collect();
    let names: Vec<&str> = ports.iter().map(|port| port.name.as_str()).collect();
    let (certain, possible): (Vec<_>, Vec<_>) = junctions
        .iter()
        .partition(|junction| junction.needs.is_none());
    let message = format!(
        "switch {} has the localnet ports {}: {}{}{}",
        switch.title(),
        first_of(&names, SHOWN),
        place(&certain, &possible),
        consequence(effect, junctions.len()),
        management(effect, junctions),
    );
    let level = if certain.is_empty() {
        Level::Warning
    } else {
        Level::Error
    };
    // What Neutron did not make is what somebody added.
    let (own, added): (Vec<&SwitchPort>, Vec<&SwitchPort>) = ports
        .iter()
        .copied()
        .partition(|port| port.is_neutrons_localnet());
    let mut order = added.iter().chain(&own);
    let first = order.next().expect("two ports met");
    let mut finding = Finding::new(
        level,
        switch.name.value.clone(),
        message,
        &first.name.place,
        "one localnet port too many",
    );
    for port in order {
        finding = finding.label(&port.name.place, "another localnet port of the switch");
    }
    // One mapping stands for those of all chassis.
    let mapping = junctions
        .iter()
        .find_map(|junction| Some((&junction.chassis.name, junction.mapping.as_ref()?)));
    if let Some((name, mapping)) = mapping {
        finding = finding.label(mapping, format!("what {name} maps"));
    }
    let names = |junctions: &[&Junction]| {
        let names = junctions
            .iter()
            .map(|junction| junction.chassis.name.clone());
        names.collect()
    };
    finding.nodes = names(&certain);
    finding.possible_nodes = names(&possible);
    if !own.is_empty() {
        for port in &added {
            finding = finding.command(
                &["ovn-nbctl", "lsp-del", &port.name],
                "its patch ports go from every chassis; one that is cut off already does not hear of it",
            );
        }
    }
    finding
}

/// `both reach br-ex on os-network and os-compute1, where the switch is local`
fn place(certain: &[&Junction], possible: &[&Junction]) -> String {
    let names = |junctions: &[&Junction]| {
        let names: Vec<&str> = junctions
            .iter()
            .map(|junction| junction.chassis.name.as_str())
            .collect();
        first_of(&names, SHOWN)
    };
    let mut bridges: Vec<&str> = certain
        .iter()
        .chain(possible)
        .flat_map(|junction| &junction.bridges)
        .map(String::as_str)
        .collect();
    bridges.sort_unstable();
    bridges.dedup();
    let reach = if bridges.is_empty() {
        "they name one physnet".to_owned()
    } else {
        format!("they reach {}", listed(&bridges))
    };
    match (certain, possible) {
        ([], []) => format!("{reach}, and no chassis was seen"),
        (certain, []) => format!("{reach} on {}, where the switch is local", names(certain)),
        ([], possible) => format!(
            "{reach} on {}, where the switch may be local",
            names(possible)
        ),
        (certain, possible) => format!(
            "{reach} on {}, where the switch is local, and possibly on {}",
            names(certain),
            names(possible)
        ),
    }
}

fn consequence(effect: Effect, chassis: usize) -> &'static str {
    match (effect, chassis) {
        (Effect::Loop, _) => {
            "; that is a layer 2 loop, and the first broadcast becomes a storm on every node of the segment"
        }
        (Effect::Vlans, 0 | 1) => {
            "; that joins two VLANs, and becomes a loop as soon as a second chassis does it"
        }
        (Effect::Vlans, _) => "; each joins two VLANs, and together they are a layer 2 loop",
        (Effect::Bridges, _) => "; that joins two physical networks",
    }
}

fn management(effect: Effect, junctions: &[Junction]) -> String {
    let there = junctions
        .iter()
        .filter(|junction| junction.holds_management);
    let names: Vec<&str> = there
        .map(|junction| junction.chassis.name.as_str())
        .collect();
    let loops = effect == Effect::Loop || (effect == Effect::Vlans && junctions.len() > 1);
    let cut = match (loops, names.len()) {
        (false, _) => "",
        (true, 1) => " and is cut off",
        (true, _) => " and are cut off",
    };
    match names[..] {
        [] => String::new(),
        [one] => format!("; {one} has its management address there{cut}"),
        _ => format!(
            "; {} have their management addresses there{cut}",
            first_of(&names, SHOWN)
        ),
    }
}
