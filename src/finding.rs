//! What a lint has to say about a site, and what it could not tell.

pub mod allow;
pub mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::source::{Place, Spanned};

/// How bad it is. Ordered: a note is less than an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Wrong, or an outage later.
    Warning,
    /// An outage, or a service that does not start.
    Error,
}

impl Level {
    /// The level that is spelled so.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Error, Self::Warning, Self::Note]
            .into_iter()
            .find(|level| level.name() == name)
    }

    /// As `lint.toml` and the reports spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The most that a lint may say, as the user set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// Nothing.
    Off,
    /// Findings of this level; higher ones are lowered to it.
    AtMost(Level),
}

/// One defect at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How bad it is here; one of the levels that `lint.toml` declares.
    pub level: Level,
    /// What the finding is about, as a path of names: `os-compute/br-ex`. With the lint's name it
    /// identifies the finding from run to run, so it holds no line numbers.
    pub subject: String,
    /// What is wrong, with the real names, in one phrase, lower case, no full stop.
    pub message: String,
    /// Where; the first is where the reader should look first.
    pub labels: Vec<Label>,
    /// Who is hit, for certain.
    pub nodes: Vec<String>,
    /// Who may be hit, for lack of input.
    pub possible_nodes: Vec<String>,
    /// How to put it right.
    pub fix: Option<Fix>,
}

/// A noun phrase at a place.
#[derive(Clone, Debug)]
pub struct Label {
    /// The place.
    pub place: Place,
    /// What stands there.
    pub text: String,
}

/// How to put a finding right.
#[derive(Clone, Debug, Default)]
pub struct Fix {
    /// Whether the edits keep the meaning of everything else.
    pub safe: bool,
    /// Edits to files.
    pub edits: Vec<Edit>,
    /// Commands to run, in order.
    pub commands: Vec<Command>,
}

/// Replaces the text at a place.
#[derive(Clone, Debug)]
pub struct Edit {
    /// What is replaced.
    pub place: Place,
    /// The text there, where the lint knows it; where another stands, that is not replaced.
    pub expected: Option<String>,
    /// By what.
    pub replacement: String,
}

/// A command to run on a node, and what it disturbs.
#[derive(Clone, Debug)]
pub struct Command {
    /// As typed.
    pub line: String,
    /// What it interrupts and for how long; empty where nothing is.
    pub disrupts: String,
}

/// What one lint found on one site, and what it could not look at.
#[derive(Debug, Default)]
pub struct Findings {
    /// The findings.
    pub found: Vec<Finding>,
    /// What was looked at (an empty need) and what was not, by the input that would settle it.
    pub coverage: BTreeMap<&'static str, Vec<String>>,
    parameters: BTreeMap<String, Parameter>,
}

/// The value of a parameter that `lint.toml` declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// A number, or a size in bytes.
    Number(u64),
    /// A text.
    Text(String),
}

impl Command {
    /// A command of these words. Names come from inputs: what a shell would not take as it stands is quoted.
    pub fn new(words: &[&str], disrupts: impl Into<String>) -> Self {
        let quoted: Vec<String> = words.iter().map(|word| words::quoted(word)).collect();
        Self {
            line: quoted.join(" "),
            disrupts: disrupts.into(),
        }
    }
}

impl Findings {
    /// An empty list for a lint with these parameters.
    pub fn new(parameters: BTreeMap<String, Parameter>) -> Self {
        Self {
            parameters,
            ..Self::default()
        }
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    /// Says that `who` (a node, a configuration) was looked at.
    pub fn checked(&mut self, who: &str) {
        self.coverage.entry("").or_default().push(who.to_owned());
    }

    /// Says that `who` could not be looked at, and which input would settle it.
    pub fn unknown(&mut self, who: &str, needs: &'static str) {
        self.coverage.entry(needs).or_default().push(who.to_owned());
    }

    /// A number or a size in bytes that the lint's `lint.toml` declares as a parameter.
    pub fn number(&self, name: &str) -> u64 {
        match self.parameters.get(name) {
            Some(Parameter::Number(number)) => *number,
            other => panic!("lint.toml declares no number `{name}`: {other:?}"),
        }
    }

    /// A text that the lint's `lint.toml` declares as a parameter.
    pub fn text(&self, name: &str) -> &str {
        match self.parameters.get(name) {
            Some(Parameter::Text(text)) => text,
            other => panic!("lint.toml declares no text `{name}`: {other:?}"),
        }
    }
}

impl Finding {
    /// A finding at its primary place.
    pub fn new(
        level: Level,
        subject: impl Into<String>,
        message: impl Into<String>,
        place: &Place,
        label: impl Into<String>,
    ) -> Self {
        Self {
            level,
            subject: subject.into(),
            message: message.into(),
            labels: Vec::new(),
            nodes: Vec::new(),
            possible_nodes: Vec::new(),
            fix: None,
        }
        .label(place, label)
    }

    /// Adds a place.
    #[must_use]
    pub fn label(mut self, place: &Place, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place: place.clone(),
            text: text.into(),
        });
        self
    }

    /// Adds a node that is hit.
    #[must_use]
    pub fn node(mut self, name: &str) -> Self {
        self.nodes.push(name.to_owned());
        self
    }

    /// Adds the node that is hit, where there is one.
    #[must_use]
    pub fn on(mut self, node: Option<&str>) -> Self {
        self.nodes.extend(node.map(str::to_owned));
        self
    }

    /// Adds a node that may be hit.
    #[must_use]
    pub fn possible_node(mut self, name: &str) -> Self {
        self.possible_nodes.push(name.to_owned());
        self
    }

    /// Adds a command that puts it right, word by word, and what it disturbs.
    #[must_use]
    pub fn command(self, words: &[&str], disrupts: impl Into<String>) -> Self {
        self.step(Command::new(words, disrupts))
    }

    /// Adds a step that puts it right.
    #[must_use]
    pub fn step(mut self, command: Command) -> Self {
        self.fix.get_or_insert_default().commands.push(command);
        self
    }

    /// Adds an edit that puts it right. A fix is safe only where every edit of it is.
    #[must_use]
    pub fn edit(mut self, safe: bool, place: &Place, replacement: impl Into<String>) -> Self {
        let fix = self.fix.get_or_insert_default();
        fix.safe = safe && (fix.safe || fix.edits.is_empty());
        fix.edits.push(Edit {
            place: place.clone(),
            expected: None,
            replacement: replacement.into(),
        });
        self
    }

    /// Adds an edit that writes another text in place of a value. Where the value does not stand in a file as it is (a
    /// database, an option that names others), there is none.
    #[must_use]
    pub fn write(self, safe: bool, value: &Spanned<String>, replacement: &str) -> Self {
        let place = &value.place;
        if place.cell.is_some() || place.span.len() != value.len() {
            return self;
        }
        let mut finding = self.edit(safe, place, replacement);
        let edit = finding.fix.as_mut().and_then(|fix| fix.edits.last_mut());
        if let Some(edit) = edit {
            edit.expected = Some(value.value.clone());
        }
        finding
    }
}

/// What went wrong while an input was read.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// In which way.
    pub kind: TroubleKind,
    /// Where.
    pub place: Place,
    /// What it is about, without line numbers.
    pub subject: String,
    /// What is wrong, in one phrase.
    pub message: String,
    /// What stands at the place.
    pub label: String,
    /// The other side, where two inputs disagree.
    pub other: Option<(Place, String)>,
    /// What was probably meant at the place.
    pub meant: Option<String>,
}

/// In which way reading went wrong; each is the subject of one lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// The file cannot be read, or is not text.
    Unreadable,
    /// The file is above the limit.
    TooLarge,
    /// A record fails its checksum or does not parse.
    Damaged,
    /// The last record is cut.
    Torn,
    /// `topology.toml` is wrong.
    Topology,
    /// Two states of one node disagree.
    Contradictory,
}

impl Trouble {
    /// The finding that a lint makes of it.
    pub fn finding(&self, level: Level) -> Finding {
        let finding = Finding::new(
            level,
            &self.subject,
            &self.message,
            &self.place,
            &self.label,
        );
        let finding = match &self.other {
            Some((place, label)) => finding.label(place, label),
            None => finding,
        };
        match &self.meant {
            Some(meant) => finding.edit(false, &self.place, meant),
            None => finding,
        }
    }
}
