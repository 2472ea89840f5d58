//! Who may connect to the database, SSL, and the protection of the control plane.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::Transaction;
use super::super::transaction::flow::{Done, Flow};
use super::record::{self, Kind, ROUTER, SWITCH};
use super::switch_ports::none;

const COPP: Kind = Kind {
    table: "Copp",
    noun: "copp",
    plural: None,
};

/// What can be metered on its way to a controller.
const PROTOCOLS: [&str; 17] = [
    "arp",
    "arp-resolve",
    "dhcpv4-opts",
    "dhcpv6-opts",
    "dns",
    "event-elb",
    "icmp4-error",
    "icmp6-error",
    "igmp",
    "nd-na",
    "nd-ns",
    "nd-ns-resolve",
    "nd-ra-opts",
    "tcp-reset",
    "bfd",
    "reject",
    "svc-monitor",
];

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "get-connection" => get_connection(transaction),
        "del-connection" => {
            del_connection(transaction);
            Ok(())
        }
        "set-connection" => set_connection(transaction, command),
        "get-ssl" => Ok(()),
        "del-ssl" => {
            del_ssl(transaction);
            Ok(())
        }
        "set-ssl" => set_ssl(transaction, command),
        "copp-add" => add_copp(transaction, command),
        "copp-del" => del_copp(transaction, command),
        "ls-copp-add" => attach_copp(transaction, command, SWITCH),
        "lr-copp-add" => attach_copp(transaction, command, ROUTER),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn get_connection(transaction: &mut Transaction) -> Done {
    let rows = transaction.rows("Connection");
    let mut targets: Vec<&str> = rows
        .iter()
        .map(|row| transaction.store.text(*row, "target"))
        .collect();
    targets.sort_unstable();
    targets.dedup();
    let printed: Vec<String> = targets.iter().map(|target| format!("{target}\n")).collect();
    transaction.output.push_str(&printed.concat());
    Ok(())
}

fn del_connection(transaction: &mut Transaction) {
    for row in transaction.rows("Connection") {
        transaction.delete(row);
    }
    let root = super::root(transaction);
    transaction.set(root, "connections", none());
}

fn set_connection(transaction: &mut Transaction, command: &Command) -> Done {
    del_connection(transaction);
    // As C's `atoll` reads it.
    let probe = command
        .value("--inactivity-probe")
        .map(|text| text.trim().parse().unwrap_or(0));
    let mut rows = Vec::new();
    for at in 1..command.len() {
        let row = transaction.create("Connection");
        let word = command.word(at);
        transaction.set_text(row, "target", &word.value, word.place.as_ref());
        if let Some(probe) = probe {
            transaction.set(row, "inactivity_probe", record::integer(probe));
        }
        rows.push(row);
    }
    let root = super::root(transaction);
    transaction.set_rows(root, "connections", &rows);
    Ok(())
}

fn del_ssl(transaction: &mut Transaction) {
    for row in transaction.rows("SSL") {
        transaction.delete(row);
    }
    let root = super::root(transaction);
    transaction.set(root, "ssl", none());
}

fn set_ssl(transaction: &mut Transaction, command: &Command) -> Done {
    del_ssl(transaction);
    let ssl = transaction.create("SSL");
    let columns = [
        "private_key",
        "certificate",
        "ca_cert",
        "ssl_protocols",
        "ssl_ciphers",
        "ssl_ciphersuites",
    ];
    for (column, word) in columns.iter().zip(&command.words[1..]) {
        if transaction.store.schema.tables[ssl.table]
            .find(column)
            .is_some()
        {
            transaction.set_text(ssl, column, &word.value, word.place.as_ref());
        }
    }
    let bootstrap = Atom::Boolean(command.has("--bootstrap"));
    transaction.set(ssl, "bootstrap_ca_cert", Datum::one(bootstrap));
    let root = super::root(transaction);
    transaction.set_rows(root, "ssl", &[ssl]);
    Ok(())
}

fn check_protocol(transaction: &Transaction, command: &Command) -> Done {
    let mut known = PROTOCOLS.to_vec();
    if transaction.at_least(&[25, 9]) {
        known.push("dhcpv4-relay");
    }
    if known.contains(&command.text(2)) {
        return Ok(());
    }
    let known = known.join(", ");
    let message = format!("Invalid control protocol. Allowed values: {known}.");
    Err(Flow::from(message).word(2))
}

fn add_copp(transaction: &mut Transaction, command: &Command) -> Done {
    check_protocol(transaction, command)?;
    let name = command.word(1);
    let is_uuid = name
        .value
        .parse::<crate::read::ovsdb::datum::Uuid>()
        .is_ok();
    let copp = if is_uuid {
        Some(record::need_at(transaction, COPP, command, 1)?)
    } else {
        record::find(transaction, COPP, &name.value)?
    };
    let copp: RowId = copp.unwrap_or_else(|| transaction.create("Copp"));
    let meter = command.word(3);
    let place = meter.place.as_ref();
    transaction.set_key(copp, "meters", command.text(2), Some(&meter.value), place);
    if !is_uuid {
        transaction.set_text(copp, "name", &name.value, name.place.as_ref());
    }
    Ok(())
}

fn del_copp(transaction: &mut Transaction, command: &Command) -> Done {
    if command.len() == 3 {
        check_protocol(transaction, command)?;
    }
    let Some(copp) = record::find(transaction, COPP, command.text(1))? else {
        return Ok(());
    };
    let Some(protocol) = command.words.get(2) else {
        transaction.delete(copp);
        return Ok(());
    };
    let meters = transaction.store.map(copp, "meters");
    let known = meters.iter().any(|(own, _)| *own == protocol.value);
    if known && meters.len() == 1 {
        transaction.delete(copp);
    } else if known {
        transaction.set_key(
            copp,
            "meters",
            &protocol.value,
            None,
            protocol.place.as_ref(),
        );
    }
    Ok(())
}

fn attach_copp(transaction: &mut Transaction, command: &Command, kind: Kind) -> Done {
    let holder = record::need_at(transaction, kind, command, 2)?;
    let copp = record::need_at(transaction, COPP, command, 1)?;
    transaction.set_rows(holder, "copp", &[copp]);
    Ok(())
}
