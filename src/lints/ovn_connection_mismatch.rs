//! Neutron and the chassis, and the databases of OVN that they are pointed at.

use std::collections::BTreeMap;

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::connections::{Connection, Server};
use crate::site::remote::{Method, NORTHBOUND, SOUTHBOUND};
use crate::site::{Node, Site};
use crate::source::{Known, Spanned};

/// Different endpoints alone are never wrong: relays, service addresses and other ports are stock (facts N§2).
pub fn check(site: &Site, found: &mut Findings) {
    let mut southbounds = Vec::new();
    for configuration in &site.configurations {
        for connection in configuration.connections() {
            if !connection.settled() {
                found.unknown(
                    &configuration.name,
                    "the rendered ovn_nb_connection and ovn_sb_connection of [ovn]",
                );
                continue;
            }
            found.checked(&configuration.name);
            if let Known::Seen(connection) = connection {
                ports(&configuration.name, &connection, found);
                tls(&configuration.name, &connection, found);
                if connection.database.port == SOUTHBOUND {
                    southbounds.extend(connection.value.servers);
                }
            }
        }
    }
    if !southbounds.is_empty() {
        chassis(site, &southbounds, found);
    }
}

/// No port, or that of the other database.
fn ports(configuration: &str, connection: &Connection, found: &mut Findings) {
    let database = connection.database;
    let other = format!("with {}, the port of the other database", database.other);
    let cases = [
        (None, "without a port, and 6640 is assumed"),
        (Some(database.other), other.as_str()),
    ];
    for (port, flaw) in cases {
        let wrong = connection.servers.iter();
        let wrong = wrong.filter(|(remote, _)| remote.port == port);
        let wrong: Vec<_> = wrong.map(|(_, text)| text).collect();
        let Some(first) = wrong.first() else {
            continue;
        };
        let names: Vec<&str> = wrong.iter().map(|text| text.as_str()).collect();
        let result = if wrong.len() == connection.servers.len() {
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
        let subject = format!("{configuration}/{}/{}", database.option, names[0]);
        let label = format!("expected port {}", database.port);
        let mut finding = Finding::new(Level::Error, subject, message, &first.place, label);
        for text in wrong {
            if let Some(meant) = with_port(text, port, database.port) {
                finding = finding.write(false, text, &meant);
            }
        }
        found.push(finding);
    }
}

/// The server with another port; none for an IPv6 address without brackets, whose end is no port.
fn with_port(server: &str, port: Option<u16>, meant: u16) -> Option<String> {
    let server = match port {
        Some(port) => server.strip_suffix(&port.to_string())?.strip_suffix(':')?,
        None => server,
    };
    let (_, host) = server.split_once(':')?;
    let whole = host.ends_with(']') || !host.contains([':', '[']);
    whole.then(|| format!("{server}:{meant}"))
}

/// TLS without what it needs.
fn tls(configuration: &str, connection: &Connection, found: &mut Findings) {
    let mut servers = connection.servers.iter();
    let encrypted = servers.find(|(remote, _)| remote.method == Method::Ssl);
    let Some((_, text)) = encrypted.filter(|_| !connection.unset.is_empty()) else {
        return;
    };
    let option = connection.database.option;
    let verb = if connection.unset.len() == 1 {
        "is"
    } else {
        "are"
    };
    let message = format!(
        "{option} of [ovn] names {}, but {} {verb} not set: Neutron cannot use TLS and does not start",
        &**text,
        listed(&connection.unset)
    );
    found.push(Finding::new(
        Level::Error,
        format!("{configuration}/{option}/tls"),
        message,
        &text.place,
        "needs a key, a certificate and a CA",
    ));
}

/// What the chassis are given, beside what Neutron is given: one finding for each server.
fn chassis(site: &Site, southbounds: &[Server], found: &mut Findings) {
    let mut named: BTreeMap<(&str, Option<u16>), Vec<&Server>> = BTreeMap::new();
    for server in southbounds {
        let same = named.entry((&server.0.host, server.0.port)).or_default();
        same.push(server);
    }
    for (remote, seats) in site.chassis_servers() {
        let same = named.get(&(remote.host.as_str(), remote.port));
        let other = same.filter(|same| same.iter().all(|(own, _)| own.method != remote.method));
        if remote.port == Some(NORTHBOUND) {
            let result = "6641 is the port of the northbound database, and ovn-controller finds no southbound there";
            found.push(finding(Level::Error, &seats, &southbounds[0], result));
        } else if let Some(neutron) = other.and_then(|same| same.first()) {
            let result = "one of the two works only where the server offers both";
            found.push(finding(Level::Note, &seats, neutron, result));
        }
    }
}

fn finding(
    level: Level,
    seats: &[(&Node, Spanned<String>)],
    (_, neutron): &Server,
    result: &str,
) -> Finding {
    let names: Vec<&str> = seats.iter().map(|(node, _)| node.name.as_str()).collect();
    let text = &seats[0].1;
    let message = format!(
        "ovn-remote of {} names {}, and ovn_sb_connection of Neutron {}: {result}",
        listed(&names),
        &**text,
        &**neutron
    );
    let subject = format!("ovn-remote/{}", &**text);
    let label = format!("on {}", names[0]);
    let mut finding = Finding::new(level, subject, message, &text.place, label);
    for (node, text) in &seats[1..] {
        finding = finding.label(&text.place, format!("on {}", node.name));
    }
    finding = finding.label(&neutron.place, "what Neutron is given");
    finding.nodes = names.iter().map(|name| (*name).to_owned()).collect();
    finding
}
