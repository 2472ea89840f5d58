//! What the chassis registered and bound, as `ovn-sbctl --format=json list` prints it.

use serde_json::{Value, json};

use super::{
    INSTANCES, address, home, instance, is_network, map, name_of, reference, references, uuid,
};

const CHASSIS: u16 = 0x20;
const ENCAP: u16 = 0x21;
const BINDING: u16 = 0x22;

/// Each table and its rows.
pub fn lists(nodes: usize) -> [(&'static str, Value); 3] {
    let chassis = (0..nodes).map(|node| {
        let options = if is_network(node) {
            "enable-chassis-as-gw"
        } else {
            ""
        };
        let keys = [
            ("datapath-type", "system"),
            ("is-interconn", "false"),
            ("ovn-bridge-mappings", "physnet1:br-ex"),
            ("ovn-cms-options", options),
        ];
        json!([
            ["uuid", uuid(CHASSIS, node)],
            references(ENCAP, node..=node),
            map(&[]),
            name_of(node),
            name_of(node),
            map(&keys)
        ])
    });
    let encaps = (0..nodes).map(|node| {
        json!([
            ["uuid", uuid(ENCAP, node)],
            name_of(node),
            address(1, node + 1),
            "geneve"
        ])
    });
    let bindings = (0..nodes * INSTANCES).map(|port| {
        let chassis = reference(CHASSIS, home(port, nodes));
        json!([
            ["uuid", uuid(BINDING, port)],
            chassis,
            instance(port),
            "",
            ["set", []]
        ])
    });
    let list = |headings: &[&str], rows: Vec<Value>| json!({ "data": rows, "headings": headings });
    [
        (
            "Chassis",
            list(
                &[
                    "_uuid",
                    "encaps",
                    "external_ids",
                    "hostname",
                    "name",
                    "other_config",
                ],
                chassis.collect(),
            ),
        ),
        (
            "Encap",
            list(&["_uuid", "chassis_name", "ip", "type"], encaps.collect()),
        ),
        (
            "Port_Binding",
            list(
                &[
                    "_uuid",
                    "chassis",
                    "logical_port",
                    "type",
                    "additional_chassis",
                ],
                bindings.collect(),
            ),
        ),
    ]
}
