//! A patch makes of the files what `--fix` would, by git and by patch, and shows no secret.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use ovnlint::lints::LINTS;

use super::{copied, report, said, tree};
use crate::command_line::{Scratch, ovnlint};

/// The programs that are here, with their arguments.
fn programs() -> Vec<(&'static str, &'static [&'static str])> {
    let all: [(&str, &[&str]); 2] = [
        ("git", &["apply", "--whitespace=nowarn"]),
        ("patch", &["-p1", "-s", "-F0"]),
    ];
    let found = all.into_iter().filter(|(program, _)| {
        // GNU's; others read no quoted names.
        let gnu = *program == "git" || cfg!(target_os = "linux");
        let found = gnu && Command::new(program).arg("--version").output().is_ok();
        if !found {
            eprintln!("{program} is missing: that it takes the patch is not tested");
        }
        found
    });
    found.collect()
}

fn apply(program: &str, arguments: &[&str], patch: &[u8], directory: &Path) {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory);
    // Not the repository that the test itself may run in.
    command.env(
        "GIT_CEILING_DIRECTORIES",
        directory.parent().expect("it has one"),
    );
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = child.spawn().expect("it is there");
    let mut input = child.stdin.take().expect("it is piped");
    std::io::Write::write_all(&mut input, patch).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{program}: {}", said(&output));
}

/// The patch of a site gives what `--fix` gives, byte for byte.
fn agrees(from: &str, name: &str) -> usize {
    let site = copied(from, name);
    let before = tree(site.path());
    let patch = ovnlint(&["check", "--diff", "--unsafe-fixes"], site.path());
    assert_eq!(tree(site.path()), before, "{from}: --diff wrote");
    report(&site, &["--fix", "--unsafe-fixes"]);
    let fixed = tree(site.path());
    let changes = patch.stdout.windows(4).any(|bytes| bytes == b"--- ");
    assert_eq!(changes, fixed != before, "{from}: {}", said(&patch));
    if !changes {
        return 0;
    }
    for (program, arguments) in programs() {
        let copy = copied(from, &format!("{name}-{program}"));
        apply(program, arguments, &patch.stdout, copy.path());
        assert_eq!(tree(copy.path()), fixed, "{from}: {program}");
    }
    1
}

#[test]
fn a_patch_makes_of_every_example_what_fix_makes() {
    let examples = LINTS.iter().map(|lint| format!("lints/{}/bad", lint.name));
    let changed: usize = examples.map(|from| agrees(&from, "patch-catalogue")).sum();
    assert!(changed >= 6, "{changed}");
}

/// Lines of every kind around changes: CRLF, CR alone, escapes, no end, names with blanks and quotes.
#[cfg(unix)]
#[test]
fn a_patch_is_exact_whatever_stands_in_the_files() {
    let site = Scratch::new("patch-hostile");
    let context = "# a\rb\u{1b}[2J\u{202e}\u{0}\t \r\n";
    let wrong = format!("{context}[DEFAULT]\r\nService-Plugins = a\r\n{context}{context}");
    let names = ["a b/neutron.conf", "a\"\\\t/neutron.conf", "ü/neutron.conf"];
    for name in names {
        site.write(name, &wrong);
    }
    let end = "# x\n# y\n# z\n# w\n# password\n[DEFAULT]\nservice-plugins = a";
    site.write("end/neutron.conf", end);
    let from = site.path().to_str().expect("it is plain");
    assert_eq!(agrees(from, "patch-hostile-copy"), 1);
}

#[test]
fn no_secret_is_in_a_patch_and_the_patch_applies_all_the_same() {
    let site = Scratch::new("patch-secret");
    let near =
        "[DEFAULT]\ntransport_url = rabbit://u:hunter1@h\n# a\nservice-plugins = a\n# b\n# c\n";
    site.write("a/neutron.conf", near);
    let from = site.path().to_str().expect("it is plain").to_owned();
    assert_eq!(agrees(&from, "patch-secret-copy"), 1);
    // Next to the change there is no way around it.
    let beside = "[DEFAULT]\nservice-plugins = a\npassword = hunter2\n";
    site.write("b/neutron.conf", beside);
    let key = "[DEFAULT]\nTransport_Url = rabbit://u:hunter3@h\n";
    site.write("c/neutron.conf", key);
    let output = ovnlint(&["check", "--diff"], site.path());
    let patch = said(&output);
    assert!(!patch.contains("hunter"), "{patch}");
    for line in [
        "# b/neutron.conf is left out, for line 3 holds a secret and lies at what would change; --fix changes it\n",
        "# c/neutron.conf is left out, for line 2 holds a secret and lies at what would change; --fix changes it\n",
        "--- a/a/neutron.conf\n",
    ] {
        assert!(patch.contains(line), "{patch}");
    }
    let fixed = ovnlint(&["check", "--fix"], site.path());
    assert!(!said(&fixed).contains("hunter"), "{}", said(&fixed));
    let written = fs::read_to_string(site.path().join("c/neutron.conf")).expect("it is there");
    assert_eq!(written, key.replace("Transport_Url", "transport_url"));
}
