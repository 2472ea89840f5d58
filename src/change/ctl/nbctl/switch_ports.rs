//! Ports of switches: `lsp-add`, `lsp-set-options` and the like.

pub mod addresses;

use crate::read::ovsdb::datum::{Atom, Datum};
use crate::source::Place;

use super::super::Word;
use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, SWITCH, SWITCH_PORT};

/// What a port can be.
const TYPES: [&str; 9] = [
    "",
    "l2gateway",
    "localnet",
    "localport",
    "router",
    "vtep",
    "external",
    "virtual",
    "remote",
];

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "lsp-add" => add(transaction, command),
        "lsp-add-localnet-port" => add_localnet(transaction, command),
        "lsp-add-router-port" => add_router(transaction, command),
        "lsp-del" => del(transaction, command),
        "lsp-list" => list(transaction, command),
        "lsp-get-parent" => get_text(transaction, command, "parent_name"),
        "lsp-get-tag" => get_tag(transaction, command),
        "lsp-set-addresses" => addresses::set(transaction, command),
        "lsp-get-addresses" => addresses::get(transaction, command),
        "lsp-set-port-security" => set_port_security(transaction, command),
        "lsp-get-port-security" => get_port_security(transaction, command),
        "lsp-get-up" => get_up(transaction, command),
        "lsp-set-enabled" => set_enabled(transaction, command),
        "lsp-get-enabled" => get_enabled(transaction, command),
        "lsp-set-type" => set_type(transaction, command),
        "lsp-get-type" => get_type(transaction, command),
        "lsp-set-options" => set_options(transaction, command),
        "lsp-get-options" => get_options(transaction, command),
        "lsp-get-ls" => get_ls(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

/// The switch of a port.
pub(super) fn switch_of(transaction: &Transaction, port: RowId) -> Result<RowId, Flow> {
    transaction
        .holder("Logical_Switch", "ports", port)
        .ok_or_else(|| {
            let name = transaction.store.text(port, "name");
            format!("logical port {name} is not part of any logical switch").into()
        })
}

/// What messages call a switch or a router: its name, or its identity where it has none.
pub(super) fn called(transaction: &Transaction, row: RowId) -> String {
    match transaction.store.text(row, "name") {
        "" => row.uuid.to_string(),
        name => name.to_owned(),
    }
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    let switch = record::need_at(transaction, SWITCH, command, 1)?;
    let parent = match command.len() {
        3 => None,
        5 => Some((
            command.text(3),
            tag(command.text(4)).map_err(|flow| flow.word(4))?,
        )),
        _ => return Err("lsp-add with parent must also specify a tag".into()),
    };
    let name = command.word(2);
    if let Some(port) = record::find(transaction, SWITCH_PORT, &name.value)? {
        check_existing(transaction, command, port, switch).map_err(|flow| flow.word(2))?;
        return check_parent(transaction, command, port, parent).map_err(|flow| flow.word(2));
    }
    let port = transaction.create("Logical_Switch_Port");
    transaction.set_text(port, "name", &name.value, name.place.as_ref());
    if let Some((parent, tag)) = parent {
        let place = command.word(3).place.clone();
        transaction.set_text(port, "parent_name", parent, place.as_ref());
        let place = command.word(4).place.clone();
        transaction.set_at(port, "tag_request", record::integer(tag), place.as_ref());
    }
    transaction.join_later(switch, "ports", port, Side::In);
    Ok(())
}

fn tag(text: &str) -> Result<i64, Flow> {
    let tag = address::leading_integer(text).filter(|tag| (0..=4095).contains(tag));
    tag.ok_or_else(|| format!("{text}: invalid tag (must be in range 0 to 4095)").into())
}

fn check_existing(
    transaction: &Transaction,
    command: &Command,
    port: RowId,
    switch: RowId,
) -> Done {
    let name = command.text(2);
    if !command.has("--may-exist") {
        return Err(format!("{name}: a port with this name already exists").into());
    }
    let own = switch_of(transaction, port)?;
    if own != switch {
        let own = called(transaction, own);
        return Err(format!("{name}: port already exists but in switch {own}").into());
    }
    Ok(())
}

fn check_parent(
    transaction: &Transaction,
    command: &Command,
    port: RowId,
    parent: Option<(&str, i64)>,
) -> Done {
    let name = command.text(2);
    let own = transaction.store.one_text(port, "parent_name", None);
    let own_tag = transaction.store.integer(port, "tag_request");
    let what = match (parent, own) {
        (None, None) => return Ok(()),
        (None, Some(own)) => format!("has parent {own}"),
        (Some(_), None) => "has no parent".to_owned(),
        (Some((parent, tag)), Some(own)) => match own_tag {
            _ if parent != own => {
                return Err(
                    format!("{name}: port already exists with different parent {own}").into(),
                );
            }
            None => "has no tag_request".to_owned(),
            Some(own) if own != tag => {
                return Err(format!(
                    "{name}: port already exists with different tag_request {own}"
                )
                .into());
            }
            Some(_) => return Ok(()),
        },
    };
    Err(format!("{name}: port already exists but {what}").into())
}

/// Creates a port with a type and addresses in one step.
fn add_typed(
    transaction: &mut Transaction,
    command: &Command,
    (kind, address, option): (&str, &str, &str),
) -> Done {
    let switch = record::need_at(transaction, SWITCH, command, 1)?;
    let (name, value) = (command.word(2), command.word(3));
    let port = if let Some(port) = record::find(transaction, SWITCH_PORT, &name.value)? {
        let same = check_typed(transaction, command, (port, switch), (kind, option));
        return same.map_err(|flow| flow.word(2));
    } else {
        let port = transaction.create("Logical_Switch_Port");
        transaction.set_text(port, "name", &name.value, name.place.as_ref());
        transaction.join_later(switch, "ports", port, Side::In);
        port
    };
    let place = transaction.place.clone();
    transaction.set_text(port, "type", kind, place.as_ref());
    transaction.set_text(port, "addresses", address, place.as_ref());
    let entry = (option.to_owned(), value.value.clone(), value.place.clone());
    transaction.set_map(port, "options", &[entry]);
    Ok(())
}

/// Whether a port that is there already is the one that is asked for.
fn check_typed(
    transaction: &Transaction,
    command: &Command,
    (port, switch): (RowId, RowId),
    (kind, option): (&str, &str),
) -> Done {
    let (name, wanted) = (command.text(2), command.text(3));
    if !command.has("--may-exist") {
        return Err(format!("{name}: a port with this name already exists").into());
    }
    let own = switch_of(transaction, port)?;
    let store = &transaction.store;
    let (own_kind, value) = (
        store.text(port, "type"),
        store.one_text(port, "options", Some(option)),
    );
    let what = if own != switch {
        format!("in switch {}", called(transaction, own))
    } else if own_kind != kind {
        format!("with different type \"{own_kind}\"")
    } else if value != Some(wanted) {
        format!("with different {option} \"{}\"", value.unwrap_or_default())
    } else {
        return Ok(());
    };
    Err(format!("{name}: a port already exists but {what}").into())
}

fn add_localnet(transaction: &mut Transaction, command: &Command) -> Done {
    add_typed(
        transaction,
        command,
        ("localnet", "unknown", "network_name"),
    )
}

fn add_router(transaction: &mut Transaction, command: &Command) -> Done {
    add_typed(transaction, command, ("router", "router", "router-port"))
}

fn del(transaction: &mut Transaction, command: &Command) -> Done {
    let Some(port) = record::if_exists(transaction, SWITCH_PORT, command, 1)? else {
        return Ok(());
    };
    let switch = switch_of(transaction, port)?;
    transaction.join_later(switch, "ports", port, Side::Out);
    transaction.delete(port);
    Ok(())
}

fn list(transaction: &mut Transaction, command: &Command) -> Done {
    let switch = record::need_at(transaction, SWITCH, command, 1)?;
    let rows = transaction.store.referred(switch, "ports");
    record::print_named(transaction, &rows);
    Ok(())
}

fn get_text(transaction: &mut Transaction, command: &Command, column: &str) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let text = transaction
        .store
        .one_text(port, column, None)
        .map(str::to_owned);
    if let Some(text) = text {
        transaction.output.push_str(&format!("{text}\n"));
    }
    Ok(())
}

fn get_tag(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    if let Some(tag) = transaction.store.integer(port, "tag") {
        transaction.output.push_str(&format!("{tag}\n"));
    }
    Ok(())
}

fn set_port_security(transaction: &mut Transaction, command: &Command) -> Done {
    if command.len() < 2 {
        return Err("a port must be named".into());
    }
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let addresses = record::set_of_words(command, 2);
    let place = command.words.get(2).and_then(|word| word.place.clone());
    let place = place.or_else(|| transaction.place.clone());
    transaction.set_at(port, "port_security", addresses, place.as_ref());
    Ok(())
}

fn get_port_security(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let texts = transaction.store.texts(port, "port_security");
    let printed: Vec<String> = texts.iter().map(|text| format!("{text}\n")).collect();
    transaction.output.push_str(&printed.concat());
    Ok(())
}

fn get_up(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let up = transaction.store.boolean(port, "up").unwrap_or(false);
    transaction
        .output
        .push_str(if up { "up\n" } else { "down\n" });
    Ok(())
}

fn set_enabled(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let enabled = record::enabled(command.text(2))?;
    let place = command.word(2).place.clone();
    transaction.set_at(port, "enabled", enabled, place.as_ref());
    Ok(())
}

fn get_enabled(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let enabled = transaction.store.boolean(port, "enabled").unwrap_or(true);
    transaction
        .output
        .push_str(if enabled { "enabled\n" } else { "disabled\n" });
    Ok(())
}

fn set_type(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let kind = command.word(2);
    let newer = kind.value == "switch" && transaction.at_least(&[25, 3]);
    if !newer && !TYPES.contains(&kind.value.as_str()) {
        let kind = &kind.value;
        let message =
            format!("Logical switch port type '{kind}' is unrecognized. Not setting type.");
        return Err(Flow::from(message).word(2));
    }
    let peer = match command.words.get(3) {
        None => None,
        Some(word) => Some(peer(&kind.value, word).map_err(|flow| flow.word(3))?),
    };
    transaction.set_text(port, "type", &kind.value, kind.place.as_ref());
    if let Some((peer, place)) = peer {
        transaction.set_text(port, "peer", &peer, place.as_ref());
    }
    Ok(())
}

/// The `peer=PORT` that may follow the type `switch`.
fn peer(kind: &str, word: &Word) -> Result<(String, Option<Place>), Flow> {
    let Some(peer) = word.value.strip_prefix("peer=") else {
        return Err(format!("Unrecognized argument: {}", word.value).into());
    };
    if kind != "switch" {
        let message = "Peer can only be set for a logical switch port with type 'switch'.";
        return Err(message.into());
    }
    Ok((peer.to_owned(), word.part("peer=".len()..word.value.len())))
}

fn get_type(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let kind = transaction.store.text(port, "type").to_owned();
    transaction.output.push_str(&format!("{kind}\n"));
    Ok(())
}

fn set_options(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    transaction.set_map(port, "options", &record::pairs(command, 2));
    Ok(())
}

fn get_options(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let options = transaction.store.map(port, "options");
    let printed: Vec<String> = options
        .iter()
        .map(|(key, value)| format!("{key}={value}\n"))
        .collect();
    transaction.output.push_str(&printed.concat());
    Ok(())
}

fn get_ls(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    if let Some(switch) = transaction.holder("Logical_Switch", "ports", port) {
        record::print_named(transaction, &[switch]);
    }
    Ok(())
}

/// An empty set.
pub(super) fn none() -> Datum {
    Datum::Set(Vec::<Atom>::new())
}
