//! `ovnlint show`: the site as it was understood.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::finding::words::nearest;
use crate::lints;
use crate::read::{self, Limits};
use crate::report::escape;
use crate::show::{self, text::Detail};
use crate::site::Site;
use crate::site::build;

use super::config::Config;
use super::journal::Stage;
use super::leaving::Leaving;
use super::output::{Printed, Trouble};
use super::{Outcome, Surroundings, WIDTH, labelled};

#[derive(Debug, clap::Args)]
pub struct Show {
    /// Directories or files; together they are one site, but for directories with a topology.toml of their own.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// How the site is written.
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    format: ShowFormat,
    /// Shows this node alone, with all its ports.
    #[arg(long, value_name = "NAME")]
    node: Option<String>,
    #[command(flatten)]
    leaving: Leaving,
    #[command(flatten)]
    config: Config,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ShowFormat {
    Text,
    Json,
}

/// Shows the site, with exit code 3 where there is nothing to show. Fails where a path cannot be read, and for a
/// node that is none.
pub fn run(show: &Show, surroundings: &Surroundings) -> Result<Outcome, Trouble> {
    let paths = labelled(&show.paths, surroundings);
    let journal = &surroundings.journal;
    let settings = show.config.settings(&show.paths, surroundings)?;
    let leave = show.leaving.leave(&settings, surroundings);
    let limits = Limits {
        leave: Some(&leave),
        ..lints::limits(&settings.tuning)
    };
    let inputs = read::inputs(&paths, journal.reading(limits))?;
    journal.enter(Stage::Building);
    let built = build::sites(inputs).without_states();
    let picture = show::picture(&built.sites, &built.sources, show.node.as_deref());
    if let Some(name) = show.node.as_deref().filter(|_| picture.is_empty()) {
        return Err(no_node(name, &built.sites).into());
    }
    let detail = match show.node {
        Some(_) => Detail::Ports,
        None => Detail::Overview,
    };
    Ok(Outcome {
        text: Printed::report(match show.format {
            ShowFormat::Text => show::text::render(&picture, detail, WIDTH),
            ShowFormat::Json => show::json::render(&picture),
        }),
        complaints: Vec::new(),
        code: if picture.is_empty() { 3 } else { 0 },
    })
}

fn no_node(name: &str, sites: &[Site]) -> String {
    let nodes = sites.iter().flat_map(|site| &site.nodes);
    let hint = nearest(name, nodes.map(|node| node.name.as_str())).map_or_else(
        || "`ovnlint show` shows all nodes".to_owned(),
        |meant| format!("did you mean `{}`?", escape::terminal(meant)),
    );
    format!("there is no node `{}`: {hint}", escape::terminal(name))
}
