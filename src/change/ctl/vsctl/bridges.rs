//! `add-br`, `del-br` and what is asked of bridges.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::parse::Command;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::model::{self, Bridge};
use super::ports;

pub(super) fn add_br(transaction: &mut Transaction, command: &Command) -> Done {
    let name = command.text(1);
    if name.is_empty() {
        return Err(Flow::from("bridge name must not be empty string").word(1));
    }
    let parent = match command.len() {
        2 => None,
        4 => Some((command.text(2), atoi(command.text(3)))),
        _ => return Err("'add-br' command takes exactly 1 or 3 arguments".into()),
    };
    if let Some((_, vlan)) = parent
        && !(0..=4095).contains(&vlan)
    {
        return Err(Flow::from("add-br: vlan must be between 0 and 4095").word(3));
    }
    if command.has("--may-exist")
        && let Some(bridge) = model::bridge(transaction, name)
    {
        return check_same(transaction, &bridge, parent).map_err(|message| message.word(1));
    }
    model::check_free(transaction, name, "a bridge").map_err(|message| message.word(1))?;
    let Some((parent, vlan)) = parent else {
        create(transaction, command);
        return Ok(());
    };
    let parent_name = parent;
    let parent = match model::bridge(transaction, parent) {
        Some(Bridge { fake: Some(_), .. }) => {
            return Err(Flow::from("cannot create bridge with fake bridge as parent").word(2));
        }
        Some(bridge) => bridge.row,
        None => {
            let message = format!("parent bridge {parent} does not exist");
            return Err(transaction.missing("Bridge", message).word(2));
        }
    };
    let mut children = model::fakes(transaction).into_iter();
    if let Some(child) = children.find(|child| child.row == parent && child.vlan() == Some(vlan)) {
        let child = child.name;
        let message =
            format!("bridge {parent_name} already has a child VLAN bridge {child} on VLAN {vlan}");
        return Err(Flow::from(message).word(3));
    }
    let interface = internal(transaction, command);
    let port = model::create_port(transaction, command.word(1), &[interface]);
    transaction.set(port, "fake_bridge", Datum::one(Atom::Boolean(true)));
    let place = command.word(3).place.clone();
    transaction.set_at(port, "tag", model::integer(vlan), place.as_ref());
    transaction.join(parent, "ports", port, Side::In);
    Ok(())
}

/// A number as C's `atoi` reads it: what is none counts 0.
fn atoi(text: &str) -> i64 {
    let text = text.trim_ascii_start();
    let sign = usize::from(text.starts_with(['-', '+']));
    let end = text[sign..].find(|c: char| !c.is_ascii_digit());
    let end = end.map_or(text.len(), |end| sign + end);
    text[..end].parse::<i64>().unwrap_or(0)
}

fn check_same(transaction: &Transaction, bridge: &Bridge, parent: Option<(&str, i64)>) -> Done {
    let name = &bridge.name;
    let message = match (parent, bridge.fake) {
        (None, None) => return Ok(()),
        (None, Some((_, vlan))) => {
            format!("\"--may-exist add-br {name}\" but {name} is a VLAN bridge for VLAN {vlan}")
        }
        (Some((parent, vlan)), fake) => {
            let own = transaction.store.text(bridge.row, "name");
            let typed = format!("\"--may-exist add-br {name} {parent} {vlan}\" but {name}");
            match fake {
                None => format!("{typed} is not a VLAN bridge"),
                Some(_) if own != parent => format!("{typed} has the wrong parent {own}"),
                Some((_, own)) if own != vlan => {
                    format!("{typed} is a VLAN bridge for the wrong VLAN {own}")
                }
                Some(_) => return Ok(()),
            }
        }
    };
    Err(message.into())
}

fn internal(transaction: &mut Transaction, command: &Command) -> super::super::store::RowId {
    let interface = model::create_interface(transaction, command.word(1));
    let place = transaction.place.clone();
    transaction.set_text(interface, "type", "internal", place.as_ref());
    interface
}

fn create(transaction: &mut Transaction, command: &Command) {
    let interface = internal(transaction, command);
    let port = model::create_port(transaction, command.word(1), &[interface]);
    let bridge = transaction.create("Bridge");
    let name = command.word(1);
    transaction.set_text(bridge, "name", &name.value, name.place.as_ref());
    transaction.set_rows(bridge, "ports", &[port]);
    let root = super::root(transaction);
    transaction.join(root, "bridges", bridge, Side::In);
}

pub(super) fn del_br(transaction: &mut Transaction, command: &Command) -> Done {
    let name = command.text(1);
    let Some(bridge) = model::bridge(transaction, name) else {
        if command.has("--if-exists") {
            return Ok(());
        }
        let message = format!("no bridge named {name}");
        return Err(transaction.missing("Bridge", message).word(1));
    };
    if bridge.fake.is_some() {
        for port in model::ports(transaction, &bridge) {
            ports::detach(transaction, &port);
        }
        return Ok(());
    }
    let sets = transaction.rows("Flow_Sample_Collector_Set");
    for set in sets {
        if transaction.store.uuids(set, "bridge") == [bridge.row.uuid] {
            transaction.delete(set);
        }
    }
    for port in transaction.store.referred(bridge.row, "ports") {
        for interface in transaction.store.referred(port, "interfaces") {
            transaction.delete(interface);
        }
        transaction.delete(port);
    }
    let root = super::root(transaction);
    transaction.join(root, "bridges", bridge.row, Side::Out);
    transaction.delete(bridge.row);
    Ok(())
}

/// Prints names, a line each, in order.
pub(super) fn print_sorted(transaction: &mut Transaction, mut names: Vec<String>) {
    names.sort_unstable();
    for name in names {
        transaction.output.push_str(&name);
        transaction.output.push('\n');
    }
}

pub(super) fn list_br(transaction: &mut Transaction, command: &Command) -> Done {
    let (real, fake) = (command.has("--real"), command.has("--fake"));
    let both = real == fake;
    let wanted = |bridge: &Bridge| both || (if bridge.fake.is_some() { fake } else { real });
    let bridges = model::bridges(transaction).into_iter().filter(wanted);
    let names = bridges.map(|bridge| bridge.name).collect();
    print_sorted(transaction, names);
    Ok(())
}

pub(super) fn br_exists(transaction: &mut Transaction, command: &Command) -> Done {
    model::need_bridge(transaction, command.text(1))
        .map(|_| ())
        .map_err(|flow| flow.word(1))
}

pub(super) fn br_to_vlan(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge = model::need_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    let vlan = bridge.fake.map_or(0, |(_, vlan)| vlan);
    transaction.output.push_str(&format!("{vlan}\n"));
    Ok(())
}

pub(super) fn br_to_parent(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge = model::need_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    let name = transaction.store.text(bridge.row, "name").to_owned();
    transaction.output.push_str(&format!("{name}\n"));
    Ok(())
}

pub(super) fn br_set_external_id(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge = model::need_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    let value = (command.len() > 3).then(|| command.text(3));
    let place = command.words.last().and_then(|word| word.place.clone());
    let (row, key) = match bridge.fake {
        Some((port, _)) => (port, format!("fake-bridge-{}", command.text(2))),
        None => (bridge.row, command.text(2).to_owned()),
    };
    transaction.set_key(row, "external_ids", &key, value, place.as_ref());
    Ok(())
}

pub(super) fn br_get_external_id(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge = model::need_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    let (row, prefix) = match bridge.fake {
        Some((port, _)) => (port, "fake-bridge-"),
        None => (bridge.row, ""),
    };
    let wanted = (command.len() > 2).then(|| command.text(2));
    let mut printed = String::new();
    for (key, value) in transaction.store.map(row, "external_ids") {
        let Some(key) = key.strip_prefix(prefix) else {
            continue;
        };
        match wanted {
            Some(wanted) if wanted == key => printed.push_str(&format!("{value}\n")),
            Some(_) => {}
            None => printed.push_str(&format!("{key}={value}\n")),
        }
    }
    transaction.output.push_str(&printed);
    Ok(())
}
