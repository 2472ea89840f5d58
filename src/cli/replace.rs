//! Writes a file beside the one that it replaces, and renames it: who reads finds the old one or the new one, whole.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::read::guess::UNFINISHED;
use crate::report::escape;

#[cfg(test)]
mod tests;

/// Names are tried one after the other: a run in another container may have the same process id.
const NAMES: u32 = 100;

/// A text in place of another.
#[derive(Clone, Copy, Debug)]
pub struct Rewrite<'a> {
    /// The file, without links.
    pub file: &'a Path,
    /// As it is shown.
    pub shown: &'a str,
    /// What was read from it.
    pub before: &'a str,
    /// What it is to hold.
    pub after: &'a str,
}

/// Puts a text into a file, whole or not at all. What is no file, a pipe for one, is written to.
pub fn replace(file: &Path, text: &str) -> io::Result<()> {
    let found = fs::metadata(file).ok();
    if found.as_ref().is_some_and(|found| !found.is_file()) {
        return OpenOptions::new()
            .write(true)
            .open(file)?
            .write_all(text.as_bytes());
    }
    // A link stays, and what it names is replaced.
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let mut beside = Beside::of(&file, found.as_ref())?;
    beside.write(text)?;
    if let Some(found) = found {
        beside.file.set_permissions(found.permissions())?;
    }
    beside.file.sync_all()?;
    beside.rename(&file)
}

/// Rewrites files that belong together: all of them, or none where one is not what was read. Keeps mode and owner.
/// Fails with a sentence that names the file.
pub fn rewrite(files: &[Rewrite]) -> Result<(), String> {
    let mut written = Vec::new();
    for rewrite in files {
        written.push(prepared(rewrite)?);
    }
    for rewrite in files {
        unchanged(rewrite)?;
    }
    for (beside, rewrite) in written.into_iter().zip(files) {
        let renamed = beside.rename(rewrite.file);
        renamed.map_err(|error| said(rewrite, &format!("cannot be written: {error}")))?;
    }
    Ok(())
}

fn prepared(rewrite: &Rewrite) -> Result<Beside, String> {
    let fail = |error: io::Error| said(rewrite, &format!("cannot be written: {error}"));
    let found = fs::symlink_metadata(rewrite.file).map_err(fail)?;
    // What changed needs no second file beside it.
    unchanged(rewrite)?;
    clear(rewrite.file);
    let mut beside = Beside::of(rewrite.file, Some(&found)).map_err(fail)?;
    beside.write(rewrite.after).map_err(fail)?;
    keep_owner(&beside.file, &found).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => said(
            rewrite,
            "is left as it is: it has another owner or group, which it would lose; run this as its owner or as root",
        ),
        _ => fail(error),
    })?;
    // Behind the owner: a change of that takes bits of the mode away.
    let mode = beside.file.set_permissions(found.permissions());
    mode.map_err(fail)?;
    beside.file.sync_all().map_err(fail)?;
    Ok(beside)
}

fn unchanged(rewrite: &Rewrite) -> Result<(), String> {
    let fail = |error: io::Error| said(rewrite, &format!("cannot be read again: {error}"));
    let is_file = fs::symlink_metadata(rewrite.file).map_err(fail)?.is_file();
    if is_file && fs::read(rewrite.file).map_err(fail)? == rewrite.before.as_bytes() {
        return Ok(());
    }
    Err(said(
        rewrite,
        "is left as it is: it changed since it was read",
    ))
}

fn said(rewrite: &Rewrite, what: &str) -> String {
    format!("{} {what}", escape::terminal(rewrite.shown))
}

/// A new file in the directory of another; removed unless it takes that one's place.
struct Beside {
    path: PathBuf,
    file: File,
    renamed: bool,
}

impl Beside {
    fn of(target: &Path, found: Option<&Metadata>) -> io::Result<Self> {
        let (directory, name) = parts(target)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        // It may hold what only few may read, before it has the mode of what it replaces.
        if found.is_some() {
            only_own(&mut options);
        }
        let process = std::process::id();
        let mut names = (0..NAMES).map(|number| match number {
            0 => format!(".{name}.{process}{UNFINISHED}"),
            _ => format!(".{name}.{process}-{number}{UNFINISHED}"),
        });
        let exists = |error: &io::Error| error.kind() == io::ErrorKind::AlreadyExists;
        let opened = names.find_map(|name| {
            let path = directory.join(name);
            match options.open(&path) {
                Err(error) if exists(&error) => None,
                opened => Some(opened.map(|file| (path, file))),
            }
        });
        let (path, file) = opened.unwrap_or_else(|| Err(io::ErrorKind::AlreadyExists.into()))?;
        // For `clear` of another run. Where nothing can be locked, nothing is cleared.
        let _ = file.try_lock();
        Ok(Self {
            path,
            file,
            renamed: false,
        })
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())
    }

    fn rename(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.renamed = true;
        // The file is in its place; a file system that cannot sync a directory does not undo that.
        #[cfg(unix)]
        if let Some(directory) = target.parent() {
            let _ = File::open(directory).and_then(|directory| directory.sync_all());
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.renamed {
            // What went wrong before is what matters.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Directory and name of a file; the directory of a bare name is the one the program runs in.
fn parts(file: &Path) -> io::Result<(&Path, String)> {
    let name = file.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let directory = file.parent().ok_or(io::ErrorKind::InvalidFilename)?;
    Ok((directory, name.to_string_lossy().into_owned()))
}

/// Removes what runs that were killed left beside a file. What a living run writes, it holds a lock on.
fn clear(file: &Path) {
    let Ok((directory, name)) = parts(file) else {
        return;
    };
    let start = format!(".{name}.");
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let process = name.strip_prefix(&start);
        let process = process.and_then(|rest| rest.strip_suffix(UNFINISHED));
        let numbers = |text: &str| text.bytes().all(|c| c.is_ascii_digit() || c == b'-');
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && process.is_some_and(numbers) && !is_locked(&entry.path()) {
            // One that stays is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_locked(path: &Path) -> bool {
    !File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// Lets nobody else read a new file.
#[cfg(unix)]
fn only_own(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

/// Lets nobody else read a new file.
#[cfg(not(unix))]
fn only_own(_: &mut OpenOptions) {}

/// Gives the new file the owner and group of the one that it replaces.
#[cfg(unix)]
fn keep_owner(new: &File, found: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let own = new.metadata()?;
    let user = (own.uid() != found.uid()).then(|| found.uid());
    let group = (own.gid() != found.gid()).then(|| found.gid());
    if user.is_none() && group.is_none() {
        return Ok(());
    }
    fchown(new, user, group)
}

/// Gives the new file the owner and group of the one that it replaces.
#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}
