//! `ovnlint.toml` on the command line: which file holds, what it changes, and what is said of one that is wrong.

use std::fs;
use std::path::Path;

use ovnlint::finding::{Cap, Level};
use ovnlint::lints::Tuning;
use serde_json::Value;

use crate::command_line::{Scratch, ovnlint};
use crate::support::lint_with;

/// One error: the range is reversed.
const BROKEN_RANGE: &str = "[ml2_type_geneve]\nvni_ranges = 100:1\n";
const OFF: &str = "[lints.tunnel_range_invalid]\nlevel = \"off\"\n";
const NOTE: &str = "[lints.tunnel_range_invalid]\nlevel = \"note\"\n";

/// The level that the range is said to have; `off` where nothing is said.
fn level(arguments: &[&str], directory: &Path) -> String {
    let arguments = [&["check", "--format", "json"], arguments].concat();
    let output = ovnlint(&arguments, directory);
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let mut findings = report["findings"].as_array().expect("a list").iter();
    let finding = findings.find(|finding| finding["lint"] == "tunnel_range_invalid");
    let level = finding.map(|finding| finding["level"].as_str().expect("a word").to_owned());
    level.unwrap_or_else(|| "off".to_owned())
}

/// What is said on standard error, with exit code 2.
fn refused(arguments: &[&str], directory: &Path) -> String {
    let output = ovnlint(arguments, directory);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("it is text")
}

fn code(arguments: &[&str], directory: &Path) -> i32 {
    ovnlint(arguments, directory)
        .status
        .code()
        .expect("it ended by itself")
}

#[test]
fn the_file_is_found_upward_to_the_root_of_the_repository() {
    let scratch = Scratch::new("config-upward");
    scratch
        .write("repo/.git/HEAD", "ref: refs/heads/main\n")
        .write("repo/sites/a/ml2_conf.ini", BROKEN_RANGE)
        .write("ovnlint.toml", OFF);
    let site = scratch.path().join("repo/sites/a");
    assert_eq!(
        level(&["."], &site),
        "error",
        "above the repository nothing is looked for"
    );
    scratch.write("repo/ovnlint.toml", NOTE);
    assert_eq!(level(&["."], &site), "note");
    assert_eq!(
        level(&["ml2_conf.ini"], &site),
        "note",
        "of a file, its directory"
    );
    assert_eq!(
        level(&["repo/sites"], scratch.path()),
        "note",
        "the working directory is none of its business"
    );
    scratch.write("repo/sites/a/ovnlint.toml", OFF);
    assert_eq!(level(&["."], &site), "off", "the nearest holds");
    let output = ovnlint(&["config"], &scratch.path().join("repo/sites"));
    let text = String::from_utf8(output.stdout).expect("it is text");
    assert!(
        text.contains("level = \"note\"  # ../ovnlint.toml:2:9\n"),
        "{text}"
    );
}

#[test]
fn outside_of_a_repository_the_working_directory_is_the_end() {
    let scratch = Scratch::new("config-outside");
    scratch
        .write("ovnlint.toml", OFF)
        .write("work/site/ml2_conf.ini", BROKEN_RANGE);
    let work = scratch.path().join("work");
    assert_eq!(
        level(&["site"], &work),
        "error",
        "above the working directory"
    );
    assert_eq!(level(&["work/site"], scratch.path()), "off");
    assert_eq!(level(&["../site"], &work.join("site")), "error");
    scratch.write("work/ovnlint.toml", NOTE);
    assert_eq!(level(&["site"], &work), "note");
    let elsewhere = Scratch::new("config-elsewhere");
    let site = work.join("site");
    let site = site.to_str().expect("it is text");
    assert_eq!(
        level(&[site], elsewhere.path()),
        "error",
        "neither below nor in it"
    );
    scratch.write("work/site/ovnlint.toml", OFF);
    assert_eq!(level(&[site], elsewhere.path()), "off", "its own directory");
}

#[test]
fn paths_with_settings_of_their_own_need_a_word() {
    let scratch = Scratch::new("config-several");
    scratch
        .write("a/ml2_conf.ini", BROKEN_RANGE)
        .write("a/ovnlint.toml", OFF)
        .write("b/ml2_conf.ini", BROKEN_RANGE)
        .write("b/ovnlint.toml", NOTE)
        .write("c.toml", NOTE);
    let said = refused(&["check", "a", "b"], scratch.path());
    assert_eq!(
        said,
        "ovnlint: the paths have settings of their own in a/ovnlint.toml and b/ovnlint.toml: say which hold with --config FILE\n"
    );
    assert_eq!(
        level(&["a", "b", "--config", "c.toml"], scratch.path()),
        "note"
    );
    assert_eq!(level(&["a", "a/ml2_conf.ini"], scratch.path()), "off");
    assert_eq!(level(&["a", "--no-config"], scratch.path()), "error");
    assert_eq!(
        code(
            &["check", "a", "--no-config", "--config", "c.toml"],
            scratch.path()
        ),
        2
    );
}

#[test]
fn the_exit_code_counts_what_the_file_says_and_the_flag_goes_before_it() {
    let scratch = Scratch::new("config-fail-on");
    scratch
        .write("ml2_conf.ini", BROKEN_RANGE)
        .write("ovnlint.toml", NOTE);
    assert_eq!(code(&["check"], scratch.path()), 0);
    scratch.write("ovnlint.toml", format!("fail_on = \"note\"\n{NOTE}"));
    assert_eq!(code(&["check"], scratch.path()), 1);
    assert_eq!(code(&["check", "--fail-on", "warning"], scratch.path()), 0);
}

#[test]
fn a_plan_counts_by_the_same_file() {
    let site = fs::canonicalize("testdata/ovn/before").expect("it is part of the project");
    let site = site.to_str().expect("it is text");
    let scratch = Scratch::new("config-plan");
    let command = [
        "--node",
        "os-compute1",
        "--",
        "ovs-vsctl",
        "del-fail-mode",
        "br-int",
    ];
    let plan = |options: &[&str]| {
        let arguments = [&["plan", site], options, &command].concat();
        code(&arguments, scratch.path())
    };
    assert_eq!(plan(&[]), 1);
    let lints = [
        "change_flushes_flows",
        "integration_bridge_not_secure",
        "change_cuts_management",
    ];
    let lenient = lints.map(|lint| format!("[lints.{lint}]\nlevel = \"note\"\n"));
    scratch.write("lenient.toml", lenient.concat());
    assert_eq!(plan(&["--config", "lenient.toml"]), 0);
    assert_eq!(plan(&["--config", "lenient.toml", "--fail-on", "note"]), 1);
    scratch.write("wrong.toml", "fail-on = 1\n");
    assert_eq!(plan(&["--config", "wrong.toml"]), 2);
}

#[test]
fn everything_that_is_wrong_is_a_line_with_its_place() {
    let scratch = Scratch::new("config-wrong");
    scratch.write("ml2_conf.ini", BROKEN_RANGE).write(
        "ovnlint.toml",
        "fail-on = \"note\"\n[lints.tunnel_range_invalids]\n\"a\\u001B[31m\" = 1\n\n  [lints.\"\\u202E\"]\n",
    );
    let expected = "ovnlint: ovnlint.toml:1:1: unknown key `fail-on`: did you mean `fail_on`?\n\
        ovnlint.toml:2:8: there is no lint `tunnel_range_invalids`: did you mean `tunnel_range_invalid`?\n\
        ovnlint.toml:5:10: there is no lint `\\u{202e}`: `ovnlint lints` lists them\n";
    for arguments in [&["check"][..], &["config"], &["check", "--show-files"]] {
        assert_eq!(refused(arguments, scratch.path()), expected);
    }
    let said = refused(&["check", "--config", "no.toml"], scratch.path());
    assert!(said.starts_with("ovnlint: no.toml: "), "{said}");
}

#[test]
fn what_is_no_text_is_said_in_a_sentence() {
    let scratch = Scratch::new("config-unreadable");
    let expected = |why: &str| format!("ovnlint: ovnlint.toml: {why}\n");
    scratch.write("ovnlint.toml", b"fail_on = \"\xff\"");
    assert_eq!(
        refused(&["check"], scratch.path()),
        expected("not UTF-8, from byte 11 on")
    );
    scratch.write("ovnlint.toml", vec![b'\n'; (1 << 20) + 1]);
    let large = expected("larger than 1 MiB, which no settings are");
    assert_eq!(refused(&["check"], scratch.path()), large);
    fs::remove_file(scratch.path().join("ovnlint.toml")).expect("it is there");
    scratch.write("ovnlint.toml/x", "");
    assert_eq!(
        refused(&["check"], scratch.path()),
        expected("a directory, not a file")
    );
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_tree_is_not_followed() {
    use std::os::unix::fs::symlink;

    let (scratch, outside) = (
        Scratch::new("config-link"),
        Scratch::new("config-outside-link"),
    );
    scratch
        .write("site/ml2_conf.ini", BROKEN_RANGE)
        .write("shared/settings.toml", NOTE);
    outside.write("secret", "password = \"x\"\n");
    let link = scratch.path().join("ovnlint.toml");
    symlink(outside.path().join("secret"), &link).expect("it can be made");
    let said = refused(&["check", "site"], scratch.path());
    assert_eq!(
        said,
        "ovnlint: ovnlint.toml: a link out of the tree, which is not followed\n"
    );
    fs::remove_file(&link).expect("it is there");
    symlink("shared/settings.toml", &link).expect("it can be made");
    assert_eq!(level(&["site"], scratch.path()), "note");
}

#[test]
fn the_file_is_no_input() {
    let scratch = Scratch::new("config-input");
    scratch
        .write("ml2_conf.ini", BROKEN_RANGE)
        .write("ovnlint.toml", "");
    let output = ovnlint(&["check", "--show-files"], scratch.path());
    let text = String::from_utf8(output.stdout).expect("it is text");
    assert!(
        text.contains("ovnlint.toml  left out: settings of ovnlint\n"),
        "{text}"
    );
}

#[test]
fn a_lint_that_is_off_is_silent_and_still_counted() {
    let site = "testdata/incidents/localnet";
    let full = lint_with(site, &Tuning::default());
    let loudest = full
        .said
        .iter()
        .max_by_key(|said| said.found.len())
        .expect("lints ran");
    let levels = |cap| {
        let tuning = Tuning {
            caps: [(loudest.lint.name.to_owned(), cap)].into(),
            ..Tuning::default()
        };
        let linted = lint_with(site, &tuning);
        assert_eq!(linted.said.len(), full.said.len());
        let mut said = linted.said.into_iter();
        let said = said.find(|said| said.lint.name == loudest.lint.name);
        said.expect("it is still listed")
    };
    let off = levels(Cap::Off);
    assert!(off.found.is_empty() && off.coverage.is_empty());
    let capped = levels(Cap::AtMost(Level::Note));
    assert_eq!(capped.found.len(), loudest.found.len());
    assert!(
        capped
            .found
            .iter()
            .all(|finding| finding.level == Level::Note)
    );
    let kept: Vec<Level> = levels(Cap::AtMost(Level::Error))
        .found
        .iter()
        .map(|finding| finding.level)
        .collect();
    let before: Vec<Level> = loudest.found.iter().map(|finding| finding.level).collect();
    assert_eq!(kept, before, "a cap raises nothing");
}
