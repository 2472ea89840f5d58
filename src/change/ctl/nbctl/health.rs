//! Health checks of the ports of switches: `lsp-hc-add` and `lsp-hc-del`.

use std::net::IpAddr;

use crate::read::ovsdb::datum::Uuid;

use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, SWITCH_PORT};
use super::switch_ports::none;

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "lsp-hc-add" => add(transaction, command),
        "lsp-hc-del" => del(transaction, command),
        "lsp-hc-list" => record::need_at(transaction, SWITCH_PORT, command, 1).map(|_| ()),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let kind = transaction.store.text(port, "type").to_owned();
    if !kind.is_empty() {
        let message =
            format!("{kind}: Health check monitoring supported only for port with vif type.");
        return Err(Flow::from(message).word(1));
    }
    let protocol = command.word(2);
    if !["icmp", "tcp", "udp"].contains(&protocol.value.as_str()) {
        let message = format!("{}: Type must be icmp, tcp, or udp.", protocol.value);
        return Err(Flow::from(message).word(2));
    }
    let source = command.word(3);
    if address::address(&source.value).is_none() {
        let message = format!("{}: Not a valid IPv4 or IPv6 address.", source.value);
        return Err(Flow::from(message).word(3));
    }
    let with_port = protocol.value != "icmp";
    let number = if with_port {
        port_number(command.text(4)).map_err(|flow| flow.word(4))?
    } else {
        0
    };
    let at = if with_port { 5 } else { 4 };
    let Some(target) = command.words.get(at) else {
        return Err("No addresses specified for health checking.".into());
    };
    check_target(transaction, port, &target.value, command.text(1))
        .map_err(|flow| flow.word(at))?;
    let check = transaction.create("Logical_Switch_Port_Health_Check");
    transaction.set_text(check, "protocol", &protocol.value, protocol.place.as_ref());
    transaction.set_text(check, "src_ip", &source.value, source.place.as_ref());
    transaction.set(check, "port", record::integer(number));
    transaction.set_text(check, "address", &target.value, target.place.as_ref());
    transaction.join_later(port, "health_checks", check, Side::In);
    Ok(())
}

fn port_number(text: &str) -> Result<i64, Flow> {
    let number = address::leading_integer(text).filter(|number| (0..=65535).contains(number));
    number.ok_or_else(|| format!("{text}: port must in range 0...65535").into())
}

fn check_target(transaction: &Transaction, port: RowId, text: &str, name: &str) -> Done {
    let Some(target) = address::address(text) else {
        return Err(format!("Not a valid IPv4 or IPv6 address {text}.").into());
    };
    let own = transaction.store.texts(port, "addresses").into_iter();
    let own: Vec<IpAddr> = own.filter_map(address::of_port).flatten().collect();
    if own.contains(&target) {
        return Ok(());
    }
    Err(format!("Address {text} not configured on port {name}.").into())
}

fn del(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let Some(word) = command.words.get(2) else {
        transaction.set(port, "health_checks", none());
        return Ok(());
    };
    let Ok(uuid) = word.value.parse::<Uuid>() else {
        let message = format!("{}: Invalid UUID format.", word.value);
        return Err(Flow::from(message).word(2));
    };
    let checks = transaction.store.referred(port, "health_checks");
    let Some(check) = checks.into_iter().find(|check| check.uuid == uuid) else {
        let message = format!(
            "{}: Logical Switch Port Health Check not found.",
            word.value
        );
        return Err(Flow::from(message).word(2));
    };
    transaction.join_later(port, "health_checks", check, Side::Out);
    Ok(())
}
