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

use ruleset::Ruleset;

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
            origin: None,
            path: path.into(),
            text: text.into(),
        };
        let at = |place: &Place| source.position(place.span.start);
        let (said, ruleset, tuning) = checked(&source.text).map_err(|errors| {
            let errors = errors.into_iter();
            let lines = errors.map(|error| (at(&error.place), error.message));
            lines.collect::<Wrong>()
        })?;
        let origin = |place: &Place| Origin::File(at(place));
        let mut settings = Self::defaults();
        if let Some(level) = &said.fail_on {
            settings.fail_on = Chosen {
                value: level.value,
                origin: origin(&level.place),
            };
        }
        if let Some(name) = &said.ruleset {
            settings.ruleset = Chosen {
                value: ruleset.name,
                origin: origin(&name.place),
            };
        }
        settings.tuning = tuning;
        settings.file = Some(File { source, said });
        Ok(settings)
    }

    /// Adds the file to the sources of a run: its id there, and what it allows with places in it.
    pub fn placed(&self, sources: &mut Sources) -> Option<(FileId, Vec<AllowEntry>)> {
        let file = self.file.as_ref()?;
        let id = sources.add(&*file.source.path, &*file.source.text);
        let allows = file.said.allows.iter().cloned();
        Some((id, allows.map(|allow| allow.placed(id)).collect()))
    }
}

/// What a text says, and what that means for the lints. Fails with everything that is wrong.
fn checked(text: &str) -> Result<(SettingsFile, &'static Ruleset, Tuning), Vec<KeyError>> {
    let (said, mut errors) = read(FileId(0), text);
    let Some(said) = said else {
        return Err(errors);
    };
    // A file for another version may well say what this one does not know.
    let required = said.required_version.as_ref();
    if let Some(error) = required.and_then(|required| check::version(required, &own_version())) {
        return Err(vec![error]);
    }
    let ruleset = match said.ruleset.as_ref().map(check::named) {
        Some(Ok(ruleset)) => ruleset,
        Some(Err(error)) => {
            errors.push(error);
            ruleset::newest()
        }
        None => ruleset::newest(),
    };
    let tuning = check::tuning(&said, ruleset, &mut errors);
    errors.sort_by_key(|error| error.place.span);
    if errors.is_empty() {
        Ok((said, ruleset, tuning))
    } else {
        Err(errors)
    }
}

fn own_version() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).expect("Cargo takes no other")
}

#[cfg(test)]
mod tests;
