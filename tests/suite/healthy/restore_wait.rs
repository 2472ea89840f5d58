//! Gateways whose Open vSwitch waits for flows because ovn-controller said so (facts V§2).

use ovnlint::finding::Level;

use super::said;

/// The root of Open vSwitch on a gateway of a group, as ovn-controller of the four releases leaves it.
fn root(managed: &str, remote: &str) -> String {
    format!(
        "_uuid               : a6a7e5a4-33d9-4d6b-9a0c-1f2f3d6d1c10
external_ids        : {{hostname=gw1, ovn-bridge-mappings=\"physnet1:br-ex\", ovn-encap-ip=\"10.0.0.21\", ovn-encap-type=geneve{managed}, ovn-remote=\"{remote}\", system-id=gw1}}
other_config        : {{flow-restore-wait=\"true\", ovn-chassis-idx-gw1=\"\", vlan-limit=\"0\"}}
ovs_version         : \"3.3.0\"
"
    )
}

const SHOW: &str = "a6a7e5a4-33d9-4d6b-9a0c-1f2f3d6d1c10
    Bridge br-ex
        Port br-ex
            Interface br-ex
                type: internal
        Port eth1
            Interface eth1
    Bridge br-int
        fail_mode: secure
        Port br-int
            Interface br-int
                type: internal
    ovs_version: \"3.3.0\"
";

const MANAGED: &str = ", ovn-managed-flow-restore-wait=\"true\"";
const REMOTE: &str = "tcp:192.0.2.11:6642";

/// The levels of the lint on a gateway with this root, whose address of 192.0.2.0/24 an interface carries.
fn levels(name: &str, root: &str, carrier: Option<&str>) -> Vec<Level> {
    let topology = carrier.map_or("[nodes.gw1]\n".to_owned(), |carrier| {
        format!(
            "[nodes.gw1.interfaces]\n{carrier} = {{ addresses = [\"192.0.2.21/24\"] }}\neth5 = {{ addresses = [\"10.0.0.21/24\"] }}\n"
        )
    });
    let files = [
        ("gw1/open.txt", root),
        ("gw1/show.txt", SHOW),
        ("topology.toml", &topology),
    ];
    let found = said(name, &files).into_iter();
    found
        .filter(|(lint, ..)| *lint == "flow_restore_wait_stuck")
        .map(|(_, level, _)| level)
        .collect()
}

#[test]
fn what_ovn_controller_keeps_is_wrong_behind_a_bridge_only() {
    let managed = root(MANAGED, REMOTE);
    assert_eq!(levels("wait-out", &managed, Some("eth0")), []);
    assert_eq!(levels("wait-unseen", &managed, None), []);
    assert_eq!(
        levels("wait-bridge", &managed, Some("br-ex")),
        [Level::Error]
    );
    let socket = root(MANAGED, "unix:/run/ovn/ovnsb_db.sock");
    assert_eq!(levels("wait-socket", &socket, Some("br-ex")), []);
    // One server of the three is enough.
    let three = root(MANAGED, "tcp:192.0.2.11:6642,tcp:10.0.0.11:6642");
    assert_eq!(levels("wait-three", &three, Some("br-ex")), []);
}

#[test]
fn what_nobody_keeps_is_left_behind_whatever_the_way() {
    for (name, managed) in [
        ("wait-no", ""),
        ("wait-false", ", ovn-managed-flow-restore-wait=\"false\""),
    ] {
        let root = root(managed, REMOTE);
        assert_eq!(levels(name, &root, Some("eth0")), [Level::Error], "{name}");
    }
    let alone = "_uuid : a6a7e5a4-33d9-4d6b-9a0c-1f2f3d6d1c10\nother_config : {flow-restore-wait=\"true\"}\novs_version : \"3.3.0\"\n";
    assert_eq!(levels("wait-alone", alone, None), [Level::Warning]);
}
