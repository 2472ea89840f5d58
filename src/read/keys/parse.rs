//! What is wrong with TOML that does not parse, in plain words.

use std::ops::Range;

use toml::de::{DeTable, Error};
use toml::value::Datetime;

use super::table::Reader;

impl Reader<'_> {
    /// Whether there is something to read; names that are given twice do not end it.
    pub fn parsed(&mut self, errors: &[Error]) -> bool {
        for error in errors {
            let range = error.span().unwrap_or_default();
            // The only words by which toml tells this error from others.
            if error.message().starts_with("duplicate key") {
                let message = format!("{} is given twice", self.duplicate(range.clone()));
                self.error(range, message, "the second");
            } else {
                let why = self.unquoted(range.start);
                let why = why.unwrap_or_else(|| error.message().to_owned());
                let message = format!("not valid TOML: {why}");
                self.error(range, message, "not valid TOML");
                return false;
            }
        }
        true
    }

    /// The commonest mistake, said plainly: a version, a size or a name without quotes.
    fn unquoted(&self, offset: usize) -> Option<String> {
        let start = self
            .text
            .get(..offset)?
            .rfind('\n')
            .map_or(0, |end| end + 1);
        let line = self.text.get(start..)?.lines().next()?;
        let value = line.split_once('=')?.1.split('#').next()?.trim();
        let bare = |c: char| c.is_ascii_alphanumeric() || ".-_:/".contains(c);
        // What has the form of a date stands there without quotes rightly.
        if value.parse::<Datetime>().is_err() && is_dated(value) {
            return Some(format!("`{value}` is no day of the calendar"));
        }
        let found = !value.is_empty() && value.chars().all(bare);
        found.then(|| format!("`{value}` needs quotes: write `\"{value}\"`"))
    }

    /// What is given twice, by its header or key.
    fn duplicate(&self, range: Range<usize>) -> String {
        let written = self.text.get(range.clone()).unwrap_or_default();
        match self.header(range.start).as_deref() {
            Some([entries, name]) if entries == self.keys.entries.0 => {
                format!("{} `{name}`", self.keys.entries.1)
            }
            Some(path) => format!("table `{}`", path.join(".")),
            None => format!("`{}`", written.trim_matches(['"', '\''])),
        }
    }

    /// The path of the `[table]` header around an offset. Headers are short, and long lines are none: looking
    /// back further for each of many errors would cost the square of the line.
    fn header(&self, offset: usize) -> Option<Vec<String>> {
        let before = self
            .text
            .as_bytes()
            .get(offset.saturating_sub(500)..offset)?;
        let line = offset
            - before
                .iter()
                .rev()
                .position(|&byte| byte == b'\n')
                .unwrap_or(offset.min(500));
        let header = self.text.get(line..)?.lines().next()?.trim_start();
        let document = DeTable::parse(header.starts_with('[').then_some(header)?).ok()?;
        let mut path = Vec::new();
        let mut table = document.get_ref();
        while let Some((name, inner)) = table.iter().next() {
            path.push(name.get_ref().to_string());
            table = inner.get_ref().as_table()?;
        }
        Some(path)
    }
}

/// Whether a text has the form of a date: `2027-02-30`.
fn is_dated(text: &str) -> bool {
    let form = "0000-00-00".bytes();
    text.len() == form.len()
        && text.bytes().zip(form).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            dash => byte == dash,
        })
}
