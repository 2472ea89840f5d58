//! What becomes of the management address and of uplinks when an interface of the machine changes (facts O§7).

use std::net::IpAddr;

use crate::change::effect::{Back, CONSOLE, Kind};
use crate::change::facts::{BridgeFacts, Facts, Seat, Told};
use crate::site::Node;
use crate::site::host::Carrier;
use crate::site::mapping::MAPPINGS;
use crate::site::ovs::BRIDGES;
use crate::site::uplinks::PORTS;

use super::Noted;

/// What would settle whether the management address has anything to do with it.
const MANAGEMENT: &str = "`management` of the node in topology.toml";

/// What the address of a node's management rests on.
pub struct Rests {
    carrier: Option<Carrier>,
    below: Vec<String>,
}

impl Rests {
    /// Reads it off a node.
    pub fn of(node: &Node) -> Self {
        let bridges = node
            .ovs
            .bridges
            .seen()
            .map_or(&[][..], |bridges| &bridges.value);
        let carrier = node.host.management_carrier(bridges);
        let below = carrier.as_ref().map_or_else(Vec::new, |carrier| {
            let below = node.host.below(&carrier.interface).into_iter();
            // One member of a bond may go.
            let alone = |name: &str| {
                let master = node
                    .host
                    .master_of(name)
                    .and_then(|name| node.host.interface(name));
                master.is_none_or(|master| master.members.len() < 2)
            };
            below
                .filter(|name| alone(name))
                .map(str::to_owned)
                .collect()
        });
        Self { carrier, below }
    }

    /// Whether the management address needs this interface; none where it is not known.
    pub fn on(&self, interface: &str) -> Option<bool> {
        let carrier = self.carrier.as_ref()?;
        Some(carrier.interface == interface || self.below.iter().any(|name| name == interface))
    }

    /// Whether this is the management address; none where it is not known.
    pub fn is(&self, interface: &str, address: IpAddr) -> Option<bool> {
        let carrier = self.carrier.as_ref()?;
        if carrier.interface != interface {
            return Some(false);
        }
        carrier.address.map(|own| own == address)
    }
}

/// Whose uplink an interface is.
enum Uplink<'a> {
    /// The only one of this bridge.
    Only(&'a str, &'a BridgeFacts),
    /// Of no bridge, or one of several.
    Spare,
    /// It cannot be told; the input that would settle it.
    Unknown(&'static str),
}

/// An interface passes nothing any more.
pub fn down(noted: &mut Noted, facts: &Facts, rests: &Rests, interface: &str, cause: &str) {
    let on = rests.on(interface);
    let through = match uplink(facts, interface) {
        Uplink::Only(name, bridge) => {
            if bridge.mapped() != Some(false) {
                let kind = Kind::UplinkLost {
                    bridge: name.to_owned(),
                    physnets: bridge.physnets.clone().unwrap_or_default(),
                };
                noted.push_with(kind, bridge.mapped().is_none().then_some(MAPPINGS));
            }
            facts.seat.passes(name)
        }
        Uplink::Unknown(needs) if on != Some(true) => {
            let message = format!(
                "whether {interface} is the uplink of a bridge of {} is not known",
                noted.node
            );
            return noted.doubt_with(message, Some(needs));
        }
        Uplink::Spare | Uplink::Unknown(_) => None,
    };
    cut(
        noted,
        on,
        through,
        interface,
        format!("{interface} {cause}"),
    );
}

/// The management address goes, or may.
pub fn cut(
    noted: &mut Noted,
    on: Option<bool>,
    through: Option<bool>,
    interface: &str,
    cause: String,
) {
    let needs = match (on, through) {
        (Some(true), _) | (_, Some(true)) => None,
        (Some(false), _) => return,
        (None, _) => Some(MANAGEMENT),
    };
    let kind = Kind::ManagementCut {
        seat: interface.to_owned(),
        cause,
        back: Back::ByHand(CONSOLE.to_owned()),
    };
    noted.push_with(kind, needs);
}

/// The neighbours know another MAC address.
pub fn readdressed(noted: &mut Noted, facts: &Facts, rests: &Rests, interface: &str) {
    let seated = match &facts.seat {
        Seat::OnBridge { bridge, .. } => facts.bridge(bridge).map_or(Some(false), |own| {
            let uplinks = own.uplinks.as_ref();
            let among = uplinks.map(|uplinks| uplinks.iter().any(|name| name == interface));
            match (among, &own.hwaddr) {
                (Some(false), _) | (_, Told::Set(_)) => Some(false),
                (Some(true), Told::Unset) => Some(true),
                _ => None,
            }
        }),
        Seat::Captured { .. } | Seat::Outside => Some(false),
        Seat::Unknown(_) => None,
    };
    let needs = match (rests.on(interface), seated) {
        (Some(true), _) | (_, Some(true)) => None,
        (Some(false), Some(false)) => return,
        (None, Some(false)) => Some(MANAGEMENT),
        (_, None) => Some(PORTS),
    };
    let kind = Kind::ManagementCut {
        seat: interface.to_owned(),
        cause: format!("the MAC address of {interface} changes"),
        back: Back::ByItself("the neighbours forget the old MAC address".to_owned()),
    };
    noted.push_with(kind, needs);
}

fn uplink<'a>(facts: &'a Facts, interface: &str) -> Uplink<'a> {
    let mut unseen = (!facts.all_bridges || facts.bridges.is_none()).then_some(BRIDGES);
    for (name, bridge) in facts.bridges.iter().flatten() {
        match bridge.uplinks.as_deref() {
            Some([only]) if only == interface => return Uplink::Only(name, bridge),
            Some(several) if several.iter().any(|own| own == interface) => return Uplink::Spare,
            Some(_) => {}
            None => unseen = unseen.or(Some(PORTS)),
        }
    }
    unseen.map_or(Uplink::Spare, Uplink::Unknown)
}
