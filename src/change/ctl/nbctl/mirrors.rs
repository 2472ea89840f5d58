//! Mirrors of ports.

use std::net::IpAddr;

use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, MIRROR, SWITCH_PORT};

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "mirror-add" => add(transaction, command),
        "mirror-del" => del(transaction, command),
        "lsp-attach-mirror" => attach(transaction, command),
        "lsp-detach-mirror" => detach(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

/// A word of which the tool needs the first letter.
fn by_letter<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    let first = text.bytes().next()?;
    known
        .iter()
        .copied()
        .find(|known| known.as_bytes()[0] == first)
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    let name = command.word(1);
    if !transaction.named("Mirror", &name.value).is_empty() {
        let message = format!("Mirror with {} name already exists.", name.value);
        return Err(Flow::from(message).word(1));
    }
    let text = command.text(2);
    if text.starts_with("lp") {
        transaction.unsure("mirrors of the type lport");
        return Ok(());
    }
    let Some(kind) = by_letter(text, &["gre", "erspan", "local"]) else {
        let message = format!("{text}: type must be \"gre\", \"erspan\", or \"local\"");
        return Err(Flow::from(message).word(2));
    };
    let mut at = 3;
    let mut index = -1;
    if kind != "local" {
        index = command
            .words
            .get(at)
            .and_then(|word| super::super::value::integer(&word.value))
            .ok_or_else(|| Flow::from("Invalid Index").word(2))?;
        at += 1;
    }
    let (Some(filter), Some(sink)) = (command.words.get(at), command.words.get(at + 1)) else {
        return Err("a filter and a sink must be given".into());
    };
    let Some(direction) = by_letter(&filter.value, &["to-lport", "from-lport", "both"]) else {
        let message = format!(
            "{}: selection must be \"to-lport\", \"from-lport\", or \"both\"",
            filter.value
        );
        return Err(Flow::from(message).word(at));
    };
    // Unlike elsewhere, zeros in front are refused here.
    let is_address = sink.value.parse::<IpAddr>().is_ok();
    if kind != "local" && !is_address {
        let message = format!("Invalid sink ip: {}", sink.value);
        return Err(Flow::from(message).word(at + 1));
    }
    let mirror = transaction.create("Mirror");
    transaction.set_text(mirror, "name", &name.value, name.place.as_ref());
    transaction.set_text(mirror, "type", kind, command.word(2).place.as_ref());
    transaction.set(mirror, "index", record::integer(index));
    transaction.set_text(mirror, "filter", direction, filter.place.as_ref());
    transaction.set_text(mirror, "sink", &sink.value, sink.place.as_ref());
    Ok(())
}

fn del(transaction: &mut Transaction, command: &Command) -> Done {
    let mirrors: Vec<RowId> = match command.words.get(1) {
        None => transaction.rows("Mirror"),
        Some(name) => transaction.named("Mirror", &name.value),
    };
    for mirror in mirrors {
        transaction.delete(mirror);
    }
    Ok(())
}

fn attach(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let mirror = record::need_at(transaction, MIRROR, command, 2)?;
    if transaction
        .store
        .uuids(port, "mirror_rules")
        .contains(&mirror.uuid)
    {
        if command.has("--may-exist") {
            return Ok(());
        }
        let (mirror, port) = (transaction.store.text(mirror, "name"), command.text(1));
        let message = format!("mirror {mirror} is already attached to the logical port {port}.");
        return Err(Flow::from(message).word(2));
    }
    transaction.join_later(port, "mirror_rules", mirror, Side::In);
    Ok(())
}

fn detach(transaction: &mut Transaction, command: &Command) -> Done {
    let port = record::need_at(transaction, SWITCH_PORT, command, 1)?;
    let mirror = record::need_at(transaction, MIRROR, command, 2)?;
    transaction.join_later(port, "mirror_rules", mirror, Side::Out);
    Ok(())
}
