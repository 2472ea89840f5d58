//! Which servers of OVN's databases Neutron and the chassis are pointed at.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Known, Spanned};

use super::neutron::Configuration;
use super::options::Options;
use super::remote::{self, Defect, Method, NORTHBOUND, Remote, SOUTHBOUND};
use super::{Node, Site};

/// A database of OVN, as Neutron is told of it in section `[ovn]`.
#[derive(Debug)]
pub struct Database {
    /// Its name.
    pub name: &'static str,
    /// The option with its servers.
    pub option: &'static str,
    /// Its port.
    pub port: u16,
    /// The port of the other database.
    pub other: u16,
    /// The options that TLS needs.
    tls: [&'static str; 3],
}

const DATABASES: [Database; 2] = [
    Database {
        name: "northbound",
        option: "ovn_nb_connection",
        port: NORTHBOUND,
        other: SOUTHBOUND,
        tls: ["ovn_nb_private_key", "ovn_nb_certificate", "ovn_nb_ca_cert"],
    },
    Database {
        name: "southbound",
        option: "ovn_sb_connection",
        port: SOUTHBOUND,
        other: NORTHBOUND,
        tls: ["ovn_sb_private_key", "ovn_sb_certificate", "ovn_sb_ca_cert"],
    },
];

/// A server on another machine, and where it is named. Loopback addresses are what samples are filled with.
pub type Server = (Remote, Spanned<String>);

/// What one service of Neutron is told of one database.
#[derive(Debug)]
pub struct Connection {
    /// The database.
    pub database: &'static Database,
    /// Its servers.
    pub servers: Vec<Server>,
    /// What is no server that anybody could connect to, and why.
    pub malformed: Vec<(Spanned<String>, Defect)>,
    /// The options that TLS needs and that are known to be unset.
    pub unset: Vec<&'static str>,
}

impl Configuration {
    /// What neutron-server, unless another driver alone is loaded, and OVN's agents are told; each option that
    /// several of them read once. Where nothing tells that OVN is used, an option that is not there is nothing.
    pub fn connections(&self) -> Vec<Known<Connection>> {
        let server = self.server.as_ref();
        let server = server.filter(|_| self.uses_ovn() != Some(false));
        let mut places = BTreeSet::new();
        let mut connections = Vec::new();
        for service in server.into_iter().chain(&self.ovn_agents) {
            for database in &DATABASES {
                let items = service.list("ovn", database.option);
                let again = items
                    .seen()
                    .is_some_and(|items| !places.insert(items.place.clone()));
                let silent = matches!(items, Known::Unseen) && self.uses_ovn() != Some(true);
                if !again && !silent {
                    connections.push(items.map(|items| connection(service, database, &items)));
                }
            }
        }
        connections
    }
}

fn connection(
    service: &Options,
    database: &'static Database,
    items: &[Spanned<String>],
) -> Connection {
    let unset = |option: &&&str| match service.text("ovn", option) {
        Known::Seen(path) => path.trim().is_empty(),
        Known::Absent(_) => true,
        Known::Unseen | Known::Unsure(..) => false,
    };
    Connection {
        database,
        servers: elsewhere(items.iter().map(|item| (Remote::parse(item), item))),
        malformed: items
            .iter()
            .filter(|item| !item.is_empty())
            .filter_map(|item| Some((item.clone(), Remote::parse(item).err()?)))
            .collect(),
        unset: database.tls.iter().filter(unset).copied().collect(),
    }
}

fn elsewhere<'a, E>(
    remotes: impl Iterator<Item = (Result<Remote, E>, &'a Spanned<String>)>,
) -> Vec<Server> {
    let read = remotes.filter_map(|(remote, text)| Some((remote.ok()?, text.clone())));
    read.filter(|(remote, _)| remote.method != Method::Unix && !remote.is_loopback())
        .collect()
}

impl Site {
    /// The servers that the chassis are pointed at by `ovn-remote`, each with the chassis and the place.
    pub fn chassis_servers(&self) -> BTreeMap<Remote, Vec<(&Node, Spanned<String>)>> {
        let mut servers: BTreeMap<Remote, Vec<(&Node, Spanned<String>)>> = BTreeMap::new();
        for node in self.chassis() {
            let value = node.external_id("ovn-remote");
            let remotes = value.seen().map_or_else(Vec::new, remote::remotes);
            let remotes = remotes.iter().map(|(text, read)| (read.clone(), text));
            for (remote, text) in elsewhere(remotes) {
                servers.entry(remote).or_default().push((node, text));
            }
        }
        servers
    }
}
