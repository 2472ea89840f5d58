//! oslo.config's substitution: `$name`, `${name}` and `${group.name}` stand for other options, `$$` and `\$`
//! for a dollar sign.

use crate::read::oslo::value::Value;
use crate::site::option_table::{self, OptionSpec, Type};
use crate::site::options::Options;

/// A longer chain of references is taken for a loop.
const MAX_DEPTH: usize = 32;
/// References that one value may take, all in all, and the bytes that it may grow to.
const MAX_REFERENCES: usize = 100;
const MAX_LENGTH: usize = 1 << 16;

const UNKNOWN: &str = "refers to an option that is not known";
const UNSEEN: &str = "refers to an option whose value is not seen";
const UNSURE: &str = "refers to an option whose value cannot be told";
const NO_TEXT: &str = "refers to an option that is no plain text";
const TOO_MANY: &str = "refers to itself, or to too many options";

type Expanded = Result<String, &'static str>;

/// The value with its references replaced, or why it cannot be told. `section` is the option's own.
pub fn substituted(options: &Options, section: &str, value: &Value) -> Result<Value, &'static str> {
    if !value.text.contains('$') {
        return Ok(value.clone());
    }
    let mut expansion = Expansion {
        options,
        references: 0,
    };
    let text = expansion.expand(section, &value.text, 0)?;
    Ok(Value::substituted(text, value.place.clone()))
}

struct Expansion<'options> {
    options: &'options Options,
    references: usize,
}

impl Expansion<'_> {
    /// As `string.Template.safe_substitute` does: a dollar sign that starts no reference stays.
    fn expand(&mut self, section: &str, text: &str, depth: usize) -> Expanded {
        let text = text.replace(r"\$", "$$");
        let mut rest = text.as_str();
        let mut expanded = String::new();
        while let Some((before, after)) = rest.split_once('$') {
            expanded.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                expanded.push('$');
                rest = after;
            } else if let Some((name, after)) = reference(after) {
                expanded.push_str(&self.option(section, name, depth + 1)?);
                rest = after;
            } else {
                expanded.push('$');
                rest = after;
            }
            if expanded.len() > MAX_LENGTH {
                return Err(TOO_MANY);
            }
        }
        expanded.push_str(rest);
        Ok(expanded)
    }

    /// What a reference stands for in an option of `section`.
    fn option(&mut self, section: &str, name: &str, depth: usize) -> Expanded {
        self.references += 1;
        if depth > MAX_DEPTH || self.references > MAX_REFERENCES {
            return Err(TOO_MANY);
        }
        let (section, option, specs) = target(section, name).ok_or(UNKNOWN)?;
        let entry = self.options.entry(section, option).ok_or(UNSEEN)?;
        if entry.unsure.is_some() {
            return Err(UNSURE);
        }
        let text = self.expand(section, &entry.value.text, depth)?;
        printed(&Value::substituted(text, entry.value.place.clone()), specs)
    }
}

/// The name that follows a dollar sign, and what follows the name. Case is ignored with Unicode's rules, so
/// that four letters beyond ASCII count as letters.
fn reference(text: &str) -> Option<(&str, &str)> {
    let is_letter =
        |char: char| matches!(char, 'a'..='z' | 'A'..='Z' | '_' | 'İ' | 'ı' | 'ſ' | '\u{212A}');
    let is_inner = |char: char| is_letter(char) || char.is_ascii_digit() || char == '.';
    let (name, braced) = match text.strip_prefix('{') {
        Some(name) => (name, true),
        None => (text, false),
    };
    if !name.starts_with(is_letter) {
        return None;
    }
    let (name, rest) = name.split_at(name.find(|char| !is_inner(char)).unwrap_or(name.len()));
    let rest = if braced {
        rest.strip_prefix('}')?
    } else {
        rest
    };
    Some((name, rest))
}

/// The option that a name means in an option of `section`: one of the section, else of `DEFAULT`. Groups are
/// spelled exactly, and `DEFAULT` is none.
fn target<'name>(
    section: &'name str,
    name: &'name str,
) -> Option<(&'name str, &'name str, &'static [OptionSpec])> {
    let of = |section: &'name str, option: &'name str| {
        option_table::known(section, option).map(|specs| (section, option, specs))
    };
    match name.split_once('.') {
        Some((group, _)) if group == "DEFAULT" || option_table::normalized(group) != group => None,
        Some((group, option)) => of(group, option),
        None => of(section, name).or_else(|| of("DEFAULT", name)),
    }
}

/// A value as Python prints it into a text.
fn printed(value: &Value, specs: &[OptionSpec]) -> Expanded {
    let all = |kinds: &[Type]| {
        specs
            .iter()
            .all(|spec| kinds.contains(&spec.kind) && !spec.multi)
    };
    if all(&[Type::Text, Type::Host, Type::Address, Type::Uri]) {
        return Ok(value.text.clone());
    }
    if all(&[Type::Integer, Type::Port]) {
        let number = value.integer().map_err(|_| UNSURE)?;
        return Ok(number.map_or_else(String::new, |number| number.to_string()));
    }
    if all(&[Type::Boolean]) {
        let text = if value.boolean().ok_or(UNSURE)? {
            "True"
        } else {
            "False"
        };
        return Ok(text.to_owned());
    }
    Err(NO_TEXT)
}
