//! What a chassis tells OVN of itself: tunnel types and endpoints, transport zones, MAC addresses.

use std::collections::BTreeSet;

use crate::source::{Known, Place, Spanned};

use super::ovn::Chassis;
use super::{Node, Role, Site};

/// What the southbound takes as the type of an encap; `stt` until 25.03 (facts O§5).
const ENCAP_TYPES: [&str; 3] = ["geneve", "stt", "vxlan"];

/// The MAC address of a chassis on a physnet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacMapping {
    /// The physical network.
    pub physnet: String,
    /// The address.
    pub mac: [u8; 6],
    /// The pair as written.
    pub place: Place,
}

/// The elements of a list as OVN cuts it: at commas, nothing trimmed, empty ones skipped (facts O§5).
pub fn elements(text: &Spanned<String>) -> Vec<Spanned<String>> {
    let mut start = 0;
    let mut elements = Vec::new();
    for element in text.split(',') {
        elements.push(text.part(start..start + element.len()));
        start += element.len() + 1;
    }
    elements.retain(|element| !element.is_empty());
    elements
}

impl Site {
    /// The chassis that the southbound has of a node which does not say its own name: the one with its host name, else
    /// the one with its tunnel endpoint. None where several could be meant, or where it is another node's.
    pub fn registered_as(&self, node: &Node) -> Option<&Chassis> {
        let names = self.nodes.iter();
        let names = names
            .filter_map(|other| Some(other.ovs.external_id("system-id").seen()?.value.clone()));
        let taken: BTreeSet<String> = names.collect();
        let rows = self.southbound.chassis.seen()?.iter();
        let free: Vec<&Chassis> = rows.filter(|row| !taken.contains(&*row.name)).collect();
        let hostname = node.external_id("hostname");
        let hostname = hostname
            .seen()
            .map_or(node.name.as_str(), |hostname| &hostname.value);
        let addresses = node.encap_addresses();
        let addresses = addresses
            .seen()
            .map_or(&[][..], |addresses| &addresses.value);
        let has_name = |row: &Chassis| row.hostname.seen().is_some_and(|name| **name == *hostname);
        let has_address = |row: &Chassis| {
            let mut encaps = row
                .encaps
                .seen()
                .into_iter()
                .flat_map(|encaps| encaps.iter());
            encaps.any(|encap| {
                let ip = encap.ip.seen();
                ip.is_some_and(|ip| addresses.iter().any(|own| own.value == ip.value))
            })
        };
        only(free.iter().copied().filter(|row| has_name(row)))
            .or_else(|| only(free.iter().copied().filter(|row| has_address(row))))
    }
}

/// The one that there is.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

impl Node {
    /// Whether the node is meant to register as a chassis; `None` where nothing tells it from a node that only
    /// holds databases.
    pub fn is_meant_as_chassis(&self) -> Option<bool> {
        let tunnels = |role: &Role| matches!(role, Role::Network | Role::Compute);
        let set = |key| {
            let value = self.external_id(key);
            value.seen().is_some_and(|value| !value.trim().is_empty())
        };
        if self.roles.iter().any(tunnels) || set("ovn-remote") || set("ovn-encap-ip") {
            return Some(true);
        }
        (!self.roles.is_empty()).then_some(false)
    }

    /// The tunnel types that it offers, as far as OVN has them.
    pub fn encap_types(&self) -> Known<BTreeSet<&'static str>> {
        self.external_id("ovn-encap-type").map_spanned(|text| {
            let offered = elements(text);
            let known = ENCAP_TYPES.into_iter();
            known
                .filter(|kind| offered.iter().any(|element| *element.value == **kind))
                .collect()
        })
    }

    /// The addresses of its tunnel endpoints.
    pub fn encap_addresses(&self) -> Known<Vec<Spanned<String>>> {
        self.external_id("ovn-encap-ip").map_spanned(elements)
    }

    /// Its transport zones.
    pub fn transport_zones(&self) -> Known<Vec<Spanned<String>>> {
        self.external_id("ovn-transport-zones")
            .map_spanned(elements)
    }

    /// Its MAC addresses on physnets; the first valid one of a physnet counts (facts O§5).
    pub fn mac_mappings(&self) -> Known<Vec<MacMapping>> {
        self.external_id("ovn-chassis-mac-mappings")
            .map_spanned(|text| {
                let mut mappings: Vec<MacMapping> = Vec::new();
                let mut physnets = BTreeSet::new();
                for element in elements(text) {
                    let pair = element.split_once(':');
                    let Some((physnet, mac)) =
                        pair.and_then(|(physnet, mac)| Some((physnet, mac_address(mac)?)))
                    else {
                        continue;
                    };
                    if physnets.insert(physnet.to_owned()) {
                        mappings.push(MacMapping {
                            physnet: physnet.to_owned(),
                            mac,
                            place: element.place.clone(),
                        });
                    }
                }
                mappings
            })
    }
}

fn mac_address(text: &str) -> Option<[u8; 6]> {
    let mut bytes = [0; 6];
    let mut parts = text.split(':');
    for byte in &mut bytes {
        *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
    }
    parts.next().is_none().then_some(bytes)
}
