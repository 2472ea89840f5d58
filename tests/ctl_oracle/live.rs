//! Thousands of generated command lines, by us and by the real tools on a private database.

use std::collections::HashMap;
use std::io::Write as _;

use ovnlint::change::ctl::store::Store;
use ovnlint::change::ctl::{Status, Tool, Word, run, schema::schema};
use ovnlint::read::version::Version;

use crate::dice::Dice;
use crate::release::Release;
use crate::server::Server;
use crate::state::{canonical, state};

/// Every generated line follows from it; failures print it.
const SEED: u64 = 0x0C71_0C71;

/// Lines for each tool.
const LINES: usize = 1_000;

/// Lines until the database starts anew.
const BATCH: usize = 50;

/// What every database starts with.
fn setup(tool: Tool) -> &'static [&'static str] {
    match tool {
        Tool::Vsctl => &[
            "add-br br0",
            "add-br br1",
            "add-port br0 p0",
            "add-port br1 p1",
            "add-bond br0 bond0 e1 e2",
            "add-br v10 br0 10",
            "set open . external_ids:a=b",
        ],
        Tool::Nbctl => &[
            "ls-add s0",
            "ls-add s1",
            "lr-add r0",
            "lr-add r1",
            "lsp-add s0 l0",
            "lsp-add s1 l1",
            "lsp-add s0 l2",
            "lrp-add r0 q0 02:00:00:00:00:01 10.0.0.1/24",
            "lrp-add r1 q1 02:00:00:00:00:01 10.1.0.1/16",
            "pg-add g0 l0",
            "ha-chassis-group-add g0",
            "lb-add lb0 10.0.0.9:80 10.0.0.1:80",
            "create address_set name=as0",
            "meter-add m1 drop 5 kbps",
        ],
    }
}

/// A database on both sides.
struct Pair<'a> {
    server: Server<'a>,
    store: Store,
    version: &'a Version,
}

impl Pair<'_> {
    /// Runs a line on both sides; says whether the real tool did it, and what differs.
    fn step(&mut self, words: &[String]) -> (bool, Option<String>) {
        let tool = self.server.tool;
        let output = self.server.run(words);
        let mut line = vec![Word::from("--no-wait")];
        line.extend(words.iter().map(|word| Word::from(word.as_str())));
        let outcome = run(&mut self.store, tool, &line, Some(self.version));
        let real = output.status.success();
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        if real != (outcome.status == Status::Done) {
            let (status, code) = (outcome.status, output.status.code());
            return (real, Some(format!("ours {status:?}, real {code:?} {said}")));
        }
        if !real || outcome.unmodelled.is_some() {
            return (real, outcome.unmodelled);
        }
        let ours = canonical(&state(&self.store, &HashMap::new()), &[]);
        let theirs = canonical(&self.server.dump(&self.store.schema), &[]);
        if ours == theirs {
            return (real, None);
        }
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            these
                .iter()
                .filter(|row| !those.contains(row))
                .cloned()
                .collect()
        };
        let difference = format!(
            "ours {:#?}\nreal {:#?}",
            only(&ours, &theirs),
            only(&theirs, &ours)
        );
        (real, Some(difference))
    }
}

/// Runs lines on both sides; says what differs.
fn compare(release: &Release, tool: Tool, version: &Version) -> Vec<String> {
    let mut dice = Dice(SEED);
    let (mut done, mut wrong) = (0, Vec::new());
    for _ in 0..LINES / BATCH {
        let mut pair = Pair {
            server: Server::start(release, tool, None),
            store: Store::new(schema(tool.database(), Some(version))),
            version,
        };
        run(
            &mut pair.store,
            tool,
            &[Word::from("--no-wait"), Word::from("init")],
            Some(version),
        );
        for line in setup(tool) {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            let (ran, difference) = pair.step(&words);
            assert!(ran && difference.is_none(), "{line}: {difference:?}");
        }
        let mut history = Vec::new();
        for _ in 0..BATCH {
            let words = dice.line(tool);
            history.push(words.join(" "));
            let (ran, difference) = pair.step(&words);
            done += usize::from(ran);
            if let Some(difference) = difference {
                wrong.push(format!(
                    "{}: {difference}\n  after {history:#?}",
                    words.join(" ")
                ));
                break;
            }
        }
    }
    println!(
        "{done} of {LINES} lines of {} ran, the others were refused",
        tool.name()
    );
    wrong
}

/// The tools of this machine. Where they are missing, that is said, and a failure where all is to be tried.
pub fn host() -> Option<Release> {
    let host = Release::host();
    if host.is_none() {
        assert!(
            std::env::var("OVNLINT_LIVE").as_deref() != Ok("1"),
            "ovs-vsctl, ovn-nbctl or ovsdb-server is missing"
        );
        let _ = writeln!(
            std::io::stderr(),
            "skipped: ovs-vsctl, ovn-nbctl or ovsdb-server is not installed"
        );
    }
    host
}

fn agrees(tool: Tool) {
    let Some(host) = host() else { return };
    let version = host.version(tool).unwrap();
    let wrong = compare(&host, tool, &version);
    let count = wrong.len();
    assert!(
        wrong.is_empty(),
        "seed {SEED:#x}: {count} of {LINES} lines differ\n{}",
        wrong.join("\n")
    );
}

#[test]
fn agrees_with_ovs_vsctl() {
    agrees(Tool::Vsctl);
}

#[test]
fn agrees_with_ovn_nbctl() {
    agrees(Tool::Nbctl);
}
