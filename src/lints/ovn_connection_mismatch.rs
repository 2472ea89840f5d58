//! Neutron and the chassis, and the databases of OVN that they are pointed at.

use std::collections::BTreeMap;

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::connections::{Connection, Database, Server};
use crate::site::remote::{self, Method, NORTHBOUND, Remote, SOUTHBOUND};
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
                flaws(&configuration.name, &connection, found);
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

/// No server, no port, or that of the other database: one finding for each flaw.
fn flaws(configuration: &str, connection: &Connection, found: &mut Findings) {
    let database = connection.database;
    let mut flawed: BTreeMap<String, Vec<&Spanned<String>>> = BTreeMap::new();
    for (text, defect) in &connection.malformed {
        flawed.entry((*defect).to_owned()).or_default().push(text);
    }
    for (server, text) in &connection.servers {
        let flaw = match server.port {
            None => remote::portless(text).to_owned(),
            Some(port) if port == database.other => {
                format!("with {port}, the port of the other database")
            }
            Some(_) => continue,
        };
        flawed.entry(flaw).or_default().push(text);
    }
    let bad: usize = flawed.values().map(Vec::len).sum();
    let result = if bad == connection.servers.len() + connection.malformed.len() {
        "Neutron finds no such database and does not start"
    } else {
        "Neutron never reaches it there, and has only the others"
    };
    for (flaw, texts) in &flawed {
        let Some(first) = texts.first() else {
            continue;
        };
        let names: Vec<&str> = texts.iter().map(|text| text.as_str()).collect();
        let message = format!(
            "{} of [ovn] names {}, {flaw}; the {} database listens on {}: {result}",
            database.option,
            listed(&names),
            database.name,
            database.port,
        );
        let subject = format!("{configuration}/{}/{}", database.option, first.as_str());
        let label = format!("expected port {}", database.port);
        let mut finding = Finding::new(Level::Error, subject, message, &first.place, label);
        for text in texts {
            if let Some(meant) = meant(text, database) {
                finding = finding.write(false, text, &meant);
            }
        }
        found.push(finding);
    }
}

/// The server as it was meant: with the port of its database, and brackets around an IPv6 address.
fn meant(server: &str, database: &Database) -> Option<String> {
    if let Some((method, address, port)) = remote::bare_ipv6(server) {
        let port = port.and_then(|port| port.parse().ok());
        let port = port.filter(|port| *port != database.other);
        return Some(format!(
            "{method}[{address}]:{}",
            port.unwrap_or(database.port)
        ));
    }
    let read = Remote::parse(server).ok()?;
    let bare = match read.port {
        Some(port) => server.strip_suffix(&port.to_string())?.strip_suffix(':')?,
        None => server,
    };
    let (_, host) = bare.split_once(':')?;
    let whole = host.ends_with(']') || !host.contains([':', '[']);
    whole.then(|| format!("{bare}:{}", database.port))
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
