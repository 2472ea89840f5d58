//! What a run leaves out of the directories that it reads.

use std::path::Path;

use crate::read::leave::{Ignored, Leave};
use crate::settings::Settings;

use super::Surroundings;

/// Of every command that reads a site.
#[derive(Debug, clap::Args)]
pub struct Leaving {
    /// Also reads what .gitignore names and git does not track.
    #[arg(long)]
    no_ignore: bool,
}

impl Leaving {
    /// What is left out by these settings.
    pub fn leave(&self, settings: &Settings, surroundings: &Surroundings) -> Leave {
        let file = settings.file.as_ref();
        let directory = file.and_then(|file| Path::new(&file.source.path).parent());
        let directory = surroundings
            .directory
            .join(directory.unwrap_or(Path::new("")));
        let exclude = file.map_or(&[][..], |file| &file.said.exclude);
        let exclude: Vec<&str> = exclude.iter().map(|text| text.value.as_str()).collect();
        let ignored = if self.no_ignore {
            Ignored::Read
        } else {
            Ignored::Left
        };
        Leave::of(&directory, &exclude, ignored)
    }
}
