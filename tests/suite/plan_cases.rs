//! What `plan` says of single commands: what hurts is never called nothing, and what is harmless is no outage.

use std::path::PathBuf;

use clap::Parser;
use ovnlint::cli::{self, Arguments, Surroundings};
use serde_json::Value;

const SITE: &str = "testdata/ovn/before";

/// Its provider switch, and Neutron's localnet port on it.
const SWITCH: &str = "neutron-6f3c1a52-8d0e-4c5b-9f0a-3a1d2b7c9e10";
const LOCALNET: &str = "provnet-2f6a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b0c";

/// What the commands do on a node of the recorded site, as JSON.
fn plan(node: &str, command: &str) -> Value {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("ovnlint-cases-{}-{number}.sh", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, command).expect("the temporary directory can be written");
    let script = path.to_string_lossy();
    let arguments = [
        "ovnlint",
        "plan",
        "--format",
        "json",
        SITE,
        "--node",
        node,
        "--watch-for",
        "*",
        "--script",
        &script,
    ];
    let arguments = Arguments::try_parse_from(arguments).expect("the arguments are right");
    let surroundings = Surroundings {
        directory: PathBuf::from(env!("CARGO_MANIFEST_DIR")),
        ..Surroundings::default()
    };
    let outcome = cli::run(arguments, &surroundings).expect("it can run");
    let _ = std::fs::remove_file(&path);
    serde_json::from_str(&outcome.text).expect("the report is JSON")
}

/// How hard each command hits.
fn impacts(answer: &Value) -> Vec<&str> {
    let commands = answer["plan"]["commands"].as_array().expect("commands");
    let impacts = commands.iter().map(|command| command["impact"].as_str());
    impacts.map(|impact| impact.expect("an impact")).collect()
}

/// Asserts how hard the last command of each script hits os-compute1.
fn each(scripts: &[&str], impact: &str) {
    for script in scripts {
        let answer = plan("os-compute1", script);
        assert_eq!(impacts(&answer).last(), Some(&impact), "{script}");
    }
}

// Facts O§7: what takes the uplink or the address of a management bridge away cuts it, whatever program it is.
#[test]
fn programs_of_the_machine_that_take_the_management_interface_down_are_seen() {
    each(
        &[
            "ovs-vsctl show; ifdown enp6s18",
            "ifconfig enp6s18 down",
            "ifconfig br-ex 0.0.0.0",
            "sudo dhclient -r br-ex",
            "reboot",
            "shutdown -h now",
            "pkill -f ovs-vswitchd",
            "killall ovs-vswitchd",
            "/usr/share/openvswitch/scripts/ovs-ctl stop",
            "/usr/share/ovn/scripts/ovn-ctl stop_controller",
        ],
        "interrupts",
    );
    each(
        &[
            "ifconfig enp6s18 up",
            "shutdown -c",
            "/usr/share/openvswitch/scripts/ovs-ctl load-kmod",
            "/usr/share/ovn/scripts/ovn-ctl start_controller",
            "ovs-dpctl show",
            // SIGTERM keeps chassis, tunnels and flows: facts O§10.
            "pkill ovn-controller",
        ],
        "nothing",
    );
}

#[test]
fn programs_that_nobody_looks_into_are_not_called_harmless() {
    each(
        &[
            "ovs-vsctl show; netplan apply",
            "nmcli con down enp6s18",
            "os-net-config -c /etc/os-net-config/config.yaml",
            "neutron-ovs-cleanup",
            "ovs-dpctl del-dp system@ovs-system",
            "modprobe -r openvswitch",
            "dpdk-devbind.py --bind=vfio-pci 0000:01:00.0",
            "ovsdb-client transact '[\"Open_vSwitch\"]'",
            "python3 -c 'import os; os.system(\"ovs-vsctl del-br br-ex\")'",
            "python3 - <<EOF\nimport os\nos.system('ovs-vsctl del-br br-ex')\nEOF\n",
        ],
        "unknown",
    );
}

// A start of what runs is nothing; ovs-vswitchd outlives its database.
#[test]
fn what_is_started_while_it_runs_interrupts_nothing() {
    each(
        &[
            "systemctl start openvswitch-switch",
            "systemctl enable --now openvswitch-switch",
            "docker restart openvswitch_db",
            "docker stop openvswitch_db",
        ],
        "nothing",
    );
    let answer = plan(
        "os-compute1",
        "systemctl stop openvswitch-switch\nsystemctl start openvswitch-switch\n",
    );
    assert_eq!(impacts(&answer), ["interrupts", "interrupts"]);
}

// Facts O§10: without its localnet port, or on another VLAN, a provider network is gone; O§6.2: the patch ports go.
#[test]
fn a_switch_that_loses_its_provider_network_is_interrupted() {
    for command in [
        format!("ovn-nbctl ls-del {SWITCH}"),
        format!("ovn-nbctl lsp-del {LOCALNET}"),
        format!("ovn-nbctl lsp-set-type {LOCALNET} router"),
        format!("ovn-nbctl lsp-set-options {LOCALNET} mcast_flood=true"),
        format!("ovn-nbctl set logical_switch_port {LOCALNET} options:network_name=physnet9"),
        format!("ovn-nbctl set logical_switch_port {LOCALNET} tag=100"),
        format!("ovn-nbctl set logical_switch_port {LOCALNET} tag_request=100"),
        "ovn-nbctl --all destroy logical_switch".to_owned(),
    ] {
        let answer = plan("os-compute1", &command);
        assert_eq!(impacts(&answer), ["interrupts"], "{command}");
        let findings = answer["findings"].as_array().expect("findings");
        let mut own = findings.iter().filter(|finding| {
            finding["lint"] == "change_patches_provider_bridge" && finding["status"] == "introduced"
        });
        let finding = own.next().expect("a finding");
        assert_eq!(finding["level"], "warning", "{command}");
        assert_eq!(
            finding["nodes"],
            serde_json::json!(["os-compute1", "os-network"])
        );
    }
}

// The cure of incident 2 takes a second localnet port away, and a switch that is not local needs none (O§6.3, O§6.8).
#[test]
fn a_pair_that_goes_and_is_not_missed_interrupts_nothing() {
    let second = format!(
        "ovn-nbctl lsp-add {SWITCH} x -- lsp-set-type x localnet -- lsp-set-options x network_name=physnet2\n\
         ovn-nbctl lsp-del x\n"
    );
    let answer = plan("os-compute1", &second);
    assert_eq!(impacts(&answer), ["interrupts", "harmless"]);
    let same = format!("ovn-nbctl set logical_switch_port {LOCALNET} tag=0");
    assert_eq!(impacts(&plan("os-compute1", &same)), ["nothing"]);
}

// Facts O§7 c6: the kernel's device goes; O§4: a standalone bridge with two uplinks loops without STP or a bond.
#[test]
fn an_uplink_of_another_kind_and_a_second_one_may_cut_management() {
    let pinned = "ovs-vsctl set bridge br-ex other_config:hwaddr=bc:24:11:a0:00:13\n";
    for command in [
        "ovs-vsctl set interface enp6s18 type=dpdk".to_owned(),
        "ovs-vsctl set interface enp6s18 type=dpdk options:dpdk-devargs=0000:01:00.0".to_owned(),
        format!("{pinned}ovs-vsctl add-port br-ex enp7s0"),
    ] {
        let answer = plan("os-compute1", &command);
        assert_eq!(impacts(&answer).last(), Some(&"interrupts"), "{command}");
    }
    each(
        &[
            "ovs-vsctl set interface enp6s18 type=system",
            "ovs-vsctl del-port enp6s18 -- add-port br-ex enp6s18",
        ],
        "nothing",
    );
}

/// The messages of what a lint found.
fn messages(answer: &Value, lint: &str) -> Vec<String> {
    let findings = answer["findings"].as_array().expect("findings");
    let own = findings.iter().filter(|finding| finding["lint"] == lint);
    own.map(|finding| finding["message"].as_str().expect("a message").to_owned())
        .collect()
}

#[test]
fn what_comes_to_nothing_is_said_as_it_is() {
    let said = |command: &str| messages(&plan("os-compute1", command), "change_has_no_effect");
    let undone = "ovs-vsctl set-fail-mode br-ex secure -- set-fail-mode br-ex standalone";
    assert_eq!(
        said(undone),
        [
            "`set-fail-mode br-ex secure` comes to nothing on os-compute1: it is so already, or the rest of the line undoes it"
        ]
    );
    assert_eq!(
        said("ovs-vsctl remove open . external_ids ovn-bridge-mappings=wrong"),
        ["external_ids of os-compute1 does not hold what `remove` takes away"]
    );
    assert_eq!(
        said("ovs-vsctl del-manager"),
        ["`del-manager` asks of os-compute1 what is so already"]
    );
    let map = "ovs-vsctl set open . external_ids=ovn-bridge-mappings=physnet2:br-ex";
    let refused = messages(&plan("os-compute1", map), "change_command_invalid");
    assert_eq!(refused.len(), 1);
    assert!(!refused[0].contains("did you mean"), "{}", refused[0]);
}

// Lab §6: without ovn-remote the data path runs on, and nobody says that it follows nothing any more.
#[test]
fn a_chassis_that_loses_its_southbound_is_an_error() {
    let remove = "ovs-vsctl remove open . external_ids ovn-remote\n";
    let said = |script: &str| messages(&plan("os-compute1", script), "change_drops_keys");
    assert_eq!(said(remove).len(), 1);
    assert!(said(remove)[0].contains("ovn-remote from os-compute1"));
    let again =
        format!("{remove}ovs-vsctl set open . external_ids:ovn-remote=tcp:192.168.98.11:6642\n");
    assert!(said(&again).is_empty());
}

#[test]
fn a_chassis_is_deleted_from_any_node() {
    let answer = plan("os-controller", "ovn-sbctl chassis-del os-compute1");
    let said = messages(&answer, "change_unpredicted");
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("tunnels of os-compute1"), "{}", said[0]);
}

// Facts O§10: `ipsec` and `vxlan_mode` concern every tunnel. An instance whose port goes is cut off. What hangs on a
// southbound that no other chassis uses, or on the agent's own patch ports, no input tells.
#[test]
fn what_concerns_tunnels_instances_and_the_control_plane_is_not_called_nothing() {
    each(
        &[
            "ovn-nbctl set NB_Global . ipsec=true",
            "ovn-nbctl set NB_Global . options:vxlan_mode=false",
            "ovs-vsctl del-port br-int tap9a1b2c3d11",
            "ovs-vsctl remove Interface tap9a1b2c3d11 external_ids iface-id",
        ],
        "interrupts",
    );
    each(
        &["ovs-vsctl set open . external_ids:ovn-remote=tcp:192.0.2.9:6642"],
        "unknown",
    );
    let answer = plan("os-compute1", "ovs-vsctl del-port br-int tap9a1b2c3d11");
    let verdict = answer["plan"]["verdict"].as_str().expect("a verdict");
    assert!(verdict.starts_with("this unplugs the port "), "{verdict}");
    assert!(
        verdict.contains("of an instance on os-compute1"),
        "{verdict}"
    );
}

/// The nodes on which an effect, as its reaction is shown, comes about.
fn reacting(answer: &Value, text: &str) -> Vec<String> {
    let reactions = answer["plan"]["reactions"].as_array().expect("reactions");
    let own = reactions.iter().filter(|own| {
        let shown = own["text"].as_str().expect("a text");
        shown.contains(text)
    });
    own.map(|own| own["node"].as_str().expect("a node").to_owned())
        .collect()
}

// Measured: a port that the script makes and plugs in brings the patch ports of its switch, in either order.
#[test]
fn a_port_that_the_script_makes_is_found_when_it_is_plugged_in() {
    let made = format!("ovn-nbctl lsp-add {SWITCH} pvm");
    let plugged = "ssh os-compute2 ovs-vsctl add-port br-int pvm0 -- set interface pvm0 type=internal external_ids:iface-id=pvm";
    for script in [
        format!("{made}\n{plugged}"),
        format!("{plugged}\n{made}"),
        format!("ovn-nbctl lsp-add {SWITCH} other\n{made}\n{plugged}"),
    ] {
        let answer = plan("os-compute1", &script);
        assert_eq!(reacting(&answer, LOCALNET), ["os-compute2"], "{script}");
    }
    let loops = format!(
        "{made}\n{plugged}\novn-nbctl lsp-add {SWITCH} ln2 -- lsp-set-type ln2 localnet -- lsp-set-options ln2 network_name=physnet2"
    );
    let answer = plan("os-compute1", &loops);
    let verdict = answer["plan"]["verdict"].as_str().expect("a verdict");
    assert!(
        verdict.contains("os-compute2") && verdict.contains("3 of 4"),
        "{verdict}"
    );
}

// What the verdict calls an interruption, the table of nodes does not call kept, and the other way round.
#[test]
fn one_effect_has_one_meaning() {
    let commands = [
        "ovs-vsctl set-fail-mode br-ex secure",
        "ovs-vsctl set-fail-mode br-int standalone",
        "ovs-vsctl del-br br-ex",
        "ovs-vsctl del-br br-int",
        "ovs-vsctl del-port tap9a1b2c3d11",
        "ovs-vsctl set open . external_ids:ovn-encap-ip=192.168.98.99",
        "ovs-vsctl set open . external_ids:system-id=other",
        "ovs-vsctl set open . external_ids:ovn-bridge-mappings=",
        "ovs-vsctl set open . other_config:n-handler-threads=2",
        "ovs-vsctl set open . other_config:dpdk-init=true",
        "ovs-vsctl set open . external_ids:contact=noc",
        "systemctl restart openvswitch-switch",
        "ovs-ofctl del-flows br-ex",
        "ovs-vsctl set-controller br-ex ptcp:6653",
    ];
    for command in commands {
        let answer = plan("os-compute1", command);
        let interrupts = impacts(&answer).contains(&"interrupts");
        let watched = answer["plan"]["watch"].as_array().expect("nodes");
        let mut aspects = watched
            .iter()
            .flat_map(|node| node["aspects"].as_array().expect("aspects"));
        let suffers = aspects.any(|aspect| {
            let fate = aspect["fate"].as_str().expect("a fate");
            matches!(fate, "interrupted" | "lost")
        });
        assert_eq!(
            interrupts, suffers,
            "{command}: {}",
            answer["plan"]["verdict"]
        );
    }
}

// Measured: an l2gateway port makes patch ports on the chassis that it names, and on no other.
#[test]
fn an_l2gateway_port_makes_patch_ports_on_its_chassis() {
    let script = "ovn-nbctl ls-add ten -- lsp-add ten l2g -- lsp-set-type l2g l2gateway -- lsp-set-options l2g network_name=physnet2 l2gateway-chassis=os-compute2";
    let answer = plan("os-compute1", script);
    assert_eq!(reacting(&answer, "l2g"), ["os-compute2"]);
    let apart = "ovn-nbctl ls-add ten -- lsp-add ten l2g\novn-nbctl lsp-set-type l2g l2gateway\novn-nbctl lsp-set-options l2g network_name=physnet2 l2gateway-chassis=os-compute2\novn-nbctl lsp-del l2g";
    let answer = plan("os-compute1", apart);
    assert_eq!(reacting(&answer, "l2g"), ["os-compute2"; 2]);
}
