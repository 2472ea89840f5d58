//! The state of a script while it is followed.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use crate::source::{FileId, Place, Span, Spanned};

use super::names::{Alias, Aliases};
use super::open_files::Directory;
use super::parse::{self, Syntax};
use super::prefix;
use super::tree::{Command, List};
use super::unit::Unit;
use super::variables::{Value, Variable, Variables};
use super::{Below, Certain, Comment, Fate, Invocation, Script, ScriptTrouble, Word};

/// How deep compound commands, calls of functions and shells in shells may be nested in each other.
pub const MAX_DEPTH: u32 = 48;
/// A script is followed up to as many commands, with its loops unrolled.
pub const MAX_COMMANDS: usize = 100_000;
/// More syntax errors than these are not told.
const MAX_TROUBLES: usize = 100;
/// What following a script may take: a byte of a word is one, a piece of it and a command that runs are 64.
pub const MAX_EFFORT: u64 = 128 << 20;
/// Commands are given out up to as many bytes, beside those that stand in the script itself: a variable of 60 KB that is
/// used a thousand times is not followed to the end.
pub const MAX_GIVEN: usize = 4 << 20;

/// The state of a script while it is followed.
pub struct Run {
    pub file: FileId,
    pub script: Script,
    pub variables: Variables,
    pub functions: HashMap<Rc<str>, Rc<Command>>,
    pub aliases: HashMap<Rc<str>, Alias>,
    /// Whether the shell expands aliases.
    pub expands: Aliases,
    /// Whether what is assigned is exported: `set -a`.
    pub exports_all: bool,
    /// Where the lines of the file end.
    line_ends: Vec<u32>,
    /// `$1` and the others; none for those of the script itself.
    pub arguments: Option<Rc<[Value]>>,
    /// What a function's local variables were before it was called.
    pub locals: Option<Vec<(Rc<str>, Option<Variable>)>>,
    /// Whether what is read now runs.
    pub certain: Certain,
    /// A loop may have been left: what follows in it may not run.
    pub doubt: Option<Certain>,
    pub target: Option<Word>,
    /// The pattern of hosts on which a play runs.
    pub hosts: Option<Word>,
    pub through: Vec<Spanned<String>>,
    pub runs_on: prefix::Where,
    pub status: Status,
    pub braces: Braces,
    pub on_failure: OnFailure,
    /// How many conditions it stands in: in one, a failure never ends the script.
    pub conditions: u32,
    pub input: Input,
    /// Where the shell stands.
    pub directory: Directory,
    pub depth: u32,
    /// Where commands were nested too deep.
    pub too_deep: HashSet<Span>,
    /// What it took so far.
    pub effort: u64,
    /// How many bytes were given out, and how many may be.
    given: usize,
    allowance: usize,
    over: bool,
}

/// What is known of the last command's exit status.
#[derive(Clone, Debug, Default)]
pub struct Status {
    /// Whether it succeeded, where that is known.
    pub known: Option<bool>,
    /// It succeeded exactly if this holds.
    pub success: Option<Certain>,
    /// It failed exactly if this holds.
    pub failure: Option<Certain>,
}

/// Whether braces are expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Braces {
    /// As bash does.
    Expanded,
    /// `/bin/sh` may be bash.
    Unclear,
}

/// What a failing command does to the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// It goes on.
    Continue,
    /// `set -e`
    Exit,
}

/// What a command reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// What the script reads.
    Inherited,
    /// The output of the command before.
    Pipe,
    /// What stands behind the compound command around it: a file, a here-document.
    Around,
}

/// How a command ended what it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It did not.
    Next,
    /// `break` and `continue`, with the number of loops.
    Break(u32),
    Continue(u32),
    Return,
    Exit,
}

impl Certain {
    /// What holds exactly if this does not; none where that cannot be said.
    fn otherwise(self) -> Option<Self> {
        match self {
            Self::IfSucceeds(index) => Some(Self::IfFails(index)),
            Self::IfFails(index) => Some(Self::IfSucceeds(index)),
            Self::Always | Self::Maybe(..) => None,
        }
    }
}

impl Status {
    pub fn known(succeeded: bool) -> Self {
        Self {
            known: Some(succeeded),
            ..Self::default()
        }
    }

    pub fn negated(self) -> Self {
        Self {
            known: self.known.map(|succeeded| !succeeded),
            success: self.failure,
            failure: self.success,
        }
    }
}

impl Run {
    pub fn new(file: FileId) -> Self {
        Self {
            file,
            script: Script {
                file,
                ..Script::default()
            },
            variables: Variables::default(),
            functions: HashMap::new(),
            aliases: HashMap::new(),
            expands: Aliases::Unclear,
            exports_all: false,
            line_ends: Vec::new(),
            arguments: None,
            locals: None,
            certain: Certain::Always,
            doubt: None,
            target: None,
            hosts: None,
            through: Vec::new(),
            runs_on: prefix::Where::Here,
            status: Status::known(true),
            braces: Braces::Expanded,
            on_failure: OnFailure::Continue,
            conditions: 0,
            input: Input::Inherited,
            directory: Directory::Start,
            depth: 0,
            too_deep: HashSet::new(),
            effort: 0,
            given: 0,
            allowance: MAX_GIVEN,
            over: false,
        }
    }

    pub fn place(&self, span: Span) -> Place {
        Place::text(self.file, span.range())
    }

    /// Looks at the first line, which names the interpreter. Fails where that is no shell.
    pub fn start(&mut self, text: &str) -> Result<(), ScriptTrouble> {
        self.allowance = MAX_GIVEN + text.len();
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        self.line_ends = ends
            .map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX))
            .collect();
        let Some(line) = text.strip_prefix("#!").and_then(|rest| rest.lines().next()) else {
            return Ok(());
        };
        let mut words = line.split_whitespace();
        let mut name = words.next().unwrap_or_default();
        if name.ends_with("/env") {
            let is_name = |word: &&str| !word.starts_with('-') && !word.contains('=');
            name = words.find(is_name).unwrap_or_default();
        }
        let name = name.rsplit('/').next().unwrap_or_default();
        match name {
            "bash" => self.expands = Aliases::Ignored,
            "ksh" | "mksh" | "zsh" => self.expands = Aliases::Expanded,
            "sh" | "dash" | "ash" | "busybox" => {
                self.braces = Braces::Unclear;
                self.expands = Aliases::Expanded;
            }
            _ => {
                return Err(ScriptTrouble {
                    place: Place::text(self.file, 0..2 + line.len()),
                    message: format!("`{name}` runs this, which is no shell"),
                });
            }
        }
        if words.any(|word| word.starts_with('-') && word.contains('e')) {
            self.on_failure = OnFailure::Exit;
        }
        Ok(())
    }

    /// The number of the line in which a byte of the file stands.
    pub fn line(&self, at: u32) -> usize {
        self.line_ends.partition_point(|end| *end < at)
    }

    /// Parses and follows a text.
    pub fn script(&mut self, unit: &Unit) -> Flow {
        let list = self.parse(unit);
        self.list(&list)
    }

    pub fn parse(&mut self, unit: &Unit) -> List {
        self.spend(unit.text.len() as u64);
        let parsed = parse::parse(unit);
        for trouble in parsed.troubles {
            self.trouble(trouble);
        }
        self.comments(parsed.comments, Below::Command);
        parsed.list
    }

    pub fn comments(&mut self, spans: Vec<Span>, below: Below) {
        let comments = spans.into_iter().map(|span| Comment { span, below });
        self.script.comments.extend(comments);
    }

    pub fn trouble(&mut self, trouble: Syntax) {
        let trouble = ScriptTrouble {
            place: self.place(trouble.span),
            message: trouble.message,
        };
        // A function or a loop may come by the same text again.
        let troubles = &self.script.troubles;
        if troubles.len() < MAX_TROUBLES && !troubles.contains(&trouble) {
            self.script.troubles.push(trouble);
        }
    }

    pub fn spend(&mut self, effort: u64) {
        self.effort = self.effort.saturating_add(effort);
    }

    /// Whether the script is too long to be followed further; if so, that is given out once.
    pub fn is_over(&mut self, span: Span) -> bool {
        if self.effort < MAX_EFFORT
            && self.given < self.allowance
            && self.script.commands.len() < MAX_COMMANDS
        {
            return false;
        }
        if !self.over {
            self.over = true;
            self.certain = Certain::Always;
            let why = "the script does too much to be followed from here on";
            self.push(vec![self.unfollowed(span, why)], span);
        }
        true
    }

    /// A word that stands for what runs at a place, and is not known.
    pub fn unfollowed(&self, span: Span, why: &str) -> Word {
        let mut word = Word::literal("", self.place(span));
        word.unknown = Some((self.place(span), why.to_owned()));
        word
    }

    /// Gives a command out of whose exit status nothing is known: it is taken to succeed where a failure would end the
    /// script.
    pub fn push_unfollowed(&mut self, words: Vec<Word>, span: Span) -> Fate {
        let fate = self.push(words, span);
        self.status = Status::default();
        fate
    }

    /// Gives a command out.
    pub fn push(&mut self, words: Vec<Word>, span: Span) -> Fate {
        let index = self.script.commands.len();
        self.given += words.iter().map(|word| word.text.len()).sum::<usize>();
        self.script.commands.push(Invocation {
            place: self.place(span),
            target: self.target.clone(),
            hosts: self.hosts.clone(),
            through: self.through.clone(),
            words,
            certain: self.certain.clone(),
        });
        self.status = Status {
            known: None,
            success: Some(Certain::IfSucceeds(index)),
            failure: Some(Certain::IfFails(index)),
        };
        Fate::GivenOut
    }

    /// Follows something that may not run. Variables are then what they were before; gives those that it sets.
    pub fn conditional(
        &mut self,
        certain: Certain,
        follow: impl FnOnce(&mut Self) -> Flow,
    ) -> (Flow, Vec<Rc<str>>) {
        let outer = std::mem::replace(&mut self.certain, certain.clone());
        let doubt = self.doubt.clone();
        let mark = self.variables.mark();
        let directory = self.directory.clone();
        let flow = follow(self);
        if self.directory != directory {
            self.directory = Directory::Unknown;
        }
        let names = self.variables.go_back(mark);
        let inner = std::mem::replace(&mut self.certain, outer);
        let otherwise = if inner == certain {
            certain.otherwise()
        } else {
            None
        };
        match (flow, otherwise) {
            (Flow::Break(_) | Flow::Continue(_), Some(otherwise)) => self.doubt = Some(otherwise),
            (Flow::Break(_) | Flow::Continue(_), None) => {
                self.doubt = Some(self.may_be_left(inner));
            }
            (Flow::Return | Flow::Exit, Some(otherwise)) => self.certain = otherwise,
            (Flow::Return | Flow::Exit, None) | (Flow::Next, _) => {}
        }
        // A loop that may have been left is left on every level up to it.
        if self.doubt != doubt
            && let Some(doubt) = &self.doubt
        {
            self.certain = doubt.clone();
        }
        (flow, names)
    }

    fn may_be_left(&self, inner: Certain) -> Certain {
        match inner {
            Certain::IfSucceeds(index) | Certain::IfFails(index) => Certain::Maybe(
                self.script.commands[index].place.clone(),
                "behind this, the loop may have been left".to_owned(),
            ),
            inner => inner,
        }
    }

    /// Says of variables that it is not known what they hold.
    pub fn forget(&mut self, names: &[Rc<str>]) {
        let why: Arc<str> = "a variable that is set under a condition".into();
        self.variables.forget(names, &why);
    }

    pub fn maybe(&self, span: Span, why: &str) -> Certain {
        Certain::Maybe(self.place(span), why.to_owned())
    }

    /// Follows a list in a shell of its own: what it sets is lost, and so is an `exit`.
    pub fn subshell(&mut self, follow: impl FnOnce(&mut Self) -> Flow) {
        let mark = self.variables.mark();
        let certain = self.certain.clone();
        let doubt = self.doubt.take();
        let directory = self.directory.clone();
        follow(self);
        self.directory = directory;
        self.variables.go_back(mark);
        self.certain = certain;
        self.doubt = doubt;
    }
}
