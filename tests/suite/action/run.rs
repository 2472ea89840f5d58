//! Running the check: words stay whole, the exit code and the files of the runner are right, the base is fetched.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::Runner;
use crate::against::repository::{done, git, has_git, history, said};
use crate::command_line::Scratch;

/// A stand-in that writes down its words and ends with 7.
const RECORDER: &str = "#!/bin/sh\nprintf '%s\\0' \"$@\" >\"$RUNNER_TEMP/words\"\nexit 7\n";

fn run(runner: &Runner, directory: &Path, settings: &[(&str, &str)]) -> Output {
    runner.script("run.sh", directory, settings)
}

/// The words that the program got, but for the file of the SARIF report.
fn words(runner: &Runner) -> Vec<String> {
    let words = runner.read("temp/words");
    let words = words.trim_end_matches('\0').split('\0');
    let words = words.filter(|word| !word.starts_with("--format=sarif="));
    words.map(str::to_owned).collect()
}

/// Puts the real program into PATH.
fn real(runner: &Runner) {
    let program = env!("CARGO_BIN_EXE_ovnlint");
    runner.program("ovnlint", &format!("#!/bin/sh\nexec '{program}' \"$@\"\n"));
}

fn outputs(runner: &Runner) -> Vec<(String, String)> {
    let text = runner.read("output");
    let lines = text.lines().map(|line| {
        let (name, value) = line.split_once('=').expect("a name and a value");
        (name.to_owned(), value.to_owned())
    });
    lines.collect()
}

#[test]
fn words_stay_whole() {
    let runner = Runner::new("action-words");
    runner.program("ovnlint", RECORDER);
    let directory = Scratch::new("action-words-site");
    let settings = [
        ("OVNLINT_AGAINST", "v1 $(touch pwned)"),
        ("OVNLINT_FAIL_ON", "note"),
        (
            "OVNLINT_ARGS",
            "--coverage\r\n\n--config=a b'\"`touch pwned`.toml\n",
        ),
        (
            "OVNLINT_PATHS",
            "site one\n--help\n$(touch pwned)\n*; touch pwned",
        ),
    ];
    let output = run(&runner, directory.path(), &settings);
    assert_eq!(output.status.code(), Some(7), "{}", said(&output));
    let expected = [
        "check",
        "--format",
        "github",
        "--against=v1 $(touch pwned)",
        "--fail-on=note",
        "--coverage",
        "--config=a b'\"`touch pwned`.toml",
        "--",
        "site one",
        "--help",
        "$(touch pwned)",
        "*; touch pwned",
    ];
    assert_eq!(words(&runner), expected);
    assert_eq!(outputs(&runner), [("exit-code".to_owned(), "7".to_owned())]);
    let entries = fs::read_dir(directory.path()).expect("it is there");
    assert_eq!(entries.count(), 0);
}

#[test]
fn without_a_commit_before_all_findings_count() {
    let runner = Runner::new("action-no-base");
    runner.program("ovnlint", RECORDER);
    let zeros = "0".repeat(40);
    for base in ["", &*zeros, "--upload-pack=x"] {
        let output = run(&runner, Path::new("."), &[("OVNLINT_BASE", base)]);
        assert!(said(&output).contains("all findings count"), "{base}");
        assert_eq!(words(&runner), ["check", "--format", "github", "--", "."]);
    }
    let output = run(&runner, Path::new("."), &[("OVNLINT_AGAINST", "none")]);
    assert_eq!(said(&output), "");
    assert_eq!(words(&runner), ["check", "--format", "github", "--", "."]);
}

#[test]
fn findings_reach_the_log_the_summary_and_the_sarif_file() {
    if !has_git() {
        return;
    }
    let site = history("action-history");
    done(site.path(), &["checkout", "--quiet", "main~2"]);
    let base = said(&git(site.path(), &["rev-parse", "HEAD~1"]));
    let base = ("OVNLINT_BASE", base.trim());
    let runner = Runner::new("action-findings");
    real(&runner);
    let output = run(&runner, site.path(), &[base]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let log = said(&output);
    assert!(log.contains("::error file=os-b/show.txt,line="), "{log}");
    assert!(!log.contains("tunnel_range_invalid"), "it is old: {log}");
    assert!(runner.read("summary").contains("provider_bridge_secure"));
    let outputs = outputs(&runner);
    let [(code, one), (sarif, file)] = &outputs[..] else {
        panic!("{outputs:?}");
    };
    assert_eq!([code, one, sarif], ["exit-code", "1", "sarif"]);
    let document = fs::read(file).expect("it was written");
    let document: Value = serde_json::from_slice(&document).expect("it is JSON");
    assert_eq!(document["version"], "2.1.0");
    assert_eq!(document["runs"][0]["tool"]["driver"]["name"], "ovnlint");

    let quiet = Runner::new("action-quiet");
    real(&quiet);
    done(site.path(), &["checkout", "--quiet", "main"]);
    let settings = [base, ("OVNLINT_SUMMARY", "false")];
    let output = run(&quiet, site.path(), &settings);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(quiet.read("summary"), "");
    let settings = [("OVNLINT_AGAINST", "no-such-revision")];
    let output = run(&quiet, site.path(), &settings);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

/// As actions/checkout leaves it: the last commit alone.
#[test]
fn the_commit_before_is_fetched_into_a_shallow_clone() {
    if !has_git() {
        return;
    }
    let site = history("action-origin");
    let base = said(&git(site.path(), &["rev-parse", "main~2"]));
    let base = base.trim();
    let clone = Scratch::new("action-clone");
    let origin = format!("file://{}", site.path().display());
    let directory = clone.path();
    done(directory, &["clone", "--quiet", "--depth=1", &origin, "."]);
    let present = |revision: &str| {
        git(directory, &["cat-file", "-e", revision])
            .status
            .success()
    };
    assert!(!present(base));
    let runner = Runner::new("action-shallow");
    runner.program("ovnlint", RECORDER);
    run(&runner, directory, &[("OVNLINT_BASE", base)]);
    assert!(present(base));
    let against = format!("--against={base}");
    assert!(words(&runner).contains(&against), "{:?}", words(&runner));

    let named = said(&git(site.path(), &["rev-parse", "main~1"]));
    run(&runner, directory, &[("OVNLINT_AGAINST", named.trim())]);
    assert!(present(named.trim()));

    let missing = "1".repeat(40);
    let output = run(&runner, directory, &[("OVNLINT_BASE", &missing)]);
    let warning = format!("::warning title=ovnlint::{missing}, the commit before, cannot be");
    assert!(said(&output).contains(&warning), "{}", said(&output));
    assert_eq!(words(&runner), ["check", "--format", "github", "--", "."]);
}
