//! Every lint is what its folder says: it fires on its bad site, all lints are silent on every good one, and its
//! page shows the real finding.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use ovnlint::cli::catalogue::levels;
use ovnlint::cli::linted::Linted;
use ovnlint::lints::{LINTS, Lint, Overrides};

use crate::support::{compare, fired, lint_with, text};

fn overrides(lint: &Lint) -> Overrides {
    let path = format!("lints/{}/bad.toml", lint.name);
    let Ok(text) = fs::read_to_string(&path) else {
        return Overrides::new();
    };
    let mut table: toml::Table = toml::from_str(&text).expect("bad.toml is TOML");
    let parameters = table
        .remove("parameters")
        .expect("bad.toml sets parameters");
    let parameters = parameters.try_into().expect("parameters are a table");
    Overrides::from([(lint.name.to_owned(), parameters)])
}

fn example(lint: &Lint, kind: &str) -> Linted {
    let directory = format!("lints/{}/{kind}", lint.name);
    assert!(Path::new(&directory).is_dir(), "{directory} is missing");
    lint_with(&directory, &overrides(lint))
}

fn names(directory: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(directory).expect("the directory is part of the project");
    let names = entries.map(|entry| {
        entry
            .expect("it can be read")
            .file_name()
            .into_string()
            .expect("names are plain")
    });
    names
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .collect()
}

#[test]
fn every_lint_has_its_folder_its_file_and_its_line() {
    let listed: BTreeSet<String> = LINTS.iter().map(|lint| lint.name.to_owned()).collect();
    assert_eq!(listed.len(), LINTS.len(), "a lint is listed twice");
    for (directory, what) in [("lints", "folder"), ("src/lints", "file")] {
        for name in names(directory) {
            assert!(
                listed.contains(&name),
                "{what} {directory}/{name} has no line in src/lints.rs; add\n    lint!({name}),"
            );
        }
    }
}

#[test]
fn every_lint_fires_on_its_bad_site_and_only_there() {
    for lint in LINTS {
        let bad = fired(&example(lint, "bad"));
        assert!(
            bad.contains_key(lint.name),
            "{} does not fire on its bad/",
            lint.name
        );
        let mut expected: BTreeSet<&str> = lint.about().also.iter().map(String::as_str).collect();
        expected.insert(lint.name);
        assert_eq!(
            bad.into_keys().collect::<BTreeSet<_>>(),
            expected,
            "on lints/{}/bad",
            lint.name
        );
    }
}

#[test]
fn every_lint_is_silent_on_every_good_site() {
    for lint in LINTS {
        let good = example(lint, "good");
        assert!(
            fired(&good).is_empty(),
            "on lints/{}/good:\n{}",
            lint.name,
            text(&good)
        );
        assert_eq!(
            good.code(ovnlint::finding::Level::Note),
            0,
            "nothing was checked on lints/{}/good",
            lint.name
        );
    }
}

#[test]
fn findings_have_a_level_that_their_lint_declares() {
    for linted in LINTS.iter().map(|lint| example(lint, "bad")) {
        for said in &linted.said {
            for finding in &said.found {
                assert!(
                    said.lint.about().levels.contains(&finding.level),
                    "{}: {finding:?}",
                    said.lint.name
                );
            }
        }
    }
}

/// What to do, in general, is pasted as it stands: it must not hold the names of another site, nor set a key to a
/// placeholder.
#[test]
fn advice_names_no_bridge_interface_or_address() {
    let foreign = [
        "br-",
        "physnet1",
        "enp",
        "eth0",
        "192.0.2.",
        "10.0.0.",
        "set open . external_ids:",
    ];
    for lint in LINTS {
        let fix = &lint.about().fix;
        let found = foreign.iter().find(|name| fix.contains(**name));
        assert_eq!(found, None, "{}: {fix}", lint.name);
    }
}

#[test]
fn messages_follow_the_house_style() {
    for lint in LINTS {
        let about = lint.about();
        assert!(
            !about.see.is_empty() && !about.unless.is_empty(),
            "{} has no source or no guard",
            lint.name
        );
        assert!(
            about.levels.is_sorted_by(|a, b| a > b),
            "{}: levels are listed highest first",
            lint.name
        );
        for finding in example(lint, "bad")
            .said
            .iter()
            .flat_map(|said| &said.found)
        {
            assert!(
                !finding.message.ends_with('.') && !finding.message.contains('\n'),
                "{}",
                finding.message
            );
            assert!(!finding.labels.is_empty(), "{} shows no place", lint.name);
        }
    }
}

#[test]
fn pages_show_what_the_program_says() {
    for lint in LINTS {
        let bad = example(lint, "bad");
        compare(
            &format!("lints/{}/README.md", lint.name),
            &page(lint, &text(&bad)),
        );
    }
}

fn page(lint: &'static Lint, report: &str) -> String {
    let about = lint.about();
    let mut page = format!(
        "# {}\n\n{} · since {}\n\n{}.\n\n{}\n",
        lint.name,
        levels(lint),
        about.since,
        about.summary,
        about.why.trim()
    );
    page += "\n## Example\n\n`ovnlint check` says of [`bad`](bad):\n\n```text\n";
    page += report.trim_end();
    page += "\n```\n\n[`good`](good) is the same site put right.\n\n## How to put it right\n\n";
    page += about.fix.trim();
    page += "\n\n## When it is silent, or lower\n\n";
    let item = |page: &mut String, text: &str| {
        writeln!(page, "* {text}").expect("a string takes all that is written");
    };
    about.unless.iter().for_each(|guard| item(&mut page, guard));
    if !about.parameters.is_empty() {
        page += "\n## Parameters\n\n";
    }
    for (name, parameter) in &about.parameters {
        item(
            &mut page,
            &format!("`{name} = {}`: {}", parameter.default, parameter.meaning),
        );
    }
    page += "\n## Sources\n\n";
    about.see.iter().for_each(|source| item(&mut page, source));
    page
}
