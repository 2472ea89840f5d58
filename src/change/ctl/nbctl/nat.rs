//! NAT rules: `lr-nat-add`.

pub mod removal;

use std::net::IpAddr;

use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::policies::in_networks;
use super::record::{self, ROUTER, ROUTER_PORT, SWITCH_PORT};
use super::switch_ports::none;

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "lr-nat-add" => add(transaction, command),
        "lr-nat-del" => removal::del(transaction, command),
        "lr-nat-update-ext-ip" => removal::update_ext_ip(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn check_type(text: &str) -> Done {
    if ["dnat", "snat", "dnat_and_snat"].contains(&text) {
        return Ok(());
    }
    let message = format!("{text}: type must be one of \"dnat\", \"snat\" and \"dnat_and_snat\".");
    Err(Flow::from(message).word(2))
}

/// What `lr-nat-add` asks for.
struct Wanted<'a> {
    router: RowId,
    kind: &'a str,
    external: IpAddr,
    logical: String,
    port_range: Option<usize>,
    port_and_mac: bool,
    matched: Option<&'a str>,
    priority: i64,
    gateway: Option<RowId>,
    gateways: usize,
}

impl Wanted<'_> {
    /// What a rule is known by: the logical side of source NAT, else the external side; then the other.
    fn sides(&self) -> (String, String) {
        let (external, logical) = (self.external.to_string(), self.logical.clone());
        if self.kind == "snat" {
            (logical, external)
        } else {
            (external, logical)
        }
    }
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    let router = record::need_at(transaction, ROUTER, command, 1)?;
    let kind = command.text(2);
    check_type(kind)?;
    let text = command.text(3);
    let Some(external) = address::address(text) else {
        let message = format!("{text}: Not a valid IPv4 or IPv6 address.");
        return Err(Flow::from(message).word(3));
    };
    let logical = logical(command.text(4), kind, external).map_err(|flow| flow.word(4))?;
    let (port_and_mac, port_range) = port_mac_range(transaction, command)?;
    if kind != "dnat_and_snat" && command.has("--stateless") {
        return Err("stateless is not applicable to dnat or snat types".into());
    }
    if kind == "snat" && command.has("--add-route") {
        return Err("routes cannot be added for snat types.".into());
    }
    let (gateway, gateways) = gateway(transaction, command, router, external)?;
    let matched = command.value("--match");
    let priority = match (matched, command.value("--priority")) {
        (None, Some(_)) => return Err("priority can be set only with --match option.".into()),
        (Some(_), Some(text)) => record::priority(text)?,
        _ => 0,
    };
    let wanted = Wanted {
        router,
        kind,
        external,
        logical,
        port_range,
        port_and_mac,
        matched,
        priority,
        gateway,
        gateways,
    };
    for rule in transaction.store.referred(router, "nat") {
        if meets(transaction, command, &wanted, rule)? {
            return Ok(());
        }
    }
    create(transaction, command, &wanted);
    Ok(())
}

fn logical(text: &str, kind: &str, external: IpAddr) -> Result<String, Flow> {
    let v4 = external.is_ipv4();
    let family = if v4 { "IPv4" } else { "IPv6" };
    if kind == "snat" {
        let network = address::network(text).filter(|network| network.address.is_ipv4() == v4);
        return network
            .map(address::Network::normal)
            .ok_or_else(|| format!("{text}: should be an {family} address or network.").into());
    }
    let own = address::address(text).filter(|own| own.is_ipv4() == v4);
    own.map(|own| own.to_string())
        .ok_or_else(|| format!("{text}: Not a valid {family} address.").into())
}

/// Whether a port and a MAC are given, and which word is the range of ports.
fn port_mac_range(
    transaction: &mut Transaction,
    command: &Command,
) -> Result<(bool, Option<usize>), Flow> {
    const NO_MAC: &str = "lr-nat-add with logical_port must also specify external_mac.";
    let range = |at: usize| {
        let text = command.text(at);
        if is_port_range(text) {
            Ok(Some(at))
        } else {
            Err(Flow::from(format!("invalid port range {text}.")).word(at))
        }
    };
    match command.len() {
        5 => Ok((false, None)),
        6 if command.has("--portrange") => Ok((false, range(5)?)),
        6 => Err(Flow::from(NO_MAC).word(5)),
        count => {
            if command.text(2) != "dnat_and_snat" {
                let message =
                    "logical_port and external_mac are only valid when type is \"dnat_and_snat\".";
                return Err(Flow::from(message).word(5));
            }
            if count == 7 && command.has("--portrange") {
                return Err(Flow::from(NO_MAC).word(5));
            }
            record::need_at(transaction, SWITCH_PORT, command, 5)?;
            let mac = command.text(6);
            if address::mac(mac).is_none() {
                return Err(Flow::from(format!("invalid mac address {mac}.")).word(6));
            }
            Ok((true, if count > 7 { range(7)? } else { None }))
        }
    }
}

fn is_port_range(text: &str) -> bool {
    let (low, high) = match text.split_once('-') {
        Some((low, high)) => (low, Some(high)),
        None => (text, None),
    };
    let number = |text: &str| address::leading_integer(text).unwrap_or(0);
    number(low) > 0
        && high.is_none_or(|high| {
            !high.contains('-') && number(low) < number(high) && number(high) <= 65_535
        })
}

/// The gateway port that the rule is for, and how many the router has.
fn gateway(
    transaction: &mut Transaction,
    command: &Command,
    router: RowId,
    external: IpAddr,
) -> Result<(Option<RowId>, usize), Flow> {
    let is_gateway = |transaction: &Transaction, port: &RowId| {
        let store = &transaction.store;
        !store.uuids(*port, "gateway_chassis").is_empty()
            || !store.uuids(*port, "ha_chassis_group").is_empty()
    };
    let ports = transaction.store.referred(router, "ports");
    let gateways: Vec<RowId> = ports
        .iter()
        .copied()
        .filter(|port| is_gateway(transaction, port))
        .collect();
    if let Some(name) = command.value("--gateway-port") {
        let port = record::need(transaction, ROUTER_PORT, name)?;
        if !ports.contains(&port) {
            let router = command.text(1);
            return Err(format!("{name} is not a router port of logical router: {router}.").into());
        }
        if !gateways.contains(&port) {
            return Err(format!("{name} is not a distributed gateway router port.").into());
        }
        return Ok((Some(port), gateways.len()));
    }
    let mut near = gateways
        .iter()
        .filter(|port| in_networks(transaction, **port, external));
    let near = near.next_back().copied();
    if gateways.len() > 1 && near.is_none() {
        let router = command.text(1);
        return Err(format!(
            "logical router: {router} has multiple distributed gateway ports and gateway_port can not be determined from external IP of NAT rule."
        )
        .into());
    }
    Ok((near, gateways.len()))
}

/// Whether a rule of the router settles the matter: it is the wanted one, brought up to date.
fn meets(
    transaction: &mut Transaction,
    command: &Command,
    wanted: &Wanted,
    rule: RowId,
) -> Result<bool, Flow> {
    let store = &transaction.store;
    let normal = |column| address::network(store.text(rule, column));
    let (Some(external), Some(logical)) = (normal("external_ip"), normal("logical_ip")) else {
        return Ok(false);
    };
    let kind = store.text(rule, "type").to_owned();
    let (own, other) = match wanted.kind {
        "snat" => (logical.normal(), external.normal()),
        _ => (external.normal(), logical.normal()),
    };
    let (key, rest) = wanted.sides();
    let mut settled = false;
    if wanted.kind == kind && same_gateway(transaction, wanted, rule, external) && key == own {
        if rest == other {
            if !command.has("--may-exist") {
                let (external, logical) = (wanted.external, &wanted.logical);
                return Err(format!(
                    "{external}, {logical}: a NAT with this external_ip and logical_ip already exists"
                )
                .into());
            }
            update(transaction, command, wanted, rule);
            settled = true;
        } else {
            check_match(transaction, wanted, rule, &key)?;
        }
    }
    let both = "dnat_and_snat";
    if (wanted.kind == both || kind == both) && external.normal() == wanted.external.to_string() {
        let own = transaction
            .store
            .one_text(rule, "options", Some("stateless"));
        if own == Some("true") || command.has("--stateless") {
            if !settled {
                let (external, logical) = (wanted.external, &wanted.logical);
                return Err(format!(
                    "{external}, {logical}: External ip cannot be shared across stateless and stateful NATs"
                )
                .into());
            }
            settled = true;
        }
    }
    Ok(settled)
}

fn same_gateway(
    transaction: &Transaction,
    wanted: &Wanted,
    rule: RowId,
    external: address::Network,
) -> bool {
    if wanted.gateways <= 1 {
        return true;
    }
    let own = transaction.store.referred(rule, "gateway_port").pop();
    match (own, wanted.gateway) {
        (Some(own), gateway) => Some(own) == gateway,
        (None, Some(gateway)) => in_networks(transaction, gateway, external.network()),
        (None, None) => false,
    }
}

/// A rule with the same key and another end is in the way, unless their matches differ.
fn check_match(transaction: &Transaction, wanted: &Wanted, rule: RowId, key: &str) -> Done {
    let kind = wanted.kind;
    let side = if kind == "snat" {
        "logical_ip"
    } else {
        "external_ip"
    };
    match wanted.matched {
        Some(matched) if transaction.store.text(rule, "match") != matched => Ok(()),
        Some(matched) => Err(format!(
            "a NAT with this type ({kind}), {side} ({key}) and match \"{matched}\" already exists"
        )
        .into()),
        None => Err(format!("a NAT with this type ({kind}), {side} ({key}) already exists").into()),
    }
}

fn update(transaction: &mut Transaction, command: &Command, wanted: &Wanted, rule: RowId) {
    for (column, at) in [("logical_port", 5), ("external_mac", 6)] {
        if wanted.port_and_mac {
            let word = command.word(at);
            transaction.set_text(rule, column, &word.value, word.place.as_ref());
        } else {
            transaction.set(rule, column, none());
        }
    }
    write_match(transaction, wanted, rule);
}

fn write_match(transaction: &mut Transaction, wanted: &Wanted, rule: RowId) {
    let known = transaction.store.schema.tables[rule.table]
        .find("match")
        .is_some();
    if let (Some(matched), true) = (wanted.matched, known) {
        let place = transaction.place.clone();
        transaction.set_text(rule, "match", matched, place.as_ref());
        transaction.set(rule, "priority", record::integer(wanted.priority));
    }
}

fn create(transaction: &mut Transaction, command: &Command, wanted: &Wanted) {
    let rule = transaction.create("NAT");
    for (column, at) in [("type", 2), ("external_ip", 3)] {
        let word = command.word(at);
        transaction.set_text(rule, column, &word.value, word.place.as_ref());
    }
    let place = command.word(4).place.clone();
    transaction.set_text(rule, "logical_ip", &wanted.logical, place.as_ref());
    if wanted.port_and_mac {
        update(transaction, command, wanted, rule);
    }
    if let Some(at) = wanted.port_range {
        let word = command.word(at);
        transaction.set_text(
            rule,
            "external_port_range",
            &word.value,
            word.place.as_ref(),
        );
    }
    let stateless = command.has("--stateless").to_string();
    let mut options = vec![("stateless".to_owned(), stateless, None)];
    if command.has("--add-route") {
        options.push(("add_route".to_owned(), "true".to_owned(), None));
    }
    transaction.set_map(rule, "options", &options);
    if let (Some(port), true) = (wanted.gateway, command.has("--gateway-port")) {
        transaction.join_later(rule, "gateway_port", port, Side::In);
    }
    write_match(transaction, wanted, rule);
    transaction.join_later(wanted.router, "nat", rule, Side::In);
}
