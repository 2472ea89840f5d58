//! What holds for every format, and what each is made of.

use serde_json::Value;

use crate::finding::{Command, Finding, Level};
use crate::report::plan::Plan;
use crate::report::tests::cases::{
    at, bare_places, captured, hostile, in_log, long_lines, ranges, report, reported,
};
use crate::report::tests::{expect, plain};
use crate::report::{
    Report, Reported, Status, concise, escape, github, gitlab, json, junit, markdown, sarif, sort,
};
use crate::source::{Cell, Place, Sources};

/// Findings of every shape.
pub const CASES: [fn(&mut Sources) -> Vec<Reported>; 5] =
    [captured, ranges, hostile, long_lines, bare_places];

/// A report in every format, by the format's name.
pub fn every(report: &Report) -> Vec<(&'static str, String)> {
    Vec::from([
        ("text", plain(report)),
        ("concise", concise::render(report)),
        ("json", json::render(report)),
        ("jsonl", json::render_lines(report)),
        ("sarif", sarif::render(report)),
        ("github", github::render(report)),
        ("summary", github::summary(report)),
        ("gitlab", gitlab::render(report)),
        ("junit", junit::render(report)),
        ("markdown", markdown::render(report)),
    ])
}

/// Nothing that a terminal, a log reader of a CI system or the format's own reader would obey.
pub fn assert_harmless(name: &str, shown: &str) {
    let hostile = |character| escape::is_hostile(character) && character != '\n';
    assert!(!shown.contains(hostile), "{name}: {shown}");
    assert!(!shown.contains("##["), "{name}: {shown}");
    let commands = shown
        .lines()
        .filter(|line| line.trim_start().starts_with("::"));
    for line in commands {
        assert_eq!(name, "github", "{line}");
        let (head, _) = line[2..].split_once("::").expect("a command has two ends");
        let (level, properties) = head.split_once(' ').expect("it has properties");
        assert!(["error", "warning", "notice"].contains(&level), "{line}");
        for property in properties.split(',') {
            let (key, value) = property.split_once('=').expect("each has a name");
            let known = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(known.contains(&key) && !value.contains(':'), "{line}");
        }
    }
    match name {
        "json" | "sarif" | "gitlab" => drop(parsed(shown)),
        "jsonl" => shown.lines().for_each(|line| drop(parsed(line))),
        "junit" => assert_well_formed(shown),
        "markdown" | "summary" => assert_table(shown),
        _ => {}
    }
}

pub fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Tags close in order, attributes and text hold no markup. Not all of XML: what we write of it.
fn assert_well_formed(shown: &str) {
    let body = shown
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .expect("it says that it is XML");
    let mut open = Vec::new();
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert!(!text.contains(['>', '"', '\'']), "{shown}");
        let name = tag
            .split([' ', '/'])
            .find(|name| !name.is_empty())
            .expect("a tag has a name");
        assert_eq!(tag.matches('"').count() % 2, 0, "{shown}");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{shown}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{shown}");
}

/// Each row has its five cells, and no markup but ours.
fn assert_table(shown: &str) {
    for line in shown.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(line.matches('|').count(), 6, "{line}");
    }
    let bare = ["<br>", "<code>", "</code>"]
        .iter()
        .fold(shown.to_owned(), |text, tag| text.replace(tag, ""));
    assert!(!bare.contains(['<', '>', '[', '\\']), "{shown}");
    assert!(!bare.contains("://"), "{shown}");
}

/// One of the cases, in the order of every format.
pub fn case(make: fn(&mut Sources) -> Vec<Reported>, mut then: impl FnMut(&Report)) {
    let mut sources = Sources::default();
    let findings = make(&mut sources);
    let mut report = report(&sources, findings);
    sort(&mut report);
    then(&report);
}

#[test]
fn formats_look_as_recorded() {
    let version = format!("ersion\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let compact = format!("ersion\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let files = [
        ("concise", "concise"),
        ("jsonl", "jsonl"),
        ("sarif", "sarif"),
        ("github", "github"),
        ("gitlab", "gitlab.json"),
        ("junit", "junit.xml"),
        ("markdown", "md"),
    ];
    for (case_name, make) in [("captured", CASES[0]), ("bare_places", CASES[4])] {
        case(make, |report| {
            let all = every(report);
            for (name, ending) in files {
                let (_, shown) = all.iter().find(|(known, _)| *known == name).expect("known");
                let shown = shown.replace(&version, "ersion\": \"…\"");
                let shown = shown.replace(&compact, "ersion\":\"…\"");
                expect(&format!("{case_name}.{ending}"), &shown);
            }
        });
    }
}

#[test]
fn a_report_without_findings_is_whole_in_every_format() {
    let sources = Sources::default();
    let report = report(&sources, Vec::new());
    for (name, shown) in every(&report) {
        assert_harmless(name, &shown);
        assert_eq!(shown.is_empty(), name == "concise", "{name}: {shown}");
    }
    assert_eq!(gitlab::render(&report), "[]\n");
    assert!(junit::render(&report).contains("tests=\"1\" failures=\"0\""));
}

/// Each line of jsonl is the object that json has; the last is all else.
#[test]
fn lines_hold_what_the_document_holds() {
    case(bare_places, |report| {
        let document = parsed(&json::render(report));
        let lines = json::render_lines(report);
        let mut lines: Vec<Value> = lines.lines().map(parsed).collect();
        let mut last = lines.pop().expect("there is a last line");
        last["findings"] = Value::Array(lines);
        assert_eq!(last, document);
    });
}

/// Text that would be obeyed somewhere, in every field that an input can fill.
const HOSTILE: &str = "x\u{1b}[31m\u{1b}]8;;http://evil\u{7}\u{202e}%0A::error::a\n::error file=b::c\r\n##[error]d]]></script><!-- | `e` [f](http://evil) @g \\| \" ' &#x3c;\u{0}\u{ffff}\u{2028}";

#[test]
fn hostile_text_in_every_field_is_harmless_in_every_format() {
    for prefix in ["", "::error::", " ::stop-commands::", "../", "/"] {
        let hostile = format!("{prefix}{HOSTILE}");
        let mut sources = Sources::default();
        let ini = sources.add(hostile.as_str(), format!("[a]\nk = {hostile}\n"));
        let log = sources.add(format!("{hostile}.db"), "");
        let cell = Cell {
            table: hostile.clone(),
            record: hostile.clone(),
            field: hostile.clone(),
            key: Some(hostile.clone()),
            text: Some(hostile.clone()),
        };
        let in_database = Place {
            cell: Some(cell.into()),
            ..in_log(log, "", None, &hostile, &hostile)
        };
        let in_file = at(&sources, ini, &hostile);
        let finding = |place: &Place, other: &Place| {
            Finding::new(Level::Error, &*hostile, &*hostile, place, &*hostile)
                .label(other, &*hostile)
                .node(&hostile)
                .possible_node(&hostile)
                .step(Command {
                    line: hostile.clone(),
                    disrupts: hostile.clone(),
                })
        };
        let mut resolved = reported("l", "help", finding(&in_database, &in_file));
        resolved.status = Status::Resolved;
        let findings = Vec::from([
            reported("l", "help", finding(&in_file, &in_database)),
            reported("l", "help", finding(&in_database, &in_file)),
            resolved,
        ]);
        let mut report = report(&sources, findings);
        report.plan = Some(Plan {
            verdict: hostile.clone(),
            ..Plan::default()
        });
        for (name, shown) in every(&report) {
            assert_harmless(name, &shown);
            // What people read in the end, once the program that shows it has read the format.
            if ["sarif", "gitlab"].contains(&name) {
                assert_readable(&parsed(&shown));
            }
        }
    }
}

/// The texts of a document hide and reorder nothing, and SARIF's links are none.
fn assert_readable(value: &Value) {
    match value {
        Value::String(text) => {
            let hides = |character| escape::is_hostile(character) && character != '\n';
            assert!(!text.contains(hides), "{text}");
        }
        Value::Array(values) => values.iter().for_each(assert_readable),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !["path", "snippet"].contains(&name.as_str()))
            .for_each(|(name, value)| {
                let link = value["text"]
                    .as_str()
                    .is_some_and(|text| text.contains("]("));
                assert!(name != "message" || !link, "{value}");
                assert_readable(value);
            }),
        _ => {}
    }
}

/// GitHub shows ten of each level; the others are in the log, and there is no eleventh command.
#[test]
fn ten_annotations_of_each_level_and_the_rest_in_the_log() {
    let mut sources = Sources::default();
    let file = sources.add("a.ini", "[a]\nb = c\n");
    let place = at(&sources, file, "c");
    let findings = (0..30).map(|at| {
        let level = if at < 12 { Level::Error } else { Level::Note };
        let mut finding = reported(
            "l",
            "",
            Finding::new(level, format!("{at}"), format!("m{at}"), &place, ""),
        );
        if at == 0 {
            finding.status = Status::Resolved;
        }
        finding
    });
    let report = report(&sources, findings.collect());
    let log = github::render(&report);
    let starting = |start: &str| log.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(starting("::error "), 10);
    assert_eq!(starting("::notice "), 10);
    assert_eq!(starting("a.ini:2:5: error[l] (resolved) m0"), 1);
    assert_eq!(starting("a.ini:2:5: error[l] m11"), 1);
    assert_eq!(starting("a.ini:2:5: note[l] m"), 8);
    assert_eq!(log.lines().count(), 31);
    assert_eq!(
        log.lines().nth(1),
        Some("::error file=a.ini,line=2,endLine=2,col=5,endColumn=6,title=l::m1")
    );
}

#[test]
fn a_summary_stays_below_what_github_takes() {
    let mut sources = Sources::default();
    let file = sources.add("a.ini", "[a]\nb = c\n");
    let place = at(&sources, file, "c");
    let message = "m".repeat(1000);
    let findings = (0..2000).map(|at| {
        let subject = at.to_string();
        reported(
            "l",
            "",
            Finding::new(Level::Error, subject, &*message, &place, ""),
        )
    });
    let report = report(&sources, findings.collect());
    let summary = github::summary(&report);
    assert!(summary.len() < 1 << 20, "{}", summary.len());
    let rows = summary.matches("| error |").count();
    assert!(summary.ends_with(&format!("\nand {} more\n", 2000 - rows)));
    assert_eq!(markdown::render(&report).matches("| error |").count(), 2000);
}

/// The answer of a plan comes before all else where people read, and is a property in SARIF.
#[test]
fn the_verdict_comes_first() {
    let sources = Sources::default();
    let mut report = report(&sources, Vec::new());
    report.plan = Some(Plan {
        verdict: "this cuts os-compute".to_owned(),
        ..Plan::default()
    });
    let first = |shown: String| shown.lines().next().unwrap_or_default().to_owned();
    assert_eq!(first(concise::render(&report)), "this cuts os-compute");
    assert_eq!(first(github::render(&report)), "this cuts os-compute");
    for shown in [markdown::render(&report), github::summary(&report)] {
        assert_eq!(first(shown), "**this cuts os-compute**");
    }
    let run = &parsed(&sarif::render(&report))["runs"][0];
    assert_eq!(run["properties"]["verdict"], "this cuts os-compute");
}

/// Without a schema, for want of a package that carries one: the fields that GitLab's documentation asks for.
#[test]
fn gitlab_has_the_fields_that_it_needs() {
    case(bare_places, |report| {
        let issues = parsed(&gitlab::render(report));
        let issues = issues.as_array().expect("a list");
        assert_eq!(issues.len(), 4, "what is resolved is not told");
        let mut fingerprints = std::collections::BTreeSet::new();
        for issue in issues {
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            assert!(!text(&issue["description"]).is_empty());
            assert!(!text(&issue["check_name"]).is_empty());
            assert!(fingerprints.insert(text(&issue["fingerprint"])));
            let severity = text(&issue["severity"]);
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&&*severity));
            assert!(!text(&issue["location"]["path"]).starts_with("./"));
            assert!(issue["location"]["lines"]["begin"].as_u64() >= Some(1));
        }
    });
}

/// Without a schema, for want of a package that carries one: the counts, and what fails.
#[test]
fn junit_counts_what_fails() {
    case(bare_places, |report| {
        let shown = junit::render(report);
        // One error; the warning is resolved, and notes pass.
        assert_eq!(shown.matches("tests=\"5\" failures=\"1\"").count(), 2);
        assert_eq!(shown.matches("<testcase ").count(), 5);
        assert_eq!(shown.matches("<failure ").count(), 1);
        assert_eq!(shown.matches("<system-out>").count(), 4);
    });
}
