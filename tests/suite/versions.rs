//! One version, wherever it is written.

use std::fs;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What stands between two texts, each time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    let rests = text.split(before).skip(1);
    rests
        .map(|rest| rest.split(after).next().expect("there is a first part"))
        .collect()
}

fn read(file: &str) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[test]
fn manifests_and_examples_name_this_version() {
    let cases = [
        ("pyproject.toml", "\nversion = \"", "\"", 1),
        ("pyproject.toml", "dependencies = [\"ovnlint==", "\"", 1),
        ("README.md", "rev: v", "\n", 1),
        ("README.md", "pip install ovnlint==", "\n", 1),
    ];
    for (file, before, after, count) in cases {
        let text = read(file).replace("\r\n", "\n");
        let found = between(&text, before, after);
        let found: Vec<&str> = found.iter().map(|version| version.trim()).collect();
        assert_eq!(found, vec![VERSION; count], "{file}: {before}");
    }
    // The wheel takes it from Cargo.toml.
    let wheel = read(".github/wheel/pyproject.toml");
    assert!(wheel.contains("dynamic = [\"version\"") && !wheel.contains("\nversion ="));
}

/// What builds the wheel is the same wherever it is installed.
#[test]
fn one_maturin_builds_the_wheels() {
    let wheel = read(".github/wheel/pyproject.toml");
    let maturin = between(&wheel, "maturin==", "\"");
    for file in [".ci/run", ".github/workflows/release.yml"] {
        let text = read(file);
        let named = between(&text, "maturin==", "\n");
        assert_eq!(named, maturin, "{file}");
    }
}
