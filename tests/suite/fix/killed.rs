//! A run of `--fix` that is killed at any moment leaves the old file or the new one, whole.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{report, text, tree};
use crate::command_line::Scratch;

const KILLS: u32 = 200;

const NAME: &str = "neutron.conf";

/// A megabyte with one defect at each end. Reading takes its time for each character, so that these are long.
fn wrong() -> String {
    let filler = format!("# {}\n", "\u{1f9f1}".repeat(16_000)).repeat(16);
    format!("[default]\nservice_plugins = a\n{filler}[ agent ]\nroot_helper = sudo\n")
}

fn right(wrong: &str) -> String {
    wrong
        .replace("[default]", "[DEFAULT]")
        .replace("[ agent ]", "[agent]")
}

fn start(directory: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ovnlint"));
    command.args(["check", "--fix"]).current_dir(directory);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program was built")
}

/// How long a whole run takes.
fn measured(site: &Scratch) -> Duration {
    let started = Instant::now();
    start(site.path()).wait().expect("it ends");
    started.elapsed()
}

#[test]
fn a_killed_run_leaves_the_old_file_or_the_new_one() {
    let site = Scratch::new("fix-killed");
    let (old, new) = (wrong(), right(&wrong()));
    site.write(NAME, &old);
    let whole = measured(&site);
    assert_eq!(
        text(&site, NAME),
        new,
        "the defects are not the ones that were meant"
    );
    let (mut old_ones, mut new_ones, mut left) = (0, 0, 0);
    // Moments that lie apart evenly, in an order that is not theirs: 83 and 200 have no divisor in common.
    for number in 0..KILLS {
        site.write(NAME, &old);
        let mut run = start(site.path());
        // Some come late: a run may take longer than the one that was measured.
        sleep(whole * (number * 83 % KILLS) / (KILLS * 9 / 10));
        run.kill().expect("it is our own");
        run.wait().expect("it was killed");
        let found = text(&site, NAME);
        assert!(
            found == old || found == new,
            "a part of a file, of {} bytes",
            found.len()
        );
        if found == old {
            old_ones += 1;
        } else {
            new_ones += 1;
        }
        left = left.max(tree(site.path()).len() - 1);
    }
    println!(
        "{KILLS} kills within {whole:?}: {old_ones} old, {new_ones} new, up to {left} files left beside"
    );
    assert!(
        old_ones > 0 && new_ones > 0,
        "this proved nothing: {old_ones} old, {new_ones} new"
    );
    later_runs_are_not_disturbed(&site, &old, &new);
}

/// Half a file with its own defect, as a killed run leaves it, is no input, and the next run clears it away.
fn later_runs_are_not_disturbed(site: &Scratch, old: &str, new: &str) {
    let left = format!(".{NAME}.1.ovnlint-new");
    site.write(&left, "[default]\nservice_plugins");
    site.write(NAME, old);
    let found = report(site, &[]);
    let files = &found["summary"]["files"];
    assert_eq!(files, 1, "{found:#}");
    for finding in found["findings"].as_array().expect("a list") {
        assert_eq!(finding["places"][0]["file"], NAME);
    }
    report(site, &["--fix"]);
    let files: Vec<_> = tree(site.path()).into_iter().collect();
    assert_eq!(files.len(), 1, "something was left beside");
    assert!(fs::read(site.path().join(NAME)).expect("it is there") == new.as_bytes());
}
