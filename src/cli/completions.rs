//! `ovnlint completions`: what a shell reads to complete the command line.

use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory, ValueHint};
use clap_complete::Shell;

use crate::lints::LINTS;

use super::{Arguments, formats};

/// The command line of `completions`.
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// Whose.
    shell: Shell,
}

impl Completions {
    /// The script, in the language of the shell.
    pub fn script(&self) -> String {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command(), "ovnlint", &mut script);
        let mut script = String::from_utf8_lossy(&script).into_owned();
        if self.shell == Shell::Fish {
            script += &lints_for_fish();
        }
        script
    }
}

/// The generator leaves out what is no option.
fn lints_for_fish() -> String {
    let lines = LINTS.iter().map(|lint| {
        let summary = lint.about().summary.replace('\\', "\\\\").replace('\'', "\\'");
        format!(
            "complete -c ovnlint -n \"__fish_ovnlint_using_subcommand explain\" -f -a \"{}\" -d '{summary}'\n",
            lint.name
        )
    });
    lines.collect()
}

/// The command line, with the values that it takes as free text and answers with a sentence of its own when wrong.
fn command() -> Command {
    let formats = |command: Command| {
        command.mut_arg("formats", |arg| {
            arg.value_parser(PossibleValuesParser::new(formats::values()))
        })
    };
    let lints = PossibleValuesParser::new(LINTS.iter().map(|lint| lint.name));
    Arguments::command()
        .mut_subcommand("explain", |command| {
            command.mut_arg("lint", |arg| arg.value_parser(lints))
        })
        .mut_subcommand("check", |command| {
            formats(command).mut_arg("against", |arg| arg.value_hint(ValueHint::AnyPath))
        })
        .mut_subcommand("plan", formats)
}
