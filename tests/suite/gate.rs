//! From a commit to a verdict: an old repository of three nodes comes under the gate, and lives with it.

use std::fs;
use std::path::Path;

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
    // An option that the services do not look at in that section, which is no error, and can be repaired.
    site.write("neutron.conf", "[DEFAULT]\ncore_plugin = ml2\n\n[ml2]\n");
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
    done(path, &["checkout", "--quiet", "main"]);
    the_baseline_silences_what_is_old(&site);
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
