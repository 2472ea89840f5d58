//! What a run is at, how long each part took, and what it has to say of itself with `--verbose`.

use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::finding::words::Count;
use crate::read::Limits;
use crate::read::progress::{Counts, Progress};

/// Written by the run, read by the progress line beside it and by `--verbose` at the end.
#[derive(Debug, Default)]
pub struct Journal {
    progress: Progress,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    /// Each stage, and when it began.
    stages: Vec<(Stage, Instant)>,
    notes: Vec<String>,
}

/// A part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Files are found, read and parsed.
    Reading,
    /// The model is made of them.
    Building,
    /// The lints run.
    Linting,
    /// The site before is linted, and the two are compared.
    Comparing,
    /// Commands are predicted.
    Predicting,
    /// The reports are written.
    Writing,
}

impl Journal {
    /// The run goes on to another stage.
    pub fn enter(&self, stage: Stage) {
        self.entries().stages.push((stage, Instant::now()));
    }

    /// The run goes on to reading, which counts files here.
    pub fn reading<'a>(&'a self, limits: Limits<'a>) -> Limits<'a> {
        self.enter(Stage::Reading);
        Limits {
            progress: Some(&self.progress),
            ..limits
        }
    }

    /// Something to be said with `--verbose`, once, made harmless for a terminal.
    pub fn note(&self, line: String) {
        let notes = &mut self.entries().notes;
        if !notes.contains(&line) {
            notes.push(line);
        }
    }

    /// What the run is at, for a line of progress; nothing before it reads.
    pub fn now(&self) -> Option<String> {
        let (stage, _) = *self.entries().stages.last()?;
        Some(doing(stage, self.progress.counts()))
    }

    /// What is said with `--verbose`, a line each.
    pub fn lines(&self) -> Vec<String> {
        let now = Instant::now();
        let entries = self.entries();
        let mut lines = entries.notes.clone();
        if let Some((first, _)) = entries.stages.first() {
            if *first == Stage::Reading {
                lines.push(files(self.progress.counts()));
            }
            lines.push(times(&entries.stages, now));
        }
        lines
    }

    /// A run that panicked leaves whole entries behind.
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn doing(stage: Stage, counts: Counts) -> String {
    if stage != Stage::Reading {
        return format!("{}…", stage.name());
    }
    if counts.found == 0 {
        return "looking for files…".to_owned();
    }
    let (read, found) = (Count(counts.read as u64), Count(counts.found as u64));
    format!("reading {read} of {found} files…")
}

fn files(counts: Counts) -> String {
    let used = counts.read - counts.left;
    let (used, left) = (Count(used as u64), Count(counts.left as u64));
    format!("files: {used} read, {left} left out (`check --show-files` lists them)")
}

/// `reading 1.204 s, linting 0.310 s`: the stages in the order in which they first began.
fn times(stages: &[(Stage, Instant)], end: Instant) -> String {
    let mut sums: Vec<(Stage, Duration)> = Vec::new();
    let ends = stages.iter().skip(1).map(|&(_, began)| began);
    for (&(stage, began), ended) in stages.iter().zip(ends.chain([end])) {
        let took = ended.saturating_duration_since(began);
        match sums.iter_mut().find(|(other, _)| *other == stage) {
            Some((_, sum)) => *sum += took,
            None => sums.push((stage, took)),
        }
    }
    let mut line = "time:".to_owned();
    for (at, (stage, sum)) in sums.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        write!(line, "{comma} {} {:.3} s", stage.name(), sum.as_secs_f64())
            .expect("a string takes all that is written");
    }
    line
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Building => "building",
            Self::Linting => "linting",
            Self::Comparing => "comparing",
            Self::Predicting => "predicting",
            Self::Writing => "writing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Record;

    #[test]
    fn a_run_says_what_it_is_at() {
        let journal = Journal::default();
        assert_eq!(journal.now(), None);
        let limits = journal.reading(Limits::default());
        assert_eq!(journal.now().as_deref(), Some("looking for files…"));
        let progress = limits.progress.expect("it counts");
        progress.found(10_000);
        for _ in 0..1_204 {
            progress.read(&Record::Hostname(String::new()));
        }
        let now = journal.now();
        assert_eq!(now.as_deref(), Some("reading 1,204 of 10,000 files…"));
        progress.read(&Record::Left("a backup"));
        journal.enter(Stage::Linting);
        assert_eq!(journal.now().as_deref(), Some("linting…"));
        journal.note("compared with HEAD".to_owned());
        let lines = journal.lines();
        assert_eq!(lines[0], "compared with HEAD");
        assert!(lines[1].starts_with("files: 1,204 read, 1 left out"));
        assert!(lines[2].starts_with("time: reading 0.") && lines[2].contains(" s, linting 0."));
    }

    #[test]
    fn a_stage_that_comes_twice_is_summed() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let stages = [
            (Stage::Reading, at(0)),
            (Stage::Linting, at(100)),
            (Stage::Reading, at(1_100)),
        ];
        let line = times(&stages, at(1_350));
        assert_eq!(line, "time: reading 0.350 s, linting 1.000 s");
    }
}
