//! What a run says: the findings and the coverage, before a format writes them.

pub mod age;
pub mod concise;
pub mod escape;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
mod page;
pub mod patch;
pub mod plan;
mod said;
pub mod sarif;
pub mod secrets;
pub mod steps;
#[cfg(test)]
mod tests;
pub mod text;
pub mod withheld;

use std::cmp::Reverse;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::finding::{Finding, Level};
use crate::report::age::Age;
use crate::source::{Place, Sources};

/// All that a run has to say.
#[derive(Debug)]
pub struct Report<'a> {
    /// The files that the places lie in.
    pub sources: &'a Sources,
    /// What the lints found.
    pub findings: Vec<Reported>,
    /// What each lint looked at; only where it was asked for.
    pub coverage: Option<Vec<Row>>,
    /// When the databases of each site were written.
    pub ages: Vec<Vec<Age>>,
    /// How many files were read.
    pub files: usize,
    /// How many nodes they describe.
    pub nodes: usize,
    /// What commands would do, where that was asked.
    pub plan: Option<plan::Plan>,
    /// Whether there is a site before to compare with.
    pub compared: Compared,
    /// How many findings are not shown on purpose.
    pub silenced: Silenced,
    /// How the tree was divided, where it holds several sites side by side.
    pub division: Option<Division>,
}

/// How a tree was divided, where it holds several sites side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// The directories that are sites of their own.
    pub directories: Vec<String>,
    /// What is said of it. Its names are those of the inputs, as they come.
    pub sentence: String,
}

/// How many findings were silenced on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silenced {
    /// By comments and entries of `ovnlint.toml`.
    pub allowed: usize,
    /// By the baseline.
    pub baseline: usize,
}

/// Whether findings were compared with those of a site before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compared {
    /// There is one.
    Yes,
    /// One site was looked at.
    #[default]
    No,
}

/// A finding, with what is known of its lint.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The lint's name.
    pub lint: &'static str,
    /// What is wrong, in general and in one line: `summary` of the lint's `lint.toml`.
    pub summary: &'static str,
    /// What happens, to whom, when: `why` of the lint's `lint.toml`.
    pub why: &'static str,
    /// What to do, in general: `fix` of the lint's `lint.toml`.
    pub help: &'static str,
    /// Whether the change brought it.
    pub status: Status,
    /// The finding.
    pub finding: Finding,
}

/// What the change has to do with a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The change brings it.
    Introduced,
    /// It is there; in a plain check, every finding.
    Present,
    /// The change removes it.
    Resolved,
}

/// One line of the coverage table: what a lint could do, and for whom.
#[derive(Clone, Debug)]
pub struct Row {
    /// The lint's name.
    pub lint: &'static str,
    /// Whether it could look.
    pub state: State,
    /// The input that would settle it; empty unless the state is unknown.
    pub needs: &'static str,
    /// The nodes, or the configurations, that this is about.
    pub nodes: Vec<String>,
    /// How many things were, or were not, looked at.
    pub count: usize,
}

/// Whether a lint could look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It looked.
    Checked,
    /// The site has nothing that the lint speaks of.
    NotApplicable,
    /// The inputs do not tell.
    Unknown,
}

/// How many findings there are of each level. What the change resolves is no longer there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    errors: usize,
    warnings: usize,
    notes: usize,
    resolved: usize,
}

/// Puts the findings into the order of every format: errors first, then by file, line, column, lint and subject.
pub fn sort(report: &mut Report) {
    let sources = report.sources;
    report
        .findings
        .sort_by(|left, right| order(sources, left).cmp(&order(sources, right)));
}

fn order<'a>(sources: &'a Sources, reported: &'a Reported) -> impl Ord + use<'a> {
    let finding = &reported.finding;
    let place = finding.labels.first().map(|label| &label.place);
    // In one file, the order of offsets is that of lines and columns; in a database log, offsets count within a cell.
    let position = place.map(|place| {
        let cell = place.cell.as_deref().filter(|cell| cell.text.is_some());
        (&sources.get(place.file).path, cell, place.span.start)
    });
    (
        Reverse(finding.level),
        position,
        reported.lint,
        &finding.subject,
        &finding.message,
    )
}

/// What identifies a finding from run to run: the SHA-256, in hexadecimal, of lint, subject, primary file, table,
/// record and field. The subject is given without its secrets, which must not be guessable from their hash.
pub fn fingerprint(sources: &Sources, reported: &Reported, subject: &str) -> String {
    let place = reported.finding.labels.first().map(|label| &label.place);
    let path = place.map_or("", |place| &sources.get(place.file).path);
    let cell = place.and_then(|place| place.cell.as_deref());
    let [table, record, field] =
        cell.map_or([""; 3], |cell| [&cell.table, &cell.record, &cell.field]);
    let identity = [reported.lint, subject, path, table, record, field].join("\n");
    let digest = Sha256::digest(identity.as_bytes());
    let mut hexadecimal = String::with_capacity(2 * digest.len());
    for byte in digest {
        write!(hexadecimal, "{byte:02x}").expect("a string takes all that is written");
    }
    hexadecimal
}

fn tally(findings: &[Reported]) -> Tally {
    let mut tally = Tally::default();
    for reported in findings {
        let count = match (reported.status, reported.finding.level) {
            (Status::Resolved, _) => &mut tally.resolved,
            (_, Level::Error) => &mut tally.errors,
            (_, Level::Warning) => &mut tally.warnings,
            (_, Level::Note) => &mut tally.notes,
        };
        *count += 1;
    }
    tally
}

/// Every place that a finding speaks of.
fn places(finding: &Finding) -> impl Iterator<Item = &Place> {
    let labels = finding.labels.iter().map(|label| &label.place);
    let edits = finding
        .fix
        .iter()
        .flat_map(|fix| &fix.edits)
        .map(|edit| &edit.place);
    labels.chain(edits)
}
