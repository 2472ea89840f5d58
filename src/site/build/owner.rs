//! Whose file is it? The order is that of the design: topology, path, what the file says, its directory.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::read::ovsdb::{Database, SchemaName};
use crate::read::topology::Topology;
use crate::read::{Input, Record, guess};
use crate::source::FileId;

/// The nodes of a site, and the files that are theirs.
#[derive(Default)]
pub struct Owners {
    /// Every node's name.
    pub names: BTreeSet<String>,
    files: HashMap<FileId, String>,
    /// A node by its name, and by its name up to each of its dots.
    index: HashMap<String, String>,
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
        let mut owners = Self::default();
        for node in topology.into_iter().flat_map(|topology| &topology.nodes) {
            owners.add(&node.name);
        }
        let said = Said::new(topology, files);
        let trees = trees(files);
        let mut open: Vec<&Input> = Vec::new();
        for input in files {
            let by_tree = || {
                let tree = trees
                    .iter()
                    .find(|(root, _)| input.components.starts_with(root));
                tree.map(|(_, name)| owners.known(name))
            };
            match said
                .of(input)
                .or_else(|| owners.by_path(input))
                .or_else(by_tree)
            {
                Some(name) => owners.give(input, name),
                None => open.push(input),
            }
        }
        let (states, others): (Vec<&Input>, Vec<&Input>) = open
            .into_iter()
            .partition(|input| open_vswitch(input).is_some() || is_list(input));
        for (input, name) in named_states(&states) {
            owners.give(input, name);
        }
        // A state's name may be that of a directory of ini files, or their suffix.
        for input in others {
            if let Some(name) = owners.by_path(input) {
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
            self.add(&name);
            self.files.insert(input.file, name);
        }
    }

    fn add(&mut self, name: &str) {
        if self.names.insert(name.to_owned()) {
            self.index.insert(name.to_owned(), name.to_owned());
            for (dot, _) in name.match_indices('.').filter(|(dot, _)| *dot > 0) {
                self.index
                    .entry(name[..dot].to_owned())
                    .or_insert_with(|| name.to_owned());
            }
        }
    }

    /// The node that a component of the path names, or the suffix of the file's name.
    fn by_path(&self, input: &Input) -> Option<String> {
        let below = input.components.get(input.below..).unwrap_or(&[]);
        let suffix = below.last().and_then(|name| guess::suffix(name));
        let parts = below.iter().map(String::as_str).chain(suffix);
        parts
            .into_iter()
            .find_map(|part| self.node(part))
            .map(str::to_owned)
    }

    /// The node of that name: equal, or one is the other with its domain.
    fn node(&self, name: &str) -> Option<&str> {
        let dots = name.match_indices('.').map(|(dot, _)| &name[..dot]);
        let exact = self.index.get(name).map(String::as_str);
        exact.or_else(|| {
            dots.filter_map(|short| self.names.get(short))
                .next_back()
                .map(String::as_str)
        })
    }

    /// The name under which a node is known already, or the name itself.
    fn known(&self, name: &str) -> String {
        self.node(name).unwrap_or(name).to_owned()
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

/// The trees of whole machines: their roots and names, the deepest first.
fn trees<'a>(files: &[&'a Input]) -> Vec<(&'a [String], String)> {
    let mut trees: Vec<(&[String], String)> = files
        .iter()
        .filter_map(|input| {
            let sosreport = input.components.iter().any(|part| part == "sos_commands");
            let (name, depth) = match &input.record {
                Record::Hostname(name) if sosreport => (name, 3),
                Record::Hostname(name) => (name, 2),
                Record::Machine(machine) => (&machine.hostname, 1),
                _ => return None,
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

/// Interfaces and routes are of one machine, as the state of its Open vSwitch is.
fn is_list(input: &Input) -> bool {
    matches!(input.record, Record::Interfaces(_) | Record::Routes(_))
}

/// The files of one machine that is not named yet.
struct Machine<'a> {
    /// The directory that is its own.
    directory: &'a [String],
    files: Vec<&'a Input>,
    /// The file's own name, where one directory holds several machines.
    stem: Option<String>,
}

/// Names for states that neither the topology nor their path names: the hostname or system-id that the states of
/// one machine agree on, else its directory, else the file. Two machines are never one because they say the same:
/// cloned nodes do.
fn named_states<'a>(states: &[&'a Input]) -> Vec<(&'a Input, String)> {
    let mut directories: BTreeMap<&[String], Vec<&Input>> = BTreeMap::new();
    for input in states {
        directories
            .entry(own_directory(input))
            .or_default()
            .push(input);
    }
    let machines: Vec<Machine> = directories
        .into_iter()
        .flat_map(|(directory, files)| machines(directory, files))
        .collect();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let wanted: Vec<String> = machines.iter().map(Machine::name).collect();
    for name in &wanted {
        *taken.entry(name.clone()).or_default() += 1;
    }
    let mut named = Vec::new();
    for (machine, name) in machines.into_iter().zip(wanted) {
        let name = if taken[&name] > 1 {
            machine.path()
        } else {
            name
        };
        named.extend(machine.files.into_iter().map(|input| (input, name.clone())));
    }
    named
}

/// The nearest directory whose name says whose its files are.
fn own_directory(input: &Input) -> &[String] {
    let directory = &input.components[..input.components.len() - 1];
    let named = directory
        .iter()
        .rposition(|part| !GENERIC.contains(&part.as_str()) && part != "..");
    // Never above the path of the command line: there, the whole of it is one machine's.
    let depth = named
        .map_or(0, |at| at + 1)
        .max(input.below.min(directory.len()));
    &directory[..depth]
}

/// The machines of one directory: one, unless its files say that they are of several.
fn machines<'a>(directory: &'a [String], files: Vec<&'a Input>) -> Vec<Machine<'a>> {
    let identities: BTreeSet<String> = files
        .iter()
        .filter_map(|input| identity(open_vswitch(input)?))
        .collect();
    let named_after = |input: &&Input| {
        let name = input.components.last().map_or("", String::as_str);
        identities
            .iter()
            .any(|identity| name.contains(identity.split('.').next().unwrap_or(identity)))
    };
    // `compute1-ids.txt` beside `compute2-show.txt`: there, each name stands for a machine.
    let states = || files.iter().copied().filter(|input| !is_list(input));
    let by_name =
        states().any(|input| named_after(&input)) && !states().all(|input| named_after(&input));
    if identities.len() <= 1 && !by_name {
        return vec![Machine {
            directory,
            files,
            stem: None,
        }];
    }
    let mut by_stem: BTreeMap<String, Vec<&Input>> = BTreeMap::new();
    // Interfaces in a directory of several machines are nobody's.
    for input in states() {
        let own = open_vswitch(input)
            .and_then(identity)
            .unwrap_or_else(|| stem(input));
        by_stem.entry(own).or_default().push(input);
    }
    by_stem
        .into_iter()
        .map(|(stem, files)| Machine {
            directory,
            files,
            stem: Some(stem),
        })
        .collect()
}

impl Machine<'_> {
    fn name(&self) -> String {
        let said = || {
            self.files
                .iter()
                .find_map(|input| identity(open_vswitch(input)?))
        };
        let called = || self.directory.last().cloned();
        self.stem
            .clone()
            .or_else(said)
            .or_else(called)
            .unwrap_or_else(|| stem(self.files[0]))
    }

    /// The way to it below the path of the command line, for two that have one name.
    fn path(&self) -> String {
        let below = self.directory.get(self.files[0].below..).unwrap_or(&[]);
        let parts: Vec<&str> = below
            .iter()
            .map(String::as_str)
            .chain(self.stem.as_deref())
            .collect();
        if parts.is_empty() {
            stem(self.files[0])
        } else {
            parts.join("/")
        }
    }
}

fn identity(database: &Database) -> Option<String> {
    let row = database.tables.get("Open_vSwitch")?.rows.first()?;
    let ids = database.map("Open_vSwitch", row, "external_ids");
    let ids = ids.seen()?;
    let id = ids.get("hostname").or_else(|| ids.get("system-id"))?;
    (!id.value.is_empty()).then(|| id.value.value.clone())
}

fn stem(input: &Input) -> String {
    let name = input.components.last().map_or("", String::as_str);
    name.split('.').next().unwrap_or(name).to_owned()
}
