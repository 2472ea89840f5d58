//! Plays, blocks and tasks of Ansible files, in the order in which they run.

mod arguments;
mod file;
mod keywords;
mod lookup;
mod modules;
mod openvswitch;
mod program;
mod service;
mod task;
mod template;

#[cfg(test)]
mod tests;

use crate::read::yaml::{Node, Resolved};
use crate::source::{Span, Spanned};

use super::run::Run;
use super::unit::Unit;
use super::yaml::Reader;
use super::{Certain, Word};

use keywords::{BLOCK, PLAY};

/// Variables that say where a task runs.
const ELSEWHERE: [&str; 3] = ["ansible_host", "ansible_ssh_host", "ansible_connection"];

/// The tasks of a file while they are followed.
pub struct Tasks<'r, 'a> {
    reader: &'r mut Reader<'a>,
    /// Modules to which `module_defaults` gives arguments, and groups of modules.
    defaults: Vec<String>,
}

/// What holds while a play, a block or a task is followed.
struct Outer {
    certain: Certain,
    target: Option<Word>,
    hosts: Option<Word>,
    through: usize,
    defaults: usize,
}

/// Reads a list of plays or tasks.
pub fn read(reader: &mut Reader, document: &Node) {
    lookup::find(reader, document);
    let mut tasks = Tasks {
        reader,
        defaults: Vec::new(),
    };
    for entry in document.items().unwrap_or_default() {
        tasks.entry(entry);
    }
}

/// A text in which no template is known.
pub fn without_templates(unit: &Unit, node: &Node) -> Unit {
    template::filled(unit, node, &template::Item::None)
}

impl Tasks<'_, '_> {
    fn run(&mut self) -> &mut Run {
        &mut self.reader.run
    }

    /// A play, or a task of a file that has no plays.
    fn entry(&mut self, entry: &Node) {
        let is_play = |name: &&str| entry.entry(name).is_some();
        let imports = ["import_playbook", "ansible.builtin.import_playbook"];
        if let Some(import) = imports.iter().find_map(|name| entry.entry(name)) {
            self.reader
                .unfollowed(import.key.span, "what this playbook does is not looked at");
        } else if ["hosts", "roles", "tasks", "pre_tasks", "post_tasks"]
            .iter()
            .any(is_play)
        {
            self.play(entry);
        } else {
            self.block_or_task(entry);
        }
    }

    fn play(&mut self, play: &Node) {
        self.only(play, PLAY, "play");
        let outer = self.enter(play);
        match play.entry("hosts") {
            Some(hosts) => self.hosts(&hosts.value),
            None => self.reader.refuse(play.span, "this play names no `hosts`"),
        }
        self.directed(play);
        for name in ["pre_tasks", "roles", "tasks", "post_tasks"] {
            let Some(section) = play.entry(name) else {
                continue;
            };
            match name {
                "roles" => self.roles(&section.value),
                _ => self.list(&section.value),
            }
        }
        if let Some(handlers) = play.entry("handlers") {
            let why = "it runs only when a task that changes something calls for it";
            self.list_perhaps(&handlers.value, why);
        }
        self.leave(outer);
    }

    /// Where the tasks of a play run.
    fn hosts(&mut self, hosts: &Node) {
        let names: Vec<&Node> = match hosts.items() {
            Some(items) => items.iter().map(|item| &**item).collect(),
            None => vec![hosts],
        };
        let texts: Option<Vec<&str>> = names.iter().map(|name| name.text()).collect();
        let Some(pattern) = texts.map(|texts| texts.join(",")) else {
            return self
                .reader
                .refuse(hosts.span, "`hosts` is a name, or a list of names");
        };
        let place = self.run().place(hosts.span);
        self.run().hosts = Some(Word::literal(&pattern, place));
    }

    fn roles(&mut self, roles: &Node) {
        let Some(items) = roles.items() else {
            return self.nothing(roles, "`roles`");
        };
        for role in items {
            let name = role
                .get("role")
                .or_else(|| role.get("name"))
                .unwrap_or(role);
            let why = format!(
                "what the role {} does is not looked at",
                name.text().unwrap_or_default()
            );
            self.reader.unfollowed(name.span, &why);
        }
    }

    /// A list of tasks and blocks.
    fn list(&mut self, list: &Node) {
        match list.items() {
            Some(items) => items.iter().for_each(|item| self.block_or_task(item)),
            None => self.nothing(list, "what holds tasks"),
        }
    }

    /// A list of tasks and blocks that run only when something calls for them.
    fn list_perhaps(&mut self, list: &Node, why: &str) {
        let Some(items) = list.items() else {
            return self.nothing(list, "what holds tasks");
        };
        for item in items {
            let certain = self.run().certain.clone();
            let first = item.entries().and_then(<[_]>::first);
            self.perhaps(first.map_or(item.span, |entry| entry.key.span), why);
            self.block_or_task(item);
            self.run().certain = certain;
        }
    }

    /// Where a list should be, nothing may be, and nothing else.
    fn nothing(&mut self, node: &Node, what: &str) {
        if !node.is_null() {
            self.reader.refuse(node.span, &format!("{what} is a list"));
        }
    }

    fn block_or_task(&mut self, entry: &Node) {
        if entry.entries().is_none() {
            let message = "this is neither a play, nor a block, nor a task: all are maps";
            return self.reader.refuse(entry.span, message);
        }
        match entry.entry("block") {
            Some(_) => self.block(entry),
            None => self.task(entry),
        }
    }

    fn block(&mut self, block: &Node) {
        self.only(block, BLOCK, "block");
        let outer = self.enter(block);
        self.conditions(block);
        self.directed(block);
        for name in ["block", "rescue", "always"] {
            let Some(section) = block.entry(name) else {
                continue;
            };
            match name {
                "rescue" => {
                    let why = "it runs only when a task of the block fails";
                    self.list_perhaps(&section.value, why);
                }
                _ => self.list(&section.value),
            }
        }
        self.leave(outer);
    }

    /// Refuses keys that Ansible does not know.
    fn only(&mut self, node: &Node, known: &[&str], what: &str) {
        for entry in node.entries().unwrap_or_default() {
            if !known.contains(&entry.name()) {
                let message = format!("`{}` is no attribute of a {what}", entry.name());
                self.reader.refuse(entry.key.span, &message);
            }
        }
    }

    fn enter(&mut self, node: &Node) -> Outer {
        let run = &self.reader.run;
        let outer = Outer {
            certain: run.certain.clone(),
            target: run.target.clone(),
            hosts: run.hosts.clone(),
            through: run.through.len(),
            defaults: self.defaults.len(),
        };
        let defaults = node.get("module_defaults").into_iter();
        let given = defaults.flat_map(|defaults| defaults.entries().unwrap_or_default());
        self.defaults
            .extend(given.map(|entry| entry.name().to_owned()));
        outer
    }

    fn leave(&mut self, outer: Outer) {
        let run = &mut self.reader.run;
        run.certain = outer.certain;
        run.target = outer.target;
        run.hosts = outer.hosts;
        run.through.truncate(outer.through);
        self.defaults.truncate(outer.defaults);
    }

    fn perhaps(&mut self, span: Span, why: &str) {
        let certain = self.run().maybe(span, why);
        self.run().certain = certain;
    }

    /// `when`, and tags without which it is never run.
    fn conditions(&mut self, node: &Node) {
        if let Some(when) = node.entry("when")
            && when.value.resolved() != Some(Resolved::Bool(true))
        {
            self.perhaps(when.key.span, "it runs only where its `when` holds");
        }
        if let Some(check) = node.entry("check_mode")
            && check.value.resolved() != Some(Resolved::Bool(false))
        {
            self.perhaps(
                check.key.span,
                "it only shows what it would do where `check_mode` holds",
            );
        }
        let tags = node.entry("tags");
        let is_never = |tags: &Node| {
            tags.text()
                .is_some_and(|text| text.split(',').any(|tag| tag.trim() == "never"))
        };
        let any_never = |tags: &Node| {
            is_never(tags)
                || tags
                    .items()
                    .unwrap_or_default()
                    .iter()
                    .any(|tag| is_never(tag))
        };
        if let Some(tags) = tags.filter(|tags| any_never(&tags.value)) {
            self.perhaps(
                tags.key.span,
                "it runs only where one of its tags is asked for",
            );
        }
    }

    /// What says where the commands run, and of which databases they speak.
    fn directed(&mut self, node: &Node) {
        if let Some(once) = node.entry("run_once")
            && once.value.resolved() != Some(Resolved::Bool(false))
            && self.run().target.is_none()
            && self.run().hosts.is_some()
        {
            let why = "it runs once, on the first of the play's hosts";
            let word = self.run().unfollowed(once.key.span, why);
            self.run().target = Some(word);
        }
        if node.get("connection").and_then(Node::text) == Some("local") {
            self.run().hosts = None;
            self.run().target = None;
        }
        if let Some(delegate) = node.get("delegate_to") {
            self.run().target = self.text_word(delegate);
        }
        let vars = node.get("vars").and_then(Node::entries).unwrap_or_default();
        if let Some(var) = vars.iter().find(|var| ELSEWHERE.contains(&var.name())) {
            let why = format!("`{}` says on which node it runs", var.name());
            let word = self.run().unfollowed(var.key.span, &why);
            self.run().target = Some(word);
        }
        let environment = node.get("environment");
        let maps = environment.into_iter().flat_map(|own| {
            let inner = own.items().unwrap_or_default().iter().map(|item| &**item);
            std::iter::once(own).chain(inner)
        });
        for entry in maps.flat_map(|map| map.entries().unwrap_or_default()) {
            if entry.name().starts_with("OVN_") || entry.name().starts_with("OVS_") {
                let text = format!(
                    "{}={}",
                    entry.name(),
                    entry.value.text().unwrap_or_default()
                );
                let place = self.run().place(entry.key.span);
                self.run().through.push(Spanned::new(text, place));
            }
        }
    }

    /// A scalar as a word, with what its templates say.
    fn text_word(&mut self, node: &Node) -> Option<Word> {
        let unit = self.reader.unit(node)?;
        let filled = template::filled(&unit, node, &template::Item::None);
        Some(filled.word(self.reader.run.file))
    }
}
