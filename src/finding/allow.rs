//! What silences findings on purpose, and what became of it: comments, `ovnlint.toml`, a baseline.

use globset::GlobMatcher;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The lint did not run.
    Unasked,
    /// It silences a finding.
    Silences,
    /// It silences nothing.
    Nothing,
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
        /// Globs of nodes; any where there are none.
        nodes: Vec<GlobMatcher>,
        /// A glob of subjects.
        subject: Option<GlobMatcher>,
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

    /// Whether a finding lies where it silences.
    pub fn covers(&self, finding: &Finding) -> bool {
        match &self.scope {
            Scope::Lines(lines) => {
                let first = finding.labels.first().map(|label| &label.place);
                first.is_some_and(|place| {
                    place.file == self.place.file
                        && place.cell.is_none()
                        && (lines.start..lines.end).contains(&place.span.start)
                })
            }
            Scope::Site { nodes, subject } => {
                let mut hit = finding
                    .nodes
                    .iter()
                    .chain(&finding.possible_nodes)
                    .peekable();
                let of_nodes = nodes.is_empty()
                    || hit.peek().is_some()
                        && hit.all(|node| nodes.iter().any(|glob| glob.is_match(node)));
                let of_subject = subject.as_ref();
                of_nodes && of_subject.is_none_or(|glob| glob.is_match(&finding.subject))
            }
        }
    }
}
