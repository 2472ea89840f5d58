//! ACLs and QoS rules: `acl-add`, `qos-add` and the like.

use crate::read::ovsdb::datum::{Atom, Datum, Uuid};

use super::super::Word;
use super::super::address;
use super::super::generic::set_column;
use super::super::parse::Command;
use super::super::store::RowId;
use super::super::transaction::flow::{Done, Flow};
use super::super::transaction::{Side, Transaction};
use super::functions::GROUP;
use super::record::{self, PORT_GROUP, SWITCH};
use super::switch_ports::none;

pub(super) fn run(transaction: &mut Transaction, command: &Command) -> Result<bool, Flow> {
    match command.syntax.name {
        "acl-add" => add_acl(transaction, command),
        "acl-list" => holder(transaction, command).map(|_| ()),
        "acl-del" => del_acl(transaction, command),
        "qos-add" => add_qos(transaction, command),
        "qos-del" => del_qos(transaction, command),
        _ => return Ok(false),
    }?;
    Ok(true)
}

/// The switch or the port group that holds the ACLs.
fn holder(transaction: &mut Transaction, command: &Command) -> Result<RowId, Flow> {
    let name = command.text(1);
    match command.value("--type") {
        Some("port-group") => return record::need_at(transaction, PORT_GROUP, command, 1),
        Some("switch") => return record::need_at(transaction, SWITCH, command, 1),
        Some(other) => return Err(format!("Invalid value '{other}' for option --type").into()),
        None => {}
    }
    let group = record::find(transaction, PORT_GROUP, name)?;
    let switch = record::find(transaction, SWITCH, name).map_err(|flow| flow.word(1))?;
    match (group, switch) {
        (Some(row), None) | (None, Some(row)) => Ok(row),
        (Some(_), Some(_)) => Err(format!(
            "Same name '{name}' exists in both port-groups and logical switches. Specify --type=port-group or switch, or use a UUID."
        )
        .into()),
        (None, None) => {
            let message = format!("'{name}' is not found for port-group or switch.");
            Err(transaction.missing("Logical_Switch", message).word(1))
        }
    }
}

const ACTIONS: [&str; 6] = [
    "allow",
    "allow-related",
    "allow-stateless",
    "drop",
    "reject",
    "pass",
];

const SEVERITIES: [&str; 5] = ["alert", "warning", "notice", "info", "debug"];

fn add_acl(transaction: &mut Transaction, command: &Command) -> Done {
    let holder = holder(transaction, command)?;
    let direction = record::direction(command.text(2)).map_err(|flow| flow.word(2))?;
    let priority = record::priority(command.text(3)).map_err(|flow| flow.word(3))?;
    let (rule, action) = (command.word(4), command.word(5));
    check_action(transaction, &action.value).map_err(|flow| flow.word(5))?;
    let acl = transaction.create("ACL");
    let place = |at: usize| command.word(at).place.clone();
    transaction.set_at(
        acl,
        "priority",
        record::integer(priority),
        place(3).as_ref(),
    );
    transaction.set_text(acl, "direction", direction, place(2).as_ref());
    transaction.set_text(acl, "match", &rule.value, place(4).as_ref());
    transaction.set_text(acl, "action", &action.value, place(5).as_ref());
    log_options(transaction, command, acl)?;
    samples(transaction, command, acl)?;
    label(transaction, command, acl)?;
    if direction == "from-lport" && command.has("--apply-after-lb") {
        let entry = ("apply-after-lb".to_owned(), "true".to_owned(), None);
        transaction.set_map(acl, "options", &[entry]);
    }
    tier(transaction, command, acl)?;
    let known = transaction.store.referred(holder, "acls").into_iter();
    if known.into_iter().any(|own| same_acl(transaction, own, acl)) {
        if command.has("--may-exist") {
            return Ok(());
        }
        return Err(format!("Same ACL already existed on the ls {}.", command.text(1)).into());
    }
    // Before there were groups the word was accepted, and passed over.
    if command.len() > 6 && transaction.at_least(&[26, 3]) {
        let group = record::need_at(transaction, GROUP, command, 6)?;
        transaction.set_rows(acl, "network_function_group", &[group]);
    }
    transaction.join_later(holder, "acls", acl, Side::In);
    Ok(())
}

fn check_action(transaction: &Transaction, action: &str) -> Done {
    let passes = transaction.at_least(&[23, 6]);
    if ACTIONS.contains(&action) && (passes || action != "pass") {
        return Ok(());
    }
    // No release names `pass` here.
    Err(format!(
        "{action}: action must be one of \"allow\", \"allow-related\", \"allow-stateless\", \"drop\", and \"reject\""
    )
    .into())
}

fn log_options(transaction: &mut Transaction, command: &Command, acl: RowId) -> Done {
    let logs = ["--log", "--severity", "--name", "--meter"];
    if logs.iter().any(|option| command.has(option)) {
        transaction.set(acl, "log", Datum::one(Atom::Boolean(true)));
    }
    if let Some(severity) = command.value("--severity") {
        if !SEVERITIES.contains(&severity) {
            return Err(format!("bad severity: {severity}").into());
        }
        transaction.set_text(acl, "severity", severity, None);
    }
    for (option, column) in [("--name", "name"), ("--meter", "meter")] {
        if let Some(text) = command.value(option) {
            transaction.set_text(acl, column, text, None);
        }
    }
    Ok(())
}

fn samples(transaction: &mut Transaction, command: &Command, acl: RowId) -> Done {
    for (option, column) in [
        ("--sample-new", "sample_new"),
        ("--sample-est", "sample_est"),
    ] {
        let Some(text) = command.value(option) else {
            continue;
        };
        let word = Word::from(format!("{column}={text}").as_str());
        set_column(transaction, acl, &word)
            .map_err(|message| format!("invalid {option}: {message}"))?;
    }
    Ok(())
}

fn label(transaction: &mut Transaction, command: &Command, acl: RowId) -> Done {
    let Some(text) = command.value("--label") else {
        return Ok(());
    };
    if !["allow", "allow-related"].contains(&command.text(5)) {
        let message = "label can only be set with actions \"allow\" or \"allow-related\"";
        return Err(message.into());
    }
    let label = address::leading_integer(text).filter(|label| (0..=4_294_967_295).contains(label));
    let Some(label) = label else {
        return Err(format!("{text}: label must in range 0...4294967295").into());
    };
    transaction.set(acl, "label", record::integer(label));
    Ok(())
}

fn tier(transaction: &mut Transaction, command: &Command, acl: RowId) -> Done {
    let Some(tier) = wanted_tier(command)? else {
        return Ok(());
    };
    if transaction.store.schema.tables[acl.table]
        .find("tier")
        .is_none()
    {
        return Err("'acl-add' command has no '--tier' option".into());
    }
    transaction.set(acl, "tier", record::integer(tier));
    Ok(())
}

fn wanted_tier(command: &Command) -> Result<Option<i64>, Flow> {
    let Some(text) = command.value("--tier") else {
        return Ok(None);
    };
    let tier = super::super::value::integer(text);
    tier.map(Some)
        .ok_or_else(|| format!("Invalid tier {text}").into())
}

fn same_acl(transaction: &Transaction, a: RowId, b: RowId) -> bool {
    let store = &transaction.store;
    let after = |row| store.one_text(row, "options", Some("apply-after-lb")) == Some("true");
    after(a) == after(b)
        && store.text(a, "direction") == store.text(b, "direction")
        && store.text(a, "match") == store.text(b, "match")
        && ["priority", "tier"]
            .iter()
            .all(|column| store.integer(a, column) == store.integer(b, column))
}

fn del_acl(transaction: &mut Transaction, command: &Command) -> Done {
    let holder = holder(transaction, command)?;
    let tier = wanted_tier(command)?;
    if command.len() == 2 && tier.is_none() {
        transaction.set(holder, "acls", none());
        return Ok(());
    }
    let direction = match command.words.get(2) {
        Some(word) => Some(record::direction(&word.value).map_err(|flow| flow.word(2))?),
        None => None,
    };
    let priority = match command.words.get(3) {
        Some(word) => Some(record::priority(&word.value).map_err(|flow| flow.word(3))?),
        None => None,
    };
    if command.len() == 4 {
        return Err("cannot specify priority without match".into());
    }
    let rule = command.words.get(4).map(|word| word.value.as_str());
    let store = &transaction.store;
    let chosen = |acl: &RowId| {
        tier.is_none_or(|tier| store.integer(*acl, "tier") == Some(tier))
            && direction.is_none_or(|direction| store.text(*acl, "direction") == direction)
            && priority.is_none_or(|priority| store.integer(*acl, "priority") == Some(priority))
            && rule.is_none_or(|rule| store.text(*acl, "match") == rule)
    };
    let acls: Vec<RowId> = store
        .referred(holder, "acls")
        .into_iter()
        .filter(chosen)
        .collect();
    for acl in acls {
        transaction.join_later(holder, "acls", acl, Side::Out);
    }
    Ok(())
}

/// The numbers of `qos-add`: name, least, greatest, and what to say otherwise.
const NUMBERS: [(&str, i64, i64, &str); 4] = [
    ("dscp", 0, 63, "dscp must be in the range 0...63"),
    ("mark", 0, i64::MAX, "mark must be a positive integer"),
    (
        "rate",
        1,
        4_294_967_295,
        "rate must be in the range 1...4294967295",
    ),
    (
        "burst",
        1,
        4_294_967_295,
        "burst must be in the range 1...4294967295",
    ),
];

fn add_qos(transaction: &mut Transaction, command: &Command) -> Done {
    let direction = record::direction(command.text(2)).map_err(|flow| flow.word(2))?;
    let priority = record::priority(command.text(3)).map_err(|flow| flow.word(3))?;
    let switch = record::need_at(transaction, SWITCH, command, 1)?;
    let marks = transaction.at_least(&[24, 3]);
    let mut given: [Option<i64>; 4] = [None; 4];
    for at in 5..command.len() {
        let (name, text) = command
            .text(at)
            .split_once('=')
            .unwrap_or((command.text(at), ""));
        let known = NUMBERS.iter().position(|number| number.0 == name);
        let known = known.filter(|_| command.text(at).contains('=') && (marks || name != "mark"));
        let Some(known) = known else {
            let more = if marks {
                "\"burst=\" and \"mark=\""
            } else {
                "and \"burst=\""
            };
            let message = format!(
                "{}: supported arguments are \"dscp=\", \"rate=\", {more}",
                command.text(at)
            );
            return Err(Flow::from(message).word(at));
        };
        let (_, low, high, message) = NUMBERS[known];
        let number = address::leading_integer(text).filter(|number| (low..=high).contains(number));
        let wrong = || Flow::from(format!("{text}: {message}")).word(at);
        given[known] = Some(number.ok_or_else(wrong)?);
    }
    let [dscp, mark, rate, burst] = given;
    let mark = mark.filter(|mark| *mark > 0);
    if dscp.or(mark).or(rate).is_none() {
        let mark = if marks { "\"mark\", " } else { "" };
        return Err(format!("Either {mark}\"rate\" and/or \"dscp\" must be specified").into());
    }
    let qos = transaction.create("QoS");
    let place = |at: usize| command.word(at).place.clone();
    transaction.set_at(
        qos,
        "priority",
        record::integer(priority),
        place(3).as_ref(),
    );
    transaction.set_text(qos, "direction", direction, place(2).as_ref());
    transaction.set_text(qos, "match", command.text(4), place(4).as_ref());
    let entry = |name: &str, number: Option<i64>| {
        number.map(|number| (Atom::Text(name.into()), Atom::Integer(number)))
    };
    let action = entry("dscp", dscp).into_iter().chain(entry("mark", mark));
    transaction.set(qos, "action", Datum::Map(action.collect()));
    let burst = burst.filter(|_| rate.is_some());
    let bandwidth = entry("burst", burst).into_iter().chain(entry("rate", rate));
    transaction.set(qos, "bandwidth", Datum::Map(bandwidth.collect()));
    let known = transaction.store.referred(switch, "qos_rules");
    if known.into_iter().any(|own| same_qos(transaction, own, qos)) {
        if command.has("--may-exist") {
            return Ok(());
        }
        return Err(format!("Same qos already existed on the ls {}.", command.text(1)).into());
    }
    transaction.join_later(switch, "qos_rules", qos, Side::In);
    Ok(())
}

fn same_qos(transaction: &Transaction, a: RowId, b: RowId) -> bool {
    let store = &transaction.store;
    ["direction", "match"]
        .iter()
        .all(|column| store.text(a, column) == store.text(b, column))
        && store.integer(a, "priority") == store.integer(b, "priority")
}

fn del_qos(transaction: &mut Transaction, command: &Command) -> Done {
    let switch = record::need_at(transaction, SWITCH, command, 1)?;
    let Some(first) = command.words.get(2) else {
        transaction.set(switch, "qos_rules", none());
        return Ok(());
    };
    let rules = transaction.store.referred(switch, "qos_rules");
    let chosen: Vec<RowId> = if let Ok(uuid) = first.value.parse::<Uuid>() {
        if command.len() > 3 {
            return Err(Flow::from("uuid must be the only argument").word(3));
        }
        let own: Vec<RowId> = rules.into_iter().filter(|rule| rule.uuid == uuid).collect();
        if own.is_empty() {
            return Err(Flow::from("uuid is not found").word(2));
        }
        own
    } else {
        let direction = record::direction(&first.value).map_err(|flow| flow.word(2))?;
        let store = &transaction.store;
        let of_direction = rules
            .into_iter()
            .filter(|rule| store.text(*rule, "direction") == direction);
        match (command.words.get(3), command.words.get(4)) {
            (None, _) => of_direction.collect(),
            (Some(priority), rule) => {
                let priority = record::priority(&priority.value).map_err(|flow| flow.word(3))?;
                let Some(rule) = rule else {
                    return Err("cannot specify priority without match".into());
                };
                let mut same = of_direction.filter(|own| {
                    store.integer(*own, "priority") == Some(priority)
                        && store.text(*own, "match") == rule.value
                });
                same.next().into_iter().collect()
            }
        }
    };
    for rule in chosen {
        transaction.join_later(switch, "qos_rules", rule, Side::Out);
    }
    Ok(())
}
