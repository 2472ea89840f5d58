//! Controllers, managers, the fail mode and SSL.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::Transaction;
use super::super::transaction::flow::{Done, Flow};
use super::bridges::print_sorted;
use super::model;

fn print_targets(transaction: &mut Transaction, row: RowId, column: &str) {
    let rows = transaction.store.referred(row, column).into_iter();
    let targets = rows
        .map(|row| transaction.store.text(row, "target").to_owned())
        .collect();
    print_sorted(transaction, targets);
}

/// Deletes the rows that a column refers to, and empties it.
fn delete_all(transaction: &mut Transaction, row: RowId, column: &str) {
    for other in transaction.store.referred(row, column) {
        transaction.delete(other);
    }
    transaction.set(row, column, Datum::Set(Vec::new()));
}

/// Creates a row for each of the words from `from` on.
fn create_all(
    transaction: &mut Transaction,
    command: &Command,
    table: &str,
    from: usize,
) -> Vec<RowId> {
    // As C's `atoll` reads it.
    let probe = command
        .value("--inactivity-probe")
        .map(|text| text.trim().parse().unwrap_or(0));
    let mut rows = Vec::new();
    for at in from..command.len() {
        let row = transaction.create(table);
        let word = command.word(at);
        transaction.set_text(row, "target", &word.value, word.place.as_ref());
        if let Some(probe) = probe {
            transaction.set(row, "inactivity_probe", model::integer(probe));
        }
        rows.push(row);
    }
    rows
}

pub(super) fn get_controller(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge = model::need_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    print_targets(transaction, bridge.row, "controller");
    Ok(())
}

pub(super) fn del_controller(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge =
        model::need_real_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    delete_all(transaction, bridge, "controller");
    Ok(())
}

pub(super) fn set_controller(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge =
        model::need_real_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    delete_all(transaction, bridge, "controller");
    let rows = create_all(transaction, command, "Controller", 2);
    transaction.set_rows(bridge, "controller", &rows);
    Ok(())
}

pub(super) fn get_fail_mode(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge = model::need_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    let mode = transaction.store.text(bridge.row, "fail_mode").to_owned();
    if !mode.is_empty() {
        transaction.output.push_str(&format!("{mode}\n"));
    }
    Ok(())
}

pub(super) fn del_fail_mode(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge =
        model::need_real_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    transaction.set(bridge, "fail_mode", Datum::Set(Vec::new()));
    Ok(())
}

pub(super) fn set_fail_mode(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge =
        model::need_real_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    let mode = command.word(2);
    if !["standalone", "secure"].contains(&mode.value.as_str()) {
        let message = "fail-mode must be \"standalone\" or \"secure\"";
        return Err(Flow::from(message).word(2));
    }
    transaction.set_text(bridge, "fail_mode", &mode.value, mode.place.as_ref());
    Ok(())
}

pub(super) fn get_manager(transaction: &mut Transaction) -> Done {
    let root = super::root(transaction);
    print_targets(transaction, root, "manager_options");
    Ok(())
}

pub(super) fn del_manager(transaction: &mut Transaction) -> Done {
    let root = super::root(transaction);
    delete_all(transaction, root, "manager_options");
    Ok(())
}

pub(super) fn set_manager(transaction: &mut Transaction, command: &Command) -> Done {
    let root = super::root(transaction);
    delete_all(transaction, root, "manager_options");
    let rows = create_all(transaction, command, "Manager", 1);
    transaction.set_rows(root, "manager_options", &rows);
    Ok(())
}

pub(super) fn get_ssl(transaction: &mut Transaction) -> Done {
    let root = super::root(transaction);
    let Some(ssl) = transaction.store.referred(root, "ssl").pop() else {
        return Ok(());
    };
    let text = |column| transaction.store.text(ssl, column);
    let bootstrap = transaction
        .store
        .boolean(ssl, "bootstrap_ca_cert")
        .unwrap_or(false);
    let printed = format!(
        "Private key: {}\nCertificate: {}\nCA Certificate: {}\nBootstrap: {bootstrap}\n",
        text("private_key"),
        text("certificate"),
        text("ca_cert")
    );
    transaction.output.push_str(&printed);
    Ok(())
}

pub(super) fn del_ssl(transaction: &mut Transaction) -> Done {
    let root = super::root(transaction);
    delete_all(transaction, root, "ssl");
    Ok(())
}

pub(super) fn set_ssl(transaction: &mut Transaction, command: &Command) -> Done {
    let root = super::root(transaction);
    delete_all(transaction, root, "ssl");
    let ssl = transaction.create("SSL");
    for (column, at) in [("private_key", 1), ("certificate", 2), ("ca_cert", 3)] {
        let word = command.word(at);
        transaction.set_text(ssl, column, &word.value, word.place.as_ref());
    }
    let bootstrap = Atom::Boolean(command.has("--bootstrap"));
    transaction.set(ssl, "bootstrap_ca_cert", Datum::one(bootstrap));
    transaction.set_rows(root, "ssl", &[ssl]);
    Ok(())
}
