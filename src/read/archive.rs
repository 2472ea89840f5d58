//! Reads the site before a change out of a tar archive: in memory, nothing is unpacked.

mod member;
mod place;
mod stream;
mod tree;

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::guess::Guess;
use super::load::{self, Unread};
use super::walk::{self, Content, DEPTH, Entry, Kind, Root, is_skipped};
use super::{Limits, MAX_ARCHIVE, links};
use stream::Form;
use tree::{Node, Tree};

/// An archive that was recognised.
pub struct Archive {
    file: File,
    form: Form,
    /// As it is shown.
    name: String,
}

impl Archive {
    /// Opens a file. `None` for what is no archive; fails for one of a form that is not read.
    pub fn open(path: &Path, name: &str) -> Result<Option<Self>, String> {
        let fail = |error: io::Error| format!("{name}: {error}");
        let mut file = File::open(path).map_err(fail)?;
        match stream::recognise(&mut file).map_err(fail)? {
            Form::Nothing => Ok(None),
            Form::Other(what) => Err(format!(
                "{name} is {what}, which is not read: make a tar archive, plain or compressed with gzip"
            )),
            form => Ok(Some(Self {
                file,
                form,
                name: name.to_owned(),
            })),
        }
    }

    /// What it has in place of a directory, which is shown as `shown`. Fails unless it was read to its end.
    pub fn entries(
        &mut self,
        after: &Path,
        shown: &str,
        limits: Limits,
    ) -> Result<Vec<Entry>, String> {
        let real = std::fs::canonicalize(after).map_err(|error| format!("{shown}: {error}"))?;
        let mut tree = Tree::default();
        self.each(|number, member, _| tree.add(number, member))?;
        let walked = walk::walk(after, shown)?;
        let inside = walked
            .iter()
            .filter_map(|entry| entry.path.strip_prefix(&real).ok());
        let there: HashSet<&Path> = inside.collect();
        let top = place::of(&tree, &real, &there).ok_or_else(|| {
            let name = &self.name;
            format!("no file of {name} stands where {shown} has one: make it with `tar -C DIRECTORY -cf {name} .`")
        })?;
        let root = Root::new(real, shown);
        let mut entries = Vec::new();
        let mut wanted: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (path, node) in tree.below(&top) {
            let Some(entry) = self.entry(&root, (&tree, &top), path, node) else {
                continue;
            };
            if let (Node::File(number), true) = (node, is_read(&entry.guess)) {
                wanted.entry(*number).or_default().push(entries.len());
            }
            entries.push(entry);
        }
        self.fill(&mut entries, &wanted, limits)?;
        Ok(entries)
    }

    fn entry(
        &self,
        root: &Root,
        (tree, top): (&Tree, &Path),
        path: &Path,
        node: &Node,
    ) -> Option<Entry> {
        let inside = path.strip_prefix(top).ok()?;
        let directories = inside.parent()?;
        if directories.iter().any(is_skipped) || inside.iter().count() > DEPTH {
            return None;
        }
        let kind = match node {
            Node::File(_) => Kind::File,
            Node::Link(_) => Kind::Link,
            Node::Special(what) => Kind::Special(what),
            Node::Directory => return None,
        };
        let entry = root.file(&root.path.join(inside), kind, || {
            links::leads(tree, top, path)
        });
        let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
        Some(Entry {
            label: Some(format!("{}:{}", self.name, names.join("/"))),
            content: Content::Held(Ok(None)),
            ..entry
        })
    }

    /// Reads what is wanted: members by their number, each with the entries that have its content.
    fn fill(
        &mut self,
        entries: &mut [Entry],
        wanted: &BTreeMap<usize, Vec<usize>>,
        limits: Limits,
    ) -> Result<(), String> {
        let mut held = 0;
        self.each(|number, member, content| {
            let Some(sharing) = wanted.get(&number) else {
                return Ok(());
            };
            let mut keep = |at: usize, content: &mut dyn Read| {
                let entry = &mut entries[at];
                let read = match load::wanted(&entry.guess, member.size, content, limits) {
                    Err(Unread::Failed(error)) => return Err(error.to_string()),
                    read => read,
                };
                held += read
                    .as_ref()
                    .map_or(0, |kept| kept.as_ref().map_or(0, Vec::len))
                    as u64;
                entry.content = Content::Held(read);
                // Hard links let a small archive hold the same content often.
                (held <= MAX_ARCHIVE)
                    .then_some(())
                    .ok_or_else(stream::too_much)
            };
            if let [at] = sharing[..] {
                return keep(at, content);
            }
            let mut whole = Vec::new();
            let limit = limits.text.max(limits.database);
            let read = content.take(limit).read_to_end(&mut whole);
            read.map_err(|error| error.to_string())?;
            sharing.iter().try_for_each(|at| keep(*at, &mut &whole[..]))
        })
    }

    /// Hands every member to `with`, with its number; that nothing is missing is known at the end.
    fn each(
        &mut self,
        with: impl FnMut(usize, &member::Member, &mut dyn Read) -> Result<(), String>,
    ) -> Result<(), String> {
        let read = member::each(&mut self.file, self.form, with);
        read.map_err(|error| format!("{}: {error}", self.name))
    }
}

fn is_read(guess: &Guess) -> bool {
    !matches!(guess, Guess::Left(_) | Guess::NotAFile(_))
}

/// A path inside of an archive, without `.` and without the `/` in front; `None` where it leads out.
fn inside(path: &Path) -> Option<PathBuf> {
    let mut inside = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::Normal(name) => inside.push(name),
            std::path::Component::ParentDir => return None,
            _ => {}
        }
    }
    Some(inside)
}
