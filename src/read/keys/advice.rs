//! What to write instead.

use toml::de::DeValue;

use super::schema::{Form, Key, Keys, Kind};

/// What stands there, with its article.
pub fn found(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// What is wrong with a word, and what was probably meant.
pub type Advice = (String, Option<&'static str>);

/// Why a word is none of the choices.
pub fn no_choice(words: &'static [&'static str], form: Form, text: &str) -> Advice {
    let meant = closest(text, words.iter().copied());
    let message = match meant {
        Some(word) => format!("`{text}` is not known: did you mean `{word}`?"),
        None => format!("`{text}` is not known: write {form}"),
    };
    (message, meant)
}

/// Why a key does not belong in a table.
pub fn unknown(keys: &Keys, path: &str, name: &str) -> Advice {
    let here = || keys.children(path).map(Key::name);
    let elsewhere = keys
        .keys
        .iter()
        .find(|key| key.name() == name && !key.is_chosen());
    let near = closest(name, here());
    let advice = match (elsewhere, near) {
        (Some(key), Some(near)) if key.kind == Kind::Table => format!("did you mean `{near}`?"),
        (Some(key), _) if key.parent().is_empty() => "it belongs at the top of the file".to_owned(),
        (Some(key), _) => format!("it belongs in `{}`", header(keys, key.parent())),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => known(here()),
    };
    let message = format!("unknown key `{name}`: {advice}");
    (message, near.filter(|_| elsewhere.is_none()))
}

fn known<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    let are = if names.len() == 1 { "is" } else { "are" };
    format!("known here {are} `{}`", names.join("`, `"))
}

fn header(keys: &Keys, path: &str) -> String {
    let tables = |key: &&Key| key.path == path && key.kind == Kind::Tables;
    if keys.keys.iter().any(|key| tables(&key)) {
        format!("[[{path}]]")
    } else {
        format!("[{path}]")
    }
}

/// The one that was meant, if any is near.
fn closest(word: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // The distance costs the product of the lengths, and nothing that long is near.
    if word.len() > 40 {
        return None;
    }
    let word = word.to_lowercase();
    let near = known.map(|known| (strsim::osa_distance(&word, known), known));
    let (distance, known) = near.min()?;
    (distance <= (known.len() / 3).clamp(1, 3)).then_some(known)
}
