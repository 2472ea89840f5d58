//! All renderings of a database give the same rows, and `show` gives some of them.

use std::path::Path;

use ovnlint::read::ovsdb::{Database, Form, Keep, SchemaName, TroubleKind, read};
use ovnlint::source::FileId;

use crate::recorded::{assert_subset, database, recorded, text};
use crate::rows::{assert_same, tables};

const LISTED: [(&str, &str); 4] = [
    ("bridge", "Bridge"),
    ("port", "Port"),
    ("interface", "Interface"),
    ("open_vswitch", "Open_vSwitch"),
];

/// What `ovs-vsctl show` never prints.
const UNSEEN: [(&str, &str); 3] = [
    ("Bridge", "protocols"),
    ("Bridge", "other_config"),
    ("Open_vSwitch", "external_ids"),
];

/// All renderings that a folder of a node holds.
fn compare_node(folder: &Path) {
    let log = database(&folder.join("conf.db"));
    assert_eq!((log.form, log.troubles.len()), (Form::Log, 0));
    let show = |name: &str| folder.join(name).display().to_string();
    for (file, table) in LISTED {
        for kind in ["json", "csv", "table", "list.txt"] {
            let name = format!("list-{file}.{kind}");
            assert_same(&log, &database(&folder.join(&name)), &[table], &show(&name));
        }
    }
    for name in [
        "ovsdb-client-backup.db",
        "ovsdb-client-dump.json",
        "ovsdb-client-dump.txt",
        "ovsdb-client-dump.csv",
    ] {
        assert_same(
            &log,
            &database(&folder.join(name)),
            &tables(&log),
            &show(name),
        );
    }
    let name = "ovs-vsctl-show.txt";
    assert_subset(&log, &database(&folder.join(name)), &UNSEEN, &show(name));
}

#[test]
fn all_renderings_of_a_node_are_the_same() {
    compare_node(&recorded("os-network"));
}

#[test]
fn all_renderings_of_the_lab_are_the_same() {
    for site in ["before", "after-002"] {
        for node in ["os-controller", "os-network", "os-compute1", "os-compute2"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../shared/lab/dumps")
                .join(site)
                .join(node);
            if folder.exists() {
                compare_node(&folder);
            }
        }
        let central = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../shared/lab/dumps")
            .join(site)
            .join("central");
        if central.exists() {
            compare_central(&central);
        }
    }
}

fn compare_central(folder: &Path) {
    for (database_name, prefix) in [("ovnnb", "nb"), ("ovnsb", "sb")] {
        let log = database(&folder.join(format!("{database_name}.db")));
        for kind in ["backup.db", "dump.json", "dump.txt"] {
            let name = format!("{database_name}.{kind}");
            assert_same(&log, &database(&folder.join(&name)), &tables(&log), &name);
        }
        for table in [
            "Logical_Switch_Port",
            "NAT",
            "NB_Global",
            "Chassis",
            "Encap",
            "Port_Binding",
        ] {
            for kind in ["json", "txt"] {
                let path = folder.join(format!("{prefix}-list-{table}.{kind}"));
                if path.exists() {
                    assert_same(&log, &database(&path), &[table], table);
                }
            }
        }
        let show = database(&folder.join(format!("ovn-{prefix}ctl-show.txt")));
        let unseen: &[_] = match prefix {
            "nb" => &[
                ("Logical_Switch_Port", "options"),
                ("Logical_Switch", "external_ids"),
            ],
            _ => &[("Chassis", "external_ids"), ("Port_Binding", "datapath")],
        };
        assert_subset(&log, &show, unseen, prefix);
    }
}

/// What real tools print of databases of operators, of 2012 to 2020.
#[test]
fn all_renderings_of_old_databases_are_the_same() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Ok(files) = std::fs::read_dir(corpus.join("ovsdb_files")) else {
        return;
    };
    for file in files {
        let path = file.unwrap().path();
        let folder = corpus
            .join("ovs_state_from_db")
            .join(path.file_name().unwrap());
        let what = folder.display().to_string();
        let log = database(&path);
        assert_eq!(log.troubles, [], "{what}");
        for table in [
            "Bridge",
            "Port",
            "Interface",
            "Open_vSwitch",
            "Controller",
            "Manager",
        ] {
            for name in ["ovs-vsctl_list_", "ovs-vsctl_--format=json_list_"] {
                let path = folder.join(format!("{name}{table}"));
                if std::fs::metadata(&path).is_ok_and(|data| data.len() > 0) {
                    assert_same(&log, &database(&path), &[table], &what);
                }
            }
        }
        let dump = database(&folder.join("ovsdb-client_-f_list_dump"));
        let shown: Vec<_> = tables(&log)
            .into_iter()
            .filter(|name| !log.tables[*name].rows.is_empty())
            .collect();
        assert_same(&log, &dump, &shown, &what);
        assert_subset(
            &log,
            &database(&folder.join("ovs-vsctl_show")),
            &UNSEEN,
            &what,
        );
    }
}

#[test]
fn northbound_renderings_are_the_same() {
    let log = database(&recorded("central/ovnnb.db"));
    assert_eq!(log.schema, SchemaName::Northbound);
    assert_eq!(log.version.as_deref(), Some("7.0.0"));
    for name in ["ovnnb.dump.json", "ovnnb.dump.txt"] {
        assert_same(
            &log,
            &database(&recorded("central").join(name)),
            &tables(&log),
            name,
        );
    }
    for name in [
        "nb-list-Logical_Switch_Port.json",
        "nb-list-Logical_Switch_Port.txt",
    ] {
        assert_same(
            &log,
            &database(&recorded("central").join(name)),
            &["Logical_Switch_Port"],
            name,
        );
    }
    let show = database(&recorded("central/ovn-nbctl-show.txt"));
    assert_subset(
        &log,
        &show,
        &[("Logical_Switch_Port", "options")],
        "ovn-nbctl show",
    );
    let gateways = &show.tables["Gateway_Chassis"].rows;
    assert_eq!(gateways.len(), 1);
    assert_eq!(
        text(&show, "Gateway_Chassis", &gateways[0], "chassis_name"),
        Some("os-network".to_owned())
    );
}

#[test]
fn southbound_show_gives_chassis_encaps_and_bindings() {
    let show = database(&recorded("central/ovn-sbctl-show.txt"));
    let list = database(&recorded("central/sb-list-Chassis.json"));
    assert_eq!(show.schema, SchemaName::Southbound);
    let chassis = &show.tables["Chassis"];
    assert_eq!(chassis.rows.len(), list.tables["Chassis"].rows.len());
    let encaps = show.uuids("Chassis", &chassis.rows[0], "encaps");
    let encap = &encaps.seen().unwrap()[0];
    let encap = show.tables["Encap"]
        .rows
        .iter()
        .find(|row| row.name.as_deref() == Some(&encap.to_text()));
    assert_eq!(
        text(&show, "Encap", encap.unwrap(), "ip"),
        Some("192.168.98.13".to_owned())
    );
    let gateway = show.tables["Port_Binding"]
        .rows
        .iter()
        .find(|row| row.name.as_deref() == Some("cr-lrp-ext"));
    let chassis = show.uuids("Port_Binding", gateway.unwrap(), "chassis");
    assert_eq!(chassis.seen().unwrap()[0].to_text(), "os-network");
}

#[test]
fn histories_give_what_ovsdb_server_serves() {
    for (file, expected) in [
        (
            "conf.many-transactions.db",
            "conf.many-transactions.expected.json",
        ),
        (
            "conf.no-column-diff.db",
            "conf.no-column-diff.expected.json",
        ),
        ("ovnnb.cluster3-member1.db", "ovnnb.cluster3.expected.json"),
        (
            "ovnnb.cluster3-member1.compacted.db",
            "ovnnb.cluster3.expected.json",
        ),
    ] {
        let log = database(&recorded("formats").join(file));
        assert_eq!(log.troubles, [], "{file}");
        let expected = database(&recorded("formats").join(expected));
        assert_same(&log, &expected, &tables(&log), file);
    }
}

#[test]
fn files_that_ovsdb_server_made_are_damaged_as_it_says() {
    let whole = std::fs::read(recorded("formats/conf.many-transactions.db")).unwrap();
    // `ovsdb-server` on the same file, cut by 37 bytes: "error reading 353 bytes starting at offset 95285".
    let torn = read(FileId(0), &whole[..whole.len() - 37], Keep::All).unwrap();
    let [trouble] = &torn.troubles[..] else {
        panic!("{:?}", torn.troubles)
    };
    assert_eq!(trouble.kind, TroubleKind::Torn);
    assert!(
        trouble.message.contains("353 bytes at byte offset 95285"),
        "{}",
        trouble.message
    );
    // It then serves tap4 as well, which the last record deletes.
    let names = |database: &Database| {
        database.tables["Interface"]
            .rows
            .iter()
            .any(|row| row.name.as_deref() == Some("tap4"))
    };
    assert!(names(&torn));
    assert!(!names(&read(FileId(0), &whole, Keep::All).unwrap()));
}
