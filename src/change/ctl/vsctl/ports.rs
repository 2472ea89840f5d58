//! `add-port`, `add-bond`, `del-port` and what is asked of ports and interfaces.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::generic::set_column;
use super::super::parse::Command;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::bridges::print_sorted;
use super::model::{self, Port};

pub(super) fn list_ports(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge = model::need_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    let ports = model::ports(transaction, &bridge).into_iter();
    let names = ports
        .map(|port| port.name)
        .filter(|name| *name != bridge.name);
    let names = names.collect();
    print_sorted(transaction, names);
    Ok(())
}

pub(super) fn add_port(transaction: &mut Transaction, command: &Command) -> Done {
    if command.text(2).is_empty() {
        return Err(Flow::from("port name must not be empty string").word(2));
    }
    add(transaction, command, 2..3)
}

pub(super) fn add_bond(transaction: &mut Transaction, command: &Command) -> Done {
    let words = 3..command.len();
    let end = words.clone().find(|at| command.text(*at).contains('='));
    let interfaces = words.start..end.unwrap_or(words.end);
    let count = interfaces.len();
    if count < 2 {
        return Err(format!(
            "add-bond requires at least 2 interfaces, but only {count} were specified"
        )
        .into());
    }
    add(transaction, command, interfaces)
}

/// Adds a port with the interfaces that these words name; the words after them are settings.
fn add(transaction: &mut Transaction, command: &Command, names: std::ops::Range<usize>) -> Done {
    let (bridge_name, name) = (command.text(1), command.text(2));
    if command.has("--may-exist")
        && let Some(port) = model::port(transaction, name)
    {
        return check_same(transaction, command, &port, names);
    }
    model::check_free(transaction, name, "a port").map_err(|flow| flow.word(2))?;
    for at in names.clone() {
        let free = model::check_free(transaction, command.text(at), "an interface");
        free.map_err(|flow| flow.word(at))?;
    }
    let bridge = model::need_bridge(transaction, bridge_name).map_err(|flow| flow.word(1))?;
    let mut interfaces = Vec::new();
    for at in names.clone() {
        interfaces.push(model::create_interface(transaction, command.word(at)));
    }
    let port = model::create_port(transaction, command.word(2), &interfaces);
    if command.has("--fake-iface") {
        transaction.set(port, "bond_fake_iface", Datum::one(Atom::Boolean(true)));
    }
    if let Some((_, vlan)) = bridge.fake {
        transaction.set(port, "tag", model::integer(vlan));
    }
    for at in names.end..command.len() {
        let done = set_column(transaction, port, command.word(at));
        done.map_err(|message| Flow::from(message).word(at))?;
    }
    transaction.join(bridge.row, "ports", port, Side::In);
    Ok(())
}

fn check_same(
    transaction: &Transaction,
    command: &Command,
    port: &Port,
    names: std::ops::Range<usize>,
) -> Done {
    let typed = command.as_typed();
    let name = &port.name;
    if port.bridge.name != command.text(1) {
        let message = format!(
            "\"{typed}\" but {name} is actually attached to bridge {}",
            port.bridge.name
        );
        return Err(Flow::from(message).word(1));
    }
    let mut wanted: Vec<&str> = names.map(|at| command.text(at)).collect();
    wanted.sort_unstable();
    let interfaces = transaction.store.referred(port.row, "interfaces");
    let mut have: Vec<&str> = interfaces
        .iter()
        .map(|interface| transaction.store.text(*interface, "name"))
        .collect();
    have.sort_unstable();
    if wanted == have {
        return Ok(());
    }
    let have = have.join(", ");
    let message = format!("\"{typed}\" but {name} actually has interface(s) {have}");
    Err(Flow::from(message).word(2))
}

/// Takes a port off its bridge.
pub(super) fn detach(transaction: &mut Transaction, port: &Port) {
    transaction.join(port.bridge.row, "ports", port.row, Side::Out);
    for interface in transaction.store.referred(port.row, "interfaces") {
        transaction.delete(interface);
    }
    transaction.delete(port.row);
}

pub(super) fn del_port(transaction: &mut Transaction, command: &Command) -> Done {
    let last = command.len() - 1;
    let target = command.text(last);
    let Some(port) = port_to_delete(transaction, command).map_err(|flow| flow.word(last))? else {
        return Ok(());
    };
    if command.len() == 3 {
        let name = command.text(1);
        let bridge = model::need_bridge(transaction, name).map_err(|flow| flow.word(1))?;
        if port.bridge != bridge {
            let own = port.bridge.fake.is_some() && port.bridge.row == bridge.row;
            let message = if own && bridge.fake.is_none() {
                format!(
                    "bridge {name} does not have a port {target} (although its parent bridge {name} does)"
                )
            } else {
                format!("bridge {name} does not have a port {target}")
            };
            return Err(Flow::from(message).word(1));
        }
    }
    detach(transaction, &port);
    Ok(())
}

fn port_to_delete(transaction: &mut Transaction, command: &Command) -> Result<Option<Port>, Flow> {
    let target = command.text(command.len() - 1);
    let must_exist = !command.has("--if-exists");
    if model::bridge(transaction, target).is_some() {
        if !must_exist {
            return Ok(None);
        }
        return Err(format!(
            "cannot delete port {target} because it is the local port for bridge {target} (deleting this port requires deleting the entire bridge)"
        )
        .into());
    }
    let port = model::port(transaction, target);
    let found = match port {
        None if command.has("--with-iface") => {
            model::interface(transaction, target).map(|(_, port)| port)
        }
        port => port,
    };
    if found.is_none() && must_exist {
        let message = if command.has("--with-iface") {
            format!("no port or interface named {target}")
        } else {
            format!("no port named {target}")
        };
        return Err(transaction.missing("Port", message));
    }
    Ok(found)
}

pub(super) fn add_bond_iface(transaction: &mut Transaction, command: &Command) -> Done {
    let port = model::need_port(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    let name = command.text(2);
    if command.has("--may-exist")
        && let Some((_, other)) = model::interface(transaction, name)
    {
        if other.row == port.row {
            return Ok(());
        }
        let typed = command.as_typed();
        let message = format!(
            "\"{typed}\" but {name} is actually attached to port {}",
            other.name
        );
        return Err(Flow::from(message).word(2));
    }
    model::check_free(transaction, name, "an interface").map_err(|flow| flow.word(2))?;
    let interface = model::create_interface(transaction, command.word(2));
    transaction.join(port.row, "interfaces", interface, Side::In);
    Ok(())
}

pub(super) fn del_bond_iface(transaction: &mut Transaction, command: &Command) -> Done {
    let last = command.len() - 1;
    let name = command.text(last);
    let found = match model::interface(transaction, name) {
        None if command.has("--if-exists") => return Ok(()),
        _ => model::need_interface(transaction, name),
    };
    let (interface, port) = found.map_err(|flow| flow.word(last))?;
    if command.len() == 3 {
        let bond = model::need_port(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
        if bond.row != port.row {
            let bond = bond.name;
            let message = format!("port {bond} does not have an interface {name}");
            return Err(Flow::from(message).word(1));
        }
    }
    if transaction.store.uuids(port.row, "interfaces").len() == 1 {
        let port = port.name;
        return Err(format!("cannot delete last interface from port {port}").into());
    }
    transaction.join(port.row, "interfaces", interface, Side::Out);
    transaction.delete(interface);
    Ok(())
}

pub(super) fn port_to_br(transaction: &mut Transaction, command: &Command) -> Done {
    let port = model::need_port(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    transaction
        .output
        .push_str(&format!("{}\n", port.bridge.name));
    Ok(())
}

pub(super) fn list_ifaces(transaction: &mut Transaction, command: &Command) -> Done {
    let bridge = model::need_bridge(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    let ports = model::ports(transaction, &bridge).into_iter();
    let interfaces = ports.flat_map(|port| transaction.store.referred(port.row, "interfaces"));
    let names = interfaces.map(|row| transaction.store.text(row, "name").to_owned());
    let names = names.filter(|name| *name != bridge.name).collect();
    print_sorted(transaction, names);
    Ok(())
}

pub(super) fn iface_to_br(transaction: &mut Transaction, command: &Command) -> Done {
    let (_, port) =
        model::need_interface(transaction, command.text(1)).map_err(|flow| flow.word(1))?;
    transaction
        .output
        .push_str(&format!("{}\n", port.bridge.name));
    Ok(())
}
