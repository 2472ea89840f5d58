//! The settings in force, as TOML, each with where it comes from.

use std::fmt::Write;

use crate::finding::Cap;
use crate::lints::{LINTS, Lint};
use crate::read::settings::{AllowEntry, LintEntry};
use crate::report::escape;
use crate::settings::{Origin, Settings};
use crate::source::{Place, Spanned};

/// Lines of settings, with their comments aligned table by table.
struct Lines<'s> {
    settings: &'s Settings,
    text: String,
    /// The lines of this table that are not aligned yet: what is set, and where that comes from.
    open: Vec<(String, String)>,
}

/// Every setting in force. What comes from the file cannot end its string or its line.
pub fn settings(settings: &Settings) -> String {
    let mut lines = Lines {
        settings,
        text: String::new(),
        open: Vec::new(),
    };
    lines.origin(
        "fail_on",
        &string(settings.fail_on.value.name()),
        settings.fail_on.origin,
    );
    lines.origin(
        "ruleset",
        &string(settings.ruleset.value),
        settings.ruleset.origin,
    );
    let said = settings.file.as_ref().map(|file| &file.said);
    if let Some(required) = said.and_then(|said| said.required_version.as_ref()) {
        lines.set(
            "required-version",
            &string(&required.to_string()),
            &required.place,
        );
    }
    if let Some(said) = said.filter(|said| !said.exclude.is_empty()) {
        lines.list("exclude", &said.exclude);
    }
    for lint in LINTS {
        lines.lint(lint);
    }
    for allow in said.map_or(&[][..], |said| &said.allows) {
        lines.allow(allow);
    }
    lines.close();
    // The path in the comments is a text of others as well.
    escape::log_commands(lines.text)
}

/// What the file says of a lint.
fn entry<'s>(settings: &'s Settings, lint: &Lint) -> Option<&'s LintEntry> {
    let mut entries = settings.file.as_ref()?.said.lints.iter();
    entries.find(|entry| entry.lint.value == lint.name)
}

impl Lines<'_> {
    fn lint(&mut self, lint: &'static Lint) {
        let settings = self.settings;
        let entry = entry(settings, lint);
        let cap = settings.tuning.caps.get(lint.name);
        let tuned = settings.tuning.parameters.get(lint.name);
        if cap.is_none() && lint.about().parameters.is_empty() {
            return;
        }
        self.header(&format!("[lints.{}]", lint.name), String::new());
        if let Some(cap) = cap {
            let level = match cap {
                Cap::Off => "off",
                Cap::AtMost(level) => level.name(),
            };
            let origin = match entry.and_then(|entry| entry.level.as_ref()) {
                Some(level) => self.at(&level.place),
                None => format!("ruleset {}", settings.ruleset.value),
            };
            self.line("level", &string(level), origin);
        }
        for (name, tunable) in &lint.about().parameters {
            let value = tuned.and_then(|tuned| tuned.get(name));
            let set = entry.and_then(|entry| {
                let mut parameters = entry.parameters.iter();
                parameters.find(|parameter| parameter.name.value == *name)
            });
            let origin = match set {
                Some(set) => self.at(&set.value.place),
                None => "default".to_owned(),
            };
            self.line(name, &written(value.unwrap_or(&tunable.default)), origin);
        }
    }

    fn allow(&mut self, allow: &AllowEntry) {
        let origin = self.at(&allow.place);
        self.header("[[allow]]", origin);
        match &allow.lints[..] {
            [lint] => self.set("lint", &string(lint), &lint.place),
            lints => self.list("lint", lints),
        }
        if let Some(nodes) = &allow.nodes {
            self.list("nodes", nodes);
        }
        if let Some(subject) = &allow.subject {
            self.set("subject", &string(subject), &subject.place);
        }
        if let Some(reason) = &allow.reason {
            self.set("reason", &string(reason), &reason.place);
        }
        match &allow.until {
            Some(Ok(date)) => self.set("until", &date.to_string(), &date.place),
            Some(Err(text)) => self.set("until", &string(text), &text.place),
            None => {}
        }
    }

    fn header(&mut self, header: &str, origin: String) {
        self.close();
        self.text.push('\n');
        self.open.push((header.to_owned(), origin));
    }

    fn list(&mut self, name: &str, texts: &[Spanned<String>]) {
        let list: Vec<String> = texts.iter().map(|text| string(text)).collect();
        let origin = texts
            .first()
            .map_or_else(String::new, |first| self.at(&first.place));
        self.line(name, &format!("[{}]", list.join(", ")), origin);
    }

    fn set(&mut self, name: &str, value: &str, place: &Place) {
        let origin = self.at(place);
        self.line(name, value, origin);
    }

    fn origin(&mut self, name: &str, value: &str, origin: Origin) {
        let origin = match origin {
            Origin::Default => "default".to_owned(),
            Origin::File(at) => format!("{}:{}:{}", self.path(), at.line, at.column),
        };
        self.line(name, value, origin);
    }

    fn line(&mut self, name: &str, value: &str, origin: String) {
        self.open.push((format!("{name} = {value}"), origin));
    }

    fn at(&self, place: &Place) -> String {
        let file = self.settings.file.as_ref().expect("places are of the file");
        let at = file.source.position(place.span.start);
        format!("{}:{}:{}", self.path(), at.line, at.column)
    }

    fn path(&self) -> String {
        let file = self.settings.file.as_ref();
        file.map_or_else(String::new, |file| {
            escape::terminal(&file.source.path).into_owned()
        })
    }

    /// Writes the lines of the table, with their comments below each other.
    fn close(&mut self) {
        let commented = self.open.iter().filter(|(_, origin)| !origin.is_empty());
        let widths = commented.map(|(line, _)| line.chars().count());
        // One long text does not move the others' comments out of sight.
        let width = widths.filter(|width| *width <= 60).max().unwrap_or(0);
        for (line, origin) in self.open.drain(..) {
            match origin.as_str() {
                "" => writeln!(self.text, "{line}"),
                origin => writeln!(self.text, "{line:width$}  # {origin}"),
            }
            .expect("a string takes all that is written");
        }
    }
}

fn written(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => string(text),
        other => other.to_string(),
    }
}

/// A basic string of TOML in which nothing is left that a terminal or a log reader obeys.
fn string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut previous = ' ';
    for character in text.chars() {
        let code = u32::from(character);
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            // Log readers of CI systems obey `##[…]` and `##vso[…]` anywhere in a line.
            '#' if previous == '#' => quoted += "\\u0023",
            _ if escape::is_hostile(character) && code > 0xffff => {
                quoted += &format!("\\U{code:08X}");
            }
            _ if escape::is_hostile(character) => quoted += &format!("\\u{code:04X}"),
            _ => quoted.push(character),
        }
        previous = character;
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests;
