//! The picture for programs: JSON, version 1. Fields are only ever added.

use crate::report::escape;
use crate::show::Picture;

/// The whole picture, with a line end behind it.
pub fn render(picture: &Picture) -> String {
    let written =
        serde_json::to_string_pretty(picture).expect("strings and numbers always become JSON");
    escape::json(&written) + "\n"
}
