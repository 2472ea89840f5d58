//! Bridges, ports and interfaces as `ovs-vsctl` sees them: a port with `fake_bridge` is a bridge of its own.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::store::RowId;
use super::super::transaction::Transaction;
use super::super::transaction::flow::{Done, Flow};

/// A bridge, or a VLAN of one that looks like a bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// Its name.
    pub name: String,
    /// Its record; that of the parent where it is fake.
    pub row: RowId,
    /// Where it is fake: its port and its VLAN.
    pub fake: Option<(RowId, i64)>,
}

impl Bridge {
    /// Its VLAN, where it is fake.
    pub fn vlan(&self) -> Option<i64> {
        self.fake.map(|(_, vlan)| vlan)
    }
}

/// A port of a bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// Its record.
    pub row: RowId,
    /// The bridge that it is on, a fake one where its VLAN is that of one.
    pub bridge: Bridge,
}

/// The bridge of that name.
pub fn bridge(transaction: &Transaction, name: &str) -> Option<Bridge> {
    let store = &transaction.store;
    let table = transaction.table("Bridge");
    let column = store.schema.tables[table].column("name");
    let mut rows = store.find(table, column, None, name).into_iter();
    if let Some(row) = rows.find(|row| is_attached(transaction, *row)) {
        return Some(Bridge {
            name: name.to_owned(),
            row,
            fake: None,
        });
    }
    fakes(transaction)
        .into_iter()
        .find(|fake| fake.name == name)
}

/// Whether the database's one record refers to a bridge; where its bridges were not seen, to each that is there.
fn is_attached(transaction: &Transaction, bridge: RowId) -> bool {
    let root = transaction.table("Open_vSwitch");
    let bridges = transaction.store.schema.tables[root].column("bridges");
    if transaction.store.unseen(root, bridges) {
        return true;
    }
    let mut referrers = transaction.store.referrers(bridge.uuid).iter();
    referrers.any(|referrer| referrer.row.table == root)
}

/// The bridge of a port, even where a command deleted its record: the tool goes by references.
fn bridge_of(transaction: &Transaction, port: RowId) -> Option<RowId> {
    let bridges = holders(transaction, "Bridge", "ports", port);
    bridges.filter(|row| is_attached(transaction, *row)).min()
}

/// The records that refer to another by a column.
fn holders(
    transaction: &Transaction,
    holders: &str,
    column: &str,
    row: RowId,
) -> impl Iterator<Item = RowId> {
    let table = transaction.table(holders);
    let column = transaction.store.schema.tables[table].column(column);
    let referrers = transaction.store.referrers(row.uuid).iter();
    referrers
        .filter(move |referrer| referrer.row.table == table && referrer.column == column)
        .map(|referrer| referrer.row)
}

/// All fake bridges.
pub fn fakes(transaction: &Transaction) -> Vec<Bridge> {
    let store = &transaction.store;
    let table = transaction.table("Port");
    let column = store.schema.tables[table].column("fake_bridge");
    let marked = store.find(table, column, None, "true");
    let fake = |port: RowId| {
        let vlan = vlan(transaction, port)?;
        let row = bridge_of(transaction, port)?;
        let name = store.text(port, "name").to_owned();
        Some(Bridge {
            name,
            row,
            fake: Some((port, vlan)),
        })
    };
    marked.into_iter().filter_map(fake).collect()
}

/// All bridges.
pub fn bridges(transaction: &Transaction) -> Vec<Bridge> {
    let rows = transaction
        .store
        .referred(super::root(transaction), "bridges");
    let real = rows.into_iter().map(|row| Bridge {
        name: transaction.store.text(row, "name").to_owned(),
        row,
        fake: None,
    });
    real.chain(fakes(transaction)).collect()
}

/// The bridge of that name, which must be there.
pub fn need_bridge(transaction: &mut Transaction, name: &str) -> Result<Bridge, Flow> {
    match bridge(transaction, name) {
        Some(bridge) => Ok(bridge),
        None => Err(transaction.missing("Bridge", format!("no bridge named {name}"))),
    }
}

/// The bridge of that name, which must not be a fake one.
pub fn need_real_bridge(transaction: &mut Transaction, name: &str) -> Result<RowId, Flow> {
    let bridge = need_bridge(transaction, name)?;
    if bridge.fake.is_some() {
        return Err(format!("{name} is a fake bridge").into());
    }
    Ok(bridge.row)
}

fn vlan(transaction: &Transaction, port: RowId) -> Option<i64> {
    let vlan = transaction.store.integer(port, "tag")?;
    (0..=4095).contains(&vlan).then_some(vlan)
}

/// The port behind a record.
fn port_of(transaction: &Transaction, row: RowId) -> Option<Port> {
    let holder = bridge_of(transaction, row)?;
    let name = transaction.store.text(row, "name").to_owned();
    let fake = vlan(transaction, row).and_then(|vlan| {
        let mut fakes = fakes(transaction).into_iter();
        fakes.find(|fake| fake.row == holder && fake.vlan() == Some(vlan))
    });
    let bridge = fake.unwrap_or_else(|| Bridge {
        name: transaction.store.text(holder, "name").to_owned(),
        row: holder,
        fake: None,
    });
    Some(Port { name, row, bridge })
}

/// The port of that name, a bridge's own among them.
fn any_port(transaction: &Transaction, name: &str) -> Option<Port> {
    let table = transaction.table("Port");
    let column = transaction.store.schema.tables[table].column("name");
    let rows = transaction.store.find(table, column, None, name);
    rows.into_iter().find_map(|row| port_of(transaction, row))
}

/// The port of that name that is not a bridge's own.
pub fn port(transaction: &Transaction, name: &str) -> Option<Port> {
    any_port(transaction, name).filter(|port| port.bridge.name != name)
}

/// The port of that name, which must be there.
pub fn need_port(transaction: &mut Transaction, name: &str) -> Result<Port, Flow> {
    match port(transaction, name) {
        Some(port) => Ok(port),
        None => Err(transaction.missing("Port", format!("no port named {name}"))),
    }
}

/// An interface and its port, a bridge's own among them.
fn any_interface(transaction: &Transaction, name: &str) -> Option<(RowId, Port)> {
    let table = transaction.table("Interface");
    let column = transaction.store.schema.tables[table].column("name");
    let rows = transaction.store.find(table, column, None, name);
    rows.into_iter().find_map(|row| {
        let port = holders(transaction, "Port", "interfaces", row).min()?;
        Some((row, port_of(transaction, port)?))
    })
}

/// The interface of that name that is not a bridge's own, and its port.
pub fn interface(transaction: &Transaction, name: &str) -> Option<(RowId, Port)> {
    any_interface(transaction, name).filter(|(_, port)| port.bridge.name != name)
}

/// The interface of that name, which must be there, and its port.
pub fn need_interface(transaction: &mut Transaction, name: &str) -> Result<(RowId, Port), Flow> {
    match interface(transaction, name) {
        Some(found) => Ok(found),
        None => Err(transaction.missing("Interface", format!("no interface named {name}"))),
    }
}

/// The ports of a bridge, its own among them.
pub fn ports(transaction: &Transaction, bridge: &Bridge) -> Vec<Port> {
    let rows = transaction.store.referred(bridge.row, "ports");
    let ports = rows.into_iter().filter_map(|row| port_of(transaction, row));
    ports
        .filter(|port| port.bridge.name == bridge.name)
        .collect()
}

/// Whether a name is free for a bridge, a port and an interface.
pub fn check_free(transaction: &Transaction, name: &str, what: &str) -> Done {
    let cannot = format!("cannot create {what} named {name} because");
    if bridge(transaction, name).is_some() {
        return Err(format!("{cannot} a bridge named {name} already exists").into());
    }
    if let Some(port) = any_port(transaction, name) {
        let on = port.bridge.name;
        return Err(format!("{cannot} a port named {name} already exists on bridge {on}").into());
    }
    if let Some((_, port)) = any_interface(transaction, name) {
        let on = port.bridge.name;
        return Err(
            format!("{cannot} an interface named {name} already exists on bridge {on}").into(),
        );
    }
    Ok(())
}

/// Creates a port with its interfaces, attached to nothing yet.
pub fn create_port(
    transaction: &mut Transaction,
    name: &super::super::Word,
    interfaces: &[RowId],
) -> RowId {
    let port = transaction.create("Port");
    transaction.set_text(port, "name", &name.value, name.place.as_ref());
    transaction.set_rows(port, "interfaces", interfaces);
    port
}

/// Creates an interface, attached to nothing yet.
pub fn create_interface(transaction: &mut Transaction, name: &super::super::Word) -> RowId {
    let interface = transaction.create("Interface");
    transaction.set_text(interface, "name", &name.value, name.place.as_ref());
    interface
}

/// A column of one integer.
pub fn integer(value: i64) -> Datum {
    Datum::one(Atom::Integer(value))
}
