//! Where two localnet ports of one switch meet: a loop, or two networks in one (facts O§6.4, O§13).

use std::collections::HashMap;

use crate::site::Site;
use crate::site::management::ManagementPath;
use crate::site::mapping::MAPPINGS;
use crate::site::ovs::BRIDGES;
use crate::source::{Known, Place, Spanned};

use super::local::{Local, Why};
use super::registration::Registration;
use super::{LogicalSwitch, SwitchPort};

/// A chassis on which two localnet ports of one switch have a patch port each.
#[derive(Debug)]
pub struct Junction<'a> {
    /// The chassis.
    pub chassis: &'a Registration,
    /// The names of the ports that meet there.
    pub ports: Vec<String>,
    /// What they make there.
    pub effect: Effect,
    /// What would settle whether they do; none where everything that it takes was seen.
    pub needs: Option<&'static str>,
    /// The bridges that they reach; none where the mappings were not seen.
    pub bridges: Vec<String>,
    /// Where the first of them is mapped.
    pub mapping: Option<Place>,
    /// Why the switch is local there, where that is certain.
    pub why: Option<Why>,
    /// Whether the management address of the node sits on one of the bridges.
    pub holds_management: bool,
}

/// What two localnet ports make of the networks behind them; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// What comes in by one goes out by the other, on the same wire.
    Loop,
    /// Two VLANs of one bridge are joined; two such chassis make a loop.
    Vlans,
    /// The networks of two bridges are joined.
    Bridges,
}

/// What is known of the localnet ports of one switch.
#[derive(Debug, Default)]
pub struct Junctions<'a> {
    /// The chassis on which two of them meet.
    pub found: Vec<Junction<'a>>,
    /// The chassis of which that cannot be told.
    pub unknown: Vec<&'a Registration>,
    /// What they make on every chassis that maps their physnet, where two name the same.
    pub wherever: Option<Effect>,
}

/// A localnet port that names a physnet.
struct Localnet<'a> {
    port: &'a SwitchPort,
    physnet: Spanned<String>,
}

/// A localnet port and the bridge that it reaches.
struct Reached {
    port: String,
    bridge: String,
    vlan: Option<i64>,
    mapping: Place,
}

impl Site {
    /// The chassis on which localnet ports of a switch meet, the certain ones first.
    pub fn junctions(&self, switch: &LogicalSwitch) -> Junctions<'_> {
        let named = switch.localnets().filter_map(|port| match port.physnet() {
            Known::Seen(physnet) => Some(Localnet { port, physnet }),
            _ => None,
        });
        let localnets: Vec<Localnet> = named.collect();
        let mut junctions = Junctions::default();
        if localnets.len() < 2 {
            return junctions;
        }
        let same = same_physnet(&localnets);
        junctions.wherever = worst(&same);
        for presence in self.chassis_with_local_datapath(switch) {
            let (why, needs) = match presence.local {
                Local::Yes(why) => (Some(why), None),
                Local::Possible(needs) => (None, Some(needs)),
                Local::No => continue,
            };
            match self.junction(presence.chassis, &localnets) {
                Ok(Some(junction)) => junctions.found.push(Junction {
                    needs: needs.or(junction.needs),
                    why,
                    ..junction
                }),
                Ok(None) => {}
                Err(unknown) => junctions.unknown.push(unknown),
            }
        }
        junctions
            .found
            .sort_by_key(|junction| junction.needs.is_some());
        junctions
    }

    fn junction<'a>(
        &self,
        chassis: &'a Registration,
        localnets: &[Localnet],
    ) -> Result<Option<Junction<'a>>, &'a Registration> {
        let mappings = match self.chassis_mappings(chassis) {
            Known::Seen(mappings) => mappings.value,
            Known::Absent(_) => return Ok(None),
            // One physnet twice meets wherever it is mapped.
            Known::Unseen | Known::Unsure(..) => {
                let same = same_physnet(localnets);
                let effect = worst(&same).ok_or(chassis)?;
                return Ok(Some(Junction::unseen(chassis, effect, &same)));
            }
        };
        let node = self.node_of(chassis);
        let bridges = node.filter(|node| node.ovs.bridges.seen().is_some());
        let exists = |bridge: &str| {
            bridges.is_none_or(|node| node.ovs.bridge(bridge).is_some() || !node.ovs.all_bridges)
        };
        let reached = localnets.iter().filter_map(|localnet| {
            let mut entries = mappings.entries.iter();
            let mapping = entries.find(|entry| entry.physnet.value == localnet.physnet.value)?;
            exists(&mapping.bridge).then(|| Reached {
                port: localnet.port.name.value.clone(),
                bridge: mapping.bridge.value.clone(),
                vlan: localnet.port.vlan(),
                mapping: mapping.place.clone(),
            })
        });
        let reached: Vec<Reached> = reached.collect();
        let Some(effect) = worst(&reached) else {
            return Ok(None);
        };
        let shown = |reached: &Reached| {
            bridges.is_some_and(|node| node.ovs.bridge(&reached.bridge).is_some())
        };
        let mut bridges: Vec<String> = reached.iter().map(|end| end.bridge.clone()).collect();
        bridges.sort_unstable();
        bridges.dedup();
        Ok(Some(Junction {
            effect,
            needs: (!reached.iter().all(shown)).then_some(BRIDGES),
            mapping: Some(reached[0].mapping.clone()),
            holds_management: node.is_some_and(|node| match node.management_path() {
                ManagementPath::Captured { bridge, .. }
                | ManagementPath::OnBridge { bridge, .. } => bridges.contains(&bridge.name),
                ManagementPath::Outside | ManagementPath::Unknown(_) => false,
            }),
            bridges,
            ..Junction::unseen(chassis, effect, &reached)
        }))
    }
}

impl<'a> Junction<'a> {
    fn unseen(chassis: &'a Registration, effect: Effect, ends: &[Reached]) -> Self {
        Self {
            chassis,
            ports: ends.iter().map(|end| end.port.clone()).collect(),
            effect,
            needs: Some(MAPPINGS),
            bridges: Vec::new(),
            mapping: None,
            why: None,
            holds_management: false,
        }
    }
}

/// The ports whose physnet another one names as well, as if it were a bridge.
fn same_physnet(localnets: &[Localnet]) -> Vec<Reached> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for localnet in localnets {
        *times.entry(&localnet.physnet).or_default() += 1;
    }
    let same = localnets
        .iter()
        .filter(|localnet| times[localnet.physnet.as_str()] > 1);
    let ends = same.map(|localnet| Reached {
        port: localnet.port.name.value.clone(),
        bridge: localnet.physnet.value.clone(),
        vlan: localnet.port.vlan(),
        mapping: localnet.physnet.place.clone(),
    });
    ends.collect()
}

/// The worst that any two of the ends make.
fn worst(ends: &[Reached]) -> Option<Effect> {
    let mut keys: Vec<(&str, Option<i64>)> = ends
        .iter()
        .map(|end| (end.bridge.as_str(), end.vlan))
        .collect();
    keys.sort_unstable();
    let pairs = || keys.windows(2);
    if pairs().any(|pair| pair[0] == pair[1]) {
        Some(Effect::Loop)
    } else if pairs().any(|pair| pair[0].0 == pair[1].0) {
        Some(Effect::Vlans)
    } else {
        (keys.len() > 1).then_some(Effect::Bridges)
    }
}
