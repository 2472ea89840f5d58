//! Load balancers: `lb-add`, `ls-lb-add` and the like.

use super::super::address;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, BALANCER, Kind, ROUTER, SWITCH};
use super::switch_ports::none;

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "lb-add" => add(transaction, command),
        "lb-del" => del(transaction, command),
        "ls-lb-add" => attach(transaction, command, SWITCH),
        "ls-lb-del" => detach(transaction, command, SWITCH),
        "lr-lb-add" => attach(transaction, command, ROUTER),
        "lr-lb-del" => detach(transaction, command, ROUTER),
        _ => return Ok(false),
    }?;
    Ok(true)
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    if command.has("--reject") && command.has("--event") {
        return Err("--reject and --event can't specified at the same time".into());
    }
    let protocol = command.words.get(4);
    if let Some(word) =
        protocol.filter(|word| !["tcp", "udp", "sctp"].contains(&word.value.as_str()))
    {
        let message = format!(
            "{}: protocol must be one of \"tcp\", \"udp\",  or \"sctp\".",
            word.value
        );
        return Err(Flow::from(message).word(4));
    }
    if command.has("--template") {
        transaction.unsure("load balancer templates");
        return Ok(());
    }
    let vip = command.text(2);
    let Some(endpoint) = address::endpoint(vip) else {
        let message = format!(
            "{vip}: should be an IP address (or an IP address and a port number with : as a separator)."
        );
        return Err(Flow::from(message).word(2));
    };
    let backends = backends(command.text(3), endpoint).map_err(|flow| flow.word(3))?;
    if protocol.is_some() && endpoint.1.is_none() {
        return Err(Flow::from("Protocol is unnecessary when no port of vip is given.").word(4));
    }
    let vip = address::endpoint_text(endpoint);
    let existing = if command.has("--add-duplicate") {
        None
    } else {
        record::find(transaction, BALANCER, command.text(1)).map_err(|flow| flow.word(1))?
    };
    if let Some(balancer) = existing {
        return extend(transaction, command, balancer, (&vip, &backends));
    }
    create(transaction, command, (&vip, &backends));
    Ok(())
}

fn extend(
    transaction: &mut Transaction,
    command: &Command,
    balancer: RowId,
    (vip, backends): (&str, &str),
) -> Done {
    let known = transaction.store.one_text(balancer, "vips", Some(vip));
    if known.is_some() && !command.has("--may-exist") {
        let name = command.text(1);
        let message = format!("{name}: a load balancer with this vip ({vip}) already exists");
        return Err(Flow::from(message).word(2));
    }
    if let Some(protocol) = command.words.get(4) {
        let place = protocol.place.as_ref();
        transaction.set_text(balancer, "protocol", &protocol.value, place);
    }
    let place = command.word(3).place.clone();
    transaction.set_key(balancer, "vips", vip, Some(backends), place.as_ref());
    Ok(())
}

fn create(transaction: &mut Transaction, command: &Command, (vip, backends): (&str, &str)) {
    let balancer = transaction.create("Load_Balancer");
    let name = command.word(1);
    transaction.set_text(balancer, "name", &name.value, name.place.as_ref());
    let protocol = command.words.get(4);
    let text = protocol.map_or("tcp", |word| word.value.as_str());
    let place = protocol.and_then(|word| word.place.clone());
    transaction.set_text(balancer, "protocol", text, place.as_ref());
    let place = command.word(3).place.clone();
    transaction.set_key(balancer, "vips", vip, Some(backends), place.as_ref());
    let options = [
        ("--reject", "reject"),
        ("--event", "event"),
        ("--add-route", "add_route"),
    ];
    let options = options.iter().filter(|(option, _)| command.has(option));
    let options: Vec<_> = options
        .map(|(_, key)| ((*key).to_owned(), "true".to_owned(), None))
        .collect();
    transaction.set_map(balancer, "options", &options);
}

type Endpoint = (std::net::IpAddr, Option<u16>);

/// The backends as they are stored, each of the kind of the VIP.
fn backends(text: &str, front: Endpoint) -> Result<String, Flow> {
    let mut wrong = Vec::new();
    let mut backends = Vec::new();
    for word in text.split(',').filter(|word| !word.is_empty()) {
        let Some(backend) =
            address::endpoint(word).filter(|back| back.1.is_some() == front.1.is_some())
        else {
            wrong.push(match front.1 {
                Some(_) => format!(
                    "{word}: should be an IP address and a port number with : as a separator"
                ),
                None => format!("{word}: should be an IP address"),
            });
            continue;
        };
        if backend.0.is_ipv4() != front.0.is_ipv4() {
            wrong.push(format!(
                "{word}: IP address family is different from VIP {}",
                front.0
            ));
        }
        backends.push(address::endpoint_text(backend));
    }
    if wrong.is_empty() {
        return Ok(backends.join(","));
    }
    Err(format!("{}.", wrong.join(", ")).into())
}

fn del(transaction: &mut Transaction, command: &Command) -> Done {
    let found =
        record::find(transaction, BALANCER, command.text(1)).map_err(|flow| flow.word(1))?;
    let Some(balancer) = found else {
        return Ok(());
    };
    let Some(vip) = command.words.get(2) else {
        transaction.delete(balancer);
        return Ok(());
    };
    let vips = transaction.store.map(balancer, "vips");
    let known = vips.iter().any(|(own, _)| *own == vip.value);
    let last = known && vips.len() == 1;
    if last {
        transaction.delete(balancer);
    } else if known {
        transaction.set_key(balancer, "vips", &vip.value, None, vip.place.as_ref());
    } else if !command.has("--if-exists") {
        let message = format!("vip {} is not part of the load balancer.", vip.value);
        return Err(Flow::from(message).word(2));
    }
    Ok(())
}

fn held(transaction: &Transaction, holder: RowId, balancer: RowId) -> bool {
    transaction
        .store
        .uuids(holder, "load_balancer")
        .contains(&balancer.uuid)
}

fn attach(transaction: &mut Transaction, command: &Command, kind: Kind) -> Done {
    let holder = record::need_at(transaction, kind, command, 1)?;
    let balancer = record::need_at(transaction, BALANCER, command, 2)?;
    if held(transaction, holder, balancer) {
        if command.has("--may-exist") {
            return Ok(());
        }
        let uuid = balancer.uuid;
        let message = format!("{uuid} : a load balancer with this UUID already exists");
        return Err(Flow::from(message).word(2));
    }
    transaction.join_later(holder, "load_balancer", balancer, Side::In);
    Ok(())
}

fn detach(transaction: &mut Transaction, command: &Command, kind: Kind) -> Done {
    let holder = record::need_at(transaction, kind, command, 1)?;
    if command.len() == 2 {
        transaction.set(holder, "load_balancer", none());
        return Ok(());
    }
    let balancer = record::need_at(transaction, BALANCER, command, 2)?;
    if held(transaction, holder, balancer) {
        transaction.join_later(holder, "load_balancer", balancer, Side::Out);
    } else if !command.has("--if-exists") {
        let name = transaction.store.text(balancer, "name");
        let message = format!(
            "load balancer {name} is not part of any logical {}.",
            kind.noun
        );
        return Err(Flow::from(message).word(2));
    }
    Ok(())
}
