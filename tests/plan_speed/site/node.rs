//! The Open vSwitch of a node: a provider bridge with its uplink, instances and tunnels.

use serde_json::{Map, Value, json};

use super::{
    INSTANCES, address, instance, is_network, mac, map, name_of, reference, references, uuid,
};

/// Tunnels of each node; a full mesh would be most of the site.
const TUNNELS: usize = 5;

const ROOT: u16 = 0;
const BRIDGE: u16 = 1;
const PORT: u16 = 2;
const INTERFACE: u16 = 3;

/// The tables of the node's database.
pub fn state(node: usize, nodes: usize) -> Value {
    let mut ports = Map::new();
    let mut interfaces = Map::new();
    let mut count = 0;
    let mut plug = |name: &str, interface: Value| {
        let number = count;
        count += 1;
        let port = json!({ "name": name, "interfaces": reference(INTERFACE, number) });
        ports.insert(uuid(PORT, number), port);
        let mut interface = interface;
        interface["name"] = json!(name);
        interfaces.insert(uuid(INTERFACE, number), interface);
        number
    };
    let outside = [
        plug("br-ex", json!({ "type": "internal", "ofport": 65534 })),
        plug(
            "ens3",
            json!({ "ofport": 1, "mac_in_use": mac(0x3e, node) }),
        ),
    ];
    let mut inside = vec![plug(
        "br-int",
        json!({ "type": "internal", "ofport": 65534 }),
    )];
    for number in 0..INSTANCES {
        let port = number * nodes + node;
        let (id, mac) = (instance(port), mac(0x3f, port));
        let keys = [
            ("attached-mac", mac.as_str()),
            ("iface-id", &id),
            ("iface-status", "active"),
            ("ovn-installed", "true"),
            ("vm-uuid", &id),
        ];
        let tap = json!({ "external_ids": map(&keys), "ofport": number + 10 });
        inside.push(plug(&format!("tap{port:08x}-aa"), tap));
    }
    for number in 1..=TUNNELS.min(nodes - 1) {
        let peer = (node + number) % nodes;
        let remote = address(1, peer + 1);
        let options = [
            ("csum", "true"),
            ("key", "flow"),
            ("remote_ip", remote.as_str()),
        ];
        let tunnel =
            json!({ "type": "geneve", "options": map(&options), "ofport": number + 10_000 });
        inside.push(plug(&format!("ovn-{peer:06x}-0"), tunnel));
    }
    let hwaddr = mac(0x3e, node);
    let bridges = json!({
        uuid(BRIDGE, 0): {
            "name": "br-int", "fail_mode": "secure", "datapath_type": "system",
            "ports": references(PORT, inside.into_iter()),
            "other_config": map(&[("disable-in-band", "true")]),
        },
        uuid(BRIDGE, 1): {
            "name": "br-ex", "ports": references(PORT, outside.into_iter()),
            "other_config": map(&[("hwaddr", &hwaddr)]),
        },
    });
    json!({
        "Open_vSwitch": { uuid(ROOT, 0): root(node) },
        "Bridge": bridges,
        "Port": ports,
        "Interface": interfaces,
    })
}

fn root(node: usize) -> Value {
    let (name, encap) = (name_of(node), address(1, node + 1));
    let mut keys = vec![
        ("hostname", name.as_str()),
        ("ovn-bridge-mappings", "physnet1:br-ex"),
        ("ovn-encap-ip", &encap),
        ("ovn-encap-type", "geneve"),
        ("ovn-remote", "tcp:10.2.0.1:6642"),
        ("rundir", "/var/run/openvswitch"),
        ("system-id", &name),
    ];
    if is_network(node) {
        keys.push(("ovn-cms-options", "enable-chassis-as-gw"));
    }
    json!({
        "bridges": references(BRIDGE, 0..2),
        "cur_cfg": 9, "next_cfg": 9, "db_version": "8.5.0", "ovs_version": "3.3.8",
        "system_type": "ubuntu", "system_version": "24.04",
        "external_ids": map(&keys),
        "other_config": map(&[("vlan-limit", "0")]),
    })
}
