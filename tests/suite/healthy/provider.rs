//! Provider bridges and physnets that lack something on purpose.

use ovnlint::finding::Level;

use super::said;

const SHOW: &str = "a6a7e5a4-33d9-4d6b-9a0c-1f2f3d6d1c10
    Bridge br-ex
        Port br-ex
            Interface br-ex
                type: internal
    Bridge br-int
        fail_mode: secure
        Port br-int
            Interface br-int
                type: internal
";

fn ids(node: &str, address: u8, more: &str) -> String {
    format!(
        "{{hostname={node}, ovn-bridge-mappings=\"external:br-ex\", ovn-encap-ip=\"10.0.0.{address}\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.11:6642\", system-id={node}{more}}}\n"
    )
}

/// The subjects of a lint on two nodes with these keys and bridges, and further files.
fn subjects(
    name: &str,
    lint: &str,
    (more, show): (&str, &str),
    further: &[(&str, &str)],
) -> Vec<(Level, String)> {
    let (one, two) = (ids("gw1", 21, more), ids("gw2", 22, more));
    let mut files = vec![
        ("gw1/ids.txt", one.as_str()),
        ("gw1/show.txt", show),
        ("gw2/ids.txt", two.as_str()),
        ("gw2/show.txt", show),
    ];
    files.extend(further);
    let found = said(name, &files).into_iter();
    found
        .filter(|(said, ..)| *said == lint)
        .map(|(_, level, subject)| (level, subject))
        .collect()
}

#[test]
fn ovn_bgp_agent_routes_without_an_uplink() {
    let lint = "provider_bridge_without_uplink";
    let of = |name, files: &[(&str, &str)]| subjects(name, lint, ("", SHOW), files);
    let on = |node: &str| (Level::Warning, format!("{node}/br-ex"));
    assert_eq!(of("bgp-none", &[]), [on("gw1"), on("gw2")]);
    let agent = "[DEFAULT]\nexposing_method = underlay\n";
    for (name, path) in [
        ("bgp-own", "gw1/etc/ovn-bgp-agent/bgp-agent.conf"),
        ("bgp-osa", "gw1/etc/neutron/neutron_ovn_bgp_agent.ini"),
        (
            "bgp-rhoso",
            "gw1/var/lib/openstack/ovn-bgp-agent/01-bgp.conf",
        ),
    ] {
        assert_eq!(of(name, &[(path, agent)]), [on("gw2")], "{name}");
    }
    // A file of the whole site does not say on which nodes it is in force.
    assert_eq!(of("bgp-all", &[("neutron_ovn_bgp_agent.ini", agent)]), []);
}

#[test]
fn a_mapping_to_a_bridge_that_nobody_makes_is_an_error_once_a_network_needs_it() {
    let lint = "bridge_mapping_missing_bridge";
    let show = "a6a7e5a4-33d9-4d6b-9a0c-1f2f3d6d1c10
    Bridge br-int
        fail_mode: secure
        Port br-int
            Interface br-int
                type: internal
";
    let gateway = ", ovn-cms-options=enable-chassis-as-gw";
    let levels = |name, switches: Option<&str>, ports: Option<&str>| {
        let mut files = Vec::new();
        files.extend(switches.map(|switches| ("nb/switches.json", switches)));
        files.extend(ports.map(|ports| ("nb/ports.json", ports)));
        let found = subjects(name, lint, (gateway, show), &files).into_iter();
        found.map(|(level, _)| level).collect::<Vec<_>>()
    };
    let switches = |ports: &str| {
        format!(
            r#"{{"headings":["_uuid","name","ports","external_ids","dns_records","qos_rules"],"data":[[["uuid","00000000-0000-4000-8000-000000000001"],"net1",{ports},["map",[]],["set",[]],["set",[]]],[["uuid","00000000-0000-4000-8000-000000000003"],"net2",["set",[]],["map",[]],["set",[]],["set",[]]]]}}"#
        )
    };
    let port = |physnet: &str| {
        format!(
            r#"{{"headings":["_uuid","name","type","options","tag"],"data":[[["uuid","00000000-0000-4000-8000-000000000002"],"provnet-1","localnet",["map",[["network_name","{physnet}"]]],["set",[]]]]}}"#
        )
    };
    let with = switches(r#"["uuid","00000000-0000-4000-8000-000000000002"]"#);
    let without = switches(r#"["set",[]]"#);
    let error = [Level::Error, Level::Error];
    let warning = [Level::Warning, Level::Warning];
    assert_eq!(levels("osh-unseen", None, None), error);
    assert_eq!(levels("osh-none", Some(&without), None), warning);
    let (external, other) = (port("external"), port("other"));
    assert_eq!(levels("osh-other", Some(&with), Some(&other)), warning);
    assert_eq!(levels("osh-network", Some(&with), Some(&external)), error);
}

// Agents of kolla up to Train, devstack and others load ml2_conf.ini: each node has its own.
#[test]
fn a_physnet_that_another_nodes_ml2_conf_maps_is_mapped() {
    let ml2 = |physnets: &str, mapping: &str| {
        format!(
            "[ml2]\nmechanism_drivers = openvswitch\n[ml2_type_flat]\nflat_networks = {physnets}\n[ovs]\nbridge_mappings = {mapping}\n"
        )
    };
    let compute = ml2("mgmt,external,extrenal", "mgmt:br-mgmt");
    let network = ml2("mgmt,external", "external:br-ex");
    let files = [
        ("compute1/neutron/ml2_conf.ini", compute.as_str()),
        ("network1/neutron/ml2_conf.ini", network.as_str()),
    ];
    let found = said("ml2-elsewhere", &files).into_iter();
    let unmapped: Vec<String> = found
        .filter(|(lint, ..)| *lint == "physnet_unmapped")
        .map(|(_, _, subject)| subject)
        .collect();
    assert_eq!(unmapped, ["compute1/neutron/extrenal"]);
}
