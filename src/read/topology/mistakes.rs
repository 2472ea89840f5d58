//! What is said of a file that is wrong.

use super::read;
use super::tests::{error, errors};
use crate::source::FileId;

#[test]
fn unknown_keys_get_a_suggestion() {
    let cases = [
        (
            "[nodes.a]\nmanagment = \"x\"",
            "managment",
            "did you mean `management`?",
        ),
        ("[nodes.a]\nMemory = 1", "Memory", "did you mean `memory`?"),
        (
            "[nodes.a]\n\"open-vswitch\" = 1",
            "\"open-vswitch\"",
            "did you mean `openvswitch`?",
        ),
        ("[sites]\n", "sites", "did you mean `site`?"),
        (
            "[os-compute]\n",
            "os-compute",
            "known here are `site`, `nodes`",
        ),
        (
            "[nodes.a]\nrelease = \"zed\"",
            "release",
            "it belongs in `[site]`",
        ),
        ("memory = 1", "memory", "it belongs in `[nodes.<name>]`"),
        (
            "[nodes.a.site]\n",
            "site",
            "it belongs at the top of the file",
        ),
        (
            "[nodes.a.bridges.br-ex]\nfail-mode = 1",
            "fail-mode",
            "did you mean `fail_mode`?",
        ),
    ];
    for (text, place, advice) in cases {
        let name = place.trim_matches('"');
        assert_eq!(
            error(text),
            (place, format!("unknown key `{name}`: {advice}"))
        );
    }
}

#[test]
fn wrong_types_are_named_with_what_to_write() {
    let cases = [
        (
            "site.release = 2024.1",
            "2024.1",
            "`release` must be a string: a release, not a float: write `\"2024.1\"`",
        ),
        (
            "nodes.a.ovn = 5",
            "5",
            "`ovn` must be a string: a version, not an integer: write `\"5\"`",
        ),
        (
            "nodes.a.config = \"x/**\"",
            "\"x/**\"",
            "`config` must be a list of strings, each a path or a glob, not a string: write `[\"x/**\"]`",
        ),
        (
            "nodes.a.interfaces.b.vlan = \"100\"",
            "\"100\"",
            "`vlan` must be a whole number from 1 to 4094, not a string: write `100`",
        ),
        (
            "nodes.a.services.b.eventlet = \"true\"",
            "\"true\"",
            "`eventlet` must be true or false, not a string: write `true`",
        ),
        (
            "nodes.a.memory = true",
            "true",
            "`memory` must be a size: a string like \"16GiB\", or a number of bytes, not a boolean",
        ),
        ("nodes = []", "[]", "`nodes` must be a table, not a list"),
        ("nodes.a = 3", "3", "`a` must be a table, not an integer"),
        (
            "nodes.a.interfaces.b.members = [\"c\", 7]",
            "7",
            "`members` must be a list of strings, each an interface, not an integer",
        ),
    ];
    for (text, place, message) in cases {
        assert_eq!(error(text), (place, message.to_owned()));
    }
}

#[test]
fn bad_values_are_named() {
    let cases = [
        (
            "site.release = \"2024.3\"",
            "`release`: `2024.3` is not an OpenStack release: write it as in `2024.1` or `zed`",
        ),
        (
            "site.driver = \"ovs\"",
            "`driver`: `ovs` is not known: did you mean `ovn`?",
        ),
        (
            "site.driver = \"linuxbridge\"",
            "`driver`: `linuxbridge` is not known: write `ovn` or `openvswitch`",
        ),
        (
            "nodes.a.ovn = \"new\"",
            "`ovn`: `new` is not a version: write numbers joined by dots, as in `2.17.9`",
        ),
        (
            "nodes.a.management = \"10.0.0.1/24\"",
            "`management`: `10.0.0.1/24` has a prefix length: write the address alone, `10.0.0.1`",
        ),
        (
            "nodes.a.management = \"{{ nic }}\"",
            "`management`: `{{ nic }}` is not the name of an interface",
        ),
        (
            "nodes.a.management = \"\"",
            "`management`: an interface needs a name",
        ),
        ("nodes.a.memory = 0", "`memory` must be more than 0 bytes"),
        ("nodes.a.memory = -1", "`memory`: `-1` is not a size"),
        (
            "nodes.a.interfaces.b.vlan = 4095",
            "`vlan` must be a whole number from 1 to 4094, not 4095",
        ),
        (
            "nodes.a.interfaces.b.vlan = 0",
            "`vlan` must be a whole number from 1 to 4094, not 0",
        ),
        (
            "nodes.a.interfaces.b.mtu = 67",
            "`mtu` must be a whole number from 68 to 65535, not 67",
        ),
        (
            "nodes.a.services.b.api_workers = -2",
            "`api_workers` must be a whole number, 0 or more, not -2",
        ),
        (
            "nodes.a.interfaces.b.parent = \"b\"",
            "`b` cannot be its own parent",
        ),
        (
            "nodes.a.bridges.b.fail_mode = \"\"",
            "`fail_mode`: `` is not known: write `standalone` or `secure`",
        ),
    ];
    for (text, message) in cases {
        let value = text.split_once(" = ").expect("an assignment").1;
        assert_eq!(error(text), (value, message.to_owned()));
    }
    let prefix = error("nodes.a.interfaces.b.addresses = [\"192.0.2.1\"]");
    assert_eq!(prefix.0, "\"192.0.2.1\"");
    assert!(
        prefix
            .1
            .contains("no prefix length: write it behind the address, as in `192.0.2.7/24`"),
        "{prefix:?}"
    );
    assert!(
        error("nodes.a.config = [\"a[\"]")
            .1
            .starts_with("`config`: `a[` is not a glob: ")
    );
    assert_eq!(error("nodes.\"\" = {}").1, "the empty name is no name");
}

#[test]
fn what_is_given_twice_is_named() {
    let twice =
        "[nodes.os-compute]\nmemory = \"1G\"\n[nodes.b]\n[nodes.os-compute]\novn = \"24.03\"\n";
    assert_eq!(
        error(twice),
        ("os-compute", "node `os-compute` is given twice".to_owned())
    );
    let (topology, found) = read(FileId(0), twice);
    assert_eq!(
        found[0].place.span.start as usize,
        twice.rfind("os-compute").expect("there")
    );
    assert_eq!(topology.expect("the rest is read").nodes.len(), 2);
    let cases = [
        (
            "[site]\n[ \"site\" ] # again\n",
            "table `site` is given twice",
        ),
        (
            "[nodes.a.bridges]\n[nodes.a.bridges]\n",
            "table `nodes.a.bridges` is given twice",
        ),
        (
            "[site]\nrelease = \"zed\"\nrelease = \"yoga\"\n",
            "`release` is given twice",
        ),
        (
            "[nodes]\na = { ovn = \"1.2\", ovn = \"1.3\" }\n",
            "`ovn` is given twice",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(error(text).1, message);
    }
    assert_eq!(
        errors("[site]\n[site]\n[nodes.a]\n[nodes.a]\nmemroy = 1\n").len(),
        3
    );
}

#[test]
fn broken_toml_ends_it_at_its_place() {
    let text = "[site]\nrelease = zed\n[nodes.a]\nmemroy = 1\n";
    let (topology, all) = read(FileId(0), text);
    assert!(topology.is_none());
    assert_eq!(all.len(), 1);
    assert_eq!(&text[all[0].place.span.range()], "zed");
    assert!(all[0].message.starts_with("not valid TOML: "), "{all:?}");
    for unquoted in [
        "22.03.3",
        "16GiB",
        "192.168.98.12",
        "enp6s18",
        "5.15.0-91-generic",
    ] {
        let (_, message) =
            error(&format!("[nodes.a]\nmanagement = {unquoted} # here\n")).to_owned();
        let expected = format!("not valid TOML: `{unquoted}` needs quotes: write `\"{unquoted}\"`");
        assert_eq!(message, expected);
    }
    for text in [
        "[site",
        "a = ",
        "= 1",
        "[nodes.a]\nb = {",
        "\"",
        "a = \"\\q\"",
    ] {
        let (topology, errors) = read(FileId(0), text);
        assert!(
            topology.is_none() && errors.len() == 1,
            "{text}: {errors:?}"
        );
    }
}
