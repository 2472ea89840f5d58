//! Twice the commands, and twice the state, are twice the work, counted in bytes that are allocated.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::alloc::System;
use std::sync::{Mutex, PoisonError};

use ovnlint::change::ctl::schema::schema;
use ovnlint::change::ctl::store::Store;
use ovnlint::change::ctl::{Status, Tool, Word, run};
use ovnlint::read::ovsdb::{Database, Keep, read};
use ovnlint::source::FileId;
use sha1::{Digest, Sha1};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What is counted is counted of the whole program: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Of linear growth the second size costs 2 times the first; of quadratic growth, 4 times.
const MOST: f64 = 2.5;

/// What a piece of work allocates.
fn allocated<T>(work: impl FnOnce() -> T) -> f64 {
    let region = Region::new(COUNTED);
    let done = work();
    let bytes = region.change().bytes_allocated;
    drop(done);
    f64::from(u32::try_from(bytes / 16).unwrap())
}

/// How many times the work twice the size is.
fn growth(size: usize, work: impl Fn(usize)) -> f64 {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // What is made once and kept is made before.
    work(size / 8);
    let once = allocated(|| work(size));
    allocated(|| work(2 * size)) / once
}

fn words(line: &str) -> Vec<Word> {
    line.split(' ').map(Word::from).collect()
}

fn done(store: &mut Store, tool: Tool, line: &str) {
    let outcome = run(store, tool, &words(line), None);
    assert_eq!(outcome.status, Status::Done, "{line}");
}

fn empty(tool: Tool) -> Store {
    Store::new(schema(tool.database(), None))
}

/// A northbound of 10 switches with so many ports each.
fn north(ports: usize) -> Store {
    let mut store = empty(Tool::Nbctl);
    for switch in 0..10 {
        done(&mut store, Tool::Nbctl, &format!("ls-add s{switch}"));
        for port in 0..ports {
            let line = format!("lsp-add s{switch} p{switch}-{port}");
            done(&mut store, Tool::Nbctl, &line);
        }
    }
    store
}

#[test]
fn a_northbound_grows_with_its_ports() {
    let growth = growth(100, |ports| drop(north(ports)));
    assert!(growth < MOST, "{growth}");
}

#[test]
fn a_command_costs_what_it_touches_however_large_the_database_is() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let cost = |ports: usize| {
        let mut store = north(ports);
        allocated(|| {
            for at in 0..100 {
                let (switch, port) = (at % 10, at / 10);
                let line = format!(
                    "lsp-set-options p{switch}-{port} network_name=n -- lsp-set-type p{switch}-{port} localnet"
                );
                done(&mut store, Tool::Nbctl, &line);
            }
        })
    };
    let (small, large) = (cost(50), cost(200));
    assert!(large < 1.2 * small, "{small} {large}");
}

#[test]
fn a_bridge_grows_with_its_ports() {
    let growth = growth(400, |ports| {
        let mut store = empty(Tool::Vsctl);
        done(&mut store, Tool::Vsctl, "add-br br0");
        for port in 0..ports {
            done(
                &mut store,
                Tool::Vsctl,
                &format!("add-port br0 p{port} tag=5"),
            );
        }
    });
    assert!(growth < MOST, "{growth}");
}

#[test]
fn one_transaction_grows_with_its_commands() {
    let parts: [(Tool, &str, &str); 4] = [
        (Tool::Nbctl, "ls-add s", "-- lsp-add s p{}"),
        (
            Tool::Nbctl,
            "ls-add s",
            "-- --id=@a{} create Logical_Switch name=s{}",
        ),
        (
            Tool::Nbctl,
            "pg-add g",
            "-- add address_set as addresses 10.{}",
        ),
        (Tool::Vsctl, "add-br b", "-- add-port b p{}"),
    ];
    for (tool, first, part) in parts {
        let growth = growth(400, |count| {
            let mut store = empty(tool);
            done(&mut store, tool, "init");
            if part.contains("address_set") {
                done(&mut store, tool, "create address_set name=as");
            }
            let parts = (0..count).map(|at| part.replace("{}", &at.to_string()));
            let line: Vec<String> = std::iter::once(first.to_owned()).chain(parts).collect();
            done(&mut store, tool, &line.join(" "));
        });
        assert!(growth < MOST, "{part}: {growth}");
    }
}

const SCHEMA: &str = r#"{"name":"Open_vSwitch","version":"1.0.0","tables":{"Bridge":{"columns":{
    "name":{"type":"string"},
    "external_ids":{"type":{"key":"string","value":"string","min":0,"max":"unlimited"}}}}}}"#;

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

fn model(bytes: &[u8]) -> Database {
    read(FileId(0), bytes, Keep::Model).expect("it begins as state does")
}

#[test]
fn a_long_history_of_one_map_is_read_in_proportion() {
    let growth = growth(2_000, |count| {
        let cells = |entries: &str| {
            format!(
                r#"{{"_is_diff":true,"Bridge":{{"{ROW}":{{"external_ids":["map",[{entries}]]}}}}}}"#
            )
        };
        let keys: Vec<_> = (0..count)
            .map(|at| format!(r#"["k{at:05}","0"]"#))
            .collect();
        let mut records = vec![cells(&keys.join(","))];
        records
            .extend((0..2 * count).map(|at| cells(&format!(r#"["k{:05}","{at}"]"#, at % count))));
        let database = model(&log(&records));
        let row = &database.tables["Bridge"].rows[0];
        let ids = database.map("Bridge", row, "external_ids");
        let last = format!("k{:05}", count - 1);
        assert_eq!(
            *ids.seen().unwrap().value[&*last].value,
            (2 * count - 1).to_string()
        );
    });
    assert!(growth < MOST, "{growth}");
}

#[test]
fn texts_that_promise_much_are_read_in_proportion() {
    let rows = "_uuid               : 71f81ef4-8f07-4466-965a-41912898b7ae\n";
    let names = |count: usize| (0..count).map(|at| format!("c{at}"));
    let texts: [(&str, &dyn Fn(usize) -> String); 9] = [
        ("rows of one identity", &|count| rows.repeat(count)),
        ("tables that begin", &|count| "{\"data\":[[\n".repeat(count)),
        ("tables of nothing", &|count| "{\"data\":[\n".repeat(count)),
        ("a wide table", &|count| {
            let wide: Vec<String> = names(count).collect();
            let dashes: Vec<_> = wide.iter().map(|name| "-".repeat(name.len())).collect();
            format!(
                "{}\n{}\n{}",
                wide.join(" "),
                dashes.join(" "),
                "-\n".repeat(count)
            )
        }),
        ("rows of other columns", &|count| {
            let rows = names(count).map(|name| format!("{rows}{name}: 1\n\n"));
            rows.collect::<Vec<_>>().concat()
        }),
        ("brackets", &|count| {
            format!("{}{}", "[".repeat(count), "{".repeat(count))
        }),
        ("a set of sets", &|count| {
            format!("{rows}ports               : {}", "[".repeat(count))
        }),
        ("quotes", &|count| {
            format!("_uuid,name\n{}", "\"".repeat(count))
        }),
        ("switches of one name", &|count| {
            "switch 71f81ef4-8f07-4466-965a-41912898b7ae (a)\n    port p\n".repeat(count)
        }),
    ];
    for (name, text) in texts {
        let growth = growth(4_000, |count| {
            drop(read(FileId(0), text(count).as_bytes(), Keep::All));
        });
        assert!(growth < MOST, "{name}: {growth}");
    }
}
