//! What git tracks in a working tree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Repository, native};

/// The paths that the index of a working tree has.
#[derive(Debug)]
pub struct Tracked(BTreeSet<PathBuf>);

impl Tracked {
    /// Asks git. Fails where it cannot tell.
    pub fn of(repository: &Repository) -> Result<Self, String> {
        let output = repository.answer(&["ls-files", "-z", "--full-name"])?;
        let paths = output.split(|byte| *byte == 0);
        let paths = paths.filter(|path| !path.is_empty());
        Ok(Self(
            paths
                .map(|path| repository.top.join(native(path)))
                .collect(),
        ))
    }

    /// Whether it has a path without links, one below it, or a submodule above it.
    pub fn has(&self, path: &Path) -> bool {
        let from = self.0.range(path.to_owned()..).next();
        from.is_some_and(|found| found.starts_with(path))
            || path.ancestors().any(|above| self.0.contains(above))
    }
}
