//! What `ovnlint check` read and found, of one site or of the step from the site before.

use crate::lints::{self, Overrides};
use crate::read::{self, Texts};
use crate::report::Report;
use crate::source::Sources;

use super::against::{Against, Which};
use super::linted::{Coverage, Linted};
use super::{Check, Outcome, Surroundings, labelled};

/// A site that was linted, alone or beside the one before.
pub enum Checked {
    /// Alone.
    Alone(Linted),
    /// Compared with the site before.
    Compared(Against, Which),
}

impl Checked {
    /// Reads and lints what the command line names, as if some files held other texts already.
    pub fn read(check: &Check, surroundings: &Surroundings, texts: &Texts) -> Result<Self, String> {
        let paths = labelled(&check.paths, surroundings);
        let overrides = Overrides::new();
        let Some(name) = &check.against else {
            let inputs = read::inputs_with(&paths, lints::limits(&overrides), texts)?;
            return Ok(Self::Alone(Linted::of(inputs, &overrides)));
        };
        let which = if check.all {
            Which::All
        } else {
            Which::Changed
        };
        let against = Against::read_with(name, &paths, texts, &overrides)?;
        Ok(Self::Compared(against, which))
    }

    /// What is reported.
    pub fn report(&self, check: &Check) -> Report<'_> {
        let coverage = if check.coverage {
            Coverage::Shown
        } else {
            Coverage::Hidden
        };
        match self {
            Self::Alone(linted) => linted.report(coverage),
            Self::Compared(against, which) => against.report(coverage, *which),
        }
    }

    /// The exit code.
    pub fn code(&self, check: &Check) -> u8 {
        let fail_on = check.fail_on.level();
        match self {
            Self::Alone(linted) => linted.code(fail_on),
            Self::Compared(against, which) => against.code(fail_on, *which),
        }
    }

    /// The report in every format that was asked for, with its exit code.
    pub fn written(&self, check: &Check, surroundings: &Surroundings) -> Outcome {
        let report = self.report(check);
        check.formats.write(&report, self.code(check), surroundings)
    }

    /// The texts that places lie in.
    pub fn into_sources(self) -> Sources {
        match self {
            Self::Alone(linted) | Self::Compared(Against { linted, .. }, _) => linted.sources,
        }
    }
}
