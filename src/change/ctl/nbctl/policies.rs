//! Routing policies: `lr-policy-add` and `lr-policy-del`.

use std::net::IpAddr;

use crate::read::ovsdb::datum::{Atom, Datum, Uuid};

use super::super::address::{self, Network};
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, ROUTER, ROUTER_PORT};
use super::switch_ports::none;

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "lr-policy-add" => add(transaction, command),
        "lr-policy-del" => del(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    let router = record::need_at(transaction, ROUTER, command, 1)?;
    let priority = record::priority(command.text(2)).map_err(|flow| flow.word(2))?;
    let (rule, action) = (command.word(3), command.word(4));
    check_action(transaction, &action.value).map_err(|flow| flow.word(4))?;
    let (reroute, jump) = (action.value == "reroute", action.value == "jump");
    if jump && command.len() < 6 {
        return Err(Flow::from("Chain name is required when action is jump.").word(4));
    }
    if reroute && command.len() < 6 {
        return Err(Flow::from("Nexthop is required when action is reroute.").word(4));
    }
    let own = transaction.store.referred(router, "policies").into_iter();
    let chain = command.value("--chain");
    let mut own = own.filter(|policy| {
        is(transaction, *policy, priority, &rule.value) && in_chain(transaction, *policy, chain)
    });
    if own.next().is_some() {
        if command.has("--may-exist") {
            return Ok(());
        }
        let name = command.text(1);
        return Err(
            format!("Same routing policy already existed on the logical router {name}.").into(),
        );
    }
    let nexthops = if reroute {
        nexthops(command.text(5)).map_err(|flow| flow.word(5))?
    } else {
        Vec::new()
    };
    let output = output_port(transaction, command)?;
    let policy = create(transaction, command, priority, &nexthops);
    let from = if reroute || jump { 6 } else { 5 };
    options(transaction, command, policy, from)?;
    let place = transaction.place.clone();
    if let Some(chain) = chain {
        transaction.set_text(policy, "chain", chain, place.as_ref());
    }
    if jump {
        let chain = command.word(5);
        transaction.set_text(policy, "jump_chain", &chain.value, chain.place.as_ref());
    }
    if let Some(port) = output {
        transaction.set_rows(policy, "output_port", &[port]);
    }
    transaction.join_later(router, "policies", policy, Side::In);
    if command.has("--bfd") {
        if !reroute {
            return Err("BFD is valid only with reroute action.".into());
        }
        sessions(transaction, router, policy, &nexthops)?;
    }
    Ok(())
}

fn check_action(transaction: &Transaction, action: &str) -> Done {
    let jumps = transaction.at_least(&[25, 3]);
    if ["allow", "drop", "reroute"].contains(&action) || jumps && action == "jump" {
        return Ok(());
    }
    let known = if jumps {
        "\"allow\", \"drop\", \"reroute\", \"jump\""
    } else {
        "\"allow\", \"drop\", and \"reroute\""
    };
    Err(format!("{action}: action must be one of {known}").into())
}

/// Whether a policy is in a chain; without one, whether it is in that which every packet goes through.
fn in_chain(transaction: &Transaction, policy: RowId, chain: Option<&str>) -> bool {
    let own = transaction.store.one_text(policy, "chain", None);
    own.unwrap_or_default() == chain.unwrap_or_default()
}

/// The port of `--output-port`.
fn output_port(transaction: &mut Transaction, command: &Command) -> Result<Option<RowId>, Flow> {
    let Some(name) = command.value("--output-port") else {
        return Ok(None);
    };
    let Some(port) = record::find(transaction, ROUTER_PORT, name)? else {
        let message = format!("unknown output-port: {name}");
        return Err(transaction.missing(ROUTER_PORT.table, message));
    };
    if command.text(4) != "reroute" {
        let message = "Specifying output-port is only allowed for reroute policies.";
        return Err(message.into());
    }
    Ok(Some(port))
}

fn create(
    transaction: &mut Transaction,
    command: &Command,
    priority: i64,
    nexthops: &[IpAddr],
) -> RowId {
    let (rule, action) = (command.word(3), command.word(4));
    let policy = transaction.create("Logical_Router_Policy");
    let place = command.word(2).place.clone();
    transaction.set_at(
        policy,
        "priority",
        record::integer(priority),
        place.as_ref(),
    );
    transaction.set_text(policy, "match", &rule.value, rule.place.as_ref());
    transaction.set_text(policy, "action", &action.value, action.place.as_ref());
    if !nexthops.is_empty() {
        let mut texts: Vec<_> = nexthops
            .iter()
            .map(|hop| Atom::Text(hop.to_string().into()))
            .collect();
        texts.sort();
        texts.dedup();
        let place = command.word(5).place.clone();
        transaction.set_at(policy, "nexthops", Datum::Set(texts), place.as_ref());
    }
    policy
}

fn is(transaction: &Transaction, policy: RowId, priority: i64, rule: &str) -> bool {
    let store = &transaction.store;
    store.integer(policy, "priority") == Some(priority) && store.text(policy, "match") == rule
}

fn nexthops(text: &str) -> Result<Vec<IpAddr>, Flow> {
    let hops = text
        .split(',')
        .filter(|hop| !hop.is_empty())
        .map(address::address);
    let Some(hops) = hops.collect::<Option<Vec<IpAddr>>>() else {
        return Err(format!("bad next hop argument: {text}").into());
    };
    if hops
        .windows(2)
        .any(|pair| pair[0].is_ipv4() != pair[1].is_ipv4())
    {
        return Err(format!("bad next hops argument, not in the same addr family : {text}").into());
    }
    Ok(hops)
}

fn options(transaction: &mut Transaction, command: &Command, policy: RowId, from: usize) -> Done {
    for at in from..command.len() {
        let (key, value) = command
            .text(at)
            .split_once('=')
            .unwrap_or((command.text(at), ""));
        if value.is_empty() {
            let message = format!("No value specified for the option : {key}");
            return Err(Flow::from(message).word(at));
        }
    }
    transaction.set_map(policy, "options", &record::pairs(command, from));
    Ok(())
}

/// BFD sessions to every next hop, made where there are none.
fn sessions(transaction: &mut Transaction, router: RowId, policy: RowId, hops: &[IpAddr]) -> Done {
    let mut sessions = Vec::new();
    for hop in hops {
        let store = &transaction.store;
        let ports = store.referred(router, "ports").into_iter();
        let mut ports = ports.filter(|port| in_networks(transaction, *port, *hop));
        let Some(port) = ports.next() else {
            return Err(format!("out lrp not found for {hop} nexthop").into());
        };
        let (name, hop) = (store.text(port, "name").to_owned(), hop.to_string());
        let known = transaction.rows("BFD").into_iter().find(|row| {
            store.text(*row, "dst_ip") == hop && store.text(*row, "logical_port") == name
        });
        let session = known.unwrap_or_else(|| {
            let session = transaction.create("BFD");
            transaction.set_text(session, "dst_ip", &hop, None);
            transaction.set_text(session, "logical_port", &name, None);
            session
        });
        sessions.push(session);
    }
    if transaction.store.schema.tables[policy.table]
        .find("bfd_sessions")
        .is_some()
    {
        transaction.set_rows(policy, "bfd_sessions", &sessions);
    }
    Ok(())
}

/// Whether an address is in a network of a router port.
pub(super) fn in_networks(transaction: &Transaction, port: RowId, address: IpAddr) -> bool {
    let networks = transaction.store.texts(port, "networks");
    let networks = networks.into_iter().filter_map(address::network);
    networks
        .into_iter()
        .any(|network: Network| network.contains(address))
}

fn del(transaction: &mut Transaction, command: &Command) -> Done {
    let router = record::need_at(transaction, ROUTER, command, 1)?;
    let chain = command.value("--chain");
    if command.len() == 2 && chain.is_none() {
        transaction.set(router, "policies", none());
        return Ok(());
    }
    let mut policies = transaction.store.referred(router, "policies");
    if chain.is_some() || command.len() > 3 {
        policies.retain(|policy| in_chain(transaction, *policy, chain));
    }
    if command.len() == 2 {
        for policy in policies {
            transaction.join_later(router, "policies", policy, Side::Out);
        }
        return Ok(());
    }
    let wanted = command.text(2);
    let uuid = wanted.parse::<Uuid>().ok();
    // With a match, the tool takes a UUID for priority 0.
    let priority = match uuid {
        Some(_) => 0,
        None => record::priority(wanted).map_err(|flow| flow.word(2))?,
    };
    let chosen: Vec<RowId> = match (uuid, command.words.get(3)) {
        (_, Some(rule)) => {
            let mut same = policies
                .into_iter()
                .filter(|own| is(transaction, *own, priority, &rule.value));
            same.next().into_iter().collect()
        }
        (Some(uuid), None) => policies
            .into_iter()
            .filter(|own| own.uuid == uuid)
            .collect(),
        (None, None) => {
            let own = |row: &RowId| transaction.store.integer(*row, "priority") == Some(priority);
            policies.into_iter().filter(own).collect()
        }
    };
    if uuid.is_some() && command.len() == 3 && chosen.is_empty() && !command.has("--if-exists") {
        return Err(Flow::from("Logical router policy uuid is not found.").word(2));
    }
    for policy in chosen {
        transaction.join_later(router, "policies", policy, Side::Out);
    }
    Ok(())
}
