//! What reports must look like in each format, and what must never be in them.

mod cases;
mod formats;
mod limits;
mod sarif;
mod secret;

use std::sync::Arc;

use crate::finding::{Finding, Level};
use crate::report::tests::cases::{
    at, bare_places, captured, hostile, in_log, long_lines, ranges, report, reported,
};
use crate::report::text::Colour;
use crate::report::{Report, Reported, Row, State, fingerprint, json, sort, text};
use crate::source::{Cell, FileId, Place, Sources};

fn plain(report: &Report) -> String {
    text::render(report, Colour::Plain, 100)
}

fn rendered(make: fn(&mut Sources) -> Vec<Reported>) -> (String, String) {
    let mut sources = Sources::default();
    let findings = make(&mut sources);
    let mut report = report(&sources, findings);
    sort(&mut report);
    (plain(&report), json::render(&report))
}

/// Compares with `testdata/report/<name>`; `UPDATE=1` writes it, to be read before it is kept.
fn expect(name: &str, actual: &str) {
    let path = format!("{}/testdata/report/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, actual).expect("testdata can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(actual == expected, "{name} differs; now:\n{actual}");
}

#[test]
fn reports_look_as_recorded() {
    expect("captured.txt", &rendered(captured).0);
    expect("ranges.txt", &rendered(ranges).0);
    expect("hostile.txt", &rendered(hostile).0);
    expect("long_lines.txt", &rendered(long_lines).0);
    expect("bare_places.txt", &rendered(bare_places).0);
}

#[test]
fn json_looks_as_recorded() {
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let json = rendered(captured).1;
    assert!(json.ends_with("}\n"));
    expect(
        "captured.json",
        &json.replace(&version, "\"version\": \"…\""),
    );
}

#[test]
fn severity_lint_and_place_are_words_without_colour() {
    let (text, _) = rendered(captured);
    assert!(text.starts_with("error[management_captured]: enp6s18 carries SSH"));
    assert!(text.contains("topology.toml:3:14"));
    assert!(text.contains("hosts/os-compute/conf.db: table Bridge, record br-int"));
}

#[test]
fn colour_changes_nothing_but_colour() {
    for make in [captured, ranges, hostile, long_lines, bare_places] {
        let mut sources = Sources::default();
        let findings = make(&mut sources);
        let report = report(&sources, findings);
        let coloured = text::render(&report, Colour::Ansi, 100);
        assert!(coloured.contains("\u{1b}["));
        let mut bare = String::new();
        for (number, part) in coloured.split("\u{1b}[").enumerate() {
            let sequence = if number == 0 {
                0
            } else {
                part.find('m').expect("colours end with m") + 1
            };
            assert!(
                part[..sequence]
                    .trim_end_matches('m')
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b';')
            );
            bare.push_str(&part[sequence..]);
        }
        let bare: Vec<&str> = bare.lines().map(str::trim_end).collect();
        assert_eq!(bare, plain(&report).lines().collect::<Vec<_>>());
    }
}

#[test]
fn nothing_that_a_terminal_or_a_log_reader_obeys_gets_out() {
    let mut sources = Sources::default();
    let findings = hostile(&mut sources);
    for (name, shown) in formats::every(&report(&sources, findings)) {
        formats::assert_harmless(name, &shown);
    }
    let (_, json) = rendered(hostile);
    // Nothing is lost for programs.
    let json: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    assert_eq!(json["findings"][0]["places"][0]["text"], "br-\u{202e}ex");
    assert_eq!(json["findings"][0]["places"][2]["label"], "physnet\u{9b}1m");
}

#[test]
fn columns_count_characters() {
    let (_, json) = rendered(hostile);
    let json: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
    let place = &json["findings"][0]["places"][0];
    // A tab, `kéy`, ESC, `[31m`, ` = `, two ideographs and a colon stand before: 1 + 3 + 1 + 4 + 3 + 2 + 1.
    assert_eq!(
        (place["line"].as_u64(), place["column"].as_u64()),
        (Some(2), Some(16))
    );
    // `br-`, an override, `ex`.
    assert_eq!(
        (place["end_line"].as_u64(), place["end_column"].as_u64()),
        (Some(2), Some(22))
    );
}

/// Every kind of secret, in a file, in a log, in words, and in steps.
#[test]
fn no_secret_gets_out() {
    let text = "\
[DEFAULT]
transport_url = rabbit://neutron:SECRET1@192.0.2.10:5672,neutron:SECRET2@192.0.2.11:5672//
metadata_proxy_shared_secret : SECRET3 SECRET4
  SECRET5
password SECRET6
#admin_password = SECRET7
[database]
connection = mysql+pymysql://neutron:SECRET8@192.0.2.10/neutron
auth_url = http://admin:SECRET9@192.0.2.10:5000/v3
";
    let mut sources = Sources::default();
    let ini = sources.add("neutron.conf", text);
    let list = sources.add(
        "interfaces.json",
        "{\"data\":[[[\"map\",[[\"psk\",\"SECRET10\"],[\"remote_ip\",\"192.0.2.2\"]]]]]}",
    );
    let log = sources.add("conf.db", "");
    let mut finding = Finding::new(
        Level::Error,
        "neutron.conf/SECRET6",
        "`password SECRET6` has no `=`, amqp://u:SECRET11@h, psk=SECRET12; SECRET1, SECRET2, SECRET4, SECRET9",
        &at(&sources, ini, "password SECRET6"),
        "`SECRET6`",
    )
    .label(&Place::text(ini, 0..text.len()), "all of it")
    .label(&at(&sources, list, "SECRET10"), "key SECRET10")
    .label(
        &in_log(log, "options", Some("psk"), "SECRET13", "SECRET13"),
        "SECRET13 in a log",
    )
    .label(
        &in_log(log, "options", None, "{psk=SECRET14, a=b}", "a=b"),
        "beside SECRET14",
    )
    .edit(true, &at(&sources, ini, "SECRET8"), "SECRET17")
    .command(
        &["ovs-vsctl", "set", "Interface", "x", "options:psk=SECRET15"],
        "http://u:SECRET16@h",
    );
    for line in text.lines() {
        finding = finding.label(&at(&sources, ini, line), line);
    }
    let mut report = report(
        &sources,
        Vec::from([reported("line_malformed", "", finding)]),
    );
    report.findings.push(Reported {
        finding: Finding {
            labels: Vec::from([report.findings[0].finding.labels[1].clone()]),
            ..report.findings[0].finding.clone()
        },
        ..report.findings[0].clone()
    });
    let mut all = formats::every(&report);
    all.push(("narrow", text::render(&report, Colour::Ansi, 40)));
    for (name, shown) in all {
        assert!(!shown.contains("SECRET"), "{name}: {shown}");
        // What Markdown would take for emphasis is written as entities.
        assert!(
            shown.replace("&#42;", "*").contains("***"),
            "{name}: {shown}"
        );
    }
}

#[test]
fn places_of_a_database_read_from_text_have_both() {
    let mut sources = Sources::default();
    let list = sources.add(
        "bridges.txt",
        "name      : br-int\nfail_mode : standalone\n",
    );
    let cell = Cell {
        table: "Bridge".to_owned(),
        record: "br-int".to_owned(),
        field: "fail_mode".to_owned(),
        ..Cell::default()
    };
    let place = Place {
        cell: Some(Arc::new(cell)),
        ..at(&sources, list, "standalone")
    };
    let finding = Finding::new(
        Level::Error,
        "br-int",
        "fail_mode is standalone",
        &place,
        "standalone",
    );
    let report = report(
        &sources,
        Vec::from([reported("fail_mode_standalone", "", finding)]),
    );
    let json: serde_json::Value = serde_json::from_str(&json::render(&report)).expect("valid JSON");
    let expected = serde_json::json!({
        "file": "bridges.txt", "line": 2, "column": 13, "end_line": 2, "end_column": 23,
        "table": "Bridge", "record": "br-int", "field": "fail_mode", "key": null,
        "text": "standalone", "label": "standalone",
    });
    assert_eq!(json["findings"][0]["places"][0], expected);
    assert!(plain(&report).contains("2 │ fail_mode : standalone"));
    assert_eq!(json["coverage"], serde_json::Value::Null);
}

#[test]
fn the_fingerprint_is_the_hash_of_the_identity() {
    let mut sources = Sources::default();
    let findings = captured(&mut sources);
    // printf 'management_captured\nos-compute/br-int\nhosts/os-compute/conf.db\nBridge\nbr-int\nports' | sha256sum
    let expected = "06e1dbc33dc38f60c42fc92952e33bb779ce596dcbe86d1329d60a4884ff2ca5";
    assert_eq!(
        fingerprint(&sources, &findings[0], &findings[0].finding.subject),
        expected
    );
}

#[test]
fn errors_come_first_then_files_lines_columns_and_lints() {
    let mut sources = Sources::default();
    let late = sources.add("z.ini", "a b\nc\n");
    let early = sources.add("a.ini", "a b\nc\n");
    let finding =
        |level, file, needle| Finding::new(level, "s", "m", &at(&sources, file, needle), "l");
    let mut report = report(
        &sources,
        Vec::from([
            reported("f", "", finding(Level::Note, early, "a")),
            reported("e", "", finding(Level::Error, late, "c")),
            reported("d", "", finding(Level::Error, late, "b")),
            reported("b", "", finding(Level::Error, early, "c")),
            reported("c", "", finding(Level::Error, late, "a")),
            reported("a", "", finding(Level::Error, early, "c")),
        ]),
    );
    sort(&mut report);
    let order: String = report
        .findings
        .iter()
        .map(|reported| reported.lint)
        .collect();
    assert_eq!(order, "abcdef");
}

#[test]
fn the_report_ends_with_coverage_and_summary() {
    let sources = Sources::default();
    let row = |lint, state, needs, nodes: &[&str], count| Row {
        lint,
        state,
        needs,
        nodes: nodes.iter().map(|&node| node.to_owned()).collect(),
        count,
    };
    let mut report = report(&sources, Vec::new());
    report.files = 1;
    report.nodes = 1;
    assert_eq!(plain(&report), "no findings in 1 file of 1 node\n");
    report.coverage = Some(Vec::from([
        row(
            "fail_mode_standalone",
            State::Checked,
            "",
            &["os-compute", "os-network"],
            2,
        ),
        row(
            "fail_mode_standalone",
            State::Unknown,
            "the Bridge table",
            &["os-storage"],
            1,
        ),
        row("vni_ranges_oversized", State::NotApplicable, "", &[], 0),
        row("localnet_missing", State::Checked, "", &["site"], 12),
    ]));
    let expected = "\
coverage
  fail_mode_standalone  checked        os-compute, os-network
                        unknown        os-storage: needs the Bridge table
  vni_ranges_oversized  not applicable
  localnet_missing      checked        site (12 in all)

no findings in 1 file of 1 node
";
    assert_eq!(plain(&report), expected);
    let json: serde_json::Value = serde_json::from_str(&json::render(&report)).expect("valid JSON");
    let unknown = serde_json::json!({
        "lint": "fail_mode_standalone", "state": "unknown", "needs": "the Bridge table", "count": 1,
        "nodes": ["os-storage"],
    });
    assert_eq!(json["coverage"][1], unknown);
    assert_eq!(json["coverage"][2]["state"], "not_applicable");
}

#[test]
fn cut_lines_stay_within_the_width() {
    let (text, _) = rendered(long_lines);
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{text}");
    for needle in [
        "[\"OpenFlow10\",\"OpenFlow13\"]",
        "\"br-ex\"",
        "physnet150:100:200",
        "network_vlan_ranges =",
    ] {
        assert!(text.contains(needle), "{needle}");
    }
}

#[test]
fn further_places_are_listed() {
    let mut sources = Sources::default();
    let files: Vec<FileId> = (0..60)
        .map(|n| sources.add(format!("{n}.ini"), "[a]\nb = c\n"))
        .collect();
    let mut finding = Finding::new(Level::Note, "s", "m", &at(&sources, files[0], "c"), "here");
    for &file in &files[1..] {
        finding = finding.label(&at(&sources, file, "c"), "there");
    }
    let text = plain(&report(&sources, Vec::from([reported("l", "", finding)])));
    assert_eq!(text.matches("╭─[").count(), 4);
    assert!(text.contains("  also 4.ini:2:5: there\n"));
    assert!(text.contains("  and 36 more places\n"));
}
