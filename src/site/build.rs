//! Assembles sites from what was read: whose file is what, which files make one configuration.

mod configuration;
mod contradiction;
pub mod division;
pub mod fate;
mod foreign;
pub mod joined;
mod machine;
mod naming;
mod northbound;
mod observed;
mod owner;
mod southbound;
mod state;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use crate::finding::Trouble;
use crate::read::ovsdb::{Database, SchemaName};
use crate::read::topology::{Topology, TopologyNode};
use crate::read::{Input, Inputs, Record};
use crate::source::{FileId, Known, Place, Sources};

use super::driver::DriverSource;
use super::neutron::Configuration;
use super::ovn::{LogicalRouter, LogicalSwitch};
use super::ovs::Ovs;
use super::{Age, Driver, Extent, Node, Role, Site};

use division::{Evidence, Part};
use fate::Fate;
use owner::Owners;

/// What the inputs make.
#[derive(Debug)]
pub struct Built {
    /// The bytes behind the places.
    pub sources: Sources,
    /// The sites.
    pub sites: Vec<Site>,
    /// How many files were taken for something.
    pub used: usize,
    /// What became of each file, by path.
    pub fates: Vec<Fate>,
    /// The databases that the sites were made of, for who applies changes to them.
    pub states: Vec<StateFile>,
    /// What tells that some of the sites, which lie side by side, are several.
    pub evidence: Option<Evidence>,
}

/// A database and whose it is.
#[derive(Debug)]
pub struct StateFile {
    /// The sites, as indexes into those that were built: several where it lies outside of them.
    pub sites: Vec<usize>,
    /// The node, where one owns it.
    pub node: Option<String>,
    /// What was read.
    pub database: Box<Database>,
}

/// Makes the sites: one for each directory with a topology, one for each of several that lie side by side elsewhere,
/// and one for the rest.
pub fn sites(mut inputs: Inputs) -> Built {
    foreign::leave_out(&mut inputs.files);
    let used = |input: &&Input| !matches!(input.record, Record::Left(_));
    let used = inputs.files.iter().filter(used).count();
    let mut evidence: Option<Evidence> = None;
    let mut parts: Vec<Part> = Vec::new();
    for (_, files) in by_topology(&inputs.files) {
        match division::parts(&files).filter(|_| !names_nodes(&files)) {
            Some((several, found)) => {
                parts.extend(several);
                evidence = evidence.or(Some(found));
            }
            None => parts.push(Part {
                directory: &[],
                files,
                shared: BTreeSet::new(),
            }),
        }
    }
    let mut owned: HashMap<FileId, Owned> = HashMap::new();
    let mut sites = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let (mut site, owners) = site(&part.files, &inputs.sources);
        for input in &part.files {
            let of_file = owned.entry(input.file).or_default();
            of_file.sites.push(at);
            of_file.node = owners.of(input).map(str::to_owned);
        }
        site.extent = Arc::new(extent(part));
        sites.push(site);
    }
    // Trouble belongs to the run, not to a node: the first site carries it, unless it is of a file that several have.
    if sites.is_empty() && !inputs.troubles.is_empty() {
        sites.push(Site::default());
    }
    for trouble in inputs.troubles {
        let of_file = owned.get(&trouble.place.file);
        let shared = of_file.filter(|owned| owned.sites.len() > 1);
        for at in shared.map_or(&[0][..], |owned| &owned.sites) {
            if let Some(site) = sites.get_mut(*at) {
                site.troubles.push(trouble.clone());
            }
        }
    }
    let fate = |input: &Input| {
        let node = owned
            .get(&input.file)
            .and_then(|owned| owned.node.as_deref());
        Fate::of(input, node, &inputs.sources)
    };
    let mut fates: Vec<Fate> = inputs.files.iter().map(fate).collect();
    fates.sort_by(|a, b| a.path.cmp(&b.path));
    Built {
        sources: inputs.sources,
        sites,
        used,
        fates,
        states: states_of(inputs.files, &owned),
        evidence,
    }
}

/// Whose a file is.
#[derive(Default)]
struct Owned {
    sites: Vec<usize>,
    node: Option<String>,
}

/// The files below each directory with a topology, and the rest.
fn by_topology(files: &[Input]) -> BTreeMap<&[String], Vec<&Input>> {
    let mut roots: Vec<&[String]> = files
        .iter()
        .filter(|input| matches!(input.record, Record::Topology(_)))
        .map(|input| &input.components[..input.components.len() - 1])
        .collect();
    // The deepest directory owns a file.
    roots.sort_by_key(|root| std::cmp::Reverse(root.len()));
    let mut groups: BTreeMap<&[String], Vec<&Input>> = BTreeMap::new();
    for input in files {
        let root = roots
            .iter()
            .find(|root| input.components.starts_with(root))
            .copied()
            .unwrap_or(&[]);
        groups.entry(root).or_default().push(input);
    }
    groups
}

/// Whether a topology says which nodes there are: they are one site.
fn names_nodes(files: &[&Input]) -> bool {
    files.iter().any(|input| match &input.record {
        Record::Topology(topology) => !topology.nodes.is_empty(),
        _ => false,
    })
}

fn extent(part: &Part) -> Extent {
    Extent {
        directory: part.directory.join("/"),
        files: part.files.iter().map(|input| input.file).collect(),
        shared: part.shared.clone(),
    }
}

impl Built {
    /// The same without the databases. Letting go of thousands of them takes a while: it is done side by side.
    #[must_use]
    pub fn without_states(mut self) -> Self {
        std::mem::take(&mut self.states)
            .into_par_iter()
            .for_each(drop);
        self
    }
}

/// The databases, moved out of the inputs.
fn states_of(files: Vec<Input>, owned: &HashMap<FileId, Owned>) -> Vec<StateFile> {
    let states = files
        .into_par_iter()
        .filter_map(|input| match input.record {
            Record::State(database) => {
                let owned = owned.get(&input.file)?;
                Some(StateFile {
                    sites: owned.sites.clone(),
                    node: owned.node.clone(),
                    database,
                })
            }
            _ => None,
        });
    states.collect()
}

/// Makes a site, and says which node owns which of its files.
fn site(files: &[&Input], sources: &Sources) -> (Site, Owners) {
    let topology = files.iter().find_map(|input| match &input.record {
        Record::Topology(topology) => Some(topology.as_ref()),
        _ => None,
    });
    let owners = Owners::new(files, topology);
    let drawn = drawn(topology);
    let mut site = Site {
        topology: topology.map(|topology| Place::file(topology.file)),
        release: topology
            .and_then(|topology| topology.release.clone())
            .map_or(Known::Unseen, Known::Seen),
        ..Site::default()
    };
    let mut nodes: BTreeMap<&str, Node> = owners
        .names
        .iter()
        .map(|name| {
            (
                name.as_str(),
                named(name, drawn.get(name.as_str()).copied()),
            )
        })
        .collect();
    let mut owned: BTreeMap<Option<&str>, Vec<&Input>> = BTreeMap::new();
    for input in files {
        let owner = owners.of(input);
        owned.entry(owner).or_default().push(input);
    }
    for (name, own) in &owned {
        let host = match name.and_then(|name| nodes.get_mut(name)) {
            Some(node) => &mut node.host,
            None => &mut site.host,
        };
        let host = Arc::make_mut(host);
        observed::add(host, own.iter().copied());
        machine::read(host, own.iter().copied());
    }
    let root = files
        .iter()
        .find(|input| matches!(input.record, Record::Topology(_)))
        .map(|input| input.components.len() - 1);
    let root = root
        .or_else(|| files.iter().map(|input| input.below).min())
        .unwrap_or(0);
    for configuration in configuration::all(files, &owners, sources, root) {
        if let Some(node) = configuration
            .node
            .as_deref()
            .and_then(|name| nodes.get_mut(name))
        {
            node.configurations.push(Arc::clone(&configuration));
        }
        site.configurations.push(configuration);
    }
    let mut each: Vec<(&str, &mut Node)> =
        nodes.iter_mut().map(|(name, node)| (*name, node)).collect();
    let contradictions: Vec<Vec<Trouble>> = each
        .par_iter_mut()
        .map(|(name, node)| {
            let own = owned.get(&Some(*name)).map_or(&[][..], Vec::as_slice);
            let states = states(own, SchemaName::OpenVswitch);
            let (ovs, contradictions) = state::merged(&states, name);
            node.ovs = state::or_drawn(ovs, drawn.get(name).copied());
            contradictions
        })
        .collect();
    site.troubles.extend(contradictions.into_iter().flatten());
    // OVN's databases belong to the whole site, whosever disk they were on.
    let (northbound, southbound) = rayon::join(
        || northbound::northbound(&states(files, SchemaName::Northbound)),
        || southbound::southbound(&states(files, SchemaName::Southbound)),
    );
    site.northbound = Arc::new(northbound);
    site.southbound = Arc::new(southbound);
    let wanted = topology
        .and_then(|topology| topology.driver.as_ref())
        .map(|driver| (driver.value, DriverSource::Topology));
    let server = server_driver(&site.configurations);
    site.driver = wanted.or(server.map(|driver| (driver, DriverSource::MechanismDrivers)));
    for node in nodes.values_mut() {
        finish_node(node, site.driver, &site.configurations);
    }
    site.ages = ages(files, &owners);
    site.nodes = nodes.into_values().map(Arc::new).collect();
    (site, owners)
}

/// The Open vSwitch of a node from its databases, or as the topology draws it.
pub fn ovs_of(databases: &[&Database], node: &str, drawn: Option<&TopologyNode>) -> Ovs {
    let (ovs, _) = state::merged(databases, node);
    state::or_drawn(ovs, drawn)
}

/// Brings the Open vSwitch of a node up to a database that holds its changed rows only: the root, and changed bridges
/// with all that is below them. Bridges that are gone are named.
pub fn update_ovs(ovs: &mut Ovs, changed: &Database, gone: &[String]) {
    state::update(ovs, changed, gone);
}

/// The logical switches that a northbound database shows. It may hold some of the rows only.
pub fn switches_of(database: &Database) -> Vec<Arc<LogicalSwitch>> {
    northbound::switches_of(database)
}

/// The logical routers that a northbound database shows. It may hold some of the rows only.
pub fn routers_of(database: &Database) -> Vec<Arc<LogicalRouter>> {
    northbound::routers_of(database)
}

/// `NB_Global.options:vxlan_mode`, as far as a northbound database shows it.
pub fn vxlan_mode_of(database: &Database) -> Known<String> {
    northbound::vxlan_mode_of(database)
}

/// What follows from a node's Open vSwitch: who programs it, and how its bridges are meant.
pub fn finish_node(
    node: &mut Node,
    site_driver: Option<(Driver, DriverSource)>,
    configurations: &[Arc<Configuration>],
) {
    let own = own_driver(node).map(|driver| (driver, DriverSource::ExternalIds));
    (node.driver, node.driver_source) = own.or(site_driver).unzip();
    node.shared_agent = shared_agent(node, configurations);
    node.mappings = node.read_mappings();
    node.integration_bridges = node.read_integration_bridges();
}

/// When the newest record of each database was written.
fn ages(files: &[&Input], owners: &Owners) -> Vec<Age> {
    let ages = files.iter().filter_map(|input| match &input.record {
        Record::State(database) => Some(Age {
            file: database.file,
            node: owners.of(input).map(str::to_owned),
            newest: database.newest?,
        }),
        _ => None,
    });
    ages.collect()
}

/// The whole site's configuration of the Open vSwitch agent, for a node that runs it and has none of its own.
/// Where there are several, whose is whose cannot be told.
fn shared_agent(node: &Node, configurations: &[Arc<Configuration>]) -> Option<Arc<Configuration>> {
    let runs_it = node.driver == Some(Driver::Openvswitch)
        && (node.roles.is_empty()
            || node
                .roles
                .iter()
                .any(|role| matches!(role, Role::Network | Role::Compute)));
    let own = node
        .configurations
        .iter()
        .any(|configuration| configuration.ovs_agent.is_some());
    let mut shared = configurations
        .iter()
        .filter(|configuration| configuration.node.is_none() && configuration.ovs_agent.is_some());
    match (shared.next(), shared.next()) {
        (Some(shared), None) if runs_it && !own && node.ovs.seen() => Some(Arc::clone(shared)),
        _ => None,
    }
}

/// A node's own keys say what programs its bridges (design: which driver?).
fn own_driver(node: &Node) -> Option<Driver> {
    let set = |key: &str| {
        node.external_id(key)
            .seen()
            .is_some_and(|value| !value.trim().is_empty())
    };
    (set("ovn-remote") || set("ovn-encap-ip")).then_some(Driver::Ovn)
}

/// What the servers' mechanism drivers say, where they agree and name one of the two alone.
fn server_driver(configurations: &[Arc<Configuration>]) -> Option<Driver> {
    let mut drivers = configurations.iter().filter_map(|configuration| {
        configuration.mechanism_drivers().seen()?;
        Some(configuration.driver())
    });
    let first = drivers.next()??;
    drivers.all(|driver| driver == Some(first)).then_some(first)
}

/// The nodes that the topology draws, by name; of two with one name the first.
fn drawn(topology: Option<&Topology>) -> HashMap<&str, &TopologyNode> {
    let mut drawn = HashMap::new();
    for node in topology.into_iter().flat_map(|topology| &topology.nodes) {
        drawn.entry(node.name.as_str()).or_insert(node);
    }
    drawn
}

fn named(name: &str, drawn: Option<&TopologyNode>) -> Node {
    Node {
        name: name.to_owned(),
        roles: drawn
            .and_then(|drawn| drawn.roles.as_ref())
            .map_or_else(Vec::new, |roles| {
                roles.iter().map(|role| role.value).collect()
            }),
        host: Arc::new(drawn.map(machine::drawn).unwrap_or_default()),
        ..Node::default()
    }
}

/// The databases with that schema.
fn states<'a>(files: &[&'a Input], schema: SchemaName) -> Vec<&'a Database> {
    let states = files.iter().filter_map(|input| match &input.record {
        Record::State(database) => Some(database.as_ref()),
        _ => None,
    });
    states
        .filter(|database| database.schema == schema)
        .collect()
}
