//! A site as a git revision has it, read from the objects: nothing is fetched, cloned or checked out.

pub mod listing;
pub mod objects;
pub mod revision;
pub mod standing;
pub mod tracked;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What git sets for the programs that it starts, hooks among them: it names the repository in which git runs, which
/// need not be that of a path. `git rev-parse --local-env-vars` lists them; those that carry settings are kept.
const LOCAL: [&str; 11] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// What git is told for whatever it is asked. A git that is too old for one of them passes over it, and what that one
/// forbids is forbidden by another as well: a fetch of what is missing, by the protocols.
const SAFE: [(&str, &str); 8] = [
    ("LC_ALL", "C"),
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_LITERAL_PATHSPECS", "1"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_PAGER", "cat"),
    ("GIT_TERMINAL_PROMPT", "0"),
];

/// Settings that go before those of the repository: none of its own makes git run a program, and files that look like
/// a repository are none.
const SETTINGS: [&str; 6] = [
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.quotePath=off",
    "core.useReplaceRefs=false",
];

/// A repository with a working tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// The directory at the top of the working tree, without links.
    pub top: PathBuf,
    /// Where git is asked: the directory that has the `.git`.
    at: PathBuf,
    found: Found,
}

/// How a repository is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// By a `.git`, which no commit can bring.
    ByDirectory,
    /// The environment names it, and there is no such directory.
    ByEnvironment,
}

impl Repository {
    /// The repository whose `.git` lies in a directory without links. Fails where git finds none there.
    pub fn at(directory: &Path) -> Result<Self, String> {
        Self::found(directory, Found::ByDirectory)
    }

    fn found(directory: &Path, found: Found) -> Result<Self, String> {
        let repository = Self {
            top: directory.to_owned(),
            at: directory.to_owned(),
            found,
        };
        let output = repository.answer(&["rev-parse", "--show-toplevel"])?;
        let line = output.strip_suffix(b"\n").unwrap_or(&output);
        let top = std::fs::canonicalize(native(line)).map_err(|error| error.to_string())?;
        Ok(Self { top, ..repository })
    }

    /// A git that reads this repository, runs no other program and reaches no network.
    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("--no-pager");
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.arg("-C").arg(&self.at).args(arguments);
        if self.found == Found::ByDirectory {
            for name in LOCAL {
                command.env_remove(name);
            }
            // It lies there or nowhere.
            if let Some(above) = self.at.parent() {
                command.env("GIT_CEILING_DIRECTORIES", above);
            }
        }
        command.env_remove("GIT_EXTERNAL_DIFF").envs(SAFE);
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
fn inside(top: &Path, path: &Path) -> Option<std::ffi::OsString> {
    let inside = path.strip_prefix(top).ok()?;
    let names: Vec<&OsStr> = inside.iter().collect();
    Some(names.join(OsStr::new("/")))
}
