//! The safe way: it hangs on what a change does, not on how it is spelled, and on the bridges that are there.

use std::fs;

use ovnlint::cli::plan::script::Text;
use ovnlint::lints::Tuning;

use crate::command_line::Scratch;
use crate::support::plan_text;

/// The way that is proposed for a script in a directory.
fn way(directory: &Scratch, script: &str) -> Vec<String> {
    let script = Text {
        path: "change.sh".to_owned(),
        text: script.to_owned(),
    };
    let path = directory.path().to_str().expect("the path is text");
    let planned = plan_text(path, script, &Tuning::default());
    let report = planned.report(Vec::new());
    report.plan.expect("it is a plan").safe_way
}

const TOPOLOGY: &str = r#"[site]
driver = "ovn"
[nodes.os-network]
openvswitch = "3.1.0"
ovn = "23.03.1"
management = "br-ex"
[nodes.os-network.interfaces]
br-ex = { addresses = ["192.168.98.12/24"] }
"#;

const SHOW: &str = "53b52d37-7e6a-470e-b1f0-a3eeeab0be81
    Bridge br-ex
        Controller \"tcp:192.0.2.1:6653\"
        fail_mode: secure
        Port br-ex
            Interface br-ex
                type: internal
        Port enp6s18
            Interface enp6s18
    Bridge br-int
        fail_mode: secure
        Port br-int
            Interface br-int
                type: internal
";

// Facts O§4: standalone first, and the bridge forwards as soon as its controller is gone.
#[test]
fn one_change_has_one_safe_way_however_it_is_spelled() {
    let directory = Scratch::new("safe-spelled");
    directory
        .write("topology.toml", TOPOLOGY)
        .write("os-network/show.txt", SHOW)
        .write(
            "os-network/external_ids.txt",
            "{ovn-bridge-mappings=\"physnet1:br-ex\", ovn-encap-ip=\"192.168.98.12\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.168.98.11:6642\", system-id=os-network}\n",
        );
    for command in [
        "ovs-vsctl del-controller br-ex",
        "ovs-vsctl clear bridge br-ex controller",
        "ovs-vsctl clear Bridge br-ex contr",
        "ovs-vsctl set bridge br-ex 'controller=[]'",
        "ovs-vsctl -- --if-exists clear bri br-ex Controller",
    ] {
        let way = way(&directory, command);
        assert_eq!(
            way,
            ["ovs-vsctl set-fail-mode br-ex standalone", command],
            "{command}"
        );
    }
}

// Measured: without it the new bridge gets the kernel's datapath, and nothing passes.
#[test]
fn an_uplink_of_its_own_gets_the_datapath_of_its_neighbours() {
    let directory = Scratch::new("safe-datapath");
    for node in ["os-controller", "os-network", "os-compute1", "os-compute2"] {
        for entry in fs::read_dir(format!("testdata/ovn/before/{node}")).expect("it is there") {
            let path = entry.expect("it can be listed").path();
            let name = path.file_name().expect("it has a name").to_string_lossy();
            let bytes = fs::read(&path).expect("it can be read");
            directory.write(&format!("{node}/{name}"), bytes);
        }
    }
    let topology = fs::read_to_string("testdata/ovn/before/topology.toml").expect("it is text");
    let spare = topology.replace("br-ex = {", "enp7s0 = {}\nbr-ex = {");
    directory.write("topology.toml", spare);
    let script =
        fs::read_to_string("testdata/plan/localnet-physnet2.sh").expect("the script is text");
    let way = way(&directory, &script);
    let bridges: Vec<&String> = way.iter().filter(|own| own.contains("add-br")).collect();
    assert!(!bridges.is_empty(), "{way:?}");
    for bridge in bridges {
        assert!(
            bridge.contains("-- set bridge br-physnet2 datapath_type=netdev"),
            "{bridge}"
        );
    }
}
