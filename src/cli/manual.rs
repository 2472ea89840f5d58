//! `ovnlint man`: the manual pages, made of the help of the command line.

use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::Resettable;
use clap::{Command, CommandFactory};

use crate::finding::words::nearest;
use crate::report::escape;

use super::Arguments;

/// The command line of `man`.
#[derive(Debug, clap::Args)]
pub struct Manual {
    /// The command whose page is printed; without one, the page of the program.
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
    /// Writes the page of the program and of every command into this directory: ovnlint.1, ovnlint-check.1, …
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

/// A variable of the environment, and the commands that read it; none where all do.
struct Variable {
    name: &'static str,
    of: &'static [&'static str],
    meaning: &'static str,
}

const ENVIRONMENT: [Variable; 9] = [
    Variable {
        name: "NO_COLOR",
        of: &[],
        meaning: "Unless it is empty, there are no colours. --color goes before it.",
    },
    Variable {
        name: "CLICOLOR_FORCE",
        of: &[],
        meaning: "Unless it is empty or 0, there are colours, also in a pipe. NO_COLOR goes before it.",
    },
    Variable {
        name: "CLICOLOR",
        of: &[],
        meaning: "If it is 0, there are no colours. CLICOLOR_FORCE goes before it.",
    },
    Variable {
        name: "TERM",
        of: &[],
        meaning: "If it is dumb, there are neither colours nor a line of progress.",
    },
    Variable {
        name: "CI",
        of: &[],
        meaning: "If it is true or 1, there is no line of progress.",
    },
    Variable {
        name: "GITHUB_STEP_SUMMARY",
        of: &["check", "plan"],
        meaning: "With --format github, the file that a summary is added to.",
    },
    Variable {
        name: "GIT_DIR",
        of: &["check"],
        meaning: "With --against, the repository of paths that lie in no other.",
    },
    Variable {
        name: "OVS_RUNDIR",
        of: &["snapshot"],
        meaning: "Where Open vSwitch has its sockets; --ovs-rundir goes before it.",
    },
    Variable {
        name: "OVN_RUNDIR",
        of: &["snapshot"],
        meaning: "Where OVN has its sockets; --ovn-rundir goes before it.",
    },
];

/// How the last paragraph of a command's help begins that tells its exit codes.
const CODES: &str = "Exit code: ";

/// For commands whose help does not tell.
const USUAL_CODES: &str = "0 it is printed, 2 it could not run.";

/// The page that is asked for, or the paths that were written. Fails for a command that is none, and where a page
/// cannot be written.
pub fn run(manual: &Manual) -> Result<String, String> {
    let mut program = Arguments::command().disable_help_subcommand(true);
    program.build();
    if let Some(directory) = &manual.dir {
        return written(&program, directory);
    }
    let Some(name) = &manual.command else {
        return Ok(page(&program));
    };
    let Some(command) = program.find_subcommand(name) else {
        let names = program.get_subcommands().map(Command::get_name);
        let hint = nearest(name, names).map_or_else(
            || "`ovnlint help` lists them".to_owned(),
            |meant| format!("did you mean `{meant}`?"),
        );
        let name = escape::terminal(name);
        return Err(format!("there is no command `{name}`: {hint}"));
    };
    Ok(page(command))
}

fn written(program: &Command, directory: &Path) -> Result<String, String> {
    let failed = |path: &Path, error: std::io::Error| {
        let path = path.to_string_lossy();
        format!("{} cannot be written: {error}", escape::terminal(&path))
    };
    fs::create_dir_all(directory).map_err(|error| failed(directory, error))?;
    let mut paths = String::new();
    for command in [program].into_iter().chain(program.get_subcommands()) {
        let path = directory.join(format!("{}.1", title(command)));
        fs::write(&path, page(command)).map_err(|error| failed(&path, error))?;
        paths += &format!("{}\n", escape::terminal(&path.to_string_lossy()));
    }
    Ok(paths)
}

/// `ovnlint-check`
fn title(command: &Command) -> &str {
    command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
}

fn page(command: &Command) -> String {
    let (about, codes) = split(command);
    // The version stands in the title already.
    let shown = command.clone().long_about(about).version(Resettable::Reset);
    let man = clap_mangen::Man::new(shown)
        .title(title(command))
        // An empty date would not be quoted, and what follows be taken for it.
        .date(" ")
        .source(concat!("ovnlint ", env!("CARGO_PKG_VERSION")))
        .manual("ovnlint manual");
    let mut page = Vec::new();
    man.render(&mut page)
        .expect("memory takes all that is written");
    let mut page = String::from_utf8_lossy(&page).into_owned();
    page += &format!(".SH \"EXIT STATUS\"\n{}\n", roff(&codes));
    page += ".SH ENVIRONMENT\n";
    let own = |variable: &&Variable| {
        command.has_subcommands()
            || variable.of.is_empty()
            || variable.of.contains(&command.get_name())
    };
    for variable in ENVIRONMENT.iter().filter(own) {
        let Variable { name, meaning, .. } = variable;
        page += &format!(".TP\n\\fB{name}\\fR\n{}\n", roff(meaning));
    }
    page.chars().fold(String::new(), ascii)
}

/// Adds a character as every troff reads it, whatever encoding it expects.
fn ascii(mut page: String, character: char) -> String {
    if character.is_ascii() {
        page.push(character);
    } else {
        page += &format!("\\[u{:04X}]", u32::from(character));
    }
    page
}

/// What a command's help says at length, and its exit codes.
fn split(command: &Command) -> (String, String) {
    let about = command.get_long_about().or_else(|| command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    if command.has_subcommands() {
        let codes = "Each command tells its own. 0 all is well, 1 findings, 2 it could not run, 3 nothing was checked.";
        return (about, codes.to_owned());
    }
    match about.split_once(CODES) {
        Some((about, codes)) => (about.trim_end().to_owned(), codes.to_owned()),
        None => (about, USUAL_CODES.to_owned()),
    }
}

/// A text as roff reads it: no line of it a request, every `-` one that can be copied.
fn roff(text: &str) -> String {
    let escaped = text.replace('\\', "\\e").replace('-', "\\-");
    let lines = escaped.lines().map(|line| {
        if line.starts_with(['.', '\'']) {
            format!("\\&{line}")
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
