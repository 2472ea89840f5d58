//! Installing a release: the right one for the runner, and only with the right checksum.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use sha2::{Digest, Sha256};

use super::Runner;
use crate::against::repository::said;

const NAME: &str = "ovnlint-v9.8.7-x86_64-unknown-linux-musl";

/// Puts a release into the directory `releases/v9.8.7`: a program that tells its version.
fn release(runner: &Runner) {
    let root = runner.scratch.path();
    let script = "#!/bin/sh\necho ovnlint 9.8.7\n";
    runner.program("ovnlint", script);
    let unpacked = root.join("releases/v9.8.7").join(NAME);
    fs::create_dir_all(&unpacked).expect("it can be made");
    fs::rename(root.join("bin/ovnlint"), unpacked.join("ovnlint")).expect("both are there");
    let packed = Command::new("tar")
        .args(["-czf", &format!("{NAME}.tar.gz"), NAME])
        .current_dir(root.join("releases/v9.8.7"))
        .status()
        .expect("tar is installed");
    assert!(packed.success());
    fs::remove_dir_all(unpacked).expect("it is there");
    let archive = fs::read(root.join(format!("releases/v9.8.7/{NAME}.tar.gz")));
    let digest = Sha256::digest(archive.expect("it was packed"));
    let digest: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let digest = digest.concat();
    let other = "0".repeat(64);
    sums(
        runner,
        &format!("{other}  other.tar.gz\n{digest}  {NAME}.tar.gz\n"),
    );
}

fn sums(runner: &Runner, content: &str) {
    runner.scratch.write("releases/v9.8.7/SHA256SUMS", content);
}

fn install(runner: &Runner, settings: &[(&str, &str)]) -> Output {
    let releases = format!(
        "file://{}",
        runner.scratch.path().join("releases").display()
    );
    let common = [
        ("OVNLINT_VERSION", "9.8.7"),
        ("OVNLINT_DOWNLOADS", &*releases),
    ];
    runner.script("install.sh", Path::new("."), &[&common, settings].concat())
}

/// Whether curl is there; where it is not, the test says so and is over.
fn has_curl() -> bool {
    let found = Command::new("curl").arg("--version").output().is_ok();
    let live = std::env::var("OVNLINT_LIVE").as_deref() == Ok("1");
    assert!(found || !live, "curl is needed");
    if !found {
        println!("skipped: curl is not installed, nothing was downloaded");
    }
    found
}

fn refused(runner: &Runner, output: &Output, sentence: &str) {
    assert_eq!(output.status.code(), Some(2), "{}", said(output));
    let line = format!("::error title=ovnlint::{sentence}");
    assert!(said(output).contains(&line), "{}", said(output));
    assert_eq!(runner.read("path"), "");
}

#[test]
fn the_release_is_found_by_the_steps_that_follow() {
    if !has_curl() {
        return;
    }
    let runner = Runner::new("action-install");
    release(&runner);
    for version in ["9.8.7", "v9.8.7"] {
        runner.scratch.write("path", "");
        let output = install(&runner, &[("OVNLINT_VERSION", version)]);
        assert_eq!(said(&output), "ovnlint 9.8.7\n");
        let path = runner.read("path");
        let directory = Path::new(path.trim_end());
        assert!(directory.starts_with(runner.scratch.path().join("temp")));
        let output = Command::new(directory.join("ovnlint")).output();
        assert_eq!(said(&output.expect("it is there")), "ovnlint 9.8.7\n");
        assert_eq!(path.lines().count(), 1);
    }
}

#[test]
fn a_wrong_checksum_installs_nothing() {
    if !has_curl() {
        return;
    }
    let runner = Runner::new("action-checksum");
    release(&runner);
    let wrong = "1".repeat(64);
    sums(&runner, &format!("{wrong}  {NAME}.tar.gz\n"));
    let sentence = format!("the checksum of {NAME}.tar.gz is ");
    refused(&runner, &install(&runner, &[]), &sentence);
    // A name that only ends with the right one does not count.
    sums(&runner, &format!("{wrong}  x{NAME}.tar.gz\n"));
    let sentence = format!("SHA256SUMS of v9.8.7 has no checksum of {NAME}.tar.gz");
    refused(&runner, &install(&runner, &[]), &sentence);
}

#[test]
fn what_is_not_released_is_said() {
    if !has_curl() {
        return;
    }
    let runner = Runner::new("action-unreleased");
    release(&runner);
    let output = install(&runner, &[("RUNNER_ARCH", "X86")]);
    refused(&runner, &output, "there is no release for Linux on X86");
    let output = install(&runner, &[("OVNLINT_VERSION", "9.8.8")]);
    assert!(
        said(&output).contains(
            "/v9.8.8/ovnlint-v9.8.8-x86_64-unknown-linux-musl.tar.gz cannot be downloaded"
        )
    );
    for version in ["", "latest", "1.2.3/../../x", "$(touch pwned)", "1.2.3\n4"] {
        let output = install(&runner, &[("OVNLINT_VERSION", version)]);
        refused(&runner, &output, "`version` is a release, such as 0.1.0");
    }
}

/// Every archive that a release has is one that some runner asks for.
#[test]
fn the_targets_are_those_of_the_release() {
    let script = fs::read_to_string(".github/action/install.sh").expect("it is there");
    let workflow = fs::read_to_string(".github/workflows/release.yml").expect("it is there");
    let mut asked: Vec<&str> = script
        .lines()
        .filter_map(|line| line.split_once(") target=")?.1.split(' ').next())
        .collect();
    let mut built: Vec<&str> = workflow
        .lines()
        .filter_map(|line| line.split_once("target: ")?.1.strip_suffix(" }"))
        .collect();
    asked.sort_unstable();
    built.sort_unstable();
    assert_eq!(asked.len(), 5);
    assert_eq!(asked, built);
}
