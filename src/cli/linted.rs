//! One run from inputs to report: read, build the sites, run every lint.

use crate::finding::Level;
use crate::lints::{self, Overrides, Said};
use crate::read::Inputs;
use crate::report::{self, Report, Reported, Row, State, Status};
use crate::site::build;
use crate::site::{Age, Site};
use crate::source::Sources;

use super::journal::{Journal, Stage};

/// Everything that a run knows once the lints have spoken.
pub struct Linted {
    /// The bytes behind the places.
    pub sources: Sources,
    /// The sites.
    pub sites: Vec<Site>,
    /// What each lint said of each site.
    pub said: Vec<Said>,
    /// How many files were used.
    pub files: usize,
}

impl Linted {
    /// Lints what was read.
    pub fn of(inputs: Inputs, overrides: &Overrides) -> Self {
        Self::watched(inputs, overrides, &Journal::default())
    }

    /// Lints what was read, and says what it is at.
    pub fn watched(inputs: Inputs, overrides: &Overrides, journal: &Journal) -> Self {
        journal.enter(Stage::Building);
        let files = inputs.used();
        // The databases themselves are not needed any more.
        let build::Built { sources, sites, .. } = build::sites(inputs).without_states();
        journal.enter(Stage::Linting);
        let said = sites
            .iter()
            .flat_map(|site| lints::run(site, overrides))
            .collect();
        Self {
            sources,
            sites,
            said,
            files,
        }
    }

    /// The exit code: 1 with a finding at or above the level, 3 where nothing was checked, else 0.
    pub fn code(&self, fail_on: Level) -> u8 {
        let mut findings = self.said.iter().flat_map(|said| &said.found);
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
        self.said.iter().any(looked)
    }

    /// What each lint said of one site: every site is looked at by the same lints.
    pub fn said_of(&self, site: usize) -> &[Said] {
        let lints = self.said.len() / self.sites.len();
        &self.said[site * lints..][..lints]
    }

    /// What is reported, in the order of every format.
    pub fn report(&self, coverage: Coverage) -> Report<'_> {
        let findings = self.said.iter().flat_map(|said| {
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
        for said in self.said.iter().filter(|said| said.lint.name == lint) {
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
