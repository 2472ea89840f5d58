//! The chassis of a site, whether a node, the southbound or only a name in the northbound shows them.

use std::collections::HashMap;

use crate::site::mapping::{self, Mappings, Rules};
use crate::site::{Driver, Node, Site};
use crate::source::{Known, Spanned};

use super::Chassis;

/// A chassis: a node's registration with OVN, as far as the inputs show it.
#[derive(Clone, Debug)]
pub struct Registration {
    /// What it is called: the name of its node, else its host name, else its `system-id`.
    pub name: String,
    /// Its node, by its position in the site.
    pub node: Option<usize>,
    /// Its row in the southbound, by position.
    pub row: Option<usize>,
}

/// Where a physnet leads on a chassis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// To this bridge, which may not be there.
    To(String),
    /// Nowhere.
    Nowhere,
    /// Its mappings were not seen.
    Unknown,
}

/// Every chassis, found by any of its names.
#[derive(Debug, Default)]
pub struct Registrations {
    /// The chassis: those of nodes first.
    pub all: Vec<Registration>,
    names: HashMap<String, usize>,
}

/// What a node says of its chassis.
#[derive(Debug, PartialEq, Eq)]
pub struct Identity {
    name: String,
    system_id: Option<String>,
    hostname: Option<String>,
    may_register: bool,
    has_keys: bool,
    /// Whether its OVN is older than 21.09.
    pub old: bool,
}

impl Identity {
    /// Reads the keys of a node.
    pub fn of(node: &Node) -> Self {
        let ids = node.ovs.external_ids.seen();
        let key = |key| Some(ids?.get(key)?.value.clone());
        let has_keys = has_keys(node);
        Self {
            name: node.name.clone(),
            system_id: key("system-id"),
            hostname: key("hostname"),
            // A node whose keys were seen is a chassis by these alone; of others the driver tells.
            may_register: match ids {
                Some(_) => has_keys,
                None => node.driver == Some(Driver::Ovn),
            },
            has_keys,
            old: node
                .ovn()
                .is_some_and(|version| !version.at_least(&[21, 9])),
        }
    }
}

impl Registrations {
    /// The chassis that the nodes and the southbound show.
    pub fn of(site: &Site, nodes: &[Identity]) -> Self {
        let mut registrations = Self::default();
        let mut added = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            if node.may_register {
                let id = node.system_id.as_ref().unwrap_or(&node.name);
                let chassis = registrations.add(id, node.name.clone(), Some(at), None);
                added.push((chassis, node));
            }
        }
        // A second name must not hide the first of another.
        for (chassis, node) in added {
            let hostname = node.hostname.as_ref().unwrap_or(&node.name);
            for name in [hostname, &node.name] {
                registrations.also(name, chassis);
                registrations.also(short(name), chassis);
            }
        }
        if let Some(rows) = site.southbound.chassis.seen() {
            for (at, row) in rows.iter().enumerate() {
                registrations.add_row(at, row);
            }
            // What only its driver makes a chassis is none where the southbound does not know it.
            let unknown = |chassis: &Registration| {
                let node = chassis.node.map(|node| &nodes[node]);
                chassis.row.is_none() && node.is_some_and(|node| !node.has_keys)
            };
            registrations.forget(unknown);
        }
        registrations
    }

    /// The chassis of that `system-id` or host name.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The chassis of that name; one that nothing else shows is added.
    pub fn named_or_new(&mut self, name: &str) -> usize {
        self.named(name)
            .unwrap_or_else(|| self.add(name, name.to_owned(), None, None))
    }

    fn add(&mut self, id: &str, name: String, node: Option<usize>, row: Option<usize>) -> usize {
        self.all.push(Registration { name, node, row });
        self.also(id, self.all.len() - 1);
        self.all.len() - 1
    }

    fn add_row(&mut self, at: usize, row: &Chassis) {
        // A chassis of another availability zone, which ovn-ic shows here.
        if row
            .config("is-remote")
            .seen()
            .is_some_and(|remote| remote.value == "true")
        {
            return;
        }
        let hostname = row.hostname.seen().map(|name| name.value.as_str());
        let known = self
            .named(&row.name)
            .or_else(|| self.named(hostname?))
            .or_else(|| self.named(short(hostname?)));
        let chassis = known.unwrap_or_else(|| {
            let name = hostname.unwrap_or(&row.name).to_owned();
            self.add(&row.name, name, None, None)
        });
        self.all[chassis].row = Some(at);
        self.also(&row.name, chassis);
        if let Some(hostname) = hostname {
            self.also(hostname, chassis);
            self.also(short(hostname), chassis);
        }
    }

    fn also(&mut self, name: &str, chassis: usize) {
        if !name.is_empty() {
            self.names.entry(name.to_owned()).or_insert(chassis);
        }
    }

    fn forget(&mut self, unknown: impl Fn(&Registration) -> bool) {
        let mut left = Vec::new();
        let mut places = Vec::new();
        for chassis in std::mem::take(&mut self.all) {
            let stays = !unknown(&chassis);
            places.push(stays.then_some(left.len()));
            left.extend(stays.then_some(chassis));
        }
        self.all = left;
        self.names.retain(|_, chassis| places[*chassis].is_some());
        for chassis in self.names.values_mut() {
            *chassis = places[*chassis].expect("the others were dropped");
        }
    }
}

/// A host name without its domain.
fn short(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Whether its own keys make it a chassis.
fn has_keys(node: &Node) -> bool {
    ["ovn-remote", "ovn-encap-ip"].iter().any(|key| {
        let value = node.external_id(key);
        value.seen().is_some_and(|value| !value.trim().is_empty())
    })
}

impl Site {
    /// The node of a chassis.
    pub fn node_of(&self, chassis: &Registration) -> Option<&Node> {
        chassis.node.map(|at| self.nodes[at].as_ref())
    }

    /// A key of a chassis: as its node has it, else as ovn-controller copied it to the southbound.
    pub fn chassis_key(&self, chassis: &Registration, key: &str) -> Known<String> {
        let own = self
            .node_of(chassis)
            .map_or(Known::Unseen, |node| node.external_id(key));
        if own.settled() {
            return own;
        }
        let rows = self.southbound.chassis.seen();
        match chassis.row.and_then(|row| rows?.get(row)) {
            Some(row) => row.config(key),
            None => own,
        }
    }

    /// The bridge that a chassis maps a physnet to: absent where it maps it to none.
    pub fn mapped_bridge(&self, chassis: &Registration, physnet: &str) -> Mapped {
        let of = |mappings: &Mappings| {
            let mut entries = mappings.entries.iter();
            let own = entries.find(|entry| *entry.physnet == *physnet);
            own.map_or(Mapped::Nowhere, |entry| {
                Mapped::To(entry.bridge.value.clone())
            })
        };
        let node = self.node_of(chassis);
        let read = node.filter(|node| node.driver == Some(Driver::Ovn));
        // A node's mappings were parsed once; those of the southbound are parsed when they are asked for.
        if let Some(Known::Seen(mappings)) = read.map(|node| &node.mappings) {
            return of(mappings);
        }
        match self.chassis_mappings(chassis) {
            Known::Seen(mappings) => of(&mappings),
            Known::Absent(_) => Mapped::Nowhere,
            Known::Unseen | Known::Unsure(..) => Mapped::Unknown,
        }
    }

    /// The bridge mappings of a chassis.
    pub fn chassis_mappings(&self, chassis: &Registration) -> Known<Mappings> {
        self.chassis_key(chassis, "ovn-bridge-mappings")
            .map_spanned(|text| mapping::parse(text, Rules::OvnController))
    }

    /// Where a chassis says that gateways are scheduled on it.
    pub fn gateway_option(&self, chassis: &Registration) -> Option<Spanned<String>> {
        let options = self.chassis_key(chassis, "ovn-cms-options");
        let options = options.seen()?;
        let mut words = options.split(',').map(str::trim);
        words
            .any(|word| word == "enable-chassis-as-gw")
            .then(|| options.clone())
    }
}
