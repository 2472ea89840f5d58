//! Which physical networks are mapped to which bridges, and who reads the mappings.

use std::collections::{BTreeMap, HashMap};

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
            let mappings = node.mappings.seen()?.clone();
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
        let shared = |configuration: &Configuration| {
            self.nodes
                .iter()
                .filter_map(|node| node.shared_agent.as_deref())
                .any(|shared| shared.name == configuration.name)
        };
        let of_site = site_wide
            .filter(|configuration| {
                configuration.uses_ovn() != Some(true) && !shared(configuration)
            })
            .filter_map(|configuration| {
                let mappings = configuration.agent_mappings().seen()?.clone();
                let owner = agent_file(configuration);
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

    /// Whether a configuration and the nodes are known to belong together: its own node's, or the only one of the
    /// whole site with its services. Repositories keep several releases side by side.
    pub fn is_joined(&self, configuration: &Configuration) -> bool {
        let rival = |other: &Configuration| {
            other.node.is_none()
                && other.name != configuration.name
                && (other.server.is_some() && configuration.server.is_some()
                    || other.ovs_agent.is_some() && configuration.ovs_agent.is_some())
        };
        configuration.node.is_some()
            || self.topology.is_some()
            || !self.configurations.iter().any(|other| rival(other))
    }

    /// The physnets that are mapped, as far as the networks of this configuration could use them. Mappings of
    /// other directories count, but do not stand for inputs that were not given.
    pub fn served_physnets(&self, configuration: &Configuration) -> Served {
        let mut served = Served::default();
        let joined = self.is_joined(configuration);
        for list in self.mapping_lists() {
            served.any_seen |=
                (list.node.is_some() && joined) || list.owner == agent_file(configuration);
            let pairs = list.mappings.value.entries.into_iter();
            served
                .names
                .extend(pairs.map(|pair| (pair.physnet.value, pair.physnet.place)));
        }
        // Agents of some deployers load ml2_conf.ini as well (facts N§7): a mapping there may be in force, on whatever
        // node it is.
        for other in &self.configurations {
            let with_server = other.server.as_ref().map_or(Known::Unseen, |server| {
                server.text("ovs", "bridge_mappings")
            });
            if let Some(text) = with_server.seen() {
                served.any_seen |= other.name == configuration.name;
                let pairs = mapping::parse(text, Rules::Neutron).entries.into_iter();
                served
                    .names
                    .extend(pairs.map(|pair| (pair.physnet.value, pair.physnet.place)));
            }
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
        let copied = self.mappings_in_southbound();
        served.any_seen |= !copied.is_empty();
        for node in &self.nodes {
            let idle = !node.roles.is_empty()
                && node
                    .roles
                    .iter()
                    .all(|role| matches!(role, Role::Controller | Role::Storage));
            match &node.mappings {
                Known::Seen(_) => {}
                // Known to be without any is an answer where it runs gateways; elsewhere it is how it should be.
                Known::Absent(_) => {
                    served.any_seen |=
                        joined && (node.is_gateway() || node.roles.contains(&Role::Network));
                }
                Known::Unseen | Known::Unsure(..) if idle => {}
                Known::Unseen | Known::Unsure(..) if copied.contains_key(&node.name) => {}
                Known::Unseen | Known::Unsure(..) => served.unseen.push(node.name.clone()),
            }
        }
        let copied = copied.into_values().flat_map(|mappings| mappings.entries);
        served
            .names
            .extend(copied.map(|pair| (pair.physnet.value, pair.physnet.place)));
        served
    }

    /// The mappings that only the southbound shows, by chassis: ovn-controller copies them there.
    fn mappings_in_southbound(&self) -> BTreeMap<String, Mappings> {
        let chassis = self.registrations().iter().filter(|chassis| {
            let node = self.node_of(chassis);
            !node.is_some_and(|node| node.mappings.settled())
        });
        let known = chassis.filter_map(|chassis| match self.chassis_mappings(chassis) {
            Known::Seen(mappings) => Some((chassis.name.clone(), mappings.value)),
            Known::Absent(_) => Some((chassis.name.clone(), Mappings::default())),
            Known::Unseen | Known::Unsure(..) => None,
        });
        known.collect()
    }

    /// The physnets that chassis map, for the localnet ports of the northbound.
    pub fn physnets_of_chassis(&self) -> Served {
        let mut served = Served::default();
        for chassis in self.registrations() {
            match self.chassis_mappings(chassis) {
                Known::Seen(mappings) => {
                    served.any_seen = true;
                    let pairs = mappings.value.entries.into_iter();
                    served
                        .names
                        .extend(pairs.map(|pair| (pair.physnet.value, pair.physnet.place)));
                }
                // Known to be without any: that is an answer, too.
                Known::Absent(_) => served.any_seen = true,
                Known::Unseen | Known::Unsure(..) => served.unseen.push(chassis.name.clone()),
            }
        }
        served
    }
}

/// The file of the Open vSwitch agent, as a message names it.
fn agent_file(configuration: &Configuration) -> String {
    match configuration.name.as_str() {
        "." => "openvswitch_agent.ini".to_owned(),
        directory => format!("openvswitch_agent.ini of {directory}"),
    }
}

impl Node {
    /// Reads the bridge mappings in force, by the rules of who reads them.
    pub fn read_mappings(&self) -> Known<Mappings> {
        let (text, rules) = match self.driver {
            Some(Driver::Ovn) => (
                self.external_id("ovn-bridge-mappings"),
                Rules::OvnController,
            ),
            Some(Driver::Openvswitch) => match self.agent_options() {
                Some(agent) => (agent.text("ovs", "bridge_mappings"), Rules::Neutron),
                None => return Known::Unseen,
            },
            None => return Known::Unseen,
        };
        text.map_spanned(|text| mapping::parse(text, rules))
    }

    /// The physnets that map to this bridge.
    pub fn physnets_of(&self, bridge: &str) -> Vec<String> {
        let mappings = self
            .mappings
            .seen()
            .map_or(&[][..], |mappings| &mappings.entries);
        let mapped = mappings.iter().filter(|mapping| *mapping.bridge == bridge);
        mapped
            .map(|mapping| mapping.physnet.value.clone())
            .collect()
    }

    /// The bridges that a physnet maps to, with the physnets, as far as they are on the node.
    pub fn provider_bridges(&self) -> Vec<(&Bridge, Vec<String>)> {
        let Some(bridges) = self.ovs.bridges.seen() else {
            return Vec::new();
        };
        let mut by_bridge: HashMap<&str, Vec<String>> = HashMap::new();
        for mapping in self
            .mappings
            .seen()
            .into_iter()
            .flat_map(|mappings| &mappings.entries)
        {
            by_bridge
                .entry(&mapping.bridge)
                .or_default()
                .push(mapping.physnet.value.clone());
        }
        bridges
            .iter()
            .filter_map(|bridge| Some((bridge, by_bridge.remove(bridge.name.as_str())?)))
            .collect()
    }
}
