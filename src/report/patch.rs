//! The difference between texts, as `git apply` and `patch -p1` take it.

mod changes;
mod hunks;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Write;

use crate::report::escape;
use crate::report::patch::hunks::{Hunk, Line, Unshown};
use crate::report::text::Colour;

/// One text, before and after.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a> {
    /// The path as it is shown.
    pub path: &'a str,
    /// What it is.
    pub before: &'a str,
    /// What it becomes.
    pub after: &'a str,
}

/// Who reads the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reader {
    /// A person, on a terminal: nothing may reach it that hides or forges text.
    Person,
    /// A program: a patch is exact.
    #[default]
    Program,
}

/// The patch. In front of it stand, as comments, the commands of `steps` and what no patch can say.
///
/// A line with a secret is never shown: where one lies near a change, fewer lines are shown around that. Where it lies
/// next to it, the file is no part of the patch.
pub fn render(changed: &[Changed], steps: &[String], reader: Reader, colour: Colour) -> String {
    let mut comments = String::new();
    for line in steps {
        writeln!(comments, "# {line}").expect(INFALLIBLE);
    }
    let mut patch = String::new();
    for file in changed {
        match hunks::of(file.before, file.after) {
            Ok(hunks) => write_file(&mut patch, file, &hunks, reader, colour),
            Err(unshown) => write_unshown(&mut comments, file.path, &unshown),
        }
    }
    comments + &patch
}

fn write_file(out: &mut String, file: &Changed, hunks: &[Hunk], reader: Reader, colour: Colour) {
    for (mark, side) in [("---", 'a'), ("+++", 'b')] {
        let header = format!("{mark} {}", header_path(side, file.path));
        write_line(out, &painted(&header, "1", colour));
    }
    for hunk in hunks {
        let header = format!("@@ -{} +{} @@", hunk.before, hunk.after);
        write_line(out, &painted(&header, "36", colour));
        for line in &hunk.lines {
            match reader {
                Reader::Program => write_exact(out, line),
                Reader::Person => write_shown(out, line, colour),
            }
        }
    }
}

fn write_exact(out: &mut String, line: &Line) {
    out.push(line.mark);
    out.push_str(line.text);
    if !line.text.ends_with('\n') {
        out.push_str("\n\\ No newline at end of file\n");
    }
}

fn write_shown(out: &mut String, line: &Line, colour: Colour) {
    let code = match line.mark {
        '-' => "31",
        '+' => "32",
        _ => "0",
    };
    let content = line.text.strip_suffix('\n');
    let text = content.unwrap_or(line.text);
    let shown: String = text.chars().map(escape::stand_in).collect();
    let shown = format!("{}{shown}", line.mark);
    write_line(out, &painted(&shown, code, colour));
    if content.is_none() {
        write_line(out, "\\ No newline at end of file");
    }
}

fn write_unshown(out: &mut String, path: &str, unshown: &Unshown) {
    let path = escape::log_line(path);
    let why = match unshown {
        Unshown::Secret(line) => format!("line {line} holds a secret"),
        Unshown::Command(line) => format!("line {line} would be obeyed where logs are read"),
    };
    let line =
        format!("# {path} is left out, for {why} and lies at what would change; --fix changes it");
    write_line(out, &line);
}

fn write_line(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// As git writes it: in quotes where it holds what would end or hide it; a tab behind a name with blanks.
fn header_path(side: char, path: &str) -> Cow<'static, str> {
    let path = format!("{side}/{}", path.trim_start_matches('/'));
    let special = |c: char| matches!(c, '"' | '\\') || escape::is_hostile(c);
    if !path.contains(special) {
        return if path.contains(' ') {
            format!("{path}\t").into()
        } else {
            path.into()
        };
    }
    let mut quoted = String::from("\"");
    for character in path.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            _ if special(character) => {
                for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                    write!(quoted, "\\{byte:03o}").expect(INFALLIBLE);
                }
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted.into()
}

fn painted(text: &str, code: &str, colour: Colour) -> String {
    match colour {
        Colour::Plain => text.to_owned(),
        Colour::Ansi => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
    }
}

const INFALLIBLE: &str = "a string takes all that is written";
