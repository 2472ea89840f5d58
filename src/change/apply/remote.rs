//! The database that a command line itself names: `--db`, and the daemon of `-u`.

use std::net::IpAddr;

use crate::change::target::{self, Target};
use crate::finding::words::first_of;
use crate::read::script::Word;
use crate::site::remote::{Method, Remote, SOUTHBOUND};
use crate::site::{Node, Site};
use crate::source::Place;

/// Options in front of the commands whose value may be the next word.
const VALUED: [&str; 15] = [
    "-t",
    "--timeout",
    "-p",
    "--private-key",
    "-c",
    "--certificate",
    "-C",
    "--ca-cert",
    "--bootstrap-ca-cert",
    "--peer-ca-cert",
    "-f",
    "--format",
    "-d",
    "--data",
    "--wait",
];

/// So many addresses are told.
const SHOWN: usize = 4;

/// What a command line says of its database.
#[derive(Debug, PartialEq, Eq)]
pub enum Named {
    /// Nothing: the one of the node.
    Nothing,
    /// `--db`: the servers, and where they stand.
    Servers(String, Place),
    /// `-u`, `--unixctl`: the socket of a daemon.
    Daemon(String, Place),
}

/// The last of the options that name a database.
pub fn named(words: &[Word]) -> Named {
    let mut named = Named::Nothing;
    let mut at = 1;
    while let Some(word) = words.get(at) {
        let text = word.text.as_str();
        if !text.starts_with('-') || text == "--" {
            break;
        }
        at += 1;
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        let is_ours = matches!(name, "--db" | "-u" | "--unixctl");
        let takes_next = value.is_none() && (is_ours || VALUED.contains(&name));
        if !is_ours && !takes_next {
            continue;
        }
        let (value, place) = if let Some(value) = value {
            let start = text.len() - value.len();
            (value.to_owned(), word.part(start..text.len()))
        } else {
            let Some(next) = words.get(at) else {
                break;
            };
            at += 1;
            (next.text.clone(), next.place.clone())
        };
        match name {
            "--db" => named = Named::Servers(value, place),
            _ if is_ours => named = Named::Daemon(value, place),
            _ => {}
        }
    }
    named
}

/// The node whose Open vSwitch listens there; none where it is the one on which the command runs.
pub fn node(site: &Site, servers: &str, place: &Place) -> Option<Target> {
    let unknown = |why: String| Some(Target::Unknown(place.clone(), why));
    let mut found: Option<usize> = None;
    for server in servers.split(',') {
        let Ok(remote) = Remote::parse(server.trim()) else {
            return unknown(format!("which node `{server}` is is not known"));
        };
        let is_own = match remote.method {
            Method::Unix => is_standard(&remote.host, "db.sock"),
            _ => remote.is_loopback(),
        };
        if is_own {
            return None;
        }
        let at = match remote.method {
            Method::Unix => None,
            _ => target::find(site, &remote.host).or_else(|| behind(site, &remote.host)),
        };
        match (at, found) {
            (None, _) => {
                return unknown(format!(
                    "no node of the inputs is known to listen on `{server}`"
                ));
            }
            (Some(at), Some(other)) if at != other => {
                return unknown(format!(
                    "which of several nodes `{servers}` is is not known"
                ));
            }
            (Some(at), _) => found = Some(at),
        }
    }
    found.map(Target::Node)
}

/// Why the northbound that a command line names may be another one; none where it is the site's.
pub fn foreign_northbound(site: &Site, servers: &str) -> Option<String> {
    for server in servers.split(',') {
        let Ok(remote) = Remote::parse(server.trim()) else {
            return Some(format!("which database `{server}` is is not known"));
        };
        let is_own = match remote.method {
            Method::Unix => is_standard(&remote.host, "ovnnb_db.sock"),
            _ if remote.port == Some(SOUTHBOUND) => {
                return Some(format!("`{server}` is the port of the southbound"));
            }
            _ => remote.is_loopback() || serves(site, &remote.host),
        };
        if !is_own {
            let known = hosts(site);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let known = match known.len() {
                0 => "the inputs name none".to_owned(),
                _ => format!("the site's are on {}", first_of(&known, SHOWN)),
            };
            return Some(format!(
                "`{server}` is not known to be the site's northbound: {known}"
            ));
        }
    }
    None
}

/// Whether a socket is the one of a package: its directory says whose it is.
fn is_standard(path: &str, socket: &str) -> bool {
    let directories = [
        "/var/run/openvswitch",
        "/run/openvswitch",
        "/var/run/ovn",
        "/run/ovn",
        "/usr/local/var/run/openvswitch",
        "/usr/local/var/run/ovn",
    ];
    let is_snap = path.starts_with("/var/snap/");
    path.rsplit_once('/').is_some_and(|(directory, name)| {
        name == socket && (is_snap || directories.contains(&directory))
    })
}

/// Whether a host is a node, or one at which Neutron or a chassis looks for OVN's databases.
fn serves(site: &Site, host: &str) -> bool {
    target::find(site, host).is_some()
        || behind(site, host).is_some()
        || hosts(site).iter().any(|own| own == host)
}

/// The node whose tunnels end at an address.
fn behind(site: &Site, host: &str) -> Option<usize> {
    let address: IpAddr = host.parse().ok()?;
    let ends = |node: &Node| {
        let encap = node.ovs.external_id("ovn-encap-ip");
        encap.seen().is_some_and(|own| {
            own.value
                .split(',')
                .any(|own| own.trim().parse() == Ok(address))
        })
    };
    site.nodes.iter().position(|node| ends(node))
}

/// The hosts of OVN's databases that chassis and Neutron are told of.
fn hosts(site: &Site) -> Vec<String> {
    let of_chassis = site.chassis_servers().into_keys().map(|remote| remote.host);
    let connections = site
        .configurations
        .iter()
        .flat_map(|configuration| configuration.connections());
    let servers = connections
        .filter_map(|connection| connection.seen().map(|own| own.servers.clone()))
        .flatten();
    let of_neutron = servers.map(|(remote, _)| remote.host);
    let mut hosts: Vec<String> = of_chassis.chain(of_neutron).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}
