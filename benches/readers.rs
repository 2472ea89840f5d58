//! What reading and linting cost without the start of the program: an ini file, a database, a whole site.

use std::fs;
use std::path::Path;

use divan::Bencher;
use divan::counter::BytesCount;
use ovnlint::cli::allowed::Policy;
use ovnlint::cli::linted::{Coverage, Linted};
use ovnlint::lints::{self, Tuning};
use ovnlint::read::ovsdb::{self, Keep};
use ovnlint::read::{self, oslo};
use ovnlint::report::json;
use ovnlint::source::FileId;

fn main() {
    divan::main();
}

/// A file of 20,000 options in 200 sections.
#[divan::bench]
fn ini(bencher: Bencher) {
    let section = |number: usize| {
        let options = (0..100)
            .map(|option| format!("# what it means\noption_{option} = value {option}, another\n"));
        format!("[section_{number}]\n{}", options.collect::<String>())
    };
    let text: String = (0..200).map(section).collect();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| oslo::read(FileId(0), divan::black_box(&text)));
}

/// A node's database as its daemon left it.
#[divan::bench]
fn database(bencher: Bencher) {
    let bytes =
        fs::read("testdata/forms/log/os-network/conf.db").expect("it is part of the project");
    bencher
        .counter(BytesCount::of_slice(&bytes))
        .bench(|| ovsdb::read(FileId(0), divan::black_box(&bytes), Keep::Model));
}

/// From the paths to the JSON report.
#[divan::bench(args = ["vni-ranges", "localnet", "openflow15", "fail-mode", "meters"])]
fn site(bencher: Bencher, incident: &str) {
    let directory = format!("testdata/incidents/{incident}");
    let tuning = Tuning::default();
    bencher.bench(|| {
        let paths = [(Path::new(&directory), directory.clone())];
        let inputs = read::inputs(&paths, lints::limits(&tuning)).expect("the site can be read");
        json::render(&Linted::of(inputs, &Policy::default()).report(Coverage::Hidden))
    });
}
