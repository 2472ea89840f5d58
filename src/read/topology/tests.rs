//! What the topology's reader gives, and what it says.

use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use super::schema::keys;
use super::{Driver, Management, Role, Topology, TopologyNode, read};
use crate::source::{FileId, Spanned};

pub const WHOLE: &str = r#"
[site]
release = "2024.1"
driver = "ovn"

[nodes.os-network]
roles = ["network", "compute"]
management = "192.168.98.13"

[nodes.os-compute]
roles = ["compute"]
management = "enp6s18"
memory = "16GiB"
kernel = "5.15.0-91-generic"
openvswitch = "2.17.9"
ovn = "22.03.3"
config = ["hosts/os-compute/**"]

[nodes.os-compute.interfaces]
enp6s18 = { addresses = ["192.168.98.12/24", "2001:db8::1/64"], mtu = 1500 }
bond0   = { members = ["enp7s0", "enp8s0"], mtu = 9000 }
"bond0.100" = { parent = "bond0", vlan = 100 }

[nodes.os-compute.bridges]
br-ex = { ports = ["enp6s18"], fail_mode = "standalone" }

[nodes.os-compute.services.neutron-server]
memory_max = 2147483648
api_workers = 4
rpc_workers = 2
eventlet = false
container = true
"#;

pub fn clean(text: &str) -> Topology {
    let (topology, errors) = read(FileId(7), text);
    assert!(errors.is_empty(), "{errors:?}");
    topology.expect("what has no errors is read")
}

/// Each error as the text at its place, and its message.
pub fn errors(text: &str) -> Vec<(&str, String)> {
    let (_, errors) = read(FileId(0), text);
    let errors = errors.into_iter();
    errors
        .map(|error| (&text[error.place.span.range()], error.message))
        .collect()
}

pub fn error(text: &str) -> (&str, String) {
    let mut all = errors(text);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn node(text: &str) -> TopologyNode {
    let (topology, _) = read(FileId(0), text);
    topology.expect("it parses").nodes.remove(0)
}

fn assert_text<T: std::fmt::Debug>(value: &Spanned<T>, written: &str) {
    assert_eq!(value.place.file, FileId(7));
    assert_eq!(&WHOLE[value.place.span.range()], written, "{value:?}");
}

#[test]
fn everything_is_read_with_its_place() {
    let topology = clean(WHOLE);
    let release = topology.release.expect("given");
    assert_eq!(release.to_string(), "2024.1");
    assert_text(&release, "\"2024.1\"");
    assert_eq!(topology.driver.expect("given").value, Driver::Ovn);
    let names: Vec<_> = topology
        .nodes
        .iter()
        .map(|node| node.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["os-network", "os-compute"],
        "in the order of the file"
    );
    let [network, compute] = &topology.nodes[..] else {
        panic!("two nodes")
    };
    let address = Management::Address(IpAddr::V4(Ipv4Addr::new(192, 168, 98, 13)));
    assert_eq!(network.management.as_ref().expect("given").value, address);
    assert!(network.interfaces.is_none() && network.bridges.is_none() && network.config.is_empty());
    let roles = network
        .roles
        .as_ref()
        .expect("given")
        .iter()
        .map(|role| role.value);
    assert_eq!(roles.collect::<Vec<_>>(), [Role::Network, Role::Compute]);
    assert_text(&compute.name, "os-compute");
    let management = compute.management.as_ref().expect("given");
    assert_eq!(
        management.value,
        Management::Interface("enp6s18".to_owned())
    );
    assert_text(management, "\"enp6s18\"");
    assert_eq!(
        compute.memory.as_ref().expect("given").value,
        16 * 1024 * 1024 * 1024
    );
    assert_eq!(
        compute.kernel.as_ref().expect("given").numbers,
        [5, 15, 0, 0]
    );
    assert_eq!(
        compute.openvswitch.as_ref().expect("given").numbers,
        [2, 17, 9, 0]
    );
    assert_eq!(compute.ovn.as_ref().expect("given").numbers, [22, 3, 3, 0]);
    assert_text(&compute.config[0], "\"hosts/os-compute/**\"");
}

#[test]
fn tables_of_a_node_are_read_with_their_places() {
    let compute = clean(WHOLE).nodes.remove(1);
    let interfaces = compute.interfaces.expect("given");
    let [nic, bond, vlan] = &interfaces[..] else {
        panic!("three interfaces")
    };
    assert_text(&nic.name, "enp6s18");
    let addresses: Vec<_> = nic.addresses.iter().map(ToString::to_string).collect();
    assert_eq!(addresses, ["192.168.98.12/24", "2001:db8::1/64"]);
    assert_text(&nic.addresses[1], "\"2001:db8::1/64\"");
    assert_eq!(bond.mtu.as_ref().expect("given").value, 9000);
    assert_text(&bond.members[1], "\"enp8s0\"");
    assert_eq!(vlan.name.value, "bond0.100");
    assert_text(&vlan.name, "\"bond0.100\"");
    assert_eq!(vlan.parent.as_ref().expect("given").value, "bond0");
    assert_text(vlan.vlan.as_ref().expect("given"), "100");
    let bridge = compute.bridges.expect("given").remove(0);
    assert_text(&bridge.ports[0], "\"enp6s18\"");
    assert_eq!(bridge.fail_mode.expect("given").value, "standalone");
    let service = &compute.services[0];
    assert_text(&service.name, "neutron-server");
    assert_eq!(
        service.memory_max.as_ref().expect("given").value,
        2 * 1024 * 1024 * 1024
    );
    assert_eq!(service.api_workers.as_ref().expect("given").value, 4);
    assert_eq!(service.rpc_workers.as_ref().expect("given").value, 2);
    assert!(!service.eventlet.as_ref().expect("given").value);
    assert!(service.container.as_ref().expect("given").value);
}

#[test]
fn an_empty_file_says_nothing() {
    for text in ["", "# nothing\n", "\u{feff}", "[site]\n", "[nodes]\n"] {
        let topology = clean(text);
        assert!(
            topology.nodes.is_empty() && topology.release.is_none() && topology.driver.is_none()
        );
    }
    assert!(node("[nodes.a]").services.is_empty());
}

#[test]
fn one_error_leaves_the_rest() {
    let text = "[site]\nrelease = \"caracall\"\ndriver = \"ovn\"\n[nodes.a]\nroles = [\"compute\", \"computer\", 3]\nmanagment = \"x\"\nmemory = \"16Go\"\novn = \"24.03\"\n[nodes.a.interfaces]\nb = { members = [\"b\", \"c\"], addresses = [\"x\", \"10.0.0.1/8\"] }\n";
    let (topology, errors) = read(FileId(0), text);
    let topology = topology.expect("it parses");
    let places: Vec<_> = errors
        .iter()
        .map(|error| &text[error.place.span.range()])
        .collect();
    assert_eq!(
        places,
        [
            "\"caracall\"",
            "\"computer\"",
            "3",
            "managment",
            "\"16Go\"",
            "\"b\"",
            "\"x\""
        ]
    );
    assert_eq!(topology.driver.expect("still read").value, Driver::Ovn);
    let node = &topology.nodes[0];
    assert_eq!(node.roles.as_ref().expect("still read").len(), 1);
    assert!(node.ovn.is_some() && node.memory.is_none());
    let interface = &node.interfaces.as_ref().expect("still read")[0];
    assert_eq!((interface.members.len(), interface.addresses.len()), (1, 1));
}

proptest! {
    #[test]
    fn no_text_panics(text in "(\\PC|[\\[\\]{}=.,\"'\n\r]|site|nodes|release|\\[nodes\\.a\\]\n|memory = |interfaces){0,40}") {
        let (topology, errors) = read(FileId(0), &text);
        prop_assert!(topology.is_some() || !errors.is_empty());
        for error in errors {
            prop_assert!(text.get(error.place.span.range()).is_some(), "{error:?}");
        }
    }

    #[test]
    fn any_value_of_any_key_is_read_or_named(
        at in 0..keys().len(),
        value in "0|[1-9][0-9]{0,5}|-?[0-9]\\.[0-9]|true|\"[ -!#-\\[\\]-~]{0,12}\"|\\[(\"[a-z0-9./:]{0,9}\", ){0,3}\\]|\\{\\}",
    ) {
        let text = format!("{} = {value}", keys()[at].path.replace(['<', '>'], ""));
        let (topology, errors) = read(FileId(0), &text);
        prop_assert!(topology.is_some());
        for error in errors {
            let place = &text[error.place.span.range()];
            prop_assert!(value.contains(place), "{error:?}");
        }
    }
}
