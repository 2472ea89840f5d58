//! Reads the contents of objects through one `git cat-file --batch`.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::Repository;

/// One object of a repository.
#[derive(Clone, Debug)]
pub struct Object {
    /// What reads it.
    pub objects: Arc<Objects>,
    /// Its name, in hexadecimal.
    pub id: String,
}

/// The objects of one repository.
pub struct Objects {
    batch: Mutex<Batch>,
}

struct Batch {
    child: Child,
    /// None once it was closed.
    ask: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// The first object that was asked for and is not there.
    missing: Option<String>,
}

impl Object {
    /// Hands its size and its content to `with`, which may leave some of it. Fails where it is not there.
    pub fn read<T>(&self, with: impl FnOnce(u64, &mut dyn Read) -> T) -> io::Result<T> {
        let mut batch = self.objects.lock();
        let size = batch.size(&self.id)?;
        let mut content = batch.answers.by_ref().take(size);
        let answer = with(size, &mut content);
        io::copy(&mut content, &mut io::sink())?;
        // A line end stands behind every content.
        batch.answers.read_exact(&mut [0])?;
        Ok(answer)
    }
}

impl Objects {
    /// Starts git for a repository.
    pub fn of(repository: &Repository) -> Result<Self, String> {
        let mut command = repository.git(&["cat-file", "--batch"]);
        let command = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| super::cannot_run(&error))?;
        let ask = child.stdin.take();
        let answers = child.stdout.take().expect("it was piped");
        Ok(Self {
            batch: Mutex::new(Batch {
                child,
                ask,
                answers: BufReader::new(answers),
                missing: None,
            }),
        })
    }

    /// The first object that was asked for and is not there: the clone is partial, or damaged.
    pub fn missing(&self) -> Option<String> {
        self.lock().missing.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Batch> {
        self.batch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Batch {
    /// Asks for a blob, and reads the answer up to its content.
    fn size(&mut self, id: &str) -> io::Result<u64> {
        if self.missing.is_some() {
            return Err(io::Error::other("another object is missing"));
        }
        let ask = self.ask.as_mut().expect("it is open as long as it lives");
        let mut header = Vec::new();
        let asked = ask.write_all(format!("{id}\n").as_bytes());
        let answered = asked
            .and_then(|()| ask.flush())
            .and_then(|()| self.answers.read_until(b'\n', &mut header));
        let header = String::from_utf8_lossy(&header);
        let mut words = header.split_ascii_whitespace().skip(1);
        let size = match (answered, words.next(), words.next()) {
            (Ok(_), Some("blob"), Some(size)) => size.parse().ok(),
            _ => None,
        };
        // Whatever comes behind an answer that is none cannot be told apart: nothing more is asked.
        size.ok_or_else(|| {
            self.missing = Some(id.to_owned());
            io::Error::new(io::ErrorKind::NotFound, "the object is missing")
        })
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
