//! YAML as PyYAML reads it, which Ansible, cloud-init, netplan and kolla-ansible do: a tree with the place of every value.

mod build;
mod comments;
mod offsets;
mod places;
mod scalar;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::source::Span;

pub use places::{Piece, pieces};
pub use scalar::Resolved;

/// Lists and maps in each other beyond this are refused.
pub const MAX_DEPTH: usize = 64;
/// More values than these, with aliases and merge keys put in, are refused.
pub const MAX_NODES: usize = 1_000_000;

/// What a file holds.
#[derive(Debug, Default)]
pub struct Yaml {
    /// The value of each document.
    pub documents: Vec<Arc<Node>>,
    /// Why the file cannot be read; the documents are then those before it.
    pub trouble: Option<Trouble>,
    /// Keys that are given again in the same map, which is what counts.
    pub overridden: Vec<Span>,
    /// Comments that are for us, each from its sign to the end of the line.
    pub comments: Vec<Span>,
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where.
    pub span: Span,
    /// What is wrong.
    pub message: String,
}

/// A value, and where it stands. What an alias names stands where its anchor is.
#[derive(Debug)]
pub struct Node {
    /// From the first to the last byte, with quotes and without what is around it.
    pub span: Span,
    /// `!vault`, `tag:yaml.org,2002:str`; none where nothing is said.
    pub tag: Option<String>,
    /// What it is.
    pub value: Value,
}

/// A value.
#[derive(Debug)]
pub enum Value {
    /// A text, a number, nothing.
    Scalar(Scalar),
    /// `- value`, `[value, …]`
    List(Vec<Arc<Node>>),
    /// `key: value`, `{key: value, …}`, with the keys of `<<`, and each key once.
    Map(Vec<Entry>),
}

/// A key of a map and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key, which is a scalar.
    pub key: Arc<Node>,
    /// The value.
    pub value: Arc<Node>,
}

/// A scalar, without its quotes and folds.
#[derive(Debug)]
pub struct Scalar {
    /// The text.
    pub text: String,
    /// How it is written.
    pub style: Style,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: it may be a number, a truth value or nothing.
    Plain,
    /// In `'`.
    SingleQuoted,
    /// In `"`.
    DoubleQuoted,
    /// Behind `|`.
    Literal,
    /// Behind `>`.
    Folded,
}

impl Node {
    /// What stands for nothing.
    pub fn is_null(&self) -> bool {
        self.resolved() == Some(Resolved::Null)
    }

    /// The scalar's text; none of a list or a map.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// What PyYAML makes of a scalar; none of a list or a map.
    pub fn resolved(&self) -> Option<Resolved> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar::resolve(scalar, self.tag.as_deref())),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The members of a list.
    pub fn items(&self) -> Option<&[Arc<Node>]> {
        match &self.value {
            Value::List(items) => Some(items),
            Value::Scalar(_) | Value::Map(_) => None,
        }
    }

    /// The keys of a map and their values.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            Value::Scalar(_) | Value::List(_) => None,
        }
    }

    /// The entry of a map that has this key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        let entries = self.entries().unwrap_or_default();
        entries.iter().find(|entry| entry.name() == key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &*entry.value)
    }
}

impl Entry {
    /// The key's text.
    pub fn name(&self) -> &str {
        self.key.text().unwrap_or_default()
    }
}

/// Reads all documents of a file.
pub fn read(text: &str) -> Yaml {
    build::read(text)
}
