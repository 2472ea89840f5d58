//! The step from the site before to the site after: what commands do to a site, or what lies between two trees.

pub mod apply;
pub mod between;
pub mod ctl;
pub mod effect;
pub mod facts;
pub mod gone;
pub mod groups;
pub mod meaning;
mod plays;
pub mod program;
pub mod reach;
pub mod react;
pub mod state;
pub mod target;
pub mod usage;

use std::collections::HashSet;
use std::sync::Arc;

use crate::read::ovsdb::SchemaName;
use crate::site::Site;
use crate::site::neutron::Configuration;
use crate::source::Place;

use ctl::{CellChange, Tool};
use effect::Effect;

/// A site before and after, and the steps between.
#[derive(Debug, Default)]
pub struct Change {
    /// Before.
    pub before: Site,
    /// After every step.
    pub after: Site,
    /// The steps, in the order in which they are taken.
    pub steps: Vec<Step>,
    /// How many commands besides are known to reach nothing of a site.
    pub harmless: usize,
}

/// One command of a script; of `ovs-vsctl` and `ovn-nbctl`, one transaction. Between two trees, all that differs on
/// one node.
#[derive(Clone, Debug)]
pub struct Step {
    /// The command.
    pub place: Place,
    /// As it reads.
    pub text: String,
    /// Where it runs, where that matters and is known.
    pub node: Option<String>,
    /// How that is known.
    pub reached: Reached,
    /// The database that it changes.
    pub database: Option<SchemaName>,
    /// Whether what it runs is followed.
    pub looked_at: LookedAt,
    /// What becomes of it.
    pub outcome: Outcome,
    /// Whether its exit status is 0, where that is known.
    pub succeeds: Option<bool>,
    /// The commands between `--`.
    pub parts: Vec<Part>,
    /// What it changes in the database.
    pub changes: Vec<CellChange>,
    /// What that brings about.
    pub effects: Vec<Effect>,
    /// What of it cannot be told.
    pub doubts: Vec<Doubt>,
}

/// How the node of a command is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reached {
    /// It is named in front of the command.
    Named,
    /// It was given for all commands, or is the only one.
    #[default]
    Given,
}

/// Whether the program of a command is one that is followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LookedAt {
    /// It is.
    #[default]
    Yes,
    /// Nobody here knows what it does.
    No,
}

/// What becomes of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It runs.
    Done,
    /// It only reads.
    Reads,
    /// It is refused, and changes nothing.
    Refused {
        /// What the tool says.
        message: String,
        /// The word that it is about.
        place: Place,
    },
    /// It does not run: what it hangs on does not hold.
    Skipped,
    /// Whether it runs, or what it does, cannot be told; nothing of it was applied.
    Unpredicted,
}

/// One of the commands of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The words.
    pub place: Place,
    /// What it came to.
    pub came_to: CameTo,
}

/// What one of the commands of a line came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameTo {
    /// It changed something.
    Change,
    /// It asked for something that was so already.
    Nothing,
    /// It only reads, or says that it may be so already.
    Fine,
}

/// What cannot be told of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Where.
    pub place: Place,
    /// What, and why, as a phrase.
    pub message: String,
    /// The input that would settle it, where there is one.
    pub needs: Option<&'static str>,
}

/// How much of a script was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// How many commands it has, loops unrolled.
    pub commands: usize,
    /// How many of them are followed, or known to reach nothing of a site.
    pub looked_at: usize,
    /// The programs of the others, each once; of a redirection, the file.
    pub passed_over: Vec<String>,
}

impl Change {
    /// How much of the script was looked at.
    pub fn extent(&self) -> Extent {
        let commands = self.steps.len() + self.harmless;
        let unseen = |step: &&Step| step.looked_at == LookedAt::No;
        let unseen = self.steps.iter().filter(unseen);
        let mut extent = Extent {
            commands,
            looked_at: commands - unseen.clone().count(),
            passed_over: Vec::new(),
        };
        let mut known = HashSet::new();
        for name in unseen.map(Step::shown_program) {
            if !name.is_empty() && known.insert(name) {
                extent.passed_over.push(name.to_owned());
            }
        }
        extent
    }

    /// Each of Neutron's configurations that is there before and after.
    pub fn configurations(&self) -> impl Iterator<Item = (&Configuration, &Configuration)> {
        let after = self.after.configurations.iter();
        after.filter_map(|new| {
            let same = |old: &&Arc<Configuration>| old.name == new.name && old.node == new.node;
            let old = self.before.configurations.iter().find(same)?;
            Some((old.as_ref(), new.as_ref()))
        })
    }

    /// Each effect with the number of its step.
    pub fn effects(&self) -> impl Iterator<Item = (usize, &Effect)> {
        let steps = self.steps.iter().enumerate();
        steps.flat_map(|(at, step)| step.effects.iter().map(move |effect| (at, effect)))
    }

    /// Whether a command changes a key of a map on a node.
    pub fn touches(&self, node: &str, column: &str, key: &str) -> bool {
        let own = |step: &&Step| step.node.as_deref() == Some(node);
        let mut changes = self.steps.iter().filter(own).flat_map(|step| &step.changes);
        changes.any(|change| {
            let keys = change.key.as_ref();
            change.column == column && keys.is_some_and(|own| own.to_text() == key)
        })
    }
}

impl Step {
    /// Whether it is a command; else it is what differs between two trees.
    pub fn is_command(&self) -> bool {
        !self.text.is_empty()
    }

    /// Whose database it changes, as messages say it.
    pub fn owner(&self) -> &str {
        match (&self.node, &self.database) {
            (Some(node), _) => node,
            (None, Some(SchemaName::Northbound)) => "the northbound",
            (None, _) => "an unknown node",
        }
    }

    /// Whose database it changes, as subjects say it.
    pub fn subject(&self) -> &str {
        let owner = self.owner();
        owner.strip_prefix("the ").unwrap_or(owner)
    }

    /// A record, as messages say it.
    pub fn record(&self, table: &str, record: &str) -> String {
        match table {
            "Open_vSwitch" | "NB_Global" => self.owner().to_owned(),
            _ => format!("{record} of {}", self.owner()),
        }
    }

    /// How many commands its line has between `--`; also where it is refused.
    pub fn commands(&self) -> usize {
        let mut words = self.text.split(' ').skip(1).peekable();
        let mut count = 0;
        while words.peek().is_some() {
            let mut command = words.by_ref().take_while(|word| *word != "--");
            let named = command.any(|word| !word.starts_with('-'));
            command.for_each(drop);
            count += usize::from(named);
        }
        count
    }

    /// Which of the two tools it runs.
    pub fn tool(&self) -> Option<Tool> {
        Some(match self.database.as_ref()? {
            SchemaName::Northbound => Tool::Nbctl,
            _ => Tool::Vsctl,
        })
    }

    /// The program that it runs, without where it lies: `kolla-ansible`.
    fn shown_program(&self) -> &str {
        // Of a redirection, the file.
        let text = self.text.strip_prefix("'>' ").unwrap_or(&self.text);
        let name = text.split(' ').next().unwrap_or_default();
        name.rsplit('/').next().unwrap_or(name).trim_matches('\'')
    }

    /// The program that it runs.
    pub fn program(&self) -> &str {
        match self.tool() {
            Some(tool) => tool.name(),
            None => self.text.split(' ').next().unwrap_or_default(),
        }
    }

    /// What one of its commands changes.
    pub fn changes_of(&self, part: &Part) -> impl Iterator<Item = &CellChange> {
        let alone = self.parts.len() == 1;
        let changes = self.changes.iter();
        changes.filter(move |change| alone || part.made(change))
    }
}

impl Part {
    /// Its name and its arguments.
    pub fn typed(&self) -> String {
        let words = format!("{} {}", self.name, self.arguments.join(" "));
        words.trim_end().to_owned()
    }

    /// Whether a change is written in its words.
    pub fn made(&self, change: &CellChange) -> bool {
        change.place.as_ref().is_some_and(|own| {
            own.file == self.place.file
                && self.place.span.start <= own.span.start
                && own.span.end <= self.place.span.end
        })
    }
}
