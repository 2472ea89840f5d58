//! Whether a chassis reaches its southbound database over a bridge of its own.

use std::net::IpAddr;

use super::Node;
use super::host::{Carrier, Interface};
use super::management::ManagementPath;
use super::ovs::BRIDGES;
use super::remote::{self, Method};

/// How the southbound is reached.
#[derive(Debug, PartialEq, Eq)]
pub enum SouthboundPath {
    /// Every server of `ovn-remote` over a bridge of the node.
    ThroughBridge {
        /// The bridge of the first of them.
        bridge: String,
        /// The interface with the address that it is reached from.
        interface: String,
    },
    /// At least one of them without Open vSwitch.
    Outside,
    /// It cannot be told; the input that would settle it.
    Unknown(&'static str),
}

const INTERFACES: &str =
    "`interfaces` of the node, with their addresses (`ip -j addr`, or topology.toml)";

impl Node {
    /// How the southbound of `ovn-remote` is reached.
    pub fn southbound_path(&self) -> SouthboundPath {
        let remote = self.external_id("ovn-remote");
        let Some(remote) = remote.seen() else {
            return SouthboundPath::Unknown("ovn-remote of the node");
        };
        let mut through = None;
        let mut doubt = None;
        // A remote that is none is never reached, by no way.
        for (_, server) in remote::remotes(remote) {
            let Ok(server) = server else { continue };
            if server.method == Method::Unix || server.is_loopback() {
                return SouthboundPath::Outside;
            }
            match self.path_to(server.host.parse().ok()) {
                SouthboundPath::Outside => return SouthboundPath::Outside,
                SouthboundPath::Unknown(needs) => doubt = Some(needs),
                path @ SouthboundPath::ThroughBridge { .. } => through = through.or(Some(path)),
            }
        }
        match (doubt, through) {
            (Some(needs), _) => SouthboundPath::Unknown(needs),
            (None, Some(path)) => path,
            (None, None) => SouthboundPath::Unknown("a server in ovn-remote of the node"),
        }
    }

    /// How another machine is reached: over the interface with an address in its subnet; else over any that has an
    /// address, as long as all of them go the same way.
    fn path_to(&self, address: Option<IpAddr>) -> SouthboundPath {
        let Some(bridges) = self.ovs.bridges.seen() else {
            return SouthboundPath::Unknown(BRIDGES);
        };
        let beside = address.and_then(|address| self.host.beside(address));
        let all = self.host.interfaces.iter();
        let seats = all.filter(|seat| match beside {
            Some((name, _)) => *seat.name == name,
            None => seat.own_address().is_some(),
        });
        let mut paths: Vec<SouthboundPath> = Vec::new();
        for seat in seats {
            let path = match self.path_of(carrier(seat), bridges) {
                ManagementPath::Captured { bridge, .. }
                | ManagementPath::OnBridge { bridge, .. } => SouthboundPath::ThroughBridge {
                    bridge: bridge.name.value.clone(),
                    interface: seat.name.value.clone(),
                },
                ManagementPath::Outside => SouthboundPath::Outside,
                ManagementPath::Unknown(needs) => SouthboundPath::Unknown(needs),
            };
            paths.push(path);
        }
        let whole = beside.is_some() || self.host.interfaces_complete;
        let alike = paths
            .windows(2)
            .all(|pair| matches!(pair, [one, other] if one.kind() == other.kind()));
        match paths.into_iter().next() {
            Some(path) if whole && alike => path,
            _ => SouthboundPath::Unknown(INTERFACES),
        }
    }
}

impl SouthboundPath {
    fn kind(&self) -> std::mem::Discriminant<Self> {
        std::mem::discriminant(self)
    }
}

fn carrier(seat: &Interface) -> Carrier {
    Carrier {
        interface: seat.name.value.clone(),
        place: seat.name.place.clone(),
        address: seat.own_address().map(|own| own.addr()),
    }
}
