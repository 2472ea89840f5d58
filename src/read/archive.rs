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
use super::links::{Leads, Links};
use super::load::{self, Unread};
use super::walk::{self, Content, Entry, Held, Kind, Root};
use super::{Limits, MAX_ARCHIVE, names};
use stream::Form;
use tree::Tree;

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
        let walked = walk::walk(after, shown, limits.leave)?;
        let inside = walked
            .iter()
            .filter_map(|entry| entry.path.strip_prefix(&real).ok());
        let there: HashSet<&Path> = inside.collect();
        let top = place::of(&tree, &real, &there).ok_or_else(|| {
            let name = &self.name;
            format!("no file of {name} stands where {shown} has one: make it with `tar -C DIRECTORY -cf {name} .`")
        })?;
        let below =
            walk::below(limits.leave, after).map_err(|error| format!("{shown}: {error}"))?;
        let root = Root::new(top.clone(), shown, below);
        let packed = Packed {
            links: Links::of(&tree, &top),
            tree: &tree,
        };
        let mut entries = Vec::new();
        for (path, node) in tree.below(&top) {
            if let Some(kind) = node.kind() {
                root.add(&mut entries, &packed, path, kind);
            }
        }
        let mut wanted: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, entry) in entries.iter_mut().enumerate() {
            entry.label = Some(format!("{}:{}", self.name, names::shown(&entry.path)));
            entry.content = Content::Held(Ok(None));
            if let (Some(number), true) = (tree.file(entry.holder()), is_read(&entry.guess)) {
                wanted.entry(number).or_default().push(at);
            }
        }
        self.fill(&mut entries, &wanted, limits)?;
        Ok(entries)
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

/// What an archive holds, and where its links lead.
struct Packed<'t> {
    links: Links<'t, Tree>,
    tree: &'t Tree,
}

impl Held for Packed<'_> {
    fn leads(&self, link: &Path) -> Leads {
        self.links.leads(link)
    }

    fn below(&self, directory: &Path) -> Vec<(PathBuf, Kind)> {
        let below = self.tree.below(directory);
        let kinds = below.filter_map(|(path, node)| Some((path.to_owned(), node.kind()?)));
        kinds.collect()
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
