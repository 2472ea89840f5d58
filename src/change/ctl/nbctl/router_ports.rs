//! Ports of routers: `lrp-add` and the like.

use std::collections::BTreeSet;

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::address;
use super::super::generic::set_column;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, ROUTER, ROUTER_PORT};
use super::switch_ports::called;

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "lrp-add" => add(transaction, command),
        "lrp-del" => del(transaction, command),
        "lrp-list" => list(transaction, command),
        "lrp-set-enabled" => set_enabled(transaction, command),
        "lrp-get-enabled" => get_enabled(transaction, command),
        "lrp-set-options" => set_options(transaction, command),
        "lrp-set-redirect-type" => set_redirect_type(transaction, command),
        "lrp-get-redirect-type" => get_redirect_type(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    let router = record::need_at(transaction, ROUTER, command, 1)?;
    let (name, mac) = (command.word(2), command.word(3));
    let settings = (4..command.len()).find(|at| command.text(*at).contains('='));
    let settings = settings.unwrap_or(command.len());
    let called = &name.value;
    if settings == 4 && !transaction.at_least(&[25, 3]) {
        return Err(format!("{called}: router port requires specifying a network").into());
    }
    let Some(bytes) = address::mac(&mac.value) else {
        let message = format!("{called}: invalid mac address {}", mac.value);
        return Err(Flow::from(message).word(3));
    };
    if let Some(port) = record::find(transaction, ROUTER_PORT, called)? {
        let wanted = Wanted {
            router,
            bytes,
            settings,
        };
        return check_same(transaction, command, port, &wanted).map_err(|flow| flow.word(2));
    }
    for at in 4..settings {
        if address::network(command.text(at)).is_none() {
            let message = format!("{called}: invalid network address: {}", command.text(at));
            return Err(Flow::from(message).word(at));
        }
    }
    let port = transaction.create("Logical_Router_Port");
    transaction.set_text(port, "name", called, name.place.as_ref());
    transaction.set_text(port, "mac", &mac.value, mac.place.as_ref());
    let networks = command.words[4..settings].iter();
    let mut networks: Vec<_> = networks
        .map(|word| Atom::Text(word.value.as_str().into()))
        .collect();
    networks.sort();
    networks.dedup();
    let place = command.words.get(4).and_then(|word| word.place.clone());
    transaction.set_at(port, "networks", Datum::Set(networks), place.as_ref());
    for at in settings..command.len() {
        let done = set_column(transaction, port, command.word(at));
        done.map_err(|message| Flow::from(message).word(at))?;
    }
    transaction.join_later(router, "ports", port, Side::In);
    Ok(())
}

/// What `lrp-add` asks for.
struct Wanted {
    router: RowId,
    bytes: [u8; 6],
    settings: usize,
}

fn check_same(transaction: &Transaction, command: &Command, port: RowId, wanted: &Wanted) -> Done {
    let name = command.text(2);
    let exists = |what: String| Err(Flow::from(format!("{name}: {what}")));
    if !command.has("--may-exist") {
        return exists("a port with this name already exists".to_owned());
    }
    let own = router_of(transaction, port)?;
    if own != wanted.router {
        return exists(format!(
            "port already exists but in router {}",
            called(transaction, own)
        ));
    }
    let mac = transaction.store.text(port, "mac");
    if address::mac(mac) != Some(wanted.bytes) {
        return exists(format!("port already exists with mac {mac}"));
    }
    let normal = |texts: Vec<&str>| -> Option<BTreeSet<String>> {
        texts.into_iter().map(address::normal_prefix).collect()
    };
    let asked = command.words[4..wanted.settings]
        .iter()
        .map(|word| word.value.as_str());
    let Some(asked) = normal(asked.collect()) else {
        return exists("Invalid networks configured".to_owned());
    };
    let Some(own) = normal(transaction.store.texts(port, "networks")) else {
        return exists("Existing port has invalid networks configured".to_owned());
    };
    if asked != own {
        return exists("port already exists with different network".to_owned());
    }
    let mut settings = command.words[wanted.settings..].iter();
    let peer = settings.find_map(|word| word.value.strip_prefix("peer="));
    if peer != transaction.store.one_text(port, "peer", None) {
        return exists("port already exists with mismatching peer".to_owned());
    }
    Ok(())
}

fn router_of(transaction: &Transaction, port: RowId) -> Result<RowId, Flow> {
    transaction
        .holder("Logical_Router", "ports", port)
        .ok_or_else(|| {
            let name = transaction.store.text(port, "name");
            format!("port {name} is not part of any logical router").into()
        })
}

fn del(transaction: &mut Transaction, command: &Command) -> Done {
    let Some(port) = record::if_exists(transaction, ROUTER_PORT, command, 1)? else {
        return Ok(());
    };
    let router = router_of(transaction, port)?;
    transaction.join_later(router, "ports", port, Side::Out);
    transaction.delete(port);
    Ok(())
}

fn list(transaction: &mut Transaction, command: &Command) -> Done {
    let router = record::need_at(transaction, ROUTER, command, 1)?;
    let rows = transaction.store.referred(router, "ports");
    record::print_named(transaction, &rows);
    Ok(())
}

fn set_enabled(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, ROUTER_PORT, command, 1)?;
    let enabled = record::enabled(command.text(2))?;
    let place = command.word(2).place.clone();
    transaction.set_at(port, "enabled", enabled, place.as_ref());
    Ok(())
}

fn get_enabled(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, ROUTER_PORT, command, 1)?;
    let enabled = transaction.store.boolean(port, "enabled").unwrap_or(true);
    transaction
        .output
        .push_str(if enabled { "enabled\n" } else { "disabled\n" });
    Ok(())
}

fn set_options(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, ROUTER_PORT, command, 1)?;
    transaction.set_map(port, "options", &record::pairs(command, 2));
    Ok(())
}

fn set_redirect_type(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, ROUTER_PORT, command, 1)?;
    let kind = command.word(2);
    if !["bridged", "overlay"]
        .iter()
        .any(|known| kind.value.eq_ignore_ascii_case(known))
    {
        let message = format!("Invalid redirect type: {}", kind.value);
        return Err(Flow::from(message).word(2));
    }
    let place = kind.place.as_ref();
    transaction.set_key(port, "options", "redirect-type", Some(&kind.value), place);
    Ok(())
}

fn get_redirect_type(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, ROUTER_PORT, command, 1)?;
    let kind = transaction
        .store
        .one_text(port, "options", Some("redirect-type"));
    let kind = kind.unwrap_or("overlay").to_owned();
    transaction.output.push_str(&format!("{kind}\n"));
    Ok(())
}
