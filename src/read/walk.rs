//! Walks the paths of the command line.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::directory;
use super::git::objects::Object;
use super::guess::{self, Guess};
use super::load::Unread;
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
pub const DEPTH: usize = 64;

/// One file below a path of the command line.
#[derive(Debug)]
pub struct Entry {
    /// How it is opened; of what a revision has, where it would be checked out.
    pub path: PathBuf,
    /// What it is read from.
    pub content: Content,
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

impl Entry {
    /// Its path below that of the command line, by which findings about it are known wherever a run is started.
    pub fn name(&self) -> String {
        self.components[self.below..].join("/")
    }
}

/// Every file below a path, or the file itself. Fails where the path cannot be read.
pub fn walk(path: &Path, shown: &str) -> Result<Vec<Entry>, String> {
    walk_as(path, shown, shown)
}

/// The same where the path is read in place of another, as which it is shown; `name` is its own.
pub fn walk_as(path: &Path, name: &str, shown: &str) -> Result<Vec<Entry>, String> {
    let fail = |error: std::io::Error| format!("{name}: {error}");
    let metadata = fs::metadata(path).map_err(fail)?;
    let real = fs::canonicalize(path).map_err(fail)?;
    if metadata.is_file() {
        // It was named, so it must be readable; below a directory it would be a finding.
        fs::File::open(path).map_err(fail)?;
        let root = Root::new(real, shown);
        return Ok(vec![root.itself()]);
    }
    if !metadata.is_dir() {
        return Err(format!("{name}: neither a file nor a directory"));
    }
    fs::read_dir(path).map_err(fail)?;
    let root = Root::new(real, shown);
    let walker = WalkDir::new(&root.path)
        .max_depth(DEPTH)
        .sort_by_file_name();
    let kept = |entry: &DirEntry| {
        entry.depth() == 0 || !entry.file_type().is_dir() || !is_skipped(entry.file_name())
    };
    let mut entries = Vec::new();
    for entry in walker.into_iter().filter_entry(kept) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                let leads = || root.leads(entry.path());
                entries.push(root.file(entry.path(), Kind::of(entry.file_type()), leads));
            }
            // What vanished or may not be entered is said, and the rest is still walked.
            Err(error) => entries.extend(error.path().map(|at| Entry {
                guess: Guess::NotAFile("a directory that cannot be read"),
                ..root.entry(at)
            })),
        }
    }
    Ok(entries)
}

/// Whether a directory of that name holds no configuration.
pub fn is_skipped(name: &OsStr) -> bool {
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

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To something below the path.
    Inside,
    /// To what a running system has there and a copy of its `/etc` has not.
    OfSystem(&'static str),
    /// Out of it.
    Outside,
    /// To nothing.
    Nowhere,
}

impl<'a> Root<'a> {
    /// A path without links, and how it is shown.
    pub fn new(path: PathBuf, shown: &'a str) -> Self {
        Self {
            path,
            shown,
            prefix: components(Path::new(shown)),
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
        let inside = components(path.strip_prefix(&self.path).unwrap_or(path));
        let whole = components(path);
        let fragment = is_fragment(&whole);
        all.extend(inside);
        let lead = if self.shown.starts_with('/') { "/" } else { "" };
        Entry {
            path: path.to_owned(),
            content: Content::File,
            shown: format!("{lead}{}", all.join("/")),
            label: None,
            components: all,
            below: self.prefix.len(),
            fragment,
            in_neutrons_directory: directory::is_neutrons(&whole),
            guess: Guess::Content,
        }
    }

    /// What lies below it; `leads` tells where it leads, if it is a link.
    pub fn file(&self, path: &Path, kind: Kind, leads: impl FnOnce() -> Leads) -> Entry {
        let entry = self.entry(path);
        let guess = guess::of(path, &entry.components);
        let unnamed = matches!(guess, Guess::Content | Guess::Hostname | Guess::Left(_));
        let guess = match kind {
            Kind::File => guess,
            Kind::Link if unnamed => Guess::Left("a link"),
            Kind::Link if says_what_starts(&entry.components) => {
                Guess::Left("a link that says what systemd starts")
            }
            Kind::Special(_) if unnamed => Guess::Left("no regular file"),
            // What a link points to is read where it lies, if that is inside.
            Kind::Link => match leads() {
                Leads::Inside => Guess::Left("a link to a file that is read where it lies"),
                Leads::OfSystem(what) => Guess::Left(what),
                Leads::Outside => Guess::NotAFile("a link out of the tree, which is not followed"),
                Leads::Nowhere => Guess::NotAFile("a link to nothing"),
            },
            Kind::Special(what) => Guess::NotAFile(what),
        };
        Entry { guess, ..entry }
    }

    fn leads(&self, path: &Path) -> Leads {
        let end = fs::canonicalize(path);
        if end.as_ref().is_ok_and(|end| end.starts_with(&self.path)) {
            return Leads::Inside;
        }
        let target = fs::read_link(path).ok();
        match target.and_then(|target| system_link::described(path, &target)) {
            Some(what) => Leads::OfSystem(what),
            None if end.is_ok() => Leads::Outside,
            None => Leads::Nowhere,
        }
    }
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

fn components(path: &Path) -> Vec<String> {
    let names = path.components().filter_map(|component| match component {
        std::path::Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        std::path::Component::ParentDir => Some("..".to_owned()),
        _ => None,
    });
    names.collect()
}
