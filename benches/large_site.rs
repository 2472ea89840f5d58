//! Where the time goes on a site of 1,000 nodes: reading it, building it, and each lint. Medians.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "../tests/plan_speed/site/mod.rs"]
mod site;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use ovnlint::lints::{self, LINTS, Overrides};
use ovnlint::read::{self, Inputs};
use ovnlint::site::build;

use site::Large;

const RUNS: usize = 11;
/// Lints below this are left out of the table.
const SHOWN: Duration = Duration::from_micros(500);

fn main() {
    let nodes = std::env::args().find_map(|word| word.parse().ok());
    let nodes = nodes.unwrap_or(1_000);
    let large = Large::new(nodes);
    let overrides = Overrides::new();
    println!("{nodes} nodes, {RUNS} runs, ms");
    show("read", times(|| (), |()| inputs(&large.root)));
    show("build", times(|| inputs(&large.root), build::sites));
    let built = build::sites(inputs(&large.root));
    let site = &built.sites[0];
    let start = Instant::now();
    black_box(site.registrations().len());
    show("locality", start.elapsed());
    show(
        "lints",
        times(|| (), |()| lints::run(site, &overrides).len()),
    );
    let mut each: Vec<(&str, Duration)> = LINTS
        .iter()
        .map(|lint| {
            (
                lint.name,
                times(|| (), |()| lint.run(site, None).found.len()),
            )
        })
        .collect();
    each.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    for (name, time) in each.into_iter().take_while(|(_, time)| *time >= SHOWN) {
        show(&format!("  {name}"), time);
    }
}

fn inputs(root: &Path) -> Inputs {
    let paths = [(root, String::new())];
    read::inputs(&paths, lints::limits(&Overrides::new())).expect("it was just written")
}

/// The median.
fn times<I, O>(prepare: impl Fn() -> I, work: impl Fn(I) -> O) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let input = prepare();
            let start = Instant::now();
            let output = work(input);
            let time = start.elapsed();
            drop(black_box(output));
            time
        })
        .collect();
    times.sort_unstable();
    times[RUNS / 2]
}

fn show(what: &str, time: Duration) {
    println!("{what:<40} {:>9.3}", time.as_secs_f64() * 1_000.0);
}
