//! Outputs as they are pasted: prompts, several in one file, other line ends; and what is no state at all.

use ovnlint::read::ovsdb::{Keep, TroubleKind, read};
use ovnlint::source::FileId;

use crate::recorded::{database, recorded};
use crate::rows::tables;

#[test]
fn pasted_outputs_read() {
    let show = std::fs::read_to_string(recorded("os-network/ovs-vsctl-show.txt")).unwrap();
    let list = std::fs::read_to_string(recorded("os-network/list-bridge.list.txt")).unwrap();
    let json = std::fs::read_to_string(recorded("os-network/list-bridge.json")).unwrap();
    let bridges = |text: &str| {
        let database =
            read(FileId(0), text.as_bytes(), Keep::Model).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(database.troubles, []);
        let mut names: Vec<_> = database.tables["Bridge"]
            .rows
            .iter()
            .map(|row| row.name.clone().unwrap().to_string())
            .collect();
        names.sort();
        names
    };
    let quoted = show.replace("Bridge br-ex", "Bridge \"br-ex\"");
    for text in [
        format!("# ovs-vsctl show\n{show}"),
        format!("\n\n[root@os-network ~]# sudo ovs-vsctl show\n{show}[root@os-network ~]# \n"),
        show.replace('\n', "\r\n"),
        quoted,
        format!("    {}\n", show.trim_end().replace('\n', "\n    ")),
        format!("$ ovs-vsctl list bridge\n{list}"),
        list.replace('\n', "\r\n"),
        format!("$ ovs-vsctl --format=json list bridge\n{json}"),
        format!(
            "{json}{}",
            std::fs::read_to_string(recorded("os-network/list-port.json")).unwrap()
        ),
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&json).unwrap())
            .unwrap(),
    ] {
        assert_eq!(bridges(&text), ["br-ex", "br-int"], "{text}");
    }
}

#[test]
fn show_and_list_in_one_file_add_up() {
    let mut text = std::fs::read_to_string(recorded("os-network/ovs-vsctl-show.txt")).unwrap();
    text.push_str("$ ovs-vsctl get open . external_ids\n");
    text.push_str(&std::fs::read_to_string(recorded("os-network/get-external_ids.txt")).unwrap());
    text.push_str("$ ovs-vsctl --columns=name,fail_mode,protocols,datapath_type list bridge\n");
    text.push_str(
        &std::fs::read_to_string(recorded("os-network/list-bridge.columns.txt")).unwrap(),
    );
    let database = read(FileId(0), text.as_bytes(), Keep::Model).unwrap();
    let root = &database.tables["Open_vSwitch"].rows[..];
    assert_eq!(root.len(), 1);
    assert!(
        database
            .map("Open_vSwitch", &root[0], "external_ids")
            .seen()
            .is_some()
    );
    let bridge = &database.tables["Bridge"].rows[1];
    assert_eq!(
        database
            .texts("Bridge", bridge, "protocols")
            .seen()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(
        database
            .uuids("Bridge", bridge, "ports")
            .seen()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn what_cannot_be_told_is_said() {
    let bare = database(&recorded("os-network/list-bridge.bare.txt"));
    assert_eq!(bare.troubles[0].kind, TroubleKind::Malformed);
    assert!(bare.tables.is_empty());
    let few = "name                : br-ex\ntype                : \"\"\n";
    let few = read(FileId(0), few.as_bytes(), Keep::Model).unwrap();
    assert_eq!(few.troubles[0].kind, TroubleKind::Malformed);
    for other in [
        "",
        "{\n  \"name\": \"web\"\n}\n",
        "name: br-ex\ntype: bridge\n",
        "[DEFAULT]\na = b\n",
        "71f81ef4-8f07-4466-965a-41912898b7ae\n",
        "#!/bin/sh\novs-vsctl show\n",
        "name,type\na,b\n",
    ] {
        assert!(
            read(FileId(0), other.as_bytes(), Keep::Model).is_none(),
            "{other}"
        );
    }
}

#[test]
fn the_model_keeps_what_it_names_only() {
    let bytes = std::fs::read(recorded("os-network/conf.db")).unwrap();
    let model = read(FileId(0), &bytes, Keep::Model).unwrap();
    assert_eq!(
        tables(&model),
        [
            "Bridge",
            "Controller",
            "Interface",
            "Manager",
            "Open_vSwitch",
            "Port"
        ]
    );
    assert!(!model.tables["Bridge"].columns.contains_key("flow_tables"));
    assert!(model.tables["Bridge"].columns.contains_key("protocols"));
}
