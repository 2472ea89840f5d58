//! Secrets that may be repeated anywhere: a script's, behind the variables that carry them.

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::AhoCorasick;

use crate::report::secrets::{
    SHORTEST_WORD, joined, looks_like_password, stands_alone, starred, whole_or_password,
};

/// Finds any of many secrets in a text, at once.
#[derive(Clone, Debug, Default)]
pub struct Everywhere(Option<AhoCorasick>);

impl Everywhere {
    /// These values, and the passwords of URLs among them; not the words of a value, which may be those of a command
    /// behind it. What is only a variable's name says nothing.
    pub fn of<'v>(values: impl Iterator<Item = &'v str>) -> Self {
        let mut words: Vec<&str> = values
            // What is hidden lies within lines.
            .flat_map(str::lines)
            .flat_map(whole_or_password)
            .map(|word| word.trim_matches(['"', '\'']))
            .filter(|word| word.len() >= SHORTEST_WORD && !word.starts_with(['$', '{', '*']))
            .collect();
        words.sort_unstable();
        words.dedup();
        if words.is_empty() {
            return Self::default();
        }
        // Only a set of more than 2 GiB cannot be built, and a script has 16 MiB at most.
        let automaton = AhoCorasick::new(words).expect("a script is smaller");
        Self(Some(automaton))
    }

    /// A text without them.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.ranges(text) {
            found if found.is_empty() => Cow::Borrowed(text),
            found => Cow::Owned(starred(text, &found)),
        }
    }

    /// Where they stand in a text.
    pub fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let Some(automaton) = &self.0 else {
            return Vec::new();
        };
        let found = automaton.find_overlapping_iter(text);
        let ranges = found.map(|found| found.range()).filter(|range| {
            text.get(range.clone()).is_some_and(looks_like_password) || stands_alone(text, range)
        });
        joined(ranges.collect())
    }
}
