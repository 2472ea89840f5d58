//! DHCP options.

use crate::read::ovsdb::datum::Uuid;

use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::Transaction;
use super::super::transaction::flow::{Done, Flow};
use super::record::{self, SWITCH_PORT};
use super::switch_ports::none;

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "dhcp-options-create" => create(transaction, command),
        "dhcp-options-del" => del(transaction, command),
        "dhcp-options-set-options" => set_options(transaction, command),
        "dhcp-options-get-options" => get_options(transaction, command),
        "lsp-set-dhcpv4-options" => set(transaction, command, "dhcpv4_options"),
        "lsp-set-dhcpv6-options" => set(transaction, command, "dhcpv6_options"),
        "lsp-get-dhcpv4-options" => get(transaction, command, "dhcpv4_options"),
        "lsp-get-dhcpv6-options" => get(transaction, command, "dhcpv6_options"),
        _ => return Ok(false),
    }?;
    Ok(true)
}

/// The record that a UUID names.
fn need(transaction: &mut Transaction, command: &Command, at: usize) -> Result<RowId, Flow> {
    let text = command.text(at);
    let table = transaction.table("DHCP_Options");
    let row = text.parse::<Uuid>().ok().map(|uuid| RowId { table, uuid });
    let row = row.filter(|row| transaction.store.contains(*row) && transaction.sees(*row));
    row.ok_or_else(|| {
        let message = format!("{text}: dhcp options UUID not found");
        transaction.missing("DHCP_Options", message).word(at)
    })
}

fn create(transaction: &mut Transaction, command: &Command) -> Done {
    let cidr = command.word(1);
    if address::network(&cidr.value).is_none() {
        let message = format!("Invalid cidr format '{}'", cidr.value);
        return Err(Flow::from(message).word(1));
    }
    let options = transaction.create("DHCP_Options");
    transaction.set_text(options, "cidr", &cidr.value, cidr.place.as_ref());
    transaction.set_map(options, "external_ids", &record::pairs(command, 2));
    Ok(())
}

fn del(transaction: &mut Transaction, command: &Command) -> Done {
    let options = need(transaction, command, 1)?;
    transaction.delete(options);
    Ok(())
}

fn set_options(transaction: &mut Transaction, command: &Command) -> Done {
    let options = need(transaction, command, 1)?;
    transaction.set_map(options, "options", &record::pairs(command, 2));
    Ok(())
}

fn get_options(transaction: &mut Transaction, command: &Command) -> Done {
    let options = need(transaction, command, 1)?;
    let options = transaction.store.map(options, "options");
    let printed: Vec<String> = options
        .iter()
        .map(|(key, value)| format!("{key}={value}\n"))
        .collect();
    transaction.output.push_str(&printed.concat());
    Ok(())
}

fn set(transaction: &mut Transaction, command: &Command, column: &str) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    if command.len() < 3 {
        transaction.set(port, column, none());
        return Ok(());
    }
    let options = need(transaction, command, 2)?;
    let cidr = transaction.store.text(options, "cidr");
    let (v4, family) = (
        column == "dhcpv4_options",
        if column == "dhcpv4_options" {
            "IPv4"
        } else {
            "IPv6"
        },
    );
    if address::network(cidr).is_none_or(|network| network.address.is_ipv4() != v4) {
        let message = format!("DHCP options cidr '{cidr}' is not {family}");
        return Err(Flow::from(message).word(2));
    }
    transaction.set_rows(port, column, &[options]);
    Ok(())
}

fn get(transaction: &mut Transaction, command: &Command, column: &str) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    for options in transaction.store.referred(port, column) {
        let cidr = transaction.store.text(options, "cidr");
        let line = format!("{} ({cidr})\n", options.uuid);
        transaction.output.push_str(&line);
    }
    Ok(())
}
