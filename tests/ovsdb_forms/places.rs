//! Values know where they are written, in every form.

use ovnlint::source::{Known, Place};

use crate::recorded::{database, recorded};

#[test]
fn a_mapping_is_found_at_its_place_in_every_form() {
    for name in [
        "conf.db",
        "list-open_vswitch.json",
        "list-open_vswitch.csv",
        "list-open_vswitch.table",
        "list-open_vswitch.list.txt",
        "get-external_ids.txt",
        "ovsdb-client-dump.txt",
        "ovsdb-client-dump.csv",
    ] {
        let path = recorded("os-network").join(name);
        let database = database(&path);
        let row = &database.tables["Open_vSwitch"].rows[0];
        let ids = database.map("Open_vSwitch", row, "external_ids");
        let ids = &ids.seen().unwrap_or_else(|| panic!("{name}")).value;
        let entry = &ids["ovn-bridge-mappings"];
        assert_eq!(*entry.value, "physnet2:br-ex", "{name}");
        let place = &entry.value.place;
        let cell = place.cell.as_deref().unwrap();
        assert_eq!(
            (
                cell.table.as_str(),
                cell.field.as_str(),
                cell.key.as_deref()
            ),
            ("Open_vSwitch", "external_ids", Some("ovn-bridge-mappings"))
        );
        let text = match &cell.text {
            Some(text) => text.clone(),
            None => std::fs::read_to_string(&path).unwrap(),
        };
        assert_eq!(&text[place.span.range()], "physnet2:br-ex", "{name}");
        assert_eq!(
            &text[entry.key.span.range()],
            "ovn-bridge-mappings",
            "{name}"
        );
    }
}

#[test]
fn elements_and_scalars_have_their_places() {
    for name in [
        "conf.db",
        "list-bridge.json",
        "list-bridge.csv",
        "list-bridge.table",
        "list-bridge.list.txt",
        "list-bridge.columns.txt",
        "list-bridge.data-json.table",
    ] {
        let path = recorded("os-network").join(name);
        let database = database(&path);
        let rows = &database.tables["Bridge"].rows;
        let row = rows
            .iter()
            .find(|row| row.name.as_deref() == Some("br-ex"))
            .unwrap();
        let protocols = database.texts("Bridge", row, "protocols");
        let protocols = &protocols.seen().unwrap().value;
        let at = |place: &Place| {
            let text = place.cell.as_deref().unwrap().text.clone();
            let text = text.unwrap_or_else(|| std::fs::read_to_string(&path).unwrap());
            text[place.span.range()].to_owned()
        };
        assert_eq!(
            protocols
                .iter()
                .map(|text| at(&text.place))
                .collect::<Vec<_>>(),
            ["OpenFlow10", "OpenFlow13", "OpenFlow14"],
            "{name}"
        );
        let Known::Seen(mode) = database.text("Bridge", row, "fail_mode") else {
            panic!("{name}")
        };
        assert_eq!(
            (mode.value.as_str(), at(&mode.place).as_str()),
            ("standalone", "standalone"),
            "{name}"
        );
    }
}

#[test]
fn show_tells_absent_from_unseen() {
    let show = database(&recorded("os-network/ovs-vsctl-show.txt"));
    let bridge = &show.tables["Bridge"].rows[0];
    assert_eq!(bridge.name.as_deref(), Some("br-int"));
    assert_eq!(show.text("Bridge", bridge, "protocols"), Known::Unseen);
    assert!(matches!(
        show.uuids("Bridge", bridge, "controller"),
        Known::Absent(_)
    ));
    let port = show.tables["Port"]
        .rows
        .iter()
        .find(|row| row.name.as_deref() == Some("enp6s18"))
        .unwrap();
    assert!(matches!(
        show.integer("Port", port, "tag"),
        Known::Absent(_)
    ));
}
