//! Colours, quiet and verbose, and the line of progress on a real pseudo-terminal.

#![cfg(unix)]

use std::io::Write as _;
use std::process::{Command, Output};

use crate::command_line::Scratch;

type Variables<'a> = &'a [(&'a str, &'a str)];

const SITE: &str = "testdata/incidents/localnet";

/// Runs `$@` with standard error on a terminal of its own and the rest elsewhere, and prints what the terminal got.
///
/// The program writes a summary into a pipe that is opened for reading once it has shown something (`shown`), or after
/// so many seconds: until then it cannot end.
const TERMINAL: &str = r"
import os, subprocess, sys, threading, time
pipe, until = sys.argv[1:3]
os.mkfifo(pipe)
ours, theirs = os.openpty()
environment = dict(os.environ, GITHUB_STEP_SUMMARY=pipe)
child = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
                         env=environment)
os.close(theirs)
def release():
    with open(pipe, 'rb') as summary:
        summary.read()
if until == 'shown':
    reader = threading.Thread(target=release, daemon=True)
    # So that a run that shows nothing ends, too.
    threading.Thread(target=lambda: (time.sleep(60), release()), daemon=True).start()
else:
    reader = threading.Timer(float(until), release)
    reader.start()
got = b''
while True:
    try:
        part = os.read(ours, 65536)
    except OSError:
        break
    if not part:
        break
    got += part
    if until == 'shown' and reader.ident is None:
        reader.start()
sys.stdout.buffer.write(got)
sys.exit(child.wait())
";

fn program(arguments: &[&str], variables: Variables) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ovnlint"));
    command
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied());
    command
}

fn run(arguments: &[&str], variables: Variables) -> Output {
    let output = program(arguments, variables).output();
    output.expect("the program was built")
}

fn coloured(text: &[u8]) -> bool {
    text.contains(&0x1b)
}

#[test]
fn colours_follow_the_option_and_then_the_variables() {
    let cases: [(&[&str], Variables, bool); 6] = [
        (&["check", SITE], &[], false),
        (
            &["check", SITE, "--color", "always"],
            &[("NO_COLOR", "1")],
            true,
        ),
        (
            &["--color=always", "check", SITE],
            &[("TERM", "dumb")],
            true,
        ),
        (&["check", SITE], &[("CLICOLOR_FORCE", "1")], true),
        (
            &["check", SITE],
            &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
            false,
        ),
        (
            &["check", SITE, "--color=never"],
            &[("CLICOLOR_FORCE", "1")],
            false,
        ),
    ];
    for (arguments, variables, expected) in cases {
        let output = run(arguments, variables);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert_eq!(
            coloured(&output.stdout),
            expected,
            "{arguments:?} {variables:?}"
        );
    }
}

#[test]
fn help_and_errors_have_the_colours_of_the_report() {
    let cases: [(&[&str], Variables, bool); 6] = [
        (&["--help"], &[], false),
        (&["--help"], &[("CLICOLOR_FORCE", "1")], true),
        (&["--color=always", "--help"], &[("NO_COLOR", "1")], true),
        (&["check", "--no-such-flag"], &[], false),
        (&["check", "--no-such-flag", "--color", "always"], &[], true),
        (
            &["check", "--no-such-flag", "--color", "never"],
            &[("CLICOLOR_FORCE", "1")],
            false,
        ),
    ];
    for (arguments, variables, expected) in cases {
        let output = run(arguments, variables);
        let said = [output.stdout, output.stderr].concat();
        assert_eq!(coloured(&said), expected, "{arguments:?} {variables:?}");
    }
}

#[test]
fn a_report_in_a_file_is_plain_and_whole() {
    let scratch = Scratch::new("plain-file");
    let file = scratch.path().join("out.txt");
    let format = format!("text={}", file.display());
    run(
        &[
            "check",
            SITE,
            "--color=always",
            "--quiet",
            "--format",
            &format,
        ],
        &[],
    );
    let report = run(&["check", SITE], &[]);
    assert_eq!(std::fs::read(file).expect("it was written"), report.stdout);
}

#[test]
fn quiet_shows_findings_alone() {
    let whole = run(&["check", SITE, "--coverage"], &[]);
    let quiet = run(&["check", SITE, "--coverage", "--quiet"], &[]);
    assert_eq!(
        (whole.status.code(), quiet.status.code()),
        (Some(1), Some(1))
    );
    assert!(quiet.stderr.is_empty());
    let (whole, quiet) = (text(&whole.stdout), text(&quiet.stdout));
    let rest = whole.strip_prefix(&quiet).expect("the findings come first");
    assert!(quiet.starts_with("error[physnet_unmapped]"));
    assert!(rest.starts_with("coverage\n"), "{rest}");
    let counts = "2 errors, 1 warning, 2 notes in 13 files of 3 nodes\n";
    assert!(rest.contains(counts), "{rest}");
    assert!(
        rest.ends_with("can be fixed with --fix --unsafe-fixes\n"),
        "{rest}"
    );
}

#[test]
fn quiet_says_nothing_where_nothing_is_found_and_still_says_errors() {
    let clean = run(&["-q", "check", "lints/encap_unset/good"], &[]);
    assert_eq!(clean.status.code(), Some(0));
    assert!(
        clean.stdout.is_empty() && clean.stderr.is_empty(),
        "{clean:?}"
    );
    let missing = run(&["-q", "check", "no/such/directory"], &[]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).starts_with("ovnlint: no/such/directory: "));
}

#[test]
fn verbose_says_what_the_run_did_on_standard_error() {
    let plain = run(&["check", SITE], &[]);
    let verbose = run(&["check", "-v", SITE], &[]);
    assert_eq!(plain.stdout, verbose.stdout);
    assert!(plain.stderr.is_empty());
    let said = text(&verbose.stderr);
    let lines: Vec<&str> = said.lines().collect();
    let files = "ovnlint: files: 13 read, 0 left out (`check --show-files` lists them)";
    assert_eq!(lines[0], files);
    assert!(
        lines[1].starts_with("ovnlint: time: reading ") && lines.len() == 2,
        "{said}"
    );
    for stage in [" s, building ", " s, linting ", " s, writing "] {
        assert!(lines[1].contains(stage), "{said}");
    }
    let before = format!("./{SITE}");
    let against = run(&["check", "-v", "--against", &before, SITE], &[]);
    let said = text(&against.stderr);
    let with = format!("ovnlint: compared with the path {before}\n");
    assert!(
        said.starts_with(&with) && said.contains("files: 26 read"),
        "{said}"
    );
}

#[test]
fn quiet_and_verbose_are_not_for_one_run() {
    for arguments in [
        ["check", "-q", "-v"],
        ["-q", "check", "-v"],
        ["-v", "check", "-q"],
    ] {
        let output = run(&arguments, &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            text(&output.stderr).contains("cannot be used with"),
            "{arguments:?}"
        );
    }
}

/// What a run that cannot end before `until` writes to standard error on a terminal; nothing where Python is not
/// installed, which is said.
fn on_terminal(until: &str, options: &[&str], variables: Variables) -> Option<String> {
    let python = std::env::var_os("OVNLINT_PYTHON").unwrap_or_else(|| "python3".into());
    let found = Command::new(&python).arg("--version").output();
    if !found.is_ok_and(|output| output.status.success()) {
        let _ = writeln!(std::io::stderr(), "skipped: Python is not installed");
        return None;
    }
    let scratch = Scratch::new("terminal");
    let mut command = Command::new(python);
    command
        .args(["-c", TERMINAL])
        .arg(scratch.path().join("summary"))
        .arg(until);
    command.args([env!("CARGO_BIN_EXE_ovnlint"), "check", "--format", "github"]);
    command.args(options).arg("lints/encap_unset/good");
    let unset = ["CI", "TERM", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"];
    for name in unset {
        command.env_remove(name);
    }
    let output = command.envs(variables.iter().copied()).output();
    let output = output.expect("Python is there");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    Some(text(&output.stdout))
}

#[test]
fn a_long_run_says_on_a_terminal_what_it_is_at_and_clears_it() {
    let Some(said) = on_terminal("shown", &[], &[("TERM", "xterm")]) else {
        return;
    };
    // Each drawing begins at the left edge; the last but one is of blanks, and leaves nothing.
    let drawn: Vec<&str> = said.split('\r').skip(1).collect();
    let first = drawn.first().expect("a line of progress was shown");
    assert!(
        first.starts_with("reading ") || first.ends_with('…'),
        "{said:?}"
    );
    let [.., widest, blanks, ""] = drawn[..] else {
        panic!("it was not cleared: {said:?}");
    };
    assert!(blanks.chars().all(|blank| blank == ' '), "{said:?}");
    assert!(
        blanks.chars().count() >= widest.trim_end().chars().count(),
        "{said:?}"
    );
    assert!(!said.contains('\n'), "{said:?}");

    let verbose = on_terminal("shown", &["--verbose"], &[]).expect("Python is there");
    let (progress, notes) = verbose
        .split_once("ovnlint: ")
        .expect("notes come at the end");
    assert!(
        progress.ends_with(" \r") && notes.starts_with("files: "),
        "{verbose:?}"
    );

    let hidden: [(&[&str], Variables); 2] = [(&["-q"], &[]), (&[], &[("CI", "true")])];
    for (options, variables) in hidden {
        let said = on_terminal("1.5", options, variables);
        assert_eq!(said.as_deref(), Some(""), "{options:?} {variables:?}");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
