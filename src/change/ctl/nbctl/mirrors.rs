//! Mirrors of ports.

use std::net::IpAddr;

use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::record::{self, MIRROR, SWITCH_PORT};
use super::switch_ports::none;

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "mirror-add" => add(transaction, command),
        "mirror-del" => del(transaction, command),
        "mirror-rule-add" => add_rule(transaction, command),
        "mirror-rule-del" => del_rules(transaction, command),
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

/// What a word means for a type.
fn kind(transaction: &Transaction, text: &str) -> Result<&'static str, Flow> {
    let (local, port) = (
        transaction.at_least(&[23, 6]),
        transaction.at_least(&[25, 9]),
    );
    if port && text.starts_with("lp") {
        return Ok("lport");
    }
    let (types, known): (&[&'static str], _) = match (local, port) {
        (false, _) => (&["gre", "erspan"], "\"gre\" or \"erspan\""),
        (true, false) => (
            &["gre", "erspan", "local"],
            "\"gre\", \"erspan\", or \"local\"",
        ),
        (true, true) => (
            &["gre", "erspan", "local"],
            "\"gre\", \"erspan\", or \"local\" or \"lport\"",
        ),
    };
    by_letter(text, types).ok_or_else(|| format!("{text}: type must be {known}").into())
}

/// Whether a rule has this priority and this match.
fn is_rule(transaction: &Transaction, rule: RowId, priority: i64, text: Option<&str>) -> bool {
    let store = &transaction.store;
    store.integer(rule, "priority") == Some(priority)
        && text.is_none_or(|text| store.text(rule, "match") == text)
}

fn add_rule(transaction: &mut Transaction, command: &Command) -> Done {
    let mirror = record::need_at(transaction, MIRROR, command, 1)?;
    let priority = record::priority(command.text(2)).map_err(|flow| flow.word(2))?;
    let (text, action) = (command.word(3), command.word(4));
    if !["mirror", "skip"].contains(&action.value.as_str()) {
        let action = &action.value;
        let message = format!("{action}: action must be one of \"mirror\", \"skip\"");
        return Err(Flow::from(message).word(4));
    }
    let rules = transaction.store.referred(mirror, "mirror_rules");
    let same = |rule: &RowId| {
        is_rule(transaction, *rule, priority, Some(&text.value))
            && transaction.store.text(*rule, "action") == action.value
    };
    if rules.iter().any(same) {
        let name = transaction.store.text(mirror, "name");
        return Err(format!("Same mirror-rule already exists on the mirror {name}.").into());
    }
    let rule = transaction.create("Mirror_Rule");
    let place = command.word(2).place.clone();
    transaction.set_at(rule, "priority", record::integer(priority), place.as_ref());
    transaction.set_text(rule, "match", &text.value, text.place.as_ref());
    transaction.set_text(rule, "action", &action.value, action.place.as_ref());
    transaction.join_later(mirror, "mirror_rules", rule, Side::In);
    Ok(())
}

fn del_rules(transaction: &mut Transaction, command: &Command) -> Done {
    let mirror = record::need_at(transaction, MIRROR, command, 1)?;
    let Some(priority) = command.words.get(2) else {
        transaction.set(mirror, "mirror_rules", none());
        return Ok(());
    };
    let priority = record::priority(&priority.value).map_err(|flow| flow.word(2))?;
    let text = command.words.get(3).map(|word| word.value.as_str());
    let mut rules = transaction.store.referred(mirror, "mirror_rules");
    rules.retain(|rule| is_rule(transaction, *rule, priority, text));
    for rule in rules {
        transaction.join_later(mirror, "mirror_rules", rule, Side::Out);
    }
    Ok(())
}

fn add(transaction: &mut Transaction, command: &Command) -> Done {
    let name = command.word(1);
    if !transaction.named("Mirror", &name.value).is_empty() {
        let message = format!("Mirror with {} name already exists.", name.value);
        return Err(Flow::from(message).word(1));
    }
    let kind = kind(transaction, command.text(2)).map_err(|flow| flow.word(2))?;
    let tunnelled = ["gre", "erspan"].contains(&kind);
    let mut at = 3;
    let mut index = -1;
    if tunnelled {
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
    let newer = transaction.at_least(&[23, 6]);
    let known = ["to-lport", "from-lport", "both"];
    let known = if newer { &known[..] } else { &known[..2] };
    let Some(direction) = by_letter(&filter.value, known) else {
        let known = if newer {
            "\"to-lport\", \"from-lport\", or \"both\""
        } else {
            "\"to-lport\" or \"from-lport\""
        };
        let message = format!("{}: selection must be {known}", filter.value);
        return Err(Flow::from(message).word(at));
    };
    // Unlike elsewhere, zeros in front are refused here.
    let is_address = sink.value.parse::<IpAddr>().is_ok();
    if tunnelled && !is_address {
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
