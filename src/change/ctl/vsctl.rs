//! The commands of `ovs-vsctl` on bridges, ports, controllers and managers.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all commands have one shape, those that cannot be refused too"
)]

pub mod bridges;
pub mod model;
pub mod ports;
pub mod reset;
pub mod targets;
pub mod zones;

use crate::read::ovsdb::datum::{Atom, Datum};

use super::parse::Command;
use super::store::RowId;
use super::transaction::Transaction;
use super::transaction::flow::Flow;

/// Gives the database its one record, where it has none.
pub fn begin(transaction: &mut Transaction) {
    if transaction.rows("Open_vSwitch").is_empty() {
        let table = transaction.table("Open_vSwitch");
        if transaction.store.incomplete(table) {
            transaction.unsure("the Open_vSwitch record was not seen");
        }
        transaction.create("Open_vSwitch");
    }
}

/// The one record of the database.
pub fn root(transaction: &Transaction) -> RowId {
    let table = transaction.table("Open_vSwitch");
    let root = transaction.store.rows(table).next();
    root.expect("`begin` created it")
}

/// Raises the counter by which `ovs-vswitchd` learns of changes.
pub fn count(transaction: &mut Transaction) {
    if transaction.store.log().is_empty() && transaction.pending.is_empty() {
        return;
    }
    let root = root(transaction);
    let next = transaction.store.integer(root, "next_cfg").unwrap_or(0);
    let next = Datum::one(Atom::Integer(next.wrapping_add(1)));
    transaction.set(root, "next_cfg", next);
}

/// Runs a command where it is modelled; else says so.
pub fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "init" | "show" => Ok(()),
        "list-dp-cap" => zones::capabilities(transaction, command),
        "list-zone-tp" => zones::policies(transaction, command),
        "list-zone-limits" => zones::limits(transaction, command),
        "set-zone-limit" => zones::set_limit(transaction, command),
        "del-zone-limit" => zones::del_limit(transaction, command),
        "add-br" => bridges::add_br(transaction, command),
        "del-br" => bridges::del_br(transaction, command),
        "list-br" => bridges::list_br(transaction, command),
        "br-exists" => bridges::br_exists(transaction, command),
        "br-to-vlan" => bridges::br_to_vlan(transaction, command),
        "br-to-parent" => bridges::br_to_parent(transaction, command),
        "br-set-external-id" => bridges::br_set_external_id(transaction, command),
        "br-get-external-id" => bridges::br_get_external_id(transaction, command),
        "list-ports" => ports::list_ports(transaction, command),
        "add-port" => ports::add_port(transaction, command),
        "add-bond" => ports::add_bond(transaction, command),
        "del-port" => ports::del_port(transaction, command),
        "add-bond-iface" => ports::add_bond_iface(transaction, command),
        "del-bond-iface" => ports::del_bond_iface(transaction, command),
        "port-to-br" => ports::port_to_br(transaction, command),
        "list-ifaces" => ports::list_ifaces(transaction, command),
        "iface-to-br" => ports::iface_to_br(transaction, command),
        "get-controller" => targets::get_controller(transaction, command),
        "del-controller" => targets::del_controller(transaction, command),
        "set-controller" => targets::set_controller(transaction, command),
        "get-fail-mode" => targets::get_fail_mode(transaction, command),
        "del-fail-mode" => targets::del_fail_mode(transaction, command),
        "set-fail-mode" => targets::set_fail_mode(transaction, command),
        "get-manager" => targets::get_manager(transaction),
        "del-manager" => targets::del_manager(transaction),
        "set-manager" => targets::set_manager(transaction, command),
        "get-ssl" => targets::get_ssl(transaction),
        "del-ssl" => targets::del_ssl(transaction),
        "set-ssl" => targets::set_ssl(transaction, command),
        "emer-reset" => reset::emer_reset(transaction),
        _ => return Ok(false),
    }?;
    Ok(true)
}
