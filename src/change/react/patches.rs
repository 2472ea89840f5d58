//! Which patch ports ovn-controller makes and removes, and where frames then go round (facts O§6, O§13).

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::change::effect::{Back, CONSOLE, Effect, Kind, Patch};
use crate::finding::words::listed;
use crate::site::Site;
use crate::site::management::ManagementPath;
use crate::site::mapping::MAPPINGS;
use crate::site::ovn::junction::{Effect as Meeting, Junction};
use crate::site::ovn::registration::{Mapped, Registration};
use crate::site::ovn::{LogicalSwitch, SwitchPort};
use crate::site::ovs::BRIDGES;
use crate::source::{Known, Place};

/// The pairs of patch ports of one switch: by chassis and localnet port.
pub type Pairs = BTreeMap<(Who, Arc<str>), Pair>;

/// A chassis. There may be thousands: only those that no node shows need their name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// The node, by its position.
    Node(usize),
    /// Its name.
    Named(String),
}

/// A pair of patch ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The bridge; none where the mappings were not seen.
    pub bridge: Option<String>,
    /// What would settle whether it is there.
    pub needs: Option<&'static str>,
}

/// What a switch's localnet ports make: pairs of patch ports, and where frames go round.
#[derive(Clone, Debug, Default)]
pub struct Joints {
    /// The pairs.
    pub pairs: Pairs,
    /// The chassis on which frames go round, with the bridges.
    pub loops: Vec<Loop>,
}

/// A chassis on which frames go round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// The chassis.
    pub chassis: String,
    /// The bridges.
    pub bridges: Vec<String>,
    /// The localnet ports.
    pub ports: Vec<String>,
    /// Whether the management address passes one of the bridges.
    pub management: Seated,
    /// What would settle whether they do.
    pub needs: Option<&'static str>,
}

/// Whether the management address passes a bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seated {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It cannot be told; the input that would settle it.
    Unknown(&'static str),
}

/// What the localnet ports of a switch make now. `only` restricts it to one node.
pub fn joints(site: &Site, switch: &LogicalSwitch, only: Option<usize>) -> Joints {
    if !switch.is_patched() {
        return Joints::default();
    }
    Joints {
        pairs: pairs(site, switch, only),
        loops: loops(site, switch, only),
    }
}

fn pairs(site: &Site, switch: &LogicalSwitch, only: Option<usize>) -> Pairs {
    let named = switch.localnets().filter_map(|port| match port.physnet() {
        Known::Seen(physnet) => Some((Arc::from(port.name.as_str()), physnet.value)),
        _ => None,
    });
    let localnets: Vec<(Arc<str>, String)> = named.collect();
    let mut pairs = Pairs::new();
    for (chassis, doubt) in site.local_chassis(switch, only) {
        let who = chassis
            .node
            .map_or_else(|| Who::Named(chassis.name.clone()), Who::Node);
        for (port, physnet) in &localnets {
            if let Some(pair) = pair(site, chassis, physnet, doubt) {
                pairs.insert((who.clone(), Arc::clone(port)), pair);
            }
        }
    }
    pairs.extend(
        switch
            .l2gateways()
            .filter_map(|port| l2gateway(site, port, only)),
    );
    pairs
}

/// The pair of an l2gateway port: on the chassis that it names, and on no other.
fn l2gateway(
    site: &Site,
    port: &SwitchPort,
    only: Option<usize>,
) -> Option<((Who, Arc<str>), Pair)> {
    let chassis = port.option("l2gateway-chassis");
    let chassis = site.registration(&chassis.seen()?.value)?;
    if only.is_some() && chassis.node != only {
        return None;
    }
    let physnet = port.physnet();
    let pair = pair(site, chassis, &physnet.seen()?.value, None)?;
    let who = chassis
        .node
        .map_or_else(|| Who::Named(chassis.name.clone()), Who::Node);
    Some(((who, Arc::from(port.name.as_str())), pair))
}

fn pair(
    site: &Site,
    chassis: &Registration,
    physnet: &str,
    doubt: Option<&'static str>,
) -> Option<Pair> {
    let bridge = match site.mapped_bridge(chassis, physnet) {
        Mapped::To(bridge) => bridge,
        Mapped::Nowhere => return None,
        Mapped::Unknown => {
            return Some(Pair {
                bridge: None,
                needs: doubt.or(Some(MAPPINGS)),
            });
        }
    };
    let ovs = site.node_of(chassis).map(|node| &node.ovs);
    let shown = ovs.is_some_and(|ovs| ovs.bridge(&bridge).is_some());
    let whole = ovs.is_some_and(|ovs| ovs.all_bridges && ovs.bridges.seen().is_some());
    if !shown && whole {
        return None;
    }
    Some(Pair {
        bridge: Some(bridge),
        needs: doubt.or((!shown).then_some(BRIDGES)),
    })
}

fn loops(site: &Site, switch: &LogicalSwitch, only: Option<usize>) -> Vec<Loop> {
    let junctions = site.junctions(switch).found;
    let vlans = junctions
        .iter()
        .filter(|junction| junction.effect == Meeting::Vlans);
    let circle = vlans.count() > 1;
    let goes_round = |junction: &&Junction| match junction.effect {
        Meeting::Loop => true,
        // Two chassis that join the same two VLANs close the circle.
        Meeting::Vlans => circle,
        Meeting::Bridges => false,
    };
    let here = |junction: &&Junction| only.is_none() || junction.chassis.node == only;
    let found = junctions.iter().filter(goes_round).filter(here);
    found
        .map(|junction| Loop {
            chassis: junction.chassis.name.clone(),
            bridges: junction.bridges.clone(),
            ports: junction.ports.clone(),
            management: seated(site, junction),
            needs: junction.needs,
        })
        .collect()
}

fn seated(site: &Site, junction: &Junction) -> Seated {
    let Some(node) = site.node_of(junction.chassis) else {
        return Seated::Unknown("the state of the node (`ovnlint snapshot`)");
    };
    match node.management_path() {
        // A device that Open vSwitch took is dead already, by what the inputs show: they may be of yesterday.
        ManagementPath::OnBridge { bridge, .. } | ManagementPath::Captured { bridge, .. }
            if junction.bridges.contains(&bridge.name) =>
        {
            Seated::Yes
        }
        ManagementPath::Unknown(needs) => Seated::Unknown(needs),
        _ => Seated::No,
    }
}

/// What becomes of the pairs of a switch whose localnet ports are other than before: the switch before and after, each
/// with what they make, if it is there.
pub fn differ(
    site: &Site,
    [was, is]: [Option<(&LogicalSwitch, &Joints)>; 2],
    place: &Place,
) -> Vec<Effect> {
    let Some((switch, _)) = is.or(was) else {
        return Vec::new();
    };
    let nothing = Joints::default();
    let before = was.map_or(&nothing, |(_, own)| own);
    let after = is.map_or(&nothing, |(_, own)| own);
    let mut effects = compare(site, switch, before, after, place);
    if let Some((was, _)) = was {
        parted(site, &mut effects, was, is);
        effects.extend(retagged(site, (was, before), is, place));
    }
    effects
}

/// What is other than before, the certain first: pairs that come and go, and circles.
pub fn compare(
    site: &Site,
    switch: &LogicalSwitch,
    before: &Joints,
    after: &Joints,
    place: &Place,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (key, pair) in &before.pairs {
        let same = after
            .pairs
            .get(key)
            .is_some_and(|now| now.bridge == pair.bridge);
        if !same {
            effects.push(patched(site, switch, key, pair, Patch::Removed, place));
        }
    }
    for (key, pair) in &after.pairs {
        let same = before
            .pairs
            .get(key)
            .is_some_and(|was| was.bridge == pair.bridge);
        if !same {
            effects.push(patched(site, switch, key, pair, Patch::Added, place));
        }
    }
    let known = |now: &Loop| {
        let mut earlier = before.loops.iter();
        earlier
            .any(|was| was.chassis == now.chassis && (was.needs.is_none() || now.needs.is_some()))
    };
    for circle in after.loops.iter().filter(|now| !known(now)) {
        effects.extend(looped(switch, circle, place));
    }
    effects.sort_by_key(|effect| effect.needs.is_some());
    effects
}

/// Of the pairs that go, those are the loss of a network whose localnet port is gone, where no other is left.
fn parted(
    site: &Site,
    effects: &mut [Effect],
    was: &LogicalSwitch,
    now: Option<(&LogicalSwitch, &Joints)>,
) {
    let pairs = now.into_iter().flat_map(|(_, joints)| joints.pairs.keys());
    let left: HashSet<&str> = pairs.map(|(who, _)| name_of(site, who)).collect();
    let physnet = |switch: &LogicalSwitch, name: &str| {
        let mut ports = switch.localnets();
        let port = ports.find(|port| port.name.value == name)?;
        Some(port.physnet().seen()?.value.clone())
    };
    for effect in effects {
        let Kind::Patched { port, patch, .. } = &mut effect.kind else {
            continue;
        };
        let other = now.is_some_and(|(switch, _)| {
            left.contains(effect.node.as_str()) || physnet(switch, port) == physnet(was, port)
        });
        if *patch == Patch::Removed && !other {
            *patch = Patch::Parted;
        }
    }
}

/// Pairs that stay and whose frames change their VLAN.
fn retagged(
    site: &Site,
    (was, before): (&LogicalSwitch, &Joints),
    now: Option<(&LogicalSwitch, &Joints)>,
    place: &Place,
) -> Vec<Effect> {
    let Some((is, after)) = now else {
        return Vec::new();
    };
    let tag = |switch: &LogicalSwitch, name: &str| {
        let mut ports = switch.localnets();
        ports
            .find(|port| port.name.value == name)
            .map(SwitchPort::vlan)
    };
    let retagged = |port: &SwitchPort| tag(was, &port.name).is_some_and(|vlan| vlan != port.vlan());
    if !is.localnets().any(retagged) {
        return Vec::new();
    }
    let stay = after
        .pairs
        .iter()
        .filter(|(key, _)| before.pairs.contains_key(*key));
    let moved = stay.filter_map(|(key, pair)| {
        let (from, to) = (tag(was, &key.1)?, tag(is, &key.1)?);
        let patch = Patch::Retagged { from, to };
        (from != to).then(|| patched(site, is, key, pair, patch, place))
    });
    moved.collect()
}

fn patched(
    site: &Site,
    switch: &LogicalSwitch,
    (who, port): &(Who, Arc<str>),
    pair: &Pair,
    patch: Patch,
    place: &Place,
) -> Effect {
    let node = match who {
        Who::Node(at) => site.nodes.get(*at),
        Who::Named(_) => None,
    };
    let chassis = name_of(site, who);
    let passes = node.is_some_and(|node| match node.management_path() {
        ManagementPath::OnBridge { bridge, .. } => pair.bridge.as_ref() == Some(&*bridge.name),
        _ => false,
    });
    let kind = Kind::Patched {
        port: port.to_string(),
        switch: switch.name.value.clone(),
        bridge: pair.bridge.clone(),
        patch,
        management: passes,
    };
    Effect {
        needs: pair.needs,
        ..Effect::certain(chassis, kind, place)
    }
}

/// The name of a chassis.
fn name_of<'a>(site: &'a Site, who: &'a Who) -> &'a str {
    match who {
        Who::Node(at) => site.nodes.get(*at).map_or("", |node| node.name.as_str()),
        Who::Named(name) => name,
    }
}

fn looped(switch: &LogicalSwitch, circle: &Loop, place: &Place) -> Vec<Effect> {
    let needs = circle.needs;
    let provider = Effect {
        needs,
        ..Effect::certain(
            &circle.chassis,
            Kind::Looped {
                switch: switch.name.value.clone(),
                bridges: circle.bridges.clone(),
            },
            place,
        )
    };
    let doubt = match circle.management {
        Seated::No => return vec![provider],
        Seated::Yes => needs,
        Seated::Unknown(unseen) => Some(needs.unwrap_or(unseen)),
    };
    let seat = circle.bridges.first().cloned().unwrap_or_default();
    let ports = listed(&circle.ports);
    let cut = Effect {
        needs: doubt,
        ..Effect::certain(
            &circle.chassis,
            Kind::ManagementCut {
                cause: format!(
                    "{ports} of switch {} join {seat} with itself: the first broadcast goes round for ever",
                    switch.title()
                ),
                seat,
                back: Back::ByHand(CONSOLE.to_owned()),
            },
            place,
        )
    };
    vec![cut, provider]
}
