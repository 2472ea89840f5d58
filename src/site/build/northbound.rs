//! Makes the northbound of every file that shows a part of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::read::ovsdb::datum::{Atom, Datum};
use crate::read::ovsdb::{Database, Row};
use crate::site::ovn::{
    Instance, LogicalRouter, LogicalSwitch, Nat, Northbound, RouterPort, SwitchPort,
};
use crate::site::ovs::{Entries, entry};
use crate::source::{Known, Place, Spanned};

use super::joined::{Joined, entries, fill, groups, named};

/// The northbound database, from every file that shows a part of it. Of what several show, the most exact counts.
pub fn northbound(databases: &[&Database]) -> Northbound {
    let mut northbound = Northbound {
        place: databases.first().map(|first| Place::file(first.file)),
        ..Northbound::default()
    };
    for group in groups(databases) {
        let joined = Joined::new(&group);
        if northbound.switches.seen().is_none() {
            northbound.whole = joined.whole("Logical_Switch");
        }
        fill(&mut northbound.switches, joined.switches());
        fill(&mut northbound.routers, joined.routers());
        fill(&mut northbound.bandwidth_rules, joined.bandwidth_rules());
        fill(&mut northbound.vxlan_mode, joined.vxlan_mode());
    }
    northbound
}

/// The switches that one database shows.
pub fn switches_of(database: &Database) -> Vec<Arc<LogicalSwitch>> {
    let group = [database];
    let switches = Joined::new(&group).switches();
    switches
        .seen()
        .cloned()
        .map_or_else(Vec::new, |seen| seen.value)
}

/// The routers that one database shows.
pub fn routers_of(database: &Database) -> Vec<Arc<LogicalRouter>> {
    let group = [database];
    let routers = Joined::new(&group).routers();
    routers
        .seen()
        .cloned()
        .map_or_else(Vec::new, |seen| seen.value)
}

/// `NB_Global.options:vxlan_mode`, as far as one database shows it.
pub fn vxlan_mode_of(database: &Database) -> Known<String> {
    Joined::new(&[database]).vxlan_mode()
}

const PORT: &str = "Logical_Switch_Port";

/// A port of a switch.
enum Member {
    Port(Box<SwitchPort>),
    Instance(Instance),
}

/// The string of a cell, without its place.
fn text(row: &Row, column: &str) -> Option<Arc<str>> {
    match &row.cells.get(column)?.datum {
        Datum::Set(atoms) => shared(atoms.first()?),
        Datum::Map(_) | Datum::Unsure(_) => None,
    }
}

/// An option, without its place.
fn option(row: &Row, key: &str) -> Option<Arc<str>> {
    let Datum::Map(entries) = &row.cells.get("options")?.datum else {
        return None;
    };
    let is_key = |atom: &Atom| matches!(atom, Atom::Text(own) if **own == *key);
    let (_, value) = entries.iter().find(|(atom, _)| is_key(atom))?;
    shared(value)
}

fn shared(atom: &Atom) -> Option<Arc<str>> {
    match atom {
        Atom::Text(text) | Atom::Named(text) if !text.is_empty() => Some(Arc::clone(text)),
        _ => None,
    }
}

fn id(row: &Row, name: &str) -> String {
    row.uuid
        .map_or_else(|| name.to_owned(), |uuid| uuid.to_string())
}

impl Joined<'_> {
    fn vxlan_mode(&self) -> Known<String> {
        let Some((database, row)) = self.root("NB_Global") else {
            return Known::Unseen;
        };
        let options = entries(database, "NB_Global", row, "options");
        entry(&options, "vxlan_mode")
    }

    fn switches(&self) -> Known<Vec<Arc<LogicalSwitch>>> {
        self.all("Logical_Switch", |database, row| {
            let table = "Logical_Switch";
            let name = named(database, table, row)?;
            let mut instances = Vec::new();
            let ports = self.below_shown((database, table, row), "ports", PORT, |database, row| {
                Some(match self.switch_port(database, row)? {
                    Member::Port(port) => Some(port),
                    Member::Instance(instance) => {
                        instances.push(instance);
                        None
                    }
                })
            });
            Some(Arc::new(LogicalSwitch {
                id: id(row, &name),
                external_ids: entries(database, table, row, "external_ids"),
                ports: match ports.shown {
                    // The place of the row, for that of the column carries every reference.
                    Known::Seen(shown) => {
                        let shown = shown.value.into_iter().flatten().map(|port| *port);
                        Known::Seen(Spanned::new(shown.collect(), name.place.clone()))
                    }
                    unseen => unseen.map(|_| Vec::new()),
                },
                instances,
                whole: ports.whole,
                name,
            }))
        })
    }

    fn switch_port(&self, database: &Database, row: &Row) -> Option<Member> {
        let kind = database.text(PORT, row, "type");
        if matches!(kind, Known::Absent(_)) {
            return Some(Member::Instance(Instance {
                name: row.name.clone()?,
                parent: text(row, "parent_name"),
                requested_chassis: option(row, "requested-chassis"),
                file: row.file.unwrap_or(database.file),
                span: row.span,
            }));
        }
        let tag = match database.integer(PORT, row, "tag") {
            Known::Absent(place) => match database.integer(PORT, row, "tag_request") {
                Known::Seen(tag) => Known::Seen(tag),
                _ => Known::Absent(place),
            },
            tag => tag,
        };
        Some(Member::Port(Box::new(SwitchPort {
            name: named(database, PORT, row)?,
            kind,
            options: entries(database, PORT, row, "options"),
            tag,
            peer: database.text(PORT, row, "peer"),
            gateways: self.group_members(database, PORT, row),
        })))
    }

    fn routers(&self) -> Known<Vec<Arc<LogicalRouter>>> {
        self.all("Logical_Router", |database, row| {
            let table = "Logical_Router";
            let name = named(database, table, row)?;
            Some(Arc::new(LogicalRouter {
                id: id(row, &name),
                enabled: database.boolean(table, row, "enabled"),
                options: entries(database, table, row, "options"),
                ports: self.below(
                    database,
                    table,
                    row,
                    "ports",
                    "Logical_Router_Port",
                    |database, row| self.router_port(database, row),
                ),
                nat: self.below(database, table, row, "nat", "NAT", |database, row| {
                    Some(nat(database, row))
                }),
                distributed_balancer: self.distributed_balancer(database, row),
                name,
            }))
        })
    }

    fn router_port(&self, database: &Database, row: &Row) -> Option<RouterPort> {
        let table = "Logical_Router_Port";
        let options = entries(database, table, row, "options");
        Some(RouterPort {
            name: named(database, table, row)?,
            gateways: self.gateways(database, row, &options),
            options,
            peer: database.text(table, row, "peer"),
        })
    }

    /// The chassis of a router port, in ovn-northd's order: HA group, gateway chassis, and the option that came
    /// before both.
    fn gateways(
        &self,
        database: &Database,
        row: &Row,
        options: &Known<Entries>,
    ) -> Known<Vec<Spanned<String>>> {
        let table = "Logical_Router_Port";
        let group = self.group_members(database, table, row);
        if group.seen().is_some() {
            return group;
        }
        let chassis = self.below(
            database,
            table,
            row,
            "gateway_chassis",
            "Gateway_Chassis",
            |database, row| chassis_name(database, "Gateway_Chassis", row),
        );
        match (chassis, group) {
            (_, Known::Unsure(place, why)) => Known::Unsure(place, why),
            (Known::Seen(chassis), _) if !chassis.is_empty() => Known::Seen(chassis),
            (Known::Seen(none), Known::Absent(_)) => match entry(options, "redirect-chassis") {
                Known::Seen(name) => {
                    let place = name.place.clone();
                    Known::Seen(Spanned::new(vec![name], place))
                }
                _ => Known::Absent(none.place),
            },
            (Known::Seen(_), _) => Known::Unseen,
            (unsettled, _) => unsettled,
        }
    }

    /// The chassis of the HA group that a port names; absent where it names none.
    fn group_members(
        &self,
        database: &Database,
        table: &str,
        row: &Row,
    ) -> Known<Vec<Spanned<String>>> {
        let reference = match database.uuids(table, row, "ha_chassis_group") {
            Known::Seen(reference) => reference,
            Known::Absent(place) => return Known::Absent(place),
            Known::Unsure(place, why) => return Known::Unsure(place, why),
            Known::Unseen => return Known::Unseen,
        };
        let group = reference
            .first()
            .and_then(|group| self.find("HA_Chassis_Group", group));
        let Some((database, row)) = group else {
            return Known::Unsure(reference.place, "its HA chassis group was not shown");
        };
        self.below(
            database,
            "HA_Chassis_Group",
            row,
            "ha_chassis",
            "HA_Chassis",
            |database, row| chassis_name(database, "HA_Chassis", row),
        )
    }

    /// Since OVN 25.09 a load balancer may work on every chassis.
    fn distributed_balancer(&self, database: &Database, row: &Row) -> Known<bool> {
        let table = "Logical_Router";
        let own = self.below(
            database,
            table,
            row,
            "load_balancer",
            "Load_Balancer",
            distributed,
        );
        let groups = self.below(
            database,
            table,
            row,
            "load_balancer_group",
            "Load_Balancer_Group",
            |database, row| {
                let group = "Load_Balancer_Group";
                let balancers = self.below(
                    database,
                    group,
                    row,
                    "load_balancer",
                    "Load_Balancer",
                    distributed,
                );
                Some(balancers.seen()?.iter().any(|distributed| *distributed))
            },
        );
        match (own, groups) {
            (Known::Seen(own), groups) if own.contains(&true) || groups.settled() => {
                let any = own.contains(&true)
                    || groups.seen().is_some_and(|groups| groups.contains(&true));
                Known::Seen(Spanned::new(any, own.place))
            }
            (Known::Seen(own), _) => {
                Known::Unsure(own.place, "not all of its load balancers were shown")
            }
            _ => Known::Unseen,
        }
    }

    fn bandwidth_rules(&self) -> Known<u64> {
        let shows = self.databases.iter().find_map(|database| {
            let table = database.tables.get("QoS")?;
            (table.complete && table.columns.contains_key("bandwidth"))
                .then_some((*database, table))
        });
        let Some((database, table)) = shows else {
            return Known::Unseen;
        };
        let limited = table
            .rows
            .iter()
            .filter(|row| database.map("QoS", row, "bandwidth").seen().is_some());
        let first = table.rows.first().map_or_else(
            || database.table_place("QoS"),
            |row| database.place("QoS", row, "bandwidth", None),
        );
        Known::Seen(Spanned::new(limited.count() as u64, first))
    }
}

fn chassis_name(database: &Database, table: &str, row: &Row) -> Option<Spanned<String>> {
    database.text(table, row, "chassis_name").seen().cloned()
}

fn nat(database: &Database, row: &Row) -> Nat {
    let column = |column| database.text("NAT", row, column);
    Nat {
        kind: column("type"),
        external_ip: column("external_ip"),
        external_mac: column("external_mac"),
        logical_port: column("logical_port"),
    }
}

fn distributed(database: &Database, row: &Row) -> Option<bool> {
    let options: BTreeMap<_, _> = match database.map("Load_Balancer", row, "options") {
        Known::Seen(options) => options.value,
        Known::Absent(_) => BTreeMap::new(),
        Known::Unseen | Known::Unsure(..) => return None,
    };
    let on = options.get("distributed");
    Some(on.is_some_and(|on| on.value.eq_ignore_ascii_case("true")))
}
