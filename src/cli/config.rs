//! `ovnlint.toml` on the command line: which file holds, and `ovnlint config`.

mod print;

use std::path::{Component, Path, PathBuf};

use crate::finding::words::listed;
use crate::report::escape::terminal;
use crate::report::secrets::{self, Masked};
use crate::settings::find::{self, Found};
use crate::settings::{Settings, Wrong};

use super::output::Trouble;
use super::paths::{shown, way};
use super::{Outcome, Surroundings, success};

/// Where the settings come from.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// The settings, in place of the ovnlint.toml that is found from PATH upward to the root of the repository.
    #[arg(long = "config", value_name = "FILE", id = "config")]
    file: Option<PathBuf>,
    /// Reads no ovnlint.toml.
    #[arg(long, conflicts_with = "config")]
    no_config: bool,
}

/// The command line of `config`.
#[derive(Debug, clap::Args)]
pub struct Print {
    /// Directories or files of a site, as for `check`.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    config: Config,
}

/// Prints the settings in force. Fails where they cannot be read or are wrong.
pub fn run(print: &Print, surroundings: &Surroundings) -> Result<Outcome, Trouble> {
    let settings = print.config.settings(&print.paths, surroundings)?;
    let text = print::settings(&settings);
    // A reason may quote what should not be shown.
    let lines = text.lines().map(|line| secrets::mask(line, &[]) + "\n");
    Ok(success(&lines.collect::<String>()))
}

impl Config {
    /// The file that is named.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The settings in force for these paths. Fails where they cannot be read or are wrong, and where paths lead to
    /// different files.
    pub fn settings(
        &self,
        paths: &[PathBuf],
        surroundings: &Surroundings,
    ) -> Result<Settings, Trouble> {
        if self.no_config {
            return Ok(Settings::defaults());
        }
        let directory = &surroundings.directory;
        if let Some(file) = &self.file {
            let text = find::text(&directory.join(file));
            return read(&shown(file, directory), text, surroundings);
        }
        match found(paths, directory)? {
            Some(found) => {
                let path = relative(&found.file, directory);
                read(&path, found.text(), surroundings)
            }
            None => Ok(Settings::defaults()),
        }
    }
}

/// The one file that the paths lead to.
fn found(paths: &[PathBuf], directory: &Path) -> Result<Option<Found>, String> {
    let mut all: Vec<Found> = Vec::new();
    for found in paths.iter().filter_map(|path| find::found(path, directory)) {
        if all.iter().all(|other| other.file != found.file) {
            all.push(found);
        }
    }
    if all.len() < 2 {
        return Ok(all.pop());
    }
    let names: Vec<_> = all
        .iter()
        .map(|found| terminal(&relative(&found.file, directory)).into_owned())
        .collect();
    Err(format!(
        "the paths have settings of their own in {}: say which hold with --config FILE",
        listed(&names)
    ))
}

fn read(
    path: &str,
    text: Result<String, String>,
    surroundings: &Surroundings,
) -> Result<Settings, Trouble> {
    let note = format!("settings: {}", terminal(path));
    surroundings.journal.note(note);
    let text = text.map_err(|why| format!("{}: {why}", terminal(path)))?;
    Settings::of(path, &*text).map_err(|wrong| lines(path, &text, wrong))
}

fn lines(path: &str, text: &str, wrong: Wrong) -> Trouble {
    let masked = Masked::new(text);
    Trouble::several(wrong.into_iter().map(|(at, message)| {
        // What is wrong may be a secret, which no report shows either.
        let line = text.lines().nth(at.line.saturating_sub(1) as usize);
        let start = line.map_or(0, |line| line.as_ptr().addr() - text.as_ptr().addr());
        let values = masked.values(start..start + line.map_or(0, str::len));
        let values: Vec<&str> = values.flat_map(secrets::quotable).collect();
        let message = secrets::mask(&message, &values);
        format!("{path}:{}:{}: {message}", at.line, at.column)
    }))
}

/// A path without links as it is shown: from the working directory, with `..` where it lies above that.
fn relative(path: &Path, directory: &Path) -> String {
    let directory = std::fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    let way = way(&directory, path);
    let ups = way
        .components()
        .filter(|part| *part == Component::ParentDir);
    // What shares nothing but the root is better named from there.
    if ups.count() + 1 >= directory.components().count() {
        return shown(path, &directory);
    }
    shown(&way, &directory)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::relative;

    #[test]
    fn a_file_above_is_named_from_the_working_directory() {
        let cases = [
            ("/no/such/ovnlint.toml", "/no/such", "ovnlint.toml"),
            ("/no/such/a/ovnlint.toml", "/no/such", "a/ovnlint.toml"),
            ("/no/ovnlint.toml", "/no/such/b", "../../ovnlint.toml"),
            ("/no/such/a/ovnlint.toml", "/no/such/b", "../a/ovnlint.toml"),
            ("/other/ovnlint.toml", "/no/such", "/other/ovnlint.toml"),
        ];
        for (path, directory, expected) in cases {
            assert_eq!(relative(Path::new(path), Path::new(directory)), expected);
        }
    }
}
