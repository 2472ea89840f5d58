//! `--allow-nothing`: a run in which there was nothing to check may pass, but it says so.

use super::Outcome;

/// The exit code of a run in which no lint had anything to look at.
const NOTHING_CHECKED: u8 = 3;

/// Whether there has to be something to check.
#[derive(Debug, clap::Args)]
pub struct Nothing {
    /// Where nothing was checked, the exit code is 0, not 3, and a line on standard error says so. For hooks of
    /// repositories that have no site yet.
    #[arg(long)]
    allow_nothing: bool,
}

impl Nothing {
    /// The answer as the command line wants it.
    pub fn taken(&self, outcome: Outcome) -> Outcome {
        if !self.allow_nothing || outcome.code != NOTHING_CHECKED {
            return outcome;
        }
        let mut outcome = outcome;
        outcome
            .complaints
            .push("nothing was checked: there is no input that a lint could look at".to_owned());
        outcome.code = 0;
        outcome
    }
}
