//! What silences findings in a run: comments, entries of `ovnlint.toml`, the baseline; and what became of them.

pub mod baseline;
mod entries;
pub mod flags;

use std::collections::BTreeMap;

use crate::finding::allow::{Allow, Allows, Defect, Scope, Use};
use crate::finding::words::nearest;
use crate::finding::{Cap, Finding};
use crate::lints::{self, Check, LINTS, Said, Tuning};
use crate::report::Silenced;
use crate::site::Site;
use crate::source::Sources;
use crate::source::date::Date;

use baseline::Known;

/// What the user decided on findings.
#[derive(Debug, Default)]
pub struct Policy {
    /// Values of parameters.
    pub tuning: Tuning,
    /// What silences findings.
    pub allowing: Allowing,
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
        /// What was there before.
        baseline: Option<Known>,
        /// The day of the run.
        today: Date,
    },
}

impl Default for Allowing {
    /// Comments alone, and none of them has expired.
    fn default() -> Self {
        Self::These {
            entries: Vec::new(),
            baseline: None,
            today: Date::default(),
        }
    }
}

/// Which lints ran, and whether they could look at everything.
#[derive(Debug, Default)]
pub struct Ran(BTreeMap<&'static str, bool>);

impl Ran {
    /// Adds what lints said of a site.
    pub fn note(&mut self, said: &[Said], tuning: &Tuning) {
        for said in said {
            let lint = said.lint.name;
            if tuning.caps.get(lint) != Some(&Cap::Off) {
                let looked_at_all = said.coverage.keys().all(|needs| needs.is_empty());
                *self.0.entry(lint).or_insert(true) &= looked_at_all;
            }
        }
    }
}

/// Silences the findings of one side of a comparison.
pub struct Silencer<'a> {
    policy: &'a Policy,
    allows: Allows,
    /// For each lint of each allow, whether it has silenced something.
    used: Vec<Vec<bool>>,
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
            } => {
                let all = entries.iter().cloned().chain(comments);
                let list: Vec<Allow> = all.map(|allow| judged(allow, *today)).collect();
                (list, baseline.as_ref().map(Known::matcher))
            }
        };
        let used = list.iter().map(|allow| vec![false; allow.lints.len()]);
        Self {
            policy,
            used: used.collect(),
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
        for (allow, used) in self.allows.list.iter().zip(&mut self.used) {
            if !allow.holds() || !allow.covers(finding) {
                continue;
            }
            for (own, used) in allow.lints.iter().zip(used) {
                if own.value == lint {
                    *used = true;
                    allowed = true;
                }
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
                baseline: Some(known.left(sources)),
            };
            said.extend(lints::run_allows(&of_baseline, &self.policy.tuning));
        }
        (said, self.silenced)
    }

    fn judge_uses(&mut self, ran: &Ran, sites: &[Site]) {
        for (allow, used) in self.allows.list.iter_mut().zip(&self.used) {
            if allow.holds() {
                let speaks_of = speaks_of(allow, sites);
                let uses = allow.lints.iter().zip(used).map(|(lint, used)| {
                    match (used, ran.0.get(lint.as_str())) {
                        (true, _) => Use::Silences,
                        (false, Some(true)) if speaks_of => Use::Nothing,
                        (false, Some(false)) if speaks_of => Use::Unknown,
                        (false, _) => Use::Unasked,
                    }
                });
                allow.uses = uses.collect();
            }
        }
    }
}

/// Whether the site has what an allow is for: where only a part of a repository is linted, it need not.
fn speaks_of(allow: &Allow, sites: &[Site]) -> bool {
    match &allow.scope {
        Scope::Lines(_) => true,
        Scope::Site { nodes, .. } if nodes.is_empty() => true,
        Scope::Site { nodes, .. } => {
            let mut all = sites.iter().flat_map(|site| &site.nodes);
            all.any(|node| nodes.iter().any(|glob| glob.is_match(&node.name)))
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
