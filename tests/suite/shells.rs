//! Completions, as the shells themselves take them, and manual pages, as troff sets them.

#![cfg(unix)]

use std::io::Write;
use std::process::{Command, Stdio};

use crate::command_line::{Scratch, ovnlint};

/// Every command but `help`, as the help lists them.
fn commands() -> Vec<String> {
    let help = printed(&["-h"]);
    let lines = help.lines().skip_while(|line| *line != "Commands:");
    let lines = lines.take_while(|line| !line.is_empty()).skip(1);
    let names = lines.filter_map(|line| {
        let line = line.strip_prefix("  ")?;
        let name = line.split(' ').next()?;
        (!name.is_empty() && name != "help").then(|| name.to_owned())
    });
    let names: Vec<String> = names.collect();
    assert!(names.len() >= 9, "{help}");
    names
}

fn printed(arguments: &[&str]) -> String {
    let output = ovnlint(arguments, ".".as_ref());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    assert!(output.stderr.is_empty(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("it is text")
}

/// What a program prints for an input on both streams; nothing where it is not installed, which is said.
fn run(program: &str, arguments: &[&str], input: &str) -> Option<String> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("LC_ALL", "C")
        .env("HOME", "/nonexistent");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        let _ = writeln!(std::io::stderr(), "skipped: {program} is not installed");
        return None;
    };
    let mut pipe = child.stdin.take().expect("it was asked for");
    pipe.write_all(input.as_bytes()).expect("the program reads");
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    Some(said)
}

/// Completes the last word of a line as bash does when the tabulator is pressed.
fn bash(words: &[&str]) -> Option<Vec<String>> {
    let script = printed(&["completions", "bash"]);
    let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let press = format!(
        "{script}\nset -u\nCOMP_WORDS=({})\nCOMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n_ovnlint ovnlint \
         \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        words.join(" ")
    );
    let said = run("bash", &["--norc", "--noprofile"], &press)?;
    let mut found: Vec<String> = said.lines().map(str::to_owned).collect();
    found.sort_unstable();
    Some(found)
}

#[test]
fn bash_completes_commands_options_values_and_names_of_lints() {
    let Some(first) = bash(&["ovnlint", ""]) else {
        return;
    };
    let options = ["--color", "--quiet", "--verbose"].map(str::to_owned);
    for word in commands().iter().chain(&options) {
        assert!(first.contains(word), "{word}: {first:?}");
    }
    let cases: [(&[&str], &[&str]); 6] = [
        (&["ovnlint", "ch"], &["check"]),
        (&["ovnlint", "check", "--ag"], &["--against"]),
        (
            &["ovnlint", "check", "--format", "j"],
            &["json", "jsonl", "junit"],
        ),
        (
            &["ovnlint", "plan", "--fail-on", ""],
            &["error", "note", "warning"],
        ),
        (&["ovnlint", "explain", "encap_u"], &["encap_unset"]),
        (&["ovnlint", "completions", "f"], &["fish"]),
    ];
    for (words, expected) in cases {
        assert_eq!(bash(words).expect("bash is there"), expected, "{words:?}");
    }
}

#[test]
fn fish_completes_names_of_lints_and_options() {
    let scratch = Scratch::new("fish");
    scratch.write("ovnlint.fish", printed(&["completions", "fish"]));
    let script = scratch.path().join("ovnlint.fish");
    let press = format!(
        "source {}\ncomplete -C 'ovnlint explain encap_u'\ncomplete -C 'ovnlint check --ag'\n",
        script.display()
    );
    let Some(said) = run("fish", &["--no-config"], &press) else {
        return;
    };
    let words: Vec<&str> = said
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    assert_eq!(words, ["encap_unset", "--against"]);
}

#[test]
fn zsh_reads_its_completions() {
    let script = printed(&["completions", "zsh"]);
    assert!(script.starts_with("#compdef ovnlint\n"));
    if let Some(said) = run("zsh", &["-f", "-n"], &script) {
        assert_eq!(said, "");
    }
}

#[test]
fn every_shell_is_served() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&["completions", shell]);
        let commands = commands();
        let lacks = |word: &&String| !script.contains(word.as_str());
        let missing: Vec<_> = commands.iter().filter(lacks).collect();
        assert!(missing.is_empty(), "{shell}: {missing:?}");
    }
}

/// The options in the help of a command.
fn options(help: &str) -> Vec<&str> {
    let words = help
        .lines()
        .filter(|line| line.trim_start().starts_with('-'));
    words
        .flat_map(|line| line.split([' ', ',']))
        .filter(|word| word.starts_with('-') && word.len() > 1)
        .collect()
}

#[test]
fn a_page_has_every_option_and_what_the_program_answers() {
    for command in &commands() {
        let page = printed(&["man", command]);
        let title = format!(".TH ovnlint-{command} 1 ");
        assert!(page.lines().any(|line| line.starts_with(&title)), "{page}");
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "\"EXIT STATUS\"",
            "ENVIRONMENT",
        ] {
            let heading = format!(".SH {section}");
            assert!(
                page.lines().any(|line| line == heading),
                "{command}: {heading}"
            );
        }
        let name = format!("ovnlint\\-{command} \\- ");
        assert!(page.contains(&name), "{command}");
        let help = printed(&[command, "--help"]);
        let options = options(&help);
        assert!(options.contains(&"--color"), "{command}: {options:?}");
        for option in options {
            let option = format!("\\fB{}\\fR", option.replace('-', "\\-"));
            assert!(page.contains(&option), "{command}: {option}");
        }
        assert!(page.is_ascii(), "{command}");
    }
    let check = printed(&["man", "check"]);
    assert!(check.contains("\\fBGITHUB_STEP_SUMMARY\\fR") && !check.contains("OVS_RUNDIR"));
    assert!(check.contains("\n0 no finding at or above \\-\\-fail\\-on, 1 findings, 2 "));
    assert!(!check.contains("Exit code: "));
}

#[test]
fn troff_has_nothing_against_the_pages() {
    let commands = commands();
    let pages = commands.iter().map(|command| printed(&["man", command]));
    for page in &pages.chain([printed(&["man"])]).collect::<Vec<_>>() {
        for (program, arguments) in [
            ("groff", &["-man", "-ww", "-z", "-rCHECKSTYLE=3"][..]),
            ("mandoc", &["-T", "lint", "-W", "error"]),
        ] {
            if let Some(said) = run(program, arguments, page) {
                assert_eq!(said, "", "{program}:\n{page}");
            }
        }
    }
}

#[test]
fn all_pages_are_written_into_a_directory() {
    let scratch = Scratch::new("man");
    let output = ovnlint(&["man", "--dir", "share/man1"], scratch.path());
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stdout).expect("it is text");
    let names = commands()
        .into_iter()
        .map(|command| format!("ovnlint-{command}.1"));
    let names = names.chain(["ovnlint.1".to_owned()]);
    let mut expected: Vec<String> = names.map(|name| format!("share/man1/{name}")).collect();
    expected.sort_unstable();
    let mut paths: Vec<&str> = said.lines().collect();
    paths.sort_unstable();
    assert_eq!(paths, expected);
    for path in paths {
        let page = std::fs::read_to_string(scratch.path().join(path)).expect("it was written");
        assert!(page.contains("\n.TH ovnlint"), "{path}");
    }
}

#[test]
fn a_command_that_is_none_has_no_page() {
    let output = ovnlint(&["man", "chekc"], ".".as_ref());
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        said,
        "ovnlint: there is no command `chekc`: did you mean `check`?\n"
    );
}
