//! What the daemons write by themselves: each of their keys is known, and no lint takes one for a mistake.

use std::collections::BTreeSet;
use std::fs;

use ovnlint::cli::allowed::Policy;
use ovnlint::cli::linted::Linted;
use ovnlint::finding::Level;
use ovnlint::read::{self, Limits};
use ovnlint::site::daemon_keys;

use crate::lab::{Lab, text};

const CHASSIS: [(&str, &str); 2] = [("c1", "127.0.0.11"), ("c2", "127.0.0.12")];

/// The map columns that are ours to set and that daemons write to.
const COLUMNS: [(&str, &str); 9] = [
    ("Open_vSwitch", "external_ids"),
    ("Open_vSwitch", "other_config"),
    ("Bridge", "external_ids"),
    ("Bridge", "other_config"),
    ("Port", "external_ids"),
    ("Port", "other_config"),
    ("Interface", "external_ids"),
    ("Interface", "options"),
    ("Interface", "bfd"),
];

/// A network with an instance on each chassis, a localnet port and a router whose gateway both can take.
const NORTHBOUND: &str = "ls-add provider
    lsp-add provider ln-provider -- lsp-set-type ln-provider localnet -- lsp-set-addresses ln-provider unknown
    lsp-set-options ln-provider network_name=physnet1
    ls-add private
    lsp-add private vm1 -- lsp-set-addresses vm1 dynamic
    lsp-add private vm2 -- lsp-set-addresses vm2 dynamic
    lr-add r
    lrp-add r r-private 00:00:00:00:00:01 10.0.0.1/24
    lsp-add private private-r -- lsp-set-type private-r router -- lsp-set-options private-r router-port=r-private -- lsp-set-addresses private-r router
    lrp-add r r-provider 00:00:00:00:00:02 198.51.100.1/24
    lsp-add provider provider-r -- lsp-set-type provider-r router -- lsp-set-options provider-r router-port=r-provider -- lsp-set-addresses provider-r router
    lrp-set-gateway-chassis r-provider c1 20
    lrp-set-gateway-chassis r-provider c2 10
    lr-nat-add r snat 198.51.100.1 10.0.0.0/24
    --wait=hv sync";

/// The keys of a map column, of every row of its table.
fn keys(lab: &Lab, node: &str, (table, column): (&str, &str)) -> BTreeSet<String> {
    let columns = format!("--columns={column}");
    let printed = lab.vsctl(node, &["--format=json", &columns, "list", table]);
    let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let rows = printed["data"].as_array().unwrap();
    let entries = rows.iter().flat_map(|row| row[0][1].as_array().unwrap());
    entries
        .map(|entry| entry[0].as_str().unwrap().to_owned())
        .collect()
}

fn plug(lab: &Lab, chassis: &str, port: &str) {
    let id = format!("external_ids:iface-id={port}");
    let words = "add-port br-int PORT -- set interface PORT type=dummy".replace("PORT", port);
    let mut words: Vec<&str> = words.split(' ').collect();
    words.push(&id);
    lab.vsctl(chassis, &words);
}

#[test]
fn every_key_of_a_live_daemon_is_known_and_no_lint_complains_of_one() {
    let Some(lab) = Lab::start() else {
        return;
    };
    let mut before = BTreeSet::new();
    for (chassis, address) in CHASSIS {
        lab.chassis(
            chassis,
            address,
            &["external_ids:ovn-bridge-mappings=physnet1:br-ex"],
        );
        let uplink = "add-br br-ex -- add-port br-ex uplink -- set interface uplink type=dummy";
        lab.vsctl(chassis, &uplink.split(' ').collect::<Vec<_>>());
        plug(&lab, chassis, &chassis.replace('c', "vm"));
        let set_by_us = "external_ids iface-id system-id hostname ovn-encap-ip ovn-encap-type ovn-remote ovn-bridge-mappings";
        before.extend(set_by_us.split(' ').map(str::to_owned));
    }
    lab.northbound(NORTHBOUND);
    let mut written = BTreeSet::new();
    for (chassis, _) in CHASSIS {
        for column in COLUMNS {
            for key in keys(&lab, chassis, column) {
                let (table, name) = column;
                let known = before.contains(&key) || daemon_keys::writes(table, name, &key);
                assert!(known, "{key} in {name} of {table} on {chassis}");
                if !before.contains(&key) {
                    written.insert((column, key));
                }
            }
        }
    }
    // The daemons did write: without these the comparison above says nothing.
    for (table, column, key) in [
        ("Bridge", "external_ids", "ovn-nb-cfg"),
        ("Bridge", "external_ids", "ovn-startup-ts"),
        ("Bridge", "other_config", "hwaddr"),
        ("Open_vSwitch", "other_config", "ovn-chassis-idx-c1"),
        ("Port", "external_ids", "ovn-localnet-port"),
        ("Port", "external_ids", "ovn-chassis-id"),
        ("Interface", "external_ids", "ovn-installed"),
        ("Interface", "options", "remote_ip"),
        ("Interface", "bfd", "enable"),
    ] {
        assert!(
            written.contains(&((table, column), key.to_owned())),
            "{key}"
        );
    }
    let said = said(&lab);
    assert!(said.is_empty(), "{said:#?}");
}

/// What the lints say of the databases as they are on disk, but for notes.
fn said(lab: &Lab) -> Vec<String> {
    let directory = lab.directory("site");
    let put = |path: &str, file| {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(file, path).unwrap();
    };
    put("central/ovnnb_db.db", lab.file("central", "nb"));
    put("central/ovnsb_db.db", lab.file("central", "sb"));
    for (chassis, _) in CHASSIS {
        put(&format!("{chassis}/conf.db"), lab.file(chassis, "conf"));
    }
    let shown = text(&directory).to_owned();
    let inputs = read::inputs(&[(&directory, shown)], Limits::default()).unwrap();
    let linted = Linted::of(inputs, &Policy::default());
    let found = linted.said.iter().flat_map(|said| {
        let found = said.found.iter();
        found.map(|finding| (said.lint.name, finding))
    });
    found
        .filter(|(_, finding)| finding.level != Level::Note)
        .map(|(lint, finding)| format!("{lint}: {}", finding.message))
        .collect()
}
