//! `ovnlint show`: the picture is the recorded one, tells what a person sees in the files, and is harmless.

use std::path::Path;

use ovnlint::lints::{self, Tuning};
use ovnlint::read;
use ovnlint::show::text::Detail;
use ovnlint::show::{self, Picture};
use ovnlint::site::build;
use serde_json::{Value, json};

use crate::command_line::{Scratch, ovnlint};
use crate::support::compare;

fn picture(directory: &str, node: Option<&str>) -> Picture {
    let paths = [(Path::new(directory), directory.to_owned())];
    let inputs = read::inputs(&paths, lints::limits(&Tuning::default()))
        .unwrap_or_else(|error| panic!("{error}"));
    let built = build::sites(inputs);
    show::picture(&built.sites, &built.sources, node)
}

fn written(picture: &Picture) -> Value {
    serde_json::from_str(&show::json::render(picture)).expect("the picture is JSON")
}

fn find<'a>(list: &'a Value, name: &str) -> &'a Value {
    let list = list.as_array().expect("it is a list");
    list.iter()
        .find(|one| one["name"] == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn the_pictures_are_the_recorded_ones() {
    for site in ["localnet", "openflow15", "fail-mode"] {
        let picture = picture(&format!("testdata/incidents/{site}"), None);
        let text = show::text::render(&picture, Detail::Overview, 100);
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest.is_some_and(|columns| columns <= 100), "{site}");
        compare(&format!("testdata/expected/show/{site}.txt"), &text);
        let json = show::json::render(&picture);
        compare(&format!("testdata/expected/show/{site}.json"), &json);
    }
}

/// What topology.toml, `ovs-vsctl show` and the commands of `testdata/incidents.sh` say of this site.
#[test]
fn the_picture_tells_where_management_sits() {
    let json = written(&picture("testdata/incidents/localnet", None));
    let nodes = &json["sites"][0]["nodes"];
    let captured = &find(nodes, "os-network")["management"];
    assert_eq!(captured["path"], "captured");
    assert_eq!(captured["bridge"], "br-ex");
    assert_eq!(captured["interface"], "enp6s18");
    assert_eq!(captured["address"], "192.0.2.12");
    let moved = &find(nodes, "os-compute")["management"];
    assert_eq!(moved["path"], "internal_port");
    assert_eq!(moved["interface"], "br-ex");
    let provider = find(&find(nodes, "os-compute")["bridges"], "br-ex");
    assert_eq!(provider["uplinks"], json!(["enp6s18"]));
    assert_eq!(provider["physnets"], json!(["physnet2"]));
    assert_eq!(provider["fail_mode"], Value::Null);
    assert_eq!(provider["effective_fail_mode"], "standalone");
    let text = show::text::render(
        &picture("testdata/incidents/localnet", Some("os-network")),
        Detail::Ports,
        100,
    );
    assert!(text.contains("192.0.2.12 on enp6s18: captured by br-ex\n"));
    assert!(!text.contains("os-compute"), "{text}");
}

/// `ovs-vsctl show` prints neither protocols nor external_ids, and a file of the latter shows no bridge.
#[test]
fn unseen_is_neither_empty_nor_blank() {
    let unseen = json!({"unseen": true});
    let json = written(&picture("testdata/incidents/openflow15", None));
    let storage = find(&json["sites"][0]["nodes"], "os-storage");
    assert_eq!(storage["bridges"], unseen);
    assert_eq!(storage["memory"], unseen);
    // Its external_ids were seen, without this key.
    assert_eq!(storage["external_ids"]["ovn-remote"], Value::Null);
    let json = written(&picture("testdata/incidents/fail-mode", None));
    let compute = find(&json["sites"][0]["nodes"], "os-compute2");
    let provider = find(&compute["bridges"], "br-ex");
    assert_eq!(provider["protocols"], unseen);
    assert_eq!(provider["fail_mode"], "secure");
    // Two tunnels, a patch to br-int, and the bridge's own port.
    assert_eq!(
        find(&compute["bridges"], "br-tun")["port_counts"],
        json!({"internal": 1, "patch": 1, "vxlan": 2})
    );
    let text = show::text::render(
        &picture("testdata/incidents/fail-mode", None),
        Detail::Overview,
        100,
    );
    let blank = text.lines().find(|line| line.ends_with(' '));
    assert_eq!(blank, None);
}

/// The day after: `ovn-nbctl lsp-add` has put a second localnet port beside the one that Neutron made.
#[test]
fn localnet_ports_are_listed_with_their_physnets() {
    for (site, expected) in [("before", 1), ("after", 2)] {
        let json = written(&picture(&format!("testdata/ovn/{site}"), None));
        let northbound = &json["sites"][0]["northbound"];
        let ports = northbound["localnet_ports"].as_array();
        let ports = ports.expect("the ports were seen");
        assert_eq!(ports.len(), expected, "{site}");
        for port in ports {
            assert_eq!(port["physnet"], "physnet2");
            assert_eq!(port["switch"], ports[0]["switch"]);
        }
        assert_eq!(
            json["sites"][0]["southbound"]["chassis"],
            json!(["os-compute1", "os-compute2", "os-network"])
        );
    }
}

/// Management that is a bond's member's, ports that were not shown, bonds, tags and templates.
#[test]
fn bonds_ports_and_templates_are_told() {
    let scratch = Scratch::new("show-bond");
    scratch
        .write(
            "topology.toml",
            "[nodes.os-a]\nmanagement = \"192.0.2.7\"\nmemory = \"16GiB\"\nkernel = \"5.15.0-91-generic\"\n\
             [nodes.os-a.interfaces]\nbr-ex = { addresses = [\"192.0.2.7/24\"] }\n",
        )
        .write(
            "os-a/show.txt",
            "0a1b2c3d-0000-4000-8000-000000000001\n    Bridge br-ex\n        Port bond0\n            \
             Interface enp7s0\n            Interface enp8s0\n        Port br-ex\n            tag: 100\n            \
             Interface br-ex\n                type: internal\n",
        )
        .write("etc/neutron/neutron.conf", "[DEFAULT]\n")
        .write(
            "etc/neutron/ml2_conf.ini",
            "[ml2]\nmechanism_drivers = {{ drivers }}\n[ml2_type_vlan]\nnetwork_vlan_ranges = a:1:9,b,a:20:29\n",
        );
    let output = ovnlint(&["show", "--node", "os-a"], scratch.path());
    let said = String::from_utf8(output.stdout).expect("it is text");
    for line in [
        "  memory          16 GiB\n",
        "  management      192.0.2.7 on br-ex: internal port of br-ex, uplink bond0\n",
        "    ├─ uplink bond0\n",
        "       bond0  bond of enp7s0 (system) and enp8s0 (system), uplink\n",
        "       br-ex  internal, tag 100\n",
    ] {
        assert!(said.contains(line), "{line:?} is not in\n{said}");
    }
    let output = ovnlint(&["show", "--format", "json"], scratch.path());
    let json: Value = serde_json::from_slice(&output.stdout).expect("the picture is JSON");
    let configuration = &json["sites"][0]["configurations"][0];
    assert!(configuration["mechanism_drivers"]["unsure"].is_string());
    assert_eq!(
        configuration["physnets"]["network_vlan_ranges"],
        json!(["a", "b"])
    );
    assert_eq!(json["sites"][0]["nodes"][0]["memory"], 16_u64 << 30);
}

#[test]
fn what_files_say_can_neither_act_nor_tell_secrets() {
    let scratch = Scratch::new("show-hostile");
    scratch.write(
        "os-a/list.json",
        r#"{"headings":["_uuid","external_ids","bridges"],"data":[[["uuid","0a1b2c3d-0000-4000-8000-000000000001"],
        ["map",[["ovn-remote","tcp://admin:hunter22@192.0.2.1:6642"],["ovn-encap-type","geneve"],
        ["hostname","long ::error::y"],["ovn-bridge-mappings","p\u001b[2J:br\u202e,::error::x:br-ex,##[add-mask]q:br-y"],["system-id"," a "]]],["set",[]]]]}"#
            .replace("long", &"long ".repeat(17)),
    );
    scratch.write(
        "os-b/show.txt",
        "0a1b2c3d-0000-4000-8000-000000000002\n    Bridge \"::error::x\"\n        Port \"::error::x\"\n            \
         Interface \"::error::x\"\n                type: internal\n",
    );
    for arguments in [
        &["show"][..],
        &["show", "--format", "json"],
        &["show", "--node", "os-b"],
    ] {
        let output = ovnlint(arguments, scratch.path());
        let said = String::from_utf8(output.stdout).expect("it is text");
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains("error::x"), "{said}");
        for hostile in ["\u{1b}", "\u{202e}", "##[", "hunter22"] {
            assert!(!said.contains(hostile), "{hostile:?} in {said}");
        }
        let obeyed = |line: &&str| line.trim_start().starts_with("::");
        assert_eq!(said.lines().find(obeyed), None, "{said}");
    }
}

#[test]
fn the_exit_code_tells_nothing_to_show_from_cannot_run() {
    let scratch = Scratch::new("show-nothing");
    scratch.write("notes.txt", "nothing here");
    let output = ovnlint(&["show"], scratch.path());
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.starts_with("nothing to show"), "{said}");
    let output = ovnlint(&["show", "no/such/directory"], Path::new("."));
    assert_eq!(output.status.code(), Some(2));
    let arguments = [
        "show",
        "testdata/incidents/localnet",
        "--node",
        "os-comptue",
    ];
    let output = ovnlint(&arguments, Path::new("."));
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("`os-compute`"), "{said}");
}
