//! `ovnlint plan`: what commands would do to a site, before they are typed.

mod picture;
mod safe;
mod script;
mod verdict;
mod watch;

use std::path::PathBuf;

use crate::change::apply::{self, Start};
use crate::change::target::{self, NoNode};
use crate::change::{Change, Outcome as Ended};
use crate::finding::Level;
use crate::lints::{self, Overrides};
use crate::read::ovsdb::Keep;
use crate::read::script::Script;
use crate::read::{self, Limits};
use crate::report::{self, Report, Reported, Status, escape};
use crate::site::Site;
use crate::site::build::{self, Built};
use crate::source::Sources;

use super::compared::compared;
use super::{Format, Outcome, Surroundings, Threshold, WIDTH, labelled};

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
    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The lowest level of a finding that makes the exit code 1.
    #[arg(long, value_enum, default_value_t = Threshold::Error, value_name = "LEVEL")]
    fail_on: Threshold,
    /// The command, as it would be typed.
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// Predicts what the commands do. Fails where a path cannot be read, for a script that is none, and for a node that
/// is none.
pub fn run(plan: &Plan, surroundings: &Surroundings) -> Result<Outcome, String> {
    let text = script::text(plan.script.as_deref(), &plan.command, surroundings)?;
    let paths = labelled(&plan.paths, surroundings);
    let overrides = Overrides::new();
    let limits = Limits {
        keep: Keep::All,
        ..lints::limits(&overrides)
    };
    let inputs = read::inputs(&paths, limits)?;
    let files = inputs.used();
    let mut built = build::sites(inputs);
    let script = script::read(text, &mut built.sources)?;
    let (at, site) = the_site(&built)?;
    let start = Start {
        site,
        states: states(&built, at),
        node: given(site, plan.node.as_deref())?,
    };
    let change = apply::apply(&start, &script).map_err(|error| no_node(&error, &built.sources))?;
    let findings = findings(&change, &overrides, plan);
    let code = code(&findings, &change, plan);
    let watched = watch::of(&change, &plan.watch_for)?;
    let mut answer = picture::of(&change);
    answer.verdict = verdict::of(&change, &findings);
    answer.watch = watched;
    let mut report = Report {
        sources: &built.sources,
        findings,
        coverage: None,
        ages: Vec::new(),
        files,
        nodes: site.nodes.len(),
        plan: Some(answer),
    };
    report::sort(&mut report);
    Ok(Outcome {
        text: match plan.format {
            Format::Text => report::text::render(&report, surroundings.colour, WIDTH),
            Format::Json => report::json::render(&report),
        },
        complaints: Vec::new(),
        code,
    })
}

/// What all lints say, as far as it is to be shown.
fn findings(change: &Change, overrides: &Overrides, plan: &Plan) -> Vec<Reported> {
    let before = lints::run(&change.before, overrides);
    let after = lints::run(&change.after, overrides);
    let mut findings = compared(before, after, lints::run_over(change, overrides));
    if plan.allow_unpredicted {
        for reported in &mut findings {
            if reported.lint == "change_unpredicted" {
                reported.finding.level = reported.finding.level.min(Level::Warning);
            }
        }
    }
    if !plan.all {
        findings.retain(|reported| reported.status != Status::Present);
    }
    findings
}

/// 1 with a finding that counts, 3 where there is no command, else 0.
fn code(findings: &[Reported], change: &Change, plan: &Plan) -> u8 {
    let counts = |reported: &Reported| {
        reported.status != Status::Resolved && reported.finding.level >= plan.fail_on.level()
    };
    if findings.iter().any(counts) {
        1
    } else if change
        .steps
        .iter()
        .all(|step| step.outcome == Ended::Skipped)
    {
        3
    } else {
        0
    }
}

/// The one site that is meant, and its number.
fn the_site(built: &Built) -> Result<(usize, &Site), String> {
    match &built.sites[..] {
        [only] => Ok((0, only)),
        [] => Err("there is no site here: nothing was found that describes one".to_owned()),
        sites => Err(format!(
            "there are {} sites here, one for each topology.toml: name the directory of the one that is meant",
            sites.len()
        )),
    }
}

fn states(built: &Built, at: usize) -> Vec<(Option<String>, &read::ovsdb::Database)> {
    let own = built.states.iter().filter(|state| state.site == at);
    own.map(|state| (state.node.clone(), state.database.as_ref()))
        .collect()
}

fn given(site: &Site, name: Option<&str>) -> Result<Option<usize>, String> {
    let find = |name| {
        let unknown = || escape::terminal(&target::unknown(site, name)).into_owned();
        target::find(site, name).ok_or_else(unknown)
    };
    name.map(find).transpose()
}

fn no_node(error: &NoNode, sources: &Sources) -> String {
    let message = escape::terminal(&error.message).into_owned();
    match &error.place {
        Some(place) => format!("{}: {message}", script::position(sources, place)),
        None => message,
    }
}

/// The script as it was read; fails with its syntax errors.
fn checked(script: Script, sources: &Sources) -> Result<Script, String> {
    if script.troubles.is_empty() {
        return Ok(script);
    }
    let lines = script.troubles.iter().map(|trouble| {
        let message = escape::terminal(&trouble.message).into_owned();
        format!("{}: {message}", script::position(sources, &trouble.place))
    });
    Err(lines.collect::<Vec<_>>().join("\n"))
}
