//! What to write instead.

use toml::de::DeValue;

use super::schema::{self, Form, Key};

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
pub fn unknown(path: &str, name: &str) -> Advice {
    let here = || schema::children(path).map(Key::name);
    let elsewhere = schema::keys()
        .iter()
        .find(|key| key.name() == name && !key.is_chosen());
    let near = closest(name, here());
    let advice = match (elsewhere, near) {
        (Some(key), _) if key.parent().is_empty() => "it belongs at the top of the file".to_owned(),
        (Some(key), _) => format!("it belongs in `[{}]`", key.parent()),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => format!(
            "known here are `{}`",
            here().collect::<Vec<_>>().join("`, `")
        ),
    };
    let message = format!("unknown key `{name}`: {advice}");
    (message, near.filter(|_| elsewhere.is_none()))
}

/// The one that was meant, if any is near.
fn closest(word: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // The distance costs the product of the lengths, and nothing that long is near.
    if word.len() > 30 {
        return None;
    }
    let word = word.to_lowercase();
    let near = known.map(|known| (strsim::osa_distance(&word, known), known));
    let (distance, known) = near.min()?;
    (distance <= (known.len() / 3).clamp(1, 3)).then_some(known)
}
