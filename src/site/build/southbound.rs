//! Makes the southbound of every file that shows a part of it.

use crate::read::ovsdb::{Database, Form, Row};
use crate::site::ovn::{Binding, Chassis, Encap, Southbound};
use crate::source::{Known, Place, Spanned};

use super::joined::{Joined, entries, fill, groups, named};

/// The southbound database, from every file that shows a part of it.
pub fn southbound(databases: &[&Database]) -> Southbound {
    let mut southbound = Southbound {
        place: databases.first().map(|first| Place::file(first.file)),
        ..Southbound::default()
    };
    for group in groups(databases) {
        let joined = Joined::new(&group);
        if southbound.bindings.seen().is_none() {
            // `show` prints every chassis with every port that is bound to it.
            let printed = group.iter().all(|database| database.form == Form::Show);
            southbound.whole = joined.whole("Port_Binding") || (printed && joined.whole("Chassis"));
        }
        let chassis = joined.all("Chassis", |database, row| joined.chassis(database, row));
        fill(&mut southbound.chassis, chassis);
        let bindings = joined.all("Port_Binding", |database, row| {
            joined.binding(database, row)
        });
        fill(&mut southbound.bindings, bindings);
    }
    southbound
}

/// What is not set keeps the place of the row: one place for all of it, for there are very many bindings.
fn lean<T>(known: Known<T>, row: &Place) -> Known<T> {
    match known {
        Known::Absent(_) => Known::Absent(row.clone()),
        known => known,
    }
}

impl Joined<'_> {
    fn chassis(&self, database: &Database, row: &Row) -> Option<Chassis> {
        let table = "Chassis";
        Some(Chassis {
            name: named(database, table, row)?,
            hostname: database.text(table, row, "hostname"),
            encaps: self.below(database, table, row, "encaps", "Encap", |database, row| {
                Some(encap(database, row))
            }),
            other_config: entries(database, table, row, "other_config"),
            external_ids: entries(database, table, row, "external_ids"),
        })
    }

    fn binding(&self, database: &Database, row: &Row) -> Option<Binding> {
        let table = "Port_Binding";
        let logical_port = database.text(table, row, "logical_port").seen()?.clone();
        let place = &logical_port.place;
        let named = |known: Known<Vec<_>>| {
            let references = known.seen()?;
            let names = references.iter().filter_map(|reference| {
                let (database, row) = self.find("Chassis", reference)?;
                let name = named(database, "Chassis", row)?.value;
                Some(Spanned::new(name, place.clone()))
            });
            let names: Vec<_> = names.collect();
            (names.len() == references.len()).then_some(names)
        };
        let chassis = database.uuids(table, row, "chassis");
        let chassis = match chassis {
            Known::Seen(_) => match named(chassis).and_then(|names| names.into_iter().next()) {
                Some(name) => Known::Seen(name),
                None => Known::Unsure(place.clone(), "its chassis was not shown"),
            },
            Known::Absent(_) => Known::Absent(place.clone()),
            Known::Unsure(place, why) => Known::Unsure(place, why),
            Known::Unseen => Known::Unseen,
        };
        Some(Binding {
            kind: lean(database.text(table, row, "type"), place),
            chassis,
            additional: named(database.uuids(table, row, "additional_chassis")).unwrap_or_default(),
            logical_port,
        })
    }
}

fn encap(database: &Database, row: &Row) -> Encap {
    let column = |column| database.text("Encap", row, column);
    Encap {
        kind: column("type"),
        ip: column("ip"),
    }
}
