//! `ovnlint check --against`: what a change of the inputs brings, what was there before it, what it takes away.

mod deleted;

use std::collections::BTreeSet;
use std::path::Path;

use crate::change::Change;
use crate::change::between::between;
use crate::finding::Level;
use crate::lints;
use crate::read::git::revision::Revision;
use crate::read::{self, Inputs, Texts, before};
use crate::report::{self, Compared, Report, Reported, Status, escape};
use crate::site::Site;
use crate::site::build;
use crate::source::Sources;

use super::allowed::{Policy, Ran, Silencer};
use super::compared::compared;
use super::journal::{Journal, Stage};
use super::linted::{Coverage, Linted};

/// The site after a change, and what its findings have to do with the change.
pub struct Against {
    /// The site after; its sources hold both sides.
    pub linted: Linted,
    /// What is there, what the change brings and what it resolves.
    pub findings: Vec<Reported>,
}

/// Which findings are shown, and which decide the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// What the change brings decides; what it resolves is shown beside.
    Changed,
    /// All.
    All,
}

impl Against {
    /// Lints the paths, each given as it is opened and as it is shown, and what the revision or path `name` has in
    /// their place. Fails where either cannot be read. Some files of the site after may hold other texts already, and
    /// `sources` has what was read before.
    pub fn read(
        name: &str,
        paths: &[(&Path, String)],
        (texts, sources): (&Texts, Sources),
        policy: &Policy,
        journal: &Journal,
    ) -> Result<Self, String> {
        let limits = journal.reading(policy.limits());
        let inputs = read::inputs_with(paths, limits, texts, sources)?;
        let after = Linted::unsilenced(inputs, &policy.tuning, journal);
        let Linted { sources, .. } = after;
        let before = before::inputs(name, paths, journal.reading(limits), sources)?;
        journal.note(said(name, &before));
        journal.enter(Stage::Comparing);
        let after = Linted {
            sources: Sources::default(),
            ..after
        };
        Ok(Self::of(before, after, policy))
    }

    /// Compares; the sources of the site after stand in those of the inputs before. Each side is silenced by its own
    /// comments: what is said again because a comment is gone is introduced.
    fn of(mut before: Inputs, mut after: Linted, policy: &Policy) -> Self {
        let labels = std::mem::take(&mut before.labels);
        let mut old_silencer = Silencer::of(policy, std::mem::take(&mut before.allows));
        let mut silencer = Silencer::of(policy, std::mem::take(&mut after.comments));
        let build::Built {
            mut sources, sites, ..
        } = build::sites(before).without_states();
        let mut findings = Vec::new();
        let (mut ran_before, mut ran) = (Ran::default(), Ran::default());
        ran.note(&after.said, &policy.tuning);
        let said = super::sites::said(&sites, &policy.tuning);
        for (old, new) in pairs(&sources, &sites, &after.sites) {
            let of_after = new.map_or_else(Vec::new, |at| after.said_of(at).to_vec());
            let of_old = |at| super::sites::of(&said, at, sites.len()).to_vec();
            let mut of_before = old.map_or_else(Vec::new, of_old);
            old_silencer.silence(&mut of_before, &sources);
            let change = match (
                old.and_then(|at| sites.get(at)),
                new.and_then(|at| after.sites.get(at)),
            ) {
                (Some(old), Some(new)) => between(old.clone(), new.clone()),
                _ => Change::default(),
            };
            let of_change = lints::run_over(&change, &policy.tuning);
            ran_before.note(&of_before, &policy.tuning);
            ran.note(&of_change, &policy.tuning);
            let mut compared = compared(of_before, of_after, of_change);
            deleted::shown(&mut compared, &change.gone());
            findings.extend(compared);
        }
        findings.retain(
            |Reported {
                 lint,
                 status,
                 finding,
                 ..
             }| {
                *status == Status::Resolved || !silencer.silences(lint, finding, &sources)
            },
        );
        let (of_allows, _) = old_silencer.finish(&ran_before, &sites, &sources);
        (after.of_allows, after.silenced) = silencer.finish(&ran, &after.sites, &sources);
        findings.extend(compared(of_allows, after.of_allows.clone(), Vec::new()));
        for (file, label) in labels {
            sources.rename(file, label);
        }
        Self {
            linted: Linted { sources, ..after },
            findings,
        }
    }

    /// The exit code: 1 with a finding that counts at or above the level, 3 where nothing was checked, else 0.
    pub fn code(&self, fail_on: Level, which: Which) -> u8 {
        let counts = |reported: &&Reported| match reported.status {
            Status::Introduced => true,
            Status::Present => which == Which::All,
            Status::Resolved => false,
        };
        let mut counted = self.findings.iter().filter(counts);
        if counted.any(|reported| reported.finding.level >= fail_on) {
            1
        } else if self.linted.looked() {
            0
        } else {
            3
        }
    }

    /// What is reported, in the order of every format.
    pub fn report(&self, coverage: Coverage, which: Which) -> Report<'_> {
        let shown =
            |reported: &&Reported| which == Which::All || reported.status != Status::Present;
        let mut report = Report {
            findings: self.findings.iter().filter(shown).cloned().collect(),
            compared: Compared::Yes,
            ..self.linted.report(coverage)
        };
        report::sort(&mut report);
        report
    }
}

/// What was compared with, for `--verbose`.
fn said(name: &str, before: &Inputs) -> String {
    let with = match &before.revision {
        None => format!("the path {name}"),
        Some(Revision { commit, .. }) => match commit {
            None => format!("revision {name}, before the first commit"),
            Some(commit) => format!("revision {name}, commit {commit}"),
        },
    };
    format!("compared with {}", escape::terminal(&with))
}

/// The sites before and after that are the same, by their numbers: those with a topology in the same place and of the
/// same directory, then those that have the most files in common. Where one is left on either side, its topology came
/// or went.
fn pairs(
    sources: &Sources,
    before: &[Site],
    after: &[Site],
) -> Vec<(Option<usize>, Option<usize>)> {
    let path = |file| sources.get(file).path.as_str();
    let root = |site: &Site| {
        let topology = site
            .topology
            .as_ref()
            .map(|place| path(place.file).to_owned());
        (topology, site.extent.directory.clone())
    };
    let mut left: Vec<usize> = (0..after.len()).collect();
    let mut pairs = Vec::new();
    let mut alone = Vec::new();
    for (old, site) in before.iter().enumerate() {
        match left
            .iter()
            .position(|at| after.get(*at).map(root) == Some(root(site)))
        {
            Some(at) => pairs.push((Some(old), Some(left.remove(at)))),
            None => alone.push(old),
        }
    }
    if let ([old], [at]) = (&alone[..], &left[..]) {
        pairs.push((Some(*old), Some(*at)));
        return pairs;
    }
    let files = |site: Option<&Site>| -> BTreeSet<&str> {
        let files = site.into_iter().flat_map(|site| &site.extent.files);
        files.map(|file| path(*file)).collect()
    };
    for old in alone {
        let own = files(before.get(old));
        let common = |at: &usize| files(after.get(*at)).intersection(&own).count();
        let most = left.iter().copied().max_by_key(common);
        let most = most.filter(|at| common(at) > 0);
        left.retain(|at| Some(*at) != most);
        pairs.push((Some(old), most));
    }
    pairs.extend(left.into_iter().map(|at| (None, Some(at))));
    pairs
}
