//! What is left out of a tree though it is there: what `exclude` names, and what `.gitignore` names and git does not
//! track.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::git::standing::{self, Named};
use super::git::tracked::Tracked;

/// A `.gitignore` above this is not heeded.
const MAX_IGNORE: u64 = 64 << 10;

/// What a run leaves out.
#[derive(Debug)]
pub struct Leave {
    /// What `exclude` names, from the directory of the settings.
    exclude: Gitignore,
    /// Whether `.gitignore` is heeded.
    ignored: Ignored,
}

/// Whether what `.gitignore` names is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// It is, where git does not track it.
    Left,
    /// It is read as everything else.
    Read,
}

impl Default for Leave {
    /// Nothing is left out.
    fn default() -> Self {
        Self {
            exclude: Gitignore::empty(),
            ignored: Ignored::Read,
        }
    }
}

impl Leave {
    /// By the patterns of `exclude` in a file that lies in the directory; those that are none were complained of.
    pub fn of(directory: &Path, exclude: &[&str], ignored: Ignored) -> Self {
        let real = directory.canonicalize();
        let mut builder = GitignoreBuilder::new(real.as_deref().unwrap_or(directory));
        for line in exclude {
            let _ = builder.add_line(None, line);
        }
        Self {
            exclude: builder.build().unwrap_or_else(|_| Gitignore::empty()),
            ignored,
        }
    }

    /// What it leaves of a path, which is read itself whatever names it.
    pub fn below(&self, path: &Path) -> Below<'_> {
        Below {
            leave: Some(self),
            ..Below::all(path)
        }
    }
}

/// Fails where a text is no pattern of a `.gitignore`, with why.
pub fn pattern(text: &str) -> Result<(), String> {
    if text.contains('\n') {
        return Err("it has more than one line".to_owned());
    }
    let mut builder = GitignoreBuilder::new("");
    let added = builder.add_line(None, text).map(|_| ());
    let built = added.and_then(|()| builder.build());
    match built {
        Ok(built) if built.is_empty() => Err("it names nothing".to_owned()),
        Ok(_) => Ok(()),
        Err(error) => {
            let why = error.to_string();
            Err(why.lines().next().unwrap_or_default().to_owned())
        }
    }
}

/// What is left out below one path of the command line. Before a change that is the same as after it.
#[derive(Debug)]
pub struct Below<'a> {
    leave: Option<&'a Leave>,
    /// The path without links.
    root: PathBuf,
    /// The top of the working tree that it lies in.
    top: Option<PathBuf>,
    /// What git tracks, where that can be told: what it tracks is read, so that no commit takes a file away by naming
    /// it.
    tracked: OnceCell<Option<Tracked>>,
    /// What is known of directories.
    directories: RefCell<HashMap<PathBuf, LeftDirectory>>,
    /// The `.gitignore` of directories.
    ignores: RefCell<HashMap<PathBuf, Option<Rc<Gitignore>>>>,
}

/// What is known of a directory.
#[derive(Clone, Copy, Debug, Default)]
struct LeftDirectory {
    /// Why all is left out that is not tracked.
    why: Option<&'static str>,
    /// Whether it lies in a working tree of its own below the first.
    apart: bool,
}

/// What is left out for being named by the settings.
const EXCLUDED: &str = "`exclude` of ovnlint.toml names it";
/// What is left out for being named by a `.gitignore`.
const IGNORED: &str = "`.gitignore` names it, and git does not track it";

impl Below<'_> {
    /// Nothing is left out below a path.
    pub fn all(root: &Path) -> Self {
        Self {
            leave: None,
            top: standing::top(root).map(Path::to_owned),
            root: root.to_owned(),
            tracked: OnceCell::new(),
            directories: RefCell::default(),
            ignores: RefCell::default(),
        }
    }

    /// The same of a commit, which has what is tracked alone.
    #[must_use]
    pub fn committed(mut self) -> Self {
        self.top = None;
        self
    }

    /// Why a file is left out that lies there below the path, if it is.
    pub fn file(&self, inside: &Path) -> Option<&'static str> {
        let path = self.root.join(inside);
        let above = self.entered(path.parent()?)?;
        self.why(&path, above, Is::File)
    }

    /// Why all of a directory is left out that lies there below the path, if it is.
    pub fn directory(&self, inside: &Path) -> Option<&'static str> {
        let path = self.root.join(inside);
        let why = self.entered(&path)?.why?;
        // Of one that is ignored, what is tracked is read.
        (why == EXCLUDED || !self.tracks(&path)).then_some(why)
    }

    /// What is known of a directory at or below the path; none beside it.
    fn entered(&self, path: &Path) -> Option<LeftDirectory> {
        self.leave?;
        let known = self.directories.borrow().get(path).copied();
        if known.is_some() {
            return known;
        }
        let directory = if path == self.root {
            LeftDirectory::default()
        } else {
            let above = path
                .parent()
                .filter(|above| above.starts_with(&self.root))?;
            let above = self.entered(above)?;
            LeftDirectory {
                why: self.why(path, above, Is::Directory),
                apart: above.apart || standing::top(path) == Some(path),
            }
        };
        self.directories
            .borrow_mut()
            .insert(path.to_owned(), directory);
        Some(directory)
    }

    fn why(&self, path: &Path, above: LeftDirectory, is: Is) -> Option<&'static str> {
        let leave = self.leave?;
        let named = |by: &Gitignore| by.matched(path, is == Is::Directory).is_ignore();
        if above.why == Some(EXCLUDED) || named(&leave.exclude) {
            return Some(EXCLUDED);
        }
        if leave.ignored == Ignored::Read || above.apart {
            return None;
        }
        let ignored = above.why.is_some() || self.is_ignored(path, is);
        (ignored && (is == Is::Directory || !self.tracks(path))).then_some(IGNORED)
    }

    /// Whether the nearest `.gitignore` that speaks of it names it.
    fn is_ignored(&self, path: &Path, is: Is) -> bool {
        let Some(top) = &self.top else {
            return false;
        };
        let above = path.ancestors().skip(1);
        let inside = above.take_while(|directory| directory.starts_with(top));
        let mut spoken = inside.filter_map(|directory| {
            let ignore = self.ignore(directory)?;
            match ignore.matched(path, is == Is::Directory) {
                Match::None => None,
                matched => Some(matched.is_ignore()),
            }
        });
        spoken.next().unwrap_or(false)
    }

    /// The `.gitignore` in a directory, which is heeded as git heeds it: no link, and as a whole.
    fn ignore(&self, directory: &Path) -> Option<Rc<Gitignore>> {
        if let Some(known) = self.ignores.borrow().get(directory) {
            return known.clone();
        }
        let read = read(directory).map(Rc::new);
        self.ignores
            .borrow_mut()
            .insert(directory.to_owned(), read.clone());
        read
    }

    fn tracks(&self, path: &Path) -> bool {
        // Where git cannot tell, nothing is left out.
        let tracked = self.tracked.get_or_init(|| {
            let named = Named::of(&self.root).ok()?;
            Tracked::of(&named.repository).ok()
        });
        tracked.as_ref().is_none_or(|tracked| tracked.has(path))
    }
}

/// What a path is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Is {
    /// A file, or what is read as one.
    File,
    /// A directory.
    Directory,
}

fn read(directory: &Path) -> Option<Gitignore> {
    let path = directory.join(".gitignore");
    let found = path.symlink_metadata().ok()?;
    if !found.is_file() || found.len() > MAX_IGNORE {
        return None;
    }
    let mut text = String::new();
    let file = File::open(path).ok()?;
    file.take(MAX_IGNORE).read_to_string(&mut text).ok()?;
    let mut builder = GitignoreBuilder::new(directory);
    for line in text.lines() {
        // What is no pattern names nothing.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests;
