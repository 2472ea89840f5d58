//! Databases that a private `ovsdb-server` writes, read back and compared with what it serves.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test says what it skipped, and fails where it cannot go on"
)]

mod canonical;
mod generate;
#[path = "../ovsdb_forms/rows.rs"]
mod rows;
mod server;

use ovnlint::read::ovsdb::{Form, Keep, TroubleKind, read, read_named_log};
use ovnlint::source::FileId;
use serde_json::Value;

use canonical::{assert_equal, of_dump, of_reading};
use generate::{Known, Random, operations};
use server::{Client, Server, create, folder, live, output};

/// Fills the database of a running server; gives the number of transactions that it took.
fn fill(server: &Server, random: &mut Random, transactions: u64) -> usize {
    let mut client = Client::new(server);
    let mut known = Known::default();
    let mut done = 0;
    let compaction = random.below(transactions * 2);
    for at in 0..transactions {
        let operations = operations(random, &known);
        let results = client.transact(&operations);
        if results
            .iter()
            .all(|result| result.get("error").is_none_or(Value::is_null))
        {
            done += 1;
            for (operation, result) in operations.iter().zip(&results) {
                let Some(uuid) = result["uuid"][1].as_str() else {
                    continue;
                };
                let rows = if operation["table"] == "Port" {
                    &mut known.ports
                } else {
                    &mut known.bridges
                };
                rows.push(uuid.to_owned());
            }
        }
        if at == compaction {
            server.compact();
        }
    }
    done
}

#[test]
fn clustered_databases_read_as_they_are_served() {
    let Some(folder) = folder("clustered") else {
        return;
    };
    let databases = if live() { 12 } else { 2 };
    for seed in 0..databases {
        let path = folder.join("conf.db");
        let _ = std::fs::remove_file(&path);
        let show = |name: &str| folder.join(name).display().to_string();
        let address = format!("unix:{}", show("raft"));
        output(
            "ovsdb-tool",
            &[
                "create-cluster",
                &show("conf.db"),
                &show("schema"),
                &address,
            ],
        );
        let server = Server::start(&folder, "conf.db", &[]).unwrap();
        let remote = format!("unix:{}", show("sock"));
        output(
            "ovsdb-client",
            &["wait", &remote, "Open_vSwitch", "connected"],
        );
        fill(&server, &mut Random(seed), 40);
        let dump = server.dump("json");
        let log = read(FileId(0), &std::fs::read(&path).unwrap(), Keep::All).unwrap();
        assert_eq!(
            (log.form, &log.troubles[..]),
            (Form::Cluster, &[][..]),
            "seed {seed}"
        );
        // A cluster keeps ephemeral columns as well.
        assert_equal(
            &of_dump(&dump, &[]),
            &of_reading(&log),
            &format!("cluster, seed {seed}"),
        );
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn generated_databases_read_as_they_are_served() {
    let Some(folder) = folder("generated") else {
        return;
    };
    let databases = if live() { 200 } else { 12 };
    let mut transactions = 0;
    for seed in 0..databases {
        let mut random = Random(seed);
        let path = create(&folder, "conf.db");
        let options: &[&str] = if seed % 4 == 3 {
            &["--disable-file-column-diff"]
        } else {
            &[]
        };
        let server = Server::start(&folder, "conf.db", options).unwrap();
        transactions += fill(&server, &mut random, 60);
        let dump = server.dump("json");
        let bytes = std::fs::read(&path).unwrap();
        let log = read(FileId(0), &bytes, Keep::All).unwrap();
        assert_eq!(log.troubles, [], "seed {seed}");
        let expected = of_dump(&dump, &["passing"]);
        assert_equal(&expected, &of_reading(&log), &format!("seed {seed}"));
        // The other forms of the same state.
        if seed % 10 == 0 {
            for format in ["json", "csv", "table", "list"] {
                let dump = server.dump(format);
                let other = read(FileId(0), dump.as_bytes(), Keep::All)
                    .unwrap_or_else(|| panic!("{format}: {dump}"));
                rows::assert_same(
                    &log,
                    &other,
                    &rows::tables(&log),
                    &format!("seed {seed}, {format}"),
                );
            }
        }
    }
    assert!(
        transactions > usize::try_from(databases).unwrap() * 30,
        "{transactions} transactions"
    );
    println!("{databases} databases, {transactions} transactions");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn prefixes_read_as_they_are_served() {
    let Some(folder) = folder("prefixes") else {
        return;
    };
    let mut random = Random(7);
    let path = create(&folder, "conf.db");
    let server = Server::start(&folder, "conf.db", &[]).unwrap();
    fill(&server, &mut random, 40);
    drop(server);
    let whole = std::fs::read(&path).unwrap();
    // All of them are read; `ovsdb-server` is started on a sample, for it takes some 30 ms each time.
    let asked = if live() { 2000 } else { 20 };
    let schema_end = whole
        .windows(11)
        .skip(1)
        .position(|part| part == b"OVSDB JSON ")
        .unwrap();
    for at in 0..2000 {
        // A tenth of them within the first record, where it decides whether there is a database at all.
        let end = if at % 10 == 0 {
            schema_end + 200
        } else {
            whole.len() + 1
        };
        let cut = usize::try_from(random.below(end as u64)).unwrap();
        let prefix = &whole[..cut];
        let reading = read_named_log(FileId(0), prefix, Keep::All);
        if at >= asked {
            continue;
        }
        std::fs::write(folder.join("cut.db"), prefix).unwrap();
        let server = Server::start(&folder, "cut.db", &[]);
        let refused = reading
            .troubles
            .iter()
            .any(|trouble| trouble.kind == TroubleKind::Malformed);
        assert_eq!(
            server.is_none(),
            refused,
            "cut at {cut}: {:?}",
            reading.troubles
        );
        if let Some(server) = server {
            assert_equal(
                &of_dump(&server.dump("json"), &["passing"]),
                &of_reading(&reading),
                &format!("cut at {cut}"),
            );
        }
    }
    println!("2000 prefixes read, {asked} of them compared with ovsdb-server");
    std::fs::remove_dir_all(folder).unwrap();
}
