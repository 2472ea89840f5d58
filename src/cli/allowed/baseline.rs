//! The baseline: a file with the findings that were there when it was written, by lint, subject and place without
//! line numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Ran, Told};
use crate::cli::compared::Earlier;
use crate::cli::paths::{shown, way};
use crate::cli::replace::replace;
use crate::cli::{Outcome, Surroundings, success};
use crate::finding::allow::Baseline;
use crate::finding::words::{Bytes, counted};
use crate::finding::{Finding, Level};
use crate::report::withheld::SecretLines;
use crate::report::{Report, escape, secrets};
use crate::site::Site;
use crate::source::{FileId, Place, Sources, Spanned};

const VERSION: u32 = 1;
/// So many characters of what is wrong with a baseline are shown.
const SHOWN: usize = 300;
/// A baseline above this, in bytes, is not read.
const LARGEST: u64 = 64 << 20;

/// What a baseline file says.
#[derive(Debug)]
pub struct Known {
    file: FileId,
    path: String,
    root: Root,
    entries: Vec<Spanned<Entry>>,
}

/// Paths in a baseline are relative to its own directory, so that it does not matter from where a run is started.
#[derive(Debug)]
pub struct Root {
    /// Where runs show paths relative to.
    working: PathBuf,
    /// The directory of the baseline.
    own: PathBuf,
}

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'t> {
    version: u32,
    #[serde(borrow)]
    findings: Vec<&'t RawValue>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    lint: String,
    subject: String,
    file: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    table: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    record: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    field: String,
    level: Level,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    nodes: Vec<String>,
}

/// What identifies a finding: all of an entry but how bad it is.
type Key<'e> = [&'e str; 6];

impl Known {
    /// Reads a baseline. Fails where it is none.
    pub fn read(
        path: &Path,
        sources: &mut Sources,
        surroundings: &Surroundings,
    ) -> Result<Self, String> {
        let shown = shown(path, &surroundings.directory);
        let fail = |why: String| {
            // What is wrong with it may be what it says.
            let why: String = secrets::mask(&why, &[]).chars().take(SHOWN).collect();
            let said = format!("{shown} {why}").replace(['\n', '\r'], " ");
            escape::terminal(&said).into_owned()
        };
        let opened = surroundings.directory.join(path);
        let text = text_of(&opened).map_err(|why| fail(format!("cannot be read: {why}")))?;
        let file = sources.add(&shown, "");
        let entries = entries(file, &text).map_err(|why| fail(format!("is no baseline: {why}")))?;
        sources.set_text(file, text);
        Ok(Self {
            file,
            path: shown,
            root: Root::of(path, &surroundings.directory),
            entries,
        })
    }

    /// What finds findings in it.
    pub fn matcher(&self) -> Matcher<'_> {
        let mut by_key: BTreeMap<Key, usize> = BTreeMap::new();
        let mut all: Vec<Same> = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            let same = *by_key.entry(entry.key()).or_insert(all.len());
            if same == all.len() {
                all.push(Same::default());
            }
            all[same].entries.push(at);
            all[same].earlier.add(entry.level, &entry.nodes);
        }
        Matcher {
            known: self,
            by_key,
            all,
            lines: SecretLines::default(),
        }
    }
}

/// Finds findings in a baseline, and remembers which were asked for.
pub struct Matcher<'a> {
    known: &'a Known,
    by_key: BTreeMap<Key<'a>, usize>,
    all: Vec<Same>,
    /// The secrets of the files that findings lie in.
    lines: SecretLines,
}

/// The entries of a lint about one subject at one place.
#[derive(Default)]
struct Same {
    entries: Vec<usize>,
    earlier: Earlier,
    /// How many such findings there are.
    asked: usize,
}

impl Matcher<'_> {
    /// Whether the finding was there, and was as bad, and hit the same nodes.
    pub fn knows(&mut self, lint: &str, finding: &Finding, sources: &Sources) -> bool {
        let entry = Entry::of((lint, finding), sources, &self.known.root, &mut self.lines);
        let Some(&same) = self.by_key.get(&entry.key()) else {
            return false;
        };
        let same = &mut self.all[same];
        same.asked += 1;
        same.earlier.excuses(entry.level, &entry.nodes)
    }

    /// What was not met again, though its lint looked at all that it is about.
    pub fn left(self, ran: &Ran, sites: &[Site], sources: &Sources) -> Baseline {
        let Known {
            entries,
            root,
            file,
            path,
        } = self.known;
        let read: BTreeSet<String> = sources
            .iter()
            .map(|(_, source)| root.relative(&source.path))
            .collect();
        let nodes = sites.iter().flat_map(|site| &site.nodes);
        let nodes: BTreeSet<&str> = nodes.map(|node| node.name.as_str()).collect();
        let is_gone = |entry: &Entry| {
            let all_there = || entry.nodes.iter().all(|node| nodes.contains(node.as_str()));
            match ran.told(&entry.lint, &entry.nodes) {
                Told::Unasked => false,
                _ if !root.own.join(&entry.file).exists() => true,
                Told::All => read.contains(&entry.file) && all_there(),
                Told::Part => false,
            }
        };
        let left = self
            .all
            .into_iter()
            .flat_map(|same| same.entries.into_iter().skip(same.asked));
        let gone: BTreeSet<usize> = left.filter(|&at| is_gone(&entries[at])).collect();
        let stale = gone.into_iter().map(|at| {
            let about = format!("{} ({})", entries[at].lint, entries[at].subject);
            Spanned::new(about, entries[at].place.clone())
        });
        Baseline {
            place: Place::file(*file),
            path: path.clone(),
            entries: entries.len(),
            stale: stale.collect(),
        }
    }
}

/// Writes a baseline of the findings of a report: one on a line and in a stable order. What is there and is no baseline
/// stays.
pub fn write(file: &Path, report: &Report, surroundings: &Surroundings) -> Result<Outcome, String> {
    let root = Root::of(file, &surroundings.directory);
    let opened = surroundings.directory.join(file);
    let shown = escape::terminal(&file.to_string_lossy()).into_owned();
    if fs::metadata(&opened).is_ok_and(|found| !found.is_file() || found.len() > 0) {
        Known::read(file, &mut Sources::default(), surroundings)
            .map_err(|why| format!("{why}; it is not written over"))?;
    }
    let mut lines = SecretLines::default();
    let findings = report.findings.iter();
    let entries = findings.map(|reported| {
        let finding = (reported.lint, &reported.finding);
        Entry::of(finding, report.sources, &root, &mut lines)
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_unstable();
    replace(&opened, &text(&entries))
        .map_err(|error| format!("{shown} cannot be written: {error}"))?;
    let count = counted(entries.len(), "finding");
    Ok(success(&format!("{count} written to {shown}\n")))
}

fn text(entries: &[Entry]) -> String {
    let lines = entries.iter().map(|entry| {
        let entry = serde_json::to_string(entry).expect("it has texts alone");
        format!("\n    {entry}")
    });
    let lines: Vec<String> = lines.collect();
    format!(
        "{{\n  \"version\": {VERSION},\n  \"findings\": [{}\n  ]\n}}\n",
        lines.join(",")
    )
}

fn text_of(path: &Path) -> Result<String, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is no file".to_owned());
    }
    let mut text = String::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    if text.len() as u64 > LARGEST {
        return Err(format!("it has more than {}", Bytes(LARGEST)));
    }
    Ok(text)
}

fn entries(file: FileId, text: &str) -> Result<Vec<Spanned<Entry>>, String> {
    let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if document.version != VERSION {
        let version = document.version;
        return Err(format!("it has version {version}, and {VERSION} is known"));
    }
    let read = document.findings.iter().map(|raw| {
        // What is borrowed lies in the text.
        let start = raw.get().as_ptr() as usize - text.as_ptr() as usize;
        let place = Place::text(file, start..start + raw.get().len());
        let entry = serde_json::from_str(raw.get());
        let entry = entry.map_err(|error| {
            let line = text[..start].matches('\n').count() + 1;
            format!("of the finding on line {line}: {error}")
        })?;
        Ok(Spanned::new(entry, place))
    });
    read.collect()
}

impl Entry {
    fn of(
        (lint, finding): (&str, &Finding),
        sources: &Sources,
        root: &Root,
        lines: &mut SecretLines,
    ) -> Self {
        // What no report shows must not stand in a baseline either, which is committed.
        let withheld = lines.withheld(finding, sources);
        let clean = |text: &str| withheld.mask(text);
        let place = finding.labels.first().map(|label| &label.place);
        let path = place.map_or("", |place| &sources.get(place.file).path);
        let cell = place.and_then(|place| place.cell.as_deref());
        let [table, record, field] =
            cell.map_or([""; 3], |cell| [&cell.table, &cell.record, &cell.field]);
        let mut nodes: Vec<String> = finding.nodes.iter().map(|node| clean(node)).collect();
        nodes.sort_unstable();
        Self {
            lint: lint.to_owned(),
            subject: clean(&finding.subject),
            file: clean(&root.relative(path)),
            table: clean(table),
            record: clean(record),
            field: clean(field),
            level: finding.level,
            nodes,
        }
    }

    fn key(&self) -> Key<'_> {
        [
            &self.lint,
            &self.subject,
            &self.file,
            &self.table,
            &self.record,
            &self.field,
        ]
    }
}

impl Root {
    /// For a baseline of that path, in runs from a working directory.
    pub fn of(path: &Path, working: &Path) -> Self {
        let path = plain(&working.join(path));
        Self {
            working: working.to_owned(),
            own: path.parent().unwrap_or(&path).to_owned(),
        }
    }

    /// A path that a run shows, as the baseline has it.
    fn relative(&self, shown: &str) -> String {
        let path = plain(&self.working.join(shown));
        way(&self.own, &path).to_string_lossy().replace('\\', "/")
    }
}

/// A path without `.` and `..`, by its names alone.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests;
