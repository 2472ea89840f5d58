//! `ip`: interfaces, addresses and routes, with the abbreviations of iproute2.

mod address;
mod link;
mod route;

use crate::read::script::Word;

use super::{Act, Family, Name, invalid, named, unpredicted};

/// The objects in the order in which iproute2 tries them: the first that starts with the word is meant.
const OBJECTS: [&str; 33] = [
    "address",
    "addrlabel",
    "maddress",
    "route",
    "rule",
    "neighbor",
    "neighbour",
    "ntable",
    "ntbl",
    "link",
    "l2tp",
    "fou",
    "ila",
    "macsec",
    "tunnel",
    "tunl",
    "tuntap",
    "tap",
    "token",
    "tcpmetrics",
    "tcp_metrics",
    "monitor",
    "xfrm",
    "mroute",
    "mrule",
    "netns",
    "netconf",
    "vrf",
    "sr",
    "nexthop",
    "mptcp",
    "ioam",
    "help",
];

/// What stands before the object.
struct Options {
    family: Family,
    /// Why the rest says nothing of the node.
    elsewhere: Option<Act>,
}

/// What a command line does.
pub fn acts(words: &[Word]) -> Vec<Act> {
    let mut options = Options {
        family: Family::Any,
        elsewhere: None,
    };
    let mut at = 0;
    while let Some(option) = words.get(at).and_then(|word| word.text.strip_prefix('-')) {
        let value = words.get(at + 1).map(|word| word.text.as_str());
        at += 1 + options.read(option.strip_prefix('-').unwrap_or(option), value);
    }
    if let Some(act) = options.elsewhere {
        return vec![act];
    }
    let Some(object) = words.get(at) else {
        return vec![Act::Reads];
    };
    let rest = &words[at + 1..];
    let Some(known) = first(&OBJECTS, &object.text) else {
        let message = format!("Object \"{}\" is unknown, try \"ip help\".", object.text);
        return vec![invalid(message)];
    };
    match known {
        "address" => address::acts(rest, options.family),
        "link" => link::acts(rest),
        "route" => vec![route::act(rest)],
        "tuntap" | "tap" => vec![tap(rest)],
        "help" | "monitor" | "ntable" | "ntbl" | "netconf" => vec![Act::Reads],
        "neighbor" | "neighbour" => vec![neighbour(rest)],
        "netns" => vec![namespace(rest)],
        _ => vec![other(known, rest)],
    }
}

impl Options {
    /// Tells how many words its value takes.
    fn read(&mut self, option: &str, value: Option<&str>) -> usize {
        let is = |name: &str| !option.is_empty() && name.starts_with(option);
        match option {
            "4" => self.family = Family::Inet,
            "6" => self.family = Family::Inet6,
            _ if is("family") => {
                match value {
                    Some("inet") => self.family = Family::Inet,
                    Some("inet6") => self.family = Family::Inet6,
                    _ => {}
                }
                return 1;
            }
            _ if is("netns") => {
                let name = value.unwrap_or_default();
                self.elsewhere = Some(unpredicted(format!(
                    "what is in the network namespace `{name}`"
                )));
                return 1;
            }
            _ if is("batch") => {
                self.elsewhere = Some(unpredicted("the commands that `ip` reads from a file"));
                return 1;
            }
            _ if is("Version") || is("help") && option != "h" => self.elsewhere = Some(Act::Reads),
            _ if is("loops") || (option.len() > 1 && is("rcvbuf")) => return 1,
            _ => {}
        }
        0
    }
}

/// The first of these names that starts with a word, as iproute2 looks for it.
fn first<'a>(names: &[&'a str], word: &str) -> Option<&'a str> {
    let matches = |name: &&&str| !word.is_empty() && name.starts_with(word);
    names.iter().find(matches).copied()
}

/// The value behind a keyword.
fn behind(words: &[Word], keyword: &str) -> Option<Name> {
    let at = words.iter().position(|word| word.text == keyword)?;
    words.get(at + 1).map(named)
}

/// The refusal of a command that is none of an object's.
fn unknown(object: &str, command: &str) -> Act {
    invalid(format!(
        "Command \"{command}\" is unknown, try \"ip {object} help\"."
    ))
}

fn tap(words: &[Word]) -> Act {
    let command = words.first().map_or("show", |word| word.text.as_str());
    let interface = behind(words, "dev").or_else(|| words.get(1).map(named));
    match (
        first(&["add", "delete", "show", "list", "lst", "help"], command),
        interface,
    ) {
        (Some("show" | "list" | "lst" | "help"), _) => Act::Reads,
        (Some("add"), Some(interface)) => Act::LinkAdded {
            interface,
            kind: "tun".to_owned(),
        },
        (Some("delete"), Some(interface)) => Act::LinkDeleted { interface },
        (Some(_), None) => unpredicted("which tap interface is meant"),
        _ => unknown("tuntap", command),
    }
}

fn neighbour(words: &[Word]) -> Act {
    let names = [
        "add", "change", "chg", "replace", "delete", "get", "show", "list", "lst", "flush", "help",
    ];
    let command = words.first().map_or("show", |word| word.text.as_str());
    match first(&names, command) {
        Some("get" | "show" | "list" | "lst" | "help") => Act::Reads,
        // The neighbour is asked again.
        Some("flush" | "delete") => Act::Harmless,
        Some(_) => unpredicted("whether the neighbour has the MAC address that is set by hand"),
        None => unknown("neigh", command),
    }
}

fn namespace(words: &[Word]) -> Act {
    let names = [
        "list", "show", "lst", "list-id", "help", "add", "set", "delete", "identify", "pids",
        "exec", "monitor", "attach",
    ];
    let command = words.first().map_or("show", |word| word.text.as_str());
    match first(&names, command) {
        Some("delete") => unpredicted("which interfaces go with the network namespace"),
        Some("exec") => unpredicted("what is in the network namespace"),
        Some("add" | "set" | "attach") => Act::Harmless,
        Some(_) => Act::Reads,
        None => unknown("netns", command),
    }
}

/// Objects of which only reading is told from changing.
fn other(object: &str, words: &[Word]) -> Act {
    let command = words.first().map_or("show", |word| word.text.as_str());
    match first(&["show", "list", "lst", "help", "get"], command) {
        Some(_) => Act::Reads,
        None => unpredicted(format!("what `ip {object} {command}` does to packets")),
    }
}
