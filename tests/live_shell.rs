//! The words of scripts against the real shells: thousands of generated lines, in which nothing but `printf` is run.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says what it skipped, and fails where it cannot go on"
)]

#[path = "live_shell/lines.rs"]
mod lines;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use lines::{Dice, Shell};
use ovnlint::read::script::{self, Certain};
use ovnlint::source::FileId;

const SEED: u64 = 0x5113_11E5;
const LINES: usize = 4000;

/// Behind each line's commands.
const END: &str = "\u{1}";

#[test]
fn agrees_with_bash() {
    compare("bash", Shell::Bash);
}

#[test]
fn agrees_with_dash() {
    compare("dash", Shell::Posix);
}

fn compare(program: &str, shell: Shell) {
    let mut dice = Dice(SEED);
    let lines: Vec<String> = (0..LINES).map(|_| lines::line(&mut dice, shell)).collect();
    let Some(output) = run(program, &lines) else {
        return;
    };
    let mut answers = output.split(END);
    let mut different = 0;
    for line in &lines {
        let expected = answers.next().unwrap();
        let found = found(line);
        if found != expected {
            different += 1;
            println!("{program}: {line}\n expected {expected:?}\n found    {found:?}");
        }
    }
    assert_eq!(different, 0, "of {LINES} lines, seed {SEED:#x}");
    println!("{program}: {LINES} lines agree");
}

/// Runs all lines as one script. `None`, with a line that says so, where the shell is not installed.
fn run(program: &str, lines: &[String]) -> Option<String> {
    let directory = std::env::temp_dir().join(format!("ovnlint-{program}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("lines");
    let lines = lines.iter().map(|line| {
        let line = line
            .replace('@', r"printf %s\\0 start")
            .replace(PLAIN_AT, "@");
        format!("{line}printf '\\001'\n")
    });
    std::fs::write(&path, lines.collect::<String>()).unwrap();
    let output = Command::new(program)
        .arg(Path::new("lines"))
        .current_dir(&directory)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .output();
    std::fs::remove_dir_all(&directory).unwrap();
    let Ok(output) = output else {
        assert!(
            std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
            "{program} is needed"
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: {program} is not installed, nothing was compared with it"
        );
        return None;
    };
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && complaints.is_empty(),
        "{complaints}"
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Stands in a line for an `@` that is meant as such.
const PLAIN_AT: &str = "\u{2}";

/// What the reader makes of a line, as `printf` would show it.
fn found(line: &str) -> String {
    let text = line.replace('@', "ovs-vsctl").replace(PLAIN_AT, "@");
    let script = script::read(FileId(0), &text);
    assert_eq!(script.troubles, [], "{text}");
    let mut shown = String::new();
    for command in &script.commands {
        assert_eq!(command.certain, Certain::Always, "{text}");
        shown.push_str("start\0");
        for word in &command.words[1..] {
            assert_eq!(word.unknown, None, "{text}");
            shown.push_str(&word.text);
            shown.push('\0');
        }
    }
    shown
}
