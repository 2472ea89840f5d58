//! What becomes of the management address and of uplinks when an interface of the machine changes (facts O§7).

use std::net::IpAddr;

use crate::change::effect::{Back, CONSOLE, Kind};
use crate::change::facts::{Facts, Seat};
use crate::site::Node;
use crate::site::host::Carrier;

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

/// An interface passes nothing any more.
pub fn down(noted: &mut Noted, facts: &Facts, rests: &Rests, interface: &str, cause: &str) {
    let bridge = only_uplink_of(facts, interface);
    if let Some(name) = &bridge {
        let physnets = facts
            .bridge(name)
            .map_or_else(Vec::new, |own| own.physnets.clone());
        if !physnets.is_empty() {
            noted.push(Kind::UplinkLost {
                bridge: name.clone(),
                physnets,
            });
        }
    }
    let through = bridge.as_deref().and_then(|name| facts.seat.passes(name));
    cut(
        noted,
        rests.on(interface),
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
    let seated = matches!(&facts.seat, Seat::OnBridge { bridge, .. } if {
        facts.bridge(bridge).is_some_and(|own| {
            own.hwaddr.is_none()
                && own.uplinks.as_ref().is_some_and(|uplinks| uplinks.iter().any(|name| name == interface))
        })
    });
    if rests.on(interface) == Some(true) || seated {
        noted.push(Kind::ManagementCut {
            seat: interface.to_owned(),
            cause: format!("the MAC address of {interface} changes"),
            back: Back::ByItself("the neighbours forget the old MAC address".to_owned()),
        });
    }
}

/// The bridge whose only uplink it is.
fn only_uplink_of(facts: &Facts, interface: &str) -> Option<String> {
    let bridges = facts.bridges.iter().flatten();
    let mut owners = bridges.filter(|(_, bridge)| {
        bridge
            .uplinks
            .as_ref()
            .is_some_and(|uplinks| matches!(&uplinks[..], [only] if only == interface))
    });
    owners.next().map(|(name, _)| name.clone())
}
