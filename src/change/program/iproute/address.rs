//! `ip address`.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::read::script::Word;
use crate::source::Spanned;

use super::super::{Act, Family, Name, invalid, named, unpredicted};
use super::{first, unknown};

/// In the order in which iproute2 tries them.
const COMMANDS: [&str; 13] = [
    "add", "change", "chg", "replace", "delete", "show", "list", "lst", "flush", "save",
    "showdump", "restore", "help",
];

/// Keywords that take a value.
const VALUED: [&str; 13] = [
    "peer",
    "remote",
    "broadcast",
    "brd",
    "anycast",
    "scope",
    "label",
    "metric",
    "priority",
    "preference",
    "valid_lft",
    "preferred_lft",
    "proto",
];

/// Keywords without a value.
const FLAGS: [&str; 5] = ["home", "nodad", "mngtmpaddr", "noprefixroute", "autojoin"];

/// What a command line does.
pub fn acts(words: &[Word], family: Family) -> Vec<Act> {
    let Some((command, rest)) = words.split_first() else {
        return vec![Act::Reads];
    };
    let act = match first(&COMMANDS, &command.text) {
        Some("show" | "list" | "lst" | "save" | "showdump" | "help") => Act::Reads,
        Some("add" | "change" | "chg" | "replace") => match one(rest) {
            Ok((interface, address)) => Act::AddressAdded { interface, address },
            Err(act) => act,
        },
        Some("delete") => match one(rest) {
            Ok((interface, address)) => Act::AddressRemoved { interface, address },
            Err(act) => act,
        },
        Some("flush") => flush(rest, family),
        Some(_) => unpredicted("which addresses are restored"),
        None => unknown("address", &command.text),
    };
    vec![act]
}

/// The interface and the address of one that is added or removed.
fn one(words: &[Word]) -> Result<(Name, Spanned<IpNet>), Act> {
    let (mut interface, mut address) = (None, None);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "dev" => interface = words.next().map(named),
            "local" => address = words.next(),
            text if VALUED.contains(&text) => _ = words.next(),
            text if FLAGS.contains(&text) => {}
            _ => address = Some(word),
        }
    }
    let Some(interface) = interface else {
        return Err(invalid(
            "Not enough information: \"dev\" argument is required.",
        ));
    };
    let Some(word) = address else {
        return Err(unpredicted(format!(
            "which address of {} is meant",
            interface.value
        )));
    };
    let parsed = word.text.parse::<IpNet>().ok();
    let parsed = parsed.or_else(|| word.text.parse::<IpAddr>().ok().map(IpNet::from));
    match parsed {
        Some(net) => Ok((interface, Spanned::new(net, word.place.clone()))),
        None if is_no_address(&word.text) => Err(invalid(format!(
            "any valid prefix is expected rather than \"{}\".",
            word.text
        ))),
        None => Err(unpredicted(format!("which address `{}` is", word.text))),
    }
}

/// Whether it has the four parts of an address, and one of them is too large. iproute2 takes fewer parts too.
fn is_no_address(text: &str) -> bool {
    let address = text.split('/').next().unwrap_or_default();
    let parts: Vec<Option<u32>> = address.split('.').map(|part| part.parse().ok()).collect();
    let known = parts.iter().flatten();
    parts.len() == 4 && known.clone().count() == 4 && known.into_iter().any(|part| *part > 255)
}

fn flush(words: &[Word], family: Family) -> Act {
    if words.is_empty() {
        return invalid("Flush requires arguments.");
    }
    let mut interface = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "dev" => interface = words.next().map(named),
            "scope" => match words.next().map(|scope| scope.text.as_str()) {
                Some("global" | "all") => {}
                _ => return unpredicted("which addresses have that scope"),
            },
            "to" | "label" | "up" | "dynamic" | "permanent" | "secondary" | "primary"
            | "temporary" | "deprecated" | "tentative" | "type" | "master" => {
                return unpredicted(format!("which addresses `{}` selects", word.text));
            }
            _ => interface = Some(named(word)),
        }
    }
    match interface {
        Some(interface) => Act::AddressesFlushed { interface, family },
        None => unpredicted("which interfaces lose their addresses"),
    }
}
