//! A command that changes nothing, or something that nothing of OVN looks at.

use std::collections::BTreeSet;

use crate::change::{CameTo, Change, Part, Step};
use crate::finding::words::{listed, nearest};
use crate::finding::{Finding, Findings, Level};
use crate::site::Node;
use crate::site::ovs::entry;

/// Forms that ask for what may be so already (`--may-exist`) are not meant, nor commands that only read.
pub fn check(change: &Change, found: &mut Findings) {
    for step in change.steps.iter().filter(|step| step.doubts.is_empty()) {
        let node = step
            .node
            .as_deref()
            .and_then(|name| change.before.node(name));
        for part in &step.parts {
            let (message, label) = match part.came_to {
                CameTo::Nothing if part.name == "init" => continue,
                CameTo::Nothing => (idle(change, step, part, node), "changes nothing"),
                CameTo::Change => match (
                    node.and_then(|node| unheard(step, part, node)),
                    unmapped(change, step, part),
                ) {
                    (Some(message), _) => (message, "OVN does not look at it"),
                    (None, Some(message)) => (message, "mapped on no chassis"),
                    (None, None) => continue,
                },
                CameTo::Fine => continue,
            };
            let subject = format!("{}/{}", step.subject(), part.typed());
            let finding = Finding::new(Level::Warning, subject, message, &part.place, label);
            found.push(finding.on(step.node.as_deref()));
        }
    }
}

/// Why a command changes nothing.
fn idle(change: &Change, step: &Step, part: &Part, node: Option<&Node>) -> String {
    let arguments: Vec<&str> = part.arguments.iter().map(String::as_str).collect();
    let owner = step.owner();
    match (part.name.as_str(), &arguments[..]) {
        (name, _) if step.commands() > 1 && !matches!(name, "add" | "create" | "destroy") => {
            format!(
                "`{}` comes to nothing on {owner}: it is so already, or the rest of the line undoes it",
                part.typed()
            )
        }
        ("add", [table, record, column, pair, ..]) => {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let old = node.and_then(|node| present(change, node, (table, column), key));
            match old.filter(|old| old != value) {
                Some(old) => format!(
                    "`add` keeps a key that is there, and {key} of {owner} stays `{old}`: `set {table} {record} {column}:{key}={value}` would change it"
                ),
                None => {
                    format!("`add` keeps what is there, and {column} of {owner} has {key} already")
                }
            }
        }
        ("lsp-set-type", [port, kind]) => format!("the type of {port} is {kind} already"),
        ("destroy", [table, record, ..]) => format!(
            "`destroy` leaves {record} in {table}: a row stays as long as another refers to it, and goes with the last"
        ),
        ("create", [table, ..]) => format!(
            "the row that `create` makes in {table} is gone at once: no other row refers to it"
        ),
        ("remove" | "clear", [_, ".", column, ..]) => {
            format!(
                "{column} of {owner} does not hold what `{}` takes away",
                part.name
            )
        }
        ("remove" | "clear", [_, record, column, ..]) => {
            format!(
                "{column} of {record} on {owner} does not hold what `{}` takes away",
                part.name
            )
        }
        _ => format!("`{}` asks of {owner} what is so already", part.typed()),
    }
}

/// The value of a key of `Open_vSwitch`, where no command of the script touches it.
fn present(
    change: &Change,
    node: &Node,
    (table, column): (&str, &str),
    key: &str,
) -> Option<String> {
    let is =
        |word: &str, name: &str| name.starts_with(&word.to_ascii_lowercase().replace('-', "_"));
    let (name, map) = match column {
        _ if !is(table, "open_vswitch") => return None,
        ids if is(ids, "external_ids") => ("external_ids", &node.ovs.external_ids),
        config if is(config, "other_config") => ("other_config", &node.ovs.other_config),
        _ => return None,
    };
    let value = entry(map, key);
    let value = value.seen().map(|value| value.value.clone());
    value.filter(|_| !change.touches(&node.name, name, key))
}

/// OVN speaks OpenFlow to the integration bridge only (facts O§2).
fn unheard(step: &Step, part: &Part, node: &Node) -> Option<String> {
    let mut changes = step.changes_of(part);
    let change = changes.find(|change| change.table == "Bridge" && change.column == "protocols")?;
    let bridge = node.ovs.bridge(&change.record)?;
    (node.hears_openflow(bridge) == Some(false)).then(|| {
        format!(
            "the protocols of {0} on {1} are nothing to OVN: ovn-controller speaks OpenFlow to {2} only, and {0} has no controller",
            &*bridge.name, node.name, node.integration_bridge()
        )
    })
}

/// A localnet port makes patch ports where its physnet is mapped, and nowhere else (facts O§6.3).
fn unmapped(change: &Change, step: &Step, part: &Part) -> Option<String> {
    let mut changes = step.changes_of(part);
    let option = changes.find(|change| change.is_key("options", "network_name"))?;
    let physnet = option.after.as_ref()?.to_text();
    let served = change.after.physnets_of_chassis();
    let names: BTreeSet<&str> = served.names.iter().map(|(name, _)| name.as_str()).collect();
    if !served.any_seen || !served.unseen.is_empty() || names.contains(physnet.as_str()) {
        return None;
    }
    let names: Vec<&str> = names.into_iter().collect();
    let hint = match nearest(&physnet, names.iter().copied()) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None if names.is_empty() => String::new(),
        None => format!("; mapped are {}", listed(&names)),
    };
    Some(format!(
        "{} joins its switch to nothing: no chassis maps `{physnet}`{hint}",
        option.record
    ))
}
