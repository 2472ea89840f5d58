//! Which switch is local on which chassis, against what the real ovn-controller did on a recorded site.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ovnlint::cli::linted::Linted;
use ovnlint::finding::{Finding, Level};
use ovnlint::site::Site;
use ovnlint::site::ovn::local::Local;

use crate::support::{fired, lint};

/// The chassis on which each switch with a localnet port is local.
fn local(site: &Site) -> BTreeMap<String, Vec<String>> {
    let switches = site.northbound.switches().iter();
    switches
        .filter(|switch| switch.localnets().next().is_some())
        .map(|switch| {
            let present = site.chassis_with_local_datapath(switch).into_iter();
            let names = present.map(|presence| {
                assert!(
                    matches!(presence.local, Local::Yes(_)),
                    "everything was seen: {presence:?}"
                );
                presence.chassis.name.clone()
            });
            (switch.name.value.clone(), names.collect())
        })
        .collect()
}

/// The chassis to which ovn-controller gave a patch port for a localnet port of each switch.
fn patched(site: &Site) -> BTreeMap<String, Vec<String>> {
    let mut patched: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for switch in site.northbound.switches() {
        for node in &site.nodes {
            let bridge = node.ovs.bridge("br-int");
            let there = |port: &str| {
                bridge
                    .is_some_and(|bridge| bridge.port(&format!("patch-br-int-to-{port}")).is_some())
            };
            if switch.localnets().any(|port| there(&port.name)) {
                let names = patched.entry(switch.name.value.clone()).or_default();
                names.push(node.name.clone());
            }
        }
    }
    patched
}

#[test]
fn a_switch_is_local_where_the_real_one_has_patch_ports() {
    for site in ["before", "after"] {
        let linted = lint(&format!("testdata/ovn/{site}"));
        let site = &linted.sites[0];
        assert_eq!(local(site), patched(site));
        // Not on os-compute2, which has no port of the switch.
        let names: Vec<_> = local(site).into_values().flatten().collect();
        assert_eq!(names, ["os-compute1", "os-network"]);
    }
}

/// What a lint said of a site.
fn found<'a>(linted: &'a Linted, lint: &str) -> Vec<&'a Finding> {
    let said = linted.said.iter().filter(|said| said.lint.name == lint);
    said.flat_map(|said| &said.found).collect()
}

/// A copy of a recorded site with other files in it; an empty text removes the file.
fn variant(name: &str, site: &str, files: &[(&str, &[u8])]) -> Linted {
    let root = std::env::temp_dir().join(format!("ovnlint-ovn-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    copy(Path::new(site), &root);
    for (path, content) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("it lies in the site")).expect("it can be made");
        if content.is_empty() {
            fs::remove_file(path).expect("it is there");
        } else {
            fs::write(path, content).expect("it can be written");
        }
    }
    let linted = lint(&root.to_string_lossy());
    fs::remove_dir_all(&root).expect("it can be removed");
    linted
}

fn copy(from: &Path, to: &PathBuf) {
    fs::create_dir_all(to).expect("it can be made");
    for entry in fs::read_dir(from).expect("it is part of the project") {
        let path = entry.expect("it can be read").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("it can be copied");
        }
    }
}

#[test]
fn a_second_localnet_names_the_chassis_that_loop_and_no_others() {
    let before = lint("testdata/ovn/before");
    assert!(!fired(&before).contains_key("localnet_duplicate"));
    assert!(!fired(&before).contains_key("localnet_foreign"));
    let after = lint("testdata/ovn/after");
    let duplicates = found(&after, "localnet_duplicate");
    assert_eq!(duplicates.len(), 1);
    let finding = duplicates[0];
    assert_eq!(finding.level, Level::Error);
    assert_eq!(finding.nodes, ["os-compute1", "os-network"]);
    assert!(finding.possible_nodes.is_empty());
    let end = "os-compute1 and os-network have their management addresses there and are cut off";
    assert!(finding.message.ends_with(end), "{}", finding.message);
    let place = finding.labels[0].place.cell.as_deref();
    assert_eq!(place.map(|cell| cell.record.as_str()), Some("ln-physnet2"));
    assert_eq!(found(&after, "localnet_foreign").len(), 1);
}

/// A node whose ports of br-int are all tunnels has no instance, and the switch is not local there.
const IDLE: &str = "\
6a0f3b1c-52c7-4a6e-8d2e-5c9b7f1e0d34
    Bridge br-ex
        Port br-ex
            Interface br-ex
                type: internal
        Port enp6s18
            Interface enp6s18
    Bridge br-int
        fail_mode: secure
        Port ovn-os-net-0
            Interface ovn-os-net-0
                type: geneve
                options: {csum=\"true\", key=flow, remote_ip=\"192.0.2.12\"}
        Port br-int
            Interface br-int
                type: internal
";

const IDLE_KEYS: &str = "{hostname=os-idle, ovn-bridge-mappings=\"physnet2:br-ex\", ovn-encap-ip=\"192.0.2.14\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.11:6642\", system-id=os-idle}\n";

/// The site of the incident, without a southbound: interfaces and the gateway group tell where the switch is local.
#[test]
fn the_incident_is_seen_in_the_databases_after_the_commands() {
    let northbound =
        fs::read("testdata/ovn/second-localnet/ovnnb_db.db").expect("it is part of the project");
    let linted = variant(
        "incident",
        "testdata/incidents/localnet",
        &[
            ("os-control/var/lib/ovn/ovnnb_db.db", &northbound),
            ("os-idle/ovs/show.txt", IDLE.as_bytes()),
            ("os-idle/ovs/external_ids.txt", IDLE_KEYS.as_bytes()),
        ],
    );
    let duplicates = found(&linted, "localnet_duplicate");
    assert_eq!(duplicates.len(), 1);
    let finding = duplicates[0];
    assert_eq!(finding.level, Level::Error);
    assert_eq!(finding.nodes, ["os-compute", "os-control", "os-network"]);
    assert!(finding.possible_nodes.is_empty(), "{finding:?}");
    let unchanged = variant("unchanged", "testdata/incidents/localnet", &[]);
    assert!(!fired(&unchanged).contains_key("localnet_duplicate"));
}

/// Without the southbound, and with a node of which only the bridges were printed, it may hold an instance.
#[test]
fn what_was_not_seen_makes_it_possible_never_silent() {
    let shown = IDLE
        .replace("geneve", "system")
        .replace("ovn-os-net-0", "tap7d90e3b1-52");
    let files: &[(&str, &[u8])] = &[
        ("os-controller/sb-list-Port_Binding.json", b""),
        ("os-controller/sb-list-Chassis.json", b""),
        ("os-controller/sb-list-Encap.json", b""),
        ("os-compute1/conf.db", b""),
        ("os-compute1/show.txt", shown.as_bytes()),
        (
            "os-compute1/external_ids.txt",
            b"{hostname=os-compute1, ovn-bridge-mappings=\"physnet2:br-ex\", ovn-encap-ip=\"192.168.98.13\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.168.98.11:6642\", system-id=os-compute1}\n",
        ),
    ];
    let linted = variant("possible", "testdata/ovn/after", files);
    let duplicates = found(&linted, "localnet_duplicate");
    assert_eq!(duplicates.len(), 1);
    assert_eq!(duplicates[0].nodes, ["os-network"]);
    assert_eq!(duplicates[0].possible_nodes, ["os-compute1"]);
    assert!(duplicates[0].message.contains("possibly on os-compute1"));
}

/// The databases of OVN alone: the southbound has the mappings, but not the bridges.
#[test]
fn the_databases_of_ovn_alone_give_a_warning() {
    let mut files: Vec<(String, &[u8])> = Vec::new();
    for node in ["os-controller", "os-network", "os-compute1", "os-compute2"] {
        files.push((format!("{node}/conf.db"), b""));
    }
    files.push(("topology.toml".to_owned(), b""));
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(path, content)| (path.as_str(), *content))
        .collect();
    let linted = variant("central", "testdata/ovn/after", &files);
    let duplicates = found(&linted, "localnet_duplicate");
    assert_eq!(duplicates.len(), 1);
    assert_eq!(duplicates[0].level, Level::Warning);
    assert!(duplicates[0].nodes.is_empty());
    assert_eq!(duplicates[0].possible_nodes, ["os-compute1", "os-network"]);
}

fn keys(node: &str, mappings: &str) -> String {
    format!(
        "{{hostname={node}, {mappings}ovn-encap-ip=\"192.168.98.12\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.168.98.11:6642\", system-id={node}}}\n"
    )
}

#[test]
fn a_router_scheduled_where_its_physnet_is_not_mapped_is_told() {
    let ids = keys("os-network", "");
    let files: &[(&str, &[u8])] = &[
        ("os-network/conf.db", b""),
        ("os-network/external_ids.txt", ids.as_bytes()),
    ];
    let linted = variant("unmapped-gateway", "testdata/ovn/before", files);
    let unmapped = found(&linted, "gateway_chassis_unmapped");
    assert_eq!(unmapped.len(), 1);
    assert_eq!(unmapped[0].nodes, ["os-network"]);
    assert!(unmapped[0].message.starts_with(
        "gateway port lrp-ext is scheduled on os-network, which does not map physnet2"
    ));
}

#[test]
fn a_missing_bridge_is_an_error_where_its_switch_is_local() {
    for (node, level) in [
        ("os-compute1", Level::Error),
        ("os-compute2", Level::Warning),
    ] {
        let ids = keys(node, "ovn-bridge-mappings=\"physnet2:provider\", ");
        let paths =
            ["conf.db", "external_ids.txt", "show.txt"].map(|file| format!("{node}/{file}"));
        let files: &[(&str, &[u8])] = &[
            (&paths[0], b""),
            (&paths[1], ids.as_bytes()),
            (&paths[2], IDLE.as_bytes()),
        ];
        let linted = variant("missing-bridge", "testdata/ovn/before", files);
        let missing = found(&linted, "bridge_mapping_missing_bridge");
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].level, level, "{}", missing[0].message);
    }
}

#[test]
fn a_physnet_of_a_localnet_port_must_be_mapped_somewhere() {
    let northbound: &[(&str, &[u8])] = &[
        ("os-controller/sb-list-Chassis.json", b""),
        ("os-controller/sb-list-Port_Binding.json", b""),
    ];
    let mut files = northbound.to_vec();
    let ids: Vec<(String, String)> = ["os-network", "os-compute1", "os-compute2"]
        .map(|node| {
            let ids = keys(node, "ovn-bridge-mappings=\"phynet2:br-ex\", ");
            (node.to_owned(), ids)
        })
        .into();
    let paths: Vec<[String; 2]> = ids
        .iter()
        .map(|(node, _)| {
            [
                format!("{node}/conf.db"),
                format!("{node}/external_ids.txt"),
            ]
        })
        .collect();
    for (paths, (_, ids)) in paths.iter().zip(&ids) {
        files.push((&paths[0], b""));
        files.push((&paths[1], ids.as_bytes()));
    }
    let linted = variant("unmapped", "testdata/ovn/before", &files);
    let unmapped = found(&linted, "physnet_unmapped");
    assert_eq!(unmapped.len(), 1, "{unmapped:?}");
    assert_eq!(unmapped[0].level, Level::Error);
    assert_eq!(unmapped[0].subject, "northbound/physnet2");
    assert!(unmapped[0].message.ends_with("did you mean `phynet2`?"));
}
