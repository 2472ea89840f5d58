//! What the members of an archive come to: of several with one path, the last.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::member::{Kind, Member};
use crate::read::links::{self, Lies};
use crate::read::walk;

/// The paths of an archive.
#[derive(Default)]
pub struct Tree {
    nodes: BTreeMap<PathBuf, Node>,
    /// Whether it names its own top, as `tar -C DIR -cf site.tar .` does.
    pub names_top: bool,
}

/// What lies at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A file, whose content is that of the member with this number.
    File(usize),
    /// A directory.
    Directory,
    /// A symbolic link.
    Link(PathBuf),
    /// What cannot be read.
    Special(&'static str),
}

impl Tree {
    /// Adds a member. Fails for another name of what is not there.
    pub fn add(&mut self, number: usize, member: &Member) -> Result<(), String> {
        let path = &member.path;
        if path.as_os_str().is_empty() {
            self.names_top |= matches!(member.kind, Kind::Directory);
            return Ok(());
        }
        let node = match &member.kind {
            Kind::File => Node::File(number),
            Kind::Directory => Node::Directory,
            Kind::Link(target) => Node::Link(target.clone()),
            Kind::Special(what) => Node::Special(what),
            Kind::Same(other) => self.nodes.get(other).cloned().ok_or_else(|| {
                let (path, other) = (path.display(), other.display());
                format!("{path} is a hard link to {other}, which does not stand before it")
            })?,
        };
        self.nodes.insert(path.clone(), node);
        Ok(())
    }

    /// What lies below a path, in the order of the paths.
    pub fn below<'a>(&'a self, top: &'a Path) -> impl Iterator<Item = (&'a Path, &'a Node)> {
        let from = self.nodes.range(top.to_owned()..);
        let nodes = from.map(|(path, node)| (path.as_path(), node));
        nodes
            .take_while(move |(path, _)| path.starts_with(top))
            .filter(move |(path, _)| *path != top)
    }

    /// The number of the member with the content of a file; none where no file lies there.
    pub fn file(&self, path: &Path) -> Option<usize> {
        match self.nodes.get(path) {
            Some(Node::File(number)) => Some(*number),
            _ => None,
        }
    }
}

impl Node {
    /// What it is to a walk; none for a directory.
    pub fn kind(&self) -> Option<walk::Kind> {
        match self {
            Self::File(_) => Some(walk::Kind::File),
            Self::Link(_) => Some(walk::Kind::Link),
            Self::Special(what) => Some(walk::Kind::Special(what)),
            Self::Directory => None,
        }
    }
}

impl links::Tree for Tree {
    fn at(&self, path: &Path) -> Lies {
        match self.nodes.get(path) {
            Some(Node::File(_)) => Lies::File,
            Some(Node::Directory) => Lies::Directory,
            Some(Node::Special(_)) => Lies::Other,
            Some(Node::Link(target)) => Lies::Link(target.clone()),
            None if self.below(path).next().is_some() => Lies::Directory,
            None => Lies::Nothing,
        }
    }
}
