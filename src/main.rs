//! The program: reads the command line, runs it, and gives the exit code.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use ovnlint::cli::{self, Arguments, Surroundings};
use ovnlint::report::{patch::Reader, text::Colour};
use ovnlint::source::date::Date;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let surroundings = Surroundings {
        colour: if std::io::stdout().is_terminal() && !plain {
            Colour::Ansi
        } else {
            Colour::Plain
        },
        reader: if std::io::stdout().is_terminal() {
            Reader::Person
        } else {
            Reader::Program
        },
        directory: std::env::current_dir().unwrap_or_default(),
        today: today(),
        step_summary: std::env::var_os("GITHUB_STEP_SUMMARY")
            .filter(|path| !path.is_empty())
            .map(Into::into),
    };
    match cli::run(arguments, &surroundings) {
        Ok(outcome) => {
            outcome.complaints.iter().for_each(|line| complain(line));
            match std::io::stdout().lock().write_all(outcome.text.as_bytes()) {
                Ok(()) => ExitCode::from(outcome.code),
                // `ovnlint check | head` is no failure of the check.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                    ExitCode::from(outcome.code)
                }
                Err(error) => fail(&format!("cannot write the report: {error}")),
            }
        }
        Err(trouble) => fail(&trouble),
    }
}

/// A clock that is wrong by decades counts as 1970: then nothing has expired.
fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Date::of_unix(since.map_or(0, |since| since.as_secs().cast_signed()))
}

fn fail(trouble: &str) -> ExitCode {
    complain(trouble);
    ExitCode::from(2)
}

#[expect(
    clippy::print_stderr,
    reason = "the one place that says what could not be done"
)]
fn complain(trouble: &str) {
    eprintln!("ovnlint: {trouble}");
}
