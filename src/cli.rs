//! The command line: what it takes, what it runs, what it answers.

pub mod against;
pub mod allowed;
pub mod catalogue;
mod checked;
pub mod compared;
mod completions;
pub mod config;
mod division;
mod fix;
mod formats;
pub mod journal;
mod leaving;
pub mod linted;
mod manual;
mod nothing;
pub mod output;
mod overwrite;
mod paths;
pub mod plan;
mod progress;
mod replace;
mod show;
mod sites;
pub mod snapshot;
pub mod terminal;

use std::path::PathBuf;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::finding::Level;
use crate::lints;
use crate::read::{self, Limits, Texts, topology};
use crate::report::{escape, patch::Reader, secrets, text::Colour};
use crate::settings;
use crate::site::build::{self, fate::Fate};
use crate::source::date::Date;

use allowed::baseline;
use checked::Checked;
use journal::Journal;
use output::{Printed, Trouble};
use overwrite::Reads;
use paths::labelled;
use snapshot::Snapshot;
use terminal::{Detail, Progress};

/// Says what will break in an OpenStack network site before it is deployed.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Arguments {
    /// What the terminal shows.
    #[command(flatten)]
    pub terminal: terminal::Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads the configuration of a site and says what will break.
    ///
    /// It reads Neutron's ini files, the state of Open vSwitch and OVN (database files, or what ovs-vsctl prints),
    /// topology.toml, systemd units and /etc/default. It talks to no live system and runs nothing that it reads.
    /// With --against it says what a change brings and what it resolves.
    ///
    /// With --fix it edits ini and TOML files, and nothing else.
    ///
    /// Exit code: 0 no finding at or above --fail-on, 1 findings, 2 it could not run, 3 nothing was checked.
    Check(Box<Check>),
    /// Says what commands would do, and to which nodes, before they are typed. Nothing is executed.
    ///
    /// `ovnlint plan SITE -- ovn-nbctl lsp-set-options ln-physnet2 network_name=physnet2`, or `--script change.sh`.
    /// It knows ovs-vsctl and ovn-nbctl, how ovs-vswitchd, ovn-controller and the agents react, and of ovs-ofctl,
    /// ovs-appctl, ovn-appctl, systemctl and ip what they disturb. What cannot be predicted is said.
    ///
    /// Exit code: 0 no new finding at or above --fail-on, 1 new findings, 2 it could not run, 3 no command runs.
    Plan(plan::Plan),
    /// Collects on a node what `check` reads of it: databases, interfaces, configuration, versions.
    ///
    /// It runs other programs: ovsdb-client backup, ip -j addr, link and route, ovs-vswitchd
    /// --version and ovn-controller --version, as PATH finds them, each for 10 seconds at most, a backup for 60. They
    /// read and change nothing. Values with a secret's name and passwords in URLs are written as ***. Copy DIR/HOSTNAME of every node
    /// into one directory, and check that.
    ///
    /// Exit code: 0 something was collected (what was not is said on standard error, and in node.toml), 2 nothing was.
    Snapshot(Snapshot),
    /// Shows the site as it was understood, node by node: bridges, ports, mappings, the path of management.
    ///
    /// What the inputs do not tell is `unseen`; what is written but cannot be told, a template for one, is `unsure`.
    ///
    /// Exit code: 0 it is shown, 2 it could not run, 3 there is nothing to show.
    Show(show::Show),
    /// Shows what a lint means, when it stays silent, and how to put it right.
    Explain {
        /// The lint's name.
        lint: String,
    },
    /// Lists every lint.
    Lints,
    /// Prints the settings in force, and where each comes from: a line of ovnlint.toml, the ruleset, the default.
    Config(config::Print),
    /// Prints the JSON Schema of an input.
    Schema {
        /// Which input.
        of: SchemaOf,
    },
    /// Prints what a shell reads to complete commands, options and names of lints.
    Completions(completions::Completions),
    /// Prints the manual page of the program or of a command, or writes all of them.
    Man(manual::Manual),
}

#[derive(Debug, clap::Args)]
struct Check {
    /// Directories or files; together they are one site, but for directories with a topology.toml of their own.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Compares with the site before a change: a git revision, or what stood in PATH's place: a directory, a tar
    /// archive of it (plain or compressed with gzip), or a file.
    ///
    /// Only what the change brings counts for the exit code. `A...` is the common ancestor of A and HEAD. Before the
    /// first commit, HEAD is an empty site. A revision is read from the objects of the repository, with git ls-tree and
    /// git cat-file: nothing is fetched or checked out. A directory with the name of a revision is written ./DIR.
    /// An archive is read in memory, to its end, up to 2 GiB unpacked.
    #[arg(long, value_name = "REV|PATH")]
    against: Option<String>,
    /// With --against, also shows and counts the findings that were there before.
    #[arg(long, requires = "against")]
    all: bool,
    /// The lowest level of a finding that makes the exit code 1. Default: `fail_on` of ovnlint.toml, else error.
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<Threshold>,
    #[command(flatten)]
    nothing: nothing::Nothing,
    /// Also shows what was checked, and which input would settle what was not.
    #[arg(long)]
    coverage: bool,
    /// Lists every file, what it was taken for and whose it is, or why it was left out; checks nothing.
    #[arg(long, conflicts_with_all = ["against", "rewriting"])]
    show_files: bool,
    #[command(flatten)]
    leaving: leaving::Leaving,
    #[command(flatten)]
    allowing: allowed::flags::Flags,
    #[command(flatten)]
    formats: formats::Formats,
    #[command(flatten)]
    config: config::Config,
    #[command(flatten)]
    fixing: fix::Fixing,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Threshold {
    Error,
    Warning,
    Note,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SchemaOf {
    /// topology.toml
    Topology,
    /// ovnlint.toml
    Config,
}

/// Columns of the text report: what a terminal, a ticket and a pull request show without breaking lines.
const WIDTH: usize = 100;

/// What the program needs to know of where it runs.
#[derive(Debug, Default)]
pub struct Surroundings {
    /// Whether the output is a terminal that shows colours.
    pub colour: Colour,
    /// Who reads the output.
    pub reader: Reader,
    /// The working directory.
    pub directory: PathBuf,
    /// The day, in UTC.
    pub today: Date,
    /// Where GitHub Actions takes the summary of a step: `$GITHUB_STEP_SUMMARY`.
    pub step_summary: Option<PathBuf>,
    /// How much is shown.
    pub detail: Detail,
    /// Whether a long run says what it is at.
    pub progress: Progress,
    /// What the run is at, and what `--verbose` tells of it.
    pub journal: Arc<Journal>,
}

impl Surroundings {
    fn line(&self) -> Option<progress::Line> {
        match self.progress {
            Progress::Shown => Some(progress::Line::of(Arc::clone(&self.journal))),
            Progress::Hidden => None,
        }
    }

    /// For standard error: what the run has to say of itself. A line each.
    pub fn notes(&self) -> Vec<String> {
        match self.detail {
            Detail::Verbose => self.journal.lines(),
            Detail::Normal | Detail::Quiet => Vec::new(),
        }
    }
}

/// What a run answers.
#[derive(Debug)]
pub struct Outcome {
    /// For standard output.
    pub text: Printed,
    /// For standard error: what was left undone. A line each.
    pub complaints: Vec<String>,
    /// The exit code.
    pub code: u8,
}

/// Understands the command line of this process; help and errors have colours or not. Ends it where there is nothing
/// to run.
pub fn arguments(colours: ColorChoice) -> Arguments {
    let mut command = Arguments::command().color(colours);
    let matches = command.try_get_matches_from_mut(std::env::args_os());
    let arguments = matches.and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = arguments.and_then(|arguments| match arguments.terminal.conflict() {
        Some(conflict) => Err(command.error(ErrorKind::ArgumentConflict, conflict)),
        None => Ok(arguments),
    });
    arguments.unwrap_or_else(|error| output::refuse(&error))
}

/// Runs the command line. Fails with a sentence where it cannot run.
pub fn run(arguments: Arguments, surroundings: &Surroundings) -> Result<Outcome, Trouble> {
    let _shown_until_the_end = surroundings.line();
    match arguments.command {
        Command::Check(check) => checked(&check, surroundings),
        Command::Plan(plan) => plan::run(&plan, surroundings),
        Command::Snapshot(arguments) => snapshot::taken(arguments, surroundings.detail),
        Command::Show(show) => show::run(&show, surroundings),
        Command::Explain { lint } => Ok(success(&catalogue::explain(&lint)?)),
        Command::Lints => Ok(success(&catalogue::list())),
        Command::Config(print) => config::run(&print, surroundings),
        Command::Schema { of } => {
            let schema = match of {
                SchemaOf::Topology => topology::schema::json_schema(),
                SchemaOf::Config => settings::schema::json_schema(),
            };
            let text = serde_json::to_string_pretty(&schema).map_err(|error| error.to_string())?;
            Ok(own(text + "\n"))
        }
        Command::Completions(completions) => Ok(own(completions.script())),
        Command::Man(manual) => Ok(own(manual::run(&manual)?)),
    }
}

/// Lines that may quote anything.
fn success(lines: &str) -> Outcome {
    done(Printed::lines(lines))
}

/// What the program says of itself alone.
fn own(text: String) -> Outcome {
    done(Printed::own(text))
}

fn done(text: Printed) -> Outcome {
    Outcome {
        text,
        complaints: Vec::new(),
        code: 0,
    }
}

fn checked(check: &Check, surroundings: &Surroundings) -> Result<Outcome, Trouble> {
    check.reads_apart(surroundings)?;
    if check.fixing.asked() {
        return fix::run(check, surroundings);
    }
    if check.show_files {
        let paths = labelled(&check.paths, surroundings);
        let settings = check.config.settings(&check.paths, surroundings)?;
        let leave = check.leaving.leave(&settings, surroundings);
        let limits = Limits {
            leave: Some(&leave),
            ..lints::limits(&settings.tuning)
        };
        let inputs = read::inputs(&paths, surroundings.journal.reading(limits))?;
        return Ok(success(&files(
            &build::sites(inputs).without_states().fates,
        )));
    }
    let checked = Checked::read(check, surroundings, &Texts::new())?;
    if let Some(file) = check.allowing.written() {
        if checked.code() == 3 {
            let text = "nothing was checked, so no baseline was written\n";
            return Ok(Outcome {
                code: 3,
                ..success(text)
            });
        }
        return Ok(baseline::write(file, &checked.report(), surroundings)?);
    }
    Ok(checked.written(check, surroundings))
}

impl Check {
    /// Fails where something would be written over what is read.
    fn reads_apart(&self, surroundings: &Surroundings) -> Result<(), String> {
        let mut paths = self.paths.clone();
        // A revision of that name is none the worse for it.
        paths.extend(self.against.as_ref().map(PathBuf::from));
        let written = self.allowing.written();
        let read = if written.is_some() {
            None
        } else {
            self.allowing.baseline()
        };
        let reads = Reads {
            paths: &paths,
            files: &[self.config.file(), read],
            directory: &surroundings.directory,
        };
        self.formats.checked(reads)?;
        written.map_or(Ok(()), |file| reads.refuse(file))
    }
}

impl Threshold {
    fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Note => Level::Note,
        }
    }
}

/// A line for each file: what it was taken for and whose it is.
fn files(fates: &[Fate]) -> String {
    let clean = |text: &str| escape::log_line(&secrets::mask(text, &[]));
    let escaped: Vec<_> = fates.iter().map(|fate| (clean(&fate.path), fate)).collect();
    let widths = escaped.iter().map(|(path, _)| path.chars().count());
    let width = widths.max().unwrap_or(0).min(WIDTH);
    let lines = escaped.iter().map(|(path, fate)| {
        let whose = fate
            .node
            .as_ref()
            .map_or(String::new(), |node| format!(" of {}", clean(node)));
        format!("{path:width$}  {}{whose}\n", clean(&fate.taken))
    });
    lines.collect()
}
