//! Every key of `topology.toml`: the one table behind the reader, the JSON Schema and the README.

use serde_json::Value;

use crate::read::keys::schema::{Form, Key, Keys, Kind, LARGEST, table};

/// The file.
pub const TOPOLOGY: Keys = Keys {
    title: "topology.toml of ovnlint",
    entries: ("nodes", "node"),
    keys: KEYS,
};

const KEYS: &[Key] = &[
    table("site", "What holds for the whole site."),
    Key {
        path: "site.release",
        kind: Kind::Text(Form::Release),
        meaning: "OpenStack release, by number or name; it picks the table of options.",
        example: "\"2024.1\"",
    },
    Key {
        path: "site.driver",
        kind: Kind::Text(Form::Choice(&["ovn", "openvswitch"])),
        meaning: "What programs the bridges of nodes whose own state does not say it. Default: what `mechanism_drivers` says.",
        example: "\"ovn\"",
    },
    table("nodes", "The nodes of the site, by name."),
    table("nodes.<name>", "One node."),
    Key {
        path: "nodes.<name>.roles",
        kind: Kind::List(Form::Choice(&[
            "controller",
            "network",
            "compute",
            "storage",
        ])),
        meaning: "What the node is for: a controller runs neutron-server, network and compute nodes run agents.",
        example: "[\"compute\"]",
    },
    Key {
        path: "nodes.<name>.management",
        kind: Kind::Text(Form::Management),
        meaning: "The interface, or an IP address, that carries SSH and the API: what must never be cut.",
        example: "\"enp6s18\"",
    },
    Key {
        path: "nodes.<name>.memory",
        kind: Kind::Size,
        meaning: "Memory of the node.",
        example: "\"16GiB\"",
    },
    Key {
        path: "nodes.<name>.kernel",
        kind: Kind::Text(Form::Version),
        meaning: "Running kernel, as `uname -r` prints it.",
        example: "\"5.15.0-91-generic\"",
    },
    Key {
        path: "nodes.<name>.openvswitch",
        kind: Kind::Text(Form::Version),
        meaning: "Version of Open vSwitch.",
        example: "\"2.17.9\"",
    },
    Key {
        path: "nodes.<name>.ovn",
        kind: Kind::Text(Form::Version),
        meaning: "Version of OVN.",
        example: "\"22.03.3\"",
    },
    Key {
        path: "nodes.<name>.config",
        kind: Kind::List(Form::Path),
        meaning: "The node's files: paths or globs, relative to this file. Default: every path with a directory of the node's name.",
        example: "[\"hosts/os-compute/**\"]",
    },
    table(
        "nodes.<name>.interfaces",
        "The node's network interfaces, by name; it need not be complete.",
    ),
    table("nodes.<name>.interfaces.<interface>", "One interface."),
    Key {
        path: "nodes.<name>.interfaces.<interface>.addresses",
        kind: Kind::List(Form::Prefix),
        meaning: "Its addresses, with prefix lengths.",
        example: "[\"192.168.98.12/24\"]",
    },
    Key {
        path: "nodes.<name>.interfaces.<interface>.mtu",
        kind: Kind::Number(68, 65535),
        meaning: "Its MTU in bytes.",
        example: "1500",
    },
    Key {
        path: "nodes.<name>.interfaces.<interface>.members",
        kind: Kind::List(Form::Interface),
        meaning: "The interfaces below it, where it is a bond or a Linux bridge.",
        example: "[\"enp7s0\", \"enp8s0\"]",
    },
    Key {
        path: "nodes.<name>.interfaces.<interface>.parent",
        kind: Kind::Text(Form::Interface),
        meaning: "The interface below it, where it is a VLAN sub-interface.",
        example: "\"bond0\"",
    },
    Key {
        path: "nodes.<name>.interfaces.<interface>.vlan",
        kind: Kind::Number(1, 4094),
        meaning: "Its VLAN, where it is a VLAN sub-interface.",
        example: "100",
    },
    table(
        "nodes.<name>.bridges",
        "The node's Open vSwitch bridges, by name; only where none of its state is supplied.",
    ),
    table("nodes.<name>.bridges.<bridge>", "One bridge."),
    Key {
        path: "nodes.<name>.bridges.<bridge>.ports",
        kind: Kind::List(Form::Port),
        meaning: "Its ports.",
        example: "[\"enp6s18\"]",
    },
    Key {
        path: "nodes.<name>.bridges.<bridge>.fail_mode",
        kind: Kind::Text(Form::Choice(&["standalone", "secure"])),
        meaning: "What it does without a controller.",
        example: "\"standalone\"",
    },
    table(
        "nodes.<name>.services",
        "The node's services, by the name of their unit.",
    ),
    table(
        "nodes.<name>.services.<service>",
        "One service, such as `neutron-server`.",
    ),
    Key {
        path: "nodes.<name>.services.<service>.memory_max",
        kind: Kind::Size,
        meaning: "The most memory that it may use. Default: `MemoryMax=` of its unit, where that is among the inputs.",
        example: "\"2GiB\"",
    },
    Key {
        path: "nodes.<name>.services.<service>.api_workers",
        kind: Kind::Number(0, LARGEST),
        meaning: "Processes that serve the API.",
        example: "4",
    },
    Key {
        path: "nodes.<name>.services.<service>.rpc_workers",
        kind: Kind::Number(0, LARGEST),
        meaning: "Processes that serve the agents.",
        example: "2",
    },
    Key {
        path: "nodes.<name>.services.<service>.eventlet",
        kind: Kind::Boolean,
        meaning: "Whether one process initialises the ranges (the classic neutron-server) or every API process does.",
        example: "false",
    },
    Key {
        path: "nodes.<name>.services.<service>.container",
        kind: Kind::Boolean,
        meaning: "Whether it runs in a container, where files of the node such as `/etc/default` do not reach it.",
        example: "true",
    },
];

/// Every key, tables before what is in them.
pub fn keys() -> &'static [Key] {
    KEYS
}

/// The JSON Schema (draft 2020-12) of the file, for editors.
pub fn json_schema() -> Value {
    TOPOLOGY.json_schema()
}

#[cfg(test)]
mod tests;
