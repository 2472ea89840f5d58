//! Which `ovnlint.toml` holds for a path, and its text.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::read::settings::NAME;

/// Settings above this are no settings.
const MAX_SETTINGS: u64 = 1 << 20;

/// The file that holds for a path, looked for from its directory upward: to the root of the repository that it lies
/// in; outside of one to the working directory, where the path lies below that; else in its directory alone.
pub fn found(path: &Path, working: &Path) -> Option<Found> {
    // What cannot be resolved cannot be read either, and the reader of inputs says so.
    let path = fs::canonicalize(working.join(path)).ok()?;
    let working = fs::canonicalize(working).unwrap_or_else(|_| working.to_owned());
    let start = if path.is_dir() { &path } else { path.parent()? };
    let top = top(start, &working);
    let inside = start
        .ancestors()
        .take_while(|directory| directory.starts_with(top));
    let mut candidates = inside.map(|directory| directory.join(NAME));
    let file = candidates.find(|file| fs::symlink_metadata(file).is_ok())?;
    Some(Found {
        file,
        top: top.to_owned(),
    })
}

/// A file that was found, and the directory that bounded the search.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub file: PathBuf,
    /// Where the search ended; a link out of it is not followed.
    pub top: PathBuf,
}

fn top<'a>(start: &'a Path, working: &Path) -> &'a Path {
    let is_root = |directory: &&Path| fs::symlink_metadata(directory.join(".git")).is_ok();
    if let Some(root) = start.ancestors().find(is_root) {
        return root;
    }
    let is_working = |directory: &&Path| *directory == working;
    start.ancestors().find(is_working).unwrap_or(start)
}

impl Found {
    /// Its text. Fails where it is no file that can be read, or a link out of the tree.
    pub fn text(&self) -> Result<String, String> {
        match fs::canonicalize(&self.file) {
            Ok(real) if real.starts_with(&self.top) => text(&real),
            Ok(_) => Err("a link out of the tree, which is not followed".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The text of settings. Fails where they are no file, too large, or no text.
pub fn text(path: &Path) -> Result<String, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if metadata.is_dir() {
        return Err("a directory, not a file".to_owned());
    }
    // A FIFO would be waited for.
    if !metadata.is_file() {
        return Err("not a regular file".to_owned());
    }
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(MAX_SETTINGS + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_SETTINGS {
        return Err("larger than 1 MiB, which no settings are".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("not UTF-8, from byte {at} on")
    })
}
