//! The model: one site at one moment, every value with the place where it was written.

pub mod build;
pub mod chassis;
pub mod cms_options;
pub mod connections;
pub mod daemon_keys;
pub mod driver;
pub mod external_ids;
pub mod host;
pub mod leftover;
pub mod management;
pub mod mapping;
pub mod neutron;
pub mod option_table;
pub mod options;
pub mod ovn;
pub mod ovs;
pub mod physnets;
pub mod remote;
pub mod segments;
pub mod server;
pub mod southbound_path;
pub mod tunnels;
pub mod uplinks;
pub mod wire;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use crate::finding::{Trouble, TroubleKind};
use crate::source::{FileId, Known, Place};

// The words of the topology and of releases are the model's own.
pub use crate::read::topology::{Driver, Management, Role};
pub use crate::read::version::{Release, Version};

use driver::DriverSource;
use host::Host;
use mapping::Mappings;
use neutron::Configuration;
use options::Options;
use ovn::local::Locality;
use ovn::{Northbound, Southbound};
use ovs::{Bridge, Ovs};

/// What a site is of the tree that was read.
#[derive(Debug, Default)]
pub struct Extent {
    /// Its directory, where the tree holds several sites side by side; else empty, as of what lies outside of them.
    pub directory: String,
    /// Its files.
    pub files: Vec<FileId>,
    /// Those of them that are the other sites', too.
    pub shared: BTreeSet<FileId>,
}

/// Everything that is linted together.
#[derive(Debug, Default)]
pub struct Site {
    /// What it is of the tree.
    pub extent: Arc<Extent>,
    /// The topology, where there is one.
    pub topology: Option<Place>,
    /// The OpenStack release.
    pub release: Known<Release>,
    /// What programs the bridges of nodes whose own state does not say it, and where that is known from.
    pub driver: Option<(Driver, DriverSource)>,
    /// The nodes, by name.
    pub nodes: Vec<Arc<Node>>,
    /// Neutron's configuration: one for each directory that holds one.
    pub configurations: Vec<Arc<Configuration>>,
    /// The northbound database.
    pub northbound: Arc<Northbound>,
    /// The southbound database.
    pub southbound: Arc<Southbound>,
    /// What is known of machines that no node owns.
    pub host: Arc<Host>,
    /// When the databases were written.
    pub ages: Vec<Age>,
    /// What went wrong while the inputs were read.
    pub troubles: Vec<Trouble>,
    /// Which switch is local where, once it was asked for.
    locality: OnceLock<Locality>,
}

/// When a database was written: its last change, or when `ovsdb-client backup` made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Age {
    /// The file.
    pub file: FileId,
    /// The node whose it is.
    pub node: Option<String>,
    /// The time of its newest record, in milliseconds since 1970.
    pub newest: u64,
}

/// A host that runs Open vSwitch or a Neutron service.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What it is for, where the topology says so.
    pub roles: Vec<Role>,
    /// What programs its bridges, where that can be told.
    pub driver: Option<Driver>,
    /// Where that is known from.
    pub driver_source: Option<DriverSource>,
    /// The machine below Open vSwitch.
    pub host: Arc<Host>,
    /// Its Open vSwitch.
    pub ovs: Ovs,
    /// Neutron's configuration on this node: one for each directory that holds one.
    pub configurations: Vec<Arc<Configuration>>,
    /// The whole site's configuration of the Open vSwitch agent, where the node runs it and has none of its own.
    pub shared_agent: Option<Arc<Configuration>>,
    /// The bridge mappings in force, by the rules of who reads them.
    pub mappings: Known<Mappings>,
    /// The names of the integration bridges: the node's own, and those of further ovn-controllers.
    pub integration_bridges: Vec<String>,
}

impl Clone for Site {
    /// The same site, to be changed: what was derived from it is derived anew.
    fn clone(&self) -> Self {
        Self {
            extent: Arc::clone(&self.extent),
            topology: self.topology.clone(),
            release: self.release.clone(),
            driver: self.driver,
            nodes: self.nodes.clone(),
            configurations: self.configurations.clone(),
            northbound: Arc::clone(&self.northbound),
            southbound: Arc::clone(&self.southbound),
            host: Arc::clone(&self.host),
            ages: self.ages.clone(),
            troubles: self.troubles.clone(),
            locality: OnceLock::new(),
        }
    }
}

impl Site {
    /// The node of that name.
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes
            .iter()
            .map(Arc::as_ref)
            .find(|node| node.name == name)
    }

    /// Each configuration that neutron-server would read, with its options.
    pub fn servers(&self) -> impl Iterator<Item = (&Configuration, &Options)> {
        let configurations = self.configurations.iter().map(Arc::as_ref);
        configurations
            .filter_map(|configuration| Some((configuration, configuration.server.as_ref()?)))
    }

    /// The nodes that run OVN's controller.
    pub fn chassis(&self) -> impl Iterator<Item = &Node> {
        self.nodes
            .iter()
            .map(Arc::as_ref)
            .filter(|node| node.driver == Some(Driver::Ovn))
    }

    /// The nodes that run the Open vSwitch agent.
    pub fn agents(&self) -> impl Iterator<Item = &Node> {
        self.nodes
            .iter()
            .map(Arc::as_ref)
            .filter(|node| node.driver == Some(Driver::Openvswitch))
    }

    /// The releases that are meant: the one that was given, or `None` for any maintained one.
    pub fn release(&self) -> Option<Release> {
        self.release.seen().map(|release| release.value)
    }

    /// Of each file that oslo.config refuses, where it stops.
    pub fn refusals(&self) -> HashMap<FileId, Place> {
        let files = self.configurations.iter();
        let files = files.flat_map(|configuration| &configuration.files);
        files
            .filter_map(|(_, file)| Some((file.file, file.errors.first()?.place.clone())))
            .collect()
    }

    /// What went wrong in that way.
    pub fn troubles(&self, kind: TroubleKind) -> impl Iterator<Item = &Trouble> {
        self.troubles
            .iter()
            .filter(move |trouble| trouble.kind == kind)
    }
}

impl Node {
    /// The value of a key of `Open_vSwitch.external_ids`, as ovn-controller looks it up: first with the
    /// chassis' own suffix, then without (facts O§5, since OVN 23.03).
    pub fn external_id(&self, key: &str) -> Known<String> {
        let system_id = self.ovs.external_id("system-id");
        if let Some(id) = system_id.seen() {
            let own = self.ovs.external_id(&format!("{key}-{}", id.value));
            if own.seen().is_some() {
                return own;
            }
        }
        self.ovs.external_id(key)
    }

    /// The suffixes of further ovn-controllers on this node: `bgp` where `ovn-remote-bgp` or
    /// `ovn-bridge-bgp` is set.
    pub fn further_controllers(&self) -> Vec<&str> {
        let Some(ids) = self.ovs.external_ids.seen() else {
            return Vec::new();
        };
        let own = ids.get("system-id").map(|id| id.value.as_str());
        let suffixes = ids
            .keys()
            .filter_map(|key| match external_ids::split(key)? {
                ("ovn-remote" | "ovn-bridge", suffix) => Some(suffix),
                _ => None,
            });
        let mut suffixes: Vec<&str> = suffixes.filter(|suffix| Some(*suffix) != own).collect();
        suffixes.sort_unstable();
        suffixes.dedup();
        suffixes
    }

    /// The name of the integration bridge: `ovn-bridge`, the agent's `integration_bridge`, or `br-int`.
    pub fn integration_bridge(&self) -> String {
        let named = match self.driver {
            Some(Driver::Openvswitch) => self
                .agent_options()
                .map(|agent| agent.text("ovs", "integration_bridge")),
            _ => Some(self.external_id("ovn-bridge")),
        };
        match named {
            Some(Known::Seen(name)) if !name.is_empty() => name.value,
            _ => "br-int".to_owned(),
        }
    }

    /// Reads the names of the integration bridges.
    pub fn read_integration_bridges(&self) -> Vec<String> {
        let own = self.integration_bridge();
        let named = self.further_controllers().into_iter().filter_map(|suffix| {
            let named = self.ovs.external_id(&format!("ovn-bridge-{suffix}"));
            named.seen().map(|name| name.value.clone())
        });
        let mut names: Vec<String> = [own]
            .into_iter()
            .chain(named)
            .filter(|name| !name.is_empty())
            .collect();
        names.dedup();
        names
    }

    /// Whether the bridge is one of the integration bridges.
    pub fn is_integration_bridge(&self, bridge: &str) -> bool {
        self.integration_bridges.iter().any(|name| name == bridge)
    }

    /// Whether somebody speaks OpenFlow to a bridge of a chassis: ovn-controller does to the integration bridge only.
    pub fn hears_openflow(&self, bridge: &Bridge) -> Option<bool> {
        if self.driver != Some(Driver::Ovn) {
            return None;
        }
        let owned = self.is_integration_bridge(&bridge.name) || self.flow_owner().is_some();
        let controllers = bridge.primary_controllers()?;
        Some(owned || !controllers.is_empty())
    }

    /// The options of the Open vSwitch agent on this node: its own file, or the whole site's.
    pub fn agent_options(&self) -> Option<&Options> {
        let own = self
            .configurations
            .iter()
            .find_map(|configuration| configuration.ovs_agent.as_ref());
        own.or_else(|| self.shared_agent.as_ref()?.ovs_agent.as_ref())
    }

    /// Whether gateways are scheduled on it.
    pub fn is_gateway(&self) -> bool {
        let options = self.external_id("ovn-cms-options");
        options.seen().is_some_and(|options| {
            options
                .split(',')
                .any(|option| option.trim() == "enable-chassis-as-gw")
        })
    }

    /// Who, beside OVN, gives provider bridges their flows (facts O§4).
    pub fn flow_owner(&self) -> Option<&'static str> {
        let ids = self.ovs.external_ids.seen()?;
        if ids.contains_key("ovn-br-remote") {
            return Some("ovn-br-controller");
        }
        self.runs_bgp_agent().then_some("the BGP agent")
    }

    /// Whether a BGP agent is known to be on the node: it routes, and its bridges need no uplink.
    pub fn runs_bgp_agent(&self) -> bool {
        let Some(ids) = self.ovs.external_ids.seen() else {
            return false;
        };
        ids.keys().any(|key| key.starts_with("neutron-bgp-"))
            || !self.further_controllers().is_empty()
    }

    /// The version of Open vSwitch, from the topology or its own database.
    pub fn openvswitch(&self) -> Option<&Version> {
        [&self.host.openvswitch, &self.ovs.version]
            .into_iter()
            .find_map(Known::seen)
            .map(|version| &version.value)
    }

    /// The version of OVN.
    pub fn ovn(&self) -> Option<&Version> {
        self.host.ovn.seen().map(|version| &version.value)
    }
}
