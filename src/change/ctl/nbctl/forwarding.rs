//! Forwarding groups, and addresses bound to a MAC.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, Kind, ROUTER_PORT, SWITCH, SWITCH_PORT};
use super::switch_ports::switch_of;

const FORWARDING_GROUP: Kind = Kind {
    table: "Forwarding_Group",
    noun: "forwarding group",
    plural: None,
};

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "fwd-group-add" => add(transaction, command),
        "fwd-group-del" => del(transaction, command),
        "static-mac-binding-add" => add_binding(transaction, command),
        "static-mac-binding-del" => del_binding(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    if command.len() <= 5 {
        return Err("Usage : ovn-nbctl fwd-group-add group switch vip vmac child_ports...".into());
    }
    let name = command.word(1);
    if record::find(transaction, FORWARDING_GROUP, &name.value)?.is_some() {
        let message = format!(
            "{}: a forwarding group by this name already exists",
            name.value
        );
        return Err(Flow::from(message).word(1));
    }
    let switch = record::need_at(transaction, SWITCH, command, 2)?;
    let (vip, mac) = (command.word(3), command.word(4));
    if address::ipv4(&vip.value).is_none() {
        return Err(Flow::from(format!("invalid ip address {}", vip.value)).word(3));
    }
    if address::mac(&mac.value).is_none() {
        return Err(Flow::from(format!("invalid mac address {}", mac.value)).word(4));
    }
    for at in 5..command.len() {
        let port = command.text(at);
        let Some(row) = record::find(transaction, SWITCH_PORT, port)? else {
            let message = format!("{port}: logical switch port does not exist");
            return Err(transaction.missing("Logical_Switch_Port", message).word(at));
        };
        let own = switch_of(transaction, row)?;
        let own = transaction.store.text(own, "name");
        if own != command.text(2) {
            let message = format!("{port}: port already exists but in logical switch {own}");
            return Err(Flow::from(message).word(at));
        }
    }
    let group = transaction.create("Forwarding_Group");
    for (column, word) in [("name", name), ("vip", vip), ("vmac", mac)] {
        transaction.set_text(group, column, &word.value, word.place.as_ref());
    }
    transaction.set(group, "child_port", record::set_of_words(command, 5));
    if command.has("--liveness") {
        transaction.set(group, "liveness", Datum::one(Atom::Boolean(true)));
    }
    transaction.join_later(switch, "forwarding_groups", group, Side::In);
    Ok(())
}

fn del(transaction: &mut Transaction, command: &Command) -> Done {
    let Some(group) = record::find(transaction, FORWARDING_GROUP, command.text(1))? else {
        return Ok(());
    };
    let children = transaction.store.texts(group, "child_port");
    let first = children
        .first()
        .map(|name| (*name).to_owned())
        .unwrap_or_default();
    let Some(port) = record::find(transaction, SWITCH_PORT, &first)? else {
        return Ok(());
    };
    let switch = switch_of(transaction, port)?;
    if transaction
        .store
        .uuids(switch, "forwarding_groups")
        .contains(&group.uuid)
    {
        transaction.join_later(switch, "forwarding_groups", group, Side::Out);
        transaction.delete(group);
    }
    Ok(())
}

fn binding(transaction: &Transaction, port: &str, address: &str) -> Option<RowId> {
    let store = &transaction.store;
    let fits =
        |row: &RowId| store.text(*row, "logical_port") == port && store.text(*row, "ip") == address;
    transaction
        .rows("Static_MAC_Binding")
        .into_iter()
        .find(fits)
}

/// The address of the second argument as it is stored.
fn address_of(command: &Command) -> Result<String, Flow> {
    let text = command.text(2);
    let address = address::address(text).map(|address| address.to_string());
    address.ok_or_else(|| Flow::from(format!("{text}: Not a valid IPv4 or IPv6 address.")).word(2))
}

fn add_binding(transaction: &mut Transaction, command: &Command) -> Done {
    record::need_at(transaction, ROUTER_PORT, command, 1)?;
    let address = address_of(command)?;
    let (port, mac) = (command.word(1), command.word(3));
    if address::mac(&mac.value).is_none() {
        return Err(Flow::from(format!("invalid mac address {}.", mac.value)).word(3));
    }
    if let Some(row) = binding(transaction, &port.value, command.text(2)) {
        if !command.has("--may-exist") {
            return Err(format!(
                "{}, {address}: a Static_MAC_Binding with this logical_port and ip already exists",
                port.value
            )
            .into());
        }
        transaction.set_text(row, "mac", &mac.value, mac.place.as_ref());
        return Ok(());
    }
    let row = transaction.create("Static_MAC_Binding");
    transaction.set_text(row, "logical_port", &port.value, port.place.as_ref());
    transaction.set_text(row, "ip", &address, command.word(2).place.as_ref());
    transaction.set_text(row, "mac", &mac.value, mac.place.as_ref());
    Ok(())
}

fn del_binding(transaction: &mut Transaction, command: &Command) -> Done {
    record::need_at(transaction, ROUTER_PORT, command, 1)?;
    let address = address_of(command)?;
    match binding(transaction, command.text(1), &address) {
        Some(row) => transaction.delete(row),
        None if command.has("--if-exists") => {}
        None => {
            let port = command.text(1);
            return Err(format!(
                "no matching Static_MAC_Binding with port {port} and ip {address}"
            )
            .into());
        }
    }
    Ok(())
}
