//! Lists what a revision has below a path, as walking its checkout would.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::objects::{Object, Objects};
use super::{Repository, native};
use crate::read::links;
use crate::read::walk::{Content, DEPTH, Entry, Kind, Root, is_skipped};

/// So long may the target of a link be.
const TARGET: u64 = 4 << 10;

/// What a revision has below a path.
#[derive(Debug, Default)]
pub struct Listing {
    /// Its files.
    pub entries: Vec<Entry>,
    objects: Vec<Arc<Objects>>,
}

/// One line of `git ls-tree`.
struct Line {
    kind: LineKind,
    object: Object,
}

#[derive(PartialEq, Eq)]
enum LineKind {
    File,
    Link,
}

/// Lists a commit below a path without links, shown as `shown`; `name` stands in front of the labels.
/// Fails where a part of it is not here.
pub fn list(
    repository: &Repository,
    commit: &str,
    name: &str,
    (path, shown): (&Path, &str),
) -> Result<Listing, String> {
    let mut tree = Tree::default();
    let inside = super::below(&repository.top, path)
        .ok_or_else(|| format!("{shown} lies in another repository than the first PATH"))?;
    tree.read(repository, commit, &inside)?;
    let root = Root::new(path.to_owned(), shown);
    let entries = tree.lines.iter().filter_map(|(at, line)| {
        let entry = entry(&root, &tree, at, line)?;
        let inside = at.strip_prefix(&repository.top).unwrap_or(at);
        let inside: Vec<_> = inside.iter().map(|name| name.to_string_lossy()).collect();
        Some(Entry {
            label: Some(format!("{name}:{}", inside.join("/"))),
            content: Content::Object(line.object.clone()),
            ..entry
        })
    });
    Ok(Listing {
        entries: entries.collect(),
        objects: tree.objects,
    })
}

impl Listing {
    /// Fails where an object was not there that was read.
    pub fn whole(&self) -> Result<(), String> {
        match self.objects.iter().find_map(|objects| objects.missing()) {
            Some(id) => Err(format!(
                "object {id} of the revision before is not here: the clone is partial or damaged; `git fetch --refetch` gets what is missing"
            )),
            None => Ok(()),
        }
    }
}

fn entry(root: &Root, tree: &Tree, at: &Path, line: &Line) -> Option<Entry> {
    if at == root.path {
        return (line.kind == LineKind::File).then(|| root.itself());
    }
    let inside = at.strip_prefix(&root.path).ok()?;
    let directories = inside.parent()?;
    if directories.iter().any(is_skipped) || inside.iter().count() > DEPTH {
        return None;
    }
    let kind = match line.kind {
        LineKind::File => Kind::File,
        LineKind::Link => Kind::Link,
    };
    Some(root.file(at, kind, || links::leads(tree, &root.path, at)))
}

/// The files of a revision, by where they would be checked out.
#[derive(Default)]
struct Tree {
    lines: BTreeMap<PathBuf, Line>,
    objects: Vec<Arc<Objects>>,
}

impl Tree {
    fn read(
        &mut self,
        repository: &Repository,
        commit: &str,
        inside: &OsString,
    ) -> Result<(), String> {
        let mut command = repository.git(&["ls-tree", "-r", "-z", "--full-tree", commit, "--"]);
        if !inside.is_empty() {
            command.arg(inside);
        }
        let output = super::output(&mut command)?;
        let objects = Arc::new(Objects::of(repository)?);
        self.objects.push(Arc::clone(&objects));
        for line in output.split(|byte| *byte == 0) {
            let Some((mode, id, path)) = columns(line) else {
                continue;
            };
            let path = repository.top.join(path);
            let kind = match mode {
                b"120000" => LineKind::Link,
                b"160000" => {
                    self.submodule(&path, id)?;
                    continue;
                }
                _ => LineKind::File,
            };
            let object = Object {
                objects: Arc::clone(&objects),
                id: id.to_owned(),
            };
            self.lines.insert(path, Line { kind, object });
        }
        Ok(())
    }

    /// A submodule is read where it is checked out; where it is not, walking finds nothing of it either.
    fn submodule(&mut self, path: &Path, commit: &str) -> Result<(), String> {
        if !path.join(".git").exists() {
            return Ok(());
        }
        let repository = Repository::of(path)?;
        self.read(&repository, commit, &OsString::new())
            .map_err(|error| {
                let path = path.display();
                format!(
                    "the submodule {path} lacks commit {commit} (`git -C {path} fetch`): {error}"
                )
            })
    }
}

impl links::Tree for Tree {
    fn target(&self, path: &Path) -> links::Target {
        let line = self.lines.get(path);
        let Some(line) = line.filter(|line| line.kind == LineKind::Link) else {
            return links::Target::Itself;
        };
        let target = line.object.read(|_, content| {
            let mut target = Vec::new();
            let read = content.take(TARGET).read_to_end(&mut target);
            read.map(|_| target)
        });
        match target {
            Ok(Ok(target)) => links::Target::To(native(&target)),
            _ => links::Target::Unreadable,
        }
    }

    fn has(&self, path: &Path) -> bool {
        let from = self.lines.range(path.to_owned()..).next();
        from.is_some_and(|(found, _)| found.starts_with(path))
    }
}

/// Mode, object and path of a line.
fn columns(line: &[u8]) -> Option<(&[u8], &str, PathBuf)> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let mut words = line[..tab].split(|byte| *byte == b' ');
    let (mode, id) = (words.next()?, words.nth(1)?);
    Some((
        mode,
        std::str::from_utf8(id).ok()?,
        native(&line[tab + 1..]),
    ))
}
