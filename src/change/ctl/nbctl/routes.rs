//! Static routes: `lr-route-add` and `lr-route-del`.

use crate::read::ovsdb::datum::Uuid;

use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, ROUTER, ROUTER_PORT};
use super::switch_ports::none;

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "lr-route-add" => add(transaction, command),
        "lr-route-del" => del(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

/// Whether `--policy` asks for a route by source.
fn by_source(command: &Command) -> Result<bool, Flow> {
    match command.value("--policy") {
        None | Some("dst-ip") => Ok(false),
        Some("src-ip") => Ok(true),
        Some(other) => Err(format!("bad policy: {other}").into()),
    }
}

/// What `lr-route-add` asks for.
struct Wanted<'a> {
    router: RowId,
    prefix: String,
    nexthop: String,
    port: Option<RowId>,
    by_source: bool,
    table: &'a str,
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    let router = record::need_at(transaction, ROUTER, command, 1)?;
    let by_source = by_source(command)?;
    let Some(network) = address::network(command.text(2)) else {
        let message = format!("bad prefix argument: {}", command.text(2));
        return Err(Flow::from(message).word(2));
    };
    let (nexthop, mut port) = nexthop(transaction, command, network)?;
    if command.len() == 5 {
        port = Some(record::need_at(transaction, ROUTER_PORT, command, 4)?);
    }
    let wanted = Wanted {
        router,
        prefix: network.normal(),
        nexthop,
        port,
        by_source,
        table: command.value("--route-table").unwrap_or_default(),
    };
    let session = session(transaction, command, &wanted)?;
    let symmetric = command.has("--ecmp-symmetric-reply");
    let ecmp = command.has("--ecmp") || symmetric;
    if wanted.nexthop == "discard" {
        check_discard(command, &wanted, ecmp)?;
    }
    let existing = find(
        transaction,
        &wanted,
        ecmp.then_some(wanted.nexthop.as_str()),
    );
    match existing {
        Some(route) if ecmp => {
            debug_assert!(transaction.store.contains(route), "it was just found");
            if command.has("--may-exist") {
                return Ok(());
            }
            return Err("duplicate nexthop for the same ECMP route".into());
        }
        Some(route) if !is_learned(transaction, route) => {
            return replace(transaction, command, &wanted, route, session);
        }
        _ => {}
    }
    if find(transaction, &wanted, Some("discard")).is_some() {
        return Err("discard nexthop for the same ECMP route exists.".into());
    }
    let route = transaction.create("Logical_Router_Static_Route");
    write(transaction, command, &wanted, route, session)?;
    if !wanted.table.is_empty() {
        let place = transaction.place.clone();
        transaction.set_text(route, "route_table", wanted.table, place.as_ref());
    }
    let options = [
        ("ecmp_symmetric_reply", symmetric),
        ("override-connected", command.has("--override-connected")),
    ];
    let options = options.into_iter().filter(|(_, given)| *given);
    let options: Vec<_> = options
        .map(|(name, _)| (name.to_owned(), "true".to_owned(), None))
        .collect();
    if !options.is_empty() {
        transaction.set_map(route, "options", &options);
    }
    transaction.join_later(router, "static_routes", route, Side::In);
    Ok(())
}

/// The next hop, and the port where it names one.
fn nexthop(
    transaction: &mut Transaction,
    command: &Command,
    prefix: address::Network,
) -> Result<(String, Option<RowId>), Flow> {
    let text = command.text(3);
    if text == "discard" {
        return Ok((text.to_owned(), None));
    }
    // Since 25.03 the families of prefix and next hop may differ.
    let any = transaction.at_least(&[25, 3]);
    let fits = |own: &std::net::IpAddr| any || own.is_ipv4() == prefix.address.is_ipv4();
    if let Some(nexthop) = address::address(text).filter(fits) {
        return Ok((nexthop.to_string(), None));
    }
    if let Some(port) = record::find(transaction, ROUTER_PORT, text)? {
        return Ok((String::new(), Some(port)));
    }
    let family = match (any, prefix.address.is_ipv4()) {
        (true, _) => "",
        (false, true) => "IPv4 ",
        (false, false) => "IPv6 ",
    };
    let message = format!("bad {family}nexthop argument: {text}");
    Err(transaction.missing("Logical_Router_Port", message).word(3))
}

fn check_discard(command: &Command, wanted: &Wanted, ecmp: bool) -> Done {
    if ecmp {
        return Err("ecmp is not valid for discard routes.".into());
    }
    if command.has("--bfd") {
        return Err("bfd dst_ip cannot be discard.".into());
    }
    if wanted.port.is_some() {
        return Err("outport is not valid for discard routes.".into());
    }
    Ok(())
}

/// The BFD session that `--bfd` means, where there is one already.
fn session(
    transaction: &Transaction,
    command: &Command,
    wanted: &Wanted,
) -> Result<Option<RowId>, Flow> {
    if !command.has("--bfd") {
        return Ok(None);
    }
    let table = transaction.table("BFD");
    if let Some(text) = command.value("--bfd") {
        let row = text.parse::<Uuid>().ok().map(|uuid| RowId { table, uuid });
        let row = row.filter(|row| transaction.store.contains(*row) && transaction.sees(*row));
        return row
            .map(Some)
            .ok_or_else(|| "no entry found in the BFD table".into());
    }
    let port = wanted.port.map(|port| transaction.store.text(port, "name"));
    // 23.03 does not read the ports of the sessions, and finds none by it.
    let reads_ports = transaction.at_least(&[25, 3]);
    let fits = |row: &RowId| {
        let on = |port| reads_ports && transaction.store.text(*row, "logical_port") == port;
        transaction.store.text(*row, "dst_ip") == wanted.nexthop && port.is_none_or(on)
    };
    Ok(transaction.rows("BFD").into_iter().find(fits))
}

/// A route to the same prefix; with a next hop, by that one.
fn find(transaction: &Transaction, wanted: &Wanted, nexthop: Option<&str>) -> Option<RowId> {
    let store = &transaction.store;
    let fits = |route: &RowId| {
        store.text(*route, "route_table") == wanted.table
            && (store.text(*route, "policy") == "src-ip") == wanted.by_source
            && address::normal_prefix(store.text(*route, "ip_prefix")).as_ref()
                == Some(&wanted.prefix)
            && nexthop.is_none_or(|nexthop| store.text(*route, "nexthop") == nexthop)
    };
    store
        .referred(wanted.router, "static_routes")
        .into_iter()
        .find(fits)
}

fn is_learned(transaction: &Transaction, route: RowId) -> bool {
    let learned = Some("ic-learned-route");
    transaction
        .store
        .one_text(route, "external_ids", learned)
        .is_some()
}

/// Gives an existing route another next hop.
fn replace(
    transaction: &mut Transaction,
    command: &Command,
    wanted: &Wanted,
    route: RowId,
    session: Option<RowId>,
) -> Done {
    if !command.has("--may-exist") {
        let policy = if wanted.by_source { "src-ip" } else { "dst-ip" };
        let message = format!(
            "duplicate prefix: {} (policy: {policy}). Use option --ecmp to allow this for ECMP routing.",
            wanted.prefix
        );
        return Err(Flow::from(message).word(2));
    }
    write(transaction, command, wanted, route, session)
}

fn write(
    transaction: &mut Transaction,
    command: &Command,
    wanted: &Wanted,
    route: RowId,
    session: Option<RowId>,
) -> Done {
    let place = command.word(2).place.clone();
    transaction.set_text(route, "ip_prefix", &wanted.prefix, place.as_ref());
    let place = command.word(3).place.clone();
    transaction.set_text(route, "nexthop", &wanted.nexthop, place.as_ref());
    let port = wanted
        .port
        .map(|port| transaction.store.text(port, "name").to_owned());
    if let Some(port) = &port {
        let place = command.words.last().and_then(|word| word.place.clone());
        transaction.set_text(route, "output_port", port, place.as_ref());
    }
    if let Some(policy) = command.value("--policy") {
        let place = transaction.place.clone();
        transaction.set_text(route, "policy", policy, place.as_ref());
    }
    if !command.has("--bfd") {
        return Ok(());
    }
    let session = match (session, port) {
        (Some(session), _) => session,
        (None, None) => return Err("insert entry in the BFD table failed".into()),
        (None, Some(port)) => {
            let session = transaction.create("BFD");
            transaction.set_text(session, "dst_ip", &wanted.nexthop, None);
            transaction.set_text(session, "logical_port", &port, None);
            session
        }
    };
    transaction.set_rows(route, "bfd", &[session]);
    Ok(())
}

/// Which routes `lr-route-del` means.
struct Chosen {
    prefix: Option<String>,
    nexthop: Option<String>,
    port: Option<String>,
    by_source: Option<bool>,
    table: String,
}

fn del(transaction: &mut Transaction, command: &Command) -> Done {
    let router = record::need_at(transaction, ROUTER, command, 1)?;
    let by_source = by_source(command)?;
    if command.len() == 2 && !command.has("--policy") {
        transaction.set(router, "static_routes", none());
        return Ok(());
    }
    let normal = |at: usize, what: &str| -> Result<Option<String>, Flow> {
        let Some(word) = command.words.get(at) else {
            return Ok(None);
        };
        if at == 3 && word.value == "discard" {
            return Ok(Some(word.value.clone()));
        }
        let bad = || Flow::from(format!("bad {what} argument: {}", word.value)).word(at);
        address::normal_prefix(&word.value)
            .map(Some)
            .ok_or_else(bad)
    };
    let chosen = Chosen {
        prefix: normal(2, "prefix")?,
        nexthop: normal(3, "nexthop")?,
        port: command.words.get(4).map(|word| word.value.clone()),
        by_source: command.has("--policy").then_some(by_source),
        table: command
            .value("--route-table")
            .unwrap_or_default()
            .to_owned(),
    };
    let routes = transaction
        .store
        .referred(router, "static_routes")
        .into_iter();
    let routes: Vec<RowId> = routes
        .filter(|route| is_chosen(transaction, *route, &chosen))
        .collect();
    if routes.is_empty() && !command.has("--if-exists") {
        let any = |text: Option<&String>| text.map_or("any", String::as_str).to_owned();
        return Err(format!(
            "no matching route: policy '{}', prefix '{}', nexthop '{}', output_port '{}'.",
            command.value("--policy").unwrap_or("any"),
            chosen.prefix.as_deref().unwrap_or("(null)"),
            any(chosen.nexthop.as_ref()),
            any(chosen.port.as_ref()),
        )
        .into());
    }
    for route in routes {
        for session in transaction.store.referred(route, "bfd") {
            transaction.delete(session);
        }
        transaction.join_later(router, "static_routes", route, Side::Out);
    }
    Ok(())
}

fn is_chosen(transaction: &Transaction, route: RowId, chosen: &Chosen) -> bool {
    let store = &transaction.store;
    let normal = |column| match store.text(route, column) {
        "discard" => Some("discard".to_owned()),
        text => address::normal_prefix(text),
    };
    let source = store.text(route, "policy") == "src-ip";
    chosen.by_source.is_none_or(|wanted| wanted == source)
        && (chosen.prefix.is_none() || normal("ip_prefix") == chosen.prefix)
        && (chosen.nexthop.is_none() || normal("nexthop") == chosen.nexthop)
        && store.text(route, "route_table") == chosen.table
        && chosen
            .port
            .as_deref()
            .is_none_or(|port| store.one_text(route, "output_port", None) == Some(port))
}
