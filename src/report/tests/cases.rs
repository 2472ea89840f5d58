//! Reports built by hand: findings of every shape.

use std::sync::Arc;

use crate::finding::{Command, Finding, Level};
use crate::report::{Compared, Report, Reported, Status};
use crate::source::{Cell, FileId, Place, Sources};

const INI: &str = "\
[DEFAULT]
core_plugin = ml2
transport_url = rabbit://neutron:sw0rdfish@192.0.2.10:5672//

[ml2_type_vlan]
network_vlan_ranges = physnet1:100:200,
    physnet2:1:4094
";

/// The place of the first `needle` in a file.
pub fn at(sources: &Sources, file: FileId, needle: &str) -> Place {
    let start = sources
        .get(file)
        .text
        .find(needle)
        .expect("the needle is in the text");
    Place::text(file, start..start + needle.len())
}

/// A part of a cell in a database log.
pub fn in_log(file: FileId, field: &str, key: Option<&str>, text: &str, needle: &str) -> Place {
    let start = text.find(needle).expect("the needle is in the cell");
    Place {
        cell: Some(Arc::new(Cell {
            table: "Bridge".to_owned(),
            record: "br-int".to_owned(),
            field: field.to_owned(),
            key: key.map(str::to_owned),
            text: Some(text.to_owned()),
        })),
        ..Place::text(file, start..start + needle.len())
    }
}

pub fn reported(lint: &'static str, help: &'static str, finding: Finding) -> Reported {
    Reported {
        lint,
        summary: "",
        why: "",
        help,
        status: Status::Present,
        finding,
    }
}

pub fn report(sources: &Sources, findings: Vec<Reported>) -> Report<'_> {
    let is_there = |reported: &Reported| reported.status == Status::Present;
    Report {
        silenced: crate::report::Silenced::default(),
        division: None,
        compared: if findings.iter().all(is_there) {
            Compared::No
        } else {
            Compared::Yes
        },
        sources,
        findings,
        coverage: None,
        ages: Vec::new(),
        files: sources.iter().count(),
        nodes: 2,
        plan: None,
    }
}

/// The places of a log, of a topology file, and steps to put it right.
pub fn captured(sources: &mut Sources) -> Vec<Reported> {
    let topology = "[nodes.os-compute]\nroles = [\"compute\"]\nmanagement = \"enp6s18\"\n";
    let topology = sources.add("topology.toml", topology);
    let log = sources.add("hosts/os-compute/conf.db", "");
    let management = at(sources, topology, "\"enp6s18\"");
    let finding = Finding::new(
        Level::Error,
        "os-compute/br-int",
        "enp6s18 carries SSH and the API of os-compute and is a port of br-int: the node is cut off",
        &in_log(log, "ports", None, "[br-int, enp6s18]", "enp6s18"),
        "the management interface",
    )
    .label(&management, "carries SSH and the API")
    .node("os-compute")
    .possible_node("os-network")
    .possible_node("os-storage")
    .command(&["ovs-vsctl", "del-port", "br-int", "enp6s18"], "")
    .command(
        &["ip", "address", "add", "192.0.2.12/24", "dev", "br-int"],
        "SSH to os-compute, until the address is there",
    )
    .edit(true, &management, "\"enp7s0\"");
    let help = "Move the address of the management interface to the bridge first, or give the bridge an uplink of its own.";
    Vec::from([Reported {
        summary: "the management address sits on an interface that Open vSwitch has taken over",
        why: "The kernel hands every frame to Open vSwitch.\n",
        ..reported("management_captured", help, finding)
    }])
}

/// Several labels in one file, a list over two lines, a map key, and a secret in between.
pub fn ranges(sources: &mut Sources) -> Vec<Reported> {
    let ini = sources.add("etc/neutron/plugins/ml2/ml2_conf.ini", INI);
    let log = sources.add("hosts/os-network/conf.db", "");
    let list = at(sources, ini, "physnet1:100:200,\n    physnet2:1:4094");
    let mapping = in_log(
        log,
        "external_ids",
        Some("ovn-bridge-mappings"),
        "physnet2:br-ex",
        "physnet2",
    );
    let whole = Finding::new(
        Level::Warning,
        "physnet2",
        "physnet2 may use every VLAN",
        &list,
        "the whole list",
    )
    .label(&at(sources, ini, "physnet2:1:4094"), "from 1 to 4094")
    .label(&mapping, "goes to br-ex")
    .node("os-compute")
    .node("os-network");
    let plugin = Finding::new(
        Level::Note,
        "core_plugin",
        "core_plugin is ml2",
        &at(sources, ini, "ml2\n"),
        "the plugin",
    );
    let help = "Name the VLANs that the switches carry.";
    Vec::from([
        reported("physnet_unbounded", help, whole),
        reported("core_plugin_default", "", plugin),
    ])
}

/// Escape sequences, CRLF, a tab, wide characters; in texts, labels, names and paths.
pub fn hostile(sources: &mut Sources) -> Vec<Reported> {
    let text = "[ml2]\r\n\tk\u{e9}y\u{1b}[31m = \u{7269}\u{7406}:br-\u{202e}ex, ##[add-mask]b\r\nx=1\ry=2\u{2028}\r\n";
    let ini = sources.add("evil\u{1b}]0;x\u{7}.ini", text);
    let link = "\u{1b}]8;;http://evil.example\u{7}here\u{1b}]8;;\u{7}";
    let finding = Finding::new(
        Level::Error,
        "x",
        format!("{link} \u{202e}gnp %0A::error::x\n::error::y"),
        &at(sources, ini, "br-\u{202e}ex"),
        "bridge \u{1b}[0m",
    )
    .label(&Place::file(ini), "whole file")
    .label(&at(sources, ini, "\u{7269}\u{7406}"), "physnet\u{9b}1m")
    .label(&at(sources, ini, "y=2"), "after a lone CR")
    .node("os\u{2066}compute")
    .step(Command {
        line: "true \u{1b}[2J\n::error::z".to_owned(),
        disrupts: "\u{7}".to_owned(),
    });
    Vec::from([reported("text_hostile", "See.", finding)])
}

/// Lines that are longer than a terminal is wide.
pub fn long_lines(sources: &mut Sources) -> Vec<Reported> {
    let filler = "[\"uuid\",\"0\"],".repeat(800);
    let text = format!(
        "{{\"data\":[{filler}[\"set\",[\"OpenFlow10\",\"OpenFlow13\"]],{filler}[\"br-ex\"]]}}\n"
    );
    let json = sources.add("hosts/os-network/bridges.json", text);
    let vlans: Vec<String> = (1..200).map(|n| format!("physnet{n}:100:200")).collect();
    let ini = sources.add(
        "ml2_conf.ini",
        format!("network_vlan_ranges = {}\n", vlans.join(",")),
    );
    let protocols = Finding::new(
        Level::Warning,
        "br-ex",
        "br-ex allows only OpenFlow 1.0 and 1.3",
        &at(sources, json, "\"OpenFlow10\",\"OpenFlow13\""),
        "no OpenFlow15",
    )
    .label(&at(sources, json, "\"br-ex\""), "this bridge");
    let list = at(sources, ini, &vlans.join(","));
    let range = Finding::new(
        Level::Warning,
        "physnet150",
        "physnet150 is nowhere mapped",
        &at(sources, ini, "physnet150:100:200"),
        "unknown",
    );
    let whole = Finding::new(Level::Note, "ranges", "199 ranges", &list, "many ranges");
    Vec::from([
        reported("openflow15_missing", "", protocols),
        reported("physnet_unmapped", "", range),
        reported("ranges_many", "", whole),
    ])
}

/// Places without extent, without text, and what stands at the end of a report.
pub fn bare_places(sources: &mut Sources) -> Vec<Reported> {
    let ini = sources.add(
        "openvswitch_agent.ini",
        "[DEFAULT]\n\n[ovs]\nbridge_mappings = physnet1:br-ex\n",
    );
    let empty = sources.add("hosts/os-compute/conf.db", "");
    let header = at(sources, ini, "[ovs]").part(0..0);
    let record = Place {
        cell: in_log(empty, "", None, "", "").cell,
        ..Place::file(empty)
    };
    let default = Finding::new(
        Level::Warning,
        "ovs",
        "of_inactivity_probe is 10",
        &header,
        "the default",
    );
    let unreadable = Finding::new(
        Level::Error,
        "conf.db",
        "conf.db cannot be read",
        &Place::file(empty),
        "permission denied",
    );
    let bridge = Finding::new(
        Level::Note,
        "br-int",
        "br-int has no controller",
        &record,
        "this bridge",
    );
    let whole = Finding::new(
        Level::Note,
        "file",
        "no [agent] in the file",
        &Place::file(ini),
        "this file",
    );
    let end = Place::text(ini, 56..56);
    let truncated = Finding::new(Level::Note, "file", "the file ends early", &end, "here");
    let mut solved = reported("probe_short", "", default);
    solved.status = Status::Resolved;
    let mut fresh = reported(
        "file_unreadable",
        "Give ovnlint the right to read it.",
        unreadable,
    );
    fresh.status = Status::Introduced;
    Vec::from([
        solved,
        fresh,
        reported("bridge_bare", "", bridge),
        reported("section_missing", "", whole),
        reported("file_truncated", "", truncated),
    ])
}
