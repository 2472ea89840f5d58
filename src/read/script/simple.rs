//! Commands of words: which program it is, through what it runs, and whether it is given out.

use std::path::Path;
use std::rc::Rc;

use crate::source::{Span, Spanned};

use super::expand::{joined, value_of};
use super::machine;
use super::parse::declares;
use super::prefix::{self, Inner, Prefix, Where};
use super::run::{Flow, Input, MAX_DEPTH, Run, Status};
use super::tree::{Assigned, Simple};
use super::unit::Unit;
use super::variables::Value;
use super::{Certain, Word};

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

/// Programs of which an argument may name one of those above without running it.
const QUIET: [&str; 36] = [
    "[",
    "alias",
    "apt",
    "apt-cache",
    "apt-get",
    "awk",
    "basename",
    "cat",
    "cd",
    "chmod",
    "chown",
    "cp",
    "dirname",
    "dnf",
    "dpkg",
    "egrep",
    "git",
    "grep",
    "hash",
    "install",
    "killall",
    "ln",
    "logger",
    "ls",
    "man",
    "mv",
    "pgrep",
    "pkill",
    "rm",
    "rpm",
    "sed",
    "tee",
    "type",
    "which",
    "whereis",
    "yum",
];

/// A command, expanded.
#[derive(Clone)]
pub struct Call {
    pub words: Vec<Word>,
    pub span: Span,
    /// The here-document or here-string that it reads.
    pub input: Option<Unit>,
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
        if simple.words.first().is_some_and(declares) {
            let name = words[0].text.clone();
            self.declare(&name, &words[1..], simple);
            return Flow::Next;
        }
        if words.is_empty() {
            for assignment in &simple.assignments {
                self.assign(assignment);
            }
            return Flow::Next;
        }
        let through = self.through.len();
        for assignment in &simple.assignments {
            let Assigned::Word(tree) = &assignment.value else {
                continue;
            };
            let value = self.whole(tree).text;
            self.keep_secret(&assignment.name, &Value::text(&value));
            // Which database is meant; others say nothing of the site, and may be secret.
            if !assignment.name.starts_with("OVN_") && !assignment.name.starts_with("OVS_") {
                continue;
            }
            let text = format!("{}={value}", assignment.name);
            self.through
                .push(Spanned::new(text, self.place(assignment.span)));
        }
        let flow = self.call(Call { words, span, input }, By::Shell);
        self.through.truncate(through);
        flow
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
        self.call(Call { words, span, input }, By::Prefix);
    }

    fn call(&mut self, call: Call, by: By) -> Flow {
        let Some(first) = call.words.first() else {
            return Flow::Next;
        };
        if let Some((place, why)) = first.unknown.clone() {
            let certain = Certain::Maybe(place, format!("what runs this is not known: {why}"));
            if self.hidden(&call, certain) == Hidden::No {
                self.status = Status::default();
                self.push(call.words, call.span);
            }
            return Flow::Next;
        }
        let name = first.base_name().to_owned();
        if by == By::Shell {
            if let Some(flow) = self.call_function(&first.text.clone(), &call.words) {
                return flow;
            }
            if let Some(flow) = self.builtin(&call.words, call.span) {
                return flow;
            }
        }
        self.status = Status::default();
        if self.depth >= MAX_DEPTH {
            let why = "commands are nested too deep to be followed";
            self.unknown_program(call.words, call.span, why);
        } else if let Some(prefix) = prefix::of(&call.words) {
            self.depth += 1;
            self.run_through(&prefix, call);
            self.depth -= 1;
        } else if name == "xargs" {
            self.by_xargs(&call);
        } else if PROGRAMS.contains(&name.as_str())
            || restarts(&name, &call.words)
            || machine::disturbs(&name, &call.words)
        {
            self.with_remote(call);
        } else if machine::interprets(&name) && told(&call) {
            let why = format!("what `{}` is told is not looked at", first.text);
            self.unknown_program(call.words, call.span, &why);
        } else if is_script(&name) || first.text.starts_with("./") {
            let why = format!("what `{}` does is not looked at", first.text);
            self.unknown_program(call.words, call.span, &why);
        } else if !QUIET.contains(&name.as_str()) {
            let why = format!("what `{}` makes of this is not known", first.text);
            let certain = Certain::Maybe(first.place.clone(), why);
            self.hidden(&call, certain);
        }
        Flow::Next
    }

    /// Gives a command out, with the node that `docker -H` names.
    fn with_remote(&mut self, call: Call) {
        let is_docker = matches!(call.words[0].base_name(), "docker" | "podman");
        let node = prefix::remote(&call.words).filter(|_| is_docker);
        let outer = self.target.clone();
        if let Some((at, range)) = node {
            self.target = Some(call.words[at].named_part(range));
        }
        self.push(call.words, call.span);
        self.target = outer;
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

    fn by_xargs(&mut self, call: &Call) {
        let is_program = |word: &Word| PROGRAMS.contains(&word.base_name());
        let Some(at) = call.words.iter().position(is_program) else {
            let xargs = call.words[0].place.clone();
            let certain = Certain::Maybe(xargs, "what `xargs` reads is not known".to_owned());
            self.hidden(call, certain);
            return;
        };
        let xargs = &call.words[0];
        let why = "the words that `xargs` reads".to_owned();
        let mut added = Word::literal(&xargs.text, xargs.place.clone());
        added.unknown = Some((xargs.place.clone(), why));
        let why = "how often `xargs` runs this is not known".to_owned();
        let certain = Certain::Maybe(xargs.place.clone(), why);
        let mut words = call.words[at..].to_vec();
        words.push(added);
        self.conditional(certain, |run| {
            run.push(words, call.span);
            Flow::Next
        });
        self.status = Status::default();
    }

    fn run_through(&mut self, prefix: &Prefix, call: Call) {
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
        match prefix.place {
            Where::Here => self.run_inner(&prefix.inner, call),
            Where::Elsewhere => {
                let variables = std::mem::take(&mut self.variables);
                let runs_on = std::mem::replace(&mut self.runs_on, Where::Elsewhere);
                self.run_inner(&prefix.inner, call);
                self.variables = variables;
                self.runs_on = runs_on;
            }
        }
        self.target = target;
        self.through.truncate(through);
    }

    fn run_inner(&mut self, inner: &Inner, call: Call) {
        match *inner {
            Inner::Nothing => {}
            Inner::Words(at) => {
                let words = call.words[at..].to_vec();
                self.call(Call { words, ..call }, By::Prefix);
            }
            Inner::Joined(at) => self.nested(&joined(&call.words[at..]), None),
            Inner::Script(at) => {
                let behind = call.words.get(at + 2..).unwrap_or_default();
                let arguments: Rc<[Value]> = behind.iter().map(value_of).collect();
                if let Some(word) = call.words.get(at) {
                    self.nested(&word.unit(), Some(arguments));
                }
            }
            Inner::File(at) => {
                let why = format!("what `{}` does is not looked at", call.words[at].text);
                self.unknown_program(call.words[at..].to_vec(), call.span, &why);
            }
            Inner::Input => self.reads(call),
        }
    }

    /// A shell that is given its commands by what it reads.
    fn reads(&mut self, call: Call) {
        if let Some(unit) = &call.input {
            return self.nested(unit, None);
        }
        let why = match self.input {
            Input::Pipe => "the commands that this shell reads from the pipe",
            Input::Inherited if self.runs_on == Where::Here => return,
            Input::Inherited => "what is typed in this session",
        };
        self.unknown_program(call.words, call.span, why);
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

/// Whether it starts or stops containers.
fn restarts(name: &str, words: &[Word]) -> bool {
    let verbs: &[&str] = match name {
        "docker" | "podman" => &["restart", "stop", "start", "kill", "rm", "pause", "unpause"],
        "kubectl" | "oc" => &["rollout", "delete", "scale"],
        _ => return false,
    };
    words
        .iter()
        .skip(1)
        .any(|word| verbs.contains(&word.text.as_str()))
}

/// Whether a program of another language speaks of one of ours.
fn told(call: &Call) -> bool {
    let names = |text: &str| PROGRAMS[..6].iter().any(|program| text.contains(program));
    let input = call.input.as_ref();
    input.is_some_and(|unit| names(&unit.text)) || call.words.iter().any(|word| names(&word.text))
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
