//! The commands of the shell itself that change what later words mean.

use std::rc::Rc;

use crate::source::Span;
use crate::source::secret::is_secret;

use super::expand::{joined, value_of};
use super::here::identifier_length;
use super::names::Aliases;
use super::run::{Flow, OnFailure, Run, Status};
use super::test;
use super::tree::{Assigned, Assignment, Simple, Tree};
use super::variables::Value;
use super::{Fate, Word};

impl Run {
    /// `NAME=value`, on its own or behind `export` and its like.
    pub fn assign(&mut self, assignment: &Assignment) {
        let value = match &assignment.value {
            Assigned::Word(tree) => self.value(tree),
            Assigned::Append(tree) => {
                let added = self.value(tree);
                let old = self.variables.get(&assignment.name);
                match (old.map(|variable| &variable.value), added) {
                    (Some(Value::Text(old)), Value::Text(added)) => {
                        let text = format!("{old}{added}");
                        self.spend(text.len() as u64);
                        long(text)
                    }
                    (None, Value::Text(added)) => Value::Text(added),
                    _ => Value::unknown("a variable that is added to"),
                }
            }
            Assigned::Array(trees) => self.array(trees),
            Assigned::Other(trees) => {
                for tree in trees {
                    self.words(tree);
                }
                Value::unknown("an array that is changed in part")
            }
        };
        self.keep_secret(&assignment.name, &value);
        self.variables.set(&assignment.name, value);
        if self.exports_all {
            self.variables.export(&assignment.name);
        }
    }

    /// Remembers the value of a variable that is secret by its name: commands may hold it under any other.
    pub fn keep_secret(&mut self, name: &str, value: &Value) {
        if is_secret(name) {
            let texts = value.texts().iter().map(ToString::to_string);
            self.script.secrets.extend(texts);
        }
    }

    fn array(&mut self, trees: &[Tree]) -> Value {
        let words: Vec<Word> = trees.iter().flat_map(|tree| self.words(tree)).collect();
        if let Some((_, why)) = words.iter().find_map(|word| word.unknown.as_ref()) {
            return Value::unknown(why);
        }
        if words.iter().any(|word| word.text.starts_with('[')) {
            return Value::unknown("an array with keys");
        }
        Value::List(
            words
                .iter()
                .map(|word| Rc::from(word.text.as_str()))
                .collect(),
        )
    }

    /// `export`, `readonly`, `local`, `declare`.
    pub fn declare(&mut self, name: &str, words: &[Word], simple: &Simple) {
        let exports = name == "export" || words.iter().any(|word| is_option(&word.text, 'x'));
        let is_local = name != "export" && name != "readonly";
        let names = words
            .iter()
            .map(|word| word.text.split('=').next().unwrap_or_default());
        let bare: Vec<Rc<str>> = names
            .filter(|name| !name.is_empty() && identifier_length(name) == name.len())
            .map(Rc::from)
            .collect();
        let assigned = simple.assignments.iter().map(|assignment| &assignment.name);
        for name in assigned.chain(&bare) {
            if is_local && let Some(locals) = &mut self.locals {
                let old = self.variables.get(name).cloned();
                locals.push((name.clone(), old));
                self.variables.replace(name, None);
            }
        }
        for assignment in &simple.assignments {
            self.assign(assignment);
        }
        if exports {
            let assigned = simple.assignments.iter().map(|assignment| &assignment.name);
            assigned
                .chain(&bare)
                .for_each(|name| self.variables.export(name));
        }
        self.status = Status::known(true);
    }

    /// Commands that are the shell's own; none where it is no such command.
    pub fn builtin(&mut self, words: &[Word], span: Span) -> Option<(Flow, Fate)> {
        let arguments = &words[1..];
        let name = words[0].text.as_str();
        self.status = Status::default();
        match name {
            "echo" => {
                self.status = Status::known(true);
                return Some((Flow::Next, Fate::Harmless("it prints")));
            }
            ":" | "true" => self.status = Status::known(true),
            "false" => self.status = Status::known(false),
            "test" => self.status = test::status(arguments),
            "[" => self.status = test::status(arguments.split_last().map_or(&[], |(_, rest)| rest)),
            "exit" => return Some((Flow::Exit, Fate::Shell)),
            "return" => return Some((Flow::Return, Fate::Shell)),
            "break" => return Some((Flow::Break(levels(arguments)), Fate::Shell)),
            "continue" => return Some((Flow::Continue(levels(arguments)), Fate::Shell)),
            "unset" => {
                for word in arguments {
                    self.variables.replace(&word.text.as_str().into(), None);
                }
                self.status = Status::known(true);
            }
            "mapfile" | "readarray" if arguments.iter().any(|word| word.text == "-C") => {
                let fate = self.unknown_program(words.to_vec(), span, "what `-C` calls");
                return Some((Flow::Next, fate));
            }
            "read" | "mapfile" | "readarray" | "getopts" | "let" => {
                self.overwritten(name, arguments);
            }
            "printf" => {
                if arguments.first().is_some_and(|word| word.text == "-v") {
                    self.overwritten(name, arguments);
                }
                self.status = Status::known(true);
                return Some((Flow::Next, Fate::Harmless("it prints")));
            }
            "alias" => {
                self.alias(arguments, span);
                self.status = Status::known(true);
            }
            "unalias" => {
                self.unalias(arguments);
                self.status = Status::known(true);
            }
            "shopt" => {
                let has = |text: &str| arguments.iter().any(|word| word.text == text);
                if has("expand_aliases") {
                    self.expands = match (has("-s"), has("-u")) {
                        (true, _) => Aliases::Expanded,
                        (_, true) => Aliases::Ignored,
                        _ => self.expands,
                    };
                }
                self.status = Status::known(true);
            }
            "set" => self.set(arguments),
            "shift" => self.shift(arguments),
            "trap" => self.trap(arguments, span),
            "eval" => {
                let unit = joined(arguments);
                let list = self.parse(&unit);
                return Some((self.list(&list), Fate::Runs));
            }
            "source" | "." => {
                let what = arguments.first().map_or("a file", |word| &word.text);
                let why = format!("what `{what}` holds is not looked at");
                let fate = self.unknown_program(words.to_vec(), span, &why);
                return Some((Flow::Next, fate));
            }
            _ => return None,
        }
        Some((Flow::Next, Fate::Shell))
    }

    /// Gives a command out of which it is not known what it runs.
    pub fn unknown_program(&mut self, mut words: Vec<Word>, span: Span, why: &str) -> Fate {
        let place = words[0].place.clone();
        words[0].unknown.get_or_insert((place, why.to_owned()));
        self.push(words, span)
    }

    fn overwritten(&mut self, name: &str, arguments: &[Word]) {
        let why = match name {
            "read" | "mapfile" | "readarray" => "a variable that is read from elsewhere",
            _ => "a variable that a command computes",
        };
        for word in arguments {
            let length = identifier_length(&word.text);
            if length > 0 {
                let name: Rc<str> = word.text[..length].into();
                self.variables.set(&name, Value::unknown(why));
            }
        }
    }

    fn set(&mut self, arguments: &[Word]) {
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            let text = word.text.as_str();
            match text {
                "-o" | "+o" => match rest.next().map(|option| option.text.as_str()) {
                    Some("errexit") => self.exits(text),
                    Some("allexport") => self.exports_all = text == "-o",
                    _ => {}
                },
                "--" => return self.arguments = Some(rest.map(value_of).collect()),
                _ if text.starts_with(['-', '+']) => {
                    if text.contains('e') {
                        self.exits(text);
                    }
                    if text.contains('a') {
                        self.exports_all = text.starts_with('-');
                    }
                    // `-euo pipefail`
                    if text.contains('o') {
                        rest.next();
                    }
                }
                _ => {
                    let all = std::iter::once(word).chain(rest);
                    return self.arguments = Some(all.map(value_of).collect());
                }
            }
        }
        self.status = Status::known(true);
    }

    fn exits(&mut self, option: &str) {
        self.on_failure = if option.starts_with('-') {
            OnFailure::Exit
        } else {
            OnFailure::Continue
        };
    }

    fn shift(&mut self, arguments: &[Word]) {
        let count = match arguments.first() {
            Some(word) => word.text.parse().unwrap_or(usize::MAX),
            None => 1,
        };
        if let Some(old) = self.arguments.clone() {
            self.spend(old.len() as u64);
            self.arguments = Some(old.iter().skip(count).cloned().collect());
        }
        self.status = Status::known(true);
    }

    /// What a trap runs may run at any time.
    fn trap(&mut self, arguments: &[Word], span: Span) {
        let Some(action) = arguments.first().filter(|_| arguments.len() > 1) else {
            return;
        };
        if matches!(action.text.as_str(), "" | "-") || action.text.starts_with('-') {
            return;
        }
        let certain = self.maybe(span, "it runs when a signal comes or the script ends");
        let list = self.parse(&action.unit());
        self.subshell(|run| run.conditional(certain, |run| run.list(&list)).0);
        self.status = Status::known(true);
    }

    /// Calls a function of the script.
    pub fn call_function(&mut self, name: &str, words: &[Word]) -> Option<Flow> {
        let body = self.functions.get(name)?.clone();
        let arguments: Rc<[Value]> = words[1..].iter().map(value_of).collect();
        self.spend(64 * arguments.len() as u64);
        let arguments = self.arguments.replace(arguments);
        let locals = self.locals.replace(Vec::new());
        let (certain, doubt) = (self.certain.clone(), self.doubt.take());
        let flow = self.command(&body);
        self.arguments = arguments;
        let own = std::mem::replace(&mut self.locals, locals);
        for (name, old) in own.into_iter().flatten().rev() {
            self.variables.replace(&name, old);
        }
        self.certain = certain;
        self.doubt = doubt;
        Some(match flow {
            Flow::Exit => Flow::Exit,
            _ => Flow::Next,
        })
    }

    /// Follows a text in a shell of its own.
    pub fn nested(&mut self, unit: &super::unit::Unit, arguments: Option<Rc<[Value]>>) {
        self.spend(self.variables.count());
        let own = self.variables.exported();
        let variables = std::mem::replace(&mut self.variables, own);
        let functions = std::mem::take(&mut self.functions);
        let arguments = std::mem::replace(&mut self.arguments, arguments);
        let on_failure = std::mem::replace(&mut self.on_failure, OnFailure::Continue);
        let conditions = std::mem::take(&mut self.conditions);
        let locals = self.locals.take();
        let list = self.parse(unit);
        self.subshell(|run| run.list(&list));
        self.variables = variables;
        self.functions = functions;
        self.arguments = arguments;
        self.on_failure = on_failure;
        self.conditions = conditions;
        self.locals = locals;
    }
}

fn is_option(word: &str, letter: char) -> bool {
    word.starts_with('-') && word.contains(letter)
}

fn long(text: String) -> Value {
    if text.len() > super::expand::MAX_VALUE {
        Value::unknown("a value that is too long")
    } else {
        Value::Text(text.into())
    }
}

fn levels(arguments: &[Word]) -> u32 {
    let level = arguments.first().and_then(|word| word.text.parse().ok());
    level.unwrap_or(1)
}
