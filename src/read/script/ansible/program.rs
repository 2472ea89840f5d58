//! Modules that run a command.

use crate::read::script::Word;
use crate::read::script::parse;
use crate::read::script::run::{Braces, Input};
use crate::read::script::unit::Unit;
use crate::read::yaml::{Node, Resolved};

use super::Tasks;
use super::arguments::Given;
use super::modules::Program;
use super::task::Action;
use super::template::{self, Item};

const SHELLS: [&str; 6] = ["sh", "bash", "dash", "ksh", "zsh", "ash"];

impl Tasks<'_, '_> {
    /// What a command does, and whether it runs.
    pub fn program(&mut self, how: Program, action: &Action, item: &Item) {
        let (certain, braces, input) = (
            self.run().certain.clone(),
            self.run().braces,
            self.run().input,
        );
        let condition = ["creates", "removes"]
            .iter()
            .find_map(|name| self.argument(action, &[name], item));
        if let Some(file) = condition {
            let span = if file.text.is_empty() {
                action.span
            } else {
                file.span(0..file.text.len())
            };
            self.perhaps(span, "it runs only where a file is, or is not, there");
        }
        self.runs(how, action, item);
        let run = self.run();
        (run.certain, run.braces, run.input) = (certain, braces, input);
    }

    fn runs(&mut self, how: Program, action: &Action, item: &Item) {
        if let Some(shell) = self.argument(action, &["executable"], item) {
            let name = shell.text.rsplit('/').next().unwrap_or_default().to_owned();
            if name == "bash" {
                self.run().braces = Braces::Expanded;
            } else if !SHELLS.contains(&name.as_str()) {
                return self.unfollowed(action, "is run by what is no shell");
            }
        }
        let stdin = self.argument(action, &["stdin"], item);
        let front = match how {
            Program::File => return self.unfollowed(action, "runs a file that is not looked at"),
            Program::Words | Program::Shell => Some(Vec::new()),
            Program::Container => self.in_container(action, item),
            Program::Pod => self.in_pod(action, item),
        };
        let Some(front) = front else {
            return self.unfollowed(action, "does not say where it runs");
        };
        if let Some(Given::Value(list)) = action.arguments.get(&["argv"])
            && let Some(items) = list.items()
        {
            return match self.listed(items, item) {
                Some(words) => self.given(action, front, words, stdin),
                None => self.unfollowed(action, "is told words that are none"),
            };
        }
        let free = action.arguments.free.as_ref();
        let free = free.map(|(unit, node)| template::filled(unit, node, item));
        let named = |tasks: &mut Self| {
            tasks.argument(action, &["cmd", "_raw_params", "command", "argv"], item)
        };
        let Some(unit) = free.or_else(|| named(self)) else {
            return self.unfollowed(action, "is told no command");
        };
        if how == Program::Shell {
            if stdin.is_some() {
                self.run().input = Input::Pipe;
            }
            return self.run().nested(&unit, None);
        }
        match parse::words(&unit) {
            Ok(trees) => {
                let mut words: Vec<Word> =
                    trees.iter().map(|tree| self.run().whole(tree)).collect();
                if !keeps_variables(action) {
                    words.iter_mut().for_each(of_environment);
                }
                self.given(action, front, words, stdin);
            }
            Err(trouble) => self.run().trouble(trouble),
        }
    }

    fn given(
        &mut self,
        action: &Action,
        mut front: Vec<Word>,
        words: Vec<Word>,
        stdin: Option<Unit>,
    ) {
        if words.is_empty() {
            return self.unfollowed(action, "is told no command");
        }
        front.extend(words);
        self.run().given(front, stdin);
    }

    /// `argv: [PROGRAM, ARGUMENT, …]`
    fn listed(&mut self, items: &[std::sync::Arc<Node>], item: &Item) -> Option<Vec<Word>> {
        let file = self.reader.run.file;
        let words = items.iter().map(|word| {
            let unit = self.reader.unit(word)?;
            Some(template::filled(&unit, word, item).word(file))
        });
        words.collect()
    }

    /// What runs the command somewhere else; none where it is not said where.
    fn in_container(&mut self, action: &Action, item: &Item) -> Option<Vec<Word>> {
        let container = self.word(action, &["container", "name"], item)?;
        let place = self.run().place(action.span);
        let literal = |word: &str| Word::literal(word, place.clone());
        Some(vec![literal("docker"), literal("exec"), container])
    }

    fn in_pod(&mut self, action: &Action, item: &Item) -> Option<Vec<Word>> {
        let pod = self.word(action, &["pod"], item)?;
        let place = self.run().place(action.span);
        let literal = |word: &str| Word::literal(word, place.clone());
        Some(vec![
            literal("kubectl"),
            literal("exec"),
            pod,
            literal("--"),
        ])
    }
}

/// Whether `$NAME` stays as it is.
fn keeps_variables(action: &Action) -> bool {
    match action.arguments.get(&["expand_argument_vars"]) {
        Some(Given::Value(node)) => node.resolved() == Some(Resolved::Bool(false)),
        _ => false,
    }
}

/// `command` puts variables of the node's environment in, which are not known.
fn of_environment(word: &mut Word) {
    let starts = |at: usize| {
        let behind = word.text.get(at + 1..).unwrap_or_default();
        behind.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '{'))
    };
    if word.text.match_indices('$').any(|(at, _)| starts(at)) {
        let place = word.place.clone();
        word.unknown
            .get_or_insert((place, "a variable of the node's environment".to_owned()));
    }
}
