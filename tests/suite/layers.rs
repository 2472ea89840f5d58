//! Data flows one way: a module uses only what lies to its left, and a lint only the model and what it says.

use std::fs;
use std::path::{Path, PathBuf};

/// Left to right; `finding` stands beside `source` and is known to all.
const LAYERS: [&str; 10] = [
    "source", "finding", "read", "site", "change", "lints", "settings", "fix", "report", "show",
];

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("the directory is part of the project");
    entries
        .flat_map(|entry| {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                rust_files(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// The module that a file belongs to: `site` for `src/site/ovs.rs`.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix("src").expect("it lies below src");
    let first = inside
        .components()
        .next()
        .expect("it has a name")
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules of this crate that a file names.
fn used(text: &str) -> Vec<String> {
    let names = text.match_indices("crate::").map(|(at, found)| {
        let rest = &text[at + found.len()..];
        rest[..rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len())]
            .to_owned()
    });
    names.filter(|name| !name.is_empty()).collect()
}

#[test]
fn modules_use_only_what_lies_to_their_left() {
    let rank = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let mut looked_at = 0;
    for path in rust_files(Path::new("src")) {
        let own = module(&path);
        let Some(own_rank) = rank(&own) else {
            continue;
        };
        for name in used(&fs::read_to_string(&path).expect("it can be read")) {
            looked_at += 1;
            let allowed = match own.as_str() {
                // Edits are applied to texts, whatever they say.
                "fix" => ["source", "finding", "fix"].contains(&name.as_str()),
                // The report renders findings, and tells which have edits; it knows neither the model nor the lints.
                "report" => ["source", "finding", "fix", "report"].contains(&name.as_str()),
                // The picture is of the model, not of what lints say of it; it is made harmless as a report is.
                "show" => ["source", "finding", "site", "report", "show"].contains(&name.as_str()),
                _ => rank(&name).is_some_and(|used| used <= own_rank),
            };
            assert!(allowed, "{} uses crate::{name}", path.display());
        }
    }
    assert!(looked_at > 100, "the `use` lines were not found");
}

#[test]
fn a_lint_uses_the_model_and_what_it_says() {
    for path in rust_files(Path::new("src/lints")) {
        for name in used(&fs::read_to_string(&path).expect("it can be read")) {
            // A value of the model carries its place, so `source` comes with `site`; a change is made of sites.
            assert!(
                ["site", "change", "finding", "source"].contains(&name.as_str()),
                "{} uses crate::{name}",
                path.display()
            );
        }
    }
}

#[test]
fn every_file_opens_with_one_sentence() {
    for path in rust_files(Path::new("src"))
        .into_iter()
        .chain(rust_files(Path::new("tests")))
    {
        let text = fs::read_to_string(&path).expect("it can be read");
        assert!(
            text.starts_with("//! "),
            "{} does not say what it is for",
            path.display()
        );
    }
}
