//! What the program says of its lints: `explain` and `lints`.

use std::fmt::Write;

use crate::finding::words::nearest;
use crate::lints::{self, LINTS, Lint};

/// Everything about one lint. Fails for a name that is none, with the one that was probably meant.
pub fn explain(name: &str) -> Result<String, String> {
    let Some(lint) = lints::find(name) else {
        let hint = nearest(name, LINTS.iter().map(|lint| lint.name)).map_or_else(
            || "`ovnlint lints` lists them".to_owned(),
            |meant| format!("did you mean `{meant}`?"),
        );
        return Err(format!("there is no lint `{name}`: {hint}"));
    };
    Ok(described(lint))
}

fn described(lint: &'static Lint) -> String {
    let about = lint.about();
    let mut text = format!(
        "{} ({}, since {})\n{}\n\n{}\n",
        lint.name,
        levels(lint),
        about.since,
        about.summary,
        about.why.trim()
    );
    text += "\nSilent, or lower, when:\n";
    for guard in &about.unless {
        text += &format!("  - {guard}\n");
    }
    text += &format!("\nTo put it right:\n  {}\n", about.fix.trim());
    if !about.parameters.is_empty() {
        text += "\nParameters:\n";
    }
    for (name, parameter) in &about.parameters {
        text += &format!(
            "  - {name} = {}: {}\n",
            parameter.default, parameter.meaning
        );
    }
    text += "\nSources:\n";
    for source in &about.see {
        text += &format!("  - {source}\n");
    }
    text
}

/// A line for each lint.
pub fn list() -> String {
    let width = LINTS.iter().map(|lint| lint.name.len()).max().unwrap_or(0);
    LINTS.iter().fold(String::new(), |mut text, lint| {
        writeln!(
            text,
            "{:width$}  {:<14}  {}",
            lint.name,
            levels(lint),
            lint.about().summary
        )
        .expect("a string takes all that is written");
        text
    })
}

/// The levels that a lint may give, as in `error/warning`.
pub fn levels(lint: &'static Lint) -> String {
    let levels: Vec<&str> = lint
        .about()
        .levels
        .iter()
        .map(|level| level.name())
        .collect();
    levels.join("/")
}
