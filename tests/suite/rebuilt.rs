//! The model is rebuilt from a database that commands changed: what they left alone is as a check reads it.

use std::fs;
use std::path::Path;

use ovnlint::change::ctl::{self, CellChange, Status, Tool, Word};
use ovnlint::change::state::State;
use ovnlint::lints::{self, Tuning};
use ovnlint::read;
use ovnlint::read::ovsdb::{Database, SchemaName};
use ovnlint::site::Node;
use ovnlint::site::build::{self, Built, StateFile};
use ovnlint::site::ovn::LogicalSwitch;
use ovnlint::site::ovs::Ovs;
use ovnlint::source::{FileId, Known, Place};

/// The file of the commands: none of those that are read.
const SCRIPT: FileId = FileId(9999);

fn built(directory: &str) -> Built {
    built_of(&[directory])
}

fn built_of(directories: &[&str]) -> Built {
    let paths = directories.iter();
    let paths: Vec<_> = paths
        .map(|path| (Path::new(path), (*path).to_owned()))
        .collect();
    let limits = lints::limits(&Tuning::default());
    build::sites(read::inputs(&paths, limits).unwrap_or_else(|error| panic!("{error}")))
}

/// The databases of a node, or of the whole site.
fn databases<'a>(built: &'a Built, schema: SchemaName, node: Option<&Node>) -> Vec<&'a Database> {
    let own = |state: &&StateFile| {
        node.is_none_or(|node| state.node.as_deref() == Some(node.name.as_str()))
    };
    let states = built.states.iter().filter(own);
    states
        .map(|state| state.database.as_ref())
        .filter(|database| database.schema == schema)
        .collect()
}

fn state_of<'a>(built: &'a Built, node: &Node) -> State<'a> {
    let files = databases(built, SchemaName::OpenVswitch, Some(node));
    State::read(SchemaName::OpenVswitch, None, files)
}

fn northbound_of(built: &Built) -> State<'_> {
    let files = databases(built, SchemaName::Northbound, None);
    State::read(SchemaName::Northbound, None, files)
}

fn rebuilt(state: &State, node: &Node) -> Ovs {
    build::ovs_of(&[&state.whole(SCRIPT)], &node.name, None)
}

/// Runs a line whose words stand one after the other in the script.
fn run(state: &mut State, tool: Tool, line: &str) -> Vec<CellChange> {
    let mut at = 0;
    let words: Vec<Word> = line
        .split(' ')
        .map(|word| {
            let place = Place::text(SCRIPT, at..at + word.len());
            at += word.len() + 1;
            Word {
                value: word.to_owned(),
                place: Some(place),
            }
        })
        .collect();
    let outcome = ctl::run(&mut state.store, tool, &words, None);
    assert_eq!(outcome.status, Status::Done, "{line}");
    outcome.changes
}

/// What a place in the script covers; `None`: it is in another file.
fn words<'a>(line: &'a str, place: &Place) -> Option<&'a str> {
    (place.file == SCRIPT).then(|| &line[place.span.range()])
}

fn sites_of_testdata() -> Vec<String> {
    let below = |directory: &str| {
        let entries = fs::read_dir(directory).expect("it is there");
        let paths = entries.map(|entry| entry.expect("it can be read").path());
        let paths = paths.filter(|path| path.is_dir());
        paths
            .map(|path| path.display().to_string())
            .collect::<Vec<_>>()
    };
    let mut all = below("testdata/incidents");
    all.extend(below("testdata/forms"));
    all.extend(below("testdata/ovn"));
    all.push("testdata/ovsdb".to_owned());
    all.sort();
    all
}

#[test]
fn without_commands_everything_is_as_a_check_reads_it() {
    let (mut nodes, mut switches) = (0, 0);
    for directory in sites_of_testdata() {
        let built = built(&directory);
        for (at, site) in built.sites.iter().enumerate() {
            for node in &site.nodes {
                let state = state_of(&built, node);
                if !state.seen() {
                    continue;
                }
                nodes += 1;
                let (again, read) = (rebuilt(&state, node), &node.ovs);
                assert_same(&directory, &again, read);
            }
            let of_site = |state: &StateFile| state.sites.contains(&at);
            assert!(built.states.iter().any(of_site) || built.states.is_empty());
        }
        let state = northbound_of(&built);
        if !state.seen() {
            continue;
        }
        let northbound = &built.sites[0].northbound;
        let whole = state.whole(SCRIPT);
        assert_same(
            &directory,
            &build::switches_of(&whole),
            northbound.switches(),
        );
        assert_same(&directory, &build::routers_of(&whole), northbound.routers());
        assert_same(
            &directory,
            &build::vxlan_mode_of(&whole),
            &northbound.vxlan_mode,
        );
        switches += northbound.switches().len();
    }
    println!("{nodes} nodes, {switches} switches");
    assert!(nodes >= 20 && switches >= 4, "{nodes} {switches}");
}

#[test]
fn several_files_of_one_node_count_as_in_a_check() {
    for directories in [
        ["log", "show"],
        ["list", "show"],
        ["json", "list"],
        ["log", "list"],
    ] {
        let paths = directories.map(|form| format!("testdata/forms/{form}"));
        let built = built_of(&[&paths[0], &paths[1]]);
        let nodes = built.sites.iter().flat_map(|site| &site.nodes);
        let nodes: Vec<_> = nodes.collect();
        assert_eq!(nodes.len(), 1, "{directories:?}");
        let files = databases(&built, SchemaName::OpenVswitch, Some(nodes[0]));
        assert!(files.len() >= 2, "{directories:?}");
        let state = state_of(&built, nodes[0]);
        assert_same(
            &directories.join(" "),
            &rebuilt(&state, nodes[0]),
            &nodes[0].ovs,
        );
    }
}

fn assert_same(
    what: &str,
    again: &(impl std::fmt::Debug + ?Sized),
    read: &(impl std::fmt::Debug + ?Sized),
) {
    let (again, read) = (format!("{again:#?}"), format!("{read:#?}"));
    if again != read {
        let differing = again.lines().zip(read.lines()).enumerate();
        let first = differing.into_iter().find(|(_, (a, b))| a != b);
        let at = first.map_or(0, |(at, _)| at);
        let around = |text: &str| {
            text.lines()
                .skip(at.saturating_sub(25))
                .take(40)
                .collect::<Vec<_>>()
                .join("\n")
        };
        panic!(
            "{what}, rebuilt:\n{}\nread:\n{}",
            around(&again),
            around(&read)
        );
    }
}

/// The bridges, their ports and everything else of a node, one line each, without what these commands touch.
fn lines_without(ovs: &Ovs, touched: &[&str]) -> Vec<String> {
    let mut lines = vec![
        format!("{:?}", ovs.other_config),
        format!("{:?}", ovs.version),
    ];
    let ids = ovs.external_ids.seen().expect("it was seen");
    let ids = ids
        .iter()
        .filter(|(key, _)| !touched.contains(&key.as_str()));
    lines.extend(ids.map(|id| format!("{id:?}")));
    for bridge in &ovs.bridges.seen().expect("they were seen").value {
        for (name, value) in [
            ("fail_mode", format!("{:?}", bridge.fail_mode)),
            ("protocols", format!("{:?}", bridge.protocols)),
            ("other_config", format!("{:?}", bridge.other_config)),
            ("external_ids", format!("{:?}", bridge.external_ids)),
            ("controllers", format!("{:?}", bridge.controllers)),
        ] {
            let name = format!("{}:{name}", *bridge.name);
            if !touched.contains(&name.as_str()) {
                lines.push(format!("{name} {value}"));
            }
        }
        let ports = bridge.ports().iter();
        let ports = ports.filter(|port| !touched.contains(&port.name.as_str()));
        lines.extend(ports.map(|port| format!("{} {port:?}", *bridge.name)));
    }
    lines
}

/// Runs a line on a node of the incident; what it does not touch must stay as it was. Gives the Open vSwitch after.
fn after(directory: &str, node: &str, line: &str, touched: &[&str]) -> Ovs {
    let built = built(directory);
    let node = built.sites[0].node(node).expect("it is there");
    let mut state = state_of(&built, node);
    run(&mut state, Tool::Vsctl, line);
    let ovs = rebuilt(&state, node);
    let (now, before) = (
        lines_without(&ovs, touched),
        lines_without(&node.ovs, touched),
    );
    assert!(before.len() > 10, "{before:#?}");
    assert_eq!(now, before, "{line}");
    ovs
}

const LISTED: (&str, &str) = ("testdata/incidents/fail-mode", "os-compute1");
const LOGGED: (&str, &str) = ("testdata/incidents/fail-mode", "os-network");
const SHOWN: (&str, &str) = ("testdata/incidents/fail-mode", "os-compute2");

#[test]
fn a_column_that_is_set_has_the_place_of_the_words() {
    let line = "set bridge br-ex fail_mode=standalone -- set bridge br-ex fail_mode=secure";
    for (directory, node) in [LISTED, LOGGED, SHOWN] {
        let ovs = after(directory, node, line, &["br-ex:fail_mode"]);
        let bridge = ovs.bridge("br-ex").expect("it is there");
        let Known::Seen(mode) = &bridge.fail_mode else {
            panic!("{:?}", bridge.fail_mode);
        };
        assert_eq!(mode.value, "secure");
        assert_eq!(words(line, &mode.place), Some("secure"), "{node}");
    }
}

#[test]
fn keys_have_places_of_their_own() {
    let line =
        "set open . external_ids:ovn-encap-ip=10.0.0.9 -- remove open . external_ids system-id";
    for (directory, node) in [LISTED, LOGGED] {
        let ovs = after(directory, node, line, &["ovn-encap-ip", "system-id"]);
        let Known::Seen(address) = ovs.external_id("ovn-encap-ip") else {
            panic!("it was set");
        };
        assert_eq!(address.value, "10.0.0.9");
        assert_eq!(words(line, &address.place), Some("10.0.0.9"));
        let Known::Absent(place) = ovs.external_id("system-id") else {
            panic!("it was removed");
        };
        assert_eq!(words(line, &place), Some("system-id"));
        // A key that nobody spoke of would stand where the others do.
        let place = ovs.external_id("ovn-bridge");
        assert_ne!(place.place().expect("it was seen").file, SCRIPT);
    }
}

#[test]
fn what_is_cleared_is_absent_at_the_command() {
    let line = "clear bridge br-ex fail_mode -- clear open . external_ids";
    let built = built(LISTED.0);
    let node = built.sites[0].node(LISTED.1).expect("it is there");
    let mut state = state_of(&built, node);
    run(&mut state, Tool::Vsctl, "set bridge br-ex fail_mode=secure");
    run(&mut state, Tool::Vsctl, line);
    let ovs = rebuilt(&state, node);
    let bridge = ovs.bridge("br-ex").expect("it is there");
    let Known::Absent(place) = &bridge.fail_mode else {
        panic!("{:?}", bridge.fail_mode);
    };
    assert_eq!(words(line, place), Some("fail_mode"));
    let Known::Absent(place) = ovs.external_id("system-id") else {
        panic!("it was cleared");
    };
    assert_eq!(words(line, &place), Some("external_ids"));
}

#[test]
fn ports_come_and_go() {
    let line = "add-port br-ex eth9 tag=7 -- set interface eth9 type=internal";
    for (directory, node) in [LISTED, LOGGED, SHOWN] {
        let ovs = if (directory, node) == SHOWN {
            after_shown(directory, node, line)
        } else {
            after(directory, node, line, &["eth9"])
        };
        let port = ovs.bridge("br-ex").and_then(|bridge| bridge.port("eth9"));
        let port = port.expect("it was added");
        assert_eq!(words(line, &port.name.place), Some("eth9"), "{node}");
        let tag = port.tag.seen().expect("it was given");
        assert_eq!((tag.value, words(line, &tag.place)), (7, Some("7")));
        assert_eq!(
            words(line, port.trunks.place().expect("known")),
            Some("add-port")
        );
        let interface = &port.interfaces()[0];
        let kind = interface.kind.seen().expect("it was given");
        assert_eq!(words(line, &kind.place), Some("internal"));
    }
    let built = built(LISTED.0);
    let node = built.sites[0].node(LISTED.1).expect("it is there");
    let bridge = node.ovs.bridge("br-ex").expect("it is there");
    let name = bridge.ports()[0].name.value.clone();
    let line = format!("del-port br-ex {name}");
    let ovs = after(LISTED.0, LISTED.1, &line, &[&name]);
    let after = ovs.bridge("br-ex").expect("it is there");
    assert_eq!(after.ports().len() + 1, bridge.ports().len());
    assert!(after.port(&name).is_none());
}

/// The same where `show` is all that there is, and the keys were not shown.
fn after_shown(directory: &str, node: &str, line: &str) -> Ovs {
    let built = built(directory);
    let node = built.sites[0].node(node).expect("it is there");
    let mut state = state_of(&built, node);
    run(&mut state, Tool::Vsctl, line);
    rebuilt(&state, node)
}

#[test]
fn one_switch_is_rebuilt_alone() {
    let built = built("testdata/ovn/before");
    let mut state = northbound_of(&built);
    let northbound = &built.sites[0].northbound;
    let localnets = |switch: &LogicalSwitch| {
        switch
            .localnets()
            .next()
            .map(|port| port.name.value.clone())
    };
    let switch = northbound
        .switches()
        .iter()
        .find(|switch| localnets(switch).is_some());
    let switch = switch.expect("one has a localnet port");
    let port = localnets(switch).expect("it has one");
    let line = format!("lsp-set-options {port} network_name=other");
    run(&mut state, Tool::Nbctl, &line);
    let table = state.store.schema.table("Logical_Switch");
    let row = state
        .store
        .rows(table)
        .find(|row| row.uuid.to_string() == switch.id);
    let rows = state.reach(row);
    let database = state.database(rows, SCRIPT);
    assert!(database.tables.values().all(|table| !table.complete));
    let again = build::switches_of(&database);
    assert_eq!(again.len(), 1);
    let (again, read) = (&again[0], switch);
    assert_eq!(
        (&again.id, &again.name, again.whole),
        (&read.id, &read.name, read.whole)
    );
    assert_eq!(
        format!("{:?}", again.external_ids),
        format!("{:?}", read.external_ids)
    );
    assert_eq!(
        format!("{:?}", again.instances),
        format!("{:?}", read.instances)
    );
    for (again, read) in again.ports().iter().zip(read.ports()) {
        if *again.name != port {
            assert_eq!(format!("{again:?}"), format!("{read:?}"));
            continue;
        }
        let physnet = again.physnet();
        let physnet = physnet.seen().expect("it was given");
        assert_eq!(physnet.value, "other");
        assert_eq!(words(&line, &physnet.place), Some("other"));
        assert_eq!(
            (&again.name, &again.kind, &again.tag),
            (&read.name, &read.kind, &read.tag)
        );
    }
}

#[test]
fn what_changed_is_brought_up_to_date_alone() {
    let lines = [
        "set bridge br-ex fail_mode=secure",
        "set open . external_ids:ovn-encap-ip=10.0.0.9 external_ids:a=b",
        "add-port br-ex eth9 tag=7",
        "set port eth9 tag=8",
        "set interface eth9 type=internal",
        "set-controller br-ex tcp:127.0.0.1:6633 tcp:127.0.0.1:6634",
        "add-br br-new -- add-port br-new eth10",
        "remove open . external_ids a",
        "del-port br-ex eth9",
        "del-controller br-ex",
        "del-br br-new",
        "clear open . external_ids",
        "del-br br-ex",
    ];
    for (directory, node) in [LISTED, LOGGED, SHOWN] {
        let built = built(directory);
        let node = built.sites[0].node(node).expect("it is there");
        let mut state = state_of(&built, node);
        let mut ovs = node.ovs.clone();
        for line in lines {
            let changes = run(&mut state, Tool::Vsctl, line);
            state.update(&mut ovs, &node.name, &changes, SCRIPT);
            let what = format!("{}: {line}", node.name);
            assert_same(&what, &ovs, &rebuilt(&state, node));
        }
        assert!(ovs.bridge("br-ex").is_none());
    }
}
