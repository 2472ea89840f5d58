//! Leaves out copies: what lies in directories of backups and of former days, beside what is in force.

mod name;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::source::FileId;

use super::layout::says_nothing;
use super::ovsdb::identity::is_same_host;
use super::{Inputs, Record};

use name::{Age, Stamp, age};

/// Why what lies there is left out.
const BACKUP: &str = "in a directory of backups, no configuration";
const FORMER: &str = "in a directory of a former day: what is newer is there";

/// Directories that say nothing of whose copies they hold.
const WHOLE: [&str; 8] = [
    "conf",
    "config",
    "configs",
    "dump",
    "snapshot",
    "snapshots",
    "states",
    "nodes",
];

/// A file that may be a copy.
struct CopyCandidate<'a> {
    file: FileId,
    /// The directories that it lies in, below the path of the command line.
    directories: &'a [String],
    /// Its name.
    name: &'a str,
    /// What it says of its node.
    identity: Option<String>,
    /// Whether it was taken for something.
    used: bool,
    /// Whether it is a topology, which is no copy of anything.
    topology: bool,
}

/// What a file is, by the first of its directories that says anything of age.
#[derive(Clone, Debug, PartialEq, Eq)]
enum CopyStanding {
    InForce,
    Copy,
    /// Of what that names; the directory's place among the file's.
    Perhaps(String, usize),
    Dated(String, Stamp, usize),
}

/// Leaves out the copies, and what went wrong with them. A directory that was named on the command line is what was
/// asked for; where there is nothing but copies, they are all that there is.
pub fn leave_out(inputs: &mut Inputs) {
    let troubled: HashSet<FileId> = inputs
        .troubles
        .iter()
        .map(|trouble| trouble.place.file)
        .collect();
    let copies = copies(inputs, &troubled);
    if copies.is_empty() {
        return;
    }
    for input in &mut inputs.files {
        if let Some(why) = copies.get(&input.file) {
            input.record = Record::Left(why);
            inputs.sources.set_origin(input.file, None);
        }
    }
    let kept = |file: FileId| !copies.contains_key(&file);
    inputs.troubles.retain(|trouble| kept(trouble.place.file));
    inputs.allows.retain(|allow| kept(allow.place.file));
}

/// Whether a directory of that name holds copies, whatever lies beside it.
pub fn are_in(directory: &str) -> bool {
    matches!(age(directory), Age::Copy)
}

fn copies(inputs: &Inputs, troubled: &HashSet<FileId>) -> BTreeMap<FileId, &'static str> {
    let candidates: Vec<CopyCandidate> = inputs
        .files
        .iter()
        .filter_map(|input| {
            let (name, directories) = input.components.split_last()?;
            let used = !matches!(input.record, Record::Left(_));
            let candidate = CopyCandidate {
                file: input.file,
                directories: directories.get(input.below..).unwrap_or(&[]),
                name,
                identity: match &input.record {
                    Record::State(database) => database.identity(),
                    _ => None,
                },
                used,
                topology: matches!(input.record, Record::Topology(_)),
            };
            (used || troubled.contains(&input.file)).then_some(candidate)
        })
        .collect();
    let nodes = Nodes::of(inputs, &candidates);
    let mut standings = standings(&candidates, &nodes, BackupDirectory::Told);
    let in_force = |standings: &[CopyStanding]| {
        let mut both = candidates.iter().zip(standings);
        both.any(|(file, standing)| file.used && !file.topology && *standing != CopyStanding::Copy)
    };
    if !in_force(&standings) {
        standings = self::standings(&candidates, &nodes, BackupDirectory::All);
    }
    judged(&candidates, standings)
}

/// Directories that are nodes', whatever they are called.
struct Nodes<'a> {
    /// Those that a topology names.
    named: BTreeSet<String>,
    /// Those that bear the name which a state below them gives.
    own: HashSet<&'a [String]>,
}

impl<'a> Nodes<'a> {
    fn of(inputs: &Inputs, candidates: &[CopyCandidate<'a>]) -> Self {
        let topologies = inputs.files.iter().filter_map(|input| match &input.record {
            Record::Topology(topology) => Some(topology),
            _ => None,
        });
        let named = topologies
            .flat_map(|topology| &topology.nodes)
            .flat_map(|node| {
                // What it says of a node's files is of directories, too.
                let paths = node.config.iter().flat_map(|path| path.value.split('/'));
                paths.chain([node.name.value.as_str()])
            });
        let own = candidates.iter().filter_map(|candidate| {
            let identity = candidate.identity.as_deref()?;
            let at = candidate
                .directories
                .iter()
                .rposition(|part| is_same_host(&part.to_ascii_lowercase(), identity))?;
            candidate.directories.get(..=at)
        });
        Self {
            named: named.map(str::to_owned).collect(),
            own: own.collect(),
        }
    }
}

/// Whether a directory of backups is told from others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BackupDirectory {
    Told,
    /// Everything is a copy.
    All,
}

fn standings(
    candidates: &[CopyCandidate],
    nodes: &Nodes,
    copies: BackupDirectory,
) -> Vec<CopyStanding> {
    let of = |candidate: &CopyCandidate| {
        let mut standing = CopyStanding::InForce;
        for (at, directory) in candidate.directories.iter().enumerate() {
            let path = candidate.directories.get(..=at).unwrap_or(&[]);
            if nodes.named.contains(directory) || nodes.own.contains(path) {
                continue;
            }
            match age(directory) {
                Age::Copy if copies == BackupDirectory::Told => return CopyStanding::Copy,
                Age::Perhaps(of) if standing == CopyStanding::InForce => {
                    standing = CopyStanding::Perhaps(of, at);
                }
                Age::Dated(of, stamp) if standing == CopyStanding::InForce => {
                    standing = CopyStanding::Dated(of, stamp, at);
                }
                Age::Unsaid | Age::Copy | Age::Perhaps(_) | Age::Dated(..) => {}
            }
        }
        standing
    };
    candidates.iter().map(of).collect()
}

/// What is in force: the names that say whose it is, and the paths.
#[derive(Default)]
struct InForce<'a> {
    names: HashSet<String>,
    paths: HashSet<Vec<&'a str>>,
}

impl InForce<'_> {
    fn has(&self, name: &str) -> bool {
        let short = name.split('.').next().unwrap_or(name);
        self.names.contains(name) || self.names.contains(short)
    }
}

fn judged(
    candidates: &[CopyCandidate],
    standings: Vec<CopyStanding>,
) -> BTreeMap<FileId, &'static str> {
    let mut in_force = InForce::default();
    for (candidate, standing) in candidates.iter().zip(&standings) {
        if candidate.used && !candidate.topology && *standing == CopyStanding::InForce {
            in_force.names.extend(candidate.names());
            in_force.paths.insert(candidate.path_without(None));
        }
    }
    let mut left = BTreeMap::new();
    let mut by_day: BTreeMap<String, Vec<(Stamp, FileId)>> = BTreeMap::new();
    for (candidate, standing) in candidates.iter().zip(standings) {
        match standing {
            CopyStanding::InForce => {}
            CopyStanding::Copy => {
                left.insert(candidate.file, BACKUP);
            }
            CopyStanding::Perhaps(of, at) => {
                let is_there = candidate
                    .thing(&of, at)
                    .is_some_and(|thing| in_force.has(&thing));
                if is_there || in_force.paths.contains(&candidate.path_without(Some(at))) {
                    left.insert(candidate.file, BACKUP);
                }
            }
            CopyStanding::Dated(of, stamp, at) => {
                let thing = candidate.thing(&of, at);
                let is_there = thing
                    .as_ref()
                    .map_or(!in_force.paths.is_empty(), |thing| in_force.has(thing));
                if is_there {
                    left.insert(candidate.file, FORMER);
                } else {
                    let of_thing = by_day.entry(thing.unwrap_or_default()).or_default();
                    of_thing.push((stamp, candidate.file));
                }
            }
        }
    }
    for of_thing in by_day.into_values() {
        let newest = of_thing.iter().map(|(stamp, _)| stamp.clone()).max();
        let older = of_thing
            .into_iter()
            .filter(|(stamp, _)| Some(stamp) < newest.as_ref());
        left.extend(older.map(|(_, file)| (file, FORMER)));
    }
    left
}

impl<'a> CopyCandidate<'a> {
    /// The names that say whose it is: those of its directories, and its own.
    fn names(&self) -> impl Iterator<Item = String> {
        let directories = self
            .directories
            .iter()
            .map(|name| name.to_ascii_lowercase());
        let identity = self.identity.iter().flat_map(|identity| {
            let short = identity.split('.').next().unwrap_or(identity);
            [identity.clone(), short.to_owned()]
        });
        directories.chain(identity)
    }

    /// What it would be a copy of, by the name of the directory `at`, or else by the first below it that says
    /// anything, or by what is inside of it.
    fn thing(&self, of: &str, at: usize) -> Option<String> {
        let says = |name: &str| !name.is_empty() && !says_nothing(name) && !WHOLE.contains(&name);
        if says(of) {
            return Some(of.to_owned());
        }
        let below = self.directories.get(at + 1..).unwrap_or(&[]);
        let own = below.iter().map(|name| name.to_ascii_lowercase());
        own.into_iter()
            .find(|name| says(name))
            .or_else(|| self.identity.clone())
    }

    /// Its path, without one of its directories.
    fn path_without(&self, at: Option<usize>) -> Vec<&'a str> {
        let directories = self.directories.iter().enumerate();
        let kept = directories.filter(|(own, _)| Some(*own) != at);
        kept.map(|(_, name)| name.as_str())
            .chain([self.name])
            .collect()
    }
}
