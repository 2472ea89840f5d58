//! The fuzz targets of `fuzz/` as ordinary tests: over their seeds, over what was ever found, and over a bounded number
//! of mutations of both, always the same ones.

#![allow(
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test says which input it was, and fails where it cannot go on"
)]

mod mutate;
mod seeds;
mod targets;

use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use mutate::Dice;
use targets::TARGETS;

/// Mutations of each target.
const ROUNDS: usize = 400;

/// Mutations above this take a test's time without finding more.
const LARGEST: usize = 16 << 10;

/// Runs a target, and says with which bytes it failed, so that they can be stored in `fuzz/stored`.
fn run(name: &str, data: &[u8]) {
    let ran = panic::catch_unwind(AssertUnwindSafe(|| targets::run(name, data)));
    if ran.is_err() {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
        std::fs::write(&path, data).unwrap();
        panic!("{name} fails; its input is {}", path.display());
    }
}

fn try_target(name: &str) {
    let mut inputs = seeds::of(name);
    assert!(inputs.len() >= 3, "{name} has too few seeds");
    if std::env::var_os("UPDATE").is_some() {
        write_seeds(name, &inputs);
    }
    inputs.extend(seeds::contents(&format!("fuzz/stored/{name}")));
    for input in &inputs {
        run(name, input);
    }
    inputs.retain(|input| input.len() <= LARGEST);
    let mut dice = Dice::of(name);
    for _ in 0..ROUNDS {
        let mutated = dice.mutated(&inputs);
        run(name, &mutated);
    }
}

/// For the fuzzer, which begins with files.
fn write_seeds(name: &str, seeds: &[Vec<u8>]) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(name);
    std::fs::create_dir_all(&directory).unwrap();
    for (number, seed) in seeds.iter().enumerate() {
        std::fs::write(directory.join(number.to_string()), seed).unwrap();
    }
}

#[test]
fn ini_files_never_panic() {
    try_target("ini");
}

#[test]
fn databases_never_panic() {
    try_target("database");
}

#[test]
fn files_of_a_machine_never_panic() {
    try_target("host");
}

#[test]
fn commands_never_panic() {
    try_target("command");
}

#[test]
fn scripts_never_panic() {
    try_target("script");
}

#[test]
fn edits_never_panic() {
    try_target("fix");
}

#[test]
fn checks_never_panic() {
    try_target("check");
}

#[test]
fn plans_never_panic() {
    try_target("plan");
}

#[test]
fn each_target_of_the_fuzzer_is_a_test() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = files
        .map(|file| {
            file.unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    names.sort_unstable();
    let mut own = TARGETS.map(|(name, _)| name);
    own.sort_unstable();
    assert_eq!(names, own);
}
