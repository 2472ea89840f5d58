//! The flags that say what silences findings.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::Surroundings;
use crate::read::leave::Leave;
use crate::settings::Settings;
use crate::source::Sources;

use super::baseline::Known;
use super::{Allowing, Extent, Policy, entries};

/// Of every command that lints.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Allowing")]
pub struct NoAllow {
    /// Heeds no allow: neither comments nor ovnlint.toml nor a baseline.
    #[arg(long)]
    no_allow: bool,
}

/// Of `check`.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Allowing")]
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
        conflicts_with_all = ["against", "coverage", "formats", "no_allow", "rewriting", "show_files"]
    )]
    write_baseline: bool,
}

impl NoAllow {
    /// What the user decided of these paths, with what the settings allow; `sources` gets their file.
    pub fn policy(
        &self,
        (settings, paths): (&Settings, &[PathBuf]),
        sources: &mut Sources,
        surroundings: &Surroundings,
    ) -> Policy {
        let entries = settings
            .placed(sources)
            .map_or_else(Vec::new, |(_, entries)| {
                entries.into_iter().map(entries::of).collect()
            });
        Policy {
            tuning: settings.tuning.clone(),
            leave: Leave::default(),
            allowing: if self.no_allow {
                Allowing::Nothing
            } else {
                Allowing::These {
                    entries,
                    extent: extent(settings, paths, &surroundings.directory),
                    baseline: None,
                    today: surroundings.today,
                }
            },
        }
    }
}

/// Whether the paths hold everything below the directory of the settings' file.
fn extent(settings: &Settings, paths: &[PathBuf], working: &Path) -> Extent {
    let real = |path: &Path| fs::canonicalize(working.join(path)).ok();
    let file = settings.file.as_ref();
    let file = file.and_then(|file| real(Path::new(&file.source.path)));
    let Some(directory) = file.as_deref().and_then(Path::parent) else {
        return Extent::Part;
    };
    let holds = |path: &PathBuf| real(path).is_some_and(|path| directory.starts_with(path));
    if paths.iter().any(holds) {
        Extent::Whole
    } else {
        Extent::Part
    }
}

impl Flags {
    /// What the user decided of these paths. Fails for a baseline that cannot be read.
    pub fn policy(
        &self,
        settings: (&Settings, &[PathBuf]),
        sources: &mut Sources,
        surroundings: &Surroundings,
    ) -> Result<Policy, String> {
        let mut policy = self.no_allow.policy(settings, sources, surroundings);
        if let (Allowing::These { baseline, .. }, Some(file), None) =
            (&mut policy.allowing, &self.baseline, self.written())
        {
            *baseline = Some(Known::read(file, sources, surroundings)?);
        }
        Ok(policy)
    }

    /// The file of the baseline.
    pub fn baseline(&self) -> Option<&Path> {
        self.baseline.as_deref()
    }

    /// The file into which a baseline is to be written.
    pub fn written(&self) -> Option<&Path> {
        self.baseline.as_deref().filter(|_| self.write_baseline)
    }
}
