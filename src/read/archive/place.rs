//! Which directory of an archive stands for the directory that it is compared with.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::tree::{Node, Tree};

/// So many directories without anything beside them may lead to the site.
const CHAIN: usize = 16;

/// The directory of the archive in which files stand where the directory at `real` has one, too: `there` are its files.
/// One with that directory's own name goes before all others, for an archive of a repository has it below its top, and
/// the top may be a site as well; of several, the one with most such files. `None` where nothing tells.
pub fn of(tree: &Tree, real: &Path, there: &HashSet<&Path>) -> Option<PathBuf> {
    let chain = chain(tree);
    let named = chain.iter().flat_map(|lead| {
        let ends = ends(real);
        ends.into_iter().map(|end| lead.join(end))
    });
    let named: Vec<PathBuf> = named
        .filter(|path| tree.below(path).next().is_some())
        .collect();
    let common = |candidate: &PathBuf| {
        let files = tree
            .below(candidate)
            .filter(|(_, node)| !matches!(node, Node::Directory));
        let inside = files.filter_map(|(path, _)| path.strip_prefix(candidate).ok());
        inside.filter(|path| there.contains(path)).count()
    };
    for candidates in [&named, &chain] {
        let mut best: Option<(usize, &PathBuf)> = None;
        for candidate in candidates {
            let common = common(candidate);
            if common > best.map_or(0, |(most, _)| most) {
                best = Some((common, candidate));
            }
        }
        if let Some((_, candidate)) = best {
            return Some(candidate.clone());
        }
    }
    // Nothing of it is left: what the archive itself says of its top.
    named
        .into_iter()
        .next()
        .or_else(|| tree.names_top.then(PathBuf::new))
}

/// The top, and the directories that have nothing beside them: `site-1.0` of `git archive --prefix=site-1.0/`.
fn chain(tree: &Tree) -> Vec<PathBuf> {
    let mut chain = Vec::from([PathBuf::new()]);
    let mut files = tree
        .below(Path::new(""))
        .filter(|(_, node)| !matches!(node, Node::Directory));
    let Some((first, _)) = files.next() else {
        return chain;
    };
    let mut shared: Vec<_> = first.parent().into_iter().flatten().collect();
    for (path, _) in files {
        let same = shared.iter().zip(path).take_while(|(a, b)| **a == *b);
        let same = same.count();
        shared.truncate(same);
    }
    for name in shared.into_iter().take(CHAIN) {
        let next = chain.last().expect("it begins with the top").join(name);
        chain.push(next);
    }
    chain
}

/// The directory's own name, then with the one above in front, and so on.
fn ends(real: &Path) -> Vec<PathBuf> {
    let names: Vec<_> = super::inside(real)
        .iter()
        .flatten()
        .map(ToOwned::to_owned)
        .collect();
    let mut ends: Vec<PathBuf> = Vec::new();
    for at in (0..names.len()).rev() {
        ends.push(names[at..].iter().collect());
    }
    ends
}
