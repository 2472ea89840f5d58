//! The program: reads the command line, runs it, and gives the exit code.

use std::process::ExitCode;
use std::sync::Arc;

use ovnlint::cli::journal::Journal;
use ovnlint::cli::output::{Trouble, complain};
use ovnlint::cli::terminal::{self, Environment, Output};
use ovnlint::cli::{self, Surroundings};
use ovnlint::source::date::Date;

fn main() -> ExitCode {
    let environment = Environment::of_process();
    let arguments = cli::arguments(environment.choice(terminal::asked(std::env::args_os())));
    let colours = environment.choice(arguments.terminal.color);
    let detail = arguments.terminal.detail();
    let surroundings = Surroundings {
        colour: terminal::colour(colours, Output::of(&std::io::stdout())),
        reader: terminal::reader(Output::of(&std::io::stdout())),
        directory: std::env::current_dir().unwrap_or_default(),
        today: Date::today(),
        step_summary: std::env::var_os("GITHUB_STEP_SUMMARY")
            .filter(|path| !path.is_empty())
            .map(Into::into),
        detail,
        progress: environment.progress(Output::of(&std::io::stderr()), detail),
        journal: Arc::new(Journal::default()),
    };
    let result = cli::run(arguments, &surroundings);
    surroundings.notes().iter().for_each(|line| complain(line));
    match result {
        Ok(outcome) => {
            outcome.complaints.iter().for_each(|line| complain(line));
            match outcome.text.print() {
                Ok(()) => ExitCode::from(outcome.code),
                // `ovnlint check | head` is no failure of the check.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                    ExitCode::from(outcome.code)
                }
                Err(error) => fail(&format!("cannot write the report: {error}").into()),
            }
        }
        Err(trouble) => fail(&trouble),
    }
}

fn fail(trouble: &Trouble) -> ExitCode {
    trouble.complain();
    ExitCode::from(2)
}
