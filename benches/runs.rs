//! Wall time of `ovnlint check` on each of the five incidents: minimum, median and maximum of 30 whole runs.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const INCIDENTS: [&str; 5] = [
    "vni-ranges",
    "localnet",
    "openflow15",
    "fail-mode",
    "meters",
];
const RUNS: usize = 30;

fn main() {
    println!(
        "{:<12} {:>8} {:>8} {:>8}   ({RUNS} runs, ms)",
        "incident", "min", "median", "max"
    );
    for incident in INCIDENTS {
        let site = format!("testdata/incidents/{incident}");
        let mut times: Vec<Duration> = (0..RUNS).map(|_| run(&site)).collect();
        times.sort_unstable();
        let milliseconds = |time: Duration| time.as_secs_f64() * 1_000.0;
        println!(
            "{incident:<12} {:>8.2} {:>8.2} {:>8.2}",
            milliseconds(times[0]),
            milliseconds(times[RUNS / 2]),
            milliseconds(times[RUNS - 1])
        );
    }
}

fn run(site: &str) -> Duration {
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ovnlint"));
    let status = command
        .args(["check", site])
        .stdout(Stdio::null())
        .status()
        .expect("the program was built");
    let time = start.elapsed();
    assert!(matches!(status.code(), Some(0 | 1)), "{site}: {status}");
    time
}
