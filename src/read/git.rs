//! A site as a git revision has it, read from the objects: nothing is fetched, cloned or checked out.

pub mod listing;
pub mod objects;
pub mod revision;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What git sets for the programs that it starts, hooks among them: it names the repository in which git runs, which
/// need not be that of a path. `git rev-parse --local-env-vars` lists them; those that carry settings are kept.
const LOCAL: [&str; 12] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// A repository with a working tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// The directory at the top of the working tree, without links.
    pub top: PathBuf,
    found: Found,
}

/// How a repository is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// A directory lies in it.
    ByDirectory,
    /// The environment names it, and the directory lies in no other.
    ByEnvironment,
}

impl Repository {
    /// The repository that a path without links lies in. Fails where there is none.
    pub fn of(path: &Path) -> Result<Self, String> {
        let directory = if path.is_dir() {
            path
        } else {
            path.parent().unwrap_or(path)
        };
        let top = |found| {
            let at = Self {
                top: directory.to_owned(),
                found,
            };
            let output = at.answer(&["rev-parse", "--show-toplevel"])?;
            let line = output.strip_suffix(b"\n").unwrap_or(&output);
            let top = std::fs::canonicalize(native(line)).map_err(|error| error.to_string())?;
            Ok(Self { top, found })
        };
        let by_directory = top(Found::ByDirectory);
        // A working tree apart from its repository is found by what the user says alone.
        if by_directory.is_err() && std::env::var_os("GIT_DIR").is_some() {
            return top(Found::ByEnvironment).or(by_directory);
        }
        by_directory
    }

    /// A git that reads this repository, and reaches no network where objects are missing.
    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .args(["--no-pager", "--no-optional-locks"])
            .args(["-c", "core.quotepath=off", "-C"])
            .arg(&self.top)
            .args(arguments)
            .env("LC_ALL", "C")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0");
        if self.found == Found::ByDirectory {
            for name in LOCAL {
                command.env_remove(name);
            }
        }
        command
    }

    /// What git prints. Fails with what it complains of.
    fn answer(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        output(&mut self.git(arguments))
    }

    /// The one line that git prints; none where it fails.
    fn line(&self, arguments: &[&str]) -> Option<String> {
        let output = self.answer(arguments).ok()?;
        Some(String::from_utf8_lossy(&output).trim().to_owned())
    }
}

/// What a git prints. Fails with what it complains of.
fn output(command: &mut Command) -> Result<Vec<u8>, String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| cannot_run(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(match complaint.trim().lines().next() {
        Some(first) => format!("git: {}", first.trim_start_matches("fatal: ")),
        None => format!("git failed: {}", output.status),
    })
}

fn cannot_run(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => {
            "git is not in PATH, and without it no revision can be read".to_owned()
        }
        _ => format!("git cannot be run: {error}"),
    }
}

/// A path as git writes it.
#[cfg(unix)]
fn native(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// A path as git writes it.
#[cfg(not(unix))]
fn native(bytes: &[u8]) -> PathBuf {
    let text = String::from_utf8_lossy(bytes);
    text.split('/')
        .collect::<Vec<_>>()
        .join(std::path::MAIN_SEPARATOR_STR)
        .into()
}

/// A path below the top as git takes it: with `/`.
fn below(top: &Path, path: &Path) -> Option<std::ffi::OsString> {
    let inside = path.strip_prefix(top).ok()?;
    let names: Vec<&OsStr> = inside.iter().collect();
    Some(names.join(OsStr::new("/")))
}
