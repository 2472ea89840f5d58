//! Port groups and meters.

use crate::read::ovsdb::datum::{Atom, Datum};

use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::Transaction;
use super::super::transaction::flow::{Done, Flow};
use super::record::{self, PORT_GROUP, SWITCH_PORT};

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "pg-add" => add_group(transaction, command),
        "pg-get-ports" => get_ports(transaction, command),
        "pg-set-ports" => set_ports(transaction, command),
        "pg-del" => del_group(transaction, command),
        "meter-add" => add_meter(transaction, command),
        "meter-del" => del_meter(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn write_ports(transaction: &mut Transaction, command: &Command, group: RowId) -> Done {
    let mut ports = Vec::new();
    for at in 2..command.len() {
        ports.push(record::need_at(transaction, SWITCH_PORT, command, at)?);
    }
    transaction.set_rows(group, "ports", &ports);
    Ok(())
}

fn add_group(transaction: &mut Transaction, command: &Command) -> Done {
    let group = transaction.create("Port_Group");
    let name = command.word(1);
    transaction.set_text(group, "name", &name.value, name.place.as_ref());
    write_ports(transaction, command, group)
}

fn set_ports(transaction: &mut Transaction, command: &Command) -> Done {
    let group = record::need_at(transaction, PORT_GROUP, command, 1)?;
    write_ports(transaction, command, group)
}

fn get_ports(transaction: &mut Transaction, command: &Command) -> Done {
    let group = record::need_at(transaction, PORT_GROUP, command, 1)?;
    let ports = transaction.store.referred(group, "ports").into_iter();
    let mut names: Vec<String> = ports
        .map(|port| format!("{}\n", transaction.store.text(port, "name")))
        .collect();
    names.sort_unstable();
    transaction.output.push_str(&names.concat());
    Ok(())
}

fn del_group(transaction: &mut Transaction, command: &Command) -> Done {
    let group = record::need_at(transaction, PORT_GROUP, command, 1)?;
    transaction.delete(group);
    Ok(())
}

fn add_meter(transaction: &mut Transaction, command: &Command) -> Done {
    let name = command.word(1);
    let existing = transaction.named("Meter", &name.value).first().copied();
    if existing.is_some() && !command.has("--may-exist") {
        let message = format!("meter with name \"{}\" already exists", name.value);
        return Err(Flow::from(message).word(1));
    }
    if name.value.starts_with("__") {
        let message = "meter names that begin with \"__\" are reserved";
        return Err(Flow::from(message).word(1));
    }
    if command.text(2) != "drop" {
        return Err(Flow::from("action must be \"drop\"").word(2));
    }
    let number = |at: usize, low: i64, what: &str| {
        let number = address::leading_integer(command.text(at));
        let number = number.filter(|number| (low..=4_294_967_295).contains(number));
        let message = || format!("{what} must be in the range {low}...4294967295");
        number.ok_or_else(|| Flow::from(message()).word(at))
    };
    let rate = number(3, 1, "rate")?;
    let unit = command.word(4);
    if !["kbps", "pktps"].contains(&unit.value.as_str()) {
        return Err(Flow::from("unit must be \"kbps\" or \"pktps\"").word(4));
    }
    let burst = if command.len() > 5 {
        number(5, 0, "burst")?
    } else {
        0
    };
    let band =
        existing.and_then(|meter| transaction.store.referred(meter, "bands").first().copied());
    let band = band.unwrap_or_else(|| transaction.create("Meter_Band"));
    transaction.set_text(band, "action", "drop", command.word(2).place.as_ref());
    transaction.set_at(
        band,
        "rate",
        record::integer(rate),
        command.word(3).place.as_ref(),
    );
    transaction.set(band, "burst_size", record::integer(burst));
    let meter = existing.unwrap_or_else(|| transaction.create("Meter"));
    transaction.set_text(meter, "name", &name.value, name.place.as_ref());
    transaction.set_text(meter, "unit", &unit.value, unit.place.as_ref());
    transaction.set_rows(meter, "bands", &[band]);
    if command.has("--fair") {
        transaction.set(meter, "fair", Datum::one(Atom::Boolean(true)));
    }
    Ok(())
}

fn del_meter(transaction: &mut Transaction, command: &Command) -> Done {
    let meters = match command.words.get(1) {
        None => transaction.rows("Meter"),
        Some(name) => transaction.named("Meter", &name.value),
    };
    for meter in meters {
        transaction.delete(meter);
    }
    Ok(())
}
