//! The one door to standard output and standard error: what goes through it commands neither a terminal nor the log of
//! a CI system, whatever an input, an argument or the environment held.

use std::fmt::{self, Display};
use std::io::{self, Write};
use std::ops::Deref;

use crate::report::{escape, secrets};

/// A text for standard output. How it is made says who answers for what it holds.
#[derive(Debug, Default)]
pub struct Printed(String);

/// Why the program could not run: sentences, each for a line of its own.
#[derive(Debug)]
pub struct Trouble(Vec<String>);

impl Printed {
    /// What a format wrote, which escapes what it takes from inputs for its own readers.
    pub fn report(text: String) -> Self {
        Self(text)
    }

    /// What the program says of itself alone: help, manual pages, schemas.
    pub fn own(text: String) -> Self {
        Self(text)
    }

    /// Lines that may quote anything: each is made harmless.
    pub fn lines(text: &str) -> Self {
        let lines = text.lines().map(|line| escape::log_line(line) + "\n");
        Self(lines.collect())
    }

    /// Adds what comes behind it.
    pub fn extend(&mut self, behind: &Self) {
        self.0 += &behind.0;
    }

    /// Writes it.
    pub fn print(&self) -> io::Result<()> {
        io::stdout().lock().write_all(self.0.as_bytes())
    }
}

impl Display for Printed {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Deref for Printed {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Trouble {
    /// Several sentences, each for a line of its own.
    pub fn several(sentences: impl Iterator<Item = String>) -> Self {
        Self(sentences.collect())
    }

    /// Says it on standard error.
    pub fn complain(&self) {
        write(&self.to_string());
    }
}

impl From<String> for Trouble {
    fn from(sentence: String) -> Self {
        Self(vec![sentence])
    }
}

impl Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(|line| complaint(line)).collect();
        formatter.write_str(&lines.join("\n"))
    }
}

/// Says a sentence on standard error, on a line of its own.
pub fn complain(sentence: &str) {
    write(&complaint(sentence));
}

#[expect(
    clippy::print_stderr,
    reason = "the one place that says what could not be done"
)]
fn write(harmless: &str) {
    eprintln!("ovnlint: {harmless}");
}

/// A sentence without line ends, secrets, and what a terminal or a log would obey.
pub fn complaint(sentence: &str) -> String {
    escape::log_line(&secrets::mask(sentence, &[]))
}

/// Ends the program with what is wrong with its command line, or with the help that was asked for.
#[expect(
    clippy::print_stderr,
    reason = "arguments are said to be wrong before there is anything to run"
)]
pub fn refuse(error: &clap::Error) -> ! {
    let said = error.render().to_string();
    let lines: Vec<String> = said.lines().map(escape::log_line).collect();
    // Colours are lost only where an argument brought something with it.
    if !error.use_stderr() || lines.iter().map(String::as_str).eq(said.lines()) {
        error.exit();
    }
    eprintln!("{}", lines.join("\n"));
    std::process::exit(error.exit_code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_one_line_that_nobody_obeys() {
        let said = complaint(
            "x\u{1b}[31m\r\n::error::PWN \u{202e} ##[group] ##vso[a] https://u:S3kr1t@h/",
        );
        assert_eq!(
            said,
            "x\\u{1b}[31m\\r\\n::error::PWN \\u{202e} #\u{266f}[group] #\u{266f}vso[a] https://***@h/"
        );
        assert_eq!(complaint("::error::x"), "\\::error::x");
    }

    #[test]
    fn every_sentence_of_a_trouble_has_its_line() {
        let trouble = Trouble::several(["a\nb", "c"].into_iter().map(str::to_owned));
        assert_eq!(trouble.to_string(), "a\\nb\nc");
        assert_eq!(Trouble::from("a\nb".to_owned()).to_string(), "a\\nb");
    }

    #[test]
    fn lines_keep_their_ends_and_nothing_that_is_obeyed() {
        let printed = Printed::lines("  a\n ::error::b\n##[c]\td\n");
        assert_eq!(&*printed, "  a\n\\::error::b\n#\u{266f}[c]\\td\n");
    }
}
