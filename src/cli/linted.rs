//! One run from inputs to report: read, build the sites, run every lint.

use crate::finding::Level;
use crate::finding::allow::Allow;
use crate::lints::{self, Said, Tuning};
use crate::read::Inputs;
use crate::report::{self, Division, Report, Reported, Row, Silenced, State, Status};
use crate::site::build;
use crate::site::{Age, Site};
use crate::source::Sources;

use super::allowed::{Policy, Ran, Silencer};
use super::journal::{Journal, Stage};
use super::{division, sites};

/// Everything that a run knows once the lints have spoken.
pub struct Linted {
    /// The bytes behind the places.
    pub sources: Sources,
    /// The sites.
    pub sites: Vec<Site>,
    /// How they were told apart, where they lie side by side.
    pub division: Option<Division>,
    /// What each lint said of each site.
    pub said: Vec<Said>,
    /// What comments in the inputs allow.
    pub comments: Vec<Allow>,
    /// What the lints of allows said.
    pub of_allows: Vec<Said>,
    /// How many findings were silenced.
    pub silenced: Silenced,
    /// How many files were used.
    pub files: usize,
}

impl Linted {
    /// Lints what was read, and silences what the policy and comments allow.
    pub fn of(inputs: Inputs, policy: &Policy) -> Self {
        Self::watched(inputs, policy, &Journal::default())
    }

    /// The same, and says what it is at.
    pub fn watched(inputs: Inputs, policy: &Policy, journal: &Journal) -> Self {
        let mut linted = Self::unsilenced(inputs, &policy.tuning, journal);
        let mut silencer = Silencer::of(policy, std::mem::take(&mut linted.comments));
        let mut ran = Ran::default();
        ran.note(&linted.said, &policy.tuning);
        silencer.silence(&mut linted.said, &linted.sources);
        (linted.of_allows, linted.silenced) = silencer.finish(&ran, &linted.sites, &linted.sources);
        linted
    }

    /// Lints what was read, and says what it is at.
    pub fn unsilenced(mut inputs: Inputs, tuning: &Tuning, journal: &Journal) -> Self {
        journal.enter(Stage::Building);
        let comments = std::mem::take(&mut inputs.allows);
        // The databases themselves are not needed any more.
        let built = build::sites(inputs).without_states();
        let division = division::of(&built);
        let build::Built {
            sources,
            sites,
            used: files,
            ..
        } = built;
        journal.enter(Stage::Linting);
        let said = sites::said(&sites, tuning);
        Self {
            division,
            sources,
            sites,
            said,
            comments,
            of_allows: Vec::new(),
            silenced: Silenced::default(),
            files,
        }
    }

    /// The exit code: 1 with a finding at or above the level, 3 where nothing was checked, else 0.
    pub fn code(&self, fail_on: Level) -> u8 {
        let mut findings = self.all().flat_map(|said| &said.found);
        if findings.any(|finding| finding.level >= fail_on) {
            1
        } else if self.looked() {
            0
        } else {
            3
        }
    }

    /// Whether any lint had something to look at.
    pub fn looked(&self) -> bool {
        let looked = |said: &Said| !said.found.is_empty() || said.coverage.contains_key("");
        self.silenced != Silenced::default() || self.said.iter().any(looked)
    }

    /// What each lint said of one site: every site is looked at by the same lints.
    pub fn said_of(&self, site: usize) -> &[Said] {
        sites::of(&self.said, site, self.sites.len())
    }

    fn all(&self) -> impl Iterator<Item = &Said> {
        self.said.iter().chain(&self.of_allows)
    }

    /// What is reported, in the order of every format.
    pub fn report(&self, coverage: Coverage) -> Report<'_> {
        let findings = self.all().flat_map(|said| {
            said.found.iter().map(|finding| Reported {
                lint: said.lint.name,
                summary: &said.lint.about().summary,
                why: &said.lint.about().why,
                help: &said.lint.about().fix,
                status: Status::Present,
                finding: finding.clone(),
            })
        });
        let mut report = Report {
            sources: &self.sources,
            findings: findings.collect(),
            coverage: matches!(coverage, Coverage::Shown).then(|| self.coverage()),
            ages: self
                .sites
                .iter()
                .map(|site| site.ages.iter().map(age).collect())
                .collect(),
            files: self.files,
            nodes: self.sites.iter().map(|site| site.nodes.len()).sum(),
            plan: None,
            compared: report::Compared::No,
            silenced: self.silenced,
            division: self.division.clone(),
        };
        report::sort(&mut report);
        report
    }

    /// What each lint could look at, over all sites.
    fn coverage(&self) -> Vec<Row> {
        lints::LINTS
            .iter()
            .flat_map(|lint| self.coverage_of(lint.name))
            .collect()
    }

    fn coverage_of(&self, lint: &'static str) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for said in self.all().filter(|said| said.lint.name == lint) {
            for (&needs, who) in &said.coverage {
                let at = rows
                    .iter()
                    .position(|row| row.needs == needs)
                    .unwrap_or_else(|| {
                        let state = if needs.is_empty() {
                            State::Checked
                        } else {
                            State::Unknown
                        };
                        rows.push(Row {
                            lint,
                            state,
                            needs,
                            nodes: Vec::new(),
                            count: 0,
                        });
                        rows.len() - 1
                    });
                rows[at].count += who.len();
                rows[at].nodes.extend(who.iter().cloned());
            }
        }
        for row in &mut rows {
            row.nodes.sort_unstable();
            row.nodes.dedup();
        }
        if rows.is_empty() {
            rows.push(Row {
                lint,
                state: State::NotApplicable,
                needs: "",
                nodes: Vec::new(),
                count: 0,
            });
        }
        rows
    }
}

fn age(age: &Age) -> report::age::Age {
    report::age::Age {
        file: age.file,
        node: age.node.clone(),
        newest: age.newest,
    }
}

/// Whether a report carries the table of what was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// It does.
    Shown,
    /// It does not.
    Hidden,
}
