//! How far reading is: counted by those who read, looked at from another thread.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::Record;

/// Counts of files. Each stands for itself, so none waits for another.
#[derive(Debug, Default)]
pub struct Progress {
    found: AtomicUsize,
    read: AtomicUsize,
    left: AtomicUsize,
}

/// The counts at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// So many files are to be read.
    pub found: usize,
    /// So many of them were looked at.
    pub read: usize,
    /// So many of these were left out.
    pub left: usize,
}

impl Progress {
    /// More files are to be read.
    pub fn found(&self, files: usize) {
        self.found.fetch_add(files, Relaxed);
    }

    /// A file was read, or left out.
    pub fn read(&self, record: &Record) {
        if matches!(record, Record::Left(_)) {
            self.left.fetch_add(1, Relaxed);
        }
        self.read.fetch_add(1, Relaxed);
    }

    /// The counts now.
    pub fn counts(&self) -> Counts {
        Counts {
            found: self.found.load(Relaxed),
            read: self.read.load(Relaxed),
            left: self.left.load(Relaxed),
        }
    }
}
