//! Which states are of one machine, and what it is called, where neither the topology nor its tree says so.

use std::collections::{BTreeMap, BTreeSet};

use crate::read::layout;
use crate::read::ovsdb::identity::is_same_host;
use crate::read::ovsdb::{Database, SchemaName};
use crate::read::{Input, Record};

/// The files of one machine.
struct Machine<'a> {
    /// The directory that is its own.
    directory: &'a [String],
    files: Vec<&'a Input>,
    /// The file's own name, where one directory holds several machines.
    stem: Option<String>,
}

/// Names for states and lists that nothing above them names: the hostname or system-id that the states of one machine
/// agree on, else its directory, else the file. Two machines are never one because they say the same: cloned nodes
/// do.
pub fn named<'a>(files: &[&'a Input]) -> Vec<(&'a Input, String)> {
    let mut directories: BTreeMap<&[String], Vec<&Input>> = BTreeMap::new();
    for input in files {
        directories
            .entry(own_directory(input))
            .or_default()
            .push(input);
    }
    let machines = directories
        .into_iter()
        .flat_map(|(directory, files)| machines(directory, files));
    let machines = joined(machines.collect());
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let wanted: Vec<String> = machines.iter().map(Machine::name).collect();
    for name in &wanted {
        *taken.entry(name.clone()).or_default() += 1;
    }
    let mut named = Vec::new();
    for (machine, name) in machines.into_iter().zip(wanted) {
        let name = if taken.get(&name).is_some_and(|count| *count > 1) {
            machine.path()
        } else {
            name
        };
        named.extend(machine.files.into_iter().map(|input| (input, name.clone())));
    }
    named
}

/// The directory that is the own one of the machine whose state it is.
pub fn own_directory(input: &Input) -> &[String] {
    layout::own_directory(&input.components, input.below, identity(input).as_deref())
}

/// The machines of one directory: one, unless its files say that they are of several.
fn machines<'a>(directory: &'a [String], files: Vec<&'a Input>) -> Vec<Machine<'a>> {
    let identities: BTreeSet<String> = files.iter().filter_map(|input| identity(input)).collect();
    let named_after = |input: &&Input| {
        let name = input.components.last().map_or("", String::as_str);
        identities
            .iter()
            .any(|identity| name.contains(identity.split('.').next().unwrap_or(identity)))
    };
    // `compute1-ids.txt` beside `compute2-show.txt`: there, each name stands for a machine.
    let states = || {
        files
            .iter()
            .copied()
            .filter(|input| open_vswitch(input).is_some())
    };
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
        let own = identity(input).unwrap_or_else(|| stem(input));
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

/// Joins the parts of a machine that lie in several directories: `ovs/net01/` and `ip/net01/`. They have one name, which
/// one of them says of itself, and nothing stands in two of them.
fn joined(machines: Vec<Machine>) -> Vec<Machine> {
    let mut by_label: BTreeMap<String, Vec<Machine>> = BTreeMap::new();
    for machine in machines {
        by_label.entry(machine.label()).or_default().push(machine);
    }
    by_label
        .into_iter()
        .flat_map(|(label, same)| {
            let says = |machine: &Machine| {
                machine
                    .identity()
                    .is_some_and(|identity| is_same_host(&identity, &label))
            };
            if !same.iter().any(says) {
                return same;
            }
            let mut wholes: Vec<Machine> = Vec::new();
            for machine in same {
                match wholes.iter_mut().find(|whole| whole.goes_with(&machine)) {
                    Some(whole) => whole.files.extend(machine.files),
                    None => wholes.push(machine),
                }
            }
            wholes
        })
        .collect()
}

impl Machine<'_> {
    fn name(&self) -> String {
        let called = || self.directory.last().cloned();
        self.stem
            .clone()
            .or_else(|| self.identity())
            .or_else(called)
            .unwrap_or_else(|| {
                self.files
                    .first()
                    .map_or_else(String::new, |file| stem(file))
            })
    }

    fn identity(&self) -> Option<String> {
        self.files.iter().find_map(|input| identity(input))
    }

    /// What it is called where it lies, without a domain.
    fn label(&self) -> String {
        let called = self.stem.as_ref().or(self.directory.last());
        let called = called.map_or("", String::as_str);
        called.split('.').next().unwrap_or(called).to_owned()
    }

    /// Whether it may be another part of the same machine.
    fn goes_with(&self, other: &Self) -> bool {
        let agree = match (self.identity(), other.identity()) {
            (Some(one), Some(other)) => is_same_host(&one, &other),
            _ => true,
        };
        let shown = |machine: &Self| -> Vec<&Database> {
            machine
                .files
                .iter()
                .filter_map(|input| open_vswitch(input))
                .collect()
        };
        let twice = |one: &&Database| {
            shown(other).iter().any(|other| {
                one.form == other.form
                    && one
                        .tables
                        .keys()
                        .any(|table| other.tables.contains_key(table))
            })
        };
        agree && !shown(self).iter().any(twice)
    }

    /// The way to it below the path of the command line, for two that have one name.
    fn path(&self) -> String {
        let Some(first) = self.files.first() else {
            return self.label();
        };
        let below = self.directory.get(first.below..).unwrap_or(&[]);
        let parts: Vec<&str> = below
            .iter()
            .map(String::as_str)
            .chain(self.stem.as_deref())
            .collect();
        if parts.is_empty() {
            stem(first)
        } else {
            parts.join("/")
        }
    }
}

/// Whether it is the state of a node's Open vSwitch.
pub fn is_state(input: &Input) -> bool {
    open_vswitch(input).is_some()
}

fn open_vswitch(input: &Input) -> Option<&Database> {
    match &input.record {
        Record::State(database) if database.schema == SchemaName::OpenVswitch => Some(database),
        _ => None,
    }
}

fn identity(input: &Input) -> Option<String> {
    open_vswitch(input)?.identity()
}

fn stem(input: &Input) -> String {
    let name = input.components.last().map_or("", String::as_str);
    name.split('.').next().unwrap_or(name).to_owned()
}
