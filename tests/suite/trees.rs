//! Lints of changes over two trees: what differs on a node is one step, and what one tree does not show is no change.

use std::fs;
use std::sync::Arc;

use ovnlint::change::Change;
use ovnlint::change::between::between;
use ovnlint::change::effect::Kind;
use ovnlint::cli::against::Which;
use ovnlint::cli::linted::Coverage;
use ovnlint::finding::Level;
use ovnlint::lints::{self, Tuning};
use ovnlint::report::Status;
use ovnlint::site::Site;
use ovnlint::site::build;
use ovnlint::source::{Known, Spanned};

use crate::command_line::Scratch;
use crate::support::{lint, sides};

const SHOW: &str = "06de2e26-8048-449e-a7d2-d541b7dd0ac0
    Bridge br-int
        fail_mode: secure
        datapath_type: system
        Port br-int
            Interface br-int
                type: internal
    Bridge br-ex
        datapath_type: system
        Port br-ex
            Interface br-ex
                type: internal
        Port enp7s0
            Interface enp7s0
";

const IDS: &str = "{hostname=os-network, ovn-bridge-mappings=\"physnet1:br-ex\", ovn-encap-ip=\"10.0.0.12\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.11:6642\", system-id=os-network}\n";

const TOPOLOGY: &str = "[nodes.os-network]
management = \"br-ex\"

[nodes.os-network.interfaces]
br-ex = { addresses = [\"192.0.2.12/24\"] }
";

/// The files of a node whose management address sits on br-ex, with one text replaced.
fn write(scratch: &Scratch, side: &str, (from, to): (&str, &str)) {
    let files = [
        ("topology.toml", TOPOLOGY),
        ("os-network/show.txt", SHOW),
        ("os-network/external_ids.txt", IDS),
    ];
    for (name, text) in files {
        scratch.write(&format!("{side}/{name}"), text.replace(from, to));
    }
}

/// The lints of changes that fire, with the level and the text at the place.
fn fired(scratch: &Scratch) -> Vec<(&'static str, Level, String)> {
    let against = sides(scratch, "before", "after");
    let report = against.report(Coverage::Hidden, Which::Changed);
    let of_change = report.findings.iter().filter(|reported| {
        reported.lint.starts_with("change_") && reported.status == Status::Introduced
    });
    let fired = of_change.map(|reported| {
        let place = &reported.finding.labels[0].place;
        let path = &report.sources.get(place.file).path;
        assert!(path.starts_with("after/"), "{path}: {reported:#?}");
        let text = report.sources.text_at(place).unwrap_or_default();
        (reported.lint, reported.finding.level, text.to_owned())
    });
    fired.collect()
}

fn changed(name: &str, change: (&str, &str)) -> Vec<(&'static str, Level, String)> {
    let scratch = Scratch::new(name);
    write(&scratch, "before", ("", ""));
    write(&scratch, "after", change);
    fired(&scratch)
}

#[test]
fn what_differs_on_a_node_is_judged_as_a_command_would_be() {
    let bridge = "    Bridge br-ex\n";
    let secure = "    Bridge br-ex\n        fail_mode: secure\n";
    let row = |lint, level, text: &str| (lint, level, text.to_owned());
    assert_eq!(
        changed("trees-secure", (bridge, secure)),
        [
            row("change_cuts_management", Level::Error, "secure"),
            row("change_flushes_flows", Level::Error, "secure"),
        ]
    );
    assert_eq!(
        changed("trees-encap", ("10.0.0.12", "10.0.0.22")),
        [row("change_rebuilds_tunnels", Level::Warning, "10.0.0.22")]
    );
    assert_eq!(
        changed(
            "trees-chassis",
            ("system-id=os-network", "system-id=os-other")
        ),
        [row("change_moves_chassis", Level::Error, "os-other")]
    );
    let netdev = "    Bridge br-int\n        fail_mode: secure\n        datapath_type: netdev";
    let system = "    Bridge br-int\n        fail_mode: secure\n        datapath_type: system";
    assert_eq!(
        changed("trees-datapath", (system, netdev)),
        [row("change_recreates_bridge", Level::Error, "netdev")]
    );
    let uplink = "        Port enp7s0\n            Interface enp7s0\n";
    let cut = changed("trees-uplink", (uplink, ""));
    assert_eq!(cut.len(), 1, "{cut:?}");
    assert_eq!(
        (cut[0].0, cut[0].1),
        ("change_cuts_management", Level::Error)
    );
}

#[test]
fn what_one_tree_does_not_show_is_no_change() {
    for (name, side, file) in [
        ("trees-no-show", "before", "show.txt"),
        ("trees-show-gone", "after", "show.txt"),
        ("trees-no-ids", "before", "external_ids.txt"),
        ("trees-ids-gone", "after", "external_ids.txt"),
    ] {
        let scratch = Scratch::new(name);
        write(&scratch, "before", ("", ""));
        write(&scratch, "after", ("", ""));
        let path = scratch.path().join(side).join("os-network").join(file);
        fs::remove_file(path).expect("it was written");
        assert_eq!(fired(&scratch), [], "{name}");
    }
    let moved = "br-ex = { addresses = [\"192.0.2.12/24\"] }";
    let told = "enp7s0 = { addresses = [\"192.0.2.12/24\"] }";
    assert_eq!(changed("trees-told", (moved, told)), []);
    assert_eq!(changed("trees-same", ("", "")), []);
}

/// What lies between the recorded site and the same with other mappings of os-compute1, the northbound with both.
fn remapped(mappings: &str) -> Change {
    let site = || -> Site { lint("testdata/ovn/before").sites.remove(0) };
    let mut after = site();
    let (driver, configurations) = (after.driver, after.configurations.clone());
    let at = after
        .nodes
        .iter()
        .position(|node| node.name == "os-compute1");
    let node = Arc::make_mut(&mut after.nodes[at.expect("it is recorded")]);
    let ids = node.ovs.external_ids.seen().expect("it is recorded");
    let entries = ids.iter().map(|(key, value)| {
        let mut value = value.clone();
        if key == "ovn-bridge-mappings" {
            mappings.clone_into(&mut value.value);
        }
        (key.clone(), value)
    });
    let entries = Spanned::new(entries.collect(), ids.place.clone());
    node.ovs.external_ids = Known::Seen(entries);
    build::finish_node(node, driver, &configurations);
    between(site(), after)
}

#[test]
fn mappings_that_move_or_go_cost_what_hangs_on_them() {
    let kinds = |mappings: &str| {
        let change = remapped(mappings);
        assert_eq!(change.steps.len(), 1);
        assert_eq!(change.steps[0].node.as_deref(), Some("os-compute1"));
        assert!(change.touches("os-compute1", "external_ids", "ovn-bridge-mappings"));
        let effects = change.steps[0].effects.iter();
        let kinds = effects.map(|effect| (effect.kind.clone(), effect.needs));
        (kinds.collect::<Vec<_>>(), fired_by(&change))
    };
    let (effects, lints) = kinds("physnet2:br-ex2");
    let moved = Kind::Remapped {
        physnet: "physnet2".to_owned(),
        from: "br-ex".to_owned(),
        to: "br-ex2".to_owned(),
        stuck: true,
        port: None,
    };
    assert_eq!(effects, [(moved, None)]);
    assert_eq!(lints, ["change_remaps_physnet"]);
    let (effects, lints) = kinds("physnet1:br-ex");
    assert!(
        matches!(&effects[..], [(Kind::Unmapped { physnet, .. }, None)] if physnet == "physnet2"),
        "{effects:?}"
    );
    assert_eq!(lints, ["change_unmaps_physnet"]);
    let (effects, lints) = kinds("physnet2:br-ex,physnet3:br-ex");
    assert_eq!((&effects[..], &lints[..]), (&[][..], &[][..]));
}

fn fired_by(change: &Change) -> Vec<&'static str> {
    let said = lints::run_over(change, &Tuning::default());
    let fired = said.iter().filter(|said| !said.found.is_empty());
    fired.map(|said| said.lint.name).collect()
}
