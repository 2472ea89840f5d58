//! The variables that commands may set, found without following them.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::here::identifier_length;
use super::tree::{Command, Form, Item, List, Operation, Part, Simple, Tree};

/// Commands whose arguments name variables that they set.
const SETTERS: [&str; 13] = [
    "read",
    "mapfile",
    "readarray",
    "getopts",
    "let",
    "printf",
    "unset",
    "export",
    "readonly",
    "local",
    "declare",
    "typeset",
    "eval",
];

struct Search<'a> {
    functions: &'a HashMap<Rc<str>, Rc<Command>>,
    called: HashSet<Rc<str>>,
    waiting: Vec<Rc<Command>>,
    names: Vec<Rc<str>>,
}

/// The variables that lists may set, those of the functions that they call among them.
pub fn names(lists: &[&List], functions: &HashMap<Rc<str>, Rc<Command>>) -> Vec<Rc<str>> {
    let mut search = Search {
        functions,
        called: HashSet::new(),
        waiting: Vec::new(),
        names: Vec::new(),
    };
    for list in lists {
        search.list(list);
    }
    while let Some(body) = search.waiting.pop() {
        search.command(&body);
    }
    search.names.sort();
    search.names.dedup();
    search.names
}

impl Search<'_> {
    fn list(&mut self, list: &List) {
        for item in list {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        let rest = item.rest.iter().map(|(_, _, pipeline)| pipeline);
        for pipeline in std::iter::once(&item.first).chain(rest) {
            for command in &pipeline.commands {
                self.command(command);
            }
        }
    }

    fn command(&mut self, command: &Command) {
        match &command.form {
            Form::Simple(simple) => self.simple(simple),
            // What a subshell sets is lost with it.
            Form::Subshell(_) | Form::Function(..) | Form::Test(_) => {}
            Form::Group(list) => self.list(list),
            Form::If(arms, otherwise) => {
                for (condition, body) in arms {
                    self.list(condition);
                    self.list(body);
                }
                if let Some(body) = otherwise {
                    self.list(body);
                }
            }
            Form::While(condition, body) => {
                self.list(condition);
                self.list(body);
            }
            Form::For(name, _, body) | Form::Select(name, _, body) => {
                self.names.push(name.clone());
                self.list(body);
            }
            Form::Count(sums, body) => {
                self.names.extend(sums.names.iter().cloned());
                self.list(body);
            }
            Form::Case(_, arms) => arms.iter().for_each(|(_, body)| self.list(body)),
            Form::Arithmetic(sums) => self.names.extend(sums.names.iter().cloned()),
        }
    }

    fn simple(&mut self, simple: &Simple) {
        let assignments = simple.assignments.iter();
        self.names
            .extend(assignments.map(|assignment| assignment.name.clone()));
        for tree in &simple.words {
            self.defaults(tree);
        }
        let Some(name) = simple.words.first().and_then(Tree::literal) else {
            return;
        };
        if SETTERS.contains(&name.as_str()) {
            for word in simple.words[1..].iter().filter_map(Tree::literal) {
                let length = identifier_length(&word);
                if length > 0 {
                    self.names.push(word[..length].into());
                }
            }
        }
        if let Some((name, body)) = self.functions.get_key_value(name.as_str())
            && self.called.insert(name.clone())
        {
            self.waiting.push(body.clone());
        }
    }

    /// `${NAME:=value}`
    fn defaults(&mut self, tree: &Tree) {
        for part in &tree.parts {
            if let Part::Parameter(parameter) = part
                && matches!(parameter.operation, Operation::Assign(..))
            {
                self.names.push(parameter.name.clone());
            }
        }
    }
}
