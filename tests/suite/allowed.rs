//! What is allowed is silent, what allows nothing is said, and a baseline knows what was there: in the program itself.

use std::fs;

use serde_json::Value;

use crate::command_line::{Scratch, ovnlint};

/// 20 million ids want more than 20 GiB: an error by any model.
const SECTION: &str = "[ml2]\ntype_drivers = vxlan\n[ml2_type_vxlan]\n";
const RANGE: &str = "vni_ranges = 1:16777215\n";
const OVERSIZED: &str = "vni_ranges_oversized";

fn ini(comment: &str) -> String {
    format!("{SECTION}{comment}{RANGE}")
}

/// Lint, level and line of each finding; how many are allowed and in the baseline; the exit code.
fn checked(site: &Scratch, arguments: &[&str]) -> (Vec<(String, String, u64)>, [u64; 2], i32) {
    let always = ["check", ".", "--format", "json"];
    let output = ovnlint(&[&always, arguments].concat(), site.path());
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let text = |value: &Value| value.as_str().expect("it is a text").to_owned();
    let found = report["findings"].as_array().expect("they are a list");
    let found = found.iter().map(|finding| {
        let line = finding["places"][0]["line"].as_u64().unwrap_or_default();
        (text(&finding["lint"]), text(&finding["level"]), line)
    });
    let count = |name: &str| report["summary"][name].as_u64().expect("it is counted");
    let silenced = [count("allowed"), count("baseline")];
    let code = output.status.code().expect("it ended by itself");
    (found.collect(), silenced, code)
}

fn found(lint: &str, level: &str, line: u64) -> (String, String, u64) {
    (lint.to_owned(), level.to_owned(), line)
}

#[test]
fn a_comment_silences_the_line_below_it_and_nothing_else() {
    let site = Scratch::new("allowed-comment");
    let oversized = |line| found(OVERSIZED, "error", line);
    site.write("ml2_conf.ini", ini(""));
    assert_eq!(checked(&site, &[]), (vec![oversized(4)], [0, 0], 1));
    let good = "# ovnlint: allow(vni_ranges_oversized) until 2999-01-01: 64 GiB in each server\n";
    site.write("ml2_conf.ini", ini(good));
    assert_eq!(checked(&site, &[]), (vec![], [1, 0], 0));
    // Nothing is heeded, and nothing is said of it.
    let heard = checked(&site, &["--no-allow"]);
    assert_eq!(heard, (vec![oversized(5)], [0, 0], 1));
    // It stands above another line.
    let elsewhere = format!("{good}{SECTION}{RANGE}");
    site.write("ml2_conf.ini", elsewhere);
    let (found_there, silenced, code) = checked(&site, &[]);
    assert_eq!(
        found_there,
        [oversized(5), found("allow_unused", "warning", 1)]
    );
    assert_eq!((silenced, code), ([0, 0], 1));
}

#[test]
fn what_cannot_silence_is_an_error_and_silences_nothing() {
    for (comment, lint) in [
        ("# ovnlint: allow(vni_ranges_oversized)\n", "allow_invalid"),
        (
            "# ovnlint: allow(vni_range_oversized): a\n",
            "allow_invalid",
        ),
        ("# ovnlint: allow(allow_unused): a\n", "allow_invalid"),
        (
            "# ovnlint: allow(vni_ranges_oversized) until 2026-01-31: a\n",
            "allow_expired",
        ),
    ] {
        let site = Scratch::new("allowed-wrong");
        site.write("ml2_conf.ini", ini(comment));
        let (all, silenced, code) = checked(&site, &[]);
        assert_eq!(
            all,
            [found(lint, "error", 4), found(OVERSIZED, "error", 5)],
            "{comment}"
        );
        assert_eq!((silenced, code), ([0, 0], 1));
    }
    let site = Scratch::new("allowed-slip");
    site.write(
        "ml2_conf.ini",
        ini("# ovnlint: allow(vni_range_oversized): a\n"),
    );
    let output = ovnlint(&["check", "--format", "concise", "."], site.path());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("did you mean `vni_ranges_oversized`?"),
        "{said}"
    );
}

/// A site where os-a and os-b have the same system-id, and os-b lacks OpenFlow15.
fn nodes(name: &str, settings: &str) -> Scratch {
    let site = Scratch::new(name);
    for node in ["lab-a", "lab-b"] {
        let ids = format!(
            "{{hostname={node}, ovn-encap-ip=\"192.0.2.1\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.9:6642\", system-id=same}}\n"
        );
        site.write(&format!("{node}/external_ids.txt"), ids);
    }
    site.write("ovnlint.toml", settings);
    site
}

#[test]
fn an_entry_of_the_settings_silences_where_it_fits_every_node() {
    let lints = |settings: &str| {
        let site = nodes("allowed-entries", settings);
        let (all, [allowed, _], code) = checked(&site, &[]);
        let all: Vec<String> = all.into_iter().map(|row| row.0).collect();
        (all.join(" "), allowed, code)
    };
    let entry = |rest: &str| {
        format!("[[allow]]\nlint = [\"system_id_duplicate\", \"encap_ip_duplicate\"]\n{rest}\n")
    };
    let both = "encap_ip_duplicate system_id_duplicate";
    assert_eq!(lints(""), (both.to_owned(), 0, 1));
    let reason = "reason = \"one machine, cloned for a drill\"";
    for fits in [
        "",
        "nodes = [\"lab-*\"]",
        "nodes = [\"lab-a\", \"lab-b\"]",
        "until = 2999-12-31",
        "until = \"2999-12-31\"",
    ] {
        let settings = entry(&format!("{reason}\n{fits}"));
        assert_eq!(lints(&settings), (String::new(), 2, 0), "{fits}");
    }
    // It hits lab-b as well, and that is said.
    let half = entry(&format!("{reason}\nnodes = [\"lab-a\"]"));
    let unused = format!("{both} allow_unused allow_unused");
    assert_eq!(lints(&half), (unused, 0, 1));
    // Nodes that are not among the inputs: whether it is needed is not known.
    let absent = entry(&format!("{reason}\nnodes = [\"prod-*\"]"));
    assert_eq!(lints(&absent), (both.to_owned(), 0, 1));
    for (wrong, lint) in [
        ("", "allow_invalid"),
        ("reason = \" \"", "allow_invalid"),
        ("reason = \"a\"\nuntil = \"soon\"", "allow_invalid"),
        ("reason = \"a\"\nnodes = []", "allow_invalid"),
        ("reason = \"a\"\nuntil = 2026-01-31", "allow_expired"),
    ] {
        let (found, allowed, code) = lints(&entry(wrong));
        let mut found: Vec<&str> = found.split(' ').collect();
        found.sort_unstable();
        assert_eq!(
            found,
            [lint, "encap_ip_duplicate", "system_id_duplicate"],
            "{wrong}"
        );
        assert_eq!((allowed, code), (0, 1));
    }
}

#[test]
fn a_lint_that_is_off_or_lower_counts_as_that() {
    let settings = "fail_on = \"warning\"\n[lints.system_id_duplicate]\nlevel = \"off\"\n[lints.encap_ip_duplicate]\nlevel = \"note\"\n";
    let site = nodes("allowed-levels", settings);
    let (all, _, code) = checked(&site, &[]);
    let rows: Vec<_> = all.iter().map(|row| (&row.0[..], &row.1[..])).collect();
    assert_eq!((rows, code), (vec![("encap_ip_duplicate", "note")], 0));
    assert_eq!(checked(&site, &["--fail-on", "note"]).2, 1);
    assert_eq!(checked(&site, &["--no-config"]).0.len(), 2);
}

#[test]
fn a_comment_in_a_script_silences_the_command_below_it() {
    let site = "testdata/ovn/before";
    let command = "ovs-vsctl del-fail-mode br-int\n";
    let plan = |script: &str, arguments: &[&str]| {
        let scratch = Scratch::new("allowed-script");
        scratch.write("change.sh", script);
        let path = scratch.path().join("change.sh");
        let path = path.to_str().expect("the path is text");
        let always = ["plan", site, "--node", "os-compute1", "--script", path];
        let format = ["--format", "json"];
        let directory = env!("CARGO_MANIFEST_DIR").as_ref();
        let output = ovnlint(&[&always[..], &format, arguments].concat(), directory);
        let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        let found = report["findings"].as_array().expect("they are a list");
        let lints: Vec<String> = found
            .iter()
            .map(|finding| finding["lint"].as_str().expect("it has one").to_owned())
            .collect();
        let verdict = report["plan"]["verdict"].as_str().expect("there is one");
        (lints, verdict.to_owned(), output.status.code())
    };
    let allow =
        "# ovnlint: allow(change_flushes_flows): the restart of the next line puts them back\n";
    let (lints, verdict, code) = plan(command, &[]);
    assert_eq!((&lints[0][..], code), ("change_flushes_flows", Some(1)));
    let (lints, allowed, code) = plan(&format!("{allow}{command}"), &[]);
    assert!(
        !lints.contains(&"change_flushes_flows".to_owned()),
        "{lints:?}"
    );
    assert_eq!(code, Some(0));
    // What it does is told as before.
    assert_eq!(allowed, verdict);
    let (lints, _, code) = plan(&format!("{allow}{command}"), &["--no-allow"]);
    assert_eq!((&lints[0][..], code), ("change_flushes_flows", Some(1)));
    let (lints, _, _) = plan(&format!("{allow}ovs-vsctl list bridge\n{command}"), &[]);
    assert!(lints.contains(&"allow_unused".to_owned()), "{lints:?}");
}

#[test]
fn a_baseline_silences_what_was_there_and_tells_what_is_gone() {
    let site = Scratch::new("allowed-baseline");
    site.write("a/ml2_conf.ini", ini(""));
    site.write("b/ml2_conf.ini", "[ml2_type_geneve]\nvni_ranges = 100:1\n");
    let baseline = ["--baseline", "ci/known.json"];
    // It is not made up where it is missing.
    let output = ovnlint(&["check", ".", baseline[0], baseline[1]], site.path());
    assert_eq!(output.status.code(), Some(2));
    site.write("ci/README", "");
    let written = ovnlint(
        &["check", ".", baseline[0], baseline[1], "--write-baseline"],
        site.path(),
    );
    assert_eq!(written.status.code(), Some(0), "{written:?}");
    let said = String::from_utf8_lossy(&written.stdout);
    assert_eq!(said, "2 findings written to ci/known.json\n");
    assert_eq!(checked(&site, &baseline), (vec![], [0, 2], 0));
    let (all, silenced, code) = checked(&site, &["--baseline", "ci/known.json", "--no-allow"]);
    assert_eq!((all.len(), silenced, code), (2, [0, 0], 1));
    // Lines move, and from where it is run does not matter.
    site.write("a/ml2_conf.ini", format!("# Moved.\n\n{}", ini("")));
    assert_eq!(checked(&site, &baseline), (vec![], [0, 2], 0));
    let below = ["check", "..", "--baseline", "known.json"];
    let output = ovnlint(&below, &site.path().join("ci"));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // One is put right, and another is new.
    site.write("b/ml2_conf.ini", "[ml2_type_geneve]\nvni_ranges = 1:100\n");
    site.write("c/ml2_conf.ini", ini(""));
    let (all, silenced, code) = checked(&site, &baseline);
    let rows: Vec<_> = all.iter().map(|row| (&row.0[..], &row.1[..])).collect();
    assert_eq!(rows, [(OVERSIZED, "error"), ("allow_unused", "warning")]);
    assert_eq!((silenced, code), ([0, 1], 1));
    let output = ovnlint(&["check", ".", "--baseline", "ci/known.json"], site.path());
    let text = String::from_utf8_lossy(&output.stdout);
    let text: Vec<&str> = text.split_whitespace().collect();
    let text = text.join(" ");
    assert!(
        text.contains("1 of the 2 findings in ci/known.json is gone: tunnel_range_invalid ("),
        "{text}"
    );
    // What was not read is not gone.
    site.write("b/ml2_conf.ini", ini(""));
    let part = ["check", "c", "--format", "json", baseline[0], baseline[1]];
    let output = ovnlint(&part, site.path());
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let lints = report["findings"].as_array().expect("they are a list");
    assert_eq!(lints.len(), 1, "{report}");
    assert_eq!(lints[0]["lint"], OVERSIZED);
}

#[test]
fn a_finding_that_became_worse_is_not_the_one_of_the_baseline() {
    let site = Scratch::new("allowed-worse");
    // 1,000,000 ids are a warning, 16 million an error.
    site.write("ml2_conf.ini", format!("{SECTION}vni_ranges = 1:1000000\n"));
    let known = ["--baseline", "known.json"];
    let write = ["check", ".", known[0], known[1], "--write-baseline"];
    assert_eq!(ovnlint(&write, site.path()).status.code(), Some(0));
    assert_eq!(checked(&site, &known), (vec![], [0, 1], 0));
    site.write("ml2_conf.ini", ini(""));
    let (all, silenced, code) = checked(&site, &known);
    assert_eq!(all, [found(OVERSIZED, "error", 4)]);
    assert_eq!((silenced, code), ([0, 0], 1));
    let text = fs::read_to_string(site.path().join("known.json")).expect("it was written");
    assert!(text.contains("\"level\":\"warning\""), "{text}");
}

#[test]
fn a_baseline_that_is_none_is_named() {
    let site = Scratch::new("allowed-no-baseline");
    site.write("ml2_conf.ini", ini(""));
    for (content, why) in [
        ("{}", "missing field `version`"),
        ("{\"version\": 7, \"findings\": []}", "version 7"),
        ("\u{1b}[2J", "expected value"),
        (
            "{\"version\": 1, \"findings\": [{\"\\n::stop-commands::x\\u001b[31m\": 1}]}",
            "of the finding on line 1: unknown field",
        ),
        (
            "{\"version\": 1, \"findings\": [{\"mysql://u:hunter2@db/n\": 1}]}",
            "unknown field",
        ),
    ] {
        site.write("known.json", content);
        let output = ovnlint(&["check", ".", "--baseline", "known.json"], site.path());
        assert_eq!(output.status.code(), Some(2), "{content}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("known.json is no baseline"), "{said}");
        assert!(said.contains(why), "{said}");
        assert!(
            !said.contains('\u{1b}') && !said.contains("hunter2"),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_baseline_is_written_of_what_was_checked_and_over_nothing_else() {
    let site = Scratch::new("allowed-written");
    site.write("empty/notes", "")
        .write("topology.toml", "[nodes.a]\n");
    let write = |path: &str, file: &str| {
        let arguments = ["check", path, "--baseline", file, "--write-baseline"];
        let output = ovnlint(&arguments, site.path());
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.code(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    };
    let (code, said) = write("empty", "known.json");
    assert_eq!(code, Some(3), "{said}");
    assert!(!site.path().join("known.json").exists());
    let (code, said) = write(".", "topology.toml");
    assert_eq!(code, Some(2));
    assert!(said.contains("it is not written over"), "{said}");
    let kept = fs::read_to_string(site.path().join("topology.toml")).expect("it is there");
    assert_eq!(kept, "[nodes.a]\n");
}

/// An entry that the run could not meet is not called unused, nor an entry of the baseline gone.
#[test]
fn a_run_over_a_part_does_not_judge_the_whole() {
    let settings =
        "[[allow]]\nlint = \"vni_ranges_oversized\"\nsubject = \"x/*\"\nreason = \"a drill\"\n";
    let site = nodes("allowed-part", settings);
    site.write("x/ml2_conf.ini", ini(""));
    let part = |path: &str, more: &[&str]| {
        let arguments = [&["check", path], more].concat();
        let output = ovnlint(&arguments, site.path());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(part(".", &[]).contains("1 allowed"));
    for path in ["lab-a", "lab-b"] {
        assert!(!part(path, &[]).contains("allow_unused"), "{path}");
    }
    let known = ["--baseline", "known.json"];
    let write = [&["check", "."][..], &known, &["--write-baseline"]].concat();
    assert_eq!(ovnlint(&write, site.path()).status.code(), Some(0));
    assert!(part(".", &known).contains("2 in the baseline"));
    // The other node of these findings is not there.
    assert!(!part("lab-a", &known).contains("allow_unused"));
    site.write(
        "ovnlint.toml",
        format!("{settings}[lints.system_id_duplicate]\nlevel = \"off\"\n"),
    );
    assert!(!part(".", &known).contains("allow_unused"));
}

#[test]
fn a_second_defect_of_the_same_kind_is_new() {
    let site = Scratch::new("allowed-second");
    let node = |name: &str, key: &str| format!("[nodes.{name}]\n{key} = \"192.0.2.1\"\n");
    let topology = |second: &str| node("a", "managment") + &node("b", second);
    site.write("topology.toml", topology("management"));
    let known = ["--baseline", "known.json"];
    let write = [&["check", "."][..], &known, &["--write-baseline"]].concat();
    assert_eq!(ovnlint(&write, site.path()).status.code(), Some(0));
    assert_eq!(checked(&site, &known), (vec![], [0, 1], 0));
    site.write("topology.toml", topology("managment"));
    let (all, silenced, code) = checked(&site, &known);
    assert_eq!(all, [found("topology_invalid", "error", 4)]);
    assert_eq!((silenced, code), ([0, 1], 1));
}
