//! Reads the site before a change: as a git revision has it, or from another path. Its files share their paths with
//! those of the site after it, so that what is said of both is the same, and carry labels that tell them apart.

use std::fs;
use std::path::Path;

use crate::source::Sources;

use super::archive::Archive;
use super::git::standing::Named;
use super::git::{listing, revision};
use super::walk::{self, Entry};
use super::{Inputs, Limits, names};

/// Reads what `name` has in place of the paths, each given as it is opened and as it is shown, beside the sources of
/// the site after. A revision goes before a path of the same name, unless that is written with `./` or `/`.
/// Fails where there is neither, and where a part of it is not here.
pub fn inputs(
    name: &str,
    paths: &[(&Path, String)],
    limits: Limits,
    sources: Sources,
) -> Result<Inputs, String> {
    let path = Path::new(name);
    if is_written_as_path(name) {
        return Ok(super::read(of_path(path, paths, limits)?, limits, sources));
    }
    let found = match find(name, paths) {
        Ok(found) => found,
        Err(_) if path.exists() => {
            return Ok(super::read(of_path(path, paths, limits)?, limits, sources));
        }
        Err(error) => return Err(error),
    };
    of_revision(&found, paths, limits, sources)
}

/// What is meant as a path without looking.
fn is_written_as_path(name: &str) -> bool {
    let starts = ["/", "./", "../"]
        .iter()
        .any(|start| name.starts_with(start));
    starts || matches!(name, "." | "..") || Path::new(name).is_absolute()
}

/// A revision, and the paths in the repository that has it.
struct Found {
    revision: revision::Revision,
    paths: Vec<Named>,
}

fn find(name: &str, paths: &[(&Path, String)]) -> Result<Found, String> {
    let named = paths.iter().map(|(path, _)| Named::of(path));
    let named = named.collect::<Result<Vec<_>, _>>()?;
    let first = named.first().ok_or("there is no PATH to compare")?;
    let mut others = named.iter().zip(paths);
    if let Some((_, (_, shown))) = others.find(|(named, _)| named.repository != first.repository) {
        return Err(format!(
            "{shown} lies in another repository than the first PATH"
        ));
    }
    let revision = revision::find(&first.repository, name)?;
    Ok(Found {
        revision,
        paths: named,
    })
}

fn of_revision(
    found: &Found,
    paths: &[(&Path, String)],
    limits: Limits,
    sources: Sources,
) -> Result<Inputs, String> {
    let Some(commit) = &found.revision.commit else {
        return Ok(Inputs {
            revision: Some(found.revision.clone()),
            ..super::read(Vec::new(), limits, sources)
        });
    };
    let mut entries = Vec::new();
    let mut listings = Vec::new();
    for (named, (path, shown)) in found.paths.iter().zip(paths) {
        let revision = (commit.as_str(), found.revision.name.as_str());
        let below = walk::below(limits.leave, path).map_err(|error| format!("{shown}: {error}"))?;
        let mut listing = listing::list(named, revision, shown, below.committed())?;
        entries.append(&mut listing.entries);
        listings.push(listing);
    }
    let inputs = super::read(entries, limits, sources);
    for listing in &listings {
        listing.whole()?;
    }
    Ok(Inputs {
        revision: Some(found.revision.clone()),
        ..inputs
    })
}

fn of_path(path: &Path, paths: &[(&Path, String)], limits: Limits) -> Result<Vec<Entry>, String> {
    let name = names::shown(path);
    let name = if name.is_empty() { "." } else { name.as_str() };
    let [(after, shown)] = paths else {
        return Err(format!("{name} can be compared with one PATH only"));
    };
    let metadata = fs::metadata(path).map_err(|error| format!("{name}: {error}"))?;
    if metadata.is_file() {
        match (Archive::open(path, name)?, after.is_dir()) {
            (Some(mut archive), true) => return archive.entries(after, shown, limits),
            (Some(_), false) => {
                return Err(format!(
                    "{name} is an archive and {shown} a file: an archive stands for a directory"
                ));
            }
            (None, true) => {
                return Err(format!(
                    "{name} is a file, but no tar archive, and {shown} a directory: compare like with like"
                ));
            }
            (None, false) => {}
        }
    }
    let mut entries = walk::walk_as((path, name), (after, shown), limits.leave)?;
    for entry in &mut entries {
        let inside = entry.components.iter().skip(entry.below);
        let inside: Vec<&str> = inside.map(String::as_str).collect();
        entry.label = Some(if metadata.is_file() {
            name.to_owned()
        } else {
            format!("{name}/{}", inside.join("/"))
        });
    }
    Ok(entries)
}
