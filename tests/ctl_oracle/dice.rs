//! Command lines made by chance, the same every time.

use ovnlint::change::ctl::Tool;

/// A sequence of numbers that follows from its seed.
pub struct Dice(pub u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// A line of one to three commands.
    pub fn line(&mut self, tool: Tool) -> Vec<String> {
        let templates = match tool {
            Tool::Vsctl => VSCTL,
            Tool::Nbctl => NBCTL,
        };
        let mut words = Vec::new();
        for at in 0..=self.below(6).saturating_sub(3) {
            if at > 0 {
                words.push("--".to_owned());
            }
            let template = self.pick(templates);
            words.extend(template.split(' ').map(|word| self.fill(word)));
        }
        // Words that are options belong in front of their commands; a line never starts with one of another.
        if words[0].starts_with("--") && words[0] != "--" {
            words.insert(0, "--".to_owned());
        }
        words
    }

    /// A word of a template: `{x}` is one of the values of x.
    fn fill(&mut self, word: &str) -> String {
        let mut text = String::new();
        let mut rest = word;
        while let Some(at) = rest.find('{') {
            text.push_str(&rest[..at]);
            let end = rest[at..].find('}').map_or(rest.len(), |end| at + end);
            let name = &rest[at + 1..end];
            match VALUES.iter().find(|(own, _)| *own == name) {
                Some((_, values)) => text.push_str(self.pick(values)),
                None => text.push_str(&rest[at..=end]),
            }
            rest = &rest[end + 1..];
        }
        text.push_str(rest);
        text.replace('~', " ")
    }
}

#[rustfmt::skip]
const VALUES: &[(&str, &[&str])] = &[
    ("b", &["br0", "br0", "br1", "br2", "v10"]),
    ("p", &["p0", "p1", "p2", "p3", "bond0", "br0"]),
    ("i", &["p0", "p1", "e1", "e2", "e3"]),
    ("o", &["", "--may-exist ", "--if-exists "]),
    ("v", &["10", "20", "0", "4095", "4096", "-1", "x", "1-3", "[]", "10,20", "+5", "0x5"]),
    ("m", &["secure", "standalone", "[]", "open", "Secure"]),
    ("k", &["a", "b", "ovn-encap-ip", "a.b", "\"x~y\"", "a\\:b"]),
    ("w", &["1", "x", "\"q~r\"", "a,b", "a=b", "\"\"", "true", "a\"b", "{}", "[a,~b]", "\"\\u00e9\""]),
    ("t", &["tcp:127.0.0.1:6653", "ptcp:6640", "bogus", "ssl:[::1]:6653"]),
    ("P", &["OpenFlow10", "OpenFlow13,OpenFlow15", "[]", "openflow13", "OpenFlow13,OpenFlow13"]),
    ("s", &["s0", "s1", "s2"]),
    ("l", &["l0", "l1", "l2", "l3", "l4"]),
    ("r", &["r0", "r1"]),
    ("q", &["q0", "q1", "q2"]),
    ("c", &["c0", "c1", "c2"]),
    ("M", &["02:00:00:00:00:01", "2:0:0:0:0:2", "02:00:00:00:00", "zz", "02:00:00:00:00:03x"]),
    ("a", &[
        "02:00:00:00:00:01~10.0.0.1", "02:00:00:00:00:02~10.0.0.2~fd00::2", "unknown", "dynamic", "router",
        "dynamic~10.0.0.1", "02:00:00:00:00:03~fd00::2", "10.0.0.1", "02:00:00:00:00:04~10.0.0.300",
        "02:00:00:00:00:05~10.0.0.1/24", "dynamicx",
    ]),
    ("n", &["10.0.0.1/24", "10.1.0.1/16", "fd00::1/64", "10.0.0.1/33", "10.0.0.1", "fd00::1/129", "0.0.0.0/0", "x"]),
    ("h", &["10.0.0.2", "10.0.0.3", "fd00::9", "discard", "q0", "x", "010.0.0.2"]),
    ("d", &["to-lport", "from-lport", "t", "x"]),
    ("y", &["1", "1000", "40000", "x", "10x", "-1"]),
    ("e", &["ip", "ip4~&&~tcp", "1"]),
    ("A", &["drop", "allow", "allow-related", "reject", "bogus"]),
    ("N", &["snat", "dnat", "dnat_and_snat", "bogus"]),
    ("L", &["lb0", "lb1"]),
    ("V", &["10.0.0.9:80", "10.0.0.9", "[fd00::9]:80", "fd00::9", "10.0.0.9:x", "10.0.0.10:81"]),
    ("B", &["10.0.0.1:80,10.0.0.2:80", "10.0.0.1", "[fd00::1]:80", "10.0.0.1:80,x", ""]),
    ("T", &["", "localnet", "router", "bogus", "localport"]),
    ("g", &["g0", "g1"]),
];

#[rustfmt::skip]
const VSCTL: &[&str] = &[
    "add-br {b}", "add-br {b}", "--may-exist add-br {b}", "add-br v10 {b} {v}", "--may-exist add-br v10 br0 10",
    "del-br {b}", "--if-exists del-br {b}", "list-br", "br-exists {b}", "br-to-vlan {b}", "br-to-parent {b}",
    "br-set-external-id {b} {k} {w}", "br-set-external-id {b} {k}", "br-get-external-id {b}",
    "add-port {b} {p}", "add-port {b} {p}", "--may-exist add-port {b} {p}", "add-port {b} {p} tag={v}",
    "add-port {b} {p} tag={v} vlan_mode=access", "del-port {p}", "del-port {b} {p}", "--if-exists del-port {b} {p}",
    "--if-exists --with-iface del-port {i}", "--with-iface del-port {i}", "add-bond {b} bond0 {i} {i}",
    "--may-exist add-bond {b} bond0 e1 e2", "--fake-iface add-bond {b} bond0 e1 e2 lacp=active",
    "add-bond-iface bond0 {i}", "--may-exist add-bond-iface bond0 {i}", "del-bond-iface bond0 {i}", "del-bond-iface {i}",
    "--if-exists del-bond-iface bond0 {i}", "port-to-br {p}", "iface-to-br {i}", "list-ports {b}", "list-ifaces {b}",
    "set-controller {b} {t}", "set-controller {b} {t} {t}", "set-controller {b}", "del-controller {b}", "get-controller {b}",
    "set-fail-mode {b} {m}", "del-fail-mode {b}", "get-fail-mode {b}", "set-manager {t}", "set-manager {t} {t}",
    "del-manager", "set-ssl k c ca", "--bootstrap set-ssl k c ca", "del-ssl", "emer-reset",
    "set bridge {b} fail_mode={m}", "set br {b} fail={m} stp=true", "set bridge {b} protocols={P}",
    "set port {p} tag={v}", "set port {p} trunks={v}", "--if-exists set port {p} tag={v}", "set interface {i} type=internal",
    "set interface {i} options:peer={w}", "set interface {i} mac={w}", "set open . external_ids:{k}={w}",
    "set open . external_ids={k}={w}", "set open . external-ids={k}={w},{k}={w}", "set Open_vSwitch . other_config:{k}={w}",
    "add open . external_ids {k}={w}", "add open . external_ids {k}={w} {k}={w}", "add bridge {b} protocols {P}",
    "add port {p} trunks {v}", "add port {p} tag {v}", "add bridge {b} fail_mode {m}", "remove open . external_ids {k}",
    "remove open . external_ids {k}={w}", "remove port {p} tag {v}", "remove bridge {b} protocols {P}",
    "clear open . external_ids", "clear bridge {b} fail_mode protocols", "clear bridge {b} ports", "clear port {p} interfaces",
    "clear bridge {b} name", "get open . external_ids:{k}", "--if-exists get open . external_ids:{k}", "get bridge {b} fail_mode",
    "find port tag={v}", "find bridge fail_mode!={m}", "--columns=name list bridge", "destroy bridge {b}",
    "--if-exists destroy bridge {b}", "--all destroy controller", "--all destroy qos", "create qos type=linux-htb",
    "--id=@q create qos type=x queues:0=@u -- --id=@u create queue dscp={v}", "set port {p} qos=@q -- --id=@q create qos type=y",
    "--id=@m create mirror name=m0 -- add bridge {b} mirrors @m", "set port {p} qos=@nosuch", "create port name=z",
    "--id=@p get port {p} -- --id=@m create mirror name=m0 output_port=@p -- set bridge {b} mirrors=@m",
    "--id=@i create interface name={i} -- --id=@p create port name={p} interfaces=@i -- add bridge {b} ports @p",
    "set controller {b} max_backoff={v}", "set qos {p} other_config:{k}={w}", "comment hello", "nosuch", "set bridge {b}",
    "--may-exist del-br {b}", "init", "add-aa-mapping", "set mirror m0 select_all=yes", "clear bridge {b} mirrors",
    "set bridge {b} flow_tables:0=@f -- --id=@f create flow_table name=t0", "set bridge {b} name=x", "set interface {i} ofport_request={v}",
    "--id=@s create SSL private_key=a certificate=b ca_cert=c -- set open . ssl=@s", "set bridge {b} flood_vlans={v}",
];

#[rustfmt::skip]
const NBCTL: &[&str] = &[
    "ls-add {s}", "ls-add {s}", "--may-exist ls-add {s}", "--add-duplicate ls-add s2", "ls-add", "ls-del {s}", "--if-exists ls-del {s}",
    "lsp-add {s} {l}", "lsp-add {s} {l}", "--may-exist lsp-add {s} {l}", "lsp-add {s} {l} l0 {v}", "--may-exist lsp-add {s} {l} l0 10",
    "lsp-del {l}", "--if-exists lsp-del {l}", "lsp-set-type {l} {T}", "lsp-set-options {l} {k}={w}", "lsp-set-options {l} {k}={w} {k}={w} x",
    "lsp-set-options {l}", "lsp-set-addresses {l} {a}", "lsp-set-addresses {l} {a} {a}", "lsp-set-addresses {l}",
    "lsp-set-port-security {l} {a}", "lsp-set-enabled {l} enabled", "lsp-set-enabled {l} x", "lsp-get-addresses {l}",
    "lr-add {r}", "--may-exist lr-add {r}", "lr-del {r}", "--if-exists lr-del {r}", "lrp-add {r} {q} {M} {n}", "lrp-add {r} {q} 02:00:00:00:00:01 {n} {n}",
    "lrp-add {r} {q} 02:00:00:00:00:01 10.0.0.1/24", "--may-exist lrp-add {r} {q} 02:00:00:00:00:01 10.0.0.1/24",
    "lrp-add {r} {q} 02:00:00:00:00:01 10.0.0.1/24 peer={q} options:{k}={w}", "lrp-del {q}", "--if-exists lrp-del {q}",
    "lrp-set-enabled {q} disabled", "lrp-set-options {q} {k}={w}", "lrp-set-redirect-type {q} bridged", "lrp-set-redirect-type {q} x",
    "lrp-set-gateway-chassis {q} {c}", "lrp-set-gateway-chassis {q} {c} {y}", "lrp-del-gateway-chassis {q} {c}",
    "lr-route-add {r} {n} {h}", "lr-route-add {r} {n} {h} {q}", "--may-exist lr-route-add {r} {n} {h}", "--ecmp lr-route-add {r} {n} {h}",
    "--policy=src-ip lr-route-add {r} {n} {h}", "--route-table=t1 lr-route-add {r} {n} {h}", "--bfd lr-route-add {r} {n} {h} {q}",
    "--ecmp-symmetric-reply lr-route-add {r} {n} {h}", "lr-route-del {r}", "lr-route-del {r} {n}", "lr-route-del {r} {n} {h}",
    "--if-exists lr-route-del {r} {n}", "--policy=src-ip lr-route-del {r}",
    "lr-policy-add {r} {y} {e} {A}", "lr-policy-add {r} 10 {e} reroute {h}", "lr-policy-add {r} 10 {e} reroute 10.0.0.2,10.0.0.3 {k}={w}",
    "--may-exist lr-policy-add {r} 10 {e} drop", "lr-policy-del {r}", "lr-policy-del {r} {y}", "lr-policy-del {r} 10 {e}",
    "lr-nat-add {r} {N} 10.0.0.5 10.1.0.1", "lr-nat-add {r} snat {h} {n}", "--may-exist lr-nat-add {r} {N} 10.0.0.5 10.1.0.1",
    "lr-nat-add {r} dnat_and_snat 10.0.0.6 10.1.0.2 {l} {M}", "--portrange lr-nat-add {r} dnat 10.0.0.7 10.1.0.3 10-20",
    "--gateway-port={q} lr-nat-add {r} dnat 10.0.0.8 10.1.0.4", "lr-nat-del {r}", "lr-nat-del {r} {N}", "lr-nat-del {r} {N} 10.0.0.5",
    "lr-nat-del {r} snat {n}", "acl-add {s} {d} {y} {e} {A}", "acl-add {s} to-lport 10 {e} drop", "--may-exist acl-add {s} to-lport 10 {e} drop",
    "--log --severity=info --name=n1 acl-add {s} {d} 5 {e} drop", "--label=7 acl-add {s} to-lport 6 {e} {A}", "acl-add {g} to-lport 10 {e} drop",
    "acl-del {s}", "acl-del {s} {d}", "acl-del {s} to-lport 10 {e}", "acl-del {g}", "qos-add {s} {d} {y} {e} dscp=5", "qos-add {s} to-lport 5 {e} rate=100 burst=5",
    "qos-add {s} to-lport 5 {e} {k}={w}", "qos-del {s}", "qos-del {s} {d}", "qos-del {s} to-lport 5 {e}", "meter-add m1 drop {y} pktps", "--fair meter-add m1 drop 5 kbps 6",
    "meter-del m1", "meter-del", "lb-add {L} {V} {B}", "lb-add {L} {V} {B} udp", "--may-exist lb-add {L} {V} {B}", "--add-duplicate lb-add {L} {V} {B}",
    "--reject lb-add {L} {V} {B}", "lb-del {L}", "lb-del {L} {V}", "ls-lb-add {s} {L}", "--may-exist ls-lb-add {s} {L}", "ls-lb-del {s}", "ls-lb-del {s} {L}",
    "lr-lb-add {r} {L}", "lr-lb-del {r} {L}", "pg-add {g} {l}", "pg-add {g}", "pg-set-ports {g} {l} {l}", "pg-del {g}",
    "ha-chassis-group-add {g}", "ha-chassis-group-del {g}", "ha-chassis-group-add-chassis {g} {c} {y}", "ha-chassis-group-remove-chassis {g} {c}",
    "ha-chassis-group-set-chassis-prio {g} {c} {y}", "dhcp-options-create {n} {k}={w}", "set-connection {t}", "del-connection", "set-ssl k c ca", "set-ssl k c ca p ci",
    "del-ssl", "fwd-group-add f0 {s} 10.0.0.1 02:00:00:00:00:01 {l} {l}", "fwd-group-del f0", "static-mac-binding-add {q} {h} {M}",
    "--may-exist static-mac-binding-add {q} 10.0.0.2 {M}", "static-mac-binding-del {q} {h}", "mirror-add m0 gre 5 to-lport {h}", "mirror-add m0 {w} 5 b 10.0.0.1",
    "mirror-del m0", "lsp-attach-mirror {l} m0", "--may-exist lsp-attach-mirror {l} m0", "lsp-detach-mirror {l} m0",
    "copp-add cp0 arp m1", "copp-add cp0 {w} m1", "copp-del cp0", "copp-del cp0 arp", "ls-copp-add cp0 {s}", "lr-copp-add cp0 {r}",
    "set logical_switch_port {l} tag={v}", "set logical_switch_port {l} options:{k}={w}", "set logical_switch_port {l} name={l}",
    "set logical_switch_port {l} type=localnet addresses={w}", "set logical_switch {s} other_config:{k}={w}", "set nb_global . options:{k}={w}",
    "add logical_switch {s} external_ids {k}={w}", "remove logical_switch {s} other_config {k}", "clear logical_switch_port {l} options",
    "clear logical_switch {s} ports", "destroy logical_switch {s}", "destroy logical_switch_port {l}", "destroy ha_chassis_group {g}",
    "set logical_router_port {q} ha_chassis_group=@h -- --id=@h get ha_chassis_group {g}", "--id=@h get ha_chassis_group {g} -- set logical_router_port {q} ha_chassis_group=@h",
    "--id=@p create logical_switch_port name={l} -- add logical_switch {s} ports @p", "create address_set name=as0 addresses=10.0.0.1", "create dns records:{k}={w}",
    "--all destroy dns", "lr-nat-update-ext-ip {r} snat {n} as0", "--is-exempted lr-nat-update-ext-ip {r} {N} 10.0.0.5 as0", "find logical_switch_port type={w}",
    "--wait=none ls-add {s}", "nosuch", "ls-add {s} x", "init", "set address_set as0 addresses={w}", "add address_set as0 addresses {w}", "remove address_set as0 addresses {w}",
    "create logical_router name={r}", "set logical_router_port {q} networks={w}", "clear logical_router_port {q} networks", "set acl n1 priority={y}",
];
