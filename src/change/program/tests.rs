//! Command lines and what they disturb.

mod iproute;

use crate::read::script;
use crate::source::FileId;

use super::{Act, acts};

/// What a line does, each act as it prints, without places.
fn told(line: &str) -> String {
    let script = script::read(FileId(0), line);
    assert_eq!(script.commands.len(), 1, "{line}");
    let acts = acts(&script.commands[0].words);
    acts.iter().map(brief).collect::<Vec<_>>().join("; ")
}

fn brief(act: &Act) -> String {
    match act {
        Act::FlowsDeleted { bridge } => format!("deleted {}", bridge.value),
        Act::NormalAdded { bridge, priority } => format!("normal {} {priority}", bridge.value),
        Act::DropAdded { bridge, priority } => format!("drop {} {priority}", bridge.value),
        Act::FlowsTouched { bridge, .. } => format!("touched {}", bridge.value),
        Act::Service { service, verb, .. } => format!("{service:?} {verb:?}"),
        Act::Node { verb, .. } => format!("node {verb:?}"),
        Act::ChassisRemoved(_) => "chassis removed".to_owned(),
        Act::ChassisDeleted { chassis } => format!("chassis {}", chassis.value),
        Act::SouthboundConnections { targets } => format!("listens on {}", targets.len()),
        Act::DatapathRemoved(_) => "datapath removed".to_owned(),
        Act::LinkUp { interface } => format!("up {}", interface.value),
        Act::LinkDown { interface } => format!("down {}", interface.value),
        Act::LinkAdded { interface, kind } => format!("added {} {kind}", interface.value),
        Act::LinkDeleted { interface } => format!("gone {}", interface.value),
        Act::LinkMoved {
            interface,
            namespace,
        } => format!("{} to {}", interface.value, namespace.value),
        Act::Renamed { interface, name } => format!("{} is {}", interface.value, name.value),
        Act::Enslaved { interface, master } => format!("{} in {}", interface.value, master.value),
        Act::Released { interface } => format!("released {}", interface.value),
        Act::MacChanged { interface, address } => {
            format!("mac {} {}", interface.value, address.value)
        }
        Act::MtuChanged { interface, mtu } => format!("mtu {} {}", interface.value, mtu.value),
        Act::AddressAdded { interface, address } => {
            format!("{} +{}", interface.value, address.value)
        }
        Act::AddressRemoved { interface, address } => {
            format!("{} -{}", interface.value, address.value)
        }
        Act::AddressesFlushed { interface, family } => {
            format!("{} flushed {family:?}", interface.value)
        }
        Act::RouteChanged {
            change,
            destination,
            interface,
        } => {
            let interface = interface.as_ref().map_or("-", |name| &name.value);
            format!("route {change:?} {} {interface}", destination.value)
        }
        Act::Unpredicted(_) => "unpredicted".to_owned(),
        Act::Invalid(message) => format!("invalid: {message}"),
        plain => format!("{plain:?}"),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (line, expected) in cases {
        assert_eq!(told(line), *expected, "{line}");
    }
}

#[test]
fn flows() {
    check(&[
        ("ovs-ofctl dump-flows br-int", "Reads"),
        ("ovs-ofctl -O OpenFlow13 meter-features br-int", "Reads"),
        ("ovs-ofctl del-flows br-int", "deleted br-int"),
        ("ovs-ofctl -OOpenFlow15 del-flows br-int", "deleted br-int"),
        ("ovs-ofctl del-flows br-ex table=0", "deleted br-ex"),
        // With only a switch and --strict it is the one flow without a match: ovs-ofctl(8).
        ("ovs-ofctl del-flows --strict br-ex", "touched br-ex"),
        ("ovs-ofctl del-flows br-ex tcp,tp_dst=22", "touched br-ex"),
        (
            "ovs-ofctl del-flows unix:/run/openvswitch/br-ex.mgmt",
            "deleted br-ex",
        ),
        ("ovs-ofctl del-flows system@br-ex", "deleted br-ex"),
        ("ovs-ofctl del-flows tcp:10.0.0.1:6653", "unpredicted"),
        ("ovs-ofctl replace-flows br-ex /dev/null", "deleted br-ex"),
        (
            "ovs-ofctl add-flow br-ex actions=NORMAL",
            "normal br-ex 32768",
        ),
        (
            "ovs-ofctl add-flow br-ex 'priority=0, actions=normal'",
            "normal br-ex 0",
        ),
        (
            "ovs-ofctl add-flow br-ex priority=9,actions=drop",
            "drop br-ex 9",
        ),
        (
            "ovs-ofctl add-flow br-ex in_port=1,actions=normal",
            "touched br-ex",
        ),
        (
            "ovs-ofctl add-flow br-ex hard_timeout=9,actions=normal",
            "touched br-ex",
        ),
        (
            "ovs-ofctl add-flow br-ex table=1,actions=normal",
            "touched br-ex",
        ),
        ("ovs-ofctl mod-port br-ex eth1 down", "down eth1"),
        ("ovs-ofctl mod-port br-ex LOCAL down", "down br-ex"),
        ("ovs-ofctl mod-port br-ex 1 down", "unpredicted"),
        (
            "ovs-ofctl del-flows",
            "invalid: 'del-flows' command requires at least 1 arguments",
        ),
        (
            "ovs-ofctl add-flow a b c",
            "invalid: 'add-flow' command takes at most 2 arguments",
        ),
        (
            "ovs-ofctl --strict",
            "invalid: missing command name; use --help for help",
        ),
        (
            "ovs-ofctl del-flow br-ex",
            "invalid: unknown command 'del-flow'; use --help for help",
        ),
    ]);
}

#[test]
fn daemons() {
    check(&[
        (
            "ovn-appctl -t ovn-controller exit",
            "chassis removed; OvnController Stop",
        ),
        ("ovn-appctl exit", "chassis removed; OvnController Stop"),
        (
            "ovn-appctl -t ovn-controller exit --restart",
            "OvnController Stop",
        ),
        (
            "ovs-appctl --target=/run/ovn/ovn-controller.71.ctl exit",
            "chassis removed; OvnController Stop",
        ),
        ("ovn-appctl -t ovn-controller recompute", "Harmless"),
        ("ovn-appctl inc-engine/recompute", "Harmless"),
        ("ovn-appctl -t ovn-controller connection-status", "Reads"),
        (
            "ovn-appctl -t /run/ovn/ovnsb_db.ctl cluster/status OVN_Southbound",
            "Reads",
        ),
        (
            "ovn-appctl -t /run/ovn/ovnsb_db.ctl cluster/leave OVN_Southbound",
            "unpredicted",
        ),
        ("ovn-appctl -t ovn-northd pause", "OvnCentral Stop"),
        ("ovs-appctl exit", "Vswitchd Stop"),
        (
            "ovs-appctl exit --cleanup",
            "datapath removed; Vswitchd Stop",
        ),
        ("ovs-appctl -t ovsdb-server exit", "OvsdbServer Stop"),
        ("ovs-appctl fdb/flush br-ex", "Harmless"),
        (
            "ovs-appctl fdb/add br-ex 1 0 00:16:3e:00:00:01",
            "unpredicted",
        ),
        ("ovs-appctl fdb/show br-ex", "Reads"),
        ("ovs-appctl vlog/set dbg", "Harmless"),
        ("ovs-appctl ofproto/trace br-int in_port=1", "Reads"),
        ("ovs-appctl dpctl/del-dp system@ovs-system", "unpredicted"),
        ("ovs-appctl bridge/reconnect br-int", "touched br-int"),
        (
            "ovs-appctl netdev-dpdk/set-admin-state dpdk0 down",
            "down dpdk0",
        ),
        (
            "ovs-appctl -T 5",
            "invalid: at least one non-option argument is required (use --help for help)",
        ),
    ]);
}

#[test]
fn southbound() {
    check(&[
        ("ovn-sbctl --db=tcp:10.0.0.1:6642 show", "Reads"),
        (
            "ovn-sbctl -p k -c c -C ca --db ssl:10.0.0.1:6642 list Chassis",
            "Reads",
        ),
        ("ovn-sbctl chassis-del os-compute", "chassis os-compute"),
        (
            "ovn-sbctl --if-exists chassis-del os-compute",
            "chassis os-compute",
        ),
        ("ovn-sbctl destroy Chassis os-compute", "chassis os-compute"),
        (
            "ovn-sbctl set-connection role=ovn-controller pssl:6642",
            "listens on 1",
        ),
        (
            "ovn-sbctl set-connection ptcp:6642 -- set connection . inactivity_probe=60000",
            "listens on 1; Harmless",
        ),
        ("ovn-sbctl del-connection", "listens on 0"),
        ("ovn-sbctl lsp-unbind vm1", "unpredicted"),
        ("ovn-sbctl --dry-run chassis-del os-compute", "Reads"),
        (
            "ovn-sbctl chassis-rm x",
            "invalid: unknown command 'chassis-rm'; use --help for help",
        ),
    ]);
}

#[test]
fn services() {
    check(&[
        (
            "systemctl restart openvswitch-switch",
            "Openvswitch Restart",
        ),
        (
            "systemctl reload openvswitch-switch.service",
            "Openvswitch Reload",
        ),
        (
            "systemctl reload-or-restart openvswitch-switch",
            "Openvswitch Reload",
        ),
        ("systemctl restart ovsdb-server", "Openvswitch Restart"),
        (
            "systemctl restart ovn-controller",
            "chassis removed; OvnController Restart",
        ),
        (
            "systemctl stop ovn-host",
            "chassis removed; OvnController Stop",
        ),
        (
            "systemctl restart tripleo_ovn_controller",
            "OvnController Restart",
        ),
        (
            "systemctl restart kolla-neutron_server-container.service",
            "NeutronServer Restart",
        ),
        (
            "systemctl --no-block stop neutron-server nova-compute",
            "NeutronServer Stop; Other(\"nova-compute\") Stop",
        ),
        (
            "systemctl restart 'neutron-*'",
            "NeutronServer Restart; OvsAgent Restart; OtherNeutron(\"neutron-*\") Restart",
        ),
        ("systemctl restart devstack@q-svc", "NeutronServer Restart"),
        (
            "systemctl disable --now neutron-openvswitch-agent",
            "OvsAgent Stop",
        ),
        ("systemctl enable ovn-central", "Harmless"),
        ("systemctl -n 50 status ovs-vswitchd", "Reads"),
        ("systemctl daemon-reload", "Harmless"),
        (
            "systemctl -H os-compute restart ovs-vswitchd",
            "unpredicted",
        ),
        ("systemctl restart docker", "unpredicted"),
        ("systemctl reboot", "node Restart"),
        (
            "systemctl restrat ovs-vswitchd",
            "invalid: Unknown command verb restrat.",
        ),
        ("service openvswitch-switch restart", "Openvswitch Restart"),
        ("service networking restart", "Networking Restart"),
        ("service --status-all", "Reads"),
        ("docker restart ovn_controller", "OvnController Restart"),
        (
            "docker stop -t 60 openvswitch_vswitchd openvswitch_db",
            "Vswitchd Stop; OvsdbServer Stop",
        ),
        ("podman kill -s HUP neutron_server", "unpredicted"),
        ("podman rm -f ovn_nb_db", "OvnCentral Stop"),
        ("docker rm ovn_nb_db", "Harmless"),
        ("docker restart 0123456789ab", "unpredicted"),
        (
            "docker container restart nova_compute",
            "Other(\"nova-compute\") Restart",
        ),
        (
            "kubectl -n openstack rollout restart ds/ovn-controller",
            "unpredicted",
        ),
        (
            "kubectl -n openstack rollout status ds/ovn-controller",
            "Reads",
        ),
        ("kubectl delete pod nova-api-0", "Harmless"),
        ("kubectl delete pod -l app=x", "unpredicted"),
    ]);
}

#[test]
fn a_bridge_in_a_socket_has_its_own_place() {
    let line = "ovs-ofctl del-flows unix:/run/openvswitch/br-ex.mgmt";
    let script = script::read(FileId(0), line);
    let acts = acts(&script.commands[0].words);
    let [Act::FlowsDeleted { bridge }] = &acts[..] else {
        panic!("{acts:?}");
    };
    assert_eq!(&line[bridge.place.span.range()], "br-ex");
}
