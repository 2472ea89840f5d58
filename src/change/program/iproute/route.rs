//! `ip route`.

use crate::read::script::Word;
use crate::source::Spanned;

use super::super::{Act, RouteChange, invalid, named, unpredicted};
use super::{behind, first, unknown};

/// In the order in which iproute2 tries them.
const COMMANDS: [&str; 16] = [
    "list", "show", "lst", "get", "add", "append", "change", "chg", "replace", "prepend", "test",
    "delete", "flush", "save", "restore", "help",
];

/// Kinds of routes that may stand before the destination.
const TYPES: [&str; 10] = [
    "unicast",
    "local",
    "broadcast",
    "multicast",
    "anycast",
    "throw",
    "unreachable",
    "blackhole",
    "prohibit",
    "nat",
];

/// What a command line does.
pub fn act(words: &[Word]) -> Act {
    let Some((command, rest)) = words.split_first() else {
        return Act::Reads;
    };
    let change = match first(&COMMANDS, &command.text) {
        Some("list" | "show" | "lst" | "get" | "save" | "help") => return Act::Reads,
        Some("add" | "append" | "prepend") => RouteChange::Added,
        Some("change" | "chg" | "replace") => RouteChange::Replaced,
        Some("delete") => RouteChange::Removed,
        Some("flush") if rest.is_empty() => {
            return invalid("\"ip route flush\" requires arguments.");
        }
        Some("flush") if rest.len() == 1 && rest[0].text == "cache" => return Act::Harmless,
        Some("flush") => return flushed(rest),
        Some(_) => return unpredicted("which routes are restored"),
        None => return unknown("route", &command.text),
    };
    let is_type = |word: &Word| TYPES.contains(&word.text.as_str());
    let start = usize::from(rest.first().is_some_and(is_type));
    let start = start + usize::from(rest.get(start).is_some_and(|word| word.text == "to"));
    let Some(destination) = rest.get(start) else {
        return unpredicted("a route without a destination");
    };
    let mut destination = named(destination);
    // `ip route add via …` is the default route.
    if matches!(
        destination.value.as_str(),
        "via" | "dev" | "nexthop" | "0/0" | "0.0.0.0/0" | "::/0" | "all" | "any"
    ) {
        "default".clone_into(&mut destination.value);
    }
    Act::RouteChanged {
        change,
        destination,
        interface: behind(rest, "dev"),
    }
}

fn flushed(selector: &[Word]) -> Act {
    let texts: Vec<&str> = selector.iter().map(|word| word.text.as_str()).collect();
    Act::RouteChanged {
        change: RouteChange::Flushed,
        destination: Spanned::new(texts.join(" "), selector[0].place.clone()),
        interface: behind(selector, "dev"),
    }
}
