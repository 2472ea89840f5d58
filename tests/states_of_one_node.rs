//! What grows with the inputs grows in proportion: twice the inputs are twice the work, counted in bytes that are
//! allocated and written.

use std::alloc::System;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ovnlint::cli::allowed::{Allowing, Extent, Policy};
use ovnlint::cli::linted::{Coverage, Linted};
use ovnlint::lints::{self, Tuning};
use ovnlint::read;
use ovnlint::read::leave::Leave;
use ovnlint::report::text::Colour;
use ovnlint::report::{Report, concise, github, gitlab, json, junit, markdown, sarif, text};
use ovnlint::source::date::Date;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What one run took.
#[derive(Debug)]
struct Work {
    /// Bytes that were allocated, for the findings and for each format.
    allocated: Vec<usize>,
    /// Bytes that each format has.
    written: Vec<usize>,
    findings: usize,
}

type Format = fn(&Report) -> String;

const FORMATS: [Format; 9] = [
    |report| text::render(report, Colour::Plain, 100),
    concise::render,
    json::render,
    json::render_lines,
    sarif::render,
    github::render,
    gitlab::render,
    junit::render,
    markdown::render,
];

fn work(site: &Path) -> Work {
    let policy = Policy {
        tuning: Tuning::default(),
        allowing: Allowing::These {
            entries: Vec::new(),
            extent: Extent::Whole,
            baseline: None,
            today: Date::of(2026, 11, 28).expect("it is on the calendar"),
        },
        leave: Leave::default(),
    };
    let region = Region::new(COUNTED);
    let paths = [(site, "site".to_owned())];
    let inputs = read::inputs(&paths, lints::limits(&policy.tuning)).expect("it was written");
    let linted = Linted::of(inputs, &policy);
    let report = linted.report(Coverage::Hidden);
    let mut allocated = vec![region.change().bytes_allocated];
    let mut written = Vec::new();
    for format in FORMATS {
        let region = Region::new(COUNTED);
        written.push(format(&report).len());
        allocated.push(region.change().bytes_allocated);
    }
    Work {
        allocated,
        written,
        findings: report.findings.len(),
    }
}

/// So many files of `ovs-vsctl show` in the directory of one node, each with a bridge that no other has, and as many
/// that disagree on its endpoint.
fn states(count: usize) -> PathBuf {
    let root = std::env::temp_dir().join(format!("ovnlint-growth-{}-{count}", std::process::id()));
    let node = root.join("n1");
    fs::create_dir_all(&node).expect("the temporary directory can be written");
    for number in 0..count {
        let mut show = String::from("5342aa9b-7c09-49aa-97d8-69c3a080abbc\n");
        writeln!(show, "    Bridge br{number}").expect("a string takes all");
        for port in ["p", "q"] {
            writeln!(show, "        Port {port}\n            Interface {port}")
                .expect("a string takes all");
        }
        fs::write(node.join(format!("s{number}.txt")), show).expect("it can be written");
        let ids = format!(
            "{{hostname=n1, ovn-encap-ip=\"192.0.2.{}\", system-id=n1}}\n",
            number % 250
        );
        fs::write(node.join(format!("ids{number}.txt")), ids).expect("it can be written");
    }
    root
}

#[test]
fn many_states_of_one_node_are_merged_in_proportion() {
    // What is allocated once makes the smaller run look larger than its share.
    let sizes = [100, 200];
    let [once, twice] = sizes.map(|count| {
        let root = states(count);
        let work = work(&root);
        let _ = fs::remove_dir_all(&root);
        work
    });
    // Each bridge is missing in all other files, which is said once; and so are the endpoints.
    assert_eq!((once.findings, twice.findings), (101, 201));
    // In hundredths of the smaller run.
    let grown = |once: &[usize], twice: &[usize]| -> Vec<usize> {
        let pairs = once.iter().zip(twice);
        pairs.map(|(once, twice)| twice * 100 / once).collect()
    };
    for factors in [
        grown(&once.allocated, &twice.allocated),
        grown(&once.written, &twice.written),
    ] {
        assert!(
            factors.iter().all(|factor| (150..240).contains(factor)),
            "{factors:?}: {once:?}, {twice:?}"
        );
    }
}
