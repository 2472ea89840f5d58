//! Makes the Open vSwitch of a node of its states: tables that belong together are joined, then merged.

use std::collections::{BTreeMap, HashMap};

use crate::finding::Trouble;
use crate::read::ovsdb::cells::Entry;
use crate::read::ovsdb::datum::Atom;
use crate::read::ovsdb::{Database, Form, Row};
use crate::read::topology::TopologyNode;
use crate::source::{Known, Place, Spanned};

use crate::site::northbound::Northbound;
use crate::site::ovs::{Bridge, Entries, Interface, Ovs, Port};

/// The node's Open vSwitch from all its states, and where two of them disagree.
pub fn merged(states: &[&Database], node: &str) -> (Ovs, Vec<Trouble>) {
    let mut ovs = Ovs::default();
    let mut contradictions = Vec::new();
    for group in groups(states) {
        let further = Joined::new(&group).ovs();
        if ovs.seen() {
            contradictions.extend(super::contradiction::between(&ovs, &further, node));
        }
        merge(&mut ovs, further);
    }
    (ovs, contradictions)
}

/// Files that show one table each belong together; a file that shows everything stands alone. Whole databases
/// come first, then what is exact, then what is printed for people.
fn groups<'a>(states: &[&'a Database]) -> Vec<Vec<&'a Database>> {
    let mut states = states.to_vec();
    states.sort_by_key(|database| database.form);
    let mut groups: Vec<Vec<&Database>> = Vec::new();
    for database in states {
        let partial = |database: &Database| {
            matches!(
                database.form,
                Form::Json | Form::List | Form::Csv | Form::TableText
            )
        };
        let lacks = |group: &&mut Vec<&Database>| {
            group.iter().all(|other| {
                partial(other)
                    && other
                        .tables
                        .keys()
                        .all(|table| !database.tables.contains_key(table))
            })
        };
        match groups.iter_mut().find(lacks).filter(|_| partial(database)) {
            Some(group) => group.push(database),
            None => groups.push(vec![database]),
        }
    }
    groups
}

/// The rows of a group of files, found by identity or name.
struct Joined<'a> {
    databases: &'a [&'a Database],
    rows: BTreeMap<&'a str, Vec<(&'a Database, &'a Row)>>,
    index: HashMap<(&'a str, String), (&'a Database, &'a Row)>,
}

impl<'a> Joined<'a> {
    fn new(group: &'a [&'a Database]) -> Self {
        let mut joined = Self {
            databases: group,
            rows: BTreeMap::new(),
            index: HashMap::new(),
        };
        for &database in group {
            for (table, content) in &database.tables {
                let rows = joined.rows.entry(table).or_default();
                rows.extend(content.rows.iter().map(|row| (database, row)));
                for row in &content.rows {
                    let keys = [
                        row.uuid.map(|uuid| Atom::Uuid(uuid).to_text()),
                        row.name.as_deref().map(str::to_owned),
                    ];
                    for key in keys.into_iter().flatten() {
                        joined.index.entry((table, key)).or_insert((database, row));
                    }
                }
            }
        }
        joined
    }

    fn ovs(&self) -> Ovs {
        let root = self.rows.get("Open_vSwitch").and_then(|rows| rows.first());
        let column = |column| {
            root.map_or(Known::Unseen, |(database, row)| {
                entries(database.map("Open_vSwitch", row, column))
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
                .all(|reference| self.index.contains_key(&("Bridge", reference.to_text()))),
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
            Known::Seen(Spanned::new(Vec::new(), Place::file(database.file)))
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
            other_config: entries(database.map("Bridge", row, "other_config")),
            external_ids: entries(database.map("Bridge", row, "external_ids")),
            ports: self.below(database, "Bridge", row, "ports", "Port", |database, row| {
                Some(Port {
                    name: named(database, "Port", row)?,
                    tag: database.integer("Port", row, "tag"),
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
                let shown = self.index.get(&("Controller", reference.to_text()));
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

    /// The rows that a column refers to; unseen as soon as one of them was not shown.
    fn below<T>(
        &self,
        database: &Database,
        table: &str,
        row: &Row,
        column: &str,
        of: &str,
        make: impl Fn(&Database, &Row) -> Option<T>,
    ) -> Known<Vec<T>> {
        let references = match database.uuids(table, row, column) {
            Known::Seen(references) => references,
            Known::Absent(place) => return Known::Seen(Spanned::new(Vec::new(), place)),
            Known::Unsure(place, why) => return Known::Unsure(place, why),
            Known::Unseen => return Known::Unseen,
        };
        let rows = references
            .iter()
            .map(|reference| self.index.get(&(of, reference.to_text())));
        let made: Option<Vec<T>> = rows
            .map(|found| found.and_then(|(database, row)| make(database, row)))
            .collect();
        made.map_or(Known::Unseen, |made| {
            Known::Seen(Spanned::new(made, references.place))
        })
    }
}

fn interface(database: &Database, row: &Row) -> Option<Interface> {
    Some(Interface {
        name: named(database, "Interface", row)?,
        kind: database.text("Interface", row, "type"),
        options: entries(database.map("Interface", row, "options")),
    })
}

fn named(database: &Database, table: &str, row: &Row) -> Option<Spanned<String>> {
    let written = database.text(table, row, "name").seen().cloned();
    written.or_else(|| {
        Some(Spanned::new(
            row.name.as_deref()?.to_owned(),
            database.place(table, row, "name", None),
        ))
    })
}

fn entries(map: Known<BTreeMap<String, Entry>>) -> Known<Entries> {
    // An empty map is an answer for every key.
    let empty = matches!(map, Known::Absent(_));
    match map {
        Known::Absent(place) if empty => Known::Seen(Spanned::new(Entries::new(), place)),
        other => other.map(|map| {
            map.into_iter()
                .map(|(key, entry)| (key, entry.value))
                .collect()
        }),
    }
}

/// Fills in what the first does not tell.
fn merge(ovs: &mut Ovs, further: Ovs) {
    fill(&mut ovs.external_ids, further.external_ids);
    fill(&mut ovs.other_config, further.other_config);
    fill(&mut ovs.version, further.version);
    ovs.all_bridges |= further.all_bridges;
    let (Known::Seen(bridges), Known::Seen(others)) = (&mut ovs.bridges, &further.bridges) else {
        return fill(&mut ovs.bridges, further.bridges);
    };
    let lone = others.iter().filter(|other| {
        bridges
            .iter()
            .all(|bridge| bridge.name.value != other.name.value)
    });
    let lone: Vec<Bridge> = lone.cloned().collect();
    for bridge in &mut bridges.value {
        let Some(other) = others
            .iter()
            .find(|other| other.name.value == bridge.name.value)
            .cloned()
        else {
            continue;
        };
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
    // A contradiction, or a state that shows only some: what one of them shows is there.
    bridges.value.extend(lone);
}

fn fill<T>(known: &mut Known<T>, further: Known<T>) {
    if !known.settled() && !matches!(further, Known::Unseen) {
        *known = further;
    }
}

/// The bridges that the topology draws count where no state shows any.
pub fn or_drawn(mut ovs: Ovs, drawn: Option<&TopologyNode>) -> Ovs {
    let Some((node, drawn)) = drawn.and_then(|node| Some((node, node.bridges.as_ref()?))) else {
        return ovs;
    };
    if !ovs.seen() {
        let bridges = drawn.iter().map(|bridge| Bridge {
            fail_mode: bridge
                .fail_mode
                .clone()
                .map_or(Known::Absent(bridge.name.place.clone()), Known::Seen),
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
    };
    Port {
        name: port.clone(),
        tag: Known::Unseen,
        interfaces: Known::Seen(Spanned::new(vec![interface], port.place.clone())),
    }
}

/// The northbound database, from every file that shows a part of it.
pub fn northbound(databases: &[&Database]) -> Northbound {
    let mut northbound = Northbound::default();
    for database in databases {
        northbound
            .place
            .get_or_insert_with(|| Place::file(database.file));
        if let Some(table) = database
            .tables
            .get("QoS")
            .filter(|table| table.complete && table.columns.contains_key("bandwidth"))
        {
            let limited = table
                .rows
                .iter()
                .filter(|row| database.map("QoS", row, "bandwidth").seen().is_some());
            let first = table.rows.first().map_or_else(
                || Place::file(database.file),
                |row| database.place("QoS", row, "bandwidth", None),
            );
            let count = limited.count() as u64;
            fill(
                &mut northbound.bandwidth_rules,
                Known::Seen(Spanned::new(count, first)),
            );
        }
        if let Some(row) = database
            .tables
            .get("NB_Global")
            .and_then(|table| table.rows.first())
        {
            let options = entries(database.map("NB_Global", row, "options"));
            fill(
                &mut northbound.vxlan_mode,
                crate::site::ovs::entry(&options, "vxlan_mode"),
            );
        }
    }
    northbound
}
