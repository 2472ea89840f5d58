//! `topology.toml`: what the operator says of the site that no other input shows.

pub mod schema;

use std::net::IpAddr;

use ipnet::IpNet;
use toml::de::DeTable;

use crate::read::glob;
use crate::read::keys::KeyError;
use crate::read::keys::table::{Reader, Table};
use crate::read::version::{Release, Version};
use crate::source::{FileId, Spanned};

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topology {
    /// The file.
    pub file: FileId,
    /// The cloud's release.
    pub release: Option<Spanned<Release>>,
    /// What programs the bridges.
    pub driver: Option<Spanned<Driver>>,
    /// The nodes, in the order of the file.
    pub nodes: Vec<TopologyNode>,
}

/// What programs the bridges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Driver {
    /// ML2/OVN: `ovn-controller`.
    Ovn,
    /// ML2/OVS: `neutron-openvswitch-agent`.
    Openvswitch,
}

/// What a node is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Runs neutron-server and the databases.
    Controller,
    /// Runs gateways.
    Network,
    /// Runs instances.
    Compute,
    /// Runs storage; needs no network service.
    Storage,
}

/// What carries SSH and the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Management {
    /// An interface, by name.
    Interface(String),
    /// An address.
    Address(IpAddr),
}

/// One node; what is not written, or written wrongly, is `None` or empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopologyNode {
    /// Its name.
    pub name: Spanned<String>,
    /// What it is for.
    pub roles: Option<Vec<Spanned<Role>>>,
    /// What carries SSH and the API.
    pub management: Option<Spanned<Management>>,
    /// Its memory, in bytes.
    pub memory: Option<Spanned<u64>>,
    /// The running kernel.
    pub kernel: Option<Spanned<Version>>,
    /// Its Open vSwitch.
    pub openvswitch: Option<Spanned<Version>>,
    /// Its OVN.
    pub ovn: Option<Spanned<Version>>,
    /// Paths and globs of its files.
    pub config: Vec<Spanned<String>>,
    /// Its interfaces, as far as they were given.
    pub interfaces: Option<Vec<TopologyInterface>>,
    /// Its bridges.
    pub bridges: Option<Vec<TopologyBridge>>,
    /// Its services, as far as they were given.
    pub services: Vec<Service>,
}

/// A network interface of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopologyInterface {
    /// Its name.
    pub name: Spanned<String>,
    /// Its addresses with their prefixes.
    pub addresses: Vec<Spanned<IpNet>>,
    /// Its MTU, in bytes.
    pub mtu: Option<Spanned<u64>>,
    /// The interfaces below it, where it is a bond or a Linux bridge.
    pub members: Vec<Spanned<String>>,
    /// The interface below it, where it is a VLAN sub-interface.
    pub parent: Option<Spanned<String>>,
    /// Its VLAN, where it is a VLAN sub-interface.
    pub vlan: Option<Spanned<u64>>,
}

/// An Open vSwitch bridge of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopologyBridge {
    /// Its name.
    pub name: Spanned<String>,
    /// Its ports.
    pub ports: Vec<Spanned<String>>,
    /// `standalone` or `secure`.
    pub fail_mode: Option<Spanned<String>>,
}

/// A service of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its unit's name without `.service`: `neutron-server`.
    pub name: Spanned<String>,
    /// The most memory that it may use, in bytes.
    pub memory_max: Option<Spanned<u64>>,
    /// Processes that serve the API.
    pub api_workers: Option<Spanned<u64>>,
    /// Processes that serve the agents.
    pub rpc_workers: Option<Spanned<u64>>,
    /// Whether one process initialises everything.
    pub eventlet: Option<Spanned<bool>>,
    /// Whether it runs in a container.
    pub container: Option<Spanned<bool>>,
}

/// Reads the file and everything that is wrong with it. Only TOML that does not parse leaves nothing to use.
pub fn read(file: FileId, text: &str) -> (Option<Topology>, Vec<KeyError>) {
    let (document, broken) = DeTable::parse_recoverable(text);
    let mut reader = Reader::new(&schema::TOPOLOGY, file, text);
    if !reader.parsed(&broken) {
        return (None, reader.errors);
    }
    let root = reader.root(document.get_ref());
    let site = reader.table(&root, "site");
    let site = site.as_ref();
    let nodes = reader.table(&root, "nodes");
    let topology = Topology {
        file,
        release: site.and_then(|site| reader.text(site, "release", parsed)),
        driver: site.and_then(|site| reader.text(site, "driver", driver)),
        nodes: nodes.map_or_else(Vec::new, |nodes| reader.named(&nodes, node)),
    };
    reader.errors.sort_by_key(|error| error.place.span);
    (Some(topology), reader.errors)
}

fn node<'t>(reader: &mut Reader<'t>, name: Spanned<String>, table: &Table<'t>) -> TopologyNode {
    let interfaces = reader.table(table, "interfaces");
    let bridges = reader.table(table, "bridges");
    let services = reader.table(table, "services");
    TopologyNode {
        name,
        roles: reader.list(table, "roles", role),
        management: reader.text(table, "management", management),
        memory: reader.size(table, "memory"),
        kernel: reader.text(table, "kernel", parsed),
        openvswitch: reader.text(table, "openvswitch", parsed),
        ovn: reader.text(table, "ovn", parsed),
        config: reader.list(table, "config", path).unwrap_or_default(),
        interfaces: interfaces.map(|interfaces| reader.named(&interfaces, interface)),
        bridges: bridges.map(|bridges| reader.named(&bridges, bridge)),
        services: services.map_or_else(Vec::new, |services| reader.named(&services, service)),
    }
}

fn interface<'t>(
    reader: &mut Reader<'t>,
    name: Spanned<String>,
    table: &Table<'t>,
) -> TopologyInterface {
    let mut interface = TopologyInterface {
        addresses: reader.list(table, "addresses", prefix).unwrap_or_default(),
        mtu: reader.number(table, "mtu"),
        members: reader
            .list(table, "members", interface_name)
            .unwrap_or_default(),
        parent: reader.text(table, "parent", interface_name),
        vlan: reader.number(table, "vlan"),
        name,
    };
    let name = &interface.name.value;
    interface
        .members
        .retain(|member| other(reader, name, member, "a member of itself"));
    interface.parent = interface
        .parent
        .filter(|parent| other(reader, name, parent, "its own parent"));
    interface
}

/// Whether the value differs from the name of the interface that it belongs to.
fn other(reader: &mut Reader, name: &str, value: &Spanned<String>, what: &str) -> bool {
    if value.value == name {
        reader.error(
            value.place.span.range(),
            format!("`{name}` cannot be {what}"),
            "the interface itself",
        );
    }
    value.value != name
}

fn bridge<'t>(reader: &mut Reader<'t>, name: Spanned<String>, table: &Table<'t>) -> TopologyBridge {
    TopologyBridge {
        name,
        ports: reader.list(table, "ports", port).unwrap_or_default(),
        fail_mode: reader.text(table, "fail_mode", fail_mode),
    }
}

fn service<'t>(reader: &mut Reader<'t>, name: Spanned<String>, table: &Table<'t>) -> Service {
    Service {
        name,
        memory_max: reader.size(table, "memory_max"),
        api_workers: reader.number(table, "api_workers"),
        rpc_workers: reader.number(table, "rpc_workers"),
        eventlet: reader.boolean(table, "eventlet"),
        container: reader.boolean(table, "container"),
    }
}

fn parsed<T: std::str::FromStr<Err: ToString>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

// The three below are asked only about words that the table of keys lists.

fn driver(text: &str) -> Result<Driver, String> {
    match text {
        "ovn" => Ok(Driver::Ovn),
        "openvswitch" => Ok(Driver::Openvswitch),
        _ => Err(format!("`{text}` is not a driver")),
    }
}

fn role(text: &str) -> Result<Role, String> {
    match text {
        "controller" => Ok(Role::Controller),
        "network" => Ok(Role::Network),
        "compute" => Ok(Role::Compute),
        "storage" => Ok(Role::Storage),
        _ => Err(format!("`{text}` is not a role")),
    }
}

fn fail_mode(text: &str) -> Result<String, String> {
    named("a fail mode", text)
}

fn port(text: &str) -> Result<String, String> {
    named("a port", text)
}

fn named(what: &str, text: &str) -> Result<String, String> {
    match text {
        "" => Err(format!("{what} needs a name")),
        _ => Ok(text.to_owned()),
    }
}

fn interface_name(text: &str) -> Result<String, String> {
    // The kernel refuses both in a name.
    if text.contains(|c: char| c == '/' || c.is_whitespace()) {
        return Err(format!("`{text}` is not the name of an interface"));
    }
    named("an interface", text)
}

fn management(text: &str) -> Result<Management, String> {
    if let Ok(address) = text.parse() {
        return Ok(Management::Address(address));
    }
    if let Ok(prefix) = text.parse::<IpNet>() {
        let address = prefix.addr();
        return Err(format!(
            "`{text}` has a prefix length: write the address alone, `{address}`"
        ));
    }
    interface_name(text).map(Management::Interface)
}

fn prefix(text: &str) -> Result<IpNet, String> {
    text.parse().map_err(|_| match text.parse::<IpAddr>() {
        Ok(_) => format!(
            "`{text}` has no prefix length: write it behind the address, as in `192.0.2.7/24`"
        ),
        Err(_) => {
            format!("`{text}` is not an address with its prefix length, as in `192.0.2.7/24`")
        }
    })
}

fn path(text: &str) -> Result<String, String> {
    glob::of(text)?;
    named("a path", text)
}

#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod tests;
