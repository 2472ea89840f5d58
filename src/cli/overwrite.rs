//! No report is written over what is read.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::read::guess::Guess;
use crate::read::{self, names, settings, walk};

/// What a run reads.
#[derive(Clone, Copy, Debug)]
pub struct Reads<'a> {
    /// Directories or files of sites.
    pub paths: &'a [PathBuf],
    /// Files that are named by themselves: a script, settings, a baseline.
    pub files: &'a [Option<&'a Path>],
    /// The working directory.
    pub directory: &'a Path,
}

/// What a path names, however it is spelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// A file that is there, by its device and its number there.
    #[cfg(unix)]
    There(u64, u64),
    /// A file by its path without links.
    Path(PathBuf),
}

impl Identity {
    /// What a path names or will name; none for what is no regular file.
    pub fn of(path: &Path) -> Option<Self> {
        if let Ok(found) = fs::metadata(path) {
            return found.is_file().then(|| there(path, &found));
        }
        let name = path.file_name()?;
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let parent = fs::canonicalize(parent.unwrap_or(Path::new("."))).ok()?;
        Some(Self::Path(parent.join(name)))
    }
}

/// Links of both kinds lead to one file.
#[cfg(unix)]
fn there(_: &Path, found: &fs::Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt;
    Identity::There(found.dev(), found.ino())
}

#[cfg(not(unix))]
fn there(path: &Path, _: &fs::Metadata) -> Identity {
    Identity::Path(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
}

impl Reads<'_> {
    /// Fails where a file that is to be written is one that is read, by whatever name, or a script.
    pub fn refuse(&self, written: &Path) -> Result<(), String> {
        let path = self.directory.join(written);
        if !path.is_file() {
            return Ok(());
        }
        let refused = |what: &str| {
            let written = names::shown(written);
            Err(format!("{written} is {what}; it is not written over"))
        };
        let real = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if real.file_name().is_some_and(|name| name == settings::NAME) {
            return refused("a file of settings");
        }
        if is_script(&path) {
            return refused("a script");
        }
        if self.has(&path) {
            return refused("an input of this run");
        }
        Ok(())
    }

    fn has(&self, written: &Path) -> bool {
        let Some(written) = Identity::of(written) else {
            return false;
        };
        let is_written = |path: &Path| Identity::of(path).as_ref() == Some(&written);
        let mut files = self.files.iter().flatten();
        if files.any(|file| is_written(&self.directory.join(file))) {
            return true;
        }
        // A path that cannot be read is said by who reads it.
        let walked = self
            .paths
            .iter()
            .filter_map(|path| walk::walk(path, ".", None).ok());
        let mut entries = walked.flatten().filter(|entry| is_written(&entry.path));
        entries.any(|entry| match entry.guess {
            Guess::Left(_) => false,
            Guess::Content => read::is_recognised(&entry.path),
            _ => true,
        })
    }
}

fn is_script(path: &Path) -> bool {
    let mut start = [0; 2];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *b"#!"
}
