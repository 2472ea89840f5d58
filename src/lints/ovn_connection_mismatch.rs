//! Neutron and the chassis, and the databases of OVN that they are pointed at.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::neutron::Configuration;
use crate::site::options::Options;
use crate::site::remote::{self, DATABASES, Database, Method, NORTHBOUND, Remote};
use crate::source::{Known, Spanned};

/// A server and where it is named.
type Seat = (Remote, Spanned<String>);

/// Different endpoints alone are never wrong: relays, service addresses and other ports are stock (facts N§2).
pub fn check(site: &Site, found: &mut Findings) {
    let mut southbounds = Vec::new();
    for configuration in &site.configurations {
        let mut said = BTreeSet::new();
        for client in configuration.ovn_clients() {
            for database in &DATABASES {
                match client.list("ovn", database.option) {
                    Known::Seen(items) if said.insert(items.place.clone()) => {
                        found.checked(&configuration.name);
                        let seats = abroad(items.iter().map(|item| (Remote::parse(item), item)));
                        ports(configuration, database, &seats, found);
                        tls(configuration, client, database, &seats, found);
                        if database.port != NORTHBOUND {
                            southbounds.extend(seats);
                        }
                    }
                    Known::Seen(_) => {}
                    Known::Absent(_) => found.checked(&configuration.name),
                    Known::Unseen if configuration.uses_ovn() != Some(true) => {}
                    Known::Unseen | Known::Unsure(..) => found.unknown(
                        &configuration.name,
                        "the rendered ovn_nb_connection and ovn_sb_connection of [ovn]",
                    ),
                }
            }
        }
    }
    if !southbounds.is_empty() {
        chassis(site, &southbounds, found);
    }
}

/// The servers on other machines: loopback addresses are what samples are filled with.
fn abroad<'a, E>(
    remotes: impl Iterator<Item = (Result<Remote, E>, &'a Spanned<String>)>,
) -> Vec<Seat> {
    let read = remotes.filter_map(|(remote, text)| Some((remote.ok()?, text.clone())));
    read.filter(|(remote, _)| remote.method != Method::Unix && !remote.is_loopback())
        .collect()
}

/// No port, or that of the other database.
fn ports(configuration: &Configuration, database: &Database, seats: &[Seat], found: &mut Findings) {
    let cases = [
        (None, "without a port, and 6640 is assumed".to_owned()),
        (
            Some(database.other),
            format!("with {}, the port of the other database", database.other),
        ),
    ];
    for (port, flaw) in cases {
        let wrong = seats.iter().filter(|(remote, _)| remote.port == port);
        let wrong: Vec<_> = wrong.map(|(_, text)| text).collect();
        let Some(first) = wrong.first() else {
            continue;
        };
        let names: Vec<&str> = wrong.iter().map(|text| text.as_str()).collect();
        let result = if wrong.len() == seats.len() {
            "Neutron finds no such database and does not start"
        } else {
            "Neutron never reaches it there, and has only the others"
        };
        let message = format!(
            "{} of [ovn] names {} {flaw}, where the {} database listens on {}: {result}",
            database.option,
            listed(&names),
            database.name,
            database.port,
        );
        let subject = format!("{}/{}/{}", configuration.name, database.option, names[0]);
        let label = format!("expected port {}", database.port);
        found.push(Finding::new(
            Level::Error,
            subject,
            message,
            &first.place,
            label,
        ));
    }
}

/// TLS without what it needs.
fn tls(
    configuration: &Configuration,
    client: &Options,
    database: &Database,
    seats: &[Seat],
    found: &mut Findings,
) {
    let encrypted = seats
        .iter()
        .find(|(remote, _)| remote.method == Method::Ssl);
    let unset = |option: &&&str| match client.text("ovn", option) {
        Known::Seen(path) => path.trim().is_empty(),
        Known::Absent(_) => true,
        Known::Unseen | Known::Unsure(..) => false,
    };
    let unset: Vec<&str> = database.tls.iter().filter(unset).copied().collect();
    let Some((_, text)) = encrypted.filter(|_| !unset.is_empty()) else {
        return;
    };
    let verb = if unset.len() == 1 { "is" } else { "are" };
    let message = format!(
        "{} of [ovn] names {}, but {} {verb} not set: Neutron cannot use TLS and does not start",
        database.option,
        &**text,
        listed(&unset)
    );
    let subject = format!("{}/{}/tls", configuration.name, database.option);
    found.push(Finding::new(
        Level::Error,
        subject,
        message,
        &text.place,
        "needs a key, a certificate and a CA",
    ));
}

/// What the chassis are given, beside what Neutron is given: one finding for each server.
fn chassis(site: &Site, southbounds: &[Seat], found: &mut Findings) {
    let mut methods: BTreeMap<(&str, Option<u16>), Vec<&Seat>> = BTreeMap::new();
    for seat in southbounds {
        let server = methods.entry((&seat.0.host, seat.0.port)).or_default();
        server.push(seat);
    }
    let mut servers: BTreeMap<Remote, Vec<(&str, Spanned<String>)>> = BTreeMap::new();
    for node in site.chassis() {
        let value = node.external_id("ovn-remote");
        if !value.settled() {
            found.unknown(
                &node.name,
                "external_ids of the node (`ovs-vsctl get open . external_ids`)",
            );
        }
        let remotes = value.seen().map_or_else(Vec::new, remote::remotes);
        for (remote, text) in abroad(remotes.iter().map(|(text, read)| (read.clone(), text))) {
            servers.entry(remote).or_default().push((&node.name, text));
        }
    }
    for (remote, seats) in servers {
        let named = methods.get(&(remote.host.as_str(), remote.port));
        let other = named.filter(|named| named.iter().all(|seat| seat.0.method != remote.method));
        if remote.port == Some(NORTHBOUND) {
            let result = "6641 is the port of the northbound database, and ovn-controller finds no southbound there";
            found.push(finding(Level::Error, &seats, &southbounds[0], result));
        } else if let Some(neutron) = other.and_then(|seats| seats.first()) {
            let result = "one of the two works only where the server offers both";
            found.push(finding(Level::Note, &seats, neutron, result));
        }
    }
}

fn finding(
    level: Level,
    seats: &[(&str, Spanned<String>)],
    (_, neutron): &Seat,
    result: &str,
) -> Finding {
    let names: Vec<&str> = seats.iter().map(|(name, _)| *name).collect();
    let (first, text) = &seats[0];
    let message = format!(
        "ovn-remote of {} names {}, and ovn_sb_connection of Neutron {}: {result}",
        listed(&names),
        &**text,
        &**neutron
    );
    let subject = format!("ovn-remote/{}", &**text);
    let mut finding = Finding::new(level, subject, message, &text.place, format!("on {first}"));
    for (name, text) in &seats[1..] {
        finding = finding.label(&text.place, format!("on {name}"));
    }
    finding = finding.label(&neutron.place, "what Neutron is given");
    finding.nodes = names.iter().map(|name| (*name).to_owned()).collect();
    finding
}
