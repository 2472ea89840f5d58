//! What a change deletes is shown where it would stand now, and where it stood.

use std::path::Path;

use ovnlint::cli::against::Which;
use ovnlint::cli::linted::Coverage;
use ovnlint::report::Status;

use crate::command_line::Scratch;
use crate::support::sides;

/// Of each finding that is new: its lint, and file, line and text of each of its places.
type Row = (&'static str, Vec<(String, u32, String)>);

fn introduced(name: &str, file: &str, (before, after): (&str, &str)) -> Vec<Row> {
    let scratch = Scratch::new(name);
    for side in ["old", "new"] {
        scratch.write(
            &format!("{side}/os-a/external_ids.txt"),
            ids(", system-id=os-a"),
        );
    }
    scratch
        .write(&format!("old/{file}"), before)
        .write(&format!("new/{file}"), after);
    for side in ["old", "new"] {
        let topology = "[nodes.os-a]\nroles = [\"compute\"]\nmanagement = \"br-ex\"\n[nodes.os-a.interfaces]\nbr-ex = { addresses = [\"192.0.2.12/24\"] }\n";
        scratch
            .write(&format!("{side}/topology.toml"), topology)
            .write(
                &format!("{side}/etc/neutron/neutron.conf"),
                "[DEFAULT]\ncore_plugin = ml2\n",
            );
    }
    let against = sides(&scratch, "old", "new");
    let report = against.report(Coverage::Hidden, Which::Changed);
    let new = report
        .findings
        .iter()
        .filter(|found| found.status == Status::Introduced);
    let rows = new.map(|found| {
        let places = found.finding.labels.iter().map(|label| {
            let source = report.sources.get(label.place.file);
            let path = Path::new(&source.path)
                .iter()
                .rev()
                .nth(file.matches('/').count() + 1);
            let side = path.unwrap_or_default().to_string_lossy().into_owned();
            let line = source.position(label.place.span.start).line;
            let text = report.sources.text_at(&label.place).unwrap_or_default();
            (side, line, text.to_owned())
        });
        (found.lint, places.collect())
    });
    rows.collect()
}

fn ids(more: &str) -> String {
    format!(
        "{{hostname=os-a, ovn-bridge-mappings=\"physnet1:br-ex\", ovn-encap-ip=\"10.0.0.12\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.11:6642\"{more}}}\n"
    )
}

fn place(side: &str, line: u32, text: &str) -> (String, u32, String) {
    (side.to_owned(), line, text.to_owned())
}

/// `[ml2_type_geneve]` is the third line of both.
fn ini(options: &str) -> String {
    let ml2 = "[ml2]\nmechanism_drivers = ovn\n[ml2_type_geneve]\n";
    format!("{ml2}{options}# the end\n")
}

#[test]
fn a_default_that_is_in_force_again_has_two_places() {
    let header = |before: &str, after: &str| {
        let file = "etc/neutron/ml2_conf.ini";
        introduced("deleted-option", file, (&ini(before), &ini(after)))
    };
    let neutron = "vni_ranges = 1:1000\n";
    let both = format!("{neutron}max_header_size = 38\n");
    assert_eq!(
        header(&both, neutron),
        [(
            "geneve_header_too_small",
            vec![
                place("new", 3, "[ml2_type_geneve]"),
                place("old", 5, "max_header_size = 38"),
            ]
        )]
    );
    // Nothing was deleted: the value is what is wrong.
    let low = format!("{neutron}max_header_size = 30\n");
    let found = header(&both, &low);
    assert_eq!(found[0].1, [place("new", 5, "30")]);
    // One that was deleted beside it has nothing to do with it.
    let found = header(&both, "");
    assert_eq!(found[0].1.len(), 2, "{found:?}");
    // The section, too, is gone.
    let found = introduced(
        "deleted-section",
        "etc/neutron/ml2_conf.ini",
        (&ini(&both), "[ml2]\nmechanism_drivers = ovn\n"),
    );
    let (lint, places) = &found[0];
    assert_eq!(*lint, "geneve_header_too_small");
    assert_eq!((&places[0].0[..], places[0].1), ("new", 1));
    assert_eq!(places[1..], [place("old", 5, "max_header_size = 38")]);
}

#[test]
fn ranges_that_are_deleted_shrink_to_nothing() {
    let size = "max_header_size = 38\n";
    let wide = format!("vni_ranges = 1:16777215\n{size}");
    let found = introduced(
        "deleted-ranges",
        "etc/neutron/ml2_conf.ini",
        (&ini(&wide), &ini(size)),
    );
    let expected = [
        place("new", 3, "[ml2_type_geneve]"),
        place("old", 4, "1:16777215"),
    ];
    assert_eq!(found, [("change_shrinks_vni_ranges", expected.to_vec())]);
}

#[test]
fn keys_and_columns_that_are_deleted_have_two_places() {
    let found = introduced(
        "deleted-key",
        "os-a/external_ids.txt",
        (&ids(", system-id=os-a"), &ids("")),
    );
    let of = |lint: &str| {
        let row = found.iter().find(|row| row.0 == lint);
        row.map(|row| &row.1[1..])
    };
    let old = [place("old", 1, "os-a")];
    assert_eq!(of("system_id_unset"), Some(&old[..]), "{found:?}");
    let show = |uplink: &str| {
        format!(
            "06de2e26-8048-449e-a7d2-d541b7dd0ac0\n    Bridge br-ex\n        datapath_type: system\n        Port br-ex\n            Interface br-ex\n                type: internal\n{uplink}"
        )
    };
    let uplink = "        Port enp7s0\n            Interface enp7s0\n";
    let found = introduced("deleted-port", "os-a/show.txt", (&show(uplink), &show("")));
    let cut = found.iter().find(|row| row.0 == "change_cuts_management");
    let places = &cut.unwrap_or_else(|| panic!("{found:?}")).1;
    assert_eq!(places[0], place("new", 2, "br-ex"));
    assert_eq!(
        places.last(),
        Some(&place("old", 7, "enp7s0")),
        "{places:?}"
    );
}
