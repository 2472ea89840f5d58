//! The variables that a script sets, and what becomes of them where it is not known which way it goes.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// The value of a variable.
#[derive(Clone, Debug)]
pub enum Value {
    /// A text.
    Text(Rc<str>),
    /// An array, or arguments.
    List(Rc<[Rc<str>]>),
    /// What cannot be followed: what it is.
    Unknown(Arc<str>),
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its value.
    pub value: Value,
    /// Who sees it.
    pub scope: Scope,
}

/// Who sees a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This shell.
    Shell,
    /// The programs that it starts, too.
    Exported,
}

/// The variables of one shell, with what is needed to go back to an earlier state.
#[derive(Debug, Default)]
pub struct Variables {
    values: HashMap<Rc<str>, Variable>,
    /// What each change since the first open mark replaced.
    journal: Vec<(Rc<str>, Option<Variable>)>,
    marks: usize,
}

/// A state to go back to.
#[derive(Clone, Copy)]
pub struct Mark(usize);

impl Variables {
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.values.get(name)
    }

    /// Sets a value; the variable stays exported where it was.
    pub fn set(&mut self, name: &Rc<str>, value: Value) {
        let scope = self.get(name).map_or(Scope::Shell, |old| old.scope);
        self.replace(name, Some(Variable { value, scope }));
    }

    /// Sets or unsets a variable, and gives what it was.
    pub fn replace(&mut self, name: &Rc<str>, variable: Option<Variable>) -> Option<Variable> {
        let old = match variable {
            Some(variable) => self.values.insert(name.clone(), variable),
            None => self.values.remove(name),
        };
        if self.marks > 0 {
            self.journal.push((name.clone(), old.clone()));
        }
        old
    }

    pub fn export(&mut self, name: &Rc<str>) {
        if let Some(variable) = self.get(name) {
            let scope = Scope::Exported;
            let variable = Variable {
                scope,
                ..variable.clone()
            };
            self.replace(name, Some(variable));
        }
    }

    pub fn count(&self) -> u64 {
        self.values.len() as u64
    }

    /// What a program that is started here sees.
    pub fn exported(&self) -> Self {
        let exported = self.values.iter();
        let exported = exported.filter(|(_, variable)| variable.scope == Scope::Exported);
        Self {
            values: exported
                .map(|(name, variable)| (name.clone(), variable.clone()))
                .collect(),
            ..Self::default()
        }
    }

    pub fn mark(&mut self) -> Mark {
        self.marks += 1;
        Mark(self.journal.len())
    }

    /// Goes back to a state, and says which variables were changed since.
    pub fn go_back(&mut self, mark: Mark) -> Vec<Rc<str>> {
        self.marks -= 1;
        let mut names = Vec::new();
        for (name, old) in self.journal.drain(mark.0..).rev() {
            match old {
                Some(old) => self.values.insert(name.clone(), old),
                None => self.values.remove(&name),
            };
            names.push(name);
        }
        names
    }

    /// Says of variables that it is not known what they hold from here on.
    pub fn forget(&mut self, names: &[Rc<str>], why: &Arc<str>) {
        for name in names {
            self.set(name, Value::Unknown(why.clone()));
        }
    }
}

impl Value {
    /// The texts that it consists of; none of what is not known.
    pub fn texts(&self) -> &[Rc<str>] {
        match self {
            Self::Text(text) => std::slice::from_ref(text),
            Self::List(texts) => texts,
            Self::Unknown(_) => &[],
        }
    }

    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub fn unknown(why: &str) -> Self {
        Self::Unknown(why.into())
    }
}
