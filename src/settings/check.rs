//! What `ovnlint.toml` says, checked against the program: its version, its rulesets, its lints.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};

use crate::finding::Cap;
use crate::finding::words::nearest;
use crate::lints::{self, LINTS, Lint, Takes, Tunable, Tuning};
use crate::read::keys::KeyError;
use crate::read::settings::{LintEntry, ParameterEntry, SettingsFile, Value};
use crate::read::size;
use crate::source::Spanned;

use super::ruleset::{self, RULESETS, Ruleset};

/// Why this version of the program may not run.
pub fn version(required: &Spanned<VersionReq>, own: &Version) -> Option<KeyError> {
    if required.matches(own) {
        return None;
    }
    let message = format!("this is ovnlint {own}, and `required-version` asks for `{required}`");
    Some(error(required, message, "not this version"))
}

/// The ruleset of that name.
pub fn named(name: &Spanned<String>) -> Result<&'static Ruleset, KeyError> {
    let mut known = RULESETS.iter();
    known.find(|known| known.name == name.value).ok_or_else(|| {
        let names: Vec<_> = RULESETS.iter().map(|known| known.name).collect();
        let names = names.join("`, `");
        let message =
            format!("`ruleset`: `{name}` is not known to this version: known is `{names}`");
        error(name, message, "not a ruleset")
    })
}

/// What is set of the lints; what is wrong is left out.
pub fn tuning(said: &SettingsFile, ruleset: &Ruleset, errors: &mut Vec<KeyError>) -> Tuning {
    let mut tuning = Tuning {
        caps: outside(ruleset),
        ..Tuning::default()
    };
    for entry in &said.lints {
        let Some(lint) = lints::find(&entry.lint) else {
            errors.push(unknown(&entry.lint));
            continue;
        };
        if let Some(level) = &entry.level {
            tuning.caps.insert(lint.name.to_owned(), level.value);
        }
        let parameters = parameters(lint, entry, errors);
        if !parameters.is_empty() {
            tuning.parameters.insert(lint.name.to_owned(), parameters);
        }
    }
    tuning
}

/// The lints that came after a ruleset: they are off.
fn outside(ruleset: &Ruleset) -> BTreeMap<String, Cap> {
    // The newest has all, and that need not be read from every lint.toml.
    if ruleset == ruleset::newest() {
        return BTreeMap::new();
    }
    let later = LINTS
        .iter()
        .filter(|lint| !ruleset.has(&lint.about().since));
    later.map(|lint| (lint.name.to_owned(), Cap::Off)).collect()
}

fn parameters(
    lint: &'static Lint,
    entry: &LintEntry,
    errors: &mut Vec<KeyError>,
) -> BTreeMap<String, toml::Value> {
    let mut parameters = BTreeMap::new();
    for parameter in &entry.parameters {
        let name = &parameter.name.value;
        let value = match lint.about().parameters.get(name) {
            Some(tunable) => value(lint, tunable, parameter),
            None => Err(unknown_parameter(lint, &parameter.name)),
        };
        match value {
            Ok(value) => _ = parameters.insert(name.clone(), value),
            Err(error) => errors.push(error),
        }
    }
    parameters
}

/// The value, where the parameter takes it.
fn value(
    lint: &'static Lint,
    tunable: &Tunable,
    parameter: &ParameterEntry,
) -> Result<toml::Value, KeyError> {
    let ParameterEntry { name, value } = parameter;
    let wrong = |what: String| {
        let message = format!("`{name}` of `{}` must be {what}", lint.name);
        error(value, message, takes(tunable.takes()))
    };
    let (given, found) = match &value.value {
        Value::Text(text) => (toml::Value::String(text.clone()), "a string"),
        Value::Number(number) => match i64::try_from(*number) {
            Ok(number) => (toml::Value::Integer(number), "an integer"),
            Err(_) => return Err(wrong(format!("at most {}", i64::MAX))),
        },
        Value::Other(found) => (toml::Value::Boolean(false), *found),
    };
    let instead = || wrong(format!("{}, not {found}", takes(tunable.takes())));
    match (tunable.takes(), &value.value) {
        (Takes::Size, Value::Number(0)) => Err(wrong("more than 0 bytes".to_owned())),
        (Takes::Size, Value::Text(text)) => match size::parse(text) {
            Ok(0) => Err(wrong("more than 0 bytes".to_owned())),
            Ok(_) => Ok(given),
            Err(why) => Err(error(value, format!("`{name}`: {why}"), "not a size")),
        },
        (Takes::Number, Value::Text(text)) if text.parse::<u32>().is_ok() => Err(wrong(format!(
            "{}, not {found}: write `{text}`",
            takes(Takes::Number)
        ))),
        (Takes::Text, Value::Number(number)) => Err(wrong(format!(
            "{}, not {found}: write `\"{number}\"`",
            takes(Takes::Text)
        ))),
        _ => tunable.read(&given).map(|_| given).ok_or_else(instead),
    }
}

/// In words: what "must be" is followed by.
fn takes(takes: Takes) -> &'static str {
    match takes {
        Takes::Number => "a whole number, 0 or more",
        Takes::Size => "a size: a string like \"16GiB\", or a number of bytes",
        Takes::Text => "a string",
    }
}

fn unknown(name: &Spanned<String>) -> KeyError {
    let hint = nearest(name, LINTS.iter().map(|lint| lint.name)).map_or_else(
        || "`ovnlint lints` lists them".to_owned(),
        |meant| format!("did you mean `{meant}`?"),
    );
    error(
        name,
        format!("there is no lint `{name}`: {hint}"),
        "no lint",
    )
}

fn unknown_parameter(lint: &'static Lint, name: &Spanned<String>) -> KeyError {
    let parameters = lint.about().parameters.keys().map(String::as_str);
    let known: Vec<&str> = ["level"].into_iter().chain(parameters).collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("it has `{}`", known.join("`, `")),
    };
    let message = format!("`{}` has no parameter `{name}`: {hint}", lint.name);
    error(name, message, "no parameter of it")
}

fn error<T>(at: &Spanned<T>, message: String, label: &str) -> KeyError {
    KeyError {
        place: at.place.clone(),
        message,
        meant: None,
        label: label.to_owned(),
    }
}
