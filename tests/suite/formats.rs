//! The reports of a run, end to end: several in one, where they go, and what none of them shows.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::command_line::{Scratch, ovnlint};

const FORMATS: [&str; 9] = [
    "text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown",
];

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("reports are UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A site with one error.
fn site(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.write(
        "site/ml2_conf.ini",
        "[ml2_type_geneve]\nvni_ranges = 100:1\n",
    );
    scratch
}

#[test]
fn the_format_never_changes_the_exit_code() {
    let scratch = site("codes");
    scratch.write("empty/notes.txt", "nothing\n");
    for format in FORMATS {
        let code = |arguments: &[&str]| {
            let arguments = [arguments, &["--format", format]].concat();
            ovnlint(&arguments, scratch.path()).status.code()
        };
        assert_eq!(code(&["check", "site"]), Some(1), "{format}");
        assert_eq!(code(&["check", "empty"]), Some(3), "{format}");
        assert_eq!(code(&["check", "missing"]), Some(2), "{format}");
    }
}

/// The plan that takes a site down: its answer comes first where people read, and it fails in every format.
#[test]
fn plans_are_written_in_every_format() {
    let script = "testdata/plan/localnet-physnet2.sh";
    for format in FORMATS {
        let arguments = [
            "plan",
            "testdata/ovn/before",
            "--script",
            script,
            "--format",
            format,
        ];
        let output = ovnlint(&arguments, Path::new(env!("CARGO_MANIFEST_DIR")));
        assert_eq!(output.status.code(), Some(1), "{format}");
        let shown = stdout(&output);
        assert!(shown.contains("change_cuts_management"), "{shown}");
        let first = shown.lines().next().unwrap_or_default();
        let verdict = "this cuts the management network of 2 of 4 nodes";
        if ["concise", "github", "markdown"].contains(&format) {
            assert!(first.trim_matches('*').starts_with(verdict), "{first}");
        }
        let new = shown.contains("\"baselineState\": \"new\"");
        assert_eq!(new, format == "sarif", "{format}");
    }
}

#[test]
fn several_reports_are_written_in_one_run() {
    let scratch = site("several");
    let output = ovnlint(
        &[
            "check",
            "site",
            "--format",
            "sarif=out.sarif",
            "--format",
            "concise",
            "--format",
            "junit=out.xml",
        ],
        scratch.path(),
    );
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let concise = stdout(&output);
    assert!(
        concise.starts_with("site/ml2_conf.ini:2:14: error[tunnel_range_invalid] "),
        "{concise}"
    );
    let read = |name: &str| fs::read_to_string(scratch.path().join(name)).expect("it was written");
    let sarif = read("out.sarif");
    assert!(sarif.contains("\"uri\": \"site/ml2_conf.ini\""));
    assert!(
        sarif.contains("\"text\": \"a tunnel id range cannot be parsed"),
        "{sarif}"
    );
    assert!(read("out.xml").contains("classname=\"site/ml2_conf.ini\""));
    let mut names: Vec<String> = fs::read_dir(scratch.path())
        .expect("it is there")
        .map(|entry| {
            entry
                .expect("it can be read")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    assert_eq!(names, ["out.sarif", "out.xml", "site"]);
}

#[test]
fn a_report_that_cannot_be_written_is_said_and_the_others_are_written() {
    let scratch = site("unwritable");
    let output = ovnlint(
        &[
            "check",
            "site",
            "--format",
            "json=no/such/out.json",
            "--format",
            "concise",
        ],
        scratch.path(),
    );
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(
        said.starts_with("ovnlint: no/such/out.json cannot be written: "),
        "{said}"
    );
    assert!(stdout(&output).contains("tunnel_range_invalid"));
}

#[test]
fn two_reports_for_standard_output_are_refused() {
    let scratch = site("refused");
    for formats in [["json", "text"], ["json=a", "sarif=a"]] {
        let arguments = [
            "check", "site", "--format", formats[0], "--format", formats[1],
        ];
        let output = ovnlint(&arguments, scratch.path());
        assert_eq!(output.status.code(), Some(2));
        assert!(stdout(&output).is_empty());
        assert!(!scratch.path().join("a").exists());
    }
    let output = ovnlint(&["check", "site", "--format", "xml"], scratch.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the formats are text, concise, json, jsonl, sarif, github"));
}

#[test]
fn the_summary_is_added_to_the_file_of_the_step() {
    let scratch = site("summary");
    scratch.write("summary.md", "before\n");
    let run = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ovnlint"));
        command.args(["check", "site", "--format", format]);
        command.current_dir(scratch.path()).env_clear();
        command.env("GITHUB_STEP_SUMMARY", "summary.md");
        command.output().expect("the program was built")
    };
    let summary = || fs::read_to_string(scratch.path().join("summary.md")).expect("it is there");
    run("text");
    assert_eq!(summary(), "before\n");
    let log = stdout(&run("github"));
    assert!(
        log.starts_with("::error file=site/ml2_conf.ini,line=2,endLine=2,col=14,endColumn=19,title=tunnel_range_invalid::"),
        "{log}"
    );
    assert!(summary().starts_with("before\n1 error"), "{}", summary());
    assert!(summary().contains("| error | `tunnel_range_invalid` | site/ml2_conf.ini:2:14: "));
}

/// Secrets where Neutron and Open vSwitch keep them, on lines that lints speak of, and in a script.
#[test]
fn no_format_shows_a_secret() {
    let scratch = Scratch::new("secrets");
    scratch
        .write(
            "etc/neutron/neutron.conf",
            "[DEFAULT]\ntransport_url = rabbit://neutron:SECRET01@192.0.2.10:5672,b:SECRET02@192.0.2.11//\n\
             metadata_proxy_shared_secret SECRET03\npassword = SECRET04 # not a comment\n\
             core_plugin = ml2\n[database]\nconnection = mysql+pymysql://neutron:SECRET05@192.0.2.10/neutron # x\n\
             [keystone_authtoken\nadmin_password = SECRET06\n",
        )
        .write(
            "etc/neutron/ml2_conf.ini",
            "[ml2]\nmechanism_drivers = ovn\n[ml2_type_geneve]\nvni_ranges = 100:1\npassword SECRET07\n\
             [ovn]\novn_nb_connection = tcp:192.0.2.10:6642\nauth_url = http://u:SECRET08@192.0.2.10\n",
        )
        .write(
            "os-compute/ovs.txt",
            "Bridge\n_uuid : 5f1c1c5e-0000-0000-0000-000000000001\nname : br-int\nports : []\n\n\
             _uuid : 5f1c1c5e-0000-0000-0000-000000000002\noptions : {psk=\"SECRET09\", remote_ip=\"192.0.2.2\"}\n",
        )
        .write("topology.toml", "[nodes.os-compute]\npassword = \"SECRET10\"\nmanagment = \"SECRET11\"\n")
        .write(
            "change.sh",
            "ovs-vsctl set Interface vx options:psk=SECRET12\n\
             ovs-vsctl set open . external_ids:admin_password=SECRET13 external_ids:ovn-remote=tcp:u:p@h:1\n\
             curl http://u:SECRET14@192.0.2.1/x | sh\n",
        );
    let planned = [
        "plan",
        ".",
        "--script",
        "change.sh",
        "--node",
        "os-compute",
        "--all",
    ];
    for command in [&["check", "--coverage"][..], &planned] {
        for format in FORMATS {
            let arguments = [command, &["--format", format]].concat();
            let output = ovnlint(&arguments, scratch.path());
            let shown = stdout(&output) + &stderr(&output);
            assert!(
                shown.contains("ini_") || shown.contains("change_"),
                "{shown}"
            );
            // What is no secret by its name.
            let rest = shown.replace("SECRET11", "");
            assert!(!rest.contains("SECRET"), "{command:?} {format}: {rest}");
        }
    }
}
