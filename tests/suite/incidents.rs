//! The five incidents: each site says what would have been said the day before, and its corrected twin nothing.

use std::fs;
use std::path::Path;

use ovnlint::finding::Level;
use serde_json::Value;

use crate::support::{compare, fired, json, lint, text};

/// A site, its exit code, and each finding: level, lint, primary place.
type Expected = (
    &'static str,
    u8,
    &'static [(&'static str, &'static str, &'static str)],
);

/// What must be found, and where: FILE:LINE:COLUMN, or FILE TABLE/RECORD/COLUMN in a database file.
const EXPECTED: [Expected; 5] = [
    (
        "vni-ranges",
        1,
        &[
            (
                "error",
                "vni_ranges_oversized",
                "os-control/etc/neutron/plugins/ml2/ml2_conf.ini:10:14",
            ),
            (
                "error",
                "bridge_mapping_missing_bridge",
                "os-control/etc/neutron/plugins/ml2/openvswitch_agent.ini:2:27",
            ),
        ],
    ),
    (
        "localnet",
        1,
        &[
            (
                "error",
                "physnet_unmapped",
                "os-control/etc/neutron/plugins/ml2/ml2_conf.ini:9:17",
            ),
            (
                "error",
                "management_captured",
                "os-network/ovs/list-port.json:1:1877",
            ),
            (
                "warning",
                "agent_mapping_ignored",
                "os-control/etc/neutron/plugins/ml2/openvswitch_agent.ini:3:19",
            ),
            (
                "note",
                "management_on_provider_bridge",
                "topology.toml:7:14",
            ),
            (
                "note",
                "management_on_provider_bridge",
                "topology.toml:23:14",
            ),
        ],
    ),
    (
        "openflow15",
        1,
        &[
            (
                "error",
                "integration_bridge_no_openflow15",
                "os-network/ovs/list-bridge.txt:66:23",
            ),
            (
                "error",
                "ovs_agent_leftover",
                "os-network/ovs/list-bridge.txt:66:23",
            ),
        ],
    ),
    (
        "fail-mode",
        0,
        &[(
            "note",
            "provider_bridge_not_secure",
            "os-compute1/ovs/list-bridge.txt:8:23",
        )],
    ),
    (
        "meters",
        1,
        &[
            ("error", "ovs_meter_probe_broken", "topology.toml:16:15"),
            ("error", "ovs_meter_probe_broken", "topology.toml:31:15"),
            (
                "warning",
                "mlockall_knob_ineffective",
                "os-compute/etc/default/openvswitch-switch:2:1",
            ),
            (
                "warning",
                "mlockall_knob_ineffective",
                "os-compute/etc/default/openvswitch-switch:3:1",
            ),
        ],
    ),
];

fn place(finding: &Value, site: &str) -> String {
    let place = &finding["places"][0];
    let file = place["file"].as_str().expect("a place has a file");
    let file = file
        .strip_prefix(&format!("testdata/incidents/{site}/"))
        .expect("it lies in the site");
    match place["line"].as_u64() {
        Some(line) => format!("{file}:{line}:{}", place["column"]),
        None => format!(
            "{file} {}/{}/{}",
            place["table"], place["record"], place["field"]
        ),
    }
}

#[test]
fn each_incident_is_seen_the_day_before_at_its_place() {
    for (site, code, expected) in EXPECTED {
        let linted = lint(&format!("testdata/incidents/{site}"));
        let report: Value = serde_json::from_str(&json(&linted)).expect("the report is JSON");
        let found = report["findings"].as_array().expect("findings are a list");
        let found: Vec<(String, String, String)> = found
            .iter()
            .map(|finding| {
                let text = |key: &str| finding[key].as_str().expect("it is a text").to_owned();
                (text("level"), text("lint"), place(finding, site))
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned()))
            .collect();
        assert_eq!(found, expected, "{site}");
        assert_eq!(linted.code(Level::Error), code, "{site}");
    }
}

#[test]
fn the_corrected_twins_are_silent() {
    for (site, ..) in EXPECTED {
        let linted = lint(&format!("testdata/incidents/{site}-corrected"));
        assert!(
            fired(&linted).is_empty(),
            "{site}-corrected:\n{}",
            text(&linted)
        );
        assert_eq!(linted.code(Level::Note), 0, "{site}-corrected");
    }
}

#[test]
fn the_reports_are_the_recorded_ones() {
    for (site, ..) in EXPECTED {
        let linted = lint(&format!("testdata/incidents/{site}"));
        compare(&format!("testdata/expected/{site}.txt"), &text(&linted));
        compare(&format!("testdata/expected/{site}.json"), &json(&linted));
    }
}

/// Copies a directory of text and databases.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the temporary directory can be written");
    for entry in fs::read_dir(from).expect("the site is part of the project") {
        let entry = entry.expect("it can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("it can be copied");
        }
    }
}

/// The reported repair of the ranges alone would not have been enough: with the driver changed to ovn, two more
/// things keep the server from starting or networks from being made.
#[test]
fn the_oversized_site_has_two_more_defects_once_its_driver_is_ovn() {
    let scratch = std::env::temp_dir().join(format!("ovnlint-incident-{}", std::process::id()));
    copy(Path::new("testdata/incidents/vni-ranges"), &scratch);
    let ml2 = scratch.join("os-control/etc/neutron/plugins/ml2/ml2_conf.ini");
    let text = fs::read_to_string(&ml2).expect("the site has it");
    let changed = text.replace("mechanism_drivers = openvswitch", "mechanism_drivers = ovn");
    assert_ne!(text, changed);
    fs::write(&ml2, changed).expect("it can be written");
    let fired = fired(&lint(&scratch.to_string_lossy()));
    let _ = fs::remove_dir_all(&scratch);
    for name in [
        "vni_ranges_oversized",
        "vni_ranges_above_max_tunid",
        "geneve_header_too_small",
    ] {
        assert!(fired.contains_key(name), "{name} is missing: {fired:?}");
    }
}

/// Files with their paths and texts, and the lint and the level that they must give.
type Shortest<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

/// The least that an operator may have at hand of each incident: told, at the level that what is unseen allows.
#[test]
fn the_shortest_input_of_each_incident_is_told() {
    let bridge = "_uuid : 5342aa9b-7c09-49aa-97d8-69c3a080abbc\nname : br-int\nfail_mode : secure\n\
                  protocols : [OpenFlow10, OpenFlow13, OpenFlow14]\n";
    let show = "5342aa9b-7c09-49aa-97d8-69c3a080abbc\n    Bridge br-ex\n        fail_mode: secure\n        Port br-ex\n            \
                Interface br-ex\n                type: internal\n        Port eth0\n            Interface eth0\n";
    let address = r#"[{"ifindex":2,"ifname":"eth0","mtu":1500,"addr_info":[{"family":"inet","local":"192.0.2.12","prefixlen":24}]}]"#;
    let route = r#"[{"dst":"default","gateway":"192.0.2.1","dev":"eth0","flags":[]}]"#;
    let machine = "[nodes.n1]\nkernel = \"5.15.0-91-generic\"\nopenvswitch = \"2.17.9\"\n";
    let ranges = "[ml2_type_geneve]\nvni_ranges = 1:16777215\n";
    let with_driver = format!("[ml2]\nmechanism_drivers = ovn\n{ranges}");
    let shortest: [Shortest; 6] = [
        (
            &[("ml2_conf.ini", ranges)],
            "vni_ranges_oversized",
            "warning",
        ),
        (
            &[("ml2_conf.ini", &with_driver)],
            "vni_ranges_oversized",
            "warning",
        ),
        (
            &[("bridges.txt", bridge)],
            "integration_bridge_no_openflow15",
            "note",
        ),
        (&[("show.txt", show)], "provider_bridge_secure", "note"),
        (
            &[
                ("n1/show.txt", show),
                ("n1/addr.json", address),
                ("n1/route.json", route),
            ],
            "management_captured",
            "error",
        ),
        (
            &[("topology.toml", machine)],
            "ovs_meter_probe_broken",
            "note",
        ),
    ];
    for (number, (files, name, level)) in shortest.into_iter().enumerate() {
        let site = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("shortest-{number}"));
        for (path, text) in files {
            let path = site.join(path);
            fs::create_dir_all(path.parent().expect("it has a directory")).expect("it can be made");
            fs::write(path, text).expect("it can be written");
        }
        let linted = lint(site.to_str().expect("a path of the tests"));
        let told = linted.said.iter().flat_map(|said| {
            let levels = said.found.iter().map(|finding| finding.level.name());
            levels.map(move |level| (said.lint.name, level))
        });
        let told: Vec<_> = told.collect();
        assert!(told.contains(&(name, level)), "{files:?}: {told:?}");
        fs::remove_dir_all(site).expect("it was made here");
    }
}
