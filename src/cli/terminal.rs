//! What a terminal shows: colours or not, how much, and whether there is a line of progress.

use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;

use clap::{ColorChoice, ValueEnum};

use crate::report::patch::Reader;
use crate::report::text::Colour;

/// The options of every command.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Terminal")]
pub struct Flags {
    /// Colours on standard output: auto, always or never. Goes before NO_COLOR, CLICOLOR_FORCE and CLICOLOR.
    #[arg(long, value_name = "WHEN", global = true)]
    #[arg(value_enum, default_value_t = When::Auto, hide_possible_values = true)]
    pub color: When,
    /// Shows findings alone: no summary, no coverage, no age of databases. Errors are still said.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Says on standard error what was read, what was compared with, and how long it took.
    #[arg(short, long, global = true)]
    verbose: bool,
}

/// When there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// As the environment and the terminal would have it.
    Auto,
    /// Also in a pipe.
    Always,
    /// Not even on a terminal.
    Never,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Findings alone.
    Quiet,
    /// Findings, and what sums them up.
    #[default]
    Normal,
    /// Also what the run did.
    Verbose,
}

/// Where an output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// To somebody who looks at it.
    Terminal,
    /// Into a pipe or a file.
    Elsewhere,
}

/// Whether there is a line of progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// In runs that take long.
    Shown,
    /// Never.
    #[default]
    Hidden,
}

/// The variables that say what the terminal shows.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `NO_COLOR`
    pub no_color: Option<OsString>,
    /// `CLICOLOR`
    pub clicolor: Option<OsString>,
    /// `CLICOLOR_FORCE`
    pub clicolor_force: Option<OsString>,
    /// `TERM`
    pub term: Option<OsString>,
    /// `CI`
    pub ci: Option<OsString>,
}

impl Environment {
    /// That of this process.
    pub fn of_process() -> Self {
        Self {
            no_color: std::env::var_os("NO_COLOR"),
            clicolor: std::env::var_os("CLICOLOR"),
            clicolor_force: std::env::var_os("CLICOLOR_FORCE"),
            term: std::env::var_os("TERM"),
            ci: std::env::var_os("CI"),
        }
    }

    /// Whether there are colours: the option, then NO_COLOR, CLICOLOR_FORCE, CLICOLOR and TERM; what none of them
    /// decides, the terminal does. <https://no-color.org>, <https://bixense.com/clicolors>.
    pub fn choice(&self, when: When) -> ColorChoice {
        let set =
            |value: &Option<OsString>| value.as_deref().is_some_and(|value| !value.is_empty());
        let is = |value: &Option<OsString>, word| value.as_deref() == Some(OsStr::new(word));
        match when {
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
            When::Auto if set(&self.no_color) => ColorChoice::Never,
            When::Auto if set(&self.clicolor_force) && !is(&self.clicolor_force, "0") => {
                ColorChoice::Always
            }
            When::Auto if is(&self.clicolor, "0") || is(&self.term, "dumb") => ColorChoice::Never,
            When::Auto => ColorChoice::Auto,
        }
    }

    /// Whether there is a line of progress: on a terminal that can draw over it, and that is no log of a CI.
    pub fn progress(&self, errors: Output, detail: Detail) -> Progress {
        let is = |value: &Option<OsString>, word| value.as_deref() == Some(OsStr::new(word));
        let logged = is(&self.term, "dumb") || is(&self.ci, "true") || is(&self.ci, "1");
        if errors == Output::Terminal && detail != Detail::Quiet && !logged {
            Progress::Shown
        } else {
            Progress::Hidden
        }
    }
}

impl Flags {
    /// What is wrong where one option stands before the command and the other behind it, which clap lets pass.
    pub fn conflict(&self) -> Option<&'static str> {
        (self.quiet && self.verbose).then_some("--quiet cannot be used with --verbose")
    }

    /// How much is shown.
    pub fn detail(&self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            _ => Detail::Normal,
        }
    }
}

/// Who reads an output.
pub fn reader(output: Output) -> Reader {
    match output {
        Output::Terminal => Reader::Person,
        Output::Elsewhere => Reader::Program,
    }
}

impl Output {
    /// Where a stream goes.
    pub fn of(stream: &impl IsTerminal) -> Self {
        if stream.is_terminal() {
            Self::Terminal
        } else {
            Self::Elsewhere
        }
    }
}

/// The colour of an output.
pub fn colour(choice: ColorChoice, output: Output) -> Colour {
    match (choice, output) {
        (ColorChoice::Always, _) | (ColorChoice::Auto, Output::Terminal) => Colour::Ansi,
        (ColorChoice::Never, _) | (ColorChoice::Auto, Output::Elsewhere) => Colour::Plain,
    }
}

/// What `--color` says, before the command line is understood: help and errors follow it as well.
pub fn asked(arguments: impl Iterator<Item = OsString>) -> When {
    let words: Vec<OsString> = arguments.take_while(|word| word != "--").collect();
    let mut values = words.iter().enumerate().filter_map(|(at, word)| {
        let word = word.to_str()?;
        match word.strip_prefix("--color")? {
            "" => words.get(at + 1)?.to_str(),
            value => value.strip_prefix('='),
        }
    });
    let asked = values.next_back().map(|value| When::from_str(value, false));
    asked.and_then(Result::ok).unwrap_or(When::Auto)
}

#[cfg(test)]
mod tests;
