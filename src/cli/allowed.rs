//! What silences findings in a run: comments, entries of `ovnlint.toml`, the baseline; and what became of them.

pub mod baseline;
mod entries;
pub mod flags;
mod index;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::allow::{Allow, Allows, Covers, Defect, Scope, Use};
use crate::finding::words::nearest;
use crate::finding::{Cap, Finding};
use crate::lints::{self, Check, LINTS, Said, Tuning};
use crate::read::Limits;
use crate::read::leave::Leave;
use crate::report::Silenced;
use crate::site::Site;
use crate::source::Sources;
use crate::source::date::Date;

use baseline::Known;
use index::Index;

/// What the user decided on findings.
#[derive(Debug, Default)]
pub struct Policy {
    /// Values of parameters.
    pub tuning: Tuning,
    /// What silences findings.
    pub allowing: Allowing,
    /// What is not read.
    pub leave: Leave,
}

impl Policy {
    /// How files are read.
    pub fn limits(&self) -> Limits<'_> {
        Limits {
            leave: Some(&self.leave),
            ..lints::limits(&self.tuning)
        }
    }
}

/// What silences findings.
#[derive(Debug)]
pub enum Allowing {
    /// Nothing: `--no-allow`.
    Nothing,
    /// Comments, and these.
    These {
        /// The entries of `ovnlint.toml`.
        entries: Vec<Allow>,
        /// How much of what the entries are for is looked at.
        extent: Extent,
        /// What was there before.
        baseline: Option<Known>,
        /// The day of the run.
        today: Date,
    },
}

/// How much of a repository is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Everything below the directory of `ovnlint.toml`.
    Whole,
    /// A part of it: an entry may be for another.
    Part,
}

impl Default for Allowing {
    /// Comments alone, and none of them has expired.
    fn default() -> Self {
        Self::These {
            entries: Vec::new(),
            extent: Extent::Whole,
            baseline: None,
            today: Date::default(),
        }
    }
}

/// Which lints ran, and of whom each could not tell.
#[derive(Debug, Default)]
pub struct Ran(BTreeMap<&'static str, BTreeSet<String>>);

impl Ran {
    /// Adds what lints said of a site.
    pub fn note(&mut self, said: &[Said], tuning: &Tuning) {
        for said in said {
            let lint = said.lint.name;
            if tuning.caps.get(lint) != Some(&Cap::Off) {
                let unknown = said.coverage.iter().filter(|(needs, _)| !needs.is_empty());
                let who = unknown.flat_map(|(_, who)| who).cloned();
                self.0.entry(lint).or_default().extend(who);
            }
        }
    }

    /// Whether a lint ran and could tell of everything, or at least of these nodes where some are given.
    fn told(&self, lint: &str, nodes: &[String]) -> Told {
        match self.0.get(lint) {
            None => Told::Unasked,
            Some(unknown) if unknown.is_empty() => Told::All,
            Some(unknown)
                if nodes.is_empty() || nodes.iter().any(|node| unknown.contains(node)) =>
            {
                Told::Part
            }
            Some(_) => Told::All,
        }
    }
}

/// What a lint could tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// It did not run.
    Unasked,
    /// Of all that it was asked for.
    All,
    /// Not of all.
    Part,
}

/// Silences the findings of one side of a comparison.
pub struct Silencer<'a> {
    policy: &'a Policy,
    allows: Allows,
    /// Which of them may speak of a finding.
    index: Index,
    /// For each lint of each allow, what it met.
    met: Vec<Vec<Covers>>,
    baseline: Option<baseline::Matcher<'a>>,
    silenced: Silenced,
}

impl<'a> Silencer<'a> {
    /// For a site with these comments.
    pub fn of(policy: &'a Policy, comments: Vec<Allow>) -> Self {
        let (list, baseline) = match &policy.allowing {
            Allowing::Nothing => (Vec::new(), None),
            Allowing::These {
                entries,
                baseline,
                today,
                ..
            } => {
                let all = entries.iter().cloned().chain(comments);
                let list: Vec<Allow> = all.map(|allow| judged(allow, *today)).collect();
                (list, baseline.as_ref().map(Known::matcher))
            }
        };
        let met = list
            .iter()
            .map(|allow| vec![Covers::Nothing; allow.lints.len()]);
        Self {
            policy,
            index: Index::of(&list),
            met: met.collect(),
            allows: Allows {
                list,
                baseline: None,
            },
            baseline,
            silenced: Silenced::default(),
        }
    }

    /// Takes out of what was said what is silenced.
    pub fn silence(&mut self, said: &mut [Said], sources: &Sources) {
        for said in said {
            let lint = said.lint.name;
            said.found
                .retain(|finding| !self.silences(lint, finding, sources));
        }
    }

    /// Whether something silences a finding of the lint. All that does is used, not only the first.
    pub fn silences(&mut self, lint: &str, finding: &Finding, sources: &Sources) -> bool {
        let mut allowed = false;
        for (at, number) in self.index.candidates(lint, finding) {
            let allow = self.allows.list.get(at);
            let met = self.met.get_mut(at).and_then(|met| met.get_mut(number));
            let (Some(allow), Some(met)) = (allow, met) else {
                continue;
            };
            match allow.covers(finding) {
                Covers::All => (*met, allowed) = (Covers::All, true),
                Covers::Part(node) if *met == Covers::Nothing => *met = Covers::Part(node),
                Covers::Part(_) | Covers::Nothing => {}
            }
        }
        let known = self.baseline.as_mut();
        let known = known.is_some_and(|known| known.knows(lint, finding, sources));
        self.silenced.allowed += usize::from(allowed);
        self.silenced.baseline += usize::from(known && !allowed);
        allowed || known
    }

    /// What the lints of allows say, once everything was silenced, and how much that was.
    pub fn finish(mut self, ran: &Ran, sites: &[Site], sources: &Sources) -> (Vec<Said>, Silenced) {
        if matches!(self.policy.allowing, Allowing::Nothing) {
            return (Vec::new(), self.silenced);
        }
        self.judge_uses(ran, sites);
        let mut said = lints::run_allows(&self.allows, &self.policy.tuning);
        if let Some(mut known) = self.baseline {
            for said in &mut said {
                let before = said.found.len();
                let lint = said.lint.name;
                said.found
                    .retain(|finding| !known.knows(lint, finding, sources));
                self.silenced.baseline += before - said.found.len();
            }
            let of_baseline = Allows {
                list: Vec::new(),
                baseline: Some(known.left(ran, sites, sources)),
            };
            said.extend(lints::run_allows(&of_baseline, &self.policy.tuning));
        }
        (said, self.silenced)
    }

    fn judge_uses(&mut self, ran: &Ran, sites: &[Site]) {
        let Allowing::These { extent, .. } = self.policy.allowing else {
            return;
        };
        for (allow, met) in self.allows.list.iter_mut().zip(&self.met) {
            if allow.holds() {
                let nodes = nodes_of(allow, extent, sites);
                let uses = allow.lints.iter().zip(met);
                let uses = uses.map(|(lint, met)| used(met, ran, lint, nodes.as_deref()));
                allow.uses = uses.collect();
            }
        }
    }
}

/// What became of an allow for a lint; `nodes` are those that it is for, none of all, and nothing where it is for what is
/// not looked at.
fn used(met: &Covers, ran: &Ran, lint: &str, nodes: Option<&[String]>) -> Use {
    let told = nodes.map_or(Told::Unasked, |nodes| ran.told(lint, nodes));
    match (met, told) {
        (Covers::All, _) => Use::Silences,
        (Covers::Part(node), _) => Use::TooNarrow(node.clone()),
        (Covers::Nothing, Told::All) => Use::Nothing,
        (Covers::Nothing, Told::Part) => Use::Unknown,
        (Covers::Nothing, Told::Unasked) => Use::Unasked,
    }
}

/// The nodes that an allow is for: where only a part of a repository is linted, they need not be there.
fn nodes_of(allow: &Allow, extent: Extent, sites: &[Site]) -> Option<Vec<String>> {
    match &allow.scope {
        Scope::Site { .. } if extent == Extent::Part => None,
        Scope::Lines(_) | Scope::Site { nodes: None, .. } => Some(Vec::new()),
        Scope::Site {
            nodes: Some(globs), ..
        } => {
            let all = sites.iter().flat_map(|site| &site.nodes);
            let own = all.filter(|node| globs.is_match(&node.name));
            let own: Vec<String> = own.map(|node| node.name.clone()).collect();
            (!own.is_empty()).then_some(own)
        }
    }
}

/// The allow, and why it does not hold.
fn judged(mut allow: Allow, today: Date) -> Allow {
    let unknown = allow.lints.iter().filter_map(|lint| {
        let message = match lints::find(lint).map(|found| found.check) {
            None => {
                let meant = nearest(lint, LINTS.iter().map(|lint| lint.name));
                let hint = meant.map_or_else(
                    || "`ovnlint lints` lists them".to_owned(),
                    |meant| format!("did you mean `{meant}`?"),
                );
                format!("{}: there is no lint `{lint}`: {hint}", allow.name)
            }
            Some(Check::Allows(_)) => {
                format!("{}: what is said of allows cannot be allowed", allow.name)
            }
            Some(Check::State(_) | Check::Change(_)) => return None,
        };
        Some(Defect {
            place: lint.place.clone(),
            message,
            label: "no lint that can be allowed",
        })
    });
    let unknown: Vec<Defect> = unknown.collect();
    allow.defects.extend(unknown);
    let until = allow.until.as_ref();
    allow.expired = until
        .map(|until| today.days_after(until.value))
        .filter(|days| *days > 0);
    allow
}
