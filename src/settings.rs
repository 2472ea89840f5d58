//! The settings in force: what `ovnlint.toml` says, checked against the lints, and the defaults.

mod check;
pub mod find;
pub mod ruleset;
pub mod schema;

use semver::Version;

use crate::finding::Level;
use crate::lints::Tuning;
use crate::read::keys::KeyError;
use crate::read::settings::{AllowEntry, SettingsFile, read};
use crate::source::{FileId, Place, Position, Source, Sources};

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

/// What is wrong with a file: each with its position and what is wrong, in the order of the file.
pub type Wrong = Vec<(Position, String)>;

impl Settings {
    /// Where there is no file.
    pub fn defaults() -> Self {
        Self {
            file: None,
            fail_on: Chosen {
                value: Level::Error,
                origin: Origin::Default,
            },
            ruleset: Chosen {
                value: ruleset::newest().name,
                origin: Origin::Default,
            },
            tuning: Tuning::default(),
        }
    }

    /// What a file says. Fails with everything that is wrong with it.
    pub fn of(path: impl Into<String>, text: impl Into<String>) -> Result<Self, Wrong> {
        let source = Source {
            path: path.into(),
            text: text.into(),
        };
        let (said, mut errors) = read(FileId(0), &source.text);
        let wrong = |errors: Vec<KeyError>| {
            let at = |error: KeyError| (source.position(error.place.span.start), error.message);
            errors.into_iter().map(at).collect()
        };
        let Some(said) = said else {
            return Err(wrong(errors));
        };
        // A file for another version may well say what this one does not know.
        let required = said.required_version.as_ref();
        if let Some(error) = required.and_then(|required| check::version(required, &own_version()))
        {
            return Err(wrong(vec![error]));
        }
        let chosen = said.ruleset.as_ref().map(check::named).transpose();
        let ruleset = chosen.unwrap_or_else(|error| {
            errors.push(error);
            None
        });
        let ruleset = ruleset.unwrap_or_else(ruleset::newest);
        let tuning = check::tuning(&said, ruleset, &mut errors);
        if !errors.is_empty() {
            errors.sort_by_key(|error| error.place.span);
            return Err(wrong(errors));
        }
        let at = |place: &Place| Origin::File(source.position(place.span.start));
        Ok(Self {
            fail_on: match &said.fail_on {
                Some(level) => Chosen {
                    value: level.value,
                    origin: at(&level.place),
                },
                None => Self::defaults().fail_on,
            },
            ruleset: Chosen {
                value: ruleset.name,
                origin: said
                    .ruleset
                    .as_ref()
                    .map_or(Origin::Default, |name| at(&name.place)),
            },
            tuning,
            file: Some(File { source, said }),
        })
    }

    /// Adds the file to the sources of a run: its id there, and what it allows with places in it.
    pub fn placed(&self, sources: &mut Sources) -> Option<(FileId, Vec<AllowEntry>)> {
        let file = self.file.as_ref()?;
        let id = sources.add(&*file.source.path, &*file.source.text);
        let allows = file.said.allows.iter().cloned();
        Some((id, allows.map(|allow| allow.placed(id)).collect()))
    }
}

fn own_version() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).expect("Cargo takes no other")
}

#[cfg(test)]
mod tests;
