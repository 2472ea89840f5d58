//! Paths of the command line: how they are shown, and how they lie to each other.

use std::path::{Component, Path, PathBuf};

use crate::read::names;

use super::Surroundings;

/// Each path, and how it is shown.
pub fn labelled<'a>(paths: &'a [PathBuf], surroundings: &Surroundings) -> Vec<(&'a Path, String)> {
    let shown = |path| shown(path, &surroundings.directory);
    paths
        .iter()
        .map(|path| (path.as_path(), shown(path)))
        .collect()
}

/// A path as it is shown: relative to the working directory where it lies below it, with `/`.
pub fn shown(path: &Path, directory: &Path) -> String {
    let relative = path.strip_prefix(directory).unwrap_or(path);
    let text = names::shown(relative);
    if text.is_empty() {
        ".".to_owned()
    } else {
        text
    }
}

/// The way from a directory to a path, by their names: with `..` where it leads up.
pub fn way(directory: &Path, path: &Path) -> PathBuf {
    let pairs = path.components().zip(directory.components());
    let shared = pairs.take_while(|(a, b)| a == b).count();
    let up = directory
        .components()
        .skip(shared)
        .map(|_| Component::ParentDir);
    up.chain(path.components().skip(shared)).collect()
}
