//! Every lint is what its folder says: it fires on its bad site, all lints are silent on every good one, and its
//! page shows the real finding.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use ovnlint::change::Outcome;
use ovnlint::change::between::between;
use ovnlint::cli::against::{Against, Which};
use ovnlint::cli::catalogue::levels;
use ovnlint::cli::linted::{Coverage, Linted};
use ovnlint::cli::plan::planned::Planned;
use ovnlint::finding::Level;
use ovnlint::lints::{self, Check, LINTS, Lint, Tuning};
use ovnlint::report::{Reported, Status};

use crate::support::{against, compare, lint, lint_with, plain, plan};

/// What is said of a lint's site; for a lint of changes, of the script in it, or of the site before that lies beside.
enum Example {
    Site(Linted),
    Against(Box<Against>),
    Change(Box<Planned>),
}

impl Example {
    /// Every finding of every lint; of a change, also what is there before and what is resolved.
    fn findings(&self) -> Vec<Reported> {
        match self {
            Self::Site(linted) => linted.report(Coverage::Hidden).findings,
            Self::Against(against) => against.report(Coverage::Hidden, Which::All).findings,
            Self::Change(planned) => planned.findings.clone(),
        }
    }

    /// The lints that have something to say; of a change, of what it brings.
    fn fired(&self) -> BTreeSet<&'static str> {
        let brought = match self {
            Self::Site(_) => Status::Present,
            Self::Against(_) | Self::Change(_) => Status::Introduced,
        };
        let findings = self.findings().into_iter();
        let own = findings.filter(|reported| reported.status == brought);
        own.map(|reported| reported.lint).collect()
    }

    /// Whether there was something to look at.
    fn looked(&self) -> bool {
        match self {
            Self::Site(linted) => linted.code(Level::Note) != 3,
            Self::Against(against) => against.linted.looked(),
            Self::Change(planned) => planned
                .change
                .steps
                .iter()
                .any(|step| step.outcome == Outcome::Done && !step.changes.is_empty()),
        }
    }

    /// The report as the command line gives it.
    fn text(mut self) -> String {
        match &mut self {
            Self::Site(linted) => plain(&linted.report(Coverage::Hidden)),
            Self::Against(against) => plain(&against.report(Coverage::Hidden, Which::Changed)),
            Self::Change(planned) => {
                let shown = |reported: &Reported| reported.status != Status::Present;
                planned.findings.retain(shown);
                plain(&planned.report(Vec::new()))
            }
        }
    }
}

fn tuning(lint: &Lint) -> Tuning {
    let path = format!("lints/{}/bad.toml", lint.name);
    let Ok(text) = fs::read_to_string(&path) else {
        return Tuning::default();
    };
    let mut table: toml::Table = toml::from_str(&text).expect("bad.toml is TOML");
    let parameters = table
        .remove("parameters")
        .expect("bad.toml sets parameters");
    let parameters = parameters.try_into().expect("parameters are a table");
    Tuning {
        parameters: [(lint.name.to_owned(), parameters)].into(),
        ..Tuning::default()
    }
}

fn example(lint: &Lint, kind: &str) -> Example {
    let directory = format!("lints/{}/{kind}", lint.name);
    assert!(Path::new(&directory).is_dir(), "{directory} is missing");
    match lint.check {
        Check::State(_) | Check::Allows(_) => Example::Site(lint_with(&directory, &tuning(lint))),
        Check::Change(_) if compares(lint) => {
            let before = format!("lints/{}/before", lint.name);
            Example::Against(Box::new(against(&before, &directory, &tuning(lint))))
        }
        Check::Change(_) => Example::Change(Box::new(plan(&directory, &tuning(lint)))),
    }
}

/// Whether its example is two trees, not a script.
fn compares(lint: &Lint) -> bool {
    Path::new(&format!("lints/{}/before", lint.name)).is_dir()
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
        let bad = example(lint, "bad").fired();
        assert!(
            bad.contains(lint.name),
            "{} does not fire on its bad/",
            lint.name
        );
        let mut expected: BTreeSet<&str> = lint.about().also.iter().map(String::as_str).collect();
        expected.insert(lint.name);
        assert_eq!(bad, expected, "on lints/{}/bad", lint.name);
    }
}

#[test]
fn every_lint_is_silent_on_every_good_site() {
    for lint in LINTS {
        let good = example(lint, "good");
        let found: Vec<_> = good
            .findings()
            .into_iter()
            .map(|reported| (reported.lint, reported.status, reported.finding.message))
            .collect();
        assert_eq!(found, [], "on lints/{}/good", lint.name);
        assert!(
            good.looked(),
            "nothing was checked on lints/{}/good",
            lint.name
        );
    }
}

/// Where nothing is done, there is nothing to say of it.
#[test]
fn lints_of_changes_are_silent_without_a_change() {
    let examples = LINTS.iter().flat_map(|lint| {
        let of = |kind: &str| format!("lints/{}/{kind}", lint.name);
        [of("bad"), of("good")]
    });
    let incidents = names("testdata/incidents").into_iter();
    let incidents = incidents.map(|name| format!("testdata/incidents/{name}"));
    for directory in examples.chain(incidents) {
        for site in lint(&directory).sites {
            let change = between(site.clone(), site);
            assert!(change.steps.is_empty(), "{directory}: {:?}", change.steps);
            for said in lints::run_over(&change, &Tuning::default()) {
                assert!(said.found.is_empty(), "{} on {directory}", said.lint.name);
            }
        }
    }
}

#[test]
fn findings_have_a_level_that_their_lint_declares() {
    for lint in LINTS {
        for reported in example(lint, "bad").findings() {
            let about = lints::find(reported.lint).expect("it spoke").about();
            assert!(
                about.levels.contains(&reported.finding.level),
                "{}: {:?}",
                reported.lint,
                reported.finding
            );
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
        for reported in example(lint, "bad").findings() {
            let finding = reported.finding;
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
            &page(lint, &bad.text()),
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
    let (said_by, good) = match lint.check {
        Check::State(_) | Check::Allows(_) => (
            "`ovnlint check` says of [`bad`](bad)",
            "[`good`](good) is the same site put right.",
        ),
        Check::Change(_) if compares(lint) => (
            "`ovnlint check --against before bad` says of [`bad`](bad), with [`before`](before) as the site before",
            "[`good`](good) is another change of the same site, without it.",
        ),
        Check::Change(_) => (
            "`ovnlint plan --script change.sh` says of [`change.sh`](bad/change.sh) for the site in [`bad`](bad)",
            "[`change.sh`](good/change.sh) in [`good`](good) gets there without it.",
        ),
    };
    write!(page, "\n## Example\n\n{said_by}:\n\n```text\n").expect("a string takes all");
    page += report.trim_end();
    write!(page, "\n```\n\n{good}\n\n## How to put it right\n\n").expect("a string takes all");
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
