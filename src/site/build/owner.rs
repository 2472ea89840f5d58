//! Whose file is it? The order is that of the design: topology, path, what the file says, its directory.

use std::collections::{BTreeSet, HashMap, HashSet};

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::read::topology::Topology;
use crate::read::{Input, Record, guess};
use crate::source::FileId;

use super::naming;

/// The nodes of a site, and the files that are theirs.
#[derive(Default)]
pub struct Owners {
    /// Every node's name.
    pub names: BTreeSet<String>,
    files: HashMap<FileId, String>,
    /// A node by its name, and by its name up to each of its dots.
    index: HashMap<String, String>,
}

impl Owners {
    /// Decides whose every file is.
    pub fn new(files: &[&Input], topology: Option<&Topology>) -> Self {
        let mut owners = Self::default();
        for node in topology.into_iter().flat_map(|topology| &topology.nodes) {
            owners.add(&node.name);
        }
        let said = Said::new(topology, files);
        let trees = Trees::of(files);
        let mut open: Vec<&Input> = Vec::new();
        for input in files {
            match said.of(input).or_else(|| owners.by_path(input)) {
                Some(name) => owners.give(input, name),
                None => open.push(input),
            }
        }
        let (machines, others): (Vec<&Input>, Vec<&Input>) = open
            .into_iter()
            .partition(|input| naming::is_state(input) || is_list(input));
        let mut unnamed: Vec<&Input> = Vec::new();
        for input in machines {
            match trees.of_state(input) {
                Some(name) => owners.give(input, owners.known(name)),
                None => unnamed.push(input),
            }
        }
        for (input, name) in naming::named(&unnamed) {
            owners.give(input, name);
        }
        // A state's name may be that of a directory of ini files, or their suffix.
        for input in others {
            let by_tree = || trees.of_file(input).map(|name| owners.known(name));
            if let Some(name) = owners.by_path(input).or_else(by_tree) {
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
        // What is left out makes no node, nor does a name above all nodes.
        let above = input.components.len() == input.below + 1;
        let is_name = above && matches!(input.record, Record::Hostname(_));
        if !is_name && !matches!(input.record, Record::Left(_) | Record::Topology(_)) {
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
struct Trees<'a>(Vec<(&'a [String], String)>);

impl<'a> Trees<'a> {
    fn of(files: &[&'a Input]) -> Self {
        let machine_directories: HashSet<&[String]> = files
            .iter()
            .flat_map(|input| {
                let own = ["neutron", "openvswitch", "kolla"];
                let parts = input.components.iter().enumerate();
                let own = parts.filter(move |(_, part)| own.contains(&part.as_str()));
                own.filter_map(|(at, _)| input.components.get(..at))
            })
            .collect();
        let root = |input: &'a Input, depth: usize| {
            let depth = input.components.len().checked_sub(depth)?;
            input.components.get(..depth)
        };
        let mut trees: Vec<(&[String], String)> = files
            .iter()
            .filter_map(|input| {
                let (name, root) = match &input.record {
                    Record::Machine(machine) => (&machine.hostname, root(input, 1)?),
                    Record::Hostname(name) => {
                        let mut parents = input.components.iter().rev().skip(1);
                        let at = match (parents.next().map(String::as_str), parents.next()) {
                            (Some("host"), Some(above)) if above == "sos_commands" => {
                                root(input, 3)?
                            }
                            (Some("etc"), _) if input.components.len() > input.below + 1 => {
                                root(input, 2)?
                            }
                            _ => root(input, 1)?,
                        };
                        // Elsewhere it is a copy of `/etc` only beside what lies there.
                        let is_etc = at.len() == input.below
                            || at.len() + 1 < input.components.len()
                            || machine_directories.contains(at);
                        (name, is_etc.then_some(at)?)
                    }
                    _ => return None,
                };
                (!name.is_empty()).then(|| (root, name.clone()))
            })
            .collect();
        trees.sort_by_key(|(root, _)| std::cmp::Reverse(root.len()));
        Self(trees)
    }

    /// The machine in whose tree a file lies.
    fn of_file(&self, input: &Input) -> Option<&str> {
        let mut trees = self.0.iter();
        let tree = trees.find(|(root, _)| input.components.starts_with(root));
        tree.map(|(_, name)| name.as_str())
    }

    /// The same of a state. Where the path of the command line is a tree, states in directories of other machines are
    /// theirs.
    fn of_state(&self, input: &Input) -> Option<&str> {
        let mut trees = self.0.iter();
        let (root, name) = trees.find(|(root, _)| input.components.starts_with(root))?;
        let own = naming::own_directory(input);
        (root.len() > input.below || own.len() <= root.len()).then_some(name)
    }
}

/// Interfaces and routes are of one machine, as the state of its Open vSwitch is.
fn is_list(input: &Input) -> bool {
    matches!(input.record, Record::Interfaces(_) | Record::Routes(_))
}
