//! Which chassis a router port, or a group, is on.

use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, CHASSIS_GROUP, GATEWAY, ROUTER_PORT};
use super::switch_ports::none;

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "lrp-set-gateway-chassis" => set_gateway(transaction, command),
        "lrp-del-gateway-chassis" => del_gateway(transaction, command),
        "lrp-get-gateway-chassis" => get_gateway(transaction, command),
        "ha-chassis-group-add" => add_group(transaction, command),
        "ha-chassis-group-del" => del_group(transaction, command),
        "ha-chassis-group-add-chassis" => add_chassis(transaction, command),
        "ha-chassis-group-remove-chassis" => remove_chassis(transaction, command),
        "ha-chassis-group-set-chassis-prio" => set_priority(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn set_gateway(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, ROUTER_PORT, command, 1)?;
    let chassis = command.word(2);
    let priority = match command.words.get(3) {
        Some(word) => record::priority(&word.value).map_err(|flow| flow.word(3))?,
        None => 0,
    };
    let name = format!("{}-{}", command.text(1), chassis.value);
    let gateway = if let Some(gateway) = record::find(transaction, GATEWAY, &name)? {
        gateway
    } else {
        let gateway = transaction.create("Gateway_Chassis");
        transaction.set_text(gateway, "name", &name, chassis.place.as_ref());
        transaction.set_text(
            gateway,
            "chassis_name",
            &chassis.value,
            chassis.place.as_ref(),
        );
        gateway
    };
    let place = command.words.last().and_then(|word| word.place.clone());
    transaction.set_at(
        gateway,
        "priority",
        record::integer(priority),
        place.as_ref(),
    );
    transaction.join_later(port, "gateway_chassis", gateway, Side::In);
    Ok(())
}

fn del_gateway(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, ROUTER_PORT, command, 1)?;
    let name = command.text(2);
    let gateways = transaction.store.referred(port, "gateway_chassis");
    // The tool compares as many letters as the record's name has.
    let named =
        |gateway: &&RowId| name.starts_with(transaction.store.text(**gateway, "chassis_name"));
    let Some(gateway) = gateways.iter().find(named).copied() else {
        let port = command.text(1);
        let message = format!("chassis {name} is not added to logical port {port}");
        return Err(Flow::from(message).word(2));
    };
    if gateways.len() == 1 {
        transaction.set(port, "gateway_chassis", none());
    } else {
        transaction.join_later(port, "gateway_chassis", gateway, Side::Out);
    }
    transaction.delete(gateway);
    Ok(())
}

fn get_gateway(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, ROUTER_PORT, command, 1)?;
    let gateways = transaction.store.referred(port, "gateway_chassis");
    let mut gateways: Vec<(i64, &str)> = gateways
        .iter()
        .map(|gateway| {
            let priority = transaction.store.integer(*gateway, "priority").unwrap_or(0);
            (priority, transaction.store.text(*gateway, "name"))
        })
        .collect();
    gateways.sort_by(|a, b| b.cmp(a));
    let lines = gateways
        .iter()
        .map(|(priority, name)| format!("{name} {priority:>5}\n"));
    let printed: String = lines.collect();
    transaction.output.push_str(&printed);
    Ok(())
}

fn add_group(transaction: &mut Transaction, command: &Command) -> Done {
    let group = transaction.create("HA_Chassis_Group");
    let name = command.word(1);
    transaction.set_text(group, "name", &name.value, name.place.as_ref());
    Ok(())
}

fn del_group(transaction: &mut Transaction, command: &Command) -> Done {
    let group = record::need_at(transaction, CHASSIS_GROUP, command, 1)?;
    transaction.delete(group);
    Ok(())
}

/// The member of a group that is on this chassis.
fn member(transaction: &Transaction, group: RowId, chassis: &str) -> Option<RowId> {
    let members = transaction.store.referred(group, "ha_chassis").into_iter();
    let mut members = members.filter(|row| transaction.store.text(*row, "chassis_name") == chassis);
    members.next()
}

fn need_member(transaction: &Transaction, command: &Command, group: RowId) -> Result<RowId, Flow> {
    let (chassis, name) = (command.text(2), command.text(1));
    member(transaction, group, chassis).ok_or_else(|| {
        let message = format!("{chassis}: ha chassis not found in {name} ha chassis group");
        Flow::from(message).word(2)
    })
}

fn add_chassis(transaction: &mut Transaction, command: &Command) -> Done {
    let group = record::need_at(transaction, CHASSIS_GROUP, command, 1)?;
    let priority = record::priority(command.text(3)).map_err(|flow| flow.word(3))?;
    let chassis = command.word(2);
    let row = if let Some(row) = member(transaction, group, &chassis.value) {
        row
    } else {
        let row = transaction.create("HA_Chassis");
        transaction.set_text(row, "chassis_name", &chassis.value, chassis.place.as_ref());
        transaction.join_later(group, "ha_chassis", row, Side::In);
        row
    };
    let place = command.word(3).place.clone();
    transaction.set_at(row, "priority", record::integer(priority), place.as_ref());
    Ok(())
}

fn remove_chassis(transaction: &mut Transaction, command: &Command) -> Done {
    let group = record::need_at(transaction, CHASSIS_GROUP, command, 1)?;
    let row = need_member(transaction, command, group)?;
    transaction.join_later(group, "ha_chassis", row, Side::Out);
    transaction.delete(row);
    Ok(())
}

fn set_priority(transaction: &mut Transaction, command: &Command) -> Done {
    let group = record::need_at(transaction, CHASSIS_GROUP, command, 1)?;
    let priority = record::priority(command.text(3)).map_err(|flow| flow.word(3))?;
    let row = need_member(transaction, command, group)?;
    let place = command.word(3).place.clone();
    transaction.set_at(row, "priority", record::integer(priority), place.as_ref());
    Ok(())
}
