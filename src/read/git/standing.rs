//! Which repository a path is compared in: that of the working tree in which the user stands.

use std::ffi::OsString;
use std::path::Path;
use std::{env, fs};

use super::{Found, Repository};
use crate::read::links;

/// A path of the command line, as it lies in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The repository.
    pub repository: Repository,
    /// The names from the top of its working tree to the path, as the user wrote them: a change may make a link of any.
    pub names: Vec<OsString>,
}

impl Named {
    /// The repository to ask about a path that can be read. That is the one in whose working tree the program runs, if the path
    /// is named below its top, whatever lies there: a change of the tree may bring files that look like a repository, a
    /// submodule, or a link to another one. Else it is the one that has the path, found by a `.git`, which no commit
    /// can bring; then the one that the environment names. Fails where there is none.
    pub fn of(path: &Path) -> Result<Self, String> {
        let standing = env::current_dir().and_then(fs::canonicalize);
        let standing = standing.map_err(|error| format!("the working directory: {error}"))?;
        let named = standing.join(path);
        if let Some(top) = top(&standing)
            && let Some(names) = below(top, &named)
        {
            return Self::at(top, Found::ByDirectory, names);
        }
        let real =
            fs::canonicalize(&named).map_err(|error| format!("{}: {error}", path.display()))?;
        let directory = if real.is_dir() {
            &real
        } else {
            real.parent().unwrap_or(&real)
        };
        if let Some(top) = top(directory) {
            let names = below(top, &real).unwrap_or_default();
            return Self::at(top, Found::ByDirectory, names);
        }
        // A working tree apart from its repository is found by what the user says alone.
        if env::var_os("GIT_DIR").is_some() {
            let mut named = Self::at(directory, Found::ByEnvironment, Vec::new())?;
            named.names = below(&named.repository.top, &real)
                .ok_or_else(|| format!("{} lies outside of the working tree", path.display()))?;
            return Ok(named);
        }
        Err(format!(
            "not a git repository: {} and the directories above have no .git",
            path.display()
        ))
    }

    fn at(directory: &Path, found: Found, names: Vec<OsString>) -> Result<Self, String> {
        let repository = Repository::found(directory, found)?;
        Ok(Self { repository, names })
    }
}

/// The directory at or above one without links that has a `.git`.
pub fn top(directory: &Path) -> Option<&Path> {
    directory.ancestors().find(|above| {
        let git = above.join(".git");
        // A file names the directory of a further working tree or of a submodule.
        git.is_file() || git.join("HEAD").symlink_metadata().is_ok()
    })
}

/// The names from the top of a tree to a path that may go over links, where the path goes into the tree at all.
fn below(top: &Path, named: &Path) -> Option<Vec<OsString>> {
    let mut ancestors: Vec<&Path> = named.ancestors().collect();
    ancestors.reverse();
    let mut entered = ancestors.into_iter().filter_map(|above| {
        let real = fs::canonicalize(above).ok()?;
        Some((real.strip_prefix(top).ok()?.to_owned(), above))
    });
    let (inside, above) = entered.next()?;
    let rest = named.strip_prefix(above).ok()?;
    let (mut names, rest) = (links::names(&inside)?, links::names(rest)?);
    names.extend(rest);
    Some(names)
}
