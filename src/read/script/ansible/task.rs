//! One task: which module it runs, how often, and with which arguments. None is passed over.

use crate::read::script::Word;
use crate::read::script::unit::Unit;
use crate::read::yaml::{Entry, Node};
use crate::source::Span;

use super::Tasks;
use super::arguments::{self, Arguments, Given};
use super::keywords::TASK;
use super::modules::{self, Module};
use super::template::{self, Item};

/// The module of a task and what it is told.
pub struct Action<'n> {
    /// As it is written: `ansible.builtin.command`.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// What it is told.
    pub arguments: Arguments<'n>,
}

impl Tasks<'_, '_> {
    /// Follows a task.
    pub fn task(&mut self, task: &Node) {
        let outer = self.enter(task);
        self.conditions(task);
        self.directed(task);
        if let Some(action) = self.action(task) {
            self.repeated(task, &action);
        }
        self.leave(outer);
    }

    /// The one action of a task; none where it is refused.
    fn action<'n>(&mut self, task: &'n Node) -> Option<Action<'n>> {
        let is_action = |entry: &&Entry| {
            let name = entry.name();
            matches!(name, "action" | "local_action")
                || !TASK.contains(&name) && !name.starts_with("with_")
        };
        let mut actions = task.entries().unwrap_or_default().iter().filter(is_action);
        let Some(action) = actions.next() else {
            self.reader.refuse(task.span, "this task has no module");
            return None;
        };
        if let Some(second) = actions.next() {
            let message = format!(
                "`{}` and `{}` in one task: it has one module, and no other keys than those of a task",
                action.name(),
                second.name()
            );
            self.reader.refuse(second.key.span, &message);
            return None;
        }
        let args = task.get("args");
        let named = match action.name() {
            "action" | "local_action" => self.old_style(&action.value, args),
            name => Arguments::of(self.reader, name, &action.value, args).map(|arguments| Action {
                name: name.to_owned(),
                span: action.key.span,
                arguments,
            }),
        };
        if action.name() == "local_action" {
            let place = self.run().place(action.key.span);
            self.run().target = Some(Word::literal("localhost", place));
        }
        named
            .map_err(|(span, message)| self.reader.refuse(span, &message))
            .ok()
    }

    /// `action: MODULE …`, `action: {module: MODULE, …}`
    fn old_style<'n>(
        &mut self,
        value: &'n Node,
        args: Option<&'n Node>,
    ) -> Result<Action<'n>, arguments::Refused> {
        let module = match value.entries() {
            Some(_) => value.get("module"),
            None => Some(value),
        };
        let refused = || (value.span, "this names no module".to_owned());
        let module = module.ok_or_else(refused)?;
        let unit = self.reader.unit(module).ok_or_else(refused)?;
        let (name, rest) = arguments::split_module(&unit.text).ok_or_else(refused)?;
        let span = unit.span(name.clone());
        let name = unit.text.get(name).unwrap_or_default().to_owned();
        let mut arguments = match value.entries() {
            Some(_) => Arguments::of(self.reader, &name, value, args)?,
            None => match args {
                Some(args) => Arguments::of(self.reader, &name, args, None)?,
                None => Arguments::default(),
            },
        };
        if let Some(inner) = value.get("args") {
            let inner = Arguments::of(self.reader, &name, inner, None)?;
            arguments.extend(inner);
        }
        let mut behind = Unit::default();
        behind.push_part(&unit, rest..unit.text.len());
        arguments.text(&name, &behind, module)?;
        Ok(Action {
            name,
            span,
            arguments,
        })
    }

    /// Runs the module once for each item of the task's loop.
    fn repeated(&mut self, task: &Node, action: &Action) {
        let entries = task.entries().unwrap_or_default();
        let is_loop = |entry: &&Entry| entry.name() == "loop" || entry.name().starts_with("with_");
        let Some(over) = entries.iter().find(is_loop) else {
            return self.module(action, &Item::None);
        };
        let control = task
            .get("loop_control")
            .and_then(|control| control.get("loop_var"));
        let name = control.and_then(Node::text).unwrap_or("item");
        match (over.name(), over.value.items()) {
            ("loop" | "with_list", Some(items)) => {
                for item in items {
                    self.with_item(action, name, item, over);
                }
                self.if_none(items.is_empty(), over);
            }
            // Lists in the list are taken apart.
            ("with_items", Some(items)) => {
                for item in items {
                    match item.items() {
                        Some(inner) => inner
                            .iter()
                            .for_each(|item| self.with_item(action, name, item, over)),
                        None => self.with_item(action, name, item, over),
                    }
                }
                self.if_none(items.is_empty(), over);
            }
            _ => self.with_unknown(action, name, over),
        }
    }

    fn with_item(&mut self, action: &Action, name: &str, item: &Node, over: &Entry) {
        if item.text().is_some_and(template::is_one) {
            self.with_unknown(action, name, over);
        } else {
            self.module(action, &Item::Known(name, item));
        }
    }

    fn with_unknown(&mut self, action: &Action, name: &str, over: &Entry) {
        let certain = self.run().certain.clone();
        self.perhaps(over.key.span, "what this loop runs over is not known");
        self.module(action, &Item::Unknown(name));
        self.run().certain = certain;
    }

    fn if_none(&mut self, is_empty: bool, over: &Entry) {
        if is_empty {
            self.reader.harmless(over.key.span, "it runs over nothing");
        }
    }

    /// What a module does.
    fn module(&mut self, action: &Action, item: &Item) {
        self.run().spend(64);
        if self.run().is_over(action.span) {
            return;
        }
        let Some(module) = modules::of(&action.name) else {
            return self.unfollowed(action, "is not followed");
        };
        let base = action.name.rsplit('.').next().unwrap_or_default();
        let is_meant =
            |own: &String| own.starts_with("group/") || own.rsplit('.').next() == Some(base);
        if matches!(module, Module::Harmless(_)) {
        } else if self.defaults.iter().any(is_meant) {
            return self.unfollowed(
                action,
                "is given more by `module_defaults`, which is not followed",
            );
        } else if action.arguments.unknown.is_some() {
            return self.unfollowed(action, "is told what names no argument");
        }
        match module {
            Module::Program(how) => self.program(*how, action, item),
            Module::Service => self.service(action, item),
            Module::Bridge => self.bridge(action, item),
            Module::Port => self.port(action, item),
            Module::Database => self.database(action, item),
            Module::Container => self.container(action, item),
            Module::Reboot => self.words(&["reboot"], action.span),
            Module::File => self.file(action, item),
            Module::Package => self.package(action),
            Module::Request => self.request(action, item),
            Module::Brings => self.unfollowed(action, "brings in what is not looked at"),
            Module::Harmless(why) => self.reader.harmless(action.span, why),
        }
    }

    /// Gives out that it is not known what a module does.
    pub fn unfollowed(&mut self, action: &Action, why: &str) {
        let why = format!("Ansible's module `{}` {why}", action.name);
        self.reader.unfollowed(action.span, &why);
    }

    /// Gives out a command that stands for what a module does.
    pub fn words(&mut self, words: &[&str], span: Span) {
        let place = self.run().place(span);
        let words = words
            .iter()
            .map(|word| Word::literal(word, place.clone()))
            .collect();
        self.run().push(words, span);
    }

    /// An argument as a text with its templates put in; nothing where it is not given, or is no text.
    pub fn argument(&mut self, action: &Action, names: &[&str], item: &Item) -> Option<Unit> {
        match action.arguments.get(names)? {
            Given::Value(node) => {
                let unit = self.reader.unit(node)?;
                Some(template::filled(&unit, node, item))
            }
            Given::Text(unit, node) => Some(template::filled(unit, node, item)),
        }
    }

    /// An argument as a word.
    pub fn word(&mut self, action: &Action, names: &[&str], item: &Item) -> Option<Word> {
        let unit = self.argument(action, names, item)?;
        Some(unit.word(self.reader.run.file))
    }
}
