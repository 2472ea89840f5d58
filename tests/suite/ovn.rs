//! Which switch is local on which chassis, against what the real ovn-controller did on a recorded site.

use std::collections::BTreeMap;

use ovnlint::site::Site;
use ovnlint::site::ovn::local::Local;

use crate::support::lint;

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
