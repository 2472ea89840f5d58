//! What `ip -j` and a snapshot's `node.toml` tell of a node, and that the topology's words stand before theirs.

use std::fs;
use std::path::{Path, PathBuf};

use ovnlint::read::{self, Limits};
use ovnlint::site::build;
use ovnlint::site::management::ManagementPath;
use ovnlint::site::{Management, Site};

/// A directory of this test's own, removed when it is over.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("ovnlint-machine-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path)
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("it lies below")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
        self
    }

    fn site(&self) -> Site {
        let inputs = read::inputs(&[(&self.0, "site".to_owned())], Limits::default());
        let built = build::sites(inputs.expect("the directory can be read"));
        let mut sites = built.sites.into_iter();
        let site = sites.next().expect("there is one");
        assert!(site.troubles.is_empty(), "{:?}", site.troubles);
        site
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn recorded(name: &str) -> String {
    fs::read_to_string(Path::new("testdata/ip").join(name)).expect("it is part of the project")
}

const SHOW: &str = "4123a529-6cef-4013-a8c3-38b2f0aa7577\n    Bridge br-ex\n        Port enp6s18\n            \
                    Interface enp6s18\n                type: system\n        Port br-ex\n            \
                    Interface br-ex\n                type: internal\n";

/// One interface that is a port of Open vSwitch, has the address, and takes the default route.
const PORT: &str = r#"[{"ifindex":1,"ifname":"lo","mtu":65536,"link_type":"loopback","addr_info":[]},
    {"ifindex":2,"ifname":"enp6s18","mtu":1500,"master":"ovs-system","link_type":"ether","addr_info":[
        {"family":"inet","local":"192.0.2.12","prefixlen":24}]},
    {"ifindex":3,"ifname":"ovs-system","mtu":1500,"link_type":"ether","addr_info":[]}]"#;
const ROUTE: &str = r#"[{"dst":"default","gateway":"192.0.2.1","dev":"enp6s18","flags":[]}]"#;

#[test]
fn interfaces_of_both_lists_become_one() {
    let scratch = Scratch::new("both");
    scratch
        .write("os-compute/ip-addr.json", &recorded("addr.json"))
        .write("os-compute/ip-link.json", &recorded("link.json"))
        .write("os-compute/ip-route.json", &recorded("route.json"))
        .write("os-compute/ip-route6.json", &recorded("route6.json"));
    let site = scratch.site();
    assert_eq!(site.nodes.len(), 1);
    let host = &site
        .node("os-compute")
        .expect("its directory names it")
        .host;
    assert!(host.interfaces_complete);
    let find = |name: &str| {
        let found = host.interfaces.iter().find(|own| own.name.value == name);
        found.expect("it was printed")
    };
    assert_eq!(host.interfaces.len(), 6);
    let bridge = find("br0");
    assert_eq!(bridge.kind.as_deref(), Some("bridge"));
    assert_eq!(bridge.addresses[1].to_string(), "192.0.2.6/24");
    assert_eq!(bridge.members, ["v0"]);
    assert_eq!(host.master_of("v0"), Some("br0"));
    assert_eq!(find("v1").mtu.as_ref().map(|mtu| mtu.value), Some(9000));
    // The two ends of a veth pair do not lie upon each other.
    assert_eq!((&find("v0").parent, &find("v1").parent), (&None, &None));
    // The default route of the lowest metric, and the address that it names.
    let management = host.management.seen().expect("there is a default route");
    assert_eq!(
        management.value,
        Management::Address("192.0.2.6".parse().expect("an address"))
    );
    let carrier = host.management_carrier(&[]).expect("the address is seen");
    assert_eq!(carrier.interface, "br0");
}

#[test]
fn a_port_of_open_vswitch_has_no_master_and_captures_the_default_route() {
    let scratch = Scratch::new("port");
    scratch
        .write("os-compute/show.txt", SHOW)
        .write("os-compute/ip-addr.json", PORT)
        .write("os-compute/ip-route.json", ROUTE);
    let site = scratch.site();
    let node = site.node("os-compute").expect("its directory names it");
    assert_eq!(node.host.master_of("enp6s18"), None);
    assert!(matches!(
        node.management_path(),
        ManagementPath::Captured { bridge, .. } if bridge.name.value == "br-ex"
    ));
}

#[test]
fn the_topology_stands_before_the_machine() {
    let scratch = Scratch::new("topology");
    let machine = "[snapshot]\nhostname = \"os-compute.example.org\"\nkernel = \"6.1.0-18-amd64\"\n\
                   memory = 17179869184\nopenvswitch = \"3.1.0\"\novn = \"23.03.1\"\n";
    scratch
        .write(
            "topology.toml",
            "[nodes.os-compute]\nmanagement = \"br-ex\"\novn = \"24.03.1\"\n\
             interfaces.enp6s18 = { addresses = [\"198.51.100.7/24\"] }\n",
        )
        .write("snapshots/os-compute.example.org/node.toml", machine)
        .write("snapshots/os-compute.example.org/ip-addr.json", PORT)
        .write("snapshots/os-compute.example.org/ip-route.json", ROUTE);
    let site = scratch.site();
    assert_eq!(site.nodes.len(), 1);
    let host = &site.nodes[0].host;
    assert_eq!(
        host.management.seen().map(|management| &management.value),
        Some(&Management::Interface("br-ex".to_owned()))
    );
    assert_eq!(
        host.ovn.seen().map(|own| own.text.as_str()),
        Some("24.03.1")
    );
    assert_eq!(
        host.openvswitch.seen().map(|own| own.text.as_str()),
        Some("3.1.0")
    );
    assert_eq!(
        host.kernel.seen().map(|own| own.text.as_str()),
        Some("6.1.0-18-amd64")
    );
    assert_eq!(host.memory.seen().map(|own| own.value), Some(16 << 30));
    let seats: Vec<String> = host
        .interfaces
        .iter()
        .flat_map(|own| own.addresses.iter().map(ToString::to_string))
        .collect();
    assert_eq!(seats, ["198.51.100.7/24"]);
    assert_eq!(host.interfaces.len(), 3);
}

#[test]
fn two_default_routes_of_equal_rank_tell_nothing() {
    let scratch = Scratch::new("rank");
    let hops = r#"[{"dst":"default","flags":[],"nexthops":[{"gateway":"192.0.2.1","dev":"enp6s18","flags":[]},
        {"gateway":"198.51.100.1","dev":"enp7s0","flags":[]}]}]"#;
    scratch
        .write("os-compute/ip-addr.json", PORT)
        .write("os-compute/ip-route.json", hops);
    let site = scratch.site();
    assert!(site.nodes[0].host.management.seen().is_none());
}

#[test]
fn interfaces_beside_the_states_of_several_nodes_are_nobodys() {
    let scratch = Scratch::new("flat");
    scratch
        .write("a.txt", "{hostname=a, system-id=a}\n")
        .write("b.txt", "{hostname=b, system-id=b}\n")
        .write("ip-addr.json", PORT);
    let site = scratch.site();
    let names: Vec<&str> = site.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert!(
        site.nodes
            .iter()
            .all(|node| node.host.interfaces.is_empty())
    );
}

/// `ip -j link` without `-d` names no kinds: the two ends of a pair tell by naming each other.
#[test]
fn ends_that_name_each_other_are_a_veth_pair_and_lie_below_nothing() {
    let scratch = Scratch::new("veth");
    let end = |name: &str, other: &str, mac: &str| {
        format!(
            r#"{{"ifindex":7,"ifname":"{name}","link":"{other}","mtu":1500,"link_type":"ether","address":"{mac}","addr_info":[]}}"#
        )
    };
    let list = format!(
        "[{},{}]",
        end("ex0", "ex1", "52:54:00:00:00:01"),
        end("ex1", "ex0", "52:54:00:00:00:02")
    );
    scratch
        .write("os-compute/show.txt", SHOW)
        .write("os-compute/ip-addr.json", &list);
    let site = scratch.site();
    let node = site.node("os-compute").expect("its directory names it");
    for name in ["ex0", "ex1"] {
        let interface = node.host.interface(name).expect("it is listed");
        assert_eq!(interface.kind.as_deref(), Some("veth"));
        assert_eq!(interface.parent, None);
    }
}
