//! Files that want to do harm end in a clear trouble.

use ovnlint::read::ovsdb::{Database, Keep, MAX_ELEMENTS, TroubleKind, read, read_named_log};
use ovnlint::source::FileId;
use sha1::{Digest, Sha1};

use crate::recorded::recorded;

const SCHEMA: &str = r#"{"name":"Open_vSwitch","version":"1.0.0","tables":{"Bridge":{"columns":{
    "name":{"type":"string"},
    "protocols":{"type":{"key":"string","min":0,"max":"unlimited"}},
    "external_ids":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}},
    "netflow":{"type":{"key":"string","min":0,"max":"unlimited"}}}}}}"#;

const ROW: &str = "71f81ef4-8f07-4466-965a-41912898b7ae";

/// A log of these records after the schema.
fn log(records: &[String]) -> Vec<u8> {
    let mut log = Vec::new();
    for json in std::iter::once(SCHEMA).chain(records.iter().map(String::as_str)) {
        let hash = Sha1::digest(json);
        log.extend(format!("OVSDB JSON {} ", json.len()).bytes());
        log.extend(
            hash.iter()
                .flat_map(|byte| format!("{byte:02x}").into_bytes()),
        );
        log.extend(format!("\n{json}").bytes());
    }
    log
}

fn row(cells: &str) -> String {
    format!(r#"{{"_is_diff":true,"Bridge":{{"{ROW}":{{{cells}}}}}}}"#)
}

fn model(bytes: &[u8]) -> Database {
    read(FileId(0), bytes, Keep::Model).expect("it begins as state does")
}

#[test]
fn sets_without_end_are_too_large() {
    let elements = vec![r#""a""#; MAX_ELEMENTS + 1].join(",");
    let good = row(r#""name":"br-ex""#);
    let wide = row(&format!(r#""protocols":["set",[{elements}]]"#));
    let database = model(&log(&[good, wide]));
    assert_eq!(
        database.troubles[0].kind,
        TroubleKind::TooLarge,
        "{:?}",
        database.troubles
    );
    assert_eq!(database.tables["Bridge"].rows.len(), 1);
}

#[test]
fn nesting_without_end_is_damage() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    // In a column that is kept, in one that is skipped, and in place of a table.
    for (record, kind) in [
        (
            row(&format!(r#""protocols":{deep}"#)),
            Some(TroubleKind::Damaged),
        ),
        (row(&format!(r#""netflow":{deep}"#)), None),
        (
            format!(r#"{{"Bridge":{deep}}}"#),
            Some(TroubleKind::Damaged),
        ),
    ] {
        let database = model(&log(&[record]));
        assert_eq!(database.troubles.first().map(|trouble| trouble.kind), kind);
    }
}

#[test]
fn lengths_beyond_the_file_are_torn() {
    let mut bytes = log(&[row(r#""name":"br-ex""#)]);
    bytes.extend(format!("OVSDB JSON {} {}\n{{}}", u64::MAX, "0".repeat(40)).bytes());
    let database = model(&bytes);
    assert_eq!(database.troubles[0].kind, TroubleKind::Torn);
    assert_eq!(database.tables["Bridge"].rows.len(), 1);
}

#[test]
fn names_may_be_anything() {
    let database = model(&log(&[row(
        r#""name":"\u001b[31m\n\"br\"","external_ids":["map",[["k\u0000","\\"]]]"#,
    )]));
    let row = &database.tables["Bridge"].rows[0];
    assert_eq!(row.name.as_deref(), Some("\u{1b}[31m\n\"br\""));
    let place = database.place("Bridge", row, "name", None);
    // As ovs-vsctl prints it: one line, no escape sequence.
    assert_eq!(
        place.cell.unwrap().text.as_deref(),
        Some(r#""\u001b[31m\n\"br\"""#)
    );
}

#[test]
fn damaged_bytes_never_panic() {
    let mut state = 1_u64;
    let mut below = |end: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % end
    };
    for name in [
        "conf.db",
        "ovs-vsctl-show.txt",
        "list-bridge.json",
        "list-bridge.csv",
        "list-bridge.table",
        "list-bridge.list.txt",
        "get-external_ids.txt",
        "list-bridge.data-json.table",
        "ovsdb-client-dump.txt",
    ] {
        let whole = std::fs::read(recorded("os-network").join(name)).unwrap();
        let tokens = [
            &b"\""[..],
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b"=",
            b"\n",
            b" ",
            b"\xff",
            b"\\",
            b":",
            b"0",
            "관".as_bytes(),
        ];
        for _ in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..=below(4) {
                let at = below(bytes.len());
                let end = (at + below(4)).min(bytes.len());
                bytes.splice(at..end, tokens[below(tokens.len())].iter().copied());
            }
            bytes.truncate(bytes.len() - below(bytes.len()) * below(2));
            let Some(database) = read(FileId(0), &bytes, Keep::All) else {
                continue;
            };
            // Every place can be asked for, and lies in its text.
            for (table, body) in &database.tables {
                for row in &body.rows {
                    for column in body.columns.keys() {
                        let place = database.place(table, row, column, None);
                        let cell = place.cell.as_deref().unwrap();
                        let length = cell.text.as_ref().map_or(bytes.len(), String::len);
                        assert!(place.span.range().end <= length, "{name}: {table}:{column}");
                        let _ = (
                            database.map(table, row, column),
                            database.texts(table, row, column),
                            database.text(table, row, column),
                        );
                    }
                }
            }
        }
        read_named_log(FileId(0), &whole, Keep::All);
    }
}
