//! Finds the commit that a revision means, and says what to fetch where it is not there.

use super::Repository;

/// The commit that a site is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// As it is shown in front of paths.
    pub name: String,
    /// The commit; none where nothing was committed yet.
    pub commit: Option<String>,
}

/// The commit that a revision means: `A...` is the common ancestor of A and HEAD. Before the first commit there is
/// an empty one. Fails where it is not there.
pub fn find(repository: &Repository, name: &str) -> Result<Revision, String> {
    if name.is_empty() || name.starts_with('-') || name.contains(['\0', '\n']) {
        return Err(format!("`{}` is no revision", name.escape_default()));
    }
    if let Some(other) = name.strip_suffix("...") {
        return merge_base(repository, other);
    }
    if name.contains("..") {
        return Err(format!(
            "`{name}` is a range: name the revision before, and what lies in PATH is after; `A...` is the common ancestor of A and HEAD"
        ));
    }
    let revision = |commit| Revision {
        name: name.to_owned(),
        commit,
    };
    match commit(repository, name) {
        Some(commit) => Ok(revision(Some(commit))),
        None if is_before_the_first(repository, name) => Ok(revision(None)),
        None => Err(missing(repository, name)),
    }
}

fn commit(repository: &Repository, name: &str) -> Option<String> {
    let commit = format!("{name}^{{commit}}");
    repository.line(&["rev-parse", "--verify", "--quiet", &commit])
}

fn merge_base(repository: &Repository, other: &str) -> Result<Revision, String> {
    for name in [other, "HEAD"] {
        if commit(repository, name).is_none() {
            return Err(missing(repository, name));
        }
    }
    let commit = repository.line(&["merge-base", other, "HEAD"]);
    let Some(commit) = commit.filter(|commit| !commit.is_empty()) else {
        return Err(if is_shallow(repository) {
            format!(
                "no common ancestor of {other} and HEAD is here, because the clone is shallow: fetch more of the history, `git fetch --unshallow` or `git fetch --deepen=100` (with actions/checkout `fetch-depth: 0`, with GitLab `GIT_DEPTH: 0`)"
            )
        } else {
            format!("{other} and HEAD have no common ancestor")
        });
    };
    let short = repository.line(&["rev-parse", "--short", &commit]);
    Ok(Revision {
        name: short.unwrap_or_else(|| commit.clone()),
        commit: Some(commit),
    })
}

/// Whether it is HEAD before the first commit, or the parent of the first commit.
fn is_before_the_first(repository: &Repository, name: &str) -> bool {
    let is_head = matches!(name, "HEAD" | "@");
    // A branch that was never committed to is named by HEAD all the same; HEAD of no branch is damaged.
    if is_head {
        return repository
            .line(&["symbolic-ref", "--quiet", "HEAD"])
            .is_some();
    }
    let parents = ["~1", "~", "^1", "^"];
    let Some(child) = parents.iter().find_map(|suffix| name.strip_suffix(suffix)) else {
        return false;
    };
    // In a shallow clone the parents of the last commit that is here look as if there were none.
    let of = |child: &str| repository.line(&["rev-list", "--parents", "-n", "1", child, "--"]);
    let alone = |line: String| line.split(' ').count() == 1;
    !is_shallow(repository)
        && commit(repository, child)
            .and_then(|child| of(&child))
            .is_some_and(alone)
}

fn is_shallow(repository: &Repository) -> bool {
    let answer = repository.line(&["rev-parse", "--is-shallow-repository"]);
    answer.as_deref() == Some("true")
}

fn missing(repository: &Repository, name: &str) -> String {
    if is_shallow(repository) {
        return format!(
            "the revision {name} is not here, because the clone is shallow: fetch it, `git fetch --deepen=1` for a parent, `git fetch --depth=1 origin NAME` for a branch, `git fetch --unshallow` for all (with actions/checkout `fetch-depth: 0`, with GitLab `GIT_DEPTH: 0`)"
        );
    }
    let remote = name.strip_prefix("origin/").unwrap_or(name);
    format!(
        "the revision {name} is not here: it is misspelt, or was not fetched (`git fetch origin {remote}`)"
    )
}
