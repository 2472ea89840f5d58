//! What joins a provider bridge to the wire, and which VLANs it carries there.

use std::collections::{HashMap, HashSet};

use crate::source::Known;

use super::Node;
use super::host::{self, Host};
use super::ovs::{Bridge, Interface, Port};

/// Whether frames of a bridge have a way to the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayOut {
    /// They have.
    Seen,
    /// None of its ports leads there.
    Missing,
    /// It cannot be told; the input that would settle it.
    Unknown(&'static str),
}

/// Where an interface of a bridge leads.
enum End {
    Wire,
    Inside,
    Patch(String),
    Unknown(&'static str),
}

/// Beginnings of the names that hypervisors and agents give to devices of instances and routers.
const INNER: [&str; 10] = [
    "tap", "vnet", "qvo", "qbr", "fg-", "qg-", "qr-", "ha-", "int-", "phy-",
];

/// The types of interfaces that never lead to the wire.
const INNER_KINDS: [&str; 5] = [
    "internal",
    "tap",
    "null",
    "dpdkvhostuser",
    "dpdkvhostuserclient",
];

/// What the kernel calls devices that lead to the wire, where it calls them anything.
const OUTER_DEVICES: [&str; 5] = ["bond", "team", "vlan", "macvlan", "ipvlan"];

/// What the inventory of the machine knows of each interface.
type Inventory<'a> = HashMap<&'a str, &'a host::Interface>;

const VETH: &str = "where the veth of the bridge leads";

/// What would settle which ports a bridge has.
pub const PORTS: &str = "the ports and interfaces of the bridge (`ovs-vsctl show`)";

impl Node {
    /// Whether frames of a bridge have a way to the wire: by a device, a bond or a tunnel of its own, or by a
    /// patch to another bridge that has one. The integration bridge passes only what its flows say.
    pub fn way_out(&self, bridge: &Bridge) -> WayOut {
        let inventory = inventory(&self.host);
        let mut doubt = None;
        let mut reached = vec![bridge];
        let mut names = HashSet::from([bridge.name.as_str()]);
        let mut owners: Option<HashMap<&str, &Bridge>> = None;
        let mut at = 0;
        while let Some(bridge) = reached.get(at).copied() {
            at += 1;
            let ends = match ends(bridge, &inventory) {
                Ok(ends) => ends,
                Err(needs) => {
                    doubt = doubt.or(Some(needs));
                    continue;
                }
            };
            for end in ends {
                match end {
                    End::Wire => return WayOut::Seen,
                    End::Inside => {}
                    End::Unknown(needs) => doubt = doubt.or(Some(needs)),
                    End::Patch(peer) => {
                        let owners = owners.get_or_insert_with(|| self.interface_owners());
                        let Some(other) = owners.get(peer.as_str()).copied() else {
                            continue;
                        };
                        if names.insert(&other.name) && !self.is_integration_bridge(&other.name) {
                            reached.push(other);
                        }
                    }
                }
            }
        }
        doubt.map_or(WayOut::Missing, WayOut::Unknown)
    }

    /// Of each bridge, by its name, the ports that are devices of the machine or bonds of them, by name; `None` where
    /// the ports, or the type of one, were not seen. On an integration bridge they may be those of instances.
    pub fn uplinks(&self) -> HashMap<&str, Option<Vec<&Port>>> {
        let inventory = inventory(&self.host);
        let bridges = self.ovs.bridges.seen();
        let bridges = bridges.into_iter().flat_map(|bridges| bridges.iter());
        let of_each = bridges.map(|bridge| (bridge.name.as_str(), devices(bridge, &inventory)));
        of_each.collect()
    }

    /// The bridge of each interface, by its name.
    fn interface_owners(&self) -> HashMap<&str, &Bridge> {
        let bridges = self.ovs.bridges.seen();
        let bridges = bridges.into_iter().flat_map(|bridges| bridges.iter());
        let interfaces = bridges.flat_map(|bridge| {
            let interfaces = bridge.ports().iter().flat_map(Port::interfaces);
            interfaces.map(move |interface| (interface.name.as_str(), bridge))
        });
        interfaces.collect()
    }

    /// The ports of a bridge that the inventory of interfaces calls devices or bonds: not VLAN sub-interfaces,
    /// and nothing that belongs to an instance.
    pub fn inventoried_uplinks<'a>(&'a self, bridge: &'a Bridge) -> Vec<&'a Port> {
        let inventory = inventory(&self.host);
        let listed = |interface: &Interface| {
            matches!(end(interface, &inventory), End::Wire)
                && inventory
                    .get(interface.name.as_str())
                    .is_some_and(|listed| listed.parent.is_none())
        };
        let ports = bridge.ports().iter();
        ports
            .filter(|port| !port.interfaces().is_empty() && port.interfaces().iter().all(listed))
            .collect()
    }
}

fn devices<'a>(bridge: &'a Bridge, inventory: &Inventory) -> Option<Vec<&'a Port>> {
    let mut devices = Vec::new();
    for port in &bridge.ports.seen()?.value {
        let interfaces = &port.interfaces.seen()?.value;
        let mut device = false;
        for interface in interfaces {
            device |= is_device(interface, inventory)?;
        }
        if device {
            devices.push(port);
        }
    }
    devices.sort_unstable_by(|left, right| left.name.value.cmp(&right.name.value));
    Some(devices)
}

fn is_device(interface: &Interface, inventory: &Inventory) -> Option<bool> {
    let device = matches!(
        interface.kind()?,
        "system" | "dpdk" | "afxdp" | "afxdp-nonpmd"
    );
    Some(device && matches!(end(interface, inventory), End::Wire))
}

fn inventory(host: &Host) -> Inventory<'_> {
    let interfaces = host.interfaces.iter();
    interfaces
        .map(|interface| (interface.name.as_str(), interface))
        .collect()
}

fn ends(bridge: &Bridge, inventory: &Inventory) -> Result<Vec<End>, &'static str> {
    // Every bridge has its internal port: an empty list is one that nobody filled in.
    if !bridge.ports.settled() || bridge.ports().is_empty() {
        return Err(PORTS);
    }
    let ports = bridge.ports().iter();
    let interfaces: Option<Vec<&[Interface]>> = ports
        .map(|port| port.interfaces.settled().then(|| port.interfaces()))
        .collect();
    let interfaces = interfaces.ok_or(PORTS)?;
    Ok(interfaces
        .into_iter()
        .flatten()
        .map(|interface| end(interface, inventory))
        .collect())
}

fn end(interface: &Interface, inventory: &Inventory) -> End {
    match interface.kind() {
        None => End::Unknown(PORTS),
        Some("patch") => match interface.peer() {
            Some(peer) => End::Patch(peer.value),
            None if interface.options.settled() => End::Inside,
            None => End::Unknown("the options of the patch port (`ovs-vsctl show`)"),
        },
        Some(kind) if INNER_KINDS.contains(&kind) => End::Inside,
        Some("system") => device(&interface.name, inventory),
        Some(_) => End::Wire,
    }
}

/// What the kernel calls a device tells where it leads; without that its name does.
fn device(name: &str, inventory: &Inventory) -> End {
    let listed = inventory.get(name);
    match listed.and_then(|listed| listed.kind.as_deref()) {
        Some("veth") => End::Unknown(VETH),
        Some(kind) if !OUTER_DEVICES.contains(&kind) => End::Inside,
        None if name.starts_with("veth") => End::Unknown(VETH),
        None if INNER.iter().any(|start| name.starts_with(start)) => End::Inside,
        _ => End::Wire,
    }
}

impl Port {
    /// The VLANs that the port carries, untagged frames as 0; `None` where that was not seen.
    pub fn vlans(&self) -> Option<Vec<u16>> {
        let number = |text: &str| text.parse::<u16>().ok().filter(|vlan| *vlan < 4096);
        let tag = match &self.tag {
            Known::Seen(tag) => Some(u16::try_from(tag.value).ok()?),
            Known::Absent(_) => None,
            Known::Unseen | Known::Unsure(..) => return None,
        };
        let trunks = match &self.trunks {
            Known::Seen(trunks) => trunks.iter().filter_map(|vlan| number(vlan)).collect(),
            Known::Absent(_) => (0..4096).collect(),
            Known::Unseen | Known::Unsure(..) => return None,
        };
        let mode = match &self.vlan_mode {
            Known::Seen(mode) => mode.value.as_str(),
            Known::Absent(_) if tag.is_some() => "access",
            // Without a tag every other mode is a trunk.
            _ if tag.is_none() => "trunk",
            _ => return None,
        };
        Some(match mode {
            "access" | "dot1q-tunnel" => vec![tag.unwrap_or(0)],
            "trunk" => trunks,
            _ => trunks.into_iter().chain(tag).collect(),
        })
    }
}

/// The ports that carry a VLAN which another of them carries, too. `None` where the VLANs of one were not seen.
pub fn overlapping<'a>(ports: &[&'a Port]) -> Option<Vec<&'a Port>> {
    let mut first: Vec<Option<usize>> = vec![None; 4096];
    let mut overlaps = vec![false; ports.len()];
    for (at, port) in ports.iter().enumerate() {
        let vlans = port.vlans()?;
        let earlier = vlans.iter().find_map(|vlan| first[usize::from(*vlan)]);
        if let Some(earlier) = earlier {
            overlaps[earlier] = true;
            overlaps[at] = true;
            continue;
        }
        for vlan in vlans {
            first[usize::from(vlan)] = Some(at);
        }
    }
    let marked = ports.iter().zip(overlaps).filter(|(_, overlaps)| *overlaps);
    Some(marked.map(|(port, _)| *port).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Place, Spanned};

    fn spanned<T>(value: T) -> Spanned<T> {
        Spanned::new(value, Place::file(FileId(0)))
    }

    fn known<T>(value: Option<T>) -> Known<T> {
        value.map_or(Known::Absent(Place::file(FileId(0))), |value| {
            Known::Seen(spanned(value))
        })
    }

    fn port(tag: Option<i64>, trunks: &[&str], mode: Option<&str>) -> Port {
        let trunks: Vec<_> = trunks
            .iter()
            .map(|vlan| spanned((*vlan).to_owned()))
            .collect();
        Port {
            name: spanned("enp7s0".to_owned()),
            tag: known(tag),
            trunks: known(Some(trunks).filter(|trunks| !trunks.is_empty())),
            vlan_mode: known(mode.map(str::to_owned)),
            interfaces: Known::Unseen,
        }
    }

    // ovs-vswitchd.conf.db(5), Port, vlan_mode.
    #[test]
    fn vlans_follow_mode_tag_and_trunks() {
        assert_eq!(port(Some(7), &[], None).vlans(), Some(vec![7]));
        assert_eq!(port(Some(7), &["8"], None).vlans(), Some(vec![7]));
        assert_eq!(port(None, &["8", "9"], None).vlans(), Some(vec![8, 9]));
        assert_eq!(
            port(Some(7), &["8"], Some("native-untagged")).vlans(),
            Some(vec![8, 7])
        );
        assert_eq!(
            port(None, &[], None).vlans().map(|all| all.len()),
            Some(4096)
        );
        let unseen = Port {
            trunks: Known::Unseen,
            ..port(None, &[], None)
        };
        assert_eq!(unseen.vlans(), None);
    }

    fn on_bridge(interfaces: &[(&str, Known<String>)]) -> Option<Vec<String>> {
        let ports = interfaces.iter().map(|(name, kind)| Port {
            name: spanned((*name).to_owned()),
            interfaces: known(Some(vec![Interface {
                name: spanned((*name).to_owned()),
                kind: kind.clone(),
                options: Known::Unseen,
                iface_id: Known::Unseen,
            }])),
            ..port(None, &[], None)
        });
        let bridge = Bridge {
            ports: known(Some(ports.collect())),
            ..Bridge::named(spanned("br-ex".to_owned()))
        };
        let uplinks = devices(&bridge, &Inventory::new())?.into_iter();
        Some(uplinks.map(|port| port.name.value.clone()).collect())
    }

    #[test]
    fn devices_are_uplinks_and_virtual_ends_are_not() {
        let kind = |kind: &str| known(Some(kind.to_owned()));
        let uplinks = on_bridge(&[
            ("enp8s0", kind("")),
            ("dpdk0", kind("dpdk")),
            ("br-ex", kind("internal")),
            ("phy-br-ex", kind("patch")),
            ("phy-br-old", known(None)),
            ("tap7d90e3b1-52", known(None)),
            ("vxlan-0a00000d", kind("vxlan")),
        ]);
        let expected = ["dpdk0".to_owned(), "enp8s0".to_owned()];
        assert_eq!(uplinks, Some(expected.to_vec()));
        assert_eq!(on_bridge(&[("enp8s0", Known::Unseen)]), None);
        let unseen = Bridge::named(spanned("br-ex".to_owned()));
        assert!(devices(&unseen, &Inventory::new()).is_none());
    }

    #[test]
    fn only_ports_that_share_a_vlan_overlap() {
        let (a, b, c) = (
            port(None, &["10"], None),
            port(None, &["20"], None),
            port(Some(10), &[], None),
        );
        assert!(overlapping(&[&a, &b]).is_some_and(|ports| ports.is_empty()));
        assert!(overlapping(&[&a, &b, &c]).is_some_and(|ports| ports.len() == 2));
        let all = port(None, &[], None);
        assert!(overlapping(&[&a, &all]).is_some_and(|ports| ports.len() == 2));
    }
}
