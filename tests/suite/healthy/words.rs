//! What findings say of remotes, of a lost name, and of files that are refused anyway.

use ovnlint::cli::linted::Linted;
use ovnlint::finding::Finding;

use crate::command_line::Scratch;
use crate::support::lint;

fn linted(name: &str, files: &[(&str, &str)]) -> Linted {
    let scratch = Scratch::new(name);
    for (path, text) in files {
        scratch.write(path, text);
    }
    lint(scratch.path().to_str().expect("the path is text"))
}

fn found<'a>(linted: &'a Linted, lint: &str) -> Vec<&'a Finding> {
    let said = linted.said.iter().filter(|said| said.lint.name == lint);
    said.flat_map(|said| &said.found).collect()
}

fn edits(finding: &Finding) -> Vec<&str> {
    let fix = finding.fix.iter();
    fix.flat_map(|fix| &fix.edits)
        .map(|edit| edit.replacement.as_str())
        .collect()
}

/// What is said of a connection of Neutron, with the edits that are offered.
fn of_connection(name: &str, value: &str) -> Vec<(String, Vec<String>)> {
    let ini = format!("[ml2]\nmechanism_drivers = ovn\n[ovn]\novn_nb_connection = {value}\n");
    let linted = linted(name, &[("neutron/ml2_conf.ini", &ini)]);
    let found = found(&linted, "ovn_connection_mismatch").into_iter();
    found
        .map(|finding| {
            let edits = edits(finding).into_iter().map(str::to_owned);
            (finding.message.clone(), edits.collect())
        })
        .collect()
}

#[test]
fn a_connection_of_neutron_is_read_by_the_rules_of_ovn_remote() {
    for (name, value, says, edits) in [
        ("conn-passive", "ptcp:6641", "passive", &[][..]),
        ("conn-url", "tcp://192.0.2.11:6641", "written as a URL", &[]),
        ("conn-bare", "192.0.2.11:6641", "without `tcp:`", &[]),
        ("conn-upper", "TCP:192.0.2.11:6641", "without `tcp:`", &[]),
        (
            "conn-ipv6",
            "tcp:2001:db8::11:6641",
            "an IPv6 address without brackets",
            &["tcp:[2001:db8::11]:6641"],
        ),
        (
            "conn-portless",
            "tcp:192.0.2.11",
            "without a port",
            &["tcp:192.0.2.11:6641"],
        ),
        (
            "conn-other",
            "tcp:[2001:db8::11]:6642",
            "the port of the other database",
            &["tcp:[2001:db8::11]:6641"],
        ),
    ] {
        let found = of_connection(name, value);
        let [(message, offered)] = &found[..] else {
            panic!("{value}: {found:?}");
        };
        assert!(message.contains(says), "{value}: {message}");
        assert!(message.contains("does not start"), "{value}: {message}");
        assert_eq!(offered, edits, "{value}");
    }
    let found = of_connection("conn-list", "tcp:192.0.2.11:6641,ptcp:6641:192.0.2.12");
    let [(message, _)] = &found[..] else {
        panic!("{found:?}");
    };
    assert!(message.contains("has only the others"), "{message}");
    for (name, value) in [
        ("conn-good", "tcp:192.0.2.11:6641,tcp:[2001:db8::11]:16641"),
        ("conn-socket", "unix:/run/ovn/ovnnb_db.sock"),
        ("conn-name", "tcp:ovn-nb.example.org:6641"),
    ] {
        assert_eq!(of_connection(name, value), [], "{value}");
    }
}

#[test]
fn an_ovn_remote_says_what_it_is() {
    for (name, remote, says) in [
        (
            "remote-ipv6",
            "tcp:2001:db8::11:6642",
            "an IPv6 address without brackets",
        ),
        ("remote-passive", "pssl:6642", "passive"),
        ("remote-portless", "tcp:192.0.2.11", "without a port"),
    ] {
        let ids = format!(
            "{{ovn-encap-ip=\"10.0.0.12\", ovn-encap-type=geneve, ovn-remote=\"{remote}\", system-id=os-a}}\n"
        );
        let linted = linted(name, &[("os-a/ids.txt", &ids)]);
        let [finding] = &found(&linted, "ovn_remote_invalid")[..] else {
            panic!("{remote}");
        };
        assert!(finding.message.contains(says), "{}", finding.message);
    }
}

/// The command that gives a node without `system-id` its name back, where the southbound has these chassis.
fn renamed(name: &str, chassis: &[(&str, &str)]) -> String {
    let rows: Vec<String> = chassis
        .iter()
        .map(|(name, hostname)| {
            format!(r#"["{name}","{hostname}",["set",[]],["map",[]],["map",[]]]"#)
        })
        .collect();
    let southbound = format!(
        r#"{{"headings":["name","hostname","encaps","external_ids","other_config"],"data":[{}]}}"#,
        rows.join(",")
    );
    let ids = "{hostname=os-a.example.org, ovn-encap-ip=\"10.0.0.12\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.11:6642\"}\n";
    let other = "{hostname=os-b, ovn-encap-ip=\"10.0.0.13\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.11:6642\", system-id=taken}\n";
    let files = [
        ("os-a/ids.txt", ids),
        ("os-b/ids.txt", other),
        ("central/chassis.json", &southbound),
    ];
    let linted = linted(name, &files);
    let [finding] = &found(&linted, "system_id_unset")[..] else {
        panic!("{name}");
    };
    let fix = finding.fix.as_ref().expect("there is a command");
    fix.commands[0].line.clone()
}

#[test]
fn a_lost_system_id_is_the_name_that_the_southbound_has() {
    let command = |id: &str| format!("ovs-vsctl set open . external_ids:system-id={id}");
    let id = "5f0e1d9a-5a77-4d8f-9d3f-0b7c5a3f8e10";
    assert_eq!(
        renamed("id-had", &[("other", "os-c"), (id, "os-a.example.org")]),
        command(id)
    );
    assert_eq!(
        renamed("id-new", &[("other", "os-c")]),
        command("os-a.example.org")
    );
    // Another node has that name.
    assert_eq!(
        renamed("id-taken", &[("taken", "os-a.example.org")]),
        command("os-a.example.org")
    );
}

#[test]
fn what_stands_below_a_refused_line_is_said_as_well() {
    let ini = "[ml2]\npath_mtu 1500\ntype_drivers = geneve\ntenant_network_types = geneve\nmechanism_drivers = ovn\n[ml2_type_geneve\nvni_ranges = 1:16777215\nmax_header_size = 30\n";
    let linted = linted(
        "below",
        &[
            ("neutron/neutron.conf", "[DEFAULT]\ncore_plugin = ml2\n"),
            ("neutron/ml2_conf.ini", ini),
        ],
    );
    let [refused] = &found(&linted, "ini_not_loadable")[..] else {
        panic!("it is refused");
    };
    assert!(!refused.message.contains("anyway"), "{}", refused.message);
    for lint in ["vni_ranges_oversized", "geneve_header_too_small"] {
        let [finding] = &found(&linted, lint)[..] else {
            panic!("{lint}");
        };
        let said = "no service that loads the file starts anyway";
        assert!(finding.message.contains(said), "{}", finding.message);
        let last = finding.labels.last().expect("it has a place");
        assert_eq!(last.place, refused.labels[0].place, "{lint}");
    }
}
