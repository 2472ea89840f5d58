//! Which switch is local where: our answer against the patch ports that the real ovn-controller makes.

#![cfg(unix)]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says what it skipped, and fails where it cannot go on"
)]

mod cases;
mod daemons;
mod lab;
mod plan;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use ovnlint::cli::allowed::Policy;
use ovnlint::cli::linted::Linted;
use ovnlint::read::{self, Limits};
use ovnlint::site::Site;
use ovnlint::site::ovn::local::Local;
use ovnlint::source::Known;

use cases::{CASES, Case, ROUTED};
use lab::{Lab, holds};

const CHASSIS: [&str; 3] = ["c1", "c2", "c3"];

/// The mappings of each chassis: p2 is not mapped on c3, and the bridge of p3 is missing there.
const MAPPINGS: [&str; 3] = [
    "p1:br-a,p2:br-b,p3:br-c",
    "p1:br-a,p2:br-b,p3:br-c",
    "p1:br-a,p3:br-none",
];

/// Localnet port and chassis.
type Patches = BTreeSet<(String, String)>;

fn make(lab: &Lab, case: &Case) {
    let name = |text: &str| text.replace("NAME", case.name);
    lab.northbound(&name(
        "ls-add NAME\nlsp-add NAME ln-NAME -- lsp-set-type ln-NAME localnet -- lsp-set-addresses ln-NAME unknown",
    ));
    lab.nbctl(&[
        "lsp-set-options",
        &name("ln-NAME"),
        &format!("network_name={}", case.physnet),
    ]);
    for line in name(&case.northbound.replace("ROUTED", ROUTED)).lines() {
        match line.trim().strip_prefix("GROUP ") {
            Some(pair) => group(lab, pair),
            None => lab.northbound(line),
        }
    }
    for (chassis, port) in case.plugged {
        let port = name(port);
        let id = format!("external_ids:iface-id={port}");
        lab.vsctl(
            chassis,
            &[
                "add-port",
                "br-int",
                &port,
                "--",
                "set",
                "interface",
                &port,
                "type=dummy",
                &id,
            ],
        );
    }
}

/// `PORT GROUP`: gives a port an HA chassis group.
fn group(lab: &Lab, pair: &str) {
    let (port, group) = pair.split_once(' ').unwrap();
    let named = format!("name={group}");
    let id = lab.nbctl(&[
        "--bare",
        "--columns=_uuid",
        "find",
        "ha_chassis_group",
        &named,
    ]);
    let table = if port.ends_with("-x") {
        "logical_switch_port"
    } else {
        "logical_router_port"
    };
    let set = format!("ha_chassis_group={}", id.trim());
    lab.nbctl(&["set", table, port, &set]);
}

/// Which inputs a site is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inputs {
    Everything,
    WithoutSouthbound,
    WithoutNodes,
    /// `show` of the nodes and of the northbound's switches and routers.
    Shown,
    /// Of the northbound only the switches.
    WithoutRouters,
}

/// Lays the databases out as they are now, and builds the site.
fn linted(lab: &Lab, inputs: Inputs) -> Linted {
    let directory = lab.directory("site");
    let put = |path: &str, content: &[u8]| {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    match inputs {
        Inputs::WithoutRouters => {
            for table in ["Logical_Switch", "Logical_Switch_Port"] {
                let rows = lab.nbctl(&["--format=json", "list", table]);
                put(&format!("central/nb-{table}.json"), rows.as_bytes());
            }
        }
        _ => put(
            "central/ovnnb_db.db",
            &fs::read(lab.file("central", "nb")).unwrap(),
        ),
    }
    if inputs != Inputs::WithoutSouthbound && inputs != Inputs::Shown {
        put(
            "central/ovnsb_db.db",
            &fs::read(lab.file("central", "sb")).unwrap(),
        );
    }
    for node in CHASSIS {
        match inputs {
            Inputs::WithoutNodes => {}
            Inputs::Shown => {
                put(
                    &format!("{node}/show.txt"),
                    lab.vsctl(node, &["show"]).as_bytes(),
                );
                let ids = lab.vsctl(node, &["get", "open", ".", "external_ids"]);
                put(&format!("{node}/external_ids.txt"), ids.as_bytes());
            }
            _ => put(
                &format!("{node}/conf.db"),
                &fs::read(lab.file(node, "conf")).unwrap(),
            ),
        }
    }
    let paths = [(directory.as_path() as &Path, "site".to_owned())];
    let read = read::inputs(&paths, Limits::default()).unwrap();
    Linted::of(read, &Policy::default())
}

/// The patch ports that are there.
fn made(lab: &Lab) -> Patches {
    let mut made = Patches::new();
    for chassis in CHASSIS {
        let ports = lab.vsctl(chassis, &["list-ports", "br-int"]);
        let localnets = ports
            .lines()
            .filter_map(|port| port.strip_prefix("patch-br-int-to-"));
        made.extend(localnets.map(|port| (port.to_owned(), chassis.to_owned())));
    }
    made
}

/// The patch ports that we expect, certain and possible.
fn expected(site: &Site) -> (Patches, Patches) {
    let (mut certain, mut possible) = (Patches::new(), Patches::new());
    for switch in site.northbound.switches() {
        for presence in site.chassis_with_local_datapath(switch) {
            for port in switch.localnets() {
                let physnet = port.physnet();
                let mappings = site.chassis_mappings(presence.chassis);
                let Known::Seen(mappings) = mappings else {
                    panic!("the mappings were seen: {mappings:?}");
                };
                let bridge = mappings
                    .entries
                    .iter()
                    .find(|entry| entry.physnet.value == physnet.seen().unwrap().value)
                    .map(|entry| entry.bridge.value.clone());
                let node = site.node_of(presence.chassis);
                let there = bridge.is_some_and(|bridge| {
                    node.is_none_or(|node| node.ovs.bridge(&bridge).is_some())
                });
                let patch = (port.name.value.clone(), presence.chassis.name.clone());
                match presence.local {
                    Local::Yes(_) if there => drop(certain.insert(patch)),
                    Local::Possible(_) if there => drop(possible.insert(patch)),
                    _ => {}
                }
            }
        }
    }
    (certain, possible)
}

/// What the facts say.
fn by_the_facts() -> Patches {
    let mut patches = Patches::new();
    for case in CASES {
        for chassis in case.patched {
            patches.insert((format!("ln-{}", case.name), (*chassis).to_owned()));
            if case.name == "twice" {
                patches.insert(("ln2-twice".to_owned(), (*chassis).to_owned()));
            }
        }
    }
    patches
}

#[test]
fn patch_ports_are_where_we_say_that_switches_are_local() {
    let Some(lab) = Lab::start() else {
        return;
    };
    for (number, (chassis, mappings)) in CHASSIS.into_iter().zip(MAPPINGS).enumerate() {
        let mappings = format!("external_ids:ovn-bridge-mappings={mappings}");
        lab.chassis(chassis, &format!("192.0.2.{}", number + 1), &[&mappings]);
        for bridge in ["br-a", "br-b", "br-c"] {
            lab.vsctl(chassis, &["add-br", bridge]);
        }
    }
    for case in CASES {
        make(&lab, case);
    }
    lab.nbctl(&["--wait=hv", "--timeout=20", "sync"]);
    let (mut patches, mut answer) = (made(&lab), Patches::new());
    // That they hold is asserted below, one by one.
    holds(75, Duration::from_millis(200), || {
        patches = made(&lab);
        answer = expected(&linted(&lab, Inputs::Everything).sites[0]).0;
        patches == by_the_facts() && answer == patches
    });
    assert_eq!(
        by_chassis(&patches),
        by_chassis(&by_the_facts()),
        "the real one"
    );
    assert_eq!(by_chassis(&answer), by_chassis(&patches), "our answer");
    for inputs in [
        Inputs::Everything,
        Inputs::WithoutSouthbound,
        Inputs::WithoutNodes,
        Inputs::Shown,
        Inputs::WithoutRouters,
    ] {
        part_of_the_inputs(&lab, inputs, &patches);
    }
}

/// With fewer inputs less is certain, but nothing that is there is said not to be.
fn part_of_the_inputs(lab: &Lab, inputs: Inputs, patches: &Patches) {
    let linted = linted(lab, inputs);
    let (mut certain, possible) = expected(&linted.sites[0]);
    if inputs == Inputs::WithoutNodes {
        // The southbound does not show that this bridge is missing.
        certain.retain(|(port, chassis)| (&**port, &**chassis) != ("ln-nobridge", "c3"));
    }
    let wrong: Vec<_> = certain.difference(patches).collect();
    assert!(wrong.is_empty(), "{inputs:?}: not there: {wrong:?}");
    let missed: Vec<_> = patches
        .iter()
        .filter(|patch| !certain.contains(*patch) && !possible.contains(*patch))
        .collect();
    assert!(missed.is_empty(), "{inputs:?}: said not to be: {missed:?}");
    if matches!(inputs, Inputs::Everything | Inputs::WithoutSouthbound) {
        assert!(
            possible.is_empty(),
            "{inputs:?}: all was seen: {possible:?}"
        );
    }
    let duplicates = linted
        .said
        .iter()
        .filter(|said| said.lint.name == "localnet_duplicate");
    let duplicates: Vec<_> = duplicates.flat_map(|said| &said.found).collect();
    assert_eq!(duplicates.len(), 1, "{inputs:?}");
    assert_eq!(duplicates[0].subject, "twice");
    let nodes = duplicates[0]
        .nodes
        .iter()
        .chain(&duplicates[0].possible_nodes);
    assert!(nodes.into_iter().any(|node| node == "c1"), "{inputs:?}");
}

fn by_chassis(patches: &Patches) -> BTreeMap<&str, Vec<&str>> {
    let mut grouped: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (port, chassis) in patches {
        grouped.entry(port).or_default().push(chassis);
    }
    grouped
}
