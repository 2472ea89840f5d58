//! The command line of `ovs-vsctl` and `ovn-nbctl`: global options, then commands separated by `--`.

pub mod logging;
pub mod options;
pub mod syntax;

use std::collections::BTreeMap;

use crate::read::version::Version;

use super::{Refusal, Tool, Word};
use options::Reader;
use syntax::Syntax;

/// A command line.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that is there or not"
)]
pub struct Line<'a> {
    /// Its commands, of one transaction.
    pub commands: Vec<Command<'a>>,
    /// Nothing is written to the database: `--dry-run`.
    pub dry_run: bool,
    /// `--no-wait` of `ovs-vsctl`.
    pub no_wait: bool,
    /// What is waited for after the commands.
    pub wait: Wait,
    /// `--help`, `--version` and the like: something is printed and nothing done.
    pub prints: bool,
    /// Output is asked for in another form than the usual one.
    pub formatted: bool,
    /// It stays in the background and takes commands from elsewhere.
    pub daemon: bool,
}

/// `--wait` of `ovn-nbctl`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wait {
    /// Nothing.
    #[default]
    No,
    /// `ovn-northd`.
    Southbound,
    /// Every `ovn-controller`.
    Hypervisors,
}

/// A command with its options and arguments.
#[derive(Debug)]
pub struct Command<'a> {
    /// What it may have.
    pub syntax: &'static Syntax,
    /// Its name and its arguments.
    pub words: &'a [Word],
    /// Where its name stands in the line.
    pub at: usize,
    /// Its options, with their values.
    pub options: BTreeMap<String, Option<String>>,
}

/// Reads a command line, without the name of the tool.
pub fn line<'a>(
    tool: Tool,
    words: &'a [Word],
    version: Option<&Version>,
) -> Result<Line<'a>, Refusal> {
    let syntaxes = syntax::known(tool, version);
    let mut reader = Reader {
        tool,
        words,
        at: 0,
        line: Line::default(),
        first: BTreeMap::new(),
    };
    reader.globals(&syntaxes)?;
    if reader.line.prints || reader.line.daemon {
        return Ok(reader.line);
    }
    let (start, first) = (reader.at, reader.first);
    let mut line = reader.line;
    line.commands = commands(words, start, first, &syntaxes)?;
    Ok(line)
}

const NO_COMMAND: &str = "missing command name (use --help for help)";

fn commands<'a>(
    words: &'a [Word],
    start: usize,
    first: BTreeMap<String, Option<String>>,
    syntaxes: &[&'static Syntax],
) -> Result<Vec<Command<'a>>, Refusal> {
    let mut commands = Vec::new();
    let mut options = Some(first);
    let mut from = start;
    for at in start..=words.len() {
        if at < words.len() && words[at].value != "--" {
            continue;
        }
        if at > from {
            let own = options.take().unwrap_or_default();
            commands.push(command(words, from..at, own, syntaxes)?);
        } else if options.as_ref().is_some_and(|options| !options.is_empty()) {
            return Err(Refusal::at(NO_COMMAND.to_owned(), at.min(words.len())));
        }
        from = at + 1;
    }
    if commands.is_empty() {
        return Err(Refusal::at(NO_COMMAND.to_owned(), words.len()));
    }
    Ok(commands)
}

fn command<'a>(
    words: &'a [Word],
    range: std::ops::Range<usize>,
    mut options: BTreeMap<String, Option<String>>,
    syntaxes: &[&'static Syntax],
) -> Result<Command<'a>, Refusal> {
    let mut at = range.start;
    while at < range.end && words[at].value.starts_with('-') {
        let option = &words[at].value;
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (option.as_str(), None),
        };
        if options.insert(name.to_owned(), value).is_some() {
            let message = format!("'{option}' option specified multiple times");
            return Err(Refusal::at(message, at));
        }
        at += 1;
    }
    if at == range.end {
        return Err(Refusal::at(NO_COMMAND.to_owned(), range.start));
    }
    let name = &words[at].value;
    let Some(syntax) = syntaxes.iter().find(|syntax| syntax.name == name) else {
        let message = format!("unknown command '{name}'; use --help for help");
        return Err(Refusal::at(message, at));
    };
    for (option, value) in &options {
        syntax::check_option(syntax, option, value.as_deref())
            .map_err(|message| Refusal::at(message, at))?;
    }
    let arguments = &words[at + 1..range.end];
    syntax::check_count(syntax, arguments).map_err(|message| Refusal::at(message, at))?;
    Ok(Command {
        syntax,
        words: &words[at..range.end],
        at,
        options,
    })
}

impl Command<'_> {
    /// Whether an option was given.
    pub fn has(&self, option: &str) -> bool {
        self.options.contains_key(option)
    }

    /// The value of an option.
    pub fn value(&self, option: &str) -> Option<&str> {
        self.options.get(option)?.as_deref()
    }

    /// A word: 0 is the name, 1 the first argument.
    pub fn word(&self, at: usize) -> &Word {
        let word = self.words.get(at);
        word.expect("the syntax of a command says how many words it has at least")
    }

    /// The text of a word.
    pub fn text(&self, at: usize) -> &str {
        &self.word(at).value
    }

    /// The number of words, with the name.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it has no words; it always has its name.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The options and words as one text, as the messages of the tools repeat them.
    pub fn as_typed(&self) -> String {
        let options = self.options.keys().map(String::as_str);
        let words = self.words.iter().map(|word| word.value.as_str());
        options.chain(words).collect::<Vec<_>>().join(" ")
    }
}
