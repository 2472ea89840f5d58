//! Walks the paths of the command line.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::guess::{self, Guess};

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

/// One file below a path of the command line.
#[derive(Debug)]
pub struct Entry {
    /// How it is opened.
    pub path: PathBuf,
    /// How it is shown: relative to the working directory, with `/`.
    pub shown: String,
    /// The components of `shown`.
    pub components: Vec<String>,
    /// How many of them belong to the path of the command line.
    pub below: usize,
    /// Whether it lies among a deployer's overlays.
    pub fragment: bool,
    /// What its name says.
    pub guess: Guess,
}

/// Every file below a path, or the file itself. Fails where the path cannot be read.
pub fn walk(path: &Path, shown: &str) -> Result<Vec<Entry>, String> {
    let fail = |error: std::io::Error| format!("{shown}: {error}");
    let metadata = fs::metadata(path).map_err(fail)?;
    let real = fs::canonicalize(path).map_err(fail)?;
    let prefix: Vec<String> = components(Path::new(shown));
    if metadata.is_file() {
        // It was named, so it must be readable; below a directory it would be a finding.
        fs::File::open(path).map_err(fail)?;
        let below = prefix.len().saturating_sub(1);
        let root = Root {
            path: real.clone(),
            shown,
            prefix,
        };
        let guess = match guess::of(&real, &root.prefix, below) {
            Guess::Left(_) => Guess::Content,
            guess => guess,
        };
        return Ok(vec![Entry {
            below,
            guess,
            ..root.entry(&real)
        }]);
    }
    if !metadata.is_dir() {
        return Err(format!("{shown}: neither a file nor a directory"));
    }
    fs::read_dir(path).map_err(fail)?;
    let root = Root {
        path: real,
        shown,
        prefix,
    };
    let walker = WalkDir::new(&root.path)
        .max_depth(DEPTH)
        .sort_by_file_name();
    let kept = |entry: &DirEntry| {
        entry.depth() == 0
            || !entry.file_type().is_dir()
            || !SKIPPED.iter().any(|name| entry.file_name() == *name)
    };
    let mut entries = Vec::new();
    for entry in walker.into_iter().filter_entry(kept) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => entries.push(root.file(entry.path(), entry.file_type())),
            // What vanished or may not be entered is said, and the rest is still walked.
            Err(error) => entries.extend(error.path().map(|at| Entry {
                guess: Guess::NotAFile("a directory that cannot be read"),
                ..root.entry(at)
            })),
        }
    }
    Ok(entries)
}

/// A path of the command line.
struct Root<'a> {
    /// Without links.
    path: PathBuf,
    /// As it is shown.
    shown: &'a str,
    /// The components of what is shown.
    prefix: Vec<String>,
}

impl Root<'_> {
    fn entry(&self, path: &Path) -> Entry {
        let mut all = self.prefix.clone();
        let inside = components(path.strip_prefix(&self.path).unwrap_or(path));
        let fragment = is_fragment(&components(path));
        all.extend(inside);
        let lead = if self.shown.starts_with('/') { "/" } else { "" };
        Entry {
            path: path.to_owned(),
            shown: format!("{lead}{}", all.join("/")),
            components: all,
            below: self.prefix.len(),
            fragment,
            guess: Guess::Content,
        }
    }

    fn file(&self, path: &Path, kind: fs::FileType) -> Entry {
        let entry = self.entry(path);
        let guess = guess::of(path, &entry.components, entry.below);
        let unnamed = matches!(guess, Guess::Content | Guess::Left(_));
        let guess = match guess {
            guess if kind.is_file() => guess,
            _ if unnamed && kind.is_symlink() => Guess::Left("a link"),
            _ if unnamed => Guess::Left("no regular file"),
            // What a link points to is read where it lies, if that is inside.
            _ if kind.is_symlink() => match fs::canonicalize(path) {
                Ok(target) if target.starts_with(&self.path) => {
                    Guess::Left("a link to a file that is read where it lies")
                }
                Ok(_) => Guess::NotAFile("a link out of the tree, which is not followed"),
                Err(_) => Guess::NotAFile("a link to nothing"),
            },
            _ => Guess::NotAFile(special(kind)),
        };
        Entry { guess, ..entry }
    }
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
