//! Wall time of `ovnlint plan` for a script of 10,000 commands on a site of 1,000 nodes, over whole runs.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "../tests/plan_speed/site/mod.rs"]
#[allow(dead_code, reason = "the test looks at more of it")]
mod site;

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const NODES: usize = 1_000;
const COMMANDS: usize = 10_000;
const RUNS: usize = 11;

fn main() {
    let large = site::Large::new(NODES);
    let script = large.root.join("change.sh");
    fs::write(&script, site::change::script(COMMANDS, NODES)).expect("it can be written");
    let run = |arguments: &[&str]| {
        let start = Instant::now();
        let status = Command::new(env!("CARGO_BIN_EXE_ovnlint"))
            .args(arguments)
            .arg(&large.root)
            .stdout(Stdio::null())
            .status()
            .expect("the program was built");
        assert!(matches!(status.code(), Some(0 | 1)), "{status}");
        start.elapsed()
    };
    let script = script.to_string_lossy();
    println!(
        "{:<24} {:>8} {:>8} {:>8}   ({RUNS} runs, s)",
        "", "min", "median", "max"
    );
    // In turn, so that both see the same machine.
    let (mut checks, mut plans): (Vec<Duration>, Vec<Duration>) = (0..RUNS)
        .map(|_| (run(&["check"]), run(&["plan", "--script", &script])))
        .unzip();
    show("check, 1,000 nodes", &mut checks);
    show("plan, 10,000 commands", &mut plans);
}

fn show(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |at: usize| times[at].as_secs_f64();
    println!(
        "{what:<24} {:>8.2} {:>8.2} {:>8.2}",
        at(0),
        at(RUNS / 2),
        at(RUNS - 1)
    );
}
