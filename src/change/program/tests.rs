//! Command lines and what they disturb.

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
fn links() {
    check(&[
        // Each abbreviation was tried with iproute2 6.1.0.
        ("ip l s eth0 down", "down eth0"),
        ("ip link set dev eth0 up mtu 9000", "up eth0; mtu eth0 9000"),
        ("ip link set eth0 down name wan0", "down eth0; eth0 is wan0"),
        ("ip link set eth0 master br0", "eth0 in br0"),
        ("ip l set eth0 nomas", "released eth0"),
        ("ip link set eth0 netns blue", "eth0 to blue"),
        (
            "ip link set eth0 address 00:16:3e:00:00:01",
            "mac eth0 00:16:3e:00:00:01",
        ),
        ("ip link set eth0 alias wire", "Harmless"),
        ("ip link set eth0 arp off", "unpredicted"),
        ("ip link set group default down", "unpredicted"),
        ("ip l d eth0.100", "gone eth0.100"),
        (
            "ip link add link eth0 name eth0.5 type vlan id 5",
            "added eth0.5 vlan",
        ),
        (
            "ip link add v0 type veth peer name v1",
            "added v0 veth; added v1 veth",
        ),
        ("ip l", "Reads"),
        ("ip -br link show", "Reads"),
        ("ip -n blue link set eth0 down", "unpredicted"),
        ("ip -ba /tmp/commands", "unpredicted"),
        (
            "ip l set lo dow",
            "invalid: either \"dev\" is duplicate, or \"dow\" is a garbage.",
        ),
        (
            "ip link set up",
            "invalid: Not enough information: \"dev\" argument is required.",
        ),
        (
            "ip foo",
            "invalid: Object \"foo\" is unknown, try \"ip help\".",
        ),
        (
            "ip l foo",
            "invalid: Command \"foo\" is unknown, try \"ip link help\".",
        ),
        ("ip tuntap add dev tap0 mode tap", "added tap0 tun"),
        ("brctl addif br0 eth0 eth1", "eth0 in br0; eth1 in br0"),
        ("brctl delif br0 eth0", "released eth0"),
        ("brctl show", "Reads"),
    ]);
}

#[test]
fn addresses_and_routes() {
    check(&[
        ("ip a", "Reads"),
        ("ip a s eth0", "Reads"),
        ("ip addr add 10.0.0.1/24 dev br-ex", "br-ex +10.0.0.1/24"),
        ("ip a d 10.0.0.1 dev eth0", "eth0 -10.0.0.1/32"),
        (
            "ip a a 10.0.0.1/24 brd + dev eth0 label eth0:1",
            "eth0 +10.0.0.1/24",
        ),
        ("ip a f dev eth0", "eth0 flushed Any"),
        (
            "ip -6 addr flush dev eth0 scope global",
            "eth0 flushed Inet6",
        ),
        ("ip addr flush scope global", "unpredicted"),
        ("ip a flush", "invalid: Flush requires arguments."),
        (
            "ip a a 10.0.0.300/24 dev lo",
            "invalid: any valid prefix is expected rather than \"10.0.0.300/24\".",
        ),
        (
            "ip a a 10.0.0.3/24",
            "invalid: Not enough information: \"dev\" argument is required.",
        ),
        ("ip a a 10.1/16 dev lo", "unpredicted"),
        ("ip r", "Reads"),
        ("ip r g 10.0.0.1", "Reads"),
        ("ip route del default", "route Removed default -"),
        (
            "ip r r default via 10.0.0.1 dev br-ex",
            "route Replaced default br-ex",
        ),
        (
            "ip route add blackhole 10.9.0.0/16",
            "route Added 10.9.0.0/16 -",
        ),
        (
            "ip route add 0.0.0.0/0 via 10.0.0.1",
            "route Added default -",
        ),
        ("ip route flush cache", "Harmless"),
        ("ip route flush dev eth0", "route Flushed dev eth0 eth0"),
        ("ip n flush dev eth0", "Harmless"),
        ("ip rule del pref 3", "unpredicted"),
        ("ip netns del qrouter-1", "unpredicted"),
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
