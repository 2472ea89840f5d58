//! Reads shell scripts, and the commands in YAML, Markdown, Makefiles and units, for what they do to a site. Nothing is executed.

mod ansible;
mod assigned;
mod blanks;
mod braces;
mod builtin;
mod cloud_init;
mod compound;
mod environment;
mod expand;
mod fate;
mod fields;
mod follow;
mod harmless;
mod here;
mod idle;
mod lines;
mod machine;
mod makefile;
mod markdown;
mod names;
mod open_files;
mod parameter;
mod parse;
mod pipeline;
mod prefix;
mod printed;
mod reading;
mod run;
mod service_file;
mod session;
mod simple;
mod test;
mod tree;
mod trim;
mod unit;
mod variables;
mod word;
mod yaml;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::source::{FileId, Place, Span, Spanned};

pub use fate::{Account, Fate};
pub use machine::daemon;
pub use simple::WRITES;

use run::Run;
use unit::{Origin, Piece, Unit};

/// What a script does to a site.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The file.
    pub file: FileId,
    /// The commands, in the order in which they run.
    pub commands: Vec<Invocation>,
    /// What reaches nothing of a site, and why: tasks of Ansible, keys of cloud-init, steps of a pipeline.
    pub harmless: Vec<(Place, &'static str)>,
    /// Syntax errors.
    pub troubles: Vec<ScriptTrouble>,
    /// What became of every command that was come by.
    pub account: Account,
    /// The comments that are for us, in the order of the file.
    pub comments: BTreeSet<Comment>,
    /// The values that variables with a secret's name had, which may stand anywhere in the commands.
    pub secrets: BTreeSet<String>,
}

/// A comment that speaks of us: see [`MARK`](crate::read::allow::MARK).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comment {
    /// From its sign to the end of the line.
    pub span: Span,
    /// What stands below it.
    pub below: Below,
}

/// What stands below a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Below {
    /// Commands of a shell.
    Command,
    /// An item of YAML: what is indented deeper belongs to it.
    Item,
}

/// A syntax error. What could be read besides is in [`Script::commands`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptTrouble {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
}

/// One run of a program that changes a site or reads it.
///
/// Where the first word is not known, neither is what runs here: a script that is not looked at, a variable that is
/// never set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The whole command.
    pub place: Place,
    /// The node that `ssh NODE`, `docker -H …` or `delegate_to` names; may itself be unknown.
    pub target: Option<Word>,
    /// The hosts of the play that it is a task of, as Ansible's pattern, where no node is named for the task itself.
    pub hosts: Option<Word>,
    /// What it is run through, from outside to inside: `sudo`, `docker exec C`, `OVN_NB_DB=…`.
    pub through: Vec<Spanned<String>>,
    /// The program and its arguments.
    pub words: Vec<Word>,
    /// Whether it runs.
    pub certain: Certain,
}

/// Whether a command runs. A conditional `exit` or `return` is taken as not happening, except where the condition is
/// a command that is given out: then what follows runs only if that succeeds, or only if it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certain {
    /// Once the script runs.
    Always,
    /// If this one of [`Script::commands`] ran and succeeded.
    IfSucceeds(usize),
    /// If this one of [`Script::commands`] ran and failed.
    IfFails(usize),
    /// It depends on what is not known: where that stands, and what it is.
    Maybe(Place, String),
}

/// A word of a command, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The text; what is not known stands in it as it is written.
    pub text: String,
    /// Where it stands, with its quotes.
    pub place: Place,
    /// What cannot be followed, where it stands, and what it is.
    pub unknown: Option<(Place, String)>,
    pieces: Vec<Piece>,
}

impl Word {
    /// Where a range of the text was written. The value of a variable was written where the variable is used.
    pub fn part(&self, range: Range<usize>) -> Place {
        Place {
            span: unit::span(&self.pieces, range, self.place.span),
            ..self.place.clone()
        }
    }

    /// A word that stands in the text as it is.
    fn literal(text: &str, place: Place) -> Self {
        let mut pieces = Vec::new();
        unit::push(&mut pieces, 0, place.span, Origin::Decoded);
        Self {
            text: text.to_owned(),
            place,
            unknown: None,
            pieces,
        }
    }

    /// A node's name in place of the pattern that stands here.
    #[must_use]
    pub fn naming(&self, node: &str) -> Self {
        Self::literal(node, self.place.clone())
    }

    /// What stands from a byte of the text on.
    fn from(self, start: usize, text: &str) -> Self {
        let place = self.part(start..self.text.len());
        let mut word = Self::literal(text, place);
        word.unknown = self.unknown;
        word
    }

    /// The text as one that is parsed again.
    fn unit(&self) -> Unit {
        Unit::of(&self.text, &self.pieces)
    }

    /// The last component of a path.
    pub fn base_name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }
}

/// Reads a shell script.
pub fn read(file: FileId, text: &str) -> Script {
    let mut run = Run::new(file);
    match run.start(text) {
        Ok(()) => _ = run.script(&Unit::whole(text, 0)),
        Err(trouble) => run.script.troubles.push(trouble),
    }
    run.script
}

/// Reads a script, a file of YAML for Ansible, cloud-init or a pipeline, or the code of a Markdown file: by the ending
/// of the name, and where that does not tell, by what the text looks like.
pub fn read_named(file: FileId, name: &str, text: &str) -> Script {
    match form(name, text) {
        Form::Shell if session::is_one(text) => {
            let mut run = Run::new(file);
            session::read(&mut run, text);
            run.script
        }
        Form::Shell => read(file, text),
        Form::Yaml => yaml::read(file, text),
        Form::Makefile => makefile::read(file, text),
        Form::Unit => service_file::read(file, text),
        Form::Markdown => markdown::read(file, text),
    }
}

/// Reads a command that was given as arguments: its places are in [`line()`].
pub fn of_arguments(file: FileId, arguments: &[String]) -> Script {
    read(file, &line(arguments))
}

/// Arguments as they would be typed, quoted where a shell would make something else of them.
pub fn line(arguments: &[String]) -> String {
    let quoted = arguments.iter().enumerate().map(|(index, argument)| {
        // What looks like an assignment or a reserved word is the name of a program here.
        let means_more = index == 0 && (argument.contains('=') || parse::is_reserved(argument));
        if is_plain(argument) && !means_more {
            argument.clone()
        } else {
            format!("'{}'", argument.replace('\'', r"'\''"))
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

/// Whether a shell takes a word as it is.
fn is_plain(argument: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=@%+".contains(c);
    !argument.is_empty() && argument.chars().all(plain)
}

/// What holds the commands.
enum Form {
    Shell,
    Yaml,
    Markdown,
    /// A Makefile.
    Makefile,
    /// A unit of systemd.
    Unit,
}

fn form(name: &str, text: &str) -> Form {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    if yaml::is_cloud_config(text) {
        return Form::Yaml;
    }
    let file = name.rsplit('/').next().unwrap_or_default();
    if matches!(file, "Makefile" | "makefile" | "GNUmakefile") || ending == Some("mk") {
        return Form::Makefile;
    }
    if service_file::is_one(name, text) {
        return Form::Unit;
    }
    match ending.unwrap_or_default() {
        "yml" | "yaml" => return Form::Yaml,
        "md" | "markdown" => return Form::Markdown,
        "sh" | "bash" => return Form::Shell,
        _ => {}
    }
    if text.starts_with("#!") {
        return Form::Shell;
    }
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    match lines.find(|line| !line.starts_with('#')) {
        Some("---") => Form::Yaml,
        Some(line) if line.starts_with("- name:") || line.starts_with("- hosts:") => Form::Yaml,
        _ if text.lines().any(|line| line.starts_with("```")) => Form::Markdown,
        _ => Form::Shell,
    }
}
