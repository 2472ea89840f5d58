//! The step that installs: the right release, or none.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::action::runner::{Runner, has};
use crate::against::repository::said;

/// Machines as runners and uname name them, and the targets of `.github/workflows/release.yml`.
const MACHINES: [([&str; 2], &str); 8] = [
    (["Linux", "X64"], "x86_64-unknown-linux-musl"),
    (["Linux", "ARM64"], "aarch64-unknown-linux-musl"),
    (["macOS", "X64"], "x86_64-apple-darwin"),
    (["macOS", "ARM64"], "aarch64-apple-darwin"),
    (["Windows", "X64"], "x86_64-pc-windows-msvc"),
    (["Linux", "aarch64"], "aarch64-unknown-linux-musl"),
    (["Darwin", "arm64"], "aarch64-apple-darwin"),
    (
        ["MINGW64_NT-10.0-26100", "x86_64"],
        "x86_64-pc-windows-msvc",
    ),
];

const LINUX: [&str; 2] = MACHINES[0].0;

fn installed(runner: &Runner, version: &str, machine: [&str; 2]) -> Output {
    let releases = runner.releases();
    let inputs = [
        ("INPUT_VERSION", version),
        ("OVNLINT_RELEASES", &releases),
        ("RUNNER_OS", machine[0]),
        ("RUNNER_ARCH", machine[1]),
    ];
    runner.script("install.sh", Path::new("."), &inputs)
}

/// A runner with a release for every target.
fn runner(name: &str) -> Option<Runner> {
    if !has(&["bash", "curl", "tar"]) {
        return None;
    }
    let runner = Runner::new(name);
    runner.release("1.2.3", &MACHINES.map(|(_, target)| target)[..5]);
    Some(runner)
}

#[test]
fn every_machine_gets_its_release() {
    let Some(runner) = runner("machines") else {
        return;
    };
    for (machine, target) in MACHINES {
        let _ = fs::remove_file(runner.path("path"));
        let output = installed(&runner, "v1.2.3", machine);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(said(&output).ends_with(&format!("{target}\n")));
        let path = runner.read("path");
        let program = Path::new(path.trim_end()).join("ovnlint");
        let told = runner.command(program).output().expect("it is a program");
        assert_eq!(said(&told), format!("{target}\n"));
    }
}

#[test]
fn release_yml_packs_these_targets() {
    let text = fs::read_to_string(".github/workflows/release.yml").expect("it is there");
    for (_, target) in MACHINES {
        assert!(text.contains(&format!("target: {target} }}")), "{target}");
    }
    assert!(text.contains("name=ovnlint-$GITHUB_REF_NAME-$TARGET\n"));
    assert!(text.contains("sha256sum -- *.tar.gz *.whl > SHA256SUMS"));
}

fn refused(runner: &Runner, version: &str, machine: [&str; 2], because: &str) {
    let output = installed(runner, version, machine);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(
        text.contains(&format!("::error title=ovnlint::{because}")),
        "{text}"
    );
    assert_eq!(runner.read("path"), "");
    assert_eq!(runner.left(), <[String; 0]>::default());
}

#[test]
fn what_is_not_the_release_is_refused_and_nothing_is_left() {
    let Some(runner) = runner("refused") else {
        return;
    };
    refused(
        &runner,
        "1.2.3",
        ["Linux", "S390X"],
        "there is no release for Linux-S390X\n",
    );
    refused(
        &runner,
        "../../1.2.3",
        LINUX,
        "the version is no release's number",
    );
    refused(
        &runner,
        "latest",
        LINUX,
        "the version is no release's number",
    );
    refused(&runner, "1.2.4", LINUX, "cannot download file:///");
    let archive = format!("ovnlint-v1.2.3-{}.tar.gz", MACHINES[0].1);
    let sums = runner.path("releases/v1.2.3/SHA256SUMS");
    let text = fs::read_to_string(&sums).expect("it was made");
    let without = text.replace(&archive, &format!("other-{archive}"));
    fs::write(&sums, without).expect("it is ours");
    refused(
        &runner,
        "1.2.3",
        LINUX,
        "SHA256SUMS of v1.2.3 does not name",
    );
    fs::write(&sums, text).expect("it is ours");
    let path = runner.path(&format!("releases/v1.2.3/{archive}"));
    let mut bytes = fs::read(&path).expect("it was made");
    bytes.push(0);
    fs::write(&path, bytes).expect("it is ours");
    let because = format!("{archive} is not what SHA256SUMS of v1.2.3 says");
    refused(&runner, "1.2.3", LINUX, &because);
}

#[test]
fn what_the_workflow_packs_installs() {
    if !has(&["bash", "curl", "tar"]) {
        return;
    }
    let runner = Runner::new("packed");
    runner.program("ovnlint", "#!/bin/sh\necho packed\n");
    let packed = runner
        .command("bash")
        .arg(".github/action/release.sh")
        .arg(runner.path("releases"))
        .arg("9.8.7")
        .arg(runner.path("bin/ovnlint"))
        .envs([("RUNNER_OS", LINUX[0]), ("RUNNER_ARCH", LINUX[1])])
        .output()
        .expect("bash is there");
    assert_eq!(said(&packed), "");
    let output = installed(&runner, "9.8.7", LINUX);
    assert!(said(&output).ends_with("packed\n"), "{}", said(&output));
}
