//! The script of a plan: from a file, standard input, or the command line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::cli::Surroundings;
use crate::cli::output::Trouble;
use crate::cli::paths::shown;
use crate::read::oslo;
use crate::read::script::{self, Script};
use crate::report::escape;
use crate::source::{Place, Sources};

/// Scripts above this are not read.
const MAX_SCRIPT: u64 = 16 << 20;

/// A script that was not parsed yet.
pub struct Text {
    /// Its path as it is shown.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl Text {
    /// The text of a script of that name.
    pub fn of(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// The text of a script, or the command line as it would be typed.
pub fn text(
    script: Option<&Path>,
    command: &[String],
    surroundings: &Surroundings,
) -> Result<Text, String> {
    let Some(path) = script else {
        return Ok(Text {
            path: "<command>".to_owned(),
            text: script::line(command),
        });
    };
    let from_input = path == Path::new("-");
    let name = if from_input {
        "<stdin>".to_owned()
    } else {
        shown(path, &surroundings.directory)
    };
    let fail =
        |why: &dyn std::fmt::Display| format!("{} cannot be read: {why}", escape::terminal(&name));
    let mut bytes = Vec::new();
    let read = if from_input {
        std::io::stdin()
            .lock()
            .take(MAX_SCRIPT + 1)
            .read_to_end(&mut bytes)
    } else {
        let file = File::open(path).map_err(|error| fail(&error))?;
        file.take(MAX_SCRIPT + 1).read_to_end(&mut bytes)
    };
    read.map_err(|error| fail(&error))?;
    if bytes.len() as u64 > MAX_SCRIPT {
        return Err(fail(&"it has more than 16 MiB"));
    }
    let text = oslo::decode(&bytes).map_err(|error| fail(&error))?;
    Ok(Text {
        text: text.to_owned(),
        path: name,
    })
}

/// Parses it. Fails with its syntax errors, each with line and column.
pub fn read(text: Text, sources: &mut Sources) -> Result<Script, Trouble> {
    let file = sources.add(&text.path, "");
    let script = script::read_named(file, &text.path, &text.text);
    sources.set_text(file, text.text);
    super::checked(script, sources)
}

/// `change.sh:3:14`
pub fn position(sources: &Sources, place: &Place) -> String {
    let source = sources.get(place.file);
    let position = source.position(place.span.start);
    let path = escape::terminal(&source.path);
    format!("{path}:{}:{}", position.line, position.column)
}
