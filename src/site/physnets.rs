//! Which physical networks are mapped to which bridges, and who reads the mappings.

use crate::source::{Known, Place, Spanned};

use super::mapping::{self, Mappings, Rules};
use super::neutron::Configuration;
use super::ovs::Bridge;
use super::{Driver, Node, Role, Site};

/// A list of bridge mappings, and whose it is.
#[derive(Debug)]
pub struct MappingList {
    /// The node, or the configuration where it is the whole site's.
    pub owner: String,
    /// The node.
    pub node: Option<String>,
    /// The option or key that holds it.
    pub option: &'static str,
    /// Who reads it.
    pub rules: Rules,
    /// The list.
    pub mappings: Spanned<Mappings>,
}

/// The physnets that are mapped.
#[derive(Debug, Default)]
pub struct Served {
    /// Each, and where one of its mappings stands.
    pub names: Vec<(String, Place)>,
    /// Whether any mapping was seen that this configuration's networks could use.
    pub any_seen: bool,
    /// Nodes that may map physnets and whose mappings were not seen.
    pub unseen: Vec<String>,
}

impl Site {
    /// Every list of bridge mappings that somebody reads: of each node, and of agents' files that are the whole
    /// site's. Where OVN runs, such files are read by nobody.
    pub fn mapping_lists(&self) -> Vec<MappingList> {
        let of_nodes = self.nodes.iter().filter_map(|node| {
            let (option, rules) = match node.driver? {
                Driver::Ovn => ("ovn-bridge-mappings", Rules::OvnController),
                Driver::Openvswitch => ("bridge_mappings", Rules::Neutron),
            };
            let mappings = node.mappings().seen()?.clone();
            Some(MappingList {
                owner: node.name.clone(),
                node: Some(node.name.clone()),
                option,
                rules,
                mappings,
            })
        });
        let ovn = self.chassis().next().is_some();
        let site_wide = self
            .configurations
            .iter()
            .filter(|configuration| configuration.node.is_none() && !ovn);
        let of_site = site_wide
            .filter(|configuration| configuration.uses_ovn() != Some(true))
            .filter_map(|configuration| {
                let mappings = configuration.agent_mappings().seen()?.clone();
                let owner = configuration.name.clone();
                Some(MappingList {
                    owner,
                    node: None,
                    option: "bridge_mappings",
                    rules: Rules::Neutron,
                    mappings,
                })
            });
        of_nodes.chain(of_site).collect()
    }

    /// The physnets that are mapped, as far as the networks of this configuration could use them. Mappings of
    /// other directories count, but do not stand for inputs that were not given: repositories keep several
    /// releases side by side.
    pub fn served_physnets(&self, configuration: &Configuration) -> Served {
        let mut served = Served::default();
        for list in self.mapping_lists() {
            served.any_seen |= list.node.is_some() || list.owner == configuration.name;
            let pairs = list.mappings.value.entries.into_iter();
            served
                .names
                .extend(pairs.map(|pair| (pair.physnet.value, pair.physnet.place)));
        }
        // Agents of some deployers load ml2_conf.ini as well (facts N§7): a mapping there may be in force.
        let with_server = configuration
            .server
            .as_ref()
            .map_or(Known::Unseen, |server| {
                server.text("ovs", "bridge_mappings")
            });
        if let Some(text) = with_server.seen() {
            served.any_seen = true;
            let pairs = mapping::parse(text, Rules::Neutron).entries.into_iter();
            served
                .names
                .extend(pairs.map(|pair| (pair.physnet.value, pair.physnet.place)));
        }
        for other in &self.configurations {
            let names = other.device_physnets();
            served.any_seen |= !names.is_empty() && other.name == configuration.name;
            served.names.extend(
                names
                    .into_iter()
                    .filter_map(|name| Some((name, Place::file(other.files.first()?.1.file)))),
            );
        }
        for node in &self.nodes {
            let idle = !node.roles.is_empty()
                && node
                    .roles
                    .iter()
                    .all(|role| matches!(role, Role::Controller | Role::Storage));
            match node.mappings() {
                Known::Seen(_) => {}
                // Known to be without any: that is an answer, too.
                Known::Absent(_) => served.any_seen |= !idle,
                Known::Unseen | Known::Unsure(..) if idle => {}
                Known::Unseen | Known::Unsure(..) => served.unseen.push(node.name.clone()),
            }
        }
        served
    }
}

impl Node {
    /// The bridge mappings in force, read by the rules of who reads them.
    pub fn mappings(&self) -> Known<Mappings> {
        match self.driver {
            Some(Driver::Ovn) => self
                .external_id("ovn-bridge-mappings")
                .map_spanned(|text| mapping::parse(text, Rules::OvnController)),
            Some(Driver::Openvswitch) => match self.agent_options() {
                Some(agent) => agent
                    .text("ovs", "bridge_mappings")
                    .map_spanned(|text| mapping::parse(text, Rules::Neutron)),
                None => Known::Unseen,
            },
            None => Known::Unseen,
        }
    }

    /// The physnets that map to this bridge.
    pub fn physnets_of(&self, bridge: &str) -> Vec<String> {
        let mappings = self.mappings();
        let Some(mappings) = mappings.seen() else {
            return Vec::new();
        };
        let mapped = mappings
            .entries
            .iter()
            .filter(|mapping| *mapping.bridge == bridge);
        mapped
            .map(|mapping| mapping.physnet.value.clone())
            .collect()
    }

    /// The bridges that a physnet maps to, with the physnets, as far as they are on the node.
    pub fn provider_bridges(&self) -> Vec<(&Bridge, Vec<String>)> {
        let Some(bridges) = self.ovs.bridges.seen() else {
            return Vec::new();
        };
        let with_physnets = bridges
            .iter()
            .map(|bridge| (bridge, self.physnets_of(&bridge.name)));
        with_physnets
            .filter(|(_, physnets)| !physnets.is_empty())
            .collect()
    }
}
