//! Ten thousand commands on a large database.

use std::time::{Duration, Instant};

use ovnlint::change::ctl::schema::schema;
use ovnlint::change::ctl::store::Store;
use ovnlint::change::ctl::{Status, Tool, Word, run};

fn words(line: &str) -> Vec<Word> {
    line.split(' ').map(Word::from).collect()
}

fn done(store: &mut Store, tool: Tool, line: &str) {
    let outcome = run(store, tool, &words(line), None);
    assert_eq!(outcome.status, Status::Done, "{line}");
}

/// Not a benchmark: copying the store for each command would take minutes.
const ENOUGH: Duration = Duration::from_mins(1);

#[test]
fn a_command_costs_what_it_touches() {
    let start = Instant::now();
    let mut store = Store::new(schema(Tool::Nbctl.database(), None));
    for switch in 0..100 {
        done(&mut store, Tool::Nbctl, &format!("ls-add s{switch}"));
        for port in 0..200 {
            done(
                &mut store,
                Tool::Nbctl,
                &format!("lsp-add s{switch} p{switch}-{port}"),
            );
        }
    }
    println!("20,000 ports in {:?}", start.elapsed());
    let start = Instant::now();
    for at in 0..10_000 {
        let (switch, port) = (at % 100, at / 100);
        done(
            &mut store,
            Tool::Nbctl,
            &format!(
                "lsp-set-options p{switch}-{port} network_name=n -- lsp-set-type p{switch}-{port} localnet"
            ),
        );
    }
    println!("10,000 lines in {:?}", start.elapsed());
    assert!(start.elapsed() < ENOUGH);
}

#[test]
fn a_bridge_of_thousands_of_ports_grows() {
    let mut store = Store::new(schema(Tool::Vsctl.database(), None));
    done(&mut store, Tool::Vsctl, "add-br br0");
    let start = Instant::now();
    for port in 0..3_000 {
        done(
            &mut store,
            Tool::Vsctl,
            &format!("add-port br0 p{port} tag=5"),
        );
    }
    println!("3,000 ports in {:?}", start.elapsed());
    assert!(start.elapsed() < ENOUGH);
}
