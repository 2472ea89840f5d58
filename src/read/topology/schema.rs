//! Every key of `topology.toml`: the one table behind the reader, the JSON Schema and the README.

use std::fmt;

use serde_json::{Map, Value, json};

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Where it stands; `<…>` is a name that the user chooses: `nodes.<name>.memory`.
    pub path: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it means.
    pub meaning: &'static str,
    /// A value, as it is written in the file; empty for tables.
    pub example: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Keys of its own.
    Table,
    /// A string.
    Text(Form),
    /// An array of strings.
    List(Form),
    /// Bytes: a string like `16GiB` or a whole number.
    Size,
    /// A whole number from the first to the second, both included.
    Number(u64, u64),
    /// `true` or `false`.
    Boolean,
}

/// What a string says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A release of the cloud's software.
    Release,
    /// A version of a program or kernel.
    Version,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A network interface, or an address.
    Management,
    /// A network interface.
    Interface,
    /// An address with its prefix length.
    Prefix,
    /// A path or a glob, relative to the topology's directory.
    Path,
    /// A port of a bridge.
    Port,
}

const LARGEST: u64 = i64::MAX as u64;

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

const fn table(path: &'static str, meaning: &'static str) -> Key {
    Key {
        path,
        kind: Kind::Table,
        meaning,
        example: "",
    }
}

/// Every key, tables before what is in them.
pub fn keys() -> &'static [Key] {
    KEYS
}

/// The JSON Schema (draft 2020-12) of the file, for editors.
pub fn json_schema() -> Value {
    let mut schema = object("");
    schema.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.insert("title".to_owned(), json!("topology.toml of ovnlint"));
    Value::Object(schema)
}

/// The keys that stand directly in a table.
pub(super) fn children(table: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| key.parent() == table)
}

impl Key {
    /// The table that it stands in; empty for the file itself.
    pub fn parent(&self) -> &'static str {
        self.path.rsplit_once('.').map_or("", |(parent, _)| parent)
    }

    /// Its own name: the end of its path.
    pub fn name(&self) -> &'static str {
        self.path
            .rsplit_once('.')
            .map_or(self.path, |(_, name)| name)
    }

    /// Whether the user chooses the name.
    pub(super) fn is_chosen(&self) -> bool {
        self.name().starts_with('<')
    }
}

fn object(table: &str) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut others = json!(false);
    for key in children(table) {
        let mut value = match key.kind {
            Kind::Table => object(key.path),
            kind => scalar(kind),
        };
        value.insert("description".to_owned(), json!(key.meaning));
        if key.is_chosen() {
            others = Value::Object(value);
        } else {
            properties.insert(key.name().to_owned(), Value::Object(value));
        }
    }
    fields(json!({"type": "object", "properties": properties, "additionalProperties": others}))
}

fn scalar(kind: Kind) -> Map<String, Value> {
    fields(match kind {
        Kind::Table => json!({"type": "object"}),
        Kind::Text(form) => Value::Object(text(form)),
        Kind::List(form) => json!({"type": "array", "items": text(form)}),
        Kind::Size => json!({
            "type": ["string", "integer"],
            "minimum": 1,
            "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*([KkMmGgTt]([Ii]?[Bb])?|[Bb])?\s*$"
        }),
        Kind::Number(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Kind::Boolean => json!({"type": "boolean"}),
    })
}

fn text(form: Form) -> Map<String, Value> {
    fields(match form {
        Form::Choice(words) => json!({"type": "string", "enum": words}),
        Form::Version => json!({"type": "string", "pattern": r"^\s*([0-9]+:|v)?[0-9]+\.[0-9]+"}),
        Form::Management | Form::Interface => json!({"type": "string", "pattern": r"^[^/\s]+$"}),
        Form::Prefix => json!({"type": "string", "pattern": r"^[0-9A-Fa-f.:]+/[0-9]+$"}),
        Form::Release | Form::Path | Form::Port => json!({"type": "string", "minLength": 1}),
    })
}

fn fields(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => unreachable!("only objects are written above, not {other}"),
    }
}

impl fmt::Display for Kind {
    /// In words, with an article: what "must be" is followed by.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Table => f.write_str("a table"),
            Kind::Text(form) => write!(f, "a string: {form}"),
            Kind::List(form) => write!(f, "a list of strings, each {form}"),
            Kind::Size => f.write_str("a size: a string like \"16GiB\", or a number of bytes"),
            Kind::Number(least, LARGEST) => write!(f, "a whole number, {least} or more"),
            Kind::Number(least, most) => write!(f, "a whole number from {least} to {most}"),
            Kind::Boolean => f.write_str("true or false"),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Form::Release => "a release",
            Form::Version => "a version",
            Form::Management => "an interface or an IP address",
            Form::Interface => "an interface",
            Form::Prefix => "an address with its prefix length",
            Form::Path => "a path or a glob",
            Form::Port => "a port",
            Form::Choice(words) => return alternatives(words, f),
        })
    }
}

fn alternatives(words: &[&str], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, word) in words.iter().enumerate() {
        let between = match at {
            0 => "",
            at if at + 1 == words.len() => " or ",
            _ => ", ",
        };
        write!(f, "{between}`{word}`")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
