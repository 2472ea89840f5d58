//! A git repository with a site, made by a test, and the program run in it: neither sees the settings of who runs it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::command_line::Scratch;

/// The nodes of the site.
const NODES: [&str; 3] = ["os-a", "os-b", "os-c"];

/// A configuration with a defect that is there from the first commit on.
pub const REVERSED: &str = "[ml2_type_geneve]\nvni_ranges = 100:1\n";
pub const RANGES: &str = "[ml2_type_geneve]\nvni_ranges = 1:100\n";

/// A command that knows nothing of the settings of who runs the test.
pub fn alone(program: &str, directory: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory).env_clear();
    for name in ["PATH", "SystemRoot", "TEMP", "TMP"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("HOME", directory)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", directory.join("no-such-file"));
    command
}

pub fn git(directory: &Path, arguments: &[&str]) -> Output {
    let settings = [
        "user.name=ovnlint",
        "user.email=ovnlint@example.com",
        "init.defaultBranch=main",
        "protocol.file.allow=always",
    ];
    let mut command = alone("git", directory);
    for setting in settings {
        command.args(["-c", setting]);
    }
    command.args(arguments).output().expect("git is installed")
}

/// Whether git is there; where it is not, the test says so and is over.
pub fn has_git() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok();
    assert!(
        found || std::env::var_os("OVNLINT_LIVE").is_none(),
        "git is missing"
    );
    if !found {
        let _ = writeln!(std::io::stderr(), "git is missing: its tests are skipped");
    }
    found
}

pub fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr].concat();
    String::from_utf8_lossy(&text).into_owned()
}

pub fn done(directory: &Path, arguments: &[&str]) {
    let output = git(directory, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
}

pub fn commit(directory: &Path, message: &str) {
    done(directory, &["add", "--all"]);
    done(directory, &["commit", "--quiet", "--message", message]);
}

fn show(fail_mode: &str) -> String {
    format!(
        "06de2e26-8048-449e-a7d2-d541b7dd0ac0
    Bridge br-int
        fail_mode: secure
        datapath_type: system
        Port br-int
            Interface br-int
                type: internal
    Bridge br-ex
{fail_mode}        datapath_type: system
        Port br-ex
            Interface br-ex
                type: internal
        Port enp7s0
            Interface enp7s0
"
    )
}

pub fn secure(site: &Scratch, node: &str) {
    site.write(
        &format!("{node}/show.txt"),
        show("        fail_mode: secure\n"),
    );
}

fn standalone(site: &Scratch, node: &str) {
    site.write(&format!("{node}/show.txt"), show(""));
}

/// Writes the site as the first commit has it.
pub fn site(name: &str) -> Scratch {
    let site = Scratch::new(name);
    for (at, node) in NODES.iter().enumerate() {
        standalone(&site, node);
        let ids = format!(
            "{{hostname={node}, ovn-bridge-mappings=\"physnet1:br-ex\", ovn-encap-ip=\"10.0.0.1{at}\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.11:6642\", system-id={node}}}\n"
        );
        site.write(&format!("{node}/external_ids.txt"), ids);
    }
    site.write("ml2_conf.ini", REVERSED);
    site.write(
        "topology.toml",
        "[nodes.os-a]\nmanagement = \"enp6s18\"\n[nodes.os-b]\nmanagement = \"enp6s18\"\n[nodes.os-c]\nmanagement = \"enp6s18\"\n",
    );
    done(site.path(), &["init", "--quiet"]);
    site
}

/// Five commits: the third makes br-ex of os-b secure, the fifth puts that right.
pub fn history(name: &str) -> Scratch {
    let site = site(name);
    commit(site.path(), "Describe the site");
    site.write("notes.txt", "Three nodes.\n");
    commit(site.path(), "Note what it is");
    secure(&site, "os-b");
    commit(site.path(), "Secure the provider bridge");
    site.write("ml2_conf.ini", RANGES);
    commit(site.path(), "Put the ranges right");
    standalone(&site, "os-b");
    commit(site.path(), "Open the provider bridge again");
    site
}

/// Lint, status, subject and first file of each finding, and the exit code.
pub type Found = (Vec<[String; 4]>, i32);

pub fn check_in(
    directory: &Path,
    arguments: &[&str],
    prepare: impl FnOnce(&mut Command),
) -> Output {
    let mut command = alone(env!("CARGO_BIN_EXE_ovnlint"), directory);
    command.arg("check").args(arguments);
    prepare(&mut command);
    command.output().expect("the program was built")
}

pub fn found(output: &Output) -> Found {
    assert!(output.stderr.is_empty(), "{}", said(output));
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let findings = report["findings"].as_array().expect("a list");
    let findings = findings.iter().map(|finding| {
        let fields = [
            &finding["lint"],
            &finding["status"],
            &finding["subject"],
            &finding["places"][0]["file"],
        ];
        fields.map(|field| field.as_str().expect("a text").to_owned())
    });
    let code = output.status.code().expect("it ended by itself");
    (findings.collect(), code)
}

pub fn check(directory: &Path, arguments: &[&str]) -> Found {
    let arguments = [&["--format", "json"], arguments].concat();
    found(&check_in(directory, &arguments, |_| {}))
}

/// What is found of the state; lints of changes apart.
pub fn of_state((findings, code): Found) -> Found {
    let of_state = |finding: &[String; 4]| !finding[0].starts_with("change_");
    (findings.into_iter().filter(of_state).collect(), code)
}

pub fn rows(rows: &[[&str; 4]]) -> Vec<[String; 4]> {
    let owned = |row: &[&str; 4]| row.map(str::to_owned);
    rows.iter().map(owned).collect()
}
