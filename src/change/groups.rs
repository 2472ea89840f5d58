//! What one command does to several nodes alike, taken together.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::words::first_of;
use crate::finding::{Finding, Level};

use super::effect::{Effect, Kind};
use super::{Change, Step};

/// So many nodes a message names; its finding has all.
const SHOWN: usize = 8;

/// Effects of one command that are alike.
pub struct Group<'a> {
    /// The command.
    pub step: &'a Step,
    /// Its number.
    pub at: usize,
    /// The effects, at least one, in the order in which they come.
    pub effects: Vec<&'a Effect>,
}

impl Change {
    /// The effects that have a key; those of one step with one key together, in the order in which they come.
    pub fn groups<'a, K: Ord>(&'a self, key: impl Fn(&'a Kind) -> Option<K>) -> Vec<Group<'a>> {
        let mut groups: Vec<Group> = Vec::new();
        let mut known = BTreeMap::new();
        for (at, effect) in self.effects() {
            let Some(key) = key(&effect.kind) else {
                continue;
            };
            let group = *known.entry((at, key)).or_insert_with(|| {
                groups.push(Group {
                    step: &self.steps[at],
                    at,
                    effects: Vec::new(),
                });
                groups.len() - 1
            });
            groups[group].effects.push(effect);
        }
        groups
    }
}

impl<'a> Group<'a> {
    /// The first of the effects.
    pub fn first(&self) -> &'a Effect {
        self.effects[0]
    }

    /// The nodes on which it happens for certain.
    pub fn nodes(&self) -> Vec<&'a str> {
        let mut met = BTreeSet::new();
        let certain = self.effects.iter().filter(|effect| effect.needs.is_none());
        let names = certain.map(|effect| effect.node.as_str());
        names.filter(|name| met.insert(*name)).collect()
    }

    /// The nodes on which it may happen.
    pub fn possible(&self) -> Vec<&'a str> {
        let mut met: BTreeSet<&str> = self.nodes().into_iter().collect();
        let names = self.effects.iter().map(|effect| effect.node.as_str());
        names.filter(|name| met.insert(*name)).collect()
    }

    /// Whether it happens for certain anywhere.
    pub fn is_certain(&self) -> bool {
        self.effects.iter().any(|effect| effect.needs.is_none())
    }

    /// What it does where that is certain, else what it may do.
    pub fn does(&self, certain: &'static str, possible: &'static str) -> &'static str {
        if self.is_certain() { certain } else { possible }
    }

    /// The nodes, as a phrase: `os-network and os-compute1, and possibly os-compute2`.
    pub fn who(&self) -> String {
        let (nodes, possible) = (self.nodes(), self.possible());
        match (&nodes[..], &possible[..]) {
            ([], possible) => first_of(possible, SHOWN),
            (nodes, []) => first_of(nodes, SHOWN),
            (nodes, possible) => format!(
                "{}, and possibly {}",
                first_of(nodes, SHOWN),
                first_of(possible, SHOWN)
            ),
        }
    }

    /// What a lint says of it, at the words that bring it about. What happens on one node alone has that node's
    /// name in its subject.
    pub fn finding(
        &self,
        level: Level,
        subject: &str,
        message: String,
        label: impl Into<String>,
    ) -> Finding {
        let subject = match &self.step.node {
            Some(node) => format!("{node}/{subject}"),
            None => subject.to_owned(),
        };
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        Finding {
            nodes: owned(self.nodes()),
            possible_nodes: owned(self.possible()),
            ..Finding::new(level, subject, message, &self.first().place, label)
        }
    }
}
