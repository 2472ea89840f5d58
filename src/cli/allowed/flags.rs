//! The flags that say what silences findings.

use std::path::{Path, PathBuf};

use crate::cli::Surroundings;
use crate::source::Sources;

use super::baseline::Known;
use super::{Allowing, Policy};

/// Of every command that lints.
#[derive(Debug, clap::Args)]
pub struct NoAllow {
    /// Heeds no allow: neither comments nor ovnlint.toml nor a baseline.
    #[arg(long)]
    no_allow: bool,
}

/// Of `check`.
#[derive(Debug, clap::Args)]
pub struct Flags {
    #[command(flatten)]
    no_allow: NoAllow,
    /// Silences the findings in this file, unless they became worse. Those that are gone are said.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Writes the findings that are there into the file of --baseline, and reports nothing.
    #[arg(
        long,
        requires = "baseline",
        conflicts_with_all = ["against", "formats", "no_allow", "show_files"]
    )]
    write_baseline: bool,
}

impl NoAllow {
    /// What the user decided.
    pub fn policy(&self, surroundings: &Surroundings) -> Policy {
        Policy {
            tuning: crate::lints::Tuning::default(),
            allowing: if self.no_allow {
                Allowing::Nothing
            } else {
                Allowing::These {
                    entries: Vec::new(),
                    baseline: None,
                    today: surroundings.today,
                }
            },
        }
    }
}

impl Flags {
    /// What the user decided. Fails for a baseline that cannot be read.
    pub fn policy(
        &self,
        sources: &mut Sources,
        surroundings: &Surroundings,
    ) -> Result<Policy, String> {
        let mut policy = self.no_allow.policy(surroundings);
        if let (Allowing::These { baseline, .. }, Some(file), None) =
            (&mut policy.allowing, &self.baseline, self.written())
        {
            *baseline = Some(Known::read(file, sources, surroundings)?);
        }
        Ok(policy)
    }

    /// The file into which a baseline is to be written.
    pub fn written(&self) -> Option<&Path> {
        self.baseline.as_deref().filter(|_| self.write_baseline)
    }
}
