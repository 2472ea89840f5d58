//! Commands of words: which program it is, through what it runs, and whether it is given out.

use std::path::Path;
use std::rc::Rc;

use crate::source::{Span, Spanned};

use super::expand::{joined, value_of};
use super::harmless;
use super::machine;
use super::names;
use super::open_files::{self, Depth, Directory};
use super::parse::declares;
use super::prefix::{self, Inner, Prefix, Where};
use super::run::{Flow, Input, MAX_DEPTH, Run, Status};
use super::tree::{Simple, Tree};
use super::unit::Unit;
use super::variables::Value;
use super::{Certain, Fate, Word};

/// Programs that change a site or read it.
pub const PROGRAMS: [&str; 10] = [
    "ovs-vsctl",
    "ovn-nbctl",
    "ovn-sbctl",
    "ovs-ofctl",
    "ovs-appctl",
    "ovn-appctl",
    "systemctl",
    "service",
    "ip",
    "brctl",
];

/// Programs that run, on other nodes or again and again, what they are told.
const SPREADERS: [&str; 10] = [
    "pdsh",
    "clush",
    "dsh",
    "pssh",
    "parallel-ssh",
    "retry",
    "parallel",
    "salt",
    "ansible",
    "xargs",
];

/// A command of more words is not followed.
const MAX_WORDS: usize = 50_000;

/// The word that stands for a redirection into a file, as the program that it is given out as.
pub const WRITES: &str = ">";

/// A command, expanded.
#[derive(Clone)]
pub struct Call {
    pub words: Vec<Word>,
    pub span: Span,
    /// The here-document or here-string that it reads.
    pub input: Option<Unit>,
    /// Whether it reads a file instead.
    pub file: bool,
}

/// Whether functions and the shell's own commands may be meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Shell,
    Prefix,
}

impl Run {
    /// Assignments and words.
    pub fn simple(&mut self, simple: &Simple, span: Span) -> Flow {
        self.status = Status::known(true);
        let words: Vec<Word> = simple
            .words
            .iter()
            .flat_map(|tree| self.words(tree))
            .collect();
        let input = simple
            .input
            .as_ref()
            .and_then(|cell| cell.get())
            .map(|tree| self.unit(tree));
        let flow = if simple.words.first().is_some_and(declares) {
            let name = words[0].text.clone();
            self.declare(&name, &words[1..], simple);
            self.account(Fate::Shell);
            Flow::Next
        } else if words.is_empty() {
            for assignment in &simple.assignments {
                self.assign(assignment);
            }
            self.account(Fate::Shell);
            Flow::Next
        } else {
            self.opens(&simple.files);
            let file = !simple.files.is_empty();
            let call = Call {
                words,
                span,
                input,
                file,
            };
            match self.unaliased(&simple.words[0], call) {
                Ok(call) => self.with_assignments(simple, call),
                Err((call, why)) => {
                    let fate = self.unknown_program(call.words, span, &why);
                    self.account(fate);
                    Flow::Next
                }
            }
        };
        self.writes(&simple.outputs);
        flow
    }

    /// A command with `NAME=value` in front of it.
    fn with_assignments(&mut self, simple: &Simple, call: Call) -> Flow {
        let through = self.through.len();
        let before = self.lend(&simple.assignments);
        for assignment in &simple.assignments {
            // Which database is meant; others say nothing of the site, and may be secret.
            if !assignment.name.starts_with("OVN_") && !assignment.name.starts_with("OVS_") {
                continue;
            }
            let lent = self.variables.get(&assignment.name);
            if let Some(Value::Text(value)) = lent.map(|variable| &variable.value) {
                let text = format!("{}={value}", assignment.name);
                self.through
                    .push(Spanned::new(text, self.place(assignment.span)));
            }
        }
        let flow = self.call(call, By::Shell);
        self.take_back(before);
        self.through.truncate(through);
        flow
    }

    /// Counts what a command ended in.
    pub fn account(&mut self, fate: Fate) {
        self.script.account.add(fate);
    }

    /// Files that a command reads: `<(…)` runs commands.
    pub fn opens(&mut self, files: &[Tree]) {
        for tree in files {
            self.whole(tree);
        }
    }

    /// Commands in a text that is not followed, as in `$(( $(COMMAND) ))`, are given out as one that is not known.
    pub fn calculates(&mut self, runs: bool, span: Span) {
        if runs {
            let word = self.unfollowed(span, "the commands in a calculation");
            let fate = self.push_unfollowed(vec![word], span);
            self.account(fate);
        }
    }

    /// Files that output goes to: one that something holds open is given out as a command of its own.
    pub fn writes(&mut self, outputs: &[Tree]) {
        for tree in outputs {
            let word = self.whole(tree);
            if open_files::is_idle(&word, &self.directory, Depth::Flat) {
                continue;
            }
            let status = self.status.clone();
            let sign = Word::literal(WRITES, word.place.clone());
            let fate = self.push_unfollowed(vec![sign, word], tree.span);
            self.account(fate);
            self.status = status;
        }
    }

    /// A command that no shell reads, and what it reads itself.
    pub fn given(&mut self, words: Vec<Word>, input: Option<Unit>) {
        let (Some(first), Some(last)) = (words.first(), words.last()) else {
            return;
        };
        let (start, end) = (first.place.span.start, last.place.span.end);
        let span = Span {
            start,
            end: end.max(start),
        };
        let call = Call {
            words,
            span,
            input,
            file: false,
        };
        self.call(call, By::Prefix);
    }

    /// Whatever a command is, it ends in one fate, which is counted.
    fn call(&mut self, call: Call, by: By) -> Flow {
        let (flow, fate) = self.fate(call, by);
        self.account(fate);
        flow
    }

    fn fate(&mut self, call: Call, by: By) -> (Flow, Fate) {
        let Some(first) = call.words.first() else {
            return (Flow::Next, Fate::Shell);
        };
        if let Some((place, why)) = first.unknown.clone() {
            let certain = Certain::Maybe(place, format!("what runs this is not known: {why}"));
            if self.hidden(&call, certain) == Hidden::Found {
                return (Flow::Next, Fate::Runs);
            }
            self.status = Status::default();
            return (Flow::Next, self.push(call.words, call.span));
        }
        let name = first.base_name().to_owned();
        if by == By::Shell {
            let is_given = call.input.is_some() || call.file;
            let input = if is_given { Input::Around } else { self.input };
            let outer = std::mem::replace(&mut self.input, input);
            let called = match self.call_function(&first.text.clone(), &call.words) {
                Some(flow) => Some((flow, Fate::Runs)),
                None => self.builtin(&call.words, call.span),
            };
            self.input = outer;
            if let Some(called) = called {
                return called;
            }
        }
        self.status = Status::default();
        (Flow::Next, self.program(&name, call))
    }

    /// A program of the machine.
    fn program(&mut self, name: &str, mut call: Call) -> Fate {
        if let Some(node) = names::own(&mut call.words) {
            let outer = self.target.replace(node);
            let fate = self.by_its_name(call);
            self.target = outer;
            return fate;
        }
        match call.words.first() {
            Some(first) if first.base_name() != name => self.by_its_name(call),
            _ => self.plain_program(name, call),
        }
    }

    fn by_its_name(&mut self, call: Call) -> Fate {
        let name = call.words.first().map_or("", Word::base_name).to_owned();
        self.plain_program(&name, call)
    }

    /// A program that has its own name.
    fn plain_program(&mut self, name: &str, call: Call) -> Fate {
        if self.depth >= MAX_DEPTH {
            let why = "commands are nested too deep to be followed";
            return self.unknown_program(call.words, call.span, why);
        }
        if let Some(prefix) = prefix::of(&call.words) {
            self.depth += 1;
            let fate = self.run_through(&prefix, call);
            self.depth -= 1;
            return fate;
        }
        if let Some((fate, succeeds)) = harmless::fate(&call.words, &self.directory) {
            self.status.known = succeeds.or(answers(name, &call.words));
            if name == "cd" || name == "pushd" {
                let is_option = |word: &&Word| word.text.starts_with('-') && word.text != "-";
                let target = call.words.iter().skip(1).rfind(|word| !is_option(word));
                self.directory = self.directory.entered(target);
            } else if name == "popd" {
                self.directory = Directory::Unknown;
            }
            return fate;
        }
        if name == "xargs" {
            return self.by_xargs(&call);
        }
        if PROGRAMS.contains(&name) || machine::is_followed(name) {
            return self.with_remote(call);
        }
        let first = &call.words[0];
        if SPREADERS.contains(&name) {
            let why = format!("what `{}` makes of this is not known", first.text);
            let certain = Certain::Maybe(first.place.clone(), why);
            if self.hidden(&call, certain) == Hidden::Found {
                return Fate::Runs;
            }
        }
        if is_script(name) || first.text.starts_with("./") {
            let why = format!("what `{}` does is not looked at", first.text);
            return self.unknown_program(call.words, call.span, &why);
        }
        self.push_unfollowed(call.words, call.span)
    }

    /// Gives a command out, with the node that `docker -H` names, and what the environment tells it.
    fn with_remote(&mut self, mut call: Call) -> Fate {
        if call.words.len() > MAX_WORDS {
            let why = format!("a command of more than {MAX_WORDS} words is not followed");
            call.words.truncate(1);
            return self.unknown_program(call.words, call.span, &why);
        }
        if let Some(why) = self.tell(&mut call.words) {
            return self.unknown_program(call.words, call.span, &why);
        }
        let is_docker = matches!(call.words[0].base_name(), "docker" | "podman");
        let node = prefix::remote(&call.words).filter(|_| is_docker);
        let outer = self.target.clone();
        if let Some((at, range)) = node {
            self.target = Some(call.words[at].named_part(range));
        }
        let fate = self.push(call.words, call.span);
        self.target = outer;
        fate
    }

    /// Looks for a program of ours among the arguments of a command that is not known.
    fn hidden(&mut self, call: &Call, certain: Certain) -> Hidden {
        let is_program =
            |word: &Word| word.unknown.is_none() && PROGRAMS[..6].contains(&word.base_name());
        let words = &call.words;
        let found = words.iter().skip(1).position(is_program).map(|at| at + 1);
        let list = if let Some(at) = found.filter(|at| at + 1 < words.len()) {
            let call = Call {
                words: words[at..].to_vec(),
                ..call.clone()
            };
            self.conditional(certain, |run| run.call(call, By::Prefix));
            self.status = Status::default();
            return Hidden::Found;
        } else {
            let holds = |word: &&Word| {
                let first = word.text.trim_start().split(' ').next().unwrap_or_default();
                word.text.contains(' ') && PROGRAMS[..6].contains(&first)
            };
            let Some(word) = words.iter().skip(1).find(holds) else {
                return Hidden::No;
            };
            word.unit()
        };
        self.depth += 1;
        self.conditional(certain, |run| {
            run.nested(&list, None);
            Flow::Next
        });
        self.depth -= 1;
        self.status = Status::default();
        Hidden::Found
    }

    /// The words that `xargs` reads are not known, nor how often it runs what it is told.
    fn by_xargs(&mut self, call: &Call) -> Fate {
        let at = prefix::behind_options(&call.words, "adEILnPs");
        let xargs = call.words[0].clone();
        let why = "the words that `xargs` reads".to_owned();
        let mut added = Word::literal(&xargs.text, xargs.place.clone());
        added.unknown = Some((xargs.place.clone(), why));
        let why = "how often `xargs` runs this is not known".to_owned();
        let certain = Certain::Maybe(xargs.place, why);
        // Without a program it prints.
        let Some(words) = call.words.get(at..).filter(|words| !words.is_empty()) else {
            return Fate::Harmless("it prints what it reads");
        };
        let mut words = words.to_vec();
        words.push(added);
        let inner = Call {
            words,
            span: call.span,
            input: None,
            file: false,
        };
        self.depth += 1;
        let (_, names) = self.conditional(certain, |run| run.call(inner, By::Prefix));
        self.depth -= 1;
        self.forget(&names);
        self.status = Status::default();
        Fate::Runs
    }

    fn run_through(&mut self, prefix: &Prefix, call: Call) -> Fate {
        let start = match prefix.inner {
            Inner::Words(at) | Inner::Joined(at) | Inner::Script(at) | Inner::File(at) => at,
            Inner::Input | Inner::Nothing => call.words.len(),
        };
        let through = self.through.len();
        let target = self.target.clone();
        let shown_words = match call.words[0].base_name() {
            // What follows is a password.
            "sshpass" => 1,
            _ => start.min(call.words.len()),
        };
        self.through.extend(shown(&call.words[..shown_words]));
        if let Some((at, range)) = &prefix.node {
            self.target = Some(call.words[*at].named_part(range.clone()));
        }
        let fate = match prefix.place {
            Where::Here => {
                let before = self.lend_words(&call.words[..start.min(call.words.len())]);
                let fate = self.run_inner(&prefix.inner, call);
                self.take_back(before);
                fate
            }
            Where::Elsewhere => {
                let variables = std::mem::take(&mut self.variables);
                let runs_on = std::mem::replace(&mut self.runs_on, Where::Elsewhere);
                let directory = std::mem::replace(&mut self.directory, Directory::Start);
                self.lend_words(&call.words[..start.min(call.words.len())]);
                let fate = self.run_inner(&prefix.inner, call);
                self.variables = variables;
                self.runs_on = runs_on;
                self.directory = directory;
                fate
            }
        };
        self.target = target;
        self.through.truncate(through);
        fate
    }

    fn run_inner(&mut self, inner: &Inner, call: Call) -> Fate {
        match *inner {
            Inner::Nothing => {
                self.status.known = answers("command", &call.words);
                Fate::Harmless("it runs nothing")
            }
            Inner::Words(at) => {
                let words = call.words[at..].to_vec();
                self.call(Call { words, ..call }, By::Prefix);
                Fate::Runs
            }
            Inner::Joined(at) => {
                self.nested(&joined(&call.words[at..]), None);
                Fate::Runs
            }
            Inner::Script(at) => {
                let behind = call.words.get(at + 2..).unwrap_or_default();
                let arguments: Rc<[Value]> = behind.iter().map(value_of).collect();
                if let Some(word) = call.words.get(at) {
                    self.nested(&word.unit(), Some(arguments));
                }
                Fate::Runs
            }
            Inner::File(at) => {
                let why = format!("what `{}` does is not looked at", call.words[at].text);
                self.unknown_program(call.words[at..].to_vec(), call.span, &why)
            }
            Inner::Input => self.reads(call),
        }
    }

    /// A shell that is given its commands by what it reads.
    fn reads(&mut self, call: Call) -> Fate {
        if let Some(unit) = &call.input {
            self.nested(unit, None);
            return Fate::Runs;
        }
        let why = match self.input {
            _ if call.file => "the commands that this shell reads from a file",
            Input::Pipe => "the commands that this shell reads from the pipe",
            Input::Around => "the commands that this shell reads from what stands around it",
            Input::Inherited if self.runs_on == Where::Here => {
                return Fate::Harmless("what is typed in it stands in the lines below");
            }
            Input::Inherited => "what is typed in this session",
        };
        self.unknown_program(call.words, call.span, why)
    }
}

/// Whether a program of ours was found among the arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hidden {
    Found,
    No,
}

impl Word {
    /// A part of the word as a word.
    fn named_part(&self, range: std::ops::Range<usize>) -> Word {
        if self.unknown.is_some() {
            return self.clone();
        }
        Word::literal(&self.text[range.clone()], self.part(range))
    }
}

/// Whether `which` and its like find a program: one without which nothing of the script could run is there.
fn answers(name: &str, words: &[Word]) -> Option<bool> {
    if !matches!(name, "which" | "type" | "hash" | "command") {
        return None;
    }
    let mut asked = words
        .iter()
        .skip(1)
        .filter(|word| !word.text.starts_with('-'));
    let is_ours = |word: &Word| word.unknown.is_none() && PROGRAMS.contains(&word.base_name());
    (asked.clone().count() > 0 && asked.all(is_ours)).then_some(true)
}

/// The words of a prefix as one text.
fn shown(words: &[Word]) -> Option<Spanned<String>> {
    let (first, last) = (words.first()?, words.last()?);
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let mut place = first.place.clone();
    place.span.end = last.place.span.end.max(place.span.end);
    Some(Spanned::new(texts.join(" "), place))
}

fn is_script(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "sh")
}
