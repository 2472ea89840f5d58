//! Walks the paths of the command line.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::copies;
use super::directory;
use super::git::objects::Object;
use super::guess::{self, Guess};
use super::leave::{Below, Leave};
use super::links::Leads;
use super::load::Unread;
use super::names;
use super::system_link;

/// Directories that hold no configuration.
const SKIPPED: [&str; 8] = [
    ".git",
    ".hg",
    ".svn",
    ".tox",
    ".venv",
    "node_modules",
    "__pycache__",
    "target",
];

/// How deep directories may be nested.
const DEPTH: usize = 64;

/// So many files are looked at through links to directories.
const LINKED: usize = 10_000;

/// One file below a path of the command line.
#[derive(Debug)]
pub struct Entry {
    /// How it is opened; of what a revision has, where it would be checked out.
    pub path: PathBuf,
    /// What it is read from.
    pub content: Content,
    /// The file that has its content, where it is a link to one that is not read as the same.
    pub linked: Option<Linked>,
    /// How it is shown: relative to the working directory, with `/`.
    pub shown: String,
    /// As what reports show it, where the site is one before a change: `HEAD~1:ml2_conf.ini`.
    pub label: Option<String>,
    /// The components of `shown`.
    pub components: Vec<String>,
    /// How many of them belong to the path of the command line.
    pub below: usize,
    /// Whether it lies among a deployer's overlays.
    pub fragment: bool,
    /// Whether its directory is one of Neutron's.
    pub in_neutrons_directory: bool,
    /// What its name says.
    pub guess: Guess,
}

/// What a file is read from.
#[derive(Debug)]
pub enum Content {
    /// The file at its path.
    File,
    /// What the file at its path is to hold, and does not yet.
    Edited(String),
    /// An object of a git repository.
    Object(Object),
    /// It was read, out of an archive.
    Held(Result<Option<Vec<u8>>, Unread>),
}

/// Where a link leads.
#[derive(Debug)]
pub struct Linked {
    /// The file.
    pub path: PathBuf,
    /// What that one's own name says.
    pub guess: Guess,
}

impl Entry {
    /// Its path below that of the command line, by which findings about it are known wherever a run is started.
    pub fn name(&self) -> String {
        self.components[self.below..].join("/")
    }

    /// The file that has its content.
    pub fn holder(&self) -> &Path {
        self.linked
            .as_ref()
            .map_or(&self.path, |linked| &linked.path)
    }
}

/// Every file below a path, or the file itself. Fails where the path cannot be read.
pub fn walk(path: &Path, shown: &str, leave: Option<&Leave>) -> Result<Vec<Entry>, String> {
    walk_as((path, shown), (path, shown), leave)
}

/// The same where the path is read in place of another, as which it is shown; each is given as it is opened and as it is shown.
pub fn walk_as(
    (path, name): (&Path, &str),
    (after, shown): (&Path, &str),
    leave: Option<&Leave>,
) -> Result<Vec<Entry>, String> {
    let fail = |error: std::io::Error| format!("{name}: {error}");
    let metadata = fs::metadata(path).map_err(fail)?;
    let real = fs::canonicalize(path).map_err(fail)?;
    let below = below(leave, after).map_err(fail)?;
    if metadata.is_file() {
        // It was named, so it must be readable; below a directory it would be a finding.
        fs::File::open(path).map_err(fail)?;
        let root = Root::new(real, shown, below);
        return Ok(vec![root.itself()]);
    }
    if !metadata.is_dir() {
        return Err(format!("{name}: neither a file nor a directory"));
    }
    fs::read_dir(path).map_err(fail)?;
    let root = Root::new(real, shown, below);
    let disk = Disk { root: &root.path };
    let walker = WalkDir::new(&root.path)
        .max_depth(DEPTH)
        .sort_by_file_name();
    let mut entries = Vec::new();
    let mut walker = walker.into_iter();
    while let Some(entry) = walker.next() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {
                if let Some(left) = root.left(entry.path()) {
                    entries.push(left);
                    walker.skip_current_dir();
                } else if !root.enters(entry.path()) {
                    walker.skip_current_dir();
                } else if entry.depth() == DEPTH && !is_empty(entry.path()) {
                    entries.push(root.too_deep(entry.path()));
                }
            }
            Ok(entry) => root.add(
                &mut entries,
                &disk,
                entry.path(),
                Kind::of(entry.file_type()),
            ),
            // What vanished or may not be entered is said, and the rest is still walked.
            Err(error) => entries.extend(error.path().map(|at| Entry {
                guess: Guess::NotAFile("a directory that cannot be read"),
                ..root.entry(at)
            })),
        }
    }
    Ok(entries)
}

/// What is left out below a path that is opened.
pub fn below<'l>(leave: Option<&'l Leave>, path: &Path) -> std::io::Result<Below<'l>> {
    let real = fs::canonicalize(path)?;
    Ok(leave.map_or_else(|| Below::all(&real), |leave| leave.below(&real)))
}

/// Whether a directory of that name holds no configuration.
fn is_skipped(name: &OsStr) -> bool {
    SKIPPED.iter().any(|skipped| name == *skipped)
}

/// A path of the command line.
pub struct Root<'a> {
    /// Without links.
    pub path: PathBuf,
    /// As it is shown.
    shown: &'a str,
    /// The components of what is shown.
    prefix: Vec<String>,
    /// What is left out.
    below: Below<'a>,
    /// How many files were looked at through links to directories.
    linked: Cell<usize>,
    /// The directories that were said to lie too deep.
    deep: RefCell<BTreeSet<PathBuf>>,
}

/// What lies at a path below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// What cannot be read: `a FIFO`.
    Special(&'static str),
}

/// A tree of files in which links can be followed.
pub trait Held {
    /// Where a link leads.
    fn leads(&self, link: &Path) -> Leads;

    /// What lies below a directory, other than directories.
    fn below(&self, directory: &Path) -> Vec<(PathBuf, Kind)>;
}

impl<'a> Root<'a> {
    /// A path without links, how it is shown, and what is left out below it.
    pub fn new(path: PathBuf, shown: &'a str, below: Below<'a>) -> Self {
        Self {
            path,
            shown,
            prefix: names::components(Path::new(shown)),
            below,
            linked: Cell::new(0),
            deep: RefCell::default(),
        }
    }

    /// The path itself, where it is a file: it was named, so it is looked at.
    pub fn itself(&self) -> Entry {
        let below = self.prefix.len().saturating_sub(1);
        let guess = match guess::of(&self.path, &self.prefix) {
            Guess::Left(_) => Guess::Content,
            guess => guess,
        };
        Entry {
            below,
            guess,
            ..self.entry(&self.path)
        }
    }

    fn entry(&self, path: &Path) -> Entry {
        let mut all = self.prefix.clone();
        let inside = names::components(self.inside(path));
        let whole = names::components(path);
        let fragment = is_fragment(&whole);
        all.extend(inside);
        let lead = if self.shown.starts_with('/') { "/" } else { "" };
        Entry {
            path: path.to_owned(),
            content: Content::File,
            linked: None,
            shown: format!("{lead}{}", all.join("/")),
            label: None,
            components: all,
            below: self.prefix.len(),
            fragment,
            in_neutrons_directory: directory::is_neutrons(&whole),
            guess: Guess::Content,
        }
    }

    fn inside<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.path).unwrap_or(path)
    }

    /// Adds what lies at a path below it, and what it leads to, if it is a link.
    pub fn add(&self, entries: &mut Vec<Entry>, held: &impl Held, path: &Path, kind: Kind) {
        let inside = self.inside(path);
        let directories: Vec<&Path> = inside.ancestors().skip(1).collect();
        // Of what was walked the directories were asked already.
        for directory in directories
            .iter()
            .rev()
            .map(|directory| self.path.join(directory))
        {
            if !self.enters(&directory) {
                return;
            }
        }
        if let Some(deep) = self.deep_directory(inside) {
            if self.deep.borrow_mut().insert(deep.clone()) {
                entries.push(self.too_deep(&deep));
            }
            return;
        }
        let mut entry = self.entry(path);
        if let Some(why) = self.below.file(inside) {
            entries.push(Entry {
                guess: Guess::Left(why),
                ..entry
            });
            return;
        }
        let guess = guess::of(path, &entry.components);
        let is_named = !matches!(guess, Guess::Content | Guess::Hostname | Guess::Left(_));
        entry.guess = match kind {
            Kind::File => guess,
            Kind::Special(what) if is_named => Guess::NotAFile(what),
            Kind::Special(_) => Guess::Left("no regular file"),
            Kind::Link if is_named && says_what_starts(&entry.components) => {
                Guess::Left("a link that says what systemd starts")
            }
            Kind::Link => match held.leads(path) {
                Leads::File(target) => {
                    let own = self.own(&target);
                    if is_another((path, &guess), (&target, &own)) {
                        entry.linked = Some(Linked {
                            path: target,
                            guess: own,
                        });
                        guess
                    } else {
                        Guess::Left("a link to a file that is read where it lies")
                    }
                }
                Leads::Directory(target) => {
                    let guess = self.follow(entries, held, path, &target);
                    entries.push(Entry { guess, ..entry });
                    return;
                }
                Leads::OfSystem(what) if is_named => Guess::Left(what),
                Leads::Other if is_named => Guess::NotAFile("a link to what is no file"),
                Leads::Outside if is_named => {
                    Guess::NotAFile("a link out of the tree, which is not followed")
                }
                Leads::Nowhere if is_named => Guess::NotAFile("a link to nothing"),
                Leads::OfSystem(_) | Leads::Other | Leads::Outside | Leads::Nowhere => {
                    Guess::Left("a link")
                }
            },
        };
        entries.push(entry);
    }

    /// Adds what lies below a directory that a link leads to, where that is not read as the same already.
    fn follow(
        &self,
        entries: &mut Vec<Entry>,
        held: &impl Held,
        link: &Path,
        target: &Path,
    ) -> Guess {
        if link.starts_with(target) {
            return Guess::Left("a link to a directory that it lies in");
        }
        for (path, kind) in held.below(target) {
            let Some(under) = path.strip_prefix(target).ok() else {
                continue;
            };
            self.linked.set(self.linked.get() + 1);
            if self.linked.get() > LINKED {
                return Guess::NotAFile("a link to a directory, one of more than can be followed");
            }
            let named = link.join(under);
            let entry = self.entry(&named);
            let is_left = under
                .ancestors()
                .skip(1)
                .any(|above| above.file_name().is_some_and(is_skipped));
            if is_left
                || self.deep_directory(self.inside(&named)).is_some()
                || self.below.file(self.inside(&named)).is_some()
            {
                continue;
            }
            let file = match kind {
                Kind::File => path,
                Kind::Special(_) => continue,
                Kind::Link => match held.leads(&path) {
                    Leads::File(file) => file,
                    Leads::Directory(_) if self.is_walked(target) => continue,
                    Leads::Directory(_) => {
                        entries.push(Entry {
                            guess: Guess::NotAFile(
                                "a link behind a link to a directory, which is not followed",
                            ),
                            ..entry
                        });
                        continue;
                    }
                    Leads::OfSystem(_) | Leads::Other | Leads::Outside | Leads::Nowhere => continue,
                },
            };
            let guess = guess::of(&named, &entry.components);
            let own = self.own(&file);
            if is_another((&named, &guess), (&file, &own)) {
                let linked = Some(Linked {
                    path: file,
                    guess: own,
                });
                entries.push(Entry {
                    linked,
                    guess,
                    ..entry
                });
            }
        }
        Guess::Left("a link to a directory")
    }

    /// As what a file is read where it lies; what is a copy there is in force by the link.
    fn own(&self, path: &Path) -> Guess {
        let directories = names::components(self.inside(path).parent().unwrap_or(path));
        if !self.is_walked(path) || directories.iter().any(|name| copies::are_in(name)) {
            return Guess::Left("it is not read");
        }
        let entry = self.entry(path);
        guess::of(path, &entry.components)
    }

    fn is_walked(&self, path: &Path) -> bool {
        let inside = self.inside(path);
        let mut above = inside.ancestors().skip(1);
        above.all(|directory| self.enters(&self.path.join(directory)))
            && self.deep_directory(inside).is_none()
            && self.below.file(inside).is_none()
    }

    /// Whether a directory below it, or itself, is entered.
    fn enters(&self, path: &Path) -> bool {
        let inside = self.inside(path);
        let name = inside.file_name();
        !name.is_some_and(is_skipped) && self.below.directory(inside).is_none()
    }

    /// A directory of which nothing is read.
    fn left(&self, path: &Path) -> Option<Entry> {
        let inside = self.inside(path);
        let guess = Guess::Left(self.below.directory(inside)?);
        Some(Entry {
            guess,
            ..self.entry(path)
        })
    }

    /// The directory above a path that lies too deep to be entered.
    fn deep_directory(&self, inside: &Path) -> Option<PathBuf> {
        (inside.iter().count() > DEPTH).then(|| {
            self.path
                .join(inside.iter().take(DEPTH).collect::<PathBuf>())
        })
    }

    fn too_deep(&self, path: &Path) -> Entry {
        Entry {
            guess: Guess::NotAFile("a directory below more than 63 others, which is not entered"),
            ..self.entry(path)
        }
    }
}

/// Whether a file has to be read under another name, for what it is read as where it lies is not the same.
fn is_another((path, guess): (&Path, &Guess), (other, own): (&Path, &Guess)) -> bool {
    let is_unit = |path: &Path| path.extension().is_some_and(|ending| ending == "service");
    match (guess, own) {
        (Guess::Left(_) | Guess::NotAFile(_), _) => false,
        (_, Guess::Left(_)) => true,
        (Guess::Content, _) => false,
        // Another name of one unit.
        (Guess::Unit(_), Guess::Unit(_)) if is_unit(path) && is_unit(other) => false,
        (guess, own) => guess != own,
    }
}

/// What lies on the disk.
struct Disk<'r> {
    root: &'r Path,
}

impl Held for Disk<'_> {
    fn leads(&self, link: &Path) -> Leads {
        let end = fs::canonicalize(link);
        if let Ok(end) = &end
            && end.starts_with(self.root)
        {
            return match fs::symlink_metadata(end) {
                Ok(found) if found.is_file() => Leads::File(end.clone()),
                Ok(found) if found.is_dir() => Leads::Directory(end.clone()),
                Ok(_) => Leads::Other,
                Err(_) => Leads::Nowhere,
            };
        }
        let target = fs::read_link(link).ok();
        match target.and_then(|target| system_link::described(link, &target)) {
            Some(what) => Leads::OfSystem(what),
            None if end.is_ok() => Leads::Outside,
            None => Leads::Nowhere,
        }
    }

    fn below(&self, directory: &Path) -> Vec<(PathBuf, Kind)> {
        let walker = WalkDir::new(directory).max_depth(DEPTH).sort_by_file_name();
        let found = walker.into_iter().filter_map(Result::ok);
        let files = found.filter(|found| !found.file_type().is_dir());
        let kinds = files.take(LINKED + 1).map(|found| {
            let kind = Kind::of(found.file_type());
            (found.into_path(), kind)
        });
        kinds.collect()
    }
}

/// Whether nothing lies in a directory; one that cannot be read may hold something.
fn is_empty(directory: &Path) -> bool {
    fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none())
}

impl Kind {
    fn of(kind: fs::FileType) -> Self {
        if kind.is_file() {
            Self::File
        } else if kind.is_symlink() {
            Self::Link
        } else {
            Self::Special(special(kind))
        }
    }
}

/// Whether a file lies among the links by which systemd starts units.
fn says_what_starts(components: &[String]) -> bool {
    let directory = components.iter().rev().nth(1);
    directory.is_some_and(|directory| system_link::is_of_starts(directory))
}

/// Deployers' overlays hold what differs from their own defaults: what is absent there is unseen.
fn is_fragment(components: &[String]) -> bool {
    let pairs = components
        .windows(2)
        .map(|pair| (pair[0].as_str(), pair[1].as_str()));
    pairs.into_iter().any(|pair| {
        matches!(
            pair,
            ("config" | "overlays", "neutron") | ("kolla", "config")
        )
    })
}

#[cfg(unix)]
fn special(kind: fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: fs::FileType) -> &'static str {
    "a device"
}
