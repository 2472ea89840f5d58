//! What the texts of a finding must not show: the secrets at its places, and those that may be repeated anywhere.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::report::page::{clamp, in_cell, quotable};
use crate::report::places;
use crate::report::secrets::everywhere::Everywhere;
use crate::report::secrets::{self, Masked};
use crate::source::{FileId, Place, Sources};

/// What the texts of a finding must not show.
pub struct Withheld<'a> {
    /// The secrets at its places, the longest first.
    own: Vec<String>,
    /// What any text may repeat.
    everywhere: Option<&'a Everywhere>,
}

/// The secrets of the files that findings lie in, where no report is written yet.
#[derive(Default)]
pub struct SecretLines(BTreeMap<FileId, Masked<()>>);

impl<'a> Withheld<'a> {
    /// These secrets, in any order.
    pub fn new(mut own: Vec<String>, everywhere: Option<&'a Everywhere>) -> Self {
        // The longest first, so that a part of another secret leaves nothing of it.
        own.sort_unstable_by(|left, right| right.len().cmp(&left.len()).then(left.cmp(right)));
        own.dedup();
        Self { own, everywhere }
    }

    /// A text without them.
    pub fn mask(&self, text: &str) -> String {
        let own: Vec<&str> = self.own.iter().map(String::as_str).collect();
        match self.everywhere {
            Some(everywhere) => secrets::mask(&everywhere.mask(text), &own),
            None => secrets::mask(text, &own),
        }
    }
}

impl SecretLines {
    /// What the texts of a finding must not show, also where they are kept for later runs.
    pub fn withheld(&mut self, finding: &Finding, sources: &Sources) -> Withheld<'static> {
        let values =
            places(finding).flat_map(|place| self.at(place, &sources.get(place.file).text));
        Withheld::new(values.collect(), None)
    }

    /// Those in the lines of a place.
    fn at(&mut self, place: &Place, text: &str) -> Vec<String> {
        if let Some(secrets) = in_cell(place) {
            return secrets;
        }
        let known = self.0.entry(place.file);
        let masked = known.or_insert_with(|| Masked::new(text).without_text());
        let span = clamp(text, place);
        let before = text.get(..span.start).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let behind = text.get(span.end..).unwrap_or_default();
        let end = behind.find('\n').map_or(text.len(), |at| span.end + at);
        quotable(masked.values_of(text, start..end))
    }
}
