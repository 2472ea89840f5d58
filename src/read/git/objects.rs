//! Reads the contents of objects through `git cat-file --batch`, one for each repository.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::Repository;

/// So many git may live at once: a site may have files of many submodules.
const BATCHES: usize = 4;

/// One object of a repository.
#[derive(Clone, Debug)]
pub struct Object {
    /// What reads it.
    pub objects: Arc<Objects>,
    /// Which of the repositories has it.
    pub repository: usize,
    /// Its name, in hexadecimal.
    pub id: String,
}

/// The objects of a repository and of its submodules.
#[derive(Default)]
pub struct Objects {
    state: Mutex<Batches>,
}

#[derive(Default)]
struct Batches {
    repositories: Vec<Repository>,
    /// Those that live, by the number of the repository; the one that was asked last is the last.
    living: Vec<(usize, Batch)>,
    /// The first object that was asked for and is not there.
    missing: Option<String>,
}

struct Batch {
    child: Child,
    /// None once it was closed.
    ask: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Object {
    /// Hands its size and its content to `with`, which may leave some of it. Fails where it is not there.
    pub fn read<T>(&self, with: impl FnOnce(u64, &mut dyn Read) -> T) -> io::Result<T> {
        let mut batches = self.objects.lock();
        if batches.missing.is_some() {
            return Err(io::Error::other("another object is missing"));
        }
        let batch = batches.of(self.repository)?;
        let Some(size) = batch.size(&self.id) else {
            // Whatever comes behind an answer that is none cannot be told apart: nothing more is asked.
            batches.missing = Some(self.id.clone());
            let kind = io::ErrorKind::NotFound;
            return Err(io::Error::new(kind, "the object is missing"));
        };
        let mut content = batch.answers.by_ref().take(size);
        let answer = with(size, &mut content);
        io::copy(&mut content, &mut io::sink())?;
        // A line end stands behind every content.
        batch.answers.read_exact(&mut [0])?;
        Ok(answer)
    }
}

impl Objects {
    /// Adds a repository, and gives its number.
    pub fn add(&self, repository: &Repository) -> usize {
        let repositories = &mut self.lock().repositories;
        repositories.push(repository.clone());
        repositories.len() - 1
    }

    /// The first object that was asked for and is not there: the clone is partial, or damaged.
    pub fn missing(&self) -> Option<String> {
        self.lock().missing.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Batches> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Batches {
    /// The git that reads a repository; started where none lives.
    fn of(&mut self, number: usize) -> io::Result<&mut Batch> {
        let living = self.living.iter().position(|(of, _)| *of == number);
        let batch = if let Some(at) = living {
            self.living.remove(at).1
        } else {
            let repository = self.repositories.get(number);
            let repository = repository.ok_or(io::ErrorKind::NotFound)?;
            if self.living.len() == BATCHES {
                drop(self.living.remove(0));
            }
            Batch::of(repository)?
        };
        self.living.push((number, batch));
        let (_, batch) = self.living.last_mut().expect("it was pushed");
        Ok(batch)
    }
}

impl Batch {
    fn of(repository: &Repository) -> io::Result<Self> {
        let mut command = repository.git(&["cat-file", "--batch"]);
        let command = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn()?;
        let ask = child.stdin.take();
        let answers = child.stdout.take().expect("it was piped");
        Ok(Self {
            child,
            ask,
            answers: BufReader::new(answers),
        })
    }

    /// Asks for a blob, and reads the answer up to its content; none where it is not there.
    fn size(&mut self, id: &str) -> Option<u64> {
        let ask = self.ask.as_mut().expect("it is open as long as it lives");
        let mut header = Vec::new();
        ask.write_all(format!("{id}\n").as_bytes()).ok()?;
        ask.flush().ok()?;
        self.answers.read_until(b'\n', &mut header).ok()?;
        let header = String::from_utf8_lossy(&header);
        let mut words = header.split_ascii_whitespace().skip(1);
        match (words.next(), words.next()) {
            (Some("blob"), Some(size)) => size.parse().ok(),
            _ => None,
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        drop(self.ask.take());
        let _ = self.child.wait();
    }
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Objects")
    }
}
