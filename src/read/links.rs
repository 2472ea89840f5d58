//! Where the links of a tree lead that is not on the disk.

use std::path::{Component, Path, PathBuf};

use super::system_link;
use super::walk::Leads;

/// So many links may lead to each other.
const HOPS: usize = 40;

/// A tree whose links are followed by name.
pub trait Tree {
    /// Where what lies at a path leads.
    fn target(&self, path: &Path) -> Target;

    /// Whether something lies at the path or below it.
    fn has(&self, path: &Path) -> bool;
}

/// Where what lies at a path leads.
pub enum Target {
    /// Nowhere: it is no link.
    Itself,
    /// There, as it is written.
    To(PathBuf),
    /// It is a link that cannot be read.
    Unreadable,
}

/// Where a link leads, seen from a root in the tree.
pub fn leads(tree: &impl Tree, root: &Path, link: &Path) -> Leads {
    let leads = followed(tree, root, link);
    if leads == Leads::Inside {
        return leads;
    }
    let described = match tree.target(link) {
        Target::To(target) => system_link::described(link, &target),
        Target::Itself | Target::Unreadable => None,
    };
    described.map_or(leads, Leads::OfSystem)
}

fn followed(tree: &impl Tree, root: &Path, link: &Path) -> Leads {
    let mut at = link.to_owned();
    for _ in 0..HOPS {
        match hop(tree, &at) {
            Hop::Rests if !at.starts_with(root) => return Leads::Outside,
            Hop::Rests if tree.has(&at) => return Leads::Inside,
            Hop::Rests => return Leads::Nowhere,
            Hop::Leaves => return Leads::Outside,
            Hop::To(next) => at = next,
        }
    }
    Leads::Nowhere
}

/// One step on the way of a link.
enum Hop {
    /// There is no link on the path.
    Rests,
    /// The next path.
    To(PathBuf),
    /// The target is absolute, above the tree, or not known.
    Leaves,
}

/// Follows the first link among the directories of a path and the path itself.
fn hop(tree: &impl Tree, path: &Path) -> Hop {
    let mut downward: Vec<&Path> = path.ancestors().collect();
    downward.reverse();
    let found = downward
        .into_iter()
        .find_map(|part| match tree.target(part) {
            Target::Itself => None,
            Target::To(target) => Some((part, Some(target))),
            Target::Unreadable => Some((part, None)),
        });
    let (link, target) = match found {
        Some((link, Some(target))) => (link, target),
        Some((_, None)) => return Hop::Leaves,
        None => return Hop::Rests,
    };
    let directory = link.parent().unwrap_or(link);
    let rest = path.strip_prefix(link).unwrap_or(Path::new(""));
    match joined(directory, &target) {
        Some(next) => Hop::To(next.join(rest)),
        None => Hop::Leaves,
    }
}

/// A relative path from a directory; none where it is absolute or leads above the tree.
fn joined(directory: &Path, target: &Path) -> Option<PathBuf> {
    let mut path = directory.to_owned();
    for component in target.components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::ParentDir => path.pop().then_some(())?,
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}
