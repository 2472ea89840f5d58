//! How a tree is divided: environments and regions that lie side by side are sites of their own.

mod profile;

use std::collections::{BTreeMap, BTreeSet};

use crate::read::{Input, Record};
use crate::source::FileId;

use super::naming;
use profile::Profile;

/// What tells that two directories are sites of their own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Nodes of the same names lie in them, at the same paths.
    Nodes(BTreeSet<String>),
    /// Their nodes have southbounds on different hosts.
    Southbounds,
    /// They are called what environments and regions are.
    Names,
}

/// One site of a tree that holds several.
pub struct Part<'a> {
    /// The components of its directory; none of what lies outside of the others.
    pub directory: &'a [String],
    /// Its files, and those that lie outside of every site.
    pub files: Vec<&'a Input>,
    /// The files that are not its own.
    pub shared: BTreeSet<FileId>,
}

/// The files below each of the directories of one.
type Children<'a> = BTreeMap<&'a str, Vec<&'a Input>>;

/// Divides the files of a tree, where it holds several sites, and says what tells that it does.
pub fn parts<'a>(files: &[&'a Input]) -> Option<(Vec<Part<'a>>, Evidence)> {
    let used = || files.iter().copied().filter(|input| is_used(input));
    let paths: BTreeSet<&[String]> = used()
        .filter_map(|input| input.components.get(..input.below))
        .collect();
    // Several paths of the command line may be sites side by side.
    let above = usize::from(paths.len() > 1);
    let mut parents: BTreeMap<(usize, &[String]), Children> = BTreeMap::new();
    for input in used() {
        let from = input.below.saturating_sub(above);
        for at in from..input.components.len().saturating_sub(1) {
            if let Some((child, parent)) = input.components.get(..=at).and_then(<[_]>::split_last) {
                let children = parents.entry((at, parent)).or_default();
                children.entry(child).or_default().push(input);
            }
        }
    }
    // The outermost directories that are told apart divide the tree.
    parents.into_iter().find_map(|((at, parent), children)| {
        let profiles: Vec<Profile> = children
            .into_iter()
            .filter_map(|(child, files)| Profile::of(parent, child, at, &files))
            .collect();
        let (chosen, evidence) = chosen(&profiles)?;
        Some((divided(files, at, &chosen), evidence))
    })
}

fn is_used(input: &Input) -> bool {
    !matches!(input.record, Record::Left(_))
}

/// The directories that are told apart from one of the others at least, and by what.
fn chosen<'p, 'a>(profiles: &'p [Profile<'a>]) -> Option<(Vec<&'p Profile<'a>>, Evidence)> {
    let mut chosen = BTreeSet::new();
    let mut evidence: Option<Evidence> = None;
    for (at, one) in profiles.iter().enumerate() {
        for (other_at, other) in profiles.iter().enumerate().skip(at + 1) {
            let Some(found) = one.told_from(other) else {
                continue;
            };
            chosen.extend([at, other_at]);
            evidence = Some(match (evidence, found) {
                (Some(Evidence::Nodes(mut names)), Evidence::Nodes(more)) => {
                    names.extend(more);
                    Evidence::Nodes(names)
                }
                (Some(first), found) => first.min(found),
                (None, found) => found,
            });
        }
    }
    let chosen = chosen.into_iter().filter_map(|at| profiles.get(at));
    Some((chosen.collect(), evidence?))
}

fn divided<'a>(files: &[&'a Input], at: usize, chosen: &[&Profile<'a>]) -> Vec<Part<'a>> {
    let mut inside: BTreeMap<&[String], Vec<&Input>> = BTreeMap::new();
    let mut outside: Vec<&Input> = Vec::new();
    for &input in files {
        let directory = input.components.get(..=at).filter(|directory| {
            let is_below = input.components.len() > directory.len();
            is_below && chosen.iter().any(|profile| profile.is_at(directory))
        });
        match directory {
            None => outside.push(input),
            Some(directory) => inside.entry(directory).or_default().push(input),
        }
    }
    let (rest, common) = of_machines(outside);
    let alone = |directory, files| Part {
        directory,
        files,
        shared: BTreeSet::new(),
    };
    let mut parts: Vec<Part> = inside
        .into_iter()
        .flat_map(|(directory, own)| match parts(&own) {
            // Regions of an environment.
            Some((inner, _)) => inner,
            None => vec![alone(directory, own)],
        })
        .collect();
    if !rest.is_empty() {
        parts.push(alone(&[], rest));
    }
    for part in &mut parts {
        part.files.extend(&common);
        let shared = common.iter().filter(|input| is_used(input));
        part.shared.extend(shared.map(|input| input.file));
    }
    parts
}

/// The files of machines, with the ini files in their directories, and the others.
fn of_machines(files: Vec<&Input>) -> (Vec<&Input>, Vec<&Input>) {
    let machines: BTreeSet<&[String]> = files
        .iter()
        .filter(|input| is_of_machine(input))
        .map(|input| naming::own_directory(input))
        .collect();
    files.into_iter().partition(|input| {
        let is_own = |directory: &&[String]| {
            directory.len() > input.below && input.components.starts_with(directory)
        };
        is_of_machine(input) || machines.iter().any(is_own)
    })
}

/// Whether a file tells of one machine: the state of its Open vSwitch, its interfaces.
fn is_of_machine(input: &Input) -> bool {
    match &input.record {
        Record::State(_) => naming::is_state(input),
        Record::Interfaces(_) | Record::Routes(_) | Record::Machine(_) => true,
        _ => false,
    }
}
