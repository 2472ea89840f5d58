//! Applies the edits of findings to the texts of files: all edits of a finding, or none of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::finding::{Edit, Finding, Fix};
use crate::source::{FileId, Source, Sources, Span};

#[cfg(test)]
mod tests;

/// So many times what was edited is linted again: an edit may uncover another defect.
const ROUNDS: usize = 10;

/// Which edits are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those that keep the meaning of everything else.
    Safe,
    /// Also those that are only probably what was meant.
    All,
}

/// What was found, and the texts that its places lie in.
#[derive(Debug, Default)]
pub struct Found {
    /// The texts.
    pub sources: Sources,
    /// The findings that are to be put right, the most important first.
    pub findings: Vec<Finding>,
}

/// What the edits make of the files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// The files that change, by the path that each is opened as.
    pub files: BTreeMap<PathBuf, Rewritten>,
    /// Files of which one without the others would be half of a finding's edits.
    pub together: Vec<BTreeSet<PathBuf>>,
}

/// One file, before its edits and after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// The path as it is shown.
    pub path: String,
    /// What was read.
    pub before: String,
    /// What is to be written.
    pub after: String,
}

/// Lints, edits, and lints what the edits made, until nothing changes. `lint` is given the texts that files have by
/// then; nothing is written.
pub fn fixed<E>(
    wanted: Wanted,
    mut lint: impl FnMut(&BTreeMap<PathBuf, String>) -> Result<Found, E>,
) -> Result<Fixed, E> {
    let mut texts = BTreeMap::new();
    let mut fixed = Fixed::default();
    for _ in 0..ROUNDS {
        let found = lint(&texts)?;
        let round = Round::of(&found, wanted);
        if round.edits.is_empty() {
            break;
        }
        let origin = |file: &FileId| found.sources.get(*file).origin.clone();
        let several = round.together.iter();
        let several = several.map(|files| files.iter().filter_map(origin).collect());
        fixed.together.extend(several);
        for (file, edits) in round.edits {
            let source = found.sources.get(file);
            let Some(origin) = source.origin.clone() else {
                continue;
            };
            let after = edited(&source.text, &edits);
            let rewritten = fixed.files.entry(origin.clone());
            let rewritten = rewritten.or_insert_with(|| Rewritten {
                path: source.path.clone(),
                before: source.text.clone(),
                after: String::new(),
            });
            rewritten.after.clone_from(&after);
            texts.insert(origin, after);
        }
    }
    fixed.files.retain(|_, file| file.before != file.after);
    Ok(fixed)
}

impl Fixed {
    /// The files in groups of which either all are written or none.
    pub fn groups(&self) -> Vec<BTreeSet<&Path>> {
        let mut groups: Vec<BTreeSet<&Path>> = Vec::new();
        let alone = self
            .files
            .keys()
            .map(|file| BTreeSet::from([file.as_path()]));
        let together = self.together.iter();
        let together = together.map(|files| files.iter().map(PathBuf::as_path).collect());
        for mut group in alone.chain(together) {
            let met = groups.extract_if(.., |other| !other.is_disjoint(&group));
            let met: Vec<&Path> = met.flatten().collect();
            group.extend(met);
            groups.push(group);
        }
        for group in &mut groups {
            // One that became what it was is not written.
            group.retain(|file| self.files.contains_key(*file));
        }
        groups
    }
}

/// Whether a fix has edits, all of which can be made, and which change something.
pub fn is_applicable(sources: &Sources, fix: &Fix) -> bool {
    let differs = |edit: &Edit| sources.text_at(&edit.place) != Some(&edit.replacement);
    fix.edits
        .iter()
        .all(|edit| is_possible(sources.get(edit.place.file), edit))
        && fix.edits.iter().any(differs)
}

/// A name out of another input must not become a line of its own.
fn is_possible(source: &Source, edit: &Edit) -> bool {
    let expected = |text: &str| {
        edit.expected
            .as_deref()
            .is_none_or(|expected| expected == text)
    };
    source.origin.is_some()
        && edit.place.cell.is_none()
        && source
            .text
            .get(edit.place.span.range())
            .is_some_and(expected)
        && !edit.replacement.contains(char::is_control)
}

/// Edits of one text, in order and without overlap.
type Edits<'a> = BTreeMap<Span, &'a str>;

/// The edits that fit beside each other.
#[derive(Default)]
struct Round<'a> {
    edits: BTreeMap<FileId, Edits<'a>>,
    together: BTreeSet<BTreeSet<FileId>>,
    findings: usize,
}

impl<'a> Round<'a> {
    fn of(found: &'a Found, wanted: Wanted) -> Self {
        let mut round = Self::default();
        for finding in &found.findings {
            let fix = finding.fix.iter();
            let mut fix = fix.filter(|fix| fix.safe || wanted == Wanted::All);
            if let Some(fix) = fix.find(|fix| is_applicable(&found.sources, fix)) {
                round.take(&fix.edits);
            }
        }
        round
    }

    /// Takes all edits of a finding, or none where one overlaps with what was taken: that waits for the next round.
    fn take(&mut self, edits: &'a [Edit]) {
        let mut new = Vec::new();
        for edit in edits {
            let (file, span) = (edit.place.file, edit.place.span);
            let taken = self.edits.entry(file).or_default();
            match neighbour(taken, span) {
                None => {
                    taken.insert(span, &edit.replacement);
                    new.push((file, span));
                }
                Some(same) if same == (span, &edit.replacement) => {}
                Some(_) => {
                    for (file, span) in new {
                        self.edits.entry(file).or_default().remove(&span);
                    }
                    self.edits.retain(|_, edits| !edits.is_empty());
                    return;
                }
            }
        }
        self.findings += 1;
        let files: BTreeSet<FileId> = edits.iter().map(|edit| edit.place.file).collect();
        if files.len() > 1 {
            self.together.insert(files);
        }
    }
}

/// The edit that overlaps with a span. The others are in order and apart, so that it is next to where the span would
/// come to lie.
fn neighbour<'a>(edits: &Edits<'a>, span: Span) -> Option<(Span, &'a str)> {
    let behind = edits.range(span..).next();
    let before = edits.range(..span).next_back();
    let next = before.into_iter().chain(behind);
    let mut next = next.map(|(&taken, &text)| (taken, text));
    next.find(|(taken, _)| overlap(*taken, span))
}

/// Where something is inserted at the edge of another edit, which of the two comes first is nobody's decision.
fn overlap(one: Span, other: Span) -> bool {
    if one.is_empty() || other.is_empty() {
        one.start <= other.end && other.start <= one.end
    } else {
        one.start < other.end && other.start < one.end
    }
}

fn edited(text: &str, edits: &Edits) -> String {
    let mut after = String::with_capacity(text.len());
    let mut end = 0;
    for (span, replacement) in edits {
        let range = span.range();
        after.push_str(&text[end..range.start]);
        after.push_str(replacement);
        end = range.end;
    }
    after.push_str(&text[end..]);
    after
}
