//! `lsp-set-addresses`, which refuses what another port of the switch has.

use std::collections::HashSet;
use std::net::IpAddr;

use super::super::super::address;
use super::super::super::parse::Command;
use super::super::super::store::RowId;
use super::super::super::transaction::Transaction;
use super::super::super::transaction::flow::{Done, Flow};
use super::super::record::{self, ROUTER_PORT, SWITCH_PORT};

pub(super) fn set(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let switch = super::switch_of(transaction, port)?;
    for at in 2..command.len() {
        let text = command.text(at);
        if !is_address(text) {
            let message = format!(
                "{text}: Invalid address format. See ovn-nb(5). Hint: An Ethernet address must be listed before an IP address, together as a single argument."
            );
            return Err(Flow::from(message).word(at));
        }
        check_duplicates(transaction, switch, port, text).map_err(|flow| flow.word(at))?;
    }
    let addresses = record::set_of_words(command, 2);
    let place = command.words.get(2).and_then(|word| word.place.clone());
    let place = place.or_else(|| transaction.place.clone());
    transaction.set_at(port, "addresses", addresses, place.as_ref());
    Ok(())
}

/// What the tool accepts: a word for all, an Ethernet address, or `dynamic` with an address.
fn is_address(text: &str) -> bool {
    if ["unknown", "dynamic", "router"].contains(&text) || address::leading_mac(text).is_some() {
        return true;
    }
    let Some(rest) = text.strip_prefix("dynamic") else {
        return false;
    };
    let rest = rest.trim_ascii_start();
    rest.starts_with(|c: char| c.is_ascii_hexdigit() || ":.".contains(c))
}

fn check_duplicates(transaction: &Transaction, switch: RowId, port: RowId, text: &str) -> Done {
    let Some(wanted) = address::of_port(text).filter(|wanted| !wanted.is_empty()) else {
        return Ok(());
    };
    let wanted_set: HashSet<IpAddr> = wanted.iter().copied().collect();
    for other in transaction.store.referred(switch, "ports") {
        if other == port {
            continue;
        }
        let dynamic = transaction.store.one_text(other, "dynamic_addresses", None);
        for own in transaction.store.texts(other, "addresses") {
            let own = match dynamic {
                Some(dynamic) if is_dynamic(own) => dynamic,
                _ => own,
            };
            let has: Vec<IpAddr> = address::of_port(own).unwrap_or_default();
            if !has.iter().any(|address| wanted_set.contains(address)) {
                continue;
            }
            return Err(duplicate(transaction, switch, other, &wanted, &has));
        }
    }
    Ok(())
}

fn duplicate(
    transaction: &Transaction,
    switch: RowId,
    other: RowId,
    wanted: &[IpAddr],
    has: &[IpAddr],
) -> Flow {
    let first = |v4: bool| {
        let mut same = wanted
            .iter()
            .filter(|address| address.is_ipv4() == v4 && has.contains(address));
        same.next().copied()
    };
    let (family, address) = match first(true) {
        Some(address) => ("IPv4", Some(address)),
        None => ("IPv6", first(false)),
    };
    let address = address
        .map(|address| address.to_string())
        .unwrap_or_default();
    let (switch, other) = (
        transaction.store.text(switch, "name"),
        transaction.store.text(other, "name"),
    );
    Flow::from(format!(
        "Error on switch {switch}: duplicate {family} address '{address}' found on logical switch port '{other}'"
    ))
}

/// Whether OVN chooses the address, or a part of it.
fn is_dynamic(text: &str) -> bool {
    let dynamic = |text: &str| {
        text.strip_prefix("dynamic")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let after_mac = address::leading_mac(text).map(|(_, rest)| rest.trim_ascii_start());
    dynamic(text) || after_mac.is_some_and(dynamic)
}

pub(super) fn get(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let store = &transaction.store;
    let addresses = store.texts(port, "addresses");
    let peer = store.one_text(port, "options", Some("router-port"));
    let mut printed = String::new();
    let router_port = match (addresses.as_slice(), peer) {
        (["router"], Some(peer)) => record::find(transaction, ROUTER_PORT, peer)?,
        _ => None,
    };
    match router_port {
        Some(router_port) => {
            printed.push_str(store.text(router_port, "mac"));
            for network in store.texts(router_port, "networks") {
                printed.push_str(&format!(" {network}"));
            }
            printed.push('\n');
        }
        None => addresses
            .iter()
            .for_each(|address| printed.push_str(&format!("{address}\n"))),
    }
    transaction.output.push_str(&printed);
    Ok(())
}
