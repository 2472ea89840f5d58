//! Writes the directory of a node: beside its place first, so that an older snapshot stays until the new one is whole.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use crate::read::machine;
use crate::source::FileId;

/// The directory of a node while it is written. What is not finished is removed.
pub struct Tree {
    /// What was written, relative to the directory.
    pub written: Vec<PathBuf>,
    place: PathBuf,
    beside: PathBuf,
}

impl Tree {
    /// Fails where the node's place is taken by something that no snapshot made, or cannot be written.
    pub fn new(directory: &Path, node: &str) -> Result<Self, String> {
        create(directory, Parents::Made)?;
        let place = directory.join(node);
        if !is_free(&place) {
            return Err(format!(
                "{} is there, and no snapshot made it: move it away, or give another directory",
                place.display()
            ));
        }
        // Of this process alone; a name that is taken, even by a link, fails.
        let beside = directory.join(format!(".{node}.{}.part", std::process::id()));
        create(&beside, Parents::There)?;
        Ok(Self {
            written: Vec::new(),
            place,
            beside,
        })
    }

    /// Writes one file, that only its owner may read.
    pub fn write(&mut self, name: &Path, content: &[u8]) -> Result<(), String> {
        let inside = name
            .components()
            .all(|component| matches!(component, Component::Normal(_)));
        assert!(
            inside,
            "names are made of the components of files that were found"
        );
        let path = self.beside.join(name);
        if let Some(parent) = path.parent() {
            create(parent, Parents::Made)?;
        }
        new_file(&path)
            .and_then(|mut file| file.write_all(content))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        self.written.push(name.to_owned());
        Ok(())
    }

    /// Puts the directory into its place; answers where that is, and what is in it.
    pub fn finish(mut self) -> Result<(PathBuf, Vec<PathBuf>), String> {
        let failed = |error| format!("{}: {error}", self.place.display());
        if self.place.exists() {
            // Looked at again: it is removed with all that is in it.
            if !is_free(&self.place) {
                return Err(format!("{} was changed meanwhile", self.place.display()));
            }
            std::fs::remove_dir_all(&self.place).map_err(failed)?;
        }
        std::fs::rename(&self.beside, &self.place).map_err(failed)?;
        let written = std::mem::take(&mut self.written);
        Ok((self.place.clone(), written))
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // After `finish` it is gone already; what is left of a failure says nothing to anyone.
        let _ = std::fs::remove_dir_all(&self.beside);
    }
}

/// Whether a snapshot may take the place: nothing is there, an empty directory, or an older snapshot.
fn is_free(place: &Path) -> bool {
    let Ok(metadata) = std::fs::symlink_metadata(place) else {
        return true;
    };
    if !metadata.is_dir() {
        return false;
    }
    let is_empty = std::fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_none());
    let text = std::fs::read_to_string(place.join(machine::NAME));
    is_empty || text.is_ok_and(|text| machine::read(FileId(0), &text).is_some())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Parents {
    Made,
    There,
}

fn create(directory: &Path, parents: Parents) -> Result<(), String> {
    let mut builder = DirBuilder::new();
    builder.recursive(parents == Parents::Made);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(directory)
        .map_err(|error| format!("{}: {error}", directory.display()))
}

fn new_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
