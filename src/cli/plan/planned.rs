//! One run from inputs and a script to the change, and what every lint says of it.

use std::collections::BTreeSet;

use crate::change::Change;
use crate::change::apply::{self, Start};
use crate::change::target::{self, NoNode};
use crate::finding::allow::Allow;
use crate::finding::words::first_of;
use crate::lints::{self, Tuning};
use crate::read::allow;
use crate::read::{self, Inputs, Limits, ovsdb::Keep};
use crate::report::plan::{Command, Watched};
use crate::report::secrets::Masked;
use crate::report::secrets::everywhere::Everywhere;
use crate::report::{self, Report, Reported, Silenced, escape};
use crate::site::Site;
use crate::site::build::{self, Built, StateFile};
use crate::source::{FileId, Sources};

use super::super::allowed::{Policy, Ran, Silencer};
use super::super::compared::compared;
use super::super::output::Trouble;
use super::safe::{self, Way};
use super::{picture, script, verdict};

/// So many directories of sites are written out.
const DIRECTORIES: usize = 6;

/// Everything that a plan knows once the lints have spoken.
pub struct Planned {
    /// The bytes behind the places.
    pub sources: Sources,
    /// The site before and after, and the steps between.
    pub change: Change,
    /// What is there, what the change brings and what it resolves.
    pub findings: Vec<Reported>,
    /// How the same is reached without an outage.
    way: Way,
    /// How many findings were silenced.
    silenced: Silenced,
    /// How many files were used.
    files: usize,
    /// The script.
    script: FileId,
    /// The values of its variables that are secret by their names.
    assigned: BTreeSet<String>,
    /// What the site was made of; nobody asks for it any more.
    #[expect(
        dead_code,
        reason = "it is kept so that whoever ends anyway need not take it apart"
    )]
    states: Vec<StateFile>,
}

/// What is read of the inputs of a plan: commands may touch every column.
pub fn limits(tuning: &Tuning) -> Limits<'static> {
    Limits {
        keep: Keep::All,
        ..lints::limits(tuning)
    }
}

impl Planned {
    /// Predicts what a script does; `node` is where commands run that name none. Fails for a script that is none,
    /// for a node that is none, and where there is not exactly one site.
    pub fn of(
        mut inputs: Inputs,
        text: script::Text,
        node: Option<&str>,
        policy: &Policy,
    ) -> Result<Self, Trouble> {
        let tuning = &policy.tuning;
        let comments = std::mem::take(&mut inputs.allows);
        let mut built = build::sites(inputs);
        let files = built.used;
        let script = script::read(text, &mut built.sources)?;
        let (at, site) = the_site(&built, node)?;
        let start = Start {
            site,
            states: states(&built, at),
            node: given(site, node)?,
        };
        let (before, change) = rayon::join(
            || lints::run(site, tuning),
            || apply::apply(&start, &script),
        );
        let change = change.map_err(|error| no_node(&error, &built.sources))?;
        let (after, of_change) = rayon::join(
            || lints::run(&change.after, tuning),
            || lints::run_over(&change, tuning),
        );
        let mut ran = Ran::default();
        ran.note(&after, tuning);
        ran.note(&of_change, tuning);
        let mut findings = compared(before.clone(), after, of_change);
        // An outage that is allowed is one: there may be a way without.
        let way = safe::of(&start, &change, &findings, &before, tuning);
        let text = built.sources.get(script.file);
        let of_script = allow::of_script(&script, &text.path, &text.text);
        let comments = (comments, of_script);
        let silenced = silence(
            &mut findings,
            comments,
            (&ran, &change),
            &built.sources,
            policy,
        );
        Ok(Self {
            way,
            findings,
            silenced,
            sources: built.sources,
            states: built.states,
            change,
            files,
            script: script.file,
            assigned: script.secrets,
        })
    }

    /// What is reported, in the order of every format.
    pub fn report(&self, watch: Vec<Watched>) -> Report<'_> {
        let mut answer = picture::of(&self.change);
        answer.verdict = verdict::of(&self.change, &self.findings);
        answer.safe_way.clone_from(&self.way.commands);
        answer.safe_note.clone_from(&self.way.note);
        answer.watch = watch;
        let text = &self.sources.get(self.script).text;
        answer.hidden = secrets_of(text, &self.assigned, &answer.commands);
        let mut report = Report {
            sources: &self.sources,
            findings: self.findings.clone(),
            coverage: None,
            ages: Vec::new(),
            files: self.files,
            nodes: self.change.before.nodes.len(),
            plan: Some(answer),
            compared: report::Compared::Yes,
            silenced: self.silenced,
            division: None,
        };
        report::sort(&mut report);
        report
    }
}

/// What any text of a plan may repeat of the secrets of its script: as they stand there, as variables had them, and as
/// commands have them once all is expanded.
fn secrets_of(text: &str, assigned: &BTreeSet<String>, commands: &[Command]) -> Everywhere {
    let script = Masked::new(text);
    let commands: Vec<Masked<&str>> = commands
        .iter()
        .map(|command| Masked::new(command.text.as_str()))
        .collect();
    let expanded = commands.iter().flat_map(Masked::all_values);
    let assigned = assigned.iter().map(String::as_str);
    Everywhere::of(script.all_values().chain(assigned).chain(expanded))
}

/// Takes out of the findings what is silenced, and adds what is said of what silences. What comments of the site say
/// is there before as well.
fn silence(
    findings: &mut Vec<Reported>,
    comments: (Vec<Allow>, Vec<Allow>),
    (ran, change): (&Ran, &Change),
    sources: &Sources,
    policy: &Policy,
) -> Silenced {
    let (of_site, of_script) = comments;
    let mut before = Silencer::of(policy, of_site.clone());
    let mut silencer = Silencer::of(policy, [of_site, of_script].concat());
    findings.retain(|reported| {
        before.silences(reported.lint, &reported.finding, sources);
        !silencer.silences(reported.lint, &reported.finding, sources)
    });
    let sites = std::slice::from_ref(&change.after);
    let (of_before, _) = before.finish(ran, sites, sources);
    let (of_after, silenced) = silencer.finish(ran, sites, sources);
    findings.extend(compared(of_before, of_after, Vec::new()));
    silenced
}

/// The one site that is meant, and its number: of several the one that alone has the node.
fn the_site<'a>(built: &'a Built, node: Option<&str>) -> Result<(usize, &'a Site), String> {
    let with_node = built
        .sites
        .iter()
        .enumerate()
        .filter(|(_, site)| node.is_some_and(|name| target::find(site, name).is_some()));
    match (&built.sites[..], &with_node.collect::<Vec<_>>()[..]) {
        ([only], _) => Ok((0, only)),
        ([], _) => Err("there is no site here: nothing was found that describes one".to_owned()),
        (_, [one]) => Ok(*one),
        (sites, _) => {
            let directories: Vec<&str> = sites
                .iter()
                .map(|site| site.extent.directory.as_str())
                .filter(|directory| !directory.is_empty())
                .collect();
            let which = if directories.is_empty() {
                "one for each topology.toml".to_owned()
            } else {
                escape::terminal(&first_of(&directories, DIRECTORIES)).into_owned()
            };
            Err(format!(
                "there are {} sites here, {which}: name the directory of the one that is meant",
                sites.len()
            ))
        }
    }
}

fn states(built: &Built, at: usize) -> Vec<(Option<String>, &read::ovsdb::Database)> {
    let own = built
        .states
        .iter()
        .filter(|state| state.sites.contains(&at));
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
