//! The topologies of facts O§6.3, and where the real one makes patch ports.

/// A network of its own for a line of facts O§6.3: the switch `NAME`, whose localnet port is `ln-NAME`, and what is
/// made beside them.
pub struct Case {
    /// Its prefix.
    pub name: &'static str,
    /// What its localnet port names.
    pub physnet: &'static str,
    /// Commands of `ovn-nbctl`, one a line.
    pub northbound: &'static str,
    /// The interfaces: chassis and logical port.
    pub plugged: &'static [(&'static str, &'static str)],
    /// The chassis with the patch port.
    pub patched: &'static [&'static str],
}

/// A private switch and a router between the two.
pub const ROUTED: &str = "ls-add NAME-in
    lsp-add NAME-in NAME-vm
    lr-add NAME-r
    lrp-add NAME-r NAME-lo 00:00:00:00:00:01 10.0.0.1/24
    lsp-add NAME-in NAME-il -- lsp-set-type NAME-il router -- lsp-set-options NAME-il router-port=NAME-lo -- lsp-set-addresses NAME-il router
    lrp-add NAME-r NAME-up 00:00:00:00:00:02 198.51.100.1/24
    lsp-add NAME NAME-ul -- lsp-set-type NAME-ul router -- lsp-set-options NAME-ul router-port=NAME-up -- lsp-set-addresses NAME-ul router";

const ON_C1: &[(&str, &str)] = &[("c1", "NAME-vm")];

/// Every topology.
pub const CASES: &[Case] = &[
    Case {
        name: "bound",
        physnet: "p1",
        northbound: "lsp-add NAME NAME-vm",
        plugged: ON_C1,
        patched: &["c1"],
    },
    Case {
        name: "empty",
        physnet: "p1",
        northbound: "lsp-add NAME NAME-vm\nlsp-add NAME NAME-lp -- lsp-set-type NAME-lp localport",
        plugged: &[],
        patched: &[],
    },
    Case {
        name: "localport",
        physnet: "p1",
        northbound: "lsp-add NAME NAME-lp -- lsp-set-type NAME-lp localport",
        plugged: &[("c1", "NAME-lp")],
        patched: &[],
    },
    Case {
        name: "unmapped",
        physnet: "p2",
        northbound: "lsp-add NAME NAME-vm\nlsp-add NAME NAME-vn",
        plugged: &[("c3", "NAME-vm"), ("c2", "NAME-vn")],
        patched: &["c2"],
    },
    Case {
        name: "nobridge",
        physnet: "p3",
        northbound: "lsp-add NAME NAME-vm\nlsp-add NAME NAME-vn",
        plugged: &[("c3", "NAME-vm"), ("c2", "NAME-vn")],
        patched: &["c2"],
    },
    Case {
        name: "requested",
        physnet: "p1",
        northbound: "lsp-add NAME NAME-vm -- lsp-set-options NAME-vm requested-chassis=c2",
        plugged: ON_C1,
        patched: &[],
    },
    Case {
        name: "nested",
        physnet: "p1",
        northbound: "ls-add NAME-in\nlsp-add NAME-in NAME-vm\nlsp-add NAME NAME-kid NAME-vm 7",
        plugged: ON_C1,
        patched: &["c1"],
    },
    Case {
        name: "gateways",
        physnet: "p1",
        northbound: "ROUTED\nlrp-set-gateway-chassis NAME-up c2 2\nlrp-set-gateway-chassis NAME-up c3 1\nlr-nat-add NAME-r snat 198.51.100.1 10.0.0.0/24",
        plugged: ON_C1,
        patched: &["c2", "c3"],
    },
    Case {
        name: "hagroup",
        physnet: "p1",
        northbound: "ROUTED\nha-chassis-group-add NAME-g\nha-chassis-group-add-chassis NAME-g c2 2\nha-chassis-group-add-chassis NAME-g c3 1\nGROUP NAME-up NAME-g",
        plugged: ON_C1,
        patched: &["c2", "c3"],
    },
    Case {
        name: "fip",
        physnet: "p1",
        northbound: "ROUTED\nlrp-set-gateway-chassis NAME-up c2 1\nlr-nat-add NAME-r dnat_and_snat 198.51.100.9 10.0.0.9 NAME-vm 00:00:00:00:00:09",
        plugged: ON_C1,
        patched: &["c1", "c2"],
    },
    Case {
        name: "centralfip",
        physnet: "p1",
        northbound: "ROUTED\nlrp-set-gateway-chassis NAME-up c2 1\nlr-nat-add NAME-r dnat_and_snat 198.51.100.9 10.0.0.9",
        plugged: ON_C1,
        patched: &["c2"],
    },
    Case {
        name: "bridged",
        physnet: "p1",
        northbound: "ROUTED\nlrp-set-gateway-chassis NAME-up c2 1\nlrp-set-redirect-type NAME-up bridged",
        plugged: ON_C1,
        patched: &["c1", "c2"],
    },
    Case {
        name: "plain",
        physnet: "p1",
        northbound: "ROUTED",
        plugged: ON_C1,
        patched: &["c1"],
    },
    Case {
        name: "gwrouter",
        physnet: "p1",
        northbound: "ROUTED\nset logical_router NAME-r options:chassis=c3",
        plugged: ON_C1,
        patched: &["c3"],
    },
    Case {
        name: "off",
        physnet: "p1",
        northbound: "ROUTED\nlrp-set-gateway-chassis NAME-up c2 1\nset logical_router NAME-r enabled=false",
        plugged: ON_C1,
        patched: &[],
    },
    Case {
        name: "external",
        physnet: "p1",
        northbound: "lsp-add NAME NAME-x -- lsp-set-type NAME-x external\nha-chassis-group-add NAME-g\nha-chassis-group-add-chassis NAME-g c1 2\nha-chassis-group-add-chassis NAME-g c3 1\nGROUP NAME-x NAME-g",
        plugged: &[],
        patched: &["c1", "c3"],
    },
    Case {
        name: "twice",
        physnet: "p1",
        northbound: "lsp-add NAME NAME-vm\nlsp-add NAME ln2-NAME -- lsp-set-type ln2-NAME localnet -- lsp-set-options ln2-NAME network_name=p1",
        plugged: ON_C1,
        patched: &["c1"],
    },
    Case {
        name: "routers",
        physnet: "p1",
        northbound: "ROUTED\nlrp-del NAME-lo\nlr-add NAME-s\nlrp-add NAME-s NAME-lo 00:00:00:00:00:01 10.0.0.1/24\nlrp-add NAME-r NAME-rs 00:00:00:00:00:03 10.9.0.1/30 peer=NAME-sr\nlrp-add NAME-s NAME-sr 00:00:00:00:00:04 10.9.0.2/30 peer=NAME-rs",
        plugged: ON_C1,
        patched: &["c1"],
    },
];
