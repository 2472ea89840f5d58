//! The flow tables that commands empty, and how they come back.

use std::time::Duration;

use ovnlint::change::Step;
use ovnlint::change::effect::{Back, Fate, Kind};

use super::ask::{plan, run, split};
use super::{lab, settle};
use crate::lab::{Lab, holds};

const NODE: &str = "c1";

/// Bridges that ovn-controller does not program: one with a physnet, one without.
const PLAIN: [&str; 2] = ["br-b", "br-c"];

/// Every version that a bridge may be limited to.
const VERSIONS: &str = "OpenFlow10,OpenFlow11,OpenFlow12,OpenFlow13,OpenFlow14,OpenFlow15";

/// Sequences, each from the databases as they are then. They leave the tables full.
const SEQUENCES: [&str; 8] = [
    "ovs-vsctl set-fail-mode br-int standalone
    systemctl restart ovn-controller
    ovs-vsctl set-fail-mode br-int standalone
    systemctl restart ovn-controller
    ovs-vsctl del-fail-mode br-int
    systemctl restart ovn-controller
    ovs-vsctl set-fail-mode br-int secure",
    "ovs-vsctl set-controller br-int tcp:127.0.0.1:1
    systemctl restart ovn-controller
    ovs-vsctl set-fail-mode br-int standalone
    ovs-vsctl set-controller br-int tcp:127.0.0.1:2
    ovs-vsctl del-controller br-int
    systemctl restart ovn-controller",
    "ovs-vsctl set-controller br-int tcp:127.0.0.1:1 -- set-fail-mode br-int standalone
    systemctl restart ovn-controller
    ovs-vsctl emer-reset
    systemctl restart ovn-controller",
    "ovs-vsctl set bridge br-int protocols=OpenFlow13,OpenFlow15
    ovs-vsctl set bridge br-int protocols=OpenFlow10,OpenFlow13,OpenFlow14
    ovs-vsctl clear bridge br-int protocols",
    "ovs-ofctl -O OpenFlow15 del-flows br-int
    systemctl restart ovn-controller
    ovs-vsctl set bridge br-int datapath_type=netdev",
    "ovs-vsctl set-fail-mode br-c standalone
    ovs-vsctl del-fail-mode br-c
    ovs-vsctl set-fail-mode br-c secure
    ovs-ofctl add-flow br-c actions=NORMAL
    ovs-vsctl set-fail-mode br-c standalone
    ovs-vsctl set-fail-mode br-c secure -- set-fail-mode br-c standalone
    ovs-vsctl set bridge br-c protocols=OpenFlow10,OpenFlow13
    ovs-vsctl set-controller br-c tcp:127.0.0.1:1
    ovs-vsctl set-fail-mode br-c secure
    ovs-ofctl add-flow br-c priority=0,actions=NORMAL
    ovs-vsctl set-fail-mode br-c standalone
    ovs-vsctl del-controller br-c",
    "ovs-vsctl set-controller br-b tcp:127.0.0.1:1 -- set-fail-mode br-b secure
    ovs-vsctl del-controller br-b
    ovs-vsctl set-fail-mode br-b secure
    systemctl restart ovn-controller
    ovs-vsctl emer-reset
    systemctl restart ovn-controller",
    "ovs-ofctl del-flows br-b
    ovs-ofctl add-flow br-b actions=NORMAL
    ovs-ofctl del-flows br-b
    ovs-vsctl set-fail-mode br-b secure
    ovs-vsctl set-fail-mode br-b standalone
    ovs-vsctl set bridge br-b datapath_type=netdev",
];

/// What was compared.
#[derive(Debug, Default)]
struct Counts {
    commands: usize,
    emptied: usize,
    kept: usize,
    restored: usize,
    /// How often ovn-controller made the bridge secure again before ovs-vswitchd saw that it was not.
    raced: usize,
    wrong: Vec<String>,
}

/// What a step says of a bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Nothing,
    Emptied(Back),
    Recreated(Back),
    Restored,
}

fn said(step: &Step, name: &str) -> Said {
    let certain = step.effects.iter().filter(|effect| effect.needs.is_none());
    let mut own = certain.filter_map(|effect| match &effect.kind {
        Kind::FlowsFlushed { bridge, back, .. } if bridge == name => {
            Some(Said::Emptied(back.clone()))
        }
        Kind::Recreated { bridge, back, .. } if bridge == name => {
            Some(Said::Recreated(back.clone()))
        }
        Kind::FlowsRestored { bridge } if bridge == name => Some(Said::Restored),
        _ => None,
    });
    own.next().unwrap_or(Said::Nothing)
}

/// The flows of a bridge.
fn flows(lab: &Lab, bridge: &str) -> Vec<String> {
    let arguments = ["-O", VERSIONS, "--no-stats", "dump-flows", bridge];
    let shown = lab.attempt(NODE, "ovs-ofctl", &arguments).unwrap();
    let flows = shown.lines().filter(|line| line.contains("actions="));
    flows.map(str::to_owned).collect()
}

/// A flow of a table that nobody else uses.
const MARK: &str = "table=99,priority=1,actions=drop";

fn marked(flows: &[String]) -> bool {
    flows.iter().any(|flow| flow.contains("table=99"))
}

fn normal(flows: &[String]) -> bool {
    flows.iter().any(|flow| flow.contains("actions=NORMAL"))
}

/// What is known of the tables so far.
struct Tables {
    /// How many flows the integration bridge has when it is full.
    full: usize,
    is_full: bool,
    /// Whether each plain bridge forwards.
    normal: [bool; 2],
}

fn act(lab: &Lab, line: &str) {
    match split(line) {
        (node, words) if words[0] == "systemctl" => lab.restart_controller(node),
        _ => drop(run(lab, line).unwrap()),
    }
}

/// Whether the flows of the integration bridge go only because its mode changes, which ovn-controller undoes at once.
fn by_mode(step: &Step) -> bool {
    step.effects.iter().any(|effect| {
        matches!(&effect.kind, Kind::FlowsFlushed { bridge, cause, .. }
            if bridge == "br-int" && cause.contains("fail_mode"))
    })
}

/// The integration bridge: is it empty, and does it stay so?
fn integration(lab: &Lab, step: &Step, tables: &mut Tables, counts: &mut Counts) {
    let said = said(step, "br-int");
    match &said {
        Said::Emptied(back) => {
            tables.is_full = back.fate() != Fate::Lost;
            counts.emptied += 1;
        }
        Said::Restored => {
            tables.is_full = true;
            counts.restored += 1;
        }
        Said::Recreated(_) => tables.is_full = true,
        Said::Nothing => counts.kept += 1,
    }
    let emptied = matches!(&said, Said::Emptied(_));
    let mut right_after = flows(lab, "br-int").len();
    while emptied && right_after == tables.full && by_mode(step) && counts.raced < 10 {
        counts.raced += 1;
        act(lab, &format!("{NODE} {}", step.text));
        right_after = flows(lab, "br-int").len();
    }
    if emptied && right_after != 0 {
        counts.wrong.push(format!(
            "{}: br-int still has {right_after} flows",
            step.text
        ));
    }
    lab.tell_controller(NODE, &["inc-engine/recompute"]);
    let wanted = if tables.is_full { tables.full } else { 0 };
    std::thread::sleep(Duration::from_millis(400));
    let mut found = 0;
    let as_wanted = || {
        found = flows(lab, "br-int").len();
        found == wanted
    };
    if !holds(60, Duration::from_millis(100), as_wanted) {
        counts.wrong.push(format!(
            "{}: br-int has {found} flows, not {wanted}: {said:?}",
            step.text
        ));
        tables.is_full = found != 0;
    }
}

/// A plain bridge: were its flows deleted, and does it forward?
fn plain(lab: &Lab, step: &Step, at: usize, tables: &mut Tables, counts: &mut Counts) {
    let name = PLAIN[at];
    let said = said(step, name);
    let found = flows(lab, name);
    let (kept, forwards) = (marked(&found), normal(&found));
    let right = match &said {
        Said::Emptied(back) => {
            counts.emptied += 1;
            tables.normal[at] = *back == Back::AtOnce;
            !kept
        }
        Said::Recreated(_) => {
            tables.normal[at] = true;
            !kept
        }
        Said::Restored => {
            counts.restored += 1;
            tables.normal[at] = true;
            true
        }
        // Of a table that it knows to be empty it says nothing more; the mark is none that it knows of.
        Said::Nothing if !tables.normal[at] => true,
        Said::Nothing => {
            counts.kept += 1;
            kept
        }
    };
    if !right || forwards != tables.normal[at] {
        counts.wrong.push(format!(
            "{}: {name}: the old flows kept {kept}, forwards {forwards}: {said:?}",
            step.text
        ));
        tables.normal[at] = forwards;
    }
}

fn compare(lab: &Lab, sequence: &str, full: usize, counts: &mut Counts) {
    let lines: Vec<String> = sequence
        .lines()
        .map(|line| format!("{NODE} {}", line.trim()))
        .collect();
    let steps = plan(lab, &lines);
    let mut tables = Tables {
        full,
        is_full: true,
        normal: [true; 2],
    };
    for (line, step) in lines.iter().zip(&steps) {
        counts.commands += 1;
        assert_eq!(step.succeeds, Some(true), "{line}: {:?}", step.doubts);
        for bridge in PLAIN {
            lab.attempt(
                NODE,
                "ovs-ofctl",
                &["-O", VERSIONS, "add-flow", bridge, MARK],
            )
            .unwrap();
        }
        act(lab, line);
        for at in 0..PLAIN.len() {
            plain(lab, step, at, &mut tables, counts);
        }
        integration(lab, step, &mut tables, counts);
    }
}

#[test]
fn flow_tables_are_emptied_and_filled_as_planned() {
    let Some(lab) = lab() else {
        return;
    };
    for line in super::generate::BASE.lines().map(str::trim) {
        run(&lab, line).unwrap();
    }
    run(&lab, &super::generate::plug(NODE, "v0a")).unwrap();
    settle(&lab);
    let full = flows(&lab, "br-int").len();
    assert!(full > 50, "{full}");
    let mut counts = Counts::default();
    for sequence in SEQUENCES {
        compare(&lab, sequence, full, &mut counts);
    }
    println!(
        "{} commands: tables emptied {}, kept {}, filled again {}; {} raced",
        counts.commands, counts.emptied, counts.kept, counts.restored, counts.raced
    );
    for wrong in &counts.wrong {
        println!("{wrong}");
    }
    assert_eq!(counts.wrong.len(), 0, "of {}", counts.commands);
    assert!(
        counts.emptied > 10 && counts.kept > 20 && counts.restored > 5,
        "{counts:?}"
    );
}
