//! `ovnlint.toml`: what the user sets, as it is written; whether lints of these names exist is judged elsewhere.

pub mod schema;

use semver::VersionReq;
use toml::Spanned as Toml;
use toml::de::{DeTable, DeValue};

use crate::finding::{Cap, Level};
use crate::read::glob;
use crate::read::keys::KeyError;
use crate::read::keys::advice::found;
use crate::read::keys::table::{Reader, Table, unsigned};
use crate::read::leave;
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
    /// Patterns of what is not read.
    pub exclude: Vec<Spanned<String>>,
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
pub fn read(file: FileId, text: &str) -> (Option<SettingsFile>, Vec<KeyError>) {
    let (document, broken) = DeTable::parse_recoverable(text);
    let mut reader = Reader::new(&schema::SETTINGS, file, text);
    if !reader.parsed(&broken) {
        return (None, reader.errors);
    }
    let root = reader.root(document.get_ref());
    let lints = reader.table(&root, "lints");
    let settings = SettingsFile {
        file,
        fail_on: reader.text(&root, "fail_on", level),
        ruleset: reader.text(&root, "ruleset", text_of),
        required_version: reader.text(&root, "required-version", requirement),
        exclude: reader.list(&root, "exclude", excluded).unwrap_or_default(),
        lints: lints.map_or_else(Vec::new, |lints| reader.named(&lints, lint)),
        allows: reader.tables(&root, "allow", allow),
    };
    reader.errors.sort_by_key(|error| error.place.span);
    (Some(settings), reader.errors)
}

fn lint<'t>(reader: &mut Reader<'t>, lint: Spanned<String>, table: &Table<'t>) -> LintEntry {
    let parameter = |(name, value): (_, &Toml<DeValue>)| ParameterEntry {
        name,
        value: reader.spanned(value_of(value.get_ref()), value.span()),
    };
    let parameters = reader.others(table).into_iter().map(parameter).collect();
    LintEntry {
        lint,
        level: reader.text(table, "level", cap),
        parameters,
    }
}

fn value_of(value: &DeValue) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => match unsigned(number) {
            Some(number) => Value::Number(number),
            None => Value::Other("a number out of range"),
        },
        other => Value::Other(found(other)),
    }
}

fn allow<'t>(reader: &mut Reader<'t>, place: Place, table: &Table<'t>) -> AllowEntry {
    let lints = reader.list(table, "lint", text_of);
    // A list whose lints are all written wrongly was complained of already.
    let named = table.value("lint").is_some_and(|(_, value)| {
        let list = value.get_ref().as_array();
        list.is_none_or(|list| !list.is_empty())
    });
    if !named {
        let message = "`[[allow]]` names no lint: write `lint = \"…\"`".to_owned();
        reader.error(place.span.range(), message, "no lint");
    }
    AllowEntry {
        place,
        lints: lints.unwrap_or_default(),
        nodes: reader.list(table, "nodes", pattern),
        subject: reader.text(table, "subject", pattern),
        reason: reader.text(table, "reason", |text| Ok(text.to_owned())),
        until: until(reader, table),
    }
}

fn until<'t>(
    reader: &mut Reader<'t>,
    table: &Table<'t>,
) -> Option<Result<Spanned<Date>, Spanned<String>>> {
    let (key, value) = table.value("until")?;
    let written = match value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(date) => date.to_string(),
        _ => return reader.wrong_type(key, value),
    };
    Some(match Date::parse(&written) {
        Some(date) => Ok(reader.spanned(date, value.span())),
        None => Err(reader.spanned(written, value.span())),
    })
}

// The two below are asked only about words that the table of keys lists.

fn level(text: &str) -> Result<Level, String> {
    Level::named(text).ok_or_else(|| format!("`{text}` is not a level"))
}

fn cap(text: &str) -> Result<Cap, String> {
    match text {
        "off" => Ok(Cap::Off),
        _ => level(text).map(Cap::AtMost),
    }
}

fn requirement(text: &str) -> Result<VersionReq, String> {
    let why = |error| format!("`{text}` is not a requirement as in `>=0.1, <0.3`: {error}");
    VersionReq::parse(text).map_err(why)
}

fn text_of(text: &str) -> Result<String, String> {
    match text {
        "" => Err("it is empty".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

fn pattern(text: &str) -> Result<String, String> {
    glob::of(text)?;
    text_of(text)
}

fn excluded(text: &str) -> Result<String, String> {
    leave::pattern(text).map_err(|why| format!("`{text}` is no pattern: {why}"))?;
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;
