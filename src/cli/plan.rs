//! `ovnlint plan`: what commands would do to a site, before they are typed.

mod picture;
pub mod planned;
mod safe;
pub mod script;
mod verdict;
mod watch;

use std::path::PathBuf;

use crate::change::{Change, Outcome as Ended};
use crate::finding::Level;
use crate::read::script::Script;
use crate::read::{self, Limits, Texts};
use crate::report::secrets::{Masked, everywhere::Everywhere};
use crate::report::{Reported, Status};
use crate::source::Sources;

use super::allowed::flags::NoAllow;
use super::config::Config;
use super::formats::Formats;
use super::journal::Stage;
use super::leaving::Leaving;
use super::output::Trouble;
use super::overwrite::Reads;
use super::{Outcome, Surroundings, Threshold, labelled};
use planned::Planned;

/// The command line of `plan`.
#[derive(Debug, clap::Args)]
pub struct Plan {
    /// Directories or files of one site.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// A shell script, a file of Ansible tasks or a Markdown file with the commands; `-` for standard input.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "command",
        required_unless_present = "command"
    )]
    script: Option<PathBuf>,
    /// The node on which commands run that name none.
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    /// Shows what becomes of this node; `*` stands for any characters. May be given several times.
    #[arg(long, value_name = "NODE")]
    watch_for: Vec<String>,
    /// Takes what cannot be predicted as a warning, not an error.
    #[arg(long)]
    allow_unpredicted: bool,
    /// Counts and shows the findings that are there before as well.
    #[arg(long)]
    all: bool,
    /// The lowest level of a finding that makes the exit code 1. Default: `fail_on` of ovnlint.toml, else error.
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<Threshold>,
    #[command(flatten)]
    leaving: Leaving,
    #[command(flatten)]
    allowing: NoAllow,
    #[command(flatten)]
    formats: Formats,
    #[command(flatten)]
    config: Config,
    /// The command, as it would be typed.
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Predicts what the commands do. Fails where a path cannot be read, for a script that is none, and for a node that
/// is none.
pub fn run(plan: &Plan, surroundings: &Surroundings) -> Result<Outcome, Trouble> {
    plan.formats.checked(Reads {
        paths: &plan.paths,
        files: &[plan.config.file(), plan.script.as_deref()],
        directory: &surroundings.directory,
    })?;
    let text = script::text(plan.script.as_deref(), &plan.command, surroundings)?;
    let paths = labelled(&plan.paths, surroundings);
    let settings = plan.config.settings(&plan.paths, surroundings)?;
    let mut sources = Sources::default();
    let mut policy = plan
        .allowing
        .policy((&settings, &plan.paths), &mut sources, surroundings);
    policy.leave = plan.leaving.leave(&settings, surroundings);
    let flag = plan.fail_on.map(Threshold::level);
    let fail_on = flag.unwrap_or(settings.fail_on.value);
    let journal = &surroundings.journal;
    let limits = journal.reading(Limits {
        leave: Some(&policy.leave),
        ..planned::limits(&policy.tuning)
    });
    let inputs = read::inputs_with(&paths, limits, &Texts::new(), sources)?;
    journal.enter(Stage::Predicting);
    let mut planned = Planned::of(inputs, text, plan.node.as_deref(), &policy)?;
    choose(&mut planned.findings, plan);
    let report = planned.report(watch::of(&planned.change, &plan.watch_for)?);
    let code = code(&planned.findings, &planned.change, fail_on);
    let outcome = plan.formats.write(&report, code, surroundings);
    drop(report);
    // The program ends here: taking a thousand nodes and their databases apart would only make the answer late.
    std::mem::forget(planned);
    Ok(outcome)
}

/// Leaves what is to be shown, at the level that it counts.
fn choose(findings: &mut Vec<Reported>, plan: &Plan) {
    if plan.allow_unpredicted {
        for reported in findings.iter_mut() {
            if reported.lint == "change_unpredicted" {
                reported.finding.level = reported.finding.level.min(Level::Warning);
            }
        }
    }
    if !plan.all {
        findings.retain(|reported| reported.status != Status::Present);
    }
}

/// 1 with a finding that counts, 3 where there is no command, else 0.
fn code(findings: &[Reported], change: &Change, fail_on: Level) -> u8 {
    let counts = |reported: &Reported| {
        reported.status != Status::Resolved && reported.finding.level >= fail_on
    };
    if findings.iter().any(counts) {
        1
    } else if change.harmless == 0
        && change
            .steps
            .iter()
            .all(|step| step.outcome == Ended::Skipped)
    {
        3
    } else {
        0
    }
}

/// The script as it was read; fails with its syntax errors.
fn checked(script: Script, sources: &Sources) -> Result<Script, Trouble> {
    if script.troubles.is_empty() {
        return Ok(script);
    }
    let text = &sources.get(script.file).text;
    let masked = Masked::new(&**text);
    let assigned = script.secrets.iter().map(String::as_str);
    let everywhere = Everywhere::of(masked.all_values().chain(assigned));
    Err(Trouble::several(script.troubles.iter().map(|trouble| {
        let message = everywhere.mask(&trouble.message);
        format!("{}: {message}", script::position(sources, &trouble.place))
    })))
}
