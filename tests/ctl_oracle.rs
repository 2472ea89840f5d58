//! Command lines as the real `ovs-vsctl` and `ovn-nbctl` ran them: exit status, and the database before and after.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says how far it looked, and fails where it cannot go on"
)]

#[path = "ctl_oracle/dice.rs"]
mod dice;
#[path = "ctl_oracle/grid.rs"]
mod grid;
#[path = "ctl_oracle/lines.rs"]
mod lines;
#[path = "ctl_oracle/live.rs"]
mod live;
#[path = "ctl_oracle/places.rs"]
mod places;
#[path = "ctl_oracle/real_lines.rs"]
mod real_lines;
#[path = "ctl_oracle/release.rs"]
mod release;
#[path = "ctl_oracle/server.rs"]
mod server;
#[path = "ctl_oracle/state.rs"]
mod state;

use std::collections::HashMap;
use std::fs;

use ovnlint::change::ctl::store::{RowId, Store};
use ovnlint::change::ctl::{Outcome, Status, Tool, Word, run};
use ovnlint::read::version::Version;
use serde_json::Value;
use state::{canonical, state, store};

/// A recording, the releases that made it, and how many cases it holds.
struct Recording {
    path: &'static str,
    vswitch: &'static str,
    ovn: &'static str,
    cases: usize,
}

const fn recorded(
    path: &'static str,
    vswitch: &'static str,
    ovn: &'static str,
    cases: usize,
) -> Recording {
    Recording {
        path,
        vswitch,
        ovn,
        cases,
    }
}

/// All recordings. Those of `new-commands` are of what came after OVN 23.03.
const RECORDINGS: [Recording; 6] = [
    recorded("ovs-3.1.0-ovn-23.03.1.jsonl", "3.1.0", "23.03.1", 518),
    recorded("ovs-3.5.0-ovn-25.03.0.jsonl", "3.5.0", "25.03.0", 518),
    recorded("ovs-4.0.0-ovn-26.03.1.jsonl", "4.0.0", "26.03.1", 518),
    recorded("ovs-4.0.0-ovn-26.09.0.jsonl", "4.0.0", "26.09.0", 518),
    recorded("new-commands-26.03.1.jsonl", "4.0.0", "26.03.1", 46),
    recorded("new-commands-26.09.0.jsonl", "4.0.0", "26.09.0", 46),
];

impl Recording {
    /// The release of the tool that a case is of.
    fn version(&self, case: &Value) -> Version {
        let version = match tool(case) {
            Tool::Vsctl => self.vswitch,
            Tool::Nbctl => self.ovn,
        };
        version.parse().unwrap()
    }
}

/// The lines of a recording. One that was made from the same lines as another says so, and holds only what is other there.
fn lines_of(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(format!("testdata/ctl/{name}"));
    let text = text.expect("the recording is part of the project");
    let lines = text.lines();
    let mut lines: Vec<Value> = lines
        .map(|line| serde_json::from_str(line).expect("a line of a recording"))
        .collect();
    let Some(other) = lines[0].get("as").and_then(Value::as_str) else {
        return lines;
    };
    let mut all = lines_of(other);
    for own in lines.drain(1..) {
        let is_same = |line: &&mut Value| {
            line.get("argv").is_some()
                && line["argv"] == own["argv"]
                && line["fixture"] == own["fixture"]
        };
        let same = all.iter_mut().find(is_same);
        *same.expect("it was made from the same lines") = own;
    }
    all
}

/// The cases of a recording, each with the whole state before and after.
fn recording(name: &str) -> Vec<Value> {
    let mut before: HashMap<String, Value> = HashMap::new();
    let mut cases = Vec::new();
    for mut line in lines_of(name) {
        let fixture = line["fixture"].as_str().expect("a fixture").to_owned();
        if line.get("before").is_some() {
            before.insert(fixture, line["before"].take());
            continue;
        }
        let mut after = before[&fixture].clone();
        for (table, rows) in line["after"].as_object().into_iter().flatten() {
            after[table] = rows.clone();
        }
        after
            .as_object_mut()
            .unwrap()
            .retain(|_, rows| !rows.is_null());
        line["before"] = before[&fixture].clone();
        line["after"] = after;
        let words = line["argv"].as_array().unwrap().iter();
        let words: Vec<String> = words
            .map(|word| word.as_str().unwrap().to_owned())
            .collect();
        line["tool"] = words[0].as_str().into();
        line["cmd"] = words.join(" ").into();
        cases.push(line);
    }
    cases
}

fn words(case: &Value) -> Vec<Word> {
    let words = case["argv"].as_array().expect("words").iter().skip(1);
    words
        .map(|word| Word::from(word.as_str().expect("a word")))
        .collect()
}

fn tool(case: &Value) -> Tool {
    match case["tool"].as_str() {
        Some("ovs-vsctl") => Tool::Vsctl,
        _ => Tool::Nbctl,
    }
}

/// The recording was made with `--no-wait`, which does not stand in its words.
fn replay(case: &Value, version: Option<&Version>) -> (Outcome, Value, Vec<String>) {
    let tool = tool(case);
    let (mut store, labels) = store(tool, &case["before"], version);
    let known = labels.values().cloned().collect();
    let mut words = words(case);
    if tool == Tool::Vsctl {
        words.insert(0, Word::from("--no-wait"));
    }
    let outcome = run(&mut store, tool, &words, version);
    (outcome, state(&store, &labels), known)
}

/// What differs from the recording.
fn difference(case: &Value, version: Option<&Version>) -> Option<String> {
    let (outcome, after, known) = replay(case, version);
    if let Some(what) = &outcome.unmodelled {
        return Some(format!("not modelled: {what}"));
    }
    // Nobody answers in the recording: neither ovn-northd nor ovs-vswitchd ran.
    let done = outcome.status == Status::Done && outcome.then_waits.is_none();
    if done != (case["rc"] == 0) {
        return Some(format!(
            "{:?}, exit status {} {}",
            outcome.status, case["rc"], case["stderr"]
        ));
    }
    let (ours, real) = (canonical(&after, &known), canonical(&case["after"], &known));
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these
            .iter()
            .filter(|row| !those.contains(row))
            .cloned()
            .collect()
    };
    (ours != real).then(|| {
        format!(
            "ours {:#?}\nreal {:#?}",
            only(&ours, &real),
            only(&real, &ours)
        )
    })
}

#[test]
fn every_recorded_case_ends_as_it_did() {
    for recorded in &RECORDINGS {
        let path = recorded.path;
        let cases = recording(path);
        assert_eq!(cases.len(), recorded.cases, "{path}");
        let mut wrong = Vec::new();
        for case in &cases {
            let version = recorded.version(case);
            if let Some(difference) = difference(case, Some(&version)) {
                wrong.push(format!("{}: {difference}", case["cmd"]));
            }
        }
        let count = wrong.len();
        assert!(
            wrong.is_empty(),
            "{path}: {count} cases differ\n{}",
            wrong.join("\n")
        );
    }
}

#[test]
fn an_unknown_version_is_the_newest() {
    for case in recording(RECORDINGS[3].path) {
        let difference = difference(&case, None);
        assert!(difference.is_none(), "{}: {difference:?}", case["cmd"]);
    }
}

/// What the tool itself wrote last, without its name.
fn complaint(case: &Value) -> String {
    let text = case["stderr"].as_str().unwrap_or_default().trim();
    let last = text.lines().last().unwrap_or_default();
    let name = format!("{}: ", case["tool"].as_str().unwrap_or_default());
    last.strip_prefix(&name).unwrap_or(last).to_owned()
}

#[test]
fn refusals_say_what_the_tools_say() {
    let (mut same, mut refused) = (0, 0);
    let mut others = Vec::new();
    for recorded in &RECORDINGS {
        for case in recording(recorded.path) {
            let version = recorded.version(&case);
            let (outcome, ..) = replay(&case, Some(&version));
            let Status::Refused(refusal) = outcome.status else {
                continue;
            };
            refused += 1;
            assert!(refusal.word <= words(&case).len() + 1, "{}", case["cmd"]);
            if refusal.message == complaint(&case) {
                same += 1;
            } else {
                others.push(format!(
                    "{}\n  ours {}\n  real {}",
                    case["cmd"],
                    refusal.message,
                    complaint(&case)
                ));
            }
        }
    }
    println!(
        "{same} of {refused} refusals are worded as recorded\n{}",
        others.join("\n")
    );
    assert!(same * 100 >= refused * 95, "{same} of {refused}");
}

#[test]
fn what_is_printed_is_what_the_tools_print() {
    let mut same = 0;
    let mut others = Vec::new();
    let recorded = &RECORDINGS[1];
    for case in recording(recorded.path) {
        let version = recorded.version(&case);
        let (outcome, ..) = replay(&case, Some(&version));
        let real = case["stdout"].as_str().unwrap_or_default();
        if outcome.output == real {
            same += usize::from(!real.is_empty());
        } else {
            others.push(format!(
                "{}\n  ours {:?}\n  real {real:?}",
                case["cmd"], outcome.output
            ));
        }
    }
    println!("{same} outputs are as recorded\n{}", others.join("\n"));
}

#[test]
fn a_refusal_leaves_the_database_as_it_was() {
    for case in recording(RECORDINGS[1].path) {
        let tool = tool(&case);
        let (mut store, labels) = store(tool, &case["before"], None);
        let before = state(&store, &labels);
        let mut words = words(&case);
        words.push(Word::from("--"));
        words.extend(["set", "nosuch", "table", "x=1"].map(Word::from));
        run(&mut store, tool, &words, None);
        assert_eq!(before, state(&store, &labels), "{}", case["cmd"]);
        let rows = |store: &Store| -> Vec<RowId> {
            (0..store.schema.tables.len())
                .flat_map(|table| store.rows(table))
                .collect()
        };
        for row in rows(&store) {
            for referrer in store.referrers(row.uuid) {
                let refers = store.get(referrer.row, referrer.column);
                assert!(
                    format!("{refers:?}").contains(&row.uuid.to_string()),
                    "{}",
                    case["cmd"]
                );
            }
        }
    }
}
