//! The settings in force: what `ovnlint.toml` says, checked against the lints, and the defaults.

use crate::finding::Level;
use crate::lints::Tuning;
use crate::read::settings::{AllowEntry, SettingsFile};
use crate::source::{FileId, Position, Source, Sources};

/// What is in force.
#[derive(Debug)]
pub struct Settings {
    /// The file, where there is one.
    pub file: Option<File>,
    /// The lowest level that makes the exit code 1.
    pub fail_on: Chosen<Level>,
    /// The ruleset's name.
    pub ruleset: Chosen<&'static str>,
    /// What is set of the lints.
    pub tuning: Tuning,
}

/// The file, and what it says. The places in it are of [`FileId`] 0 and of no [`Sources`] yet.
#[derive(Debug)]
pub struct File {
    /// Its path as it is shown, and its text.
    pub source: Source,
    /// What it says.
    pub said: SettingsFile,
}

/// A value and who chose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen<T> {
    /// The value.
    pub value: T,
    /// Who chose it.
    pub origin: Origin,
}

/// Where a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing was said.
    Default,
    /// The file, at that place.
    File(Position),
}

impl Settings {
    /// Adds the file to the sources of a run: its id there, and what it allows with places in it.
    pub fn placed(&self, sources: &mut Sources) -> Option<(FileId, Vec<AllowEntry>)> {
        let file = self.file.as_ref()?;
        let id = sources.add(&*file.source.path, &*file.source.text);
        let allows = file.said.allows.iter().cloned();
        Some((id, allows.map(|allow| allow.placed(id)).collect()))
    }
}
