//! Which commands there are, and what each may have.

use std::sync::OnceLock;

use crate::read::version::Version;

use super::super::{Tool, Word, schema};

/// The table of all commands; its head says how it reads.
const COMMANDS: &str = include_str!("../commands.tsv");

/// What a command may have.
#[derive(Debug)]
pub struct Syntax {
    /// Its name.
    pub name: &'static str,
    /// The fewest arguments.
    pub min: usize,
    /// The most arguments.
    pub max: usize,
    /// Its options, as the real tools write them: `--may-exist,--id=`.
    pub options: &'static str,
    owner: &'static str,
    since: Option<Vec<u32>>,
    until: Option<Vec<u32>>,
}

/// The commands that a release of a tool has.
pub fn known(tool: Tool, version: Option<&Version>) -> Vec<&'static Syntax> {
    static ALL: OnceLock<Vec<Syntax>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let rows = COMMANDS.lines().filter(|line| !line.starts_with('#'));
        rows.map(read).collect()
    });
    let reached = |numbers: &Vec<u32>| version.is_none_or(|version| version.at_least(numbers));
    let here = |syntax: &&Syntax| {
        (syntax.owner == "both" || syntax.owner == tool.name())
            && syntax.since.as_ref().is_none_or(reached)
            && !syntax.until.as_ref().is_some_and(reached)
    };
    all.iter().filter(here).collect()
}

fn read(row: &'static str) -> Syntax {
    let mut fields = row.split('\t');
    let mut field = || fields.next().unwrap_or_default();
    let (owner, name, min, max, options) = (field(), field(), field(), field(), field());
    let numbers = |text: &str| (!text.is_empty()).then(|| schema::numbers(text));
    Syntax {
        name,
        min: min.parse().expect("a number of arguments"),
        max: max.parse().unwrap_or(usize::MAX),
        options,
        owner,
        since: numbers(field()),
        until: numbers(field()),
    }
}

pub(super) fn check_option(
    syntax: &Syntax,
    option: &str,
    value: Option<&str>,
) -> Result<(), String> {
    let name = syntax.name;
    let end = syntax.options.find(option).map(|at| {
        let end = syntax.options.as_bytes().get(at + option.len());
        end.copied().unwrap_or(b',')
    });
    let Some(end) = end.filter(|end| b"=,? ".contains(end)) else {
        return Err(format!("'{name}' command has no '{option}' option"));
    };
    match (end, value) {
        (b'=', None) => Err(format!(
            "missing argument to '{option}' option on '{name}' command"
        )),
        (b',' | b' ', Some(_)) => Err(format!(
            "'{option}' option on '{name}' does not accept an argument"
        )),
        _ => Ok(()),
    }
}

pub(super) fn check_count(syntax: &Syntax, arguments: &[Word]) -> Result<(), String> {
    let Syntax { name, min, max, .. } = syntax;
    if arguments.len() < *min {
        return Err(format!(
            "'{name}' command requires at least {min} arguments"
        ));
    }
    if arguments.len() <= *max {
        return Ok(());
    }
    let note = if arguments.iter().any(|word| word.value.starts_with('-')) {
        " (note that options must precede command names and follow a \"--\" argument)"
    } else {
        ""
    };
    Err(format!(
        "'{name}' command takes at most {max} arguments{note}"
    ))
}
