//! Whose file is it? The order is that of the design: topology, path, what the file says, its directory.

use std::collections::{BTreeMap, BTreeSet};

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::read::ovsdb::{Database, SchemaName};
use crate::read::topology::Topology;
use crate::read::{Input, Record};
use crate::source::FileId;

/// The nodes of a site, and the files that are theirs.
pub struct Owners {
    /// Every node's name.
    pub names: BTreeSet<String>,
    files: BTreeMap<FileId, String>,
}

/// Directories that say nothing of whose their files are.
const GENERIC: [&str; 16] = [
    "etc",
    "var",
    "lib",
    "run",
    "openvswitch",
    "ovs",
    "ovn",
    "db",
    "state",
    "neutron",
    "dump",
    "dumps",
    "conf.d",
    "sos_commands",
    "host",
    "ovsdb",
];

impl Owners {
    /// Decides whose every file is.
    pub fn new(files: &[&Input], topology: Option<&Topology>) -> Self {
        let mut owners = Self {
            names: topology.map_or_else(BTreeSet::new, |topology| {
                topology
                    .nodes
                    .iter()
                    .map(|node| node.name.value.clone())
                    .collect()
            }),
            files: BTreeMap::new(),
        };
        let said = Said::new(topology, files);
        let trees = trees(files);
        let mut open: Vec<&Input> = Vec::new();
        for input in files {
            let by_path = || {
                owners
                    .names
                    .iter()
                    .find(|name| below(input).iter().any(|part| same_node(part, name)))
                    .cloned()
            };
            let by_tree = || {
                trees
                    .iter()
                    .find(|(root, _)| input.components.starts_with(root))
                    .map(|(_, name)| owners.known(name))
            };
            match said.of(input).or_else(by_path).or_else(by_tree) {
                Some(name) => owners.give(input, name),
                None => open.push(input),
            }
        }
        let (states, others): (Vec<&Input>, Vec<&Input>) = open
            .into_iter()
            .partition(|input| open_vswitch(input).is_some());
        for (input, name) in named_states(&states) {
            let name = owners.known(&name);
            owners.give(input, name);
        }
        // A state's name may be a directory of ini files.
        for input in others {
            let name = owners
                .names
                .iter()
                .find(|name| below(input).iter().any(|part| same_node(part, name)));
            if let Some(name) = name.cloned() {
                owners.give(input, name);
            }
        }
        owners
    }

    /// The node whose file it is; `None` for the whole site.
    pub fn of(&self, input: &Input) -> Option<&str> {
        self.files.get(&input.file).map(String::as_str)
    }

    fn give(&mut self, input: &Input, name: String) {
        // What is left out makes no node.
        if !matches!(input.record, Record::Left(_) | Record::Topology(_)) {
            self.names.insert(name.clone());
            self.files.insert(input.file, name);
        }
    }

    /// The name under which a node is known already, or the name itself.
    fn known(&self, name: &str) -> String {
        self.names
            .iter()
            .find(|known| same_node(known, name))
            .cloned()
            .unwrap_or_else(|| name.to_owned())
    }
}

/// What topology.toml says of paths: `config` of a node.
struct Said<'a> {
    root: &'a [String],
    globs: Vec<(GlobSet, &'a str)>,
}

impl<'a> Said<'a> {
    fn new(topology: Option<&'a Topology>, files: &[&'a Input]) -> Self {
        let holder = files
            .iter()
            .find(|input| matches!(input.record, Record::Topology(_)));
        let root = holder.map_or(&[][..], |input| {
            &input.components[..input.components.len() - 1]
        });
        let nodes = topology.into_iter().flat_map(|topology| &topology.nodes);
        let globs = nodes
            .filter(|node| !node.config.is_empty())
            .filter_map(|node| {
                let mut set = GlobSetBuilder::new();
                for glob in &node.config {
                    // The reader of the topology reports a glob that is none.
                    set.add(Glob::new(glob).ok()?);
                    set.add(Glob::new(&format!("{}/**", glob.trim_end_matches('/'))).ok()?);
                }
                Some((set.build().ok()?, node.name.as_str()))
            });
        Self {
            root,
            globs: globs.collect(),
        }
    }

    fn of(&self, input: &Input) -> Option<String> {
        let path = input.components.get(self.root.len()..)?.join("/");
        self.globs
            .iter()
            .find(|(set, _)| set.is_match(&path))
            .map(|(_, name)| (*name).to_owned())
    }
}

/// The components below the path of the command line.
fn below(input: &Input) -> &[String] {
    input.components.get(input.below..).unwrap_or(&[])
}

/// Two names of one node: equal, or one is the other with its domain.
fn same_node(a: &str, b: &str) -> bool {
    let with_domain = |long: &str, short: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    !a.is_empty() && !b.is_empty() && (a == b || with_domain(a, b) || with_domain(b, a))
}

/// The trees of whole machines: their roots and names, the deepest first.
fn trees<'a>(files: &[&'a Input]) -> Vec<(&'a [String], String)> {
    let mut trees: Vec<(&[String], String)> = files
        .iter()
        .filter_map(|input| {
            let Record::Hostname(name) = &input.record else {
                return None;
            };
            let depth = if input.components.iter().any(|part| part == "sos_commands") {
                3
            } else {
                2
            };
            let root = &input.components[..input.components.len().checked_sub(depth)?];
            (!name.is_empty() && name.lines().count() == 1).then(|| (root, name.clone()))
        })
        .collect();
    trees.sort_by_key(|(root, _)| std::cmp::Reverse(root.len()));
    trees
}

fn open_vswitch(input: &Input) -> Option<&Database> {
    match &input.record {
        Record::State(database) if database.schema == SchemaName::OpenVswitch => Some(database),
        _ => None,
    }
}

/// Names for states that neither the topology nor their path names: the hostname or system-id that the states
/// of their directory agree on, else the directory, else the file.
fn named_states<'a>(states: &[&'a Input]) -> Vec<(&'a Input, String)> {
    let mut directories: BTreeMap<&[String], Vec<&Input>> = BTreeMap::new();
    for input in states {
        directories
            .entry(&input.components[..input.components.len() - 1])
            .or_default()
            .push(input);
    }
    let mut named = Vec::new();
    for (directory, members) in directories {
        let identities: BTreeSet<String> = members
            .iter()
            .filter_map(|input| identity(open_vswitch(input)?))
            .collect();
        let shared = match identities.len() {
            0 => place_name(directory),
            1 => identities.first().cloned(),
            _ => None,
        };
        for input in members {
            let own = || {
                open_vswitch(input)
                    .and_then(identity)
                    .unwrap_or_else(|| stem(input))
            };
            named.push((input, shared.clone().unwrap_or_else(own)));
        }
    }
    named
}

fn identity(database: &Database) -> Option<String> {
    let row = database.tables.get("Open_vSwitch")?.rows.first()?;
    let ids = database.map("Open_vSwitch", row, "external_ids");
    let ids = ids.seen()?;
    let id = ids.get("hostname").or_else(|| ids.get("system-id"))?;
    (!id.value.is_empty()).then(|| id.value.value.clone())
}

/// The nearest directory whose name says whose its files are.
fn place_name(directory: &[String]) -> Option<String> {
    let named = directory
        .iter()
        .rev()
        .find(|part| !GENERIC.contains(&part.as_str()) && *part != "..");
    named.cloned()
}

fn stem(input: &Input) -> String {
    let name = input.components.last().map_or("", String::as_str);
    name.split('.').next().unwrap_or(name).to_owned()
}
