//! Where the time goes on a site of 1,000 nodes: reading it, building it, and each lint. Medians.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[path = "../tests/plan_speed/site/mod.rs"]
#[allow(
    dead_code,
    reason = "the test and the other benchmark look at more of it"
)]
mod site;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ovnlint::lints::{self, LINTS, Tuning};
use ovnlint::read::{self, Inputs};
use ovnlint::site::ovn::local::refresh::Touched;
use ovnlint::site::{Site, build};

use site::Large;

const RUNS: usize = 11;
/// Lints below this are left out of the table.
const SHOWN: Duration = Duration::from_micros(500);

fn main() {
    let nodes = std::env::args().find_map(|word| word.parse().ok());
    let nodes = nodes.unwrap_or(1_000);
    let large = Large::new(nodes);
    let tuning = Tuning::default();
    println!("{nodes} nodes, {RUNS} runs, ms");
    show("read", times(|| (), |()| inputs(&large.root)));
    show("build", times(|| inputs(&large.root), build::sites));
    let mut built = build::sites(inputs(&large.root));
    locality(&mut built.sites[0]);
    let site = &built.sites[0];
    show("lints", times(|| (), |()| lints::run(site, &tuning).len()));
    let mut each: Vec<(&str, Duration)> = LINTS
        .iter()
        .map(|lint| {
            (
                lint.name,
                times(|| (), |()| lint.over(site, &tuning).is_some()),
            )
        })
        .collect();
    each.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    for (name, time) in each.into_iter().take_while(|(_, time)| *time >= SHOWN) {
        show(&format!("  {name}"), time);
    }
}

/// Working out which switch is local where, and keeping that up to date.
fn locality(site: &mut Site) {
    let mut runs = |touched: Option<Touched>| {
        median(|| {
            match touched {
                Some(touched) => site.refresh_locality(touched),
                None => site.forget_locality(),
            }
            site.registrations().len()
        })
    };
    let at = &[0][..];
    let none = Touched::default();
    show("locality", runs(None));
    show(
        "  touched: a switch",
        runs(Some(Touched {
            switches: at,
            ..none
        })),
    );
    show(
        "  touched: a router",
        runs(Some(Touched {
            routers: at,
            ..none
        })),
    );
    show(
        "  touched: a node",
        runs(Some(Touched { nodes: at, ..none })),
    );
    let last = site.northbound.switches().len() - 1;
    let provider = Arc::clone(&site.northbound.switches()[last]);
    let asked = median(|| {
        site.refresh_locality(Touched {
            switches: &[last],
            ..none
        });
        site.chassis_with_local_datapath(&provider).len()
    });
    show("  a provider switch, and where it is local", asked);
}

fn inputs(root: &Path) -> Inputs {
    let paths = [(root, String::new())];
    read::inputs(&paths, lints::limits(&Tuning::default())).expect("it was just written")
}

fn median<O>(mut work: impl FnMut() -> O) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[RUNS / 2]
}

/// The median, without what prepares each run and what becomes of its output.
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
