//! Makes the Open vSwitch of a node of its states: tables that belong together are joined, then merged.

use std::collections::HashMap;

use crate::finding::Trouble;
use crate::read::ovsdb::{Database, Row};
use crate::read::topology::TopologyNode;
use crate::source::{Known, Spanned};

use crate::site::ovs::{Bridge, Interface, Ovs, Port, entry};

use super::contradiction::Disagreements;
use super::joined::{Joined, entries, fill, groups, named};

/// The node's Open vSwitch from all its states, and where they disagree.
pub fn merged(states: &[&Database], node: &str) -> (Ovs, Vec<Trouble>) {
    let mut merged = MergedStates::default();
    for group in groups(states) {
        merged.add(Joined::new(&group).ovs(), node);
    }
    (merged.ovs, merged.disagreements.finish(node))
}

/// The states of one node, one after the other. Each is looked at once, however many there are.
#[derive(Default)]
struct MergedStates {
    ovs: Ovs,
    /// Where each bridge stands among those that were merged.
    at: HashMap<String, usize>,
    disagreements: Disagreements,
}

impl MergedStates {
    /// Fills in what the first do not tell.
    fn add(&mut self, further: Ovs, node: &str) {
        let (ovs, disagreements) = (&mut self.ovs, &mut self.disagreements);
        disagreements.keys(&ovs.external_ids, &further.external_ids, node);
        disagreements.see(&further);
        fill(&mut ovs.external_ids, further.external_ids);
        fill(&mut ovs.other_config, further.other_config);
        fill(&mut ovs.version, further.version);
        ovs.all_bridges |= further.all_bridges;
        let Known::Seen(bridges) = &mut ovs.bridges else {
            fill(&mut ovs.bridges, further.bridges);
            let seen = ovs.bridges.seen().into_iter();
            for (at, bridge) in seen.flat_map(|bridges| bridges.iter().enumerate()) {
                self.at.entry(bridge.name.value.clone()).or_insert(at);
            }
            return;
        };
        let Known::Seen(others) = further.bridges else {
            return;
        };
        for other in others.value {
            let at = self.at.get(&other.name.value);
            if let Some(bridge) = at.and_then(|at| bridges.value.get_mut(*at)) {
                disagreements.settings(bridge, &other, node);
                merge(bridge, other);
                continue;
            }
            // A contradiction, or a state that shows only some: what one of them shows is there.
            self.at
                .insert(other.name.value.clone(), bridges.value.len());
            bridges.value.push(other);
        }
    }
}

impl Joined<'_> {
    fn ovs(&self) -> Ovs {
        let root = self.rows.get("Open_vSwitch").and_then(|rows| rows.first());
        let column = |column| {
            root.map_or(Known::Unseen, |(database, row)| {
                entries(database, "Open_vSwitch", row, column)
            })
        };
        let version = root.map_or(Known::Unseen, |(database, row)| {
            database.text("Open_vSwitch", row, "ovs_version")
        });
        let version = match version.seen().map(|text| (text.parse(), &text.place)) {
            Some((Ok(version), place)) => Known::Seen(Spanned::new(version, place.clone())),
            Some((Err(_), place)) => Known::Unsure(place.clone(), "no version"),
            None => Known::Unseen,
        };
        Ovs {
            external_ids: column("external_ids"),
            other_config: column("other_config"),
            bridges: self.bridges(root.copied()),
            all_bridges: self.all_bridges(root.copied()),
            version,
        }
    }

    fn bridges(&self, root: Option<(&Database, &Row)>) -> Known<Vec<Bridge>> {
        let Some(rows) = self.rows.get("Bridge") else {
            return match root.map(|(database, row)| database.uuids("Open_vSwitch", row, "bridges"))
            {
                // Without its rows, that there are bridges says nothing of them.
                Some(Known::Absent(place)) => Known::Seen(Spanned::new(Vec::new(), place)),
                _ => Known::Unseen,
            };
        };
        let place = match (root, rows.first()) {
            (Some((database, row)), _) => database.place("Open_vSwitch", row, "bridges", None),
            (None, Some((database, row))) => database.place("Bridge", row, "name", None),
            (None, None) => return self.none_of("Bridge"),
        };
        let bridges = rows
            .iter()
            .filter_map(|(database, row)| self.bridge(database, row))
            .collect();
        Known::Seen(Spanned::new(bridges, place))
    }

    /// Whether no bridge is missing: the form shows them all, or each that the root refers to is there.
    fn all_bridges(&self, root: Option<(&Database, &Row)>) -> bool {
        let tables = self
            .databases
            .iter()
            .filter_map(|database| database.tables.get("Bridge"));
        let referred = root.map(|(database, row)| database.uuids("Open_vSwitch", row, "bridges"));
        let resolved = match referred {
            Some(Known::Seen(references)) => references
                .iter()
                .all(|reference| self.find("Bridge", reference).is_some()),
            Some(Known::Absent(_)) => true,
            _ => false,
        };
        resolved
            || tables
                .into_iter()
                .any(|table| table.complete || table.rows.is_empty())
    }

    /// An empty list of a table is an answer: there is none.
    fn none_of(&self, table: &str) -> Known<Vec<Bridge>> {
        let shown = self
            .databases
            .iter()
            .find(|database| database.tables.contains_key(table));
        shown.map_or(Known::Unseen, |database| {
            Known::Seen(Spanned::new(Vec::new(), database.table_place(table)))
        })
    }

    fn bridge(&self, database: &Database, row: &Row) -> Option<Bridge> {
        let name = named(database, "Bridge", row)?;
        Some(Bridge {
            name,
            fail_mode: database.text("Bridge", row, "fail_mode"),
            protocols: database.texts("Bridge", row, "protocols"),
            datapath_type: database.text("Bridge", row, "datapath_type"),
            controllers: self.controllers(database, row),
            stp_enable: database.boolean("Bridge", row, "stp_enable"),
            rstp_enable: database.boolean("Bridge", row, "rstp_enable"),
            other_config: entries(database, "Bridge", row, "other_config"),
            external_ids: entries(database, "Bridge", row, "external_ids"),
            ports: self.below(database, "Bridge", row, "ports", "Port", |database, row| {
                Some(Port {
                    name: named(database, "Port", row)?,
                    tag: database.integer("Port", row, "tag"),
                    trunks: database.texts("Port", row, "trunks"),
                    vlan_mode: database.text("Port", row, "vlan_mode"),
                    interfaces: self.below(
                        database,
                        "Port",
                        row,
                        "interfaces",
                        "Interface",
                        interface,
                    ),
                })
            }),
        })
    }

    /// A controller that is referred to is there, whether or not its target was shown.
    fn controllers(&self, database: &Database, row: &Row) -> Known<Vec<Spanned<String>>> {
        let references = database.uuids("Bridge", row, "controller");
        references.map_spanned(|references| {
            let targets = references.iter().map(|reference| {
                let shown = self.find("Controller", reference);
                let target = shown.and_then(|(database, row)| {
                    database.text("Controller", row, "target").seen().cloned()
                });
                target.unwrap_or_else(|| {
                    Spanned::new("a controller".to_owned(), references.place.clone())
                })
            });
            targets.collect()
        })
    }
}

fn interface(database: &Database, row: &Row) -> Option<Interface> {
    Some(Interface {
        name: named(database, "Interface", row)?,
        kind: database.text("Interface", row, "type"),
        options: entries(database, "Interface", row, "options"),
        iface_id: entry(
            &entries(database, "Interface", row, "external_ids"),
            "iface-id",
        ),
    })
}

/// Fills in what the first does not tell.
fn merge(bridge: &mut Bridge, other: Bridge) {
    fill(&mut bridge.fail_mode, other.fail_mode);
    fill(&mut bridge.protocols, other.protocols);
    fill(&mut bridge.datapath_type, other.datapath_type);
    fill(&mut bridge.controllers, other.controllers);
    fill(&mut bridge.stp_enable, other.stp_enable);
    fill(&mut bridge.rstp_enable, other.rstp_enable);
    fill(&mut bridge.other_config, other.other_config);
    fill(&mut bridge.external_ids, other.external_ids);
    fill(&mut bridge.ports, other.ports);
}

/// Takes over what changed: the root where it is shown, and each bridge that is.
pub fn update(ovs: &mut Ovs, changed: &Database, gone: &[String]) {
    let group = [changed];
    let joined = Joined::new(&group);
    let further = joined.ovs();
    if let Known::Seen(bridges) = &mut ovs.bridges {
        bridges
            .value
            .retain(|bridge| !gone.contains(&bridge.name.value));
    }
    if let (Known::Seen(bridges), Known::Seen(others)) = (&mut ovs.bridges, further.bridges) {
        if joined.root("Open_vSwitch").is_some() {
            bridges.place = others.place;
        }
        for other in others.value {
            let mut own = bridges.value.iter_mut();
            match own.find(|bridge| bridge.name.value == other.name.value) {
                Some(bridge) => *bridge = other,
                None => bridges.value.push(other),
            }
        }
    }
    if joined.root("Open_vSwitch").is_some() {
        ovs.external_ids = further.external_ids;
        ovs.other_config = further.other_config;
        ovs.version = further.version;
    }
}

/// The bridges that the topology draws count where no state shows any.
pub fn or_drawn(mut ovs: Ovs, drawn: Option<&TopologyNode>) -> Ovs {
    let Some((node, drawn)) = drawn.and_then(|node| Some((node, node.bridges.as_ref()?))) else {
        return ovs;
    };
    if !ovs.seen() {
        let bridges = drawn.iter().map(|bridge| Bridge {
            // A drawing that leaves it out does not say that it is unset.
            fail_mode: bridge.fail_mode.clone().map_or(Known::Unseen, Known::Seen),
            ports: Known::Seen(Spanned::new(
                bridge
                    .ports
                    .iter()
                    .map(|port| drawn_port(&bridge.name, port))
                    .collect(),
                bridge.name.place.clone(),
            )),
            ..Bridge::named(bridge.name.clone())
        });
        ovs.bridges = Known::Seen(Spanned::new(bridges.collect(), node.name.place.clone()));
        ovs.all_bridges = true;
    }
    ovs
}

/// A port that is named like its bridge is its internal port; what else an operator draws is a device.
fn drawn_port(bridge: &Spanned<String>, port: &Spanned<String>) -> Port {
    let kind = if port.value == bridge.value {
        "internal"
    } else {
        "system"
    };
    let interface = Interface {
        name: port.clone(),
        kind: Known::Seen(Spanned::new(kind.to_owned(), port.place.clone())),
        options: Known::Unseen,
        iface_id: Known::Unseen,
    };
    Port {
        name: port.clone(),
        tag: Known::Unseen,
        trunks: Known::Unseen,
        vlan_mode: Known::Unseen,
        interfaces: Known::Seen(Spanned::new(vec![interface], port.place.clone())),
    }
}
