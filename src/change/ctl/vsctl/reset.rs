//! `emer-reset`: back to a configuration that forwards.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::transaction::Transaction;
use super::super::transaction::flow::Done;
use super::model;

pub(super) fn emer_reset(transaction: &mut Transaction) -> Done {
    let root = super::root(transaction);
    let none = || Datum::Set(Vec::new());
    transaction.set(root, "manager_options", none());
    transaction.set(root, "ssl", none());
    for bridge in transaction.rows("Bridge") {
        let emptied = [
            "controller",
            "fail_mode",
            "mirrors",
            "netflow",
            "sflow",
            "ipfix",
            "flood_vlans",
        ];
        for column in emptied {
            transaction.set(bridge, column, none());
        }
        let hwaddr = transaction
            .store
            .one_text(bridge, "other_config", Some("hwaddr"));
        let kept = hwaddr.map(|hwaddr| (Atom::Text("hwaddr".into()), Atom::Text(hwaddr.into())));
        transaction.set(
            bridge,
            "other_config",
            Datum::Map(kept.into_iter().collect()),
        );
    }
    for port in transaction.rows("Port") {
        transaction.set(port, "other_config", Datum::Map(Vec::new()));
    }
    for interface in transaction.rows("Interface") {
        transaction.set(interface, "ingress_policing_rate", model::integer(0));
        transaction.set(interface, "ingress_policing_burst", model::integer(0));
    }
    // It does not look at sets of collectors, nor at what exports to them.
    let deleted = ["Mirror", "Controller", "Manager", "NetFlow", "SSL", "sFlow"];
    for table in deleted {
        for row in transaction.rows(table) {
            transaction.delete(row);
        }
    }
    Ok(())
}
