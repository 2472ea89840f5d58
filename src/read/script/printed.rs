//! What commands in `$(…)` print, where the text alone tells.

use super::Word;
use super::run::Run;
use super::tree::{Form, List, Part, Simple};

/// So many numbers are counted out.
const MAX_NUMBERS: u64 = 10_000;

/// What commands print.
pub enum Printed {
    /// This.
    Text(String),
    /// The name of a file that is made for the purpose.
    Temporary,
    /// It is not known.
    Unknown,
}

impl Run {
    /// What is printed by a list of one command, without the ends of lines behind it.
    pub fn printed(&mut self, list: &List) -> Printed {
        let Some((name, simple)) = alone(list) else {
            return Printed::Unknown;
        };
        if self.functions.contains_key(name.as_str()) || self.aliases.contains_key(name.as_str()) {
            return Printed::Unknown;
        }
        if name == "mktemp" {
            return Printed::Temporary;
        }
        if !matches!(name.as_str(), "seq" | "echo" | "basename" | "dirname") {
            return Printed::Unknown;
        }
        let words: Vec<Word> = simple
            .words
            .iter()
            .flat_map(|tree| self.words(tree))
            .collect();
        if words.iter().any(|word| word.unknown.is_some()) {
            return Printed::Unknown;
        }
        let texts: Vec<&str> = words
            .iter()
            .skip(1)
            .map(|word| word.text.as_str())
            .collect();
        let text = match name.as_str() {
            "seq" => counted(&texts),
            "echo" => echoed(&texts),
            "basename" => base_name(&texts),
            _ => directory(&texts),
        };
        text.map_or(Printed::Unknown, Printed::Text)
    }
}

/// The one command of a list, and its name, where nothing but its output matters.
fn alone(list: &List) -> Option<(String, &Simple)> {
    let [item] = &list[..] else {
        return None;
    };
    let [command] = &item.first.commands[..] else {
        return None;
    };
    let Form::Simple(simple) = &command.form else {
        return None;
    };
    let is_plain = item.rest.is_empty()
        && item.background.is_none()
        && simple.assignments.is_empty()
        && simple.outputs.is_empty()
        && simple.input.is_none()
        && simple.files.is_empty();
    let parts = simple.words.iter().flat_map(|tree| &tree.parts);
    let holds_others = parts
        .clone()
        .any(|part| matches!(part, Part::Substitution { .. }));
    let name = simple.words.first()?.literal()?;
    (is_plain && !holds_others).then_some((name, simple))
}

/// `seq LAST`, `seq FIRST LAST`, `seq FIRST STEP LAST`
fn counted(texts: &[&str]) -> Option<String> {
    let numbers: Option<Vec<i64>> = texts.iter().map(|text| number(text)).collect();
    let (first, step, last) = match numbers?[..] {
        [last] => (1, 1, last),
        [first, last] => (first, 1, last),
        [first, step, last] if step != 0 => (first, step, last),
        _ => return None,
    };
    let mut lines = Vec::new();
    let mut at = first;
    while (step > 0 && at <= last) || (step < 0 && at >= last) {
        if lines.len() as u64 >= MAX_NUMBERS {
            return None;
        }
        lines.push(at.to_string());
        at = at.checked_add(step)?;
    }
    Some(lines.join("\n"))
}

/// A number as `seq` prints it again.
fn number(text: &str) -> Option<i64> {
    let value: i64 = text.parse().ok()?;
    (value.to_string() == text).then_some(value)
}

/// Shells differ in options and backslashes.
fn echoed(texts: &[&str]) -> Option<String> {
    let differs = |text: &&str| text.contains('\\');
    let has_option = texts.first().is_some_and(|text| text.starts_with('-'));
    let text = texts.join(" ");
    (!has_option && !texts.iter().any(differs)).then(|| text.trim_end_matches('\n').to_owned())
}

/// `basename PATH`
fn base_name(texts: &[&str]) -> Option<String> {
    let [path] = texts else {
        return None;
    };
    let name = path.rsplit('/').next()?;
    (!name.is_empty() && !path.starts_with('-') && !name.ends_with('\n')).then(|| name.to_owned())
}

/// `dirname PATH`
fn directory(texts: &[&str]) -> Option<String> {
    let [path] = texts else {
        return None;
    };
    let (parent, name) = path.rsplit_once('/')?;
    let is_plain = !name.is_empty() && !parent.is_empty() && !parent.ends_with('/');
    (is_plain && !path.starts_with('-')).then(|| parent.to_owned())
}
