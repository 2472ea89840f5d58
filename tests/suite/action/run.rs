//! The step that checks: words arrive whole, and what the runner wants is written.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::action::runner::{Runner, STUB, has};
use crate::against::repository::said;

/// The outputs: the exit code, and the file with SARIF.
pub fn outputs(runner: &Runner) -> (String, Option<PathBuf>) {
    let text = runner.read("output");
    let value = |name: &str| {
        let lines = text.lines().filter_map(|line| line.strip_prefix(name));
        let values: Vec<_> = lines.collect();
        assert!(values.len() < 2, "{text}");
        values.first().map(|value| (*value).to_owned())
    };
    let code = value("exit-code=").expect("it is always written");
    (code, value("sarif=").map(PathBuf::from))
}

/// The lints of the results.
pub fn sarif_lints(file: &Path) -> Vec<String> {
    let text = fs::read(file).expect("it was written");
    let log: Value = serde_json::from_slice(&text).expect("SARIF is JSON");
    let results = log["runs"][0]["results"].as_array().expect("a list");
    let mut lints: Vec<String> = results
        .iter()
        .map(|found| found["ruleId"].as_str().expect("a name").to_owned())
        .collect();
    lints.sort();
    lints.dedup();
    lints
}

#[test]
fn every_line_is_one_word_whatever_is_in_it() {
    if !has(&["bash"]) {
        return;
    }
    let runner = Runner::new("words");
    runner.program("ovnlint", STUB);
    let inputs = [
        ("INPUT_PATHS", "a site/\n--no-such-flag\n\n"),
        ("INPUT_AGAINST", "none"),
        ("INPUT_FAIL_ON", "$(touch hacked) note"),
        (
            "INPUT_ARGS",
            "--config\n it's \"a\" file \r\n$(touch hacked)\n`touch hacked`\n*\n\\n ${HOME};&|\n",
        ),
    ];
    let output = runner.script("run.sh", &runner.path("temp"), &inputs);
    let sarif = &runner.left()[0];
    let sarif = format!(
        "<sarif={}/ovnlint.sarif>",
        runner.path("temp").join(sarif).display()
    );
    let words = [
        "<check>",
        "<--fail-on=$(touch hacked) note>",
        "<--config>",
        "< it's \"a\" file >",
        "<$(touch hacked)>",
        "<`touch hacked`>",
        "<*>",
        "<\\n ${HOME};&|>",
        "<--format>",
        "<github>",
        "<--format>",
        &sarif,
        "<-->",
        "<a site/>",
        "<--no-such-flag>",
    ];
    assert_eq!(said(&output).lines().collect::<Vec<_>>(), words);
    assert_eq!(runner.left().len(), 1, "nothing was run");
    assert_eq!(outputs(&runner), ("0".to_owned(), None));
}

#[test]
fn without_a_path_it_is_the_working_directory() {
    if !has(&["bash"]) {
        return;
    }
    let runner = Runner::new("path");
    runner.program("ovnlint", STUB);
    let inputs = [("INPUT_PATHS", "\n"), ("INPUT_AGAINST", "none")];
    let output = runner.script("run.sh", Path::new("."), &inputs);
    assert!(said(&output).ends_with("<-->\n<.>\n"), "{}", said(&output));
}

#[test]
fn findings_fail_the_step_and_are_written() {
    if !has(&["bash"]) {
        return;
    }
    let runner = Runner::new("findings").with_ovnlint();
    let inputs = [
        ("INPUT_PATHS", "testdata/incidents/localnet"),
        ("INPUT_AGAINST", "none"),
    ];
    let output = runner.script("run.sh", Path::new("."), &inputs);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("title=management_captured::"));
    let (code, sarif) = outputs(&runner);
    assert_eq!(code, "1");
    let lints = [
        "agent_mapping_ignored",
        "management_captured",
        "management_on_provider_bridge",
        "physnet_unmapped",
    ];
    assert_eq!(sarif_lints(&sarif.expect("it was checked")), lints);
    assert!(runner.read("summary").contains("management_captured"));
}

#[test]
fn a_step_that_checked_nothing_has_nothing_to_upload() {
    if !has(&["bash"]) {
        return;
    }
    let cases = [
        ("clean", "testdata/incidents/localnet-corrected\n", "", 0),
        ("empty", "src", "", 3),
        ("missing", "no/such/directory", "", 2),
        ("flag", "testdata/incidents/localnet", "--no-such-flag", 2),
    ];
    for (name, paths, arguments, code) in cases {
        let runner = Runner::new(name).with_ovnlint();
        let inputs = [
            ("INPUT_PATHS", paths),
            ("INPUT_AGAINST", "none"),
            ("INPUT_ARGS", arguments),
        ];
        let output = runner.script("run.sh", Path::new("."), &inputs);
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        let (told, sarif) = outputs(&runner);
        assert_eq!(told, code.to_string());
        assert_eq!(sarif.is_some(), code == 0, "{name}");
    }
}

#[test]
fn without_the_commit_before_it_does_not_run() {
    if !has(&["bash", "git"]) {
        return;
    }
    let runner = Runner::new("lost").with_ovnlint();
    let site = runner.path("site");
    fs::create_dir(&site).expect("it is ours");
    let before = "1234567890123456789012345678901234567890";
    let output = runner.script("run.sh", &site, &[("EVENT_BASE", before)]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains(&format!("cannot fetch {before}")));
    assert_eq!(outputs(&runner), ("2".to_owned(), None));
}
