//! `--format`: which reports a run writes, and where to.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::report::{self, Report, escape, text::Colour};

use super::journal::Stage;
use super::output::Printed;
use super::overwrite::{Identity, Reads};
use super::replace::replace;
use super::terminal::Detail;
use super::{Outcome, Surroundings, WIDTH};

/// The reports of a run.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reports")]
pub struct Formats {
    /// How the findings are written: text, concise, json, jsonl, sarif, github, gitlab, junit or markdown.
    ///
    /// NAME writes to standard output, NAME=FILE into a file. It may be given several times, but only one report
    /// can go to standard output.
    #[arg(
        long = "format",
        value_name = "NAME[=FILE]",
        default_value = "text",
        id = "formats"
    )]
    targets: Vec<Target>,
}

/// One report, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    format: Format,
    /// Standard output where there is none.
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Concise,
    Json,
    Jsonl,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Markdown,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("there is no file behind the `=`".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = <Format as ValueEnum>::from_str(name, false).map_err(|_| unknown())?;
        Ok(Self { format, file })
    }
}

fn unknown() -> String {
    let values = values();
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    format!("the formats are {}", names.join(", "))
}

/// The names of all formats.
pub fn values() -> Vec<PossibleValue> {
    let values = Format::value_variants().iter();
    values.filter_map(ValueEnum::to_possible_value).collect()
}

impl Formats {
    /// Fails where two reports would go to one place, and where one would be written over what is read.
    pub fn checked(&self, reads: Reads) -> Result<(), String> {
        self.apart(reads.directory)?;
        let mut files = self
            .targets
            .iter()
            .filter_map(|target| target.file.as_ref());
        files.try_for_each(|file| reads.refuse(file))
    }

    fn apart(&self, directory: &Path) -> Result<(), String> {
        let mut before: Vec<(&Option<PathBuf>, Option<Identity>)> = Vec::new();
        for Target { file, .. } in &self.targets {
            let identity = file
                .as_ref()
                .and_then(|file| Identity::of(&directory.join(file)));
            let same = |(other, known): &(&Option<PathBuf>, Option<Identity>)| {
                *other == file || (identity.is_some() && *known == identity)
            };
            if before.iter().any(same) {
                return Err(match file {
                    None => "only one --format can go to standard output: give the others a file, as in \
                             --format sarif=out.sarif"
                        .to_owned(),
                    Some(file) => format!("two formats would be written to {}", shown(file)),
                });
            }
            before.push((file, identity));
        }
        Ok(())
    }

    /// Writes every report. One that cannot be written is a complaint, and the exit code 2.
    pub fn write(&self, report: &Report, code: u8, surroundings: &Surroundings) -> Outcome {
        let mut outcome = Outcome {
            text: Printed::default(),
            complaints: Vec::new(),
            code,
        };
        surroundings.journal.enter(Stage::Writing);
        for target in &self.targets {
            let Some(file) = &target.file else {
                outcome.text = Printed::report(match (target.format, surroundings.detail) {
                    (Format::Text, Detail::Quiet) => {
                        report::text::render_findings(report, surroundings.colour, WIDTH)
                    }
                    (format, _) => format.render(report, surroundings.colour),
                });
                continue;
            };
            let text = target.format.render(report, Colour::Plain);
            if let Err(error) = replace(&surroundings.directory.join(file), &text) {
                outcome.fail(file, &error);
            }
        }
        if self.has(Format::Github)
            && let Some(file) = &surroundings.step_summary
            && let Err(error) = append(file, &report::github::summary(report))
        {
            outcome.fail(file, &error);
        }
        outcome
    }

    /// Whether a person reads the report on standard output.
    pub fn show_text(&self) -> bool {
        self.targets.contains(&Target {
            format: Format::Text,
            file: None,
        })
    }

    fn has(&self, format: Format) -> bool {
        self.targets.iter().any(|target| target.format == format)
    }
}

impl Outcome {
    fn fail(&mut self, file: &Path, error: &io::Error) {
        self.complaints
            .push(format!("{} cannot be written: {error}", shown(file)));
        self.code = 2;
    }
}

impl Format {
    fn render(self, report: &Report, colour: Colour) -> String {
        match self {
            Self::Text => report::text::render(report, colour, WIDTH),
            Self::Concise => report::concise::render(report),
            Self::Json => report::json::render(report),
            Self::Jsonl => report::json::render_lines(report),
            Self::Sarif => report::sarif::render(report),
            Self::Github => report::github::render(report),
            Self::Gitlab => report::gitlab::render(report),
            Self::Junit => report::junit::render(report),
            Self::Markdown => report::markdown::render(report),
        }
    }
}

fn shown(file: &Path) -> String {
    escape::terminal(&file.to_string_lossy()).into_owned()
}

/// Adds a text to a file that others write to as well.
fn append(file: &Path, text: &str) -> io::Result<()> {
    let mut opened = OpenOptions::new().append(true).create(true).open(file)?;
    opened.write_all(format!("{text}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formats(texts: &[&str]) -> Formats {
        let targets = texts
            .iter()
            .map(|text| text.parse().expect("it is a format"));
        Formats {
            targets: targets.collect(),
        }
    }

    #[test]
    fn a_format_has_a_name_and_may_have_a_file() {
        let target = |text: &str| text.parse::<Target>();
        let json = Target {
            format: Format::Json,
            file: None,
        };
        assert_eq!(target("json"), Ok(json.clone()));
        let file = Some(PathBuf::from("a=b.json"));
        assert_eq!(target("json=a=b.json"), Ok(Target { file, ..json }));
        assert!(
            target("xml").is_err_and(|error| error.starts_with("the formats are text, concise"))
        );
        assert!(target("json=").is_err());
        assert!(target("").is_err());
    }

    #[test]
    fn two_reports_never_go_to_one_place() {
        let apart = |texts: &[&str]| formats(texts).apart(Path::new("/no/such"));
        assert_eq!(apart(&["json=a", "text", "json=b"]), Ok(()));
        assert!(apart(&["json", "text"]).is_err());
        assert!(apart(&["json=a", "text=a"]).is_err());
    }
}
