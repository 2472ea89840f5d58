//! Lists what a revision has below a path, as walking its checkout would.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::objects::{Object, Objects};
use super::standing::{self, Named};
use super::{Repository, native};
use crate::read::leave::Below;
use crate::read::links::{self, Leads, Lies, Links};
use crate::read::names;
use crate::read::walk::{Content, Entry, Held, Kind, Root};

/// So long may the target of a link be.
const TARGET: u64 = 4 << 10;

/// So many submodules may lie in each other.
const NESTED: usize = 8;

/// What a revision has below a path.
#[derive(Debug, Default)]
pub struct Listing {
    /// Its files.
    pub entries: Vec<Entry>,
    objects: Arc<Objects>,
}

/// One line of `git ls-tree`.
#[derive(Debug)]
struct Line {
    kind: LineKind,
    object: Object,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineKind {
    File,
    Link,
}

/// Lists what a commit has in the place of a path that is shown as `shown`; `name` stands in front of the labels.
/// Fails where a part of it is not here.
pub fn list(
    named: &Named,
    (commit, name): (&str, &str),
    shown: &str,
    below: Below<'_>,
) -> Result<Listing, String> {
    let repository = &named.repository;
    let mut tree = Tree::default();
    // What lies there is not what lies there now: any name on the way may have been a link.
    let asked = AskedCommit {
        repository,
        commit,
        object: &|id| tree.object(0, id),
        submodule: RefCell::default(),
    };
    tree.objects.add(repository);
    let place = Links::of(&asked, &repository.top).ends(&repository.top, named.names.clone());
    let (Leads::File(path) | Leads::Directory(path)) = place else {
        return Ok(Listing::default());
    };
    let from = asked.submodule.take().unwrap_or_else(|| path.clone());
    tree.read(repository, commit, (&from, &path))?;
    let root = Root::new(path.clone(), shown, below);
    let held = Committed {
        links: Links::of(&tree, &path),
        tree: &tree,
    };
    let mut entries = Vec::new();
    for (at, line) in &tree.lines {
        let kind = match line.kind {
            LineKind::File => Kind::File,
            LineKind::Link => Kind::Link,
        };
        if *at == path {
            entries.push(root.itself());
        } else {
            root.add(&mut entries, &held, at, kind);
        }
    }
    for entry in &mut entries {
        let inside = entry
            .path
            .strip_prefix(&repository.top)
            .unwrap_or(&entry.path);
        entry.label = Some(format!("{name}:{}", names::shown(inside)));
        if let Some(line) = tree.lines.get(entry.holder()) {
            entry.content = Content::Object(line.object.clone());
        }
    }
    Ok(Listing {
        entries,
        objects: tree.objects,
    })
}

impl Listing {
    /// Fails where an object was not there that was read.
    pub fn whole(&self) -> Result<(), String> {
        match self.objects.missing() {
            Some(id) => Err(format!(
                "object {id} of the revision before is not here: the clone is partial or damaged; `git fetch --refetch` gets what is missing"
            )),
            None => Ok(()),
        }
    }
}

/// The files of a revision, by where they would be checked out.
#[derive(Default)]
struct Tree {
    lines: BTreeMap<PathBuf, Line>,
    objects: Arc<Objects>,
}

impl Tree {
    /// Reads what a commit has at a path, of which what lies at or below another is wanted, with its submodules.
    fn read(
        &mut self,
        repository: &Repository,
        commit: &str,
        (from, wanted): (&Path, &Path),
    ) -> Result<(), String> {
        let inside = super::inside(&repository.top, from).unwrap_or_default();
        let found = self.listed((repository, 0), commit, &inside)?;
        let mut left: Vec<_> = found.into_iter().map(|found| (found, 1)).collect();
        while let Some(((path, commit), depth)) = left.pop() {
            let Some(repository) = checked_out(&path)? else {
                continue;
            };
            if depth > NESTED {
                let path = names::shown(&path);
                return Err(format!(
                    "the submodule {path} lies in more than {NESTED} others"
                ));
            }
            let number = self.objects.add(&repository);
            let inside = super::inside(&path, wanted).unwrap_or_default();
            let found = self.listed((&repository, number), &commit, &inside).map_err(|error| {
                let path = names::shown(&path);
                format!(
                    "the submodule {path} lacks commit {commit} (`git -C {path} fetch`): {error}"
                )
            })?;
            left.extend(found.into_iter().map(|found| (found, depth + 1)));
        }
        Ok(())
    }

    /// Adds what `git ls-tree` lists of the repository with this number, and gives the submodules: where each would be
    /// checked out, and its commit.
    fn listed(
        &mut self,
        (repository, number): (&Repository, usize),
        commit: &str,
        inside: &OsString,
    ) -> Result<Vec<(PathBuf, String)>, String> {
        let mut command = repository.git(&["ls-tree", "-r", "-z", "--full-tree", commit, "--"]);
        if !inside.is_empty() {
            command.arg(inside);
        }
        let output = super::output(&mut command)?;
        let mut submodules = Vec::new();
        for line in output.split(|byte| *byte == 0) {
            let Some((mode, id, path)) = columns(line) else {
                continue;
            };
            let path = repository.top.join(path);
            let kind = match mode {
                b"160000" => {
                    submodules.push((path, id.to_owned()));
                    continue;
                }
                b"120000" => LineKind::Link,
                _ => LineKind::File,
            };
            let object = self.object(number, id);
            self.lines.insert(path, Line { kind, object });
        }
        Ok(submodules)
    }

    fn object(&self, repository: usize, id: &str) -> Object {
        Object {
            objects: Arc::clone(&self.objects),
            repository,
            id: id.to_owned(),
        }
    }
}

/// The repository of a submodule that is checked out; where it is not, walking finds nothing of it either. A link
/// that stands in its place now, or above it, leads to another: so a commit could have one read again and again.
fn checked_out(path: &Path) -> Result<Option<Repository>, String> {
    let real = path.canonicalize();
    if !real.is_ok_and(|real| real == path) || standing::top(path) != Some(path) {
        return Ok(None);
    }
    Repository::at(path).map(Some)
}

impl links::Tree for Tree {
    fn at(&self, path: &Path) -> Lies {
        let from = self.lines.range(path.to_owned()..).next();
        match from {
            Some((found, line)) if found == path => match line.kind {
                LineKind::File => Lies::File,
                LineKind::Link => target(&line.object),
            },
            Some((found, _)) if found.starts_with(path) => Lies::Directory,
            _ => Lies::Nothing,
        }
    }
}

/// What a tree of a revision holds, and where its links lead.
struct Committed<'t> {
    links: Links<'t, Tree>,
    tree: &'t Tree,
}

impl Held for Committed<'_> {
    fn leads(&self, link: &Path) -> Leads {
        self.links.leads(link)
    }

    fn below(&self, directory: &Path) -> Vec<(PathBuf, Kind)> {
        let from = self.tree.lines.range(directory.to_owned()..);
        let below = from.take_while(|(path, _)| path.starts_with(directory));
        let kinds = below.map(|(path, line)| {
            let kind = match line.kind {
                LineKind::File => Kind::File,
                LineKind::Link => Kind::Link,
            };
            (path.clone(), kind)
        });
        kinds.collect()
    }
}

fn target(object: &Object) -> Lies {
    let target = object.read(|_, content| {
        let mut target = Vec::new();
        let read = content.take(TARGET).read_to_end(&mut target);
        read.map(|_| target)
    });
    match target {
        Ok(Ok(target)) => Lies::Link(native(&target)),
        _ => Lies::Unreadable,
    }
}

/// A commit that is asked for single paths.
struct AskedCommit<'r> {
    repository: &'r Repository,
    commit: &'r str,
    /// An object of the repository.
    object: &'r dyn Fn(&str) -> Object,
    /// The submodule on the way: what it holds is in another repository.
    submodule: RefCell<Option<PathBuf>>,
}

impl links::Tree for AskedCommit<'_> {
    fn at(&self, path: &Path) -> Lies {
        let mut submodule = self.submodule.borrow_mut();
        if submodule.as_ref().is_some_and(|top| path.starts_with(top)) {
            return Lies::Directory;
        }
        let Some(inside) = super::inside(&self.repository.top, path) else {
            return Lies::Nothing;
        };
        let arguments = ["ls-tree", "-z", "--full-tree", self.commit, "--"];
        let Ok(output) = super::output(self.repository.git(&arguments).arg(inside)) else {
            return Lies::Unreadable;
        };
        match output.split(|byte| *byte == 0).next().and_then(columns) {
            None => Lies::Nothing,
            Some((b"040000", ..)) => Lies::Directory,
            Some((b"160000", ..)) => {
                *submodule = Some(path.to_owned());
                Lies::Directory
            }
            Some((b"120000", id, _)) => target(&(self.object)(id)),
            Some(_) => Lies::File,
        }
    }
}

/// Mode, object and path of a line.
fn columns(line: &[u8]) -> Option<(&[u8], &str, PathBuf)> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (head, path) = line.split_at_checked(tab)?;
    let mut words = head.split(|byte| *byte == b' ');
    let (mode, id) = (words.next()?, words.nth(1)?);
    Some((mode, std::str::from_utf8(id).ok()?, native(path.get(1..)?)))
}
