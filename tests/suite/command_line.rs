//! The program end to end: exit codes, clear messages for bad input, and the rest that is still linted.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A directory of this test alone, removed at the end.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ovnlint-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it lies in the directory"))
            .expect("it can be made");
        fs::write(path, content).expect("it can be written");
        self
    }

    /// The findings of the JSON report, and the exit code.
    fn check(&self) -> (Vec<(String, String, String)>, i32) {
        let output = ovnlint(&["check", "--format", "json", "."], &self.0);
        assert!(
            output.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        let found = report["findings"]
            .as_array()
            .expect("findings are a list")
            .iter()
            .map(|finding| {
                let text = |value: &Value| value.as_str().expect("it is a text").to_owned();
                (
                    text(&finding["lint"]),
                    text(&finding["places"][0]["file"]),
                    text(&finding["message"]),
                )
            });
        (
            found.collect(),
            output.status.code().expect("it ended by itself"),
        )
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn ovnlint(arguments: &[&str], directory: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ovnlint"));
    command.args(arguments).current_dir(directory).env_clear();
    command.output().expect("the program was built")
}

/// A configuration with one defect that must be found whatever else lies beside it.
const BROKEN_RANGE: &str = "[ml2_type_geneve]\nvni_ranges = 100:1\n";

#[test]
fn a_missing_path_is_named_and_nothing_runs() {
    let output = ovnlint(&["check", "no/such/directory"], Path::new("."));
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.starts_with("ovnlint: no/such/directory: ") && said.lines().count() == 1,
        "{said}"
    );
}

#[test]
fn a_wrong_flag_cannot_run() {
    assert_eq!(
        ovnlint(&["check", "--no-such-flag"], Path::new("."))
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn a_directory_without_anything_to_check_is_told_apart_from_a_clean_one() {
    let scratch = Scratch::new("nothing");
    scratch.write("notes.txt", "nothing here");
    assert_eq!(scratch.check(), (vec![], 3));
    scratch.write("ml2_conf.ini", "[ml2]\n");
    assert_eq!(scratch.check(), (vec![], 0));
}

#[test]
fn nothing_to_check_may_be_allowed_and_is_said() {
    let scratch = Scratch::new("allow-nothing");
    scratch.write("notes.txt", "nothing here");
    let allowed = |arguments: &[&str]| {
        let arguments = [&["check", "--allow-nothing", "-q"], arguments].concat();
        let output = ovnlint(&arguments, scratch.path());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), said)
    };
    let sentence = "ovnlint: nothing was checked: there is no input that a lint could look at\n";
    assert_eq!(allowed(&[]), (Some(0), sentence.to_owned()));
    assert_eq!(allowed(&["--fix"]), (Some(0), sentence.to_owned()));
    assert_eq!(allowed(&["--diff"]), (Some(0), sentence.to_owned()));
    // What is no site is still told apart from what cannot run.
    assert_eq!(allowed(&["no/such/directory"]).0, Some(2));
    assert_eq!(allowed(&["--format=sarif=no/such/x"]).0, Some(2));
    scratch.write("ml2_conf.ini", BROKEN_RANGE);
    assert_eq!(allowed(&[]), (Some(1), String::new()));
    scratch.write("ml2_conf.ini", "[ml2]\n");
    assert_eq!(allowed(&[]), (Some(0), String::new()));
}

#[test]
fn one_bad_file_is_one_finding_and_the_rest_is_linted() {
    let cases: [(&str, &str, &[u8], &str); 5] = [
        (
            "binary",
            "os-a/openvswitch_agent.ini",
            b"\x7fELF\x02\x00\x00\xff\xfe",
            "file_unreadable",
        ),
        ("empty-database", "os-a/conf.db", b"", "database_damaged"),
        (
            "garbage-database",
            "os-a/conf.db",
            b"this is no database\n",
            "database_damaged",
        ),
        (
            "typo",
            "topology.toml",
            b"[nodes.os-a]\nmanagment = \"eth0\"\n",
            "topology_invalid",
        ),
        (
            "no-toml",
            "topology.toml",
            b"[nodes.os-a\n",
            "topology_invalid",
        ),
    ];
    for (name, path, content, lint) in cases {
        let scratch = Scratch::new(name);
        scratch
            .write("neutron.conf", "[DEFAULT]\n")
            .write("ml2_conf.ini", BROKEN_RANGE)
            .write(path, content);
        let (found, code) = scratch.check();
        let about_it: Vec<_> = found.iter().filter(|(_, file, _)| file == path).collect();
        assert_eq!(about_it.len(), 1, "{name}: {found:?}");
        assert_eq!(about_it[0].0, lint, "{name}");
        assert!(
            found
                .iter()
                .any(|(lint, ..)| lint == "tunnel_range_invalid"),
            "{name}: the rest was not linted: {found:?}"
        );
        assert_eq!(code, 1, "{name}");
    }
}

#[test]
fn a_typing_error_in_the_topology_gets_a_suggestion() {
    let scratch = Scratch::new("suggestion");
    scratch.write("topology.toml", "[nodes.os-a]\nmanagment = \"eth0\"\n");
    let (found, _) = scratch.check();
    assert!(
        found[0].2.contains("`managment`") && found[0].2.contains("`management`"),
        "{found:?}"
    );
}

/// `conf.db` cut anywhere: what stands before the cut is used, and the cut is said, at its byte.
#[test]
fn a_database_that_is_cut_is_read_up_to_the_cut() {
    let whole = fs::read("testdata/incidents/openflow15/os-compute/etc/openvswitch/conf.db")
        .expect("it is part of the project");
    let scratch = Scratch::new("cut");
    scratch.write("os-compute/conf.db", &whole[..whole.len() - 7]);
    let (found, code) = scratch.check();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].0.as_str(), found[0].1.as_str(), code),
        ("database_torn", "os-compute/conf.db", 0)
    );
    assert!(found[0].2.contains("byte "), "{}", found[0].2);
    scratch.write("os-compute/conf.db", &whole[..whole.len() / 2]);
    let (found, _) = scratch.check();
    assert!(
        found.iter().any(|(lint, ..)| lint.starts_with("database_")),
        "{found:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_fifo_is_never_opened() {
    let scratch = Scratch::new("fifo");
    scratch.write("ml2_conf.ini", BROKEN_RANGE);
    let made = Command::new("mkfifo")
        .arg(scratch.0.join("neutron.conf"))
        .status()
        .expect("mkfifo is there");
    assert!(made.success());
    let (found, code) = scratch.check();
    let about_it: Vec<_> = found
        .iter()
        .filter(|(_, file, _)| file == "neutron.conf")
        .collect();
    assert_eq!(about_it.len(), 1, "{found:?}");
    assert!(
        about_it[0].0 == "file_unreadable" && about_it[0].2.contains("FIFO"),
        "{found:?}"
    );
    assert_eq!(code, 1);
}

/// The memory of a process is a regular file whose first byte cannot be read.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_fails_while_it_is_read_is_named() {
    let output = ovnlint(
        &["check", "/proc/self/mem", "--format", "json"],
        Path::new("."),
    );
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let finding = &report["findings"][0];
    assert_eq!(finding["lint"], "file_unreadable");
    assert!(
        finding["message"]
            .as_str()
            .is_some_and(|text| text.contains("proc/self/mem cannot be read: ")),
        "{finding}"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_of_the_tree() {
    let outside = Scratch::new("outside");
    outside.write("ml2_conf.ini", BROKEN_RANGE);
    let scratch = Scratch::new("link");
    std::os::unix::fs::symlink(
        outside.0.join("ml2_conf.ini"),
        scratch.0.join("ml2_conf.ini"),
    )
    .expect("a link can be made");
    let (found, code) = scratch.check();
    assert_eq!((found.len(), code), (1, 1), "{found:?}");
    assert!(
        found[0].0 == "file_unreadable" && found[0].2.contains("a link out of the tree"),
        "{found:?}"
    );
}

#[test]
fn backups_are_no_configuration() {
    let scratch = Scratch::new("backup");
    scratch
        .write("ml2_conf.ini.bak", BROKEN_RANGE)
        .write("ml2_conf.ini~", BROKEN_RANGE);
    assert_eq!(scratch.check(), (vec![], 3));
}

#[test]
fn show_files_names_every_file_and_its_node() {
    let output = ovnlint(
        &["check", "--show-files", "testdata/incidents/openflow15"],
        Path::new("."),
    );
    let said = String::from_utf8(output.stdout).expect("it is text");
    let of = |path: &str| {
        said.lines()
            .find(|line| line.contains(path))
            .unwrap_or_else(|| panic!("{path} is not named:\n{said}"))
    };
    assert!(of("os-compute/etc/openvswitch/conf.db").ends_with("of os-compute"));
    assert!(of("topology.toml").ends_with("topology"));
}

#[test]
fn coverage_tells_checked_from_unknown() {
    let output = ovnlint(
        &[
            "check",
            "--coverage",
            "--format",
            "json",
            "lints/integration_bridge_no_openflow15/good",
        ],
        Path::new("."),
    );
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let rows = report["coverage"]
        .as_array()
        .expect("coverage was asked for");
    let state = |lint: &str| {
        let row = rows
            .iter()
            .find(|row| row["lint"] == lint)
            .unwrap_or_else(|| panic!("no row for {lint}"));
        row["state"].as_str().expect("it is a text").to_owned()
    };
    assert_eq!(state("integration_bridge_no_openflow15"), "checked");
    assert_eq!(state("vni_ranges_oversized"), "not_applicable");
    assert_eq!(
        rows.iter()
            .filter(|row| row["state"] == "unknown" && row["needs"] == "")
            .count(),
        0
    );
}

#[test]
fn an_unknown_lint_gets_a_suggestion() {
    let output = ovnlint(&["explain", "encap_unsett"], Path::new("."));
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("`encap_unset`"));
    let output = ovnlint(&["explain", "encap_unset"], Path::new("."));
    assert!(
        output.status.success()
            && String::from_utf8_lossy(&output.stdout).starts_with("encap_unset (error")
    );
}
