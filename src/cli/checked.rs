//! What `ovnlint check` read and found, of one site or of the step from the site before.

use crate::finding::Level;
use crate::read::{self, Texts};
use crate::report::Report;
use crate::source::Sources;

use super::against::{Against, Which};
use super::linted::{Coverage, Linted};
use super::output::Trouble;
use super::{Check, Outcome, Surroundings, Threshold, labelled};

/// A site that was linted, and what is asked of it.
pub struct Checked {
    site: Side,
    coverage: Coverage,
    fail_on: Level,
}

enum Side {
    /// Alone.
    Alone(Linted),
    /// Compared with the site before.
    Compared(Against, Which),
}

impl Checked {
    /// Reads and lints what the command line names, as if some files held other texts already.
    pub fn read(
        check: &Check,
        surroundings: &Surroundings,
        texts: &Texts,
    ) -> Result<Self, Trouble> {
        let paths = labelled(&check.paths, surroundings);
        let settings = check.config.settings(&check.paths, surroundings)?;
        let journal = &surroundings.journal;
        let mut sources = Sources::default();
        let mut policy =
            check
                .allowing
                .policy((&settings, &check.paths), &mut sources, surroundings)?;
        policy.leave = check.leaving.leave(&settings, surroundings);
        let site = if let Some(name) = &check.against {
            let which = if check.all {
                Which::All
            } else {
                Which::Changed
            };
            let against = Against::read(name, &paths, (texts, sources), &policy, journal)?;
            Side::Compared(against, which)
        } else {
            let limits = journal.reading(policy.limits());
            let inputs = read::inputs_with(&paths, limits, texts, sources)?;
            Side::Alone(Linted::watched(inputs, &policy, journal))
        };
        let flag = check.fail_on.map(Threshold::level);
        Ok(Self {
            site,
            coverage: if check.coverage {
                Coverage::Shown
            } else {
                Coverage::Hidden
            },
            fail_on: flag.unwrap_or(settings.fail_on.value),
        })
    }

    /// What is reported.
    pub fn report(&self) -> Report<'_> {
        match &self.site {
            Side::Alone(linted) => linted.report(self.coverage),
            Side::Compared(against, which) => against.report(self.coverage, *which),
        }
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        match &self.site {
            Side::Alone(linted) => linted.code(self.fail_on),
            Side::Compared(against, which) => against.code(self.fail_on, *which),
        }
    }

    /// The report in every format that was asked for, with its exit code.
    pub fn written(&self, check: &Check, surroundings: &Surroundings) -> Outcome {
        let report = self.report();
        let outcome = check.formats.write(&report, self.code(), surroundings);
        check.nothing.taken(outcome)
    }

    /// The texts that places lie in.
    pub fn into_sources(self) -> Sources {
        match self.site {
            Side::Alone(linted) | Side::Compared(Against { linted, .. }, _) => linted.sources,
        }
    }
}
