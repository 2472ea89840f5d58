//! Where the links of a tree lead that is not on the disk.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use super::system_link;

/// So many links may lead to each other, as the kernel has it.
const HOPS: usize = 40;

/// No path is longer, in bytes, as the kernel has it.
const PATH_MAX: usize = 4096;

/// A tree whose links are followed by name.
pub trait Tree {
    /// What lies at a path.
    fn at(&self, path: &Path) -> Lies;
}

/// What lies at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lies {
    /// Nothing.
    Nothing,
    /// A file that can be read.
    File,
    /// A directory.
    Directory,
    /// What is neither.
    Other,
    /// A link: where it leads, as it is written.
    Link(PathBuf),
    /// A link that cannot be read.
    Unreadable,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To a file below the path, which lies there.
    File(PathBuf),
    /// To a directory below the path, or to the path itself.
    Directory(PathBuf),
    /// To what is neither, below the path.
    Other,
    /// To what a running system has there and a copy of its `/etc` has not.
    OfSystem(&'static str),
    /// Out of it.
    Outside,
    /// To nothing.
    Nowhere,
}

/// Follows the links of a tree below a root. Each is followed once, so that all of them cost as much as their targets
/// are long together.
pub struct Links<'t, T> {
    tree: &'t T,
    root: &'t Path,
    /// Where the links that were followed end; none is there for one that is being followed.
    known: RefCell<HashMap<PathBuf, Option<LinkWay>>>,
}

/// A way that was gone.
#[derive(Clone, Debug)]
struct LinkWay {
    end: WayEnd,
    /// How many links it has.
    links: usize,
}

/// Where a way ends.
#[derive(Clone, Debug, PartialEq, Eq)]
enum WayEnd {
    /// At a path in which no link is left.
    At(PathBuf),
    /// Above the tree, or nobody can tell.
    Outside,
    /// At nothing.
    Nowhere,
    /// It has more links than may be followed.
    TooLong,
}

impl<'t, T: Tree> Links<'t, T> {
    /// The links of a tree, seen from a root in it; what lies beside the root is not known.
    pub fn of(tree: &'t T, root: &'t Path) -> Self {
        Self {
            tree,
            root,
            known: RefCell::default(),
        }
    }

    /// Where a link leads.
    pub fn leads(&self, link: &Path) -> Leads {
        let leads = self.followed(link);
        if !matches!(leads, Leads::Outside | Leads::Nowhere) {
            return leads;
        }
        let described = match self.tree.at(link) {
            Lies::Link(target) => system_link::described(link, &target),
            _ => None,
        };
        described.map_or(leads, Leads::OfSystem)
    }

    fn followed(&self, link: &Path) -> Leads {
        let parent = link.parent().unwrap_or(Path::new(""));
        let name = link.file_name().map(OsStr::to_owned);
        self.ends(parent, name.into_iter().collect())
    }

    /// Where the way from a directory without links by these names ends; `..` is one of them.
    pub fn ends(&self, from: &Path, names: Vec<OsString>) -> Leads {
        match self.walk(from, names, HOPS).end {
            WayEnd::Nowhere | WayEnd::TooLong => Leads::Nowhere,
            WayEnd::Outside => Leads::Outside,
            WayEnd::At(path) if !path.starts_with(self.root) => Leads::Outside,
            WayEnd::At(path) if path == self.root => Leads::Directory(path),
            WayEnd::At(path) => match self.tree.at(&path) {
                Lies::File => Leads::File(path),
                Lies::Directory => Leads::Directory(path),
                Lies::Other => Leads::Other,
                Lies::Nothing | Lies::Link(_) | Lies::Unreadable => Leads::Nowhere,
            },
        }
    }

    /// Goes a way over so many links at most.
    fn walk(&self, from: &Path, names: Vec<OsString>, most: usize) -> LinkWay {
        let mut at = from.to_owned();
        let mut links = 0;
        for name in names {
            if name == ".." {
                if !at.pop() {
                    return LinkWay {
                        end: WayEnd::Outside,
                        links,
                    };
                }
                continue;
            }
            at.push(name);
            let end = if at.as_os_str().len() > PATH_MAX {
                WayEnd::Nowhere
            } else if at == self.root || !at.starts_with(self.root) {
                // Of what lies beside the root nothing is known; a way may come back from there.
                continue;
            } else {
                match self.tree.at(&at) {
                    Lies::File | Lies::Directory | Lies::Other => continue,
                    Lies::Nothing => WayEnd::Nowhere,
                    Lies::Unreadable => WayEnd::Outside,
                    Lies::Link(target) => {
                        let way = self.follow(&at, &target, most - links);
                        links += way.links;
                        way.end
                    }
                }
            };
            match end {
                WayEnd::At(end) => at = end,
                end => return LinkWay { end, links },
            }
        }
        LinkWay {
            end: WayEnd::At(at),
            links,
        }
    }

    /// Goes the way of a link whose target is this, over so many links at most, itself among them.
    fn follow(&self, link: &Path, target: &Path, most: usize) -> LinkWay {
        let none = |end| LinkWay { end, links: 0 };
        match self.known.borrow().get(link) {
            Some(Some(way)) if way.links > most => return none(WayEnd::TooLong),
            Some(Some(way)) => return way.clone(),
            // One that is met while it is followed leads to itself.
            Some(None) => return none(WayEnd::Nowhere),
            None => {}
        }
        let Some(rest) = most.checked_sub(1) else {
            return none(WayEnd::TooLong);
        };
        self.known.borrow_mut().insert(link.to_owned(), None);
        let mut way = if target.as_os_str().len() > PATH_MAX {
            none(WayEnd::Nowhere)
        } else if let Some(names) = names(target) {
            self.walk(link.parent().unwrap_or(link), names, rest)
        } else {
            none(WayEnd::Outside)
        };
        way.links += 1;
        let mut known = self.known.borrow_mut();
        if way.end == WayEnd::TooLong {
            // With fewer links in front of it, it may still be followed.
            known.remove(link);
        } else {
            known.insert(link.to_owned(), Some(way.clone()));
        }
        way
    }
}

/// The names on a way; none where it is absolute, and so leads out.
pub fn names(path: &Path) -> Option<Vec<OsString>> {
    let names = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(Some(name.to_owned())),
        Component::ParentDir => Some(Some(OsString::from(".."))),
        Component::CurDir => None,
        Component::RootDir | Component::Prefix(_) => Some(None),
    });
    names.collect()
}

#[cfg(test)]
mod tests;
