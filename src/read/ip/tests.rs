//! What `ip -j` prints, recorded from iproute2 6.1 (testdata/ip) where it is not said otherwise.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use super::*;
use crate::source::Sources;

fn recorded(name: &str) -> String {
    std::fs::read_to_string(format!("testdata/ip/{name}")).unwrap()
}

fn printed(text: &str) -> Printed {
    let form = recognise(text.as_bytes()).unwrap();
    read(FileId(0), text, form).unwrap()
}

fn interfaces(text: &str) -> Interfaces {
    match printed(text) {
        Printed::Interfaces(interfaces) => interfaces,
        Printed::Routes(_) => panic!("these are no routes"),
    }
}

fn routes(text: &str) -> Vec<Route> {
    match printed(text) {
        Printed::Routes(routes) => routes,
        Printed::Interfaces(_) => panic!("these are no interfaces"),
    }
}

fn find<'a>(interfaces: &'a Interfaces, name: &str) -> &'a Interface {
    let found = interfaces
        .list
        .iter()
        .find(|interface| interface.name.value == name);
    found.unwrap()
}

#[test]
fn addresses_stand_where_they_were_printed() {
    let text = recorded("addr.json");
    let all = interfaces(&text);
    assert!(all.complete);
    let names: Vec<&str> = all.list.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, ["lo", "br0", "v1", "v0", "vx0", "tap0"]);
    let bridge = find(&all, "br0");
    let addresses: Vec<String> = bridge.addresses.iter().map(ToString::to_string).collect();
    assert_eq!(
        addresses[..3],
        ["192.0.2.5/24", "192.0.2.6/24", "2001:db8::5/64"]
    );
    let mut sources = Sources::default();
    sources.add("ip-addr.json", &*text);
    assert_eq!(sources.text_at(&bridge.name.place), Some("br0"));
    assert_eq!(
        sources.text_at(&bridge.addresses[1].place),
        Some("192.0.2.6")
    );
    let mtu = find(&all, "v1").mtu.clone().unwrap();
    assert_eq!(
        (mtu.value, sources.text_at(&mtu.place)),
        (9000, Some("9000"))
    );
    assert_eq!(find(&all, "v0").master.as_deref(), Some("br0"));
    assert_eq!(find(&all, "v0").link.as_deref(), Some("v1"));
    assert_eq!(bridge.kind, None);
}

#[test]
fn details_tell_the_kind() {
    let all = interfaces(&recorded("link.json"));
    assert!(all.complete);
    let kind = |name| find(&all, name).kind.as_deref();
    assert_eq!(kind("br0"), Some("bridge"));
    assert_eq!(kind("v0"), Some("veth"));
    assert_eq!(kind("vx0"), Some("vxlan"));
    assert_eq!(kind("tap0"), Some("tun"));
    assert_eq!(kind("lo"), None);
}

#[test]
fn a_part_of_the_interfaces_is_not_taken_for_all() {
    for name in ["addr-up.json", "addr-4.json", "addr-dev.json"] {
        let some = interfaces(&recorded(name));
        assert!(!some.complete, "{name}");
        assert_eq!(find(&some, "br0").addresses[0].to_string(), "192.0.2.5/24");
    }
}

#[test]
fn a_vlan_lies_on_its_link_and_a_bond_above_its_members() {
    // By ip/iplink_vlan.c and ip/iplink_bond.c of iproute2: the recording machine had neither module.
    let all = interfaces(
        r#"[{"ifindex":1,"ifname":"lo","mtu":65536,"link_type":"loopback"},
        {"ifindex":2,"ifname":"enp7s0","mtu":9000,"master":"bond0","link_type":"ether","linkinfo":{"info_slave_kind":"bond","info_slave_data":{"state":"ACTIVE"}}},
        {"ifindex":4,"ifname":"bond0","mtu":9000,"link_type":"ether","linkinfo":{"info_kind":"bond","info_data":{"mode":"802.3ad","ad_info":{"aggregator":1}}}},
        {"ifindex":5,"link":"bond0","ifname":"bond0.100","mtu":1500,"link_type":"ether","linkinfo":{"info_kind":"vlan","info_data":{"protocol":"802.1Q","id":100,"flags":["REORDER_HDR"]}}}]"#,
    );
    assert!(all.complete);
    let slave = find(&all, "enp7s0");
    assert_eq!(
        (slave.kind.as_deref(), slave.master.as_deref()),
        (None, Some("bond0"))
    );
    assert_eq!(find(&all, "bond0").kind.as_deref(), Some("bond"));
    let vlan = find(&all, "bond0.100");
    assert_eq!(
        (vlan.kind.as_deref(), vlan.link.as_deref()),
        (Some("vlan"), Some("bond0"))
    );
}

#[test]
fn routes_have_metrics_devices_and_sources() {
    let text = recorded("route.json");
    let all = routes(&text);
    let mut sources = Sources::default();
    sources.add("ip-route.json", &*text);
    let first = &all[0];
    assert_eq!((first.destination.as_str(), first.metric), ("default", 50));
    assert_eq!(first.family, Family::V4);
    assert_eq!(first.source, "192.0.2.6".parse().ok());
    assert_eq!(sources.text_at(&first.devices[0].place), Some("br0"));
    assert_eq!(
        (all[1].destination.as_str(), all[1].metric),
        ("default", 100)
    );
    let several = all
        .iter()
        .find(|route| route.destination == "203.0.113.0/24");
    let devices: Vec<&str> = several
        .unwrap()
        .devices
        .iter()
        .map(|own| own.as_str())
        .collect();
    assert_eq!(devices, ["br0", "v1"]);
    // A blackhole leads nowhere.
    assert!(
        all.iter()
            .all(|route| route.destination != "203.0.113.128/25")
    );

    let all = routes(&recorded("route6.json"));
    assert!(all.iter().all(|route| route.family == Family::V6));
    let default = all.iter().find(|route| route.destination == "default");
    assert_eq!(default.unwrap().metric, 1024);
}

#[test]
fn routes_without_a_way_or_of_another_table_are_left_out() {
    let all = routes(
        r#"[{"dst":"default","dev":"a","flags":["dead","linkdown"]},{"dst":"default","dev":"b","table":"100","flags":[]},
        {"type":"unreachable","dst":"default","dev":"lo","flags":[]},{"dst":"default","dev":"c","table":"main","flags":[]},
        {"dst":"default","flags":[],"nexthops":[{"dev":"d","flags":["linkdown"]},{"dev":"e","flags":[]}]}]"#,
    );
    let devices: Vec<&str> = all.iter().map(|route| route.devices[0].as_str()).collect();
    assert_eq!(devices, ["c", "e"]);
}

#[test]
fn other_json_is_not_taken_for_it() {
    for text in [
        "",
        "[]",
        "[ ]",
        "[{}]",
        "{\"data\":[],\"headings\":[]}",
        "[{\"dst\":\"192.0.2.1\",\"dev\":\"br0\",\"lladdr\":\"52:54:00:00:00:01\",\"state\":[\"REACHABLE\"]}]",
        "[{\"priority\":0,\"src\":\"all\",\"table\":\"local\"}]",
        "[{\"ifname\":\"v0\",\"vlans\":[{\"vlan\":1}]}]",
    ] {
        assert_eq!(recognise(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn a_cut_file_is_an_error_and_odd_values_are_skipped() {
    let text = recorded("addr.json");
    for end in 40..text.len() - 2 {
        let cut = &text[..end];
        if let Some(form) = recognise(cut.as_bytes()) {
            assert!(read(FileId(0), cut, form).is_err(), "cut at {end}");
        }
    }
    let odd = interfaces(
        r#"[{"ifindex":1,"ifname":7},{"ifname":"a\u0062","mtu":-1,"master":{},"addr_info":[{"local":"x","prefixlen":24},{"local":"192.0.2.1","prefixlen":99},{}]},{"ifname":"c","addr_info":{}}]"#,
    );
    assert!(!odd.complete);
    let names: Vec<&str> = odd.list.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, ["ab", "c"]);
    assert_eq!(odd.list[0].addresses, []);
    assert_eq!((&odd.list[0].mtu, &odd.list[0].master), (&None, &None));
}
