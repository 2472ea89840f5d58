//! What differs between two northbound databases, as one step: the localnet ports of switches, and what hosts gateways.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::change::Step;
use crate::change::apply::keeps_patches;
use crate::change::ctl::CellChange;
use crate::change::effect::{Effect, Hosted};
use crate::change::react::held::{Held, Stuck};
use crate::change::react::{gateways, patches};
use crate::read::ovsdb::SchemaName;
use crate::site::Site;
use crate::site::ovn::{LogicalRouter, LogicalSwitch, RouterPort, SwitchPort};
use crate::source::{Known, Place};

use super::cells::{self, Cell};

/// The step from the one to the other, as if the nodes had changed before it; none where nothing differs of what both
/// show, and that concerns a chassis.
pub fn step(before: &Site, after: &Site) -> Option<Step> {
    let place = after.northbound.switches.place()?;
    let switches = switches(before, after);
    let routers = routers(before, after);
    let places = switches.iter().map(|pair| pair.place(place));
    let mut places = places.chain(routers.iter().map(|(_, port)| port.place().clone()));
    let first = places.next()?;
    let mut between = after.clone();
    between.northbound = Arc::clone(&before.northbound);
    let mut effects = Vec::new();
    let mut changes = Vec::new();
    for pair in &switches {
        effects.extend(pair.effects(&between, after, &pair.place(place)));
        pair.cells(&mut changes, place);
    }
    for (router, port) in &routers {
        let own = |id: &str| id == router.id;
        let (was, is) = (
            gateways::of_routers(&between, own),
            gateways::of_routers(after, own),
        );
        effects.extend(gateways::compare(&was, &is, Hosted::Bound, port.place()));
    }
    // Of a chassis that came with the change nothing is taken.
    effects.retain(|effect| is_there(before, &effect.node));
    let fail = Held::default().filter(&mut effects, |name| keeps_patches(after, name));
    effects.extend(fail.into_iter().map(Stuck::effect));
    Some(Step {
        database: Some(SchemaName::Northbound),
        effects,
        ..Step::between(None, first.clone(), changes)
    })
}

fn is_there(site: &Site, chassis: &str) -> bool {
    site.node(chassis).is_some() || site.registration(chassis).is_some()
}

/// A switch before and after, one of which may be missing; its localnet ports differ.
struct Pair<'a> {
    was: Option<&'a LogicalSwitch>,
    is: Option<&'a LogicalSwitch>,
}

/// The switches whose localnet ports differ, as far as both sides show all of them.
fn switches<'a>(before: &'a Site, after: &'a Site) -> Vec<Pair<'a>> {
    let (old, new) = (before.northbound.switches(), after.northbound.switches());
    let mut by_id: HashMap<&str, &LogicalSwitch> = HashMap::new();
    let mut by_name: HashMap<&str, Vec<&LogicalSwitch>> = HashMap::new();
    for switch in old {
        by_id.insert(&switch.id, switch);
        by_name.entry(&switch.name).or_default().push(switch);
    }
    let mut pairs = Vec::new();
    let mut alone = Vec::new();
    for switch in new {
        match by_id.remove(switch.id.as_str()) {
            Some(was) => pairs.push(Pair::of(Some(was), Some(switch))),
            None => alone.push(switch.as_ref()),
        }
    }
    for switch in alone {
        // Neutron makes a network again under its name, with another identity.
        let same = by_name.get(switch.name.as_str());
        let was = match same.map(Vec::as_slice) {
            Some([was]) => by_id.remove(was.id.as_str()),
            _ => None,
        };
        if was.is_some() || before.northbound.whole {
            pairs.push(Pair::of(was, Some(switch)));
        }
    }
    if after.northbound.whole {
        let gone = old
            .iter()
            .filter(|switch| by_id.contains_key(switch.id.as_str()));
        pairs.extend(gone.map(|switch| Pair::of(Some(switch.as_ref()), None)));
    }
    pairs.retain(Pair::differs);
    pairs
}

impl<'a> Pair<'a> {
    fn of(was: Option<&'a LogicalSwitch>, is: Option<&'a LogicalSwitch>) -> Self {
        Self { was, is }
    }

    fn sides(&self) -> impl Iterator<Item = &'a LogicalSwitch> {
        self.was.into_iter().chain(self.is)
    }

    fn differs(&self) -> bool {
        let known = |switch: &LogicalSwitch| {
            let mut ports = switch.ports().iter();
            switch.whole
                && ports.all(|port| port.kind.settled())
                && switch
                    .localnets()
                    .all(|port| port.physnet().settled() && port.tag.settled())
        };
        self.sides().all(known) && localnets(self.was) != localnets(self.is)
    }

    fn effects(&self, between: &Site, after: &Site, place: &Place) -> Vec<Effect> {
        let joints =
            |site: &Site, switch: &'a LogicalSwitch| (switch, patches::joints(site, switch, None));
        let was = self.was.map(|switch| joints(between, switch));
        let is = self.is.map(|switch| joints(after, switch));
        let sides = [&was, &is].map(|side| side.as_ref().map(|(switch, own)| (*switch, own)));
        patches::differ(after, sides, place)
    }

    /// Where the first difference stands; of what is gone, where it would stand.
    fn place(&self, whole: &Place) -> Place {
        let Some(is) = self.is else {
            return whole.clone();
        };
        let old = localnets(self.was);
        let first = is.localnets().find_map(|port| {
            let name = port.physnet();
            match old.get(port.name.as_str()) {
                None => Some(name.place().unwrap_or(&port.name.place).clone()),
                Some((physnet, _)) if *physnet != text(&name) => name.place().cloned(),
                Some((_, vlan)) if *vlan != port.vlan() => port.tag.place().cloned(),
                Some(_) => None,
            }
        });
        first.unwrap_or_else(|| is.name.place.clone())
    }

    fn cells(&self, changes: &mut Vec<CellChange>, whole: &Place) {
        let (old, new) = (localnets(self.was), localnets(self.is));
        let place = self.place(whole);
        let mut note = |record: &str, column, key, was: Option<String>, is: Option<String>| {
            let cell = Cell {
                table: "Logical_Switch_Port",
                record,
                column,
            };
            if was != is {
                let values = (was.as_deref(), is.as_deref());
                changes.push(cells::change(cell, key, values, &place));
            }
        };
        for name in old
            .keys()
            .chain(new.keys().filter(|name| !old.contains_key(*name)))
        {
            let (was, is) = (old.get(name), new.get(name));
            let there = |side: Option<&Localnet>| side.map(|_| (*name).to_owned());
            note(name, "_uuid", None, there(was), there(is));
            let physnet = |side: Option<&Localnet>| side.and_then(|(physnet, _)| physnet.clone());
            note(
                name,
                "options",
                Some("network_name"),
                physnet(was),
                physnet(is),
            );
            let vlan = |side: Option<&Localnet>| {
                side.and_then(|(_, vlan)| vlan.map(|vlan| vlan.to_string()))
            };
            note(name, "tag", None, vlan(was), vlan(is));
        }
    }
}

/// What a localnet port names: its physnet, and its VLAN.
type Localnet = (Option<String>, Option<i64>);

fn localnets(switch: Option<&LogicalSwitch>) -> BTreeMap<&str, Localnet> {
    let ports = switch.into_iter().flat_map(LogicalSwitch::localnets);
    let named = |port: &'_ SwitchPort| (text(&port.physnet()), port.vlan());
    ports
        .map(|port| (port.name.as_str(), named(port)))
        .collect()
}

fn text(known: &Known<String>) -> Option<String> {
    known.seen().map(|text| text.value.clone())
}

/// A router port that fewer chassis may host than before.
struct Fewer<'a>(&'a RouterPort);

impl Fewer<'_> {
    fn place(&self) -> &Place {
        self.0.gateways.place().unwrap_or(&self.0.name.place)
    }
}

/// The routers with such a port.
fn routers<'a>(before: &'a Site, after: &'a Site) -> Vec<(&'a LogicalRouter, Fewer<'a>)> {
    let old = before.northbound.routers().iter();
    let old: HashMap<&str, &LogicalRouter> =
        old.map(|own| (own.id.as_str(), own.as_ref())).collect();
    let pairs = after.northbound.routers().iter();
    let pairs = pairs.filter_map(|is| Some((*old.get(is.id.as_str())?, is.as_ref())));
    let fewer = pairs.filter_map(|(was, is)| {
        let (was, ports) = (was.ports.seen()?, is.ports.seen()?);
        let mut ports = ports.iter();
        let less = |port: &&RouterPort| {
            let mut earlier = was.iter().filter(|own| own.name.value == port.name.value);
            earlier.any(|own| {
                let known = own.gateways.settled() && port.gateways.settled();
                known && own.gateways().len() > port.gateways().len()
            })
        };
        Some((is, Fewer(ports.find(less)?)))
    });
    fewer.collect()
}
