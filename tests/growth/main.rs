//! Twice the input takes twice the work: the instructions that the program executes, counted by valgrind.

#![allow(
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test says what it skipped and what it counted, and fails where it cannot go on"
)]

mod inputs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use inputs::Input;

/// Of linear growth the second step costs 2 times the first; of quadratic growth 4 times.
const MOST: f64 = 2.9;

/// Counting takes ten times less with a release build, which `OVNLINT_PROGRAM` may name.
fn program() -> PathBuf {
    let named =
        std::env::var_os("OVNLINT_PROGRAM").map(|program| fs::canonicalize(program).unwrap());
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_ovnlint").into())
}

/// Instructions; `None`, and said, where valgrind is not installed.
fn counted(directory: &Path, arguments: &[String]) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program())
        .args(arguments)
        .current_dir(directory)
        .env("RAYON_NUM_THREADS", "1")
        .output();
    let Ok(output) = output else {
        assert!(
            std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
            "valgrind is needed"
        );
        eprintln!("skipped: valgrind is not installed, no work was counted");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    // 3 is an answer as well; 2 and 101 are none.
    let code = output.status.code();
    assert!(matches!(code, Some(0 | 1 | 3)), "{code:?}: {said}");
    let collected = said
        .lines()
        .find_map(|line| line.split_once("Collected : "))
        .unwrap_or_else(|| panic!("no count: {said}"));
    Some(collected.1.trim().parse().unwrap())
}

fn directory(name: &str, size: usize) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("growth-{name}-{size}"));
    if directory.exists() {
        fs::remove_dir_all(&directory).unwrap();
    }
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// Three sizes, each twice the one before: what is the same in all of them, the start of the program, falls out.
fn is_linear(name: &str, smallest: usize, input: Input) {
    let mut counts = Vec::new();
    for size in [smallest, 2 * smallest, 4 * smallest] {
        let directory = directory(name, size);
        let arguments = input(&directory, size);
        let Some(count) = counted(&directory, &arguments) else {
            return;
        };
        fs::remove_dir_all(&directory).unwrap();
        counts.push(f64::from(u32::try_from(count / 1000).unwrap()));
    }
    let (first, second) = (counts[1] - counts[0], counts[2] - counts[1]);
    // An input that does not matter would grow by nothing at all.
    assert!(
        first > 0.01 * counts[0],
        "{name} is not read: {counts:?} thousand instructions"
    );
    let growth = second / first;
    eprintln!("{name}: {growth:.2} times the work for twice the input");
    assert!(
        growth < MOST,
        "{name} grows {growth:.2} times: {counts:?} thousand instructions"
    );
}

/// One test for each input.
macro_rules! linear {
    ($($name:ident: $smallest:literal,)*) => {$(
        #[test]
        fn $name() {
            is_linear(stringify!($name), $smallest, inputs::$name);
        }
    )*};
}

linear! {
    options_of_an_ini_file: 100,
    continued_lines_of_an_ini_file: 100,
    allow_comments_of_an_ini_file: 100,
    template_marks_of_an_ini_file: 800,
    findings_of_one_file: 100,
    records_of_a_log: 100,
    elements_of_a_set: 100,
    commands_of_a_script_on_other_rows: 50,
    northbound_commands: 50,
    nested_substitutions_of_a_script: 50,
}
