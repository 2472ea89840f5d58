//! Expands words: variables, quotes, substitutions, field splitting.

use std::rc::Rc;
use std::sync::Arc;

use crate::source::Span;

use super::Word;
use super::braces;
use super::compound::runs;
use super::fields::Fields;
use super::open_files::TEMPORARY;
use super::printed::Printed;
use super::run::{Braces, Run};
use super::tree::{Empty, Index, Operation, Parameter, Part, Quoting, Tree};
use super::trim;
use super::unit::{Missing, Origin, Unit};
use super::variables::Value;

/// A value above this is not followed.
pub const MAX_VALUE: usize = 64 << 10;

/// Whether text that is not quoted is split at blanks: it is, where it comes from `${X:-…}`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Split {
    No,
    Text,
}

impl Run {
    /// The words that a word expands to.
    pub fn words(&mut self, tree: &Tree) -> Vec<Word> {
        if !braces::has(tree) {
            return self.fields(tree);
        }
        if self.braces == Braces::Unclear {
            let why = "`sh` expands braces on some systems and not on others";
            return vec![self.unknown_word(tree, why)];
        }
        match braces::expand(tree) {
            Some(trees) => trees.iter().flat_map(|tree| self.fields(tree)).collect(),
            None => vec![self.unknown_word(tree, "braces that are not followed")],
        }
    }

    fn unknown_word(&mut self, tree: &Tree, why: &str) -> Word {
        let mut words = self.fields(tree);
        let mut word = if words.is_empty() {
            Word::literal("", self.place(tree.span))
        } else {
            words.swap_remove(0)
        };
        word.unknown = Some((self.place(tree.span), why.to_owned()));
        word
    }

    fn fields(&mut self, tree: &Tree) -> Vec<Word> {
        let mut fields = Fields::default();
        self.parts(&tree.parts, &mut fields, Split::No);
        self.spend(fields.effort);
        fields.finish(self.file, tree.span)
    }

    /// The one word that a word is where nothing is split: in an assignment, a here-document.
    pub fn whole(&mut self, tree: &Tree) -> Word {
        let mut fields = Fields::whole();
        self.parts(&tree.parts, &mut fields, Split::No);
        self.spend(fields.effort);
        let mut words = fields.finish(self.file, tree.span);
        match words.pop() {
            Some(word) => word,
            None => Word::literal("", self.place(tree.span)),
        }
    }

    /// The text of a word that is parsed again.
    pub fn unit(&mut self, tree: &Tree) -> Unit {
        self.whole(tree).unit()
    }

    /// The value that an assignment gives.
    pub fn value(&mut self, tree: &Tree) -> Value {
        let word = self.whole(tree);
        value_of(&word)
    }

    fn parts(&mut self, parts: &[Part], fields: &mut Fields, split: Split) {
        for part in parts {
            match part {
                Part::Text {
                    text,
                    span,
                    verbatim,
                    quoting,
                } => {
                    let origin = match verbatim {
                        true => Origin::Verbatim,
                        false => Origin::Decoded,
                    };
                    match (split, quoting) {
                        (Split::Text, Quoting::Bare) => fields.push_split(text, *span, &origin),
                        _ => fields.push(text, *span, origin, *quoting),
                    }
                }
                Part::Unknown(missing, span) => {
                    self.calculates(runs(&missing.text), *span);
                    fields.push_unknown(missing, *span);
                }
                Part::Parameter(parameter) => self.parameter(parameter, fields),
                Part::Substitution {
                    text,
                    span,
                    list,
                    quoting,
                } => {
                    self.substitution(list);
                    // `<(…)` is the name of a file.
                    let printed = if text.starts_with(['<', '>']) {
                        Printed::Unknown
                    } else {
                        self.printed(list)
                    };
                    if let Printed::Text(printed) = &printed {
                        match quoting {
                            Quoting::Quoted => {
                                fields.push(printed, *span, Origin::Decoded, Quoting::Quoted);
                            }
                            Quoting::Bare if self.splits_otherwise(printed) => {}
                            Quoting::Bare => fields.push_split(printed, *span, &Origin::Decoded),
                        }
                        if *quoting == Quoting::Quoted || !self.splits_otherwise(printed) {
                            continue;
                        }
                    }
                    let missing = Missing {
                        text: text.to_string(),
                        why: match printed {
                            Printed::Temporary => TEMPORARY,
                            _ => "the output of a command",
                        }
                        .to_owned(),
                    };
                    fields.push_unknown(&Arc::new(missing), *span);
                }
            }
        }
    }

    fn parameter(&mut self, parameter: &Parameter, fields: &mut Fields) {
        let value = self.element(parameter);
        let is_empty = |value: &Value| matches!(value, Value::Text(text) if text.is_empty());
        match (&parameter.operation, value) {
            (Operation::Other, _) => {
                self.calculates(runs(&parameter.text), parameter.span);
                missing(
                    parameter,
                    "what this makes of the value is not followed",
                    fields,
                );
            }
            (Operation::Default(empty, word) | Operation::Assign(empty, word), value)
                if value
                    .as_ref()
                    .is_none_or(|v| *empty == Empty::IsUnset && is_empty(v)) =>
            {
                if matches!(parameter.operation, Operation::Assign(..)) {
                    let value = self.value(word);
                    self.keep_secret(&parameter.name, &value);
                    self.variables.set(&parameter.name, value);
                }
                self.default(word, parameter.quoting, fields);
            }
            (Operation::Alternative(_, _), Some(Value::Unknown(why))) => {
                missing(parameter, &why, fields);
            }
            (Operation::Alternative(empty, word), value) => {
                let none = value.is_none_or(|v| *empty == Empty::IsUnset && is_empty(&v));
                if none {
                    self.push_text(parameter, "", fields);
                } else {
                    self.default(word, parameter.quoting, fields);
                }
            }
            (_, None) => {
                let why = format!("`{}` is never set in this script", parameter.text);
                missing(parameter, &why, fields);
            }
            (_, Some(Value::Unknown(why))) => missing(parameter, &why, fields),
            (Operation::Trim(trim, pattern), Some(Value::Text(text))) => {
                match self.trimmed(*trim, pattern, &text) {
                    Some(text) => self.push_text(parameter, &text, fields),
                    None => missing(parameter, "what is cut off is not followed", fields),
                }
            }
            (Operation::Trim(..), Some(Value::List(_))) => {
                missing(parameter, "what is cut off is not followed", fields);
            }
            (_, Some(Value::Text(text))) => self.push_text(parameter, &text, fields),
            (_, Some(Value::List(list))) => self.push_list(parameter, &list, fields),
        }
    }

    fn default(&mut self, word: &Tree, quoting: Quoting, fields: &mut Fields) {
        if quoting == Quoting::Quoted {
            fields.push("", word.span, Origin::Decoded, quoting);
        }
        self.parts(&word.parts, fields, Split::Text);
    }

    fn trimmed(&mut self, trim: super::tree::Trim, pattern: &Tree, text: &str) -> Option<String> {
        let pattern = trim::pattern(&pattern.parts, |part| {
            let span = pattern.span;
            let parts = vec![part.clone()];
            match self.value(&Tree { span, parts }) {
                Value::Text(text) => Some(text.to_string()),
                _ => None,
            }
        })?;
        Some(trim::cut(trim, &pattern, text).to_owned())
    }

    fn push_text(&mut self, parameter: &Parameter, text: &str, fields: &mut Fields) {
        if parameter.quoting == Quoting::Quoted {
            fields.push(text, parameter.span, Origin::Decoded, Quoting::Quoted);
            return;
        }
        if self.splits_otherwise(text) {
            let why = "`IFS` is set, and how this is split is not followed";
            return missing(parameter, why, fields);
        }
        fields.push_split(text, parameter.span, &Origin::Decoded);
    }

    fn splits_otherwise(&self, text: &str) -> bool {
        match self.variables.get("IFS").map(|variable| &variable.value) {
            None => false,
            Some(Value::Text(separators)) => {
                let standard =
                    separators.chars().all(|c| " \t\n".contains(c)) && !separators.is_empty();
                !standard && text.contains(|c: char| separators.contains(c) || c.is_whitespace())
            }
            Some(_) => true,
        }
    }

    fn push_list(&mut self, parameter: &Parameter, list: &[Rc<str>], fields: &mut Fields) {
        let joined = parameter.text.contains('*');
        if list.is_empty() && joined {
            self.push_text(parameter, "", fields);
        }
        for (index, text) in list.iter().enumerate() {
            if index > 0 {
                match (parameter.quoting, joined) {
                    (Quoting::Quoted, true) => self.push_text(parameter, " ", fields),
                    _ => fields.end_word(parameter.span),
                }
            }
            self.push_text(parameter, text, fields);
        }
    }

    /// What the name and the index of a parameter stand for; none where it is not set.
    fn element(&self, parameter: &Parameter) -> Option<Value> {
        let value = self.named(&parameter.name)?;
        Some(match (value, parameter.index) {
            (Value::Unknown(why), _) => Value::Unknown(why),
            (_, Index::Other) => Value::unknown("an element of an array"),
            (Value::List(list), Index::None) if is_arguments(&parameter.name) => Value::List(list),
            (Value::List(list), Index::All) => Value::List(list),
            (Value::List(list), Index::None | Index::At(0)) => Value::Text(list.first()?.clone()),
            (Value::List(list), Index::At(at)) => Value::Text(list.get(at)?.clone()),
            (Value::Text(text), Index::None | Index::All | Index::At(0)) => Value::Text(text),
            (Value::Text(_), Index::At(_)) => return None,
        })
    }

    fn named(&self, name: &str) -> Option<Value> {
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
        match (name, &self.arguments) {
            ("?" | "$" | "!" | "-" | "0", _) => {
                Some(Value::unknown("what is known only when it runs"))
            }
            ("@" | "*" | "#", None) => Some(Value::unknown("the arguments of the script")),
            ("#", Some(arguments)) => Some(Value::text(&arguments.len().to_string())),
            ("@" | "*", Some(arguments)) => {
                let texts = arguments.iter().map(|argument| match argument {
                    Value::Text(text) => Ok(text.clone()),
                    Value::Unknown(why) => Err(why.clone()),
                    Value::List(_) => Err("an argument".into()),
                });
                let texts: Result<Rc<[Rc<str>]>, _> = texts.collect();
                Some(texts.map_or_else(Value::Unknown, Value::List))
            }
            (_, Some(arguments)) if is_number => {
                let index: usize = name.parse().ok()?;
                // An argument that a call does not give is empty.
                Some(
                    arguments
                        .get(index - 1)
                        .cloned()
                        .unwrap_or_else(|| Value::text("")),
                )
            }
            (_, None) if is_number => None,
            _ => self
                .variables
                .get(name)
                .map(|variable| variable.value.clone()),
        }
    }
}

fn missing(parameter: &Parameter, why: &str, fields: &mut Fields) {
    let missing = Missing {
        text: parameter.text.to_string(),
        why: why.to_owned(),
    };
    fields.push_unknown(&Arc::new(missing), parameter.span);
}

fn is_arguments(name: &str) -> bool {
    name == "@" || name == "*"
}

/// The value of a word.
pub fn value_of(word: &Word) -> Value {
    match &word.unknown {
        Some((_, why)) => Value::unknown(why),
        None if word.text.len() > MAX_VALUE => Value::unknown("a value that is too long"),
        None => Value::text(&word.text),
    }
}

/// Words joined by blanks, to be parsed again.
pub fn joined(words: &[Word]) -> Unit {
    let mut joined = Unit::default();
    for word in words {
        if !joined.text.is_empty() {
            let start = word.place.span.start as usize;
            joined.push(" ", Span::new(start..start), Origin::Decoded);
        }
        let unit = word.unit();
        joined.push_part(&unit, 0..unit.text.len());
    }
    joined
}
