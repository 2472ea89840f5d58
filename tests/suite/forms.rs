//! One node in every form in which its state is kept: the same site, places aside. `show` leaves unseen what it
//! does not print.
//!
//! The four directories hold what the real tools wrote and printed of one running node.

use ovnlint::finding::Level;
use ovnlint::site::Node;
use ovnlint::site::ovs::{Bridge, Entries};
use ovnlint::source::{Known, Spanned};

use crate::support::{fired, lint};

fn known<T>(known: &Known<T>, describe: impl Fn(&T) -> String) -> String {
    match known {
        Known::Unseen => "unseen".to_owned(),
        Known::Unsure(_, why) => format!("unsure: {why}"),
        Known::Absent(_) => "absent".to_owned(),
        Known::Seen(value) => describe(value),
    }
}

fn entries(map: &Known<Entries>) -> String {
    known(map, |map| {
        map.iter()
            .map(|(key, value)| format!("{key}={}", value.value))
            .collect::<Vec<_>>()
            .join(" ")
    })
}

fn texts(list: &Known<Vec<Spanned<String>>>) -> String {
    known(list, |list| {
        list.iter()
            .map(|text| text.value.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    })
}

fn bridge(bridge: &Bridge) -> String {
    let text = |value: &Known<String>| known(value, Clone::clone);
    let mut ports: Vec<String> = bridge
        .ports()
        .iter()
        .flat_map(|port| {
            let tag = known(&port.tag, ToString::to_string);
            port.interfaces().iter().map(move |interface| {
                format!(
                    "{}/{} tag {tag} type {:?} {}",
                    &*port.name,
                    &*interface.name,
                    interface.kind(),
                    entries(&interface.options)
                )
            })
        })
        .collect();
    ports.sort();
    format!(
        "{}: {} / {} / {} / {} / {} {} / {} / {}\n  {}",
        &*bridge.name,
        text(&bridge.fail_mode),
        texts(&bridge.protocols),
        text(&bridge.datapath_type),
        texts(&bridge.controllers),
        known(&bridge.stp_enable, ToString::to_string),
        known(&bridge.rstp_enable, ToString::to_string),
        entries(&bridge.other_config),
        entries(&bridge.external_ids),
        ports.join("\n  "),
    )
}

/// Everything that the model knows of the node's Open vSwitch, without places.
fn described(node: &Node) -> String {
    let bridges = known(&node.ovs.bridges, |bridges| {
        let mut bridges: Vec<String> = bridges.iter().map(bridge).collect();
        bridges.sort();
        bridges.join("\n")
    });
    format!(
        "{} {:?}\n{}\n{}\n{bridges}",
        node.name,
        node.driver,
        entries(&node.ovs.external_ids),
        entries(&node.ovs.other_config)
    )
}

fn described_in(form: &str) -> String {
    let linted = lint(&format!("testdata/forms/{form}"));
    let [site] = &linted.sites[..] else {
        panic!("one node is one site");
    };
    let [node] = &site.nodes[..] else {
        panic!("{form}: {} nodes", site.nodes.len());
    };
    described(node)
}

#[test]
fn a_database_json_and_lists_give_the_same_node() {
    let log = described_in("log");
    // What was configured on that node; the rest must only be the same everywhere.
    for fact in [
        "os-network Some(Ovn)",
        "ovn-bridge-mappings=physnet2:br-ex",
        "br-ex: standalone / OpenFlow10 OpenFlow13 OpenFlow14 / netdev",
        "enp6s18/enp6s18 tag absent type Some(\"system\")",
        "remote_ip=192.168.98.13",
    ] {
        assert!(log.contains(fact), "{fact} is missing in:\n{log}");
    }
    assert_eq!(described_in("json"), log);
    assert_eq!(described_in("list"), log);
}

#[test]
fn show_leaves_unseen_what_it_does_not_print() {
    let linted = lint("testdata/forms/show");
    let node = &linted.sites[0].nodes[0];
    assert!(matches!(node.ovs.external_ids, Known::Unseen));
    let bridges = node.ovs.bridges.seen().expect("show prints the bridges");
    assert_eq!(bridges.len(), 2);
    for bridge in bridges.iter() {
        assert!(
            matches!(bridge.protocols, Known::Unseen),
            "{}",
            &*bridge.name
        );
        assert!(
            matches!(bridge.other_config, Known::Unseen),
            "{}",
            &*bridge.name
        );
        assert!(
            bridge.fail_mode.settled() && bridge.ports.settled(),
            "{}",
            &*bridge.name
        );
    }
    assert!(fired(&linted).is_empty());
    // It tells what it could not look at, instead of calling it fine.
    let unknown: Vec<&str> = linted
        .said
        .iter()
        .filter(|said| said.coverage.keys().any(|needs| !needs.is_empty()))
        .map(|said| said.lint.name)
        .collect();
    assert!(
        unknown.contains(&"integration_bridge_not_secure"),
        "{unknown:?}"
    );
    assert_eq!(linted.code(Level::Note), 3);
}
