//! What a node's own machine tells of itself; the words of topology.toml stand before it.

use std::collections::{BTreeSet, HashMap};

use crate::read::ip::{self, Route};
use crate::read::{Input, Record};
use crate::source::{Known, Spanned};

use crate::site::Management;
use crate::site::host::{Host, Interface};

/// The kernel's name for "a port of Open vSwitch": no bond and no Linux bridge.
const OPEN_VSWITCH: &str = "ovs-system";

/// Fills in what the topology does not say, from all files of the node.
pub fn add<'a>(host: &mut Host, files: impl Iterator<Item = &'a Input>) {
    let mut lists: Vec<&ip::Interfaces> = Vec::new();
    let mut routes: Vec<&Route> = Vec::new();
    for input in files {
        match &input.record {
            Record::Interfaces(list) => lists.push(list),
            Record::Routes(list) => routes.extend(list),
            Record::Machine(machine) => {
                fill(&mut host.kernel, machine.kernel.as_ref());
                fill(&mut host.memory, machine.memory.as_ref());
                fill(&mut host.openvswitch, machine.openvswitch.as_ref());
                fill(&mut host.ovn, machine.ovn.as_ref());
            }
            Record::BgpAgent => host.bgp_agent = true,
            _ => {}
        }
    }
    host.interfaces_complete |= lists.iter().any(|list| list.complete && list.addressed);
    add_interfaces(host, &lists);
    if host.management == Known::Unseen {
        host.management = management(&routes, host).map_or(Known::Unseen, Known::Seen);
    }
}

fn fill<T: Clone>(known: &mut Known<T>, said: Option<&Spanned<T>>) {
    if let (Known::Unseen, Some(said)) = (&known, said) {
        *known = Known::Seen(said.clone());
    }
}

fn add_interfaces(host: &mut Host, lists: &[&ip::Interfaces]) {
    let printed = || lists.iter().flat_map(|list| &list.list);
    let mut members: HashMap<&str, BTreeSet<String>> = HashMap::new();
    let mut links: HashMap<&str, &str> = HashMap::new();
    for interface in printed() {
        let name = &interface.name.value;
        if let Some(master) = interface
            .master
            .as_deref()
            .filter(|name| *name != OPEN_VSWITCH)
        {
            members.entry(master).or_default().insert(name.clone());
        }
        if let Some(link) = &interface.link {
            links.insert(name, link);
        }
    }
    let known = host.interfaces.iter().enumerate();
    let mut at: HashMap<String, usize> = known
        .map(|(at, interface)| (interface.name.value.clone(), at))
        .collect();
    for printed in printed() {
        let name = printed.name.value.as_str();
        let at = *at.entry(name.to_owned()).or_insert_with(|| {
            host.interfaces.push(nameless(&printed.name));
            host.interfaces.len() - 1
        });
        let interface = &mut host.interfaces[at];
        if interface.addresses.is_empty() {
            interface.addresses.clone_from(&printed.addresses);
        }
        interface.mtu = interface.mtu.take().or_else(|| printed.mtu.clone());
        interface.kind = interface.kind.take().or_else(|| printed.kind.clone());
        if interface.members.is_empty() {
            interface.members = members.remove(name).into_iter().flatten().collect();
        }
    }
    for interface in &mut host.interfaces {
        // Without details `ip` names no kind, but two ends that name each other are a veth pair.
        let name = interface.name.value.as_str();
        let peer = links.get(name).and_then(|link| links.get(link));
        if interface.kind.is_none() && peer == Some(&name) {
            interface.kind = Some("veth".to_owned());
        }
        let below = links.get(interface.name.as_str()).copied();
        // A VLAN is tied to what lies below it; of other kinds only what nobody named can be one.
        let below = below.filter(|_| interface.kind.as_deref().is_none_or(|kind| kind == "vlan"));
        let below = below.map(str::to_owned);
        interface.parent = interface.parent.take().or(below);
    }
}

fn nameless(name: &Spanned<String>) -> Interface {
    Interface {
        name: name.clone(),
        addresses: Vec::new(),
        mtu: None,
        kind: None,
        members: Vec::new(),
        parent: None,
    }
}

/// The interface of the default route, or the address that the route names where it sits on that interface.
fn management(routes: &[&Route], host: &Host) -> Option<Spanned<Management>> {
    let defaults = || {
        routes
            .iter()
            .filter(|route| route.destination == "default" && !route.devices.is_empty())
    };
    let first = defaults().map(|route| (route.family, route.metric)).min()?;
    let mut best = defaults().filter(|route| (route.family, route.metric) == first);
    let route = best.next()?;
    let device = route.devices.first()?;
    // Several ways out of equal rank: none of them is the one.
    let mut others = best.chain([route]).flat_map(|route| &route.devices);
    if others.any(|other| other.value != device.value) {
        return None;
    }
    let seat = host
        .interfaces
        .iter()
        .find(|interface| interface.name.value == device.value);
    let has =
        |source| seat.is_some_and(|seat| seat.addresses.iter().any(|own| own.addr() == source));
    Some(Spanned::new(
        match route.source.filter(|source| has(*source)) {
            Some(source) => Management::Address(source),
            None => Management::Interface(device.value.clone()),
        },
        device.place.clone(),
    ))
}
