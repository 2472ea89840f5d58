//! Where the links of a tree lead that is not on the disk.

use std::path::{Component, Path, PathBuf};

use super::walk::Leads;

/// So many links may lead to each other.
const HOPS: usize = 40;

/// A tree whose links are followed by name.
pub trait Tree {
    /// Where a link leads, as it is written; `None` for what is no link, `Some(None)` where it cannot be read.
    fn target(&self, path: &Path) -> Option<Option<PathBuf>>;

    /// Whether something lies at the path or below it.
    fn has(&self, path: &Path) -> bool;
}

/// Where a link leads, seen from a root in the tree.
pub fn leads(tree: &impl Tree, root: &Path, link: &Path) -> Leads {
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
        .find_map(|part| Some((part, tree.target(part)?)));
    let Some((link, target)) = found else {
        return Hop::Rests;
    };
    let Some(target) = target else {
        return Hop::Leaves;
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
