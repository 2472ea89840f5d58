//! What silences findings on purpose, and what became of it: comments, `ovnlint.toml`, a baseline.

use globset::GlobSet;

use crate::source::date::Date;
use crate::source::{Place, Span, Spanned};

use super::Finding;

/// Everything that silences findings of a site.
#[derive(Clone, Debug, Default)]
pub struct Allows {
    /// Comments, and entries of `ovnlint.toml`.
    pub list: Vec<Allow>,
    /// What was there when the baseline was written.
    pub baseline: Option<Baseline>,
}

/// A comment, or an entry of `ovnlint.toml`.
#[derive(Clone, Debug)]
pub struct Allow {
    /// Where it stands.
    pub place: Place,
    /// What messages call it.
    pub name: String,
    /// What tells it from others, without line numbers.
    pub subject: String,
    /// The lints that it is for.
    pub lints: Vec<Spanned<String>>,
    /// Which of their findings it silences.
    pub scope: Scope,
    /// The last day on which it holds.
    pub until: Option<Spanned<Date>>,
    /// Why it silences nothing.
    pub defects: Vec<Defect>,
    /// Since how many days it holds no longer.
    pub expired: Option<u64>,
    /// What became of it in this run, for each of its lints.
    pub uses: Vec<Use>,
}

/// What became of an allow for one lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Use {
    /// The lint did not run.
    Unasked,
    /// It silences a finding.
    Silences,
    /// It silences nothing.
    Nothing,
    /// It silences nothing, for what it is meant for hits this node as well.
    TooNarrow(String),
    /// It silences nothing, but the lint could not look at everything.
    Unknown,
}

/// A file with the findings that were there when it was written.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// The file.
    pub place: Place,
    /// Its path as it is shown.
    pub path: String,
    /// How many findings it has.
    pub entries: usize,
    /// Those that are no longer there: what they were about, and where they stand in the file.
    pub stale: Vec<Spanned<String>>,
}

/// Which findings an allow silences.
#[derive(Clone, Debug)]
pub enum Scope {
    /// Those whose first place starts in these bytes of its own file.
    Lines(Span),
    /// Those of the site that hit no other nodes than these, and are about these subjects.
    Site {
        /// The nodes; any where there are none.
        nodes: Option<GlobSet>,
        /// The subjects; any where there are none.
        subject: Option<GlobSet>,
    },
}

/// What is wrong with an allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Where.
    pub place: Place,
    /// What, in one phrase.
    pub message: String,
    /// What stands there.
    pub label: &'static str,
}

impl Allow {
    /// Whether it silences what it is for.
    pub fn holds(&self) -> bool {
        self.defects.is_empty() && self.expired.is_none()
    }

    /// How a finding lies to where it silences.
    pub fn covers(&self, finding: &Finding) -> Covers {
        match &self.scope {
            Scope::Lines(lines) => {
                let first = finding.labels.first().map(|label| &label.place);
                let covers = first.is_some_and(|place| {
                    place.file == self.place.file
                        && place.cell.is_none()
                        && (lines.start..lines.end).contains(&place.span.start)
                });
                if covers { Covers::All } else { Covers::Nothing }
            }
            Scope::Site { subject, .. }
                if subject
                    .as_ref()
                    .is_some_and(|glob| !glob.is_match(&finding.subject)) =>
            {
                Covers::Nothing
            }
            Scope::Site { nodes: None, .. } => Covers::All,
            Scope::Site {
                nodes: Some(nodes), ..
            } => {
                let hit = finding.nodes.iter().chain(&finding.possible_nodes);
                let (own, others): (Vec<&String>, Vec<&String>) =
                    hit.partition(|node| nodes.is_match(node));
                match (own.first(), others.first()) {
                    (None, _) => Covers::Nothing,
                    (Some(_), None) => Covers::All,
                    (Some(_), Some(other)) => Covers::Part((*other).clone()),
                }
            }
        }
    }
}

/// How a finding lies to where an allow silences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Covers {
    /// Inside.
    All,
    /// It hits this node as well.
    Part(String),
    /// Outside.
    Nothing,
}
