//! `ovnlint check --against`: what a change of the inputs brings, what was there before it, what it takes away.

use std::path::Path;

use crate::change::between::between;
use crate::finding::Level;
use crate::lints::{self, Overrides, Said};
use crate::read::git::revision::Revision;
use crate::read::{self, Inputs, before};
use crate::report::{self, Compared, Report, Reported, Status, escape};
use crate::site::Site;
use crate::site::build;
use crate::source::Sources;

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
    /// their place. Fails where either cannot be read.
    pub fn read(
        name: &str,
        paths: &[(&Path, String)],
        overrides: &Overrides,
        journal: &Journal,
    ) -> Result<Self, String> {
        let limits = journal.reading(lints::limits(overrides));
        let after = Linted::watched(read::inputs(paths, limits)?, overrides, journal);
        let Linted { sources, .. } = after;
        let before = before::inputs(name, paths, journal.reading(limits), sources)?;
        journal.note(said(name, &before));
        journal.enter(Stage::Comparing);
        let after = Linted {
            sources: Sources::default(),
            ..after
        };
        Ok(Self::of(before, after, overrides))
    }

    /// Compares; the sources of the site after stand in those of the inputs before.
    pub fn of(before: Inputs, after: Linted, overrides: &Overrides) -> Self {
        let mut before = before;
        let labels = std::mem::take(&mut before.labels);
        let build::Built {
            mut sources, sites, ..
        } = build::sites(before).without_states();
        let mut findings = Vec::new();
        for (old, new) in pairs(&sources, &sites, &after.sites) {
            let of_after = new.map_or_else(Vec::new, |at| after.said_of(at).to_vec());
            let of_before = old.map_or_else(Vec::new, |site| lints::run(site, overrides));
            let change = match (old, new) {
                (Some(old), Some(at)) => of_change(old, &after.sites[at], overrides),
                _ => Vec::new(),
            };
            findings.extend(compared(of_before, of_after, change));
        }
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

/// The sites before, each with the number of the site after that has its topology in the same place. Where one is left
/// on either side, its topology came or went.
fn pairs<'a>(
    sources: &Sources,
    before: &'a [Site],
    after: &[Site],
) -> Vec<(Option<&'a Site>, Option<usize>)> {
    let root = |site: &Site| {
        let topology = site.topology.as_ref()?;
        Some(sources.get(topology.file).path.clone())
    };
    let mut left: Vec<usize> = (0..after.len()).collect();
    let mut pairs = Vec::new();
    let mut alone = Vec::new();
    for old in before {
        match left.iter().position(|at| root(&after[*at]) == root(old)) {
            Some(at) => pairs.push((Some(old), Some(left.remove(at)))),
            None => alone.push(old),
        }
    }
    if let ([old], [at]) = (&alone[..], &left[..]) {
        pairs.push((Some(*old), Some(*at)));
        return pairs;
    }
    pairs.extend(alone.into_iter().map(|old| (Some(old), None)));
    pairs.extend(left.into_iter().map(|at| (None, Some(at))));
    pairs
}

fn of_change(before: &Site, after: &Site, overrides: &Overrides) -> Vec<Said> {
    lints::run_over(&between(before.clone(), after.clone()), overrides)
}
