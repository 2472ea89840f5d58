//! The commands of `ovn-nbctl` on switches, routers and what belongs to them.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all commands have one shape, those that cannot be refused too"
)]

pub mod balancers;
pub mod connections;
pub mod datapaths;
pub mod dhcp;
pub mod forwarding;
pub mod functions;
pub mod gateways;
pub mod groups;
pub mod health;
pub mod mirrors;
pub mod nat;
pub mod policies;
pub mod record;
pub mod router_ports;
pub mod routes;
pub mod rules;
pub mod switch_ports;

use crate::read::ovsdb::datum::{Atom, Datum};

use super::parse::{Command, Wait};
use super::store::RowId;
use super::transaction::Transaction;
use super::transaction::flow::Flow;

/// Gives the database its one record, where it has none.
pub fn begin(transaction: &mut Transaction) {
    if transaction.rows("NB_Global").is_empty() {
        transaction.create("NB_Global");
    }
}

/// The one record of the database.
pub fn root(transaction: &Transaction) -> RowId {
    let table = transaction.table("NB_Global");
    let root = transaction.store.rows(table).next();
    root.expect("`begin` created it")
}

/// Raises the counter that `--wait` waits for.
pub fn count(transaction: &mut Transaction, wait: Wait, forced: bool) {
    let changed = !transaction.store.log().is_empty() || !transaction.pending.is_empty();
    if wait == Wait::No || !(changed || forced) {
        return;
    }
    let root = root(transaction);
    let next = transaction.store.integer(root, "nb_cfg").unwrap_or(0);
    let next = Datum::one(Atom::Integer(next.wrapping_add(1)));
    transaction.set(root, "nb_cfg", next);
}

/// Runs a command where it is modelled; else says so.
pub fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    let name = command.syntax.name;
    let groups = [
        datapaths::run,
        switch_ports::run,
        router_ports::run,
        gateways::run,
        routes::run,
        policies::run,
        nat::run,
        rules::run,
        balancers::run,
        groups::run,
        forwarding::run,
        functions::run,
        health::run,
        mirrors::run,
        dhcp::run,
        connections::run,
    ];
    for group in groups {
        if group(transaction, command)? {
            return Ok(true);
        }
    }
    let listed = match name {
        "lr-route-list" | "lr-policy-list" | "lr-nat-list" | "lrp-list" | "lr-lb-list" => {
            Some(record::ROUTER)
        }
        "ls-lb-list" | "qos-list" => Some(record::SWITCH),
        "fwd-group-list" if command.len() > 1 => Some(record::SWITCH),
        "ha-chassis-group-list" if command.len() > 1 => Some(record::CHASSIS_GROUP),
        _ => None,
    };
    if let Some(kind) = listed {
        record::need_at(transaction, kind, command, 1)?;
    }
    // What is only printed changes nothing.
    Ok(["init", "sync", "show"].contains(&name) || name.ends_with("-list"))
}
