//! NAT rules that are there: `lr-nat-del`, `lr-nat-update-ext-ip`.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::super::address;
use super::super::super::parse::Command;
use super::super::super::store::RowId;
use super::super::super::transaction::flow::{Done, Flow};
use super::super::super::transaction::{Side, Transaction};
use super::super::record::{self, ADDRESS_SET, ROUTER, ROUTER_PORT};
use super::super::switch_ports::none;
use super::check_type;

pub(in super::super) fn del(transaction: &mut Transaction, command: &Command) -> Done {
    let router = record::need_at(transaction, ROUTER, command, 1)?;
    let matched = command.value("--match");
    if command.len() == 2 {
        if matched.is_some() {
            return Err("a type must be given with --match".into());
        }
        transaction.set(router, "nat", none());
        return Ok(());
    }
    let kind = command.text(2);
    check_type(kind)?;
    let address = command
        .words
        .get(3)
        .map(|word| address::normal_prefix(&word.value));
    let port_word = match (&address, command.len()) {
        (Some(None), 4) => Some(3),
        (Some(None), _) => {
            let message = format!("{}: Invalid IP address or CIDR", command.text(3));
            return Err(Flow::from(message).word(3));
        }
        (_, 5) => Some(4),
        _ => None,
    };
    let port = match port_word {
        Some(at) => Some(record::need_at(transaction, ROUTER_PORT, command, at)?),
        None => None,
    };
    let address = address.flatten();
    let side = if kind == "snat" {
        "logical_ip"
    } else {
        "external_ip"
    };
    let store = &transaction.store;
    let chosen = |rule: &RowId| {
        let own = address::normal_prefix(store.text(*rule, side));
        own.is_some()
            && store.text(*rule, "type") == kind
            && (address.is_none() || own == address)
            && port.is_none_or(|port| store.referred(*rule, "gateway_port") == [port])
            && matched.is_none_or(|matched| store.text(*rule, "match") == matched)
    };
    let rules: Vec<RowId> = store
        .referred(router, "nat")
        .into_iter()
        .filter(chosen)
        .collect();
    if rules.is_empty() && command.len() == 5 && !command.has("--if-exists") {
        return Err(no_match(command, side, &address.unwrap_or_default()));
    }
    for rule in rules {
        transaction.join_later(router, "nat", rule, Side::Out);
    }
    Ok(())
}

fn no_match(command: &Command, side: &str, address: &str) -> Flow {
    let (kind, port) = (command.text(2), command.text(4));
    let (joint, matched) = match command.value("--match") {
        Some(matched) => (",", format!(" and match ({matched})")),
        None => (" and", String::new()),
    };
    Flow::from(format!(
        "no matching NAT with the type ({kind}), {side} ({address}){joint} gateway_port ({port}){matched}"
    ))
}

pub(in super::super) fn update_ext_ip(transaction: &mut Transaction, command: &Command) -> Done {
    let router = record::need_at(transaction, ROUTER, command, 1)?;
    let kind = command.text(2);
    check_type(kind)?;
    let set = record::need_at(transaction, ADDRESS_SET, command, 4)?;
    let Some(address) = address::normal_prefix(command.text(3)) else {
        let message = format!("{}: Invalid IP address or CIDR", command.text(3));
        return Err(Flow::from(message).word(3));
    };
    let side = if kind == "snat" {
        "logical_ip"
    } else {
        "external_ip"
    };
    let store = &transaction.store;
    let fits = |rule: &RowId| {
        store.text(*rule, "type") == kind
            && address::normal_prefix(store.text(*rule, side)).as_ref() == Some(&address)
    };
    let Some(rule) = store.referred(router, "nat").into_iter().find(fits) else {
        return Err(format!("{kind}: Could not locate nat rule for: {address}.").into());
    };
    let column = if command.has("--is-exempted") {
        "exempted_ext_ips"
    } else {
        "allowed_ext_ips"
    };
    let atom = Datum::one(Atom::Uuid(set.uuid));
    let place = command.word(4).place.clone();
    transaction.set_at(rule, column, atom, place.as_ref());
    Ok(())
}
