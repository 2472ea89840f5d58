//! Command lines of `ip` and `brctl`.

use super::check;

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
