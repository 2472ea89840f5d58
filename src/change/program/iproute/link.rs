//! `ip link`.

use crate::read::script::Word;
use crate::source::Spanned;

use super::super::{Act, Name, invalid, named, unpredicted};
use super::{behind, first, unknown};

/// In the order in which iproute2 tries them.
const COMMANDS: [&str; 12] = [
    "add", "set", "change", "replace", "delete", "show", "list", "lst", "xstats", "afstats",
    "property", "help",
];

/// Keywords of `set`, which may be cut short down to three letters, and how many values each takes.
const KEYWORDS: [(&str, usize); 26] = [
    ("address", 1),
    ("broadcast", 1),
    ("brd", 1),
    ("txqueuelen", 1),
    ("qlen", 1),
    ("txqlen", 1),
    ("multicast", 1),
    ("allmulticast", 1),
    ("promisc", 1),
    ("trailers", 1),
    ("arp", 1),
    ("carrier", 1),
    ("master", 1),
    ("vrf", 1),
    ("nomaster", 0),
    ("dynamic", 1),
    ("alias", 1),
    ("addrgenmode", 1),
    ("protodown", 1),
    ("protodown_reason", 2),
    ("gso_max_size", 1),
    ("gso_max_segs", 1),
    ("gro_max_size", 1),
    ("link-netns", 1),
    ("link-netnsid", 1),
    ("mode", 1),
];

/// What a command line does.
pub fn acts(words: &[Word]) -> Vec<Act> {
    let Some((command, rest)) = words.split_first() else {
        return vec![Act::Reads];
    };
    match first(&COMMANDS, &command.text) {
        Some("show" | "list" | "lst" | "xstats" | "afstats" | "help") => vec![Act::Reads],
        Some("property") => vec![Act::Harmless],
        Some("delete") => vec![delete(rest)],
        Some("add") => add(rest),
        Some("set" | "change") => set(rest),
        Some(_) => vec![unpredicted("whether the interface is there already")],
        None => vec![unknown("link", &command.text)],
    }
}

fn delete(words: &[Word]) -> Act {
    if let Some(group) = behind(words, "group") {
        return unpredicted(format!("which interfaces are in the group {}", group.value));
    }
    let plain = || words.first().filter(|word| word.text != "dev").map(named);
    match behind(words, "dev").or_else(plain) {
        Some(interface) => Act::LinkDeleted { interface },
        None => no_interface(),
    }
}

fn no_interface() -> Act {
    invalid("Not enough information: \"dev\" argument is required.")
}

/// `add … [name] NAME … type TYPE …`
fn add(words: &[Word]) -> Vec<Act> {
    let Some(at) = words.iter().position(|word| word.text == "type") else {
        return vec![invalid(
            "Not enough information: \"type\" argument is required",
        )];
    };
    let Some(kind) = words.get(at + 1) else {
        return vec![invalid("Command line is not complete. Try option \"help\"")];
    };
    let (mut name, mut acts) = (None, Vec::new());
    let mut master = None;
    let mut before = words[..at].iter();
    while let Some(word) = before.next() {
        match word.text.as_str() {
            "name" | "dev" => name = before.next().map(named),
            "master" => master = before.next().map(named),
            "link" | "address" | "mtu" | "index" | "txqueuelen" | "broadcast" | "numtxqueues"
            | "numrxqueues" | "netns" | "parentdev" => _ = before.next(),
            "up" => {}
            _ => name = Some(named(word)),
        }
    }
    let Some(interface) = name else {
        return vec![unpredicted("what the new interface is called")];
    };
    let behind_type = &words[at + 2..];
    let added = |interface| Act::LinkAdded {
        interface,
        kind: kind.text.clone(),
    };
    acts.push(added(interface.clone()));
    // The other end of a pair is named behind `peer`.
    if kind.text == "veth"
        && let Some(peer) = behind(behind_type, "peer")
    {
        let peer = match peer.value.as_str() {
            "name" => behind(behind_type, "name"),
            _ => Some(peer),
        };
        acts.extend(peer.map(added));
    }
    if let Some(master) = master {
        acts.push(Act::Enslaved { interface, master });
    }
    acts
}

/// What `set` is to do, before it is known to which interface.
enum Setting {
    Up,
    Down,
    Name(Name),
    Master(Name),
    NoMaster,
    Namespace(Name),
    Mac(Name),
    Mtu(Name),
    Harmless,
    Unsure(String),
}

fn set(words: &[Word]) -> Vec<Act> {
    let (mut interface, mut settings) = (None, Vec::new());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let value = words.get(at + 1).map(named);
        at += 1;
        let keyword = keyword(&word.text);
        let takes = match word.text.as_str() {
            "up" | "down" => 0,
            "dev" | "name" | "mtu" | "netns" | "group" => 1,
            // What follows is all about the type, the virtual function or the program.
            "type" | "vf" | "xdp" | "xdpgeneric" | "xdpdrv" | "xdpoffload" => {
                let why = format!("what is set with `{}`", word.text);
                settings.push(Setting::Unsure(why));
                break;
            }
            _ if keyword.is_none() && interface.is_some() => {
                return vec![invalid(format!(
                    "either \"dev\" is duplicate, or \"{}\" is a garbage.",
                    word.text
                ))];
            }
            _ => keyword.map_or(0, |(_, takes)| takes),
        };
        at += takes;
        let name = keyword.map_or(word.text.as_str(), |(name, _)| name);
        match (name, value) {
            (_, None) if takes > 0 => {
                return vec![invalid("Command line is not complete. Try option \"help\"")];
            }
            ("dev", value) => interface = value,
            ("group", Some(group)) if interface.is_none() => {
                let why = format!("which interfaces are in the group {}", group.value);
                return vec![unpredicted(why)];
            }
            (name, value) => match setting(name, value) {
                Some(setting) => settings.push(setting),
                None => interface = Some(named(word)),
            },
        }
    }
    let Some(interface) = interface else {
        return vec![no_interface()];
    };
    let acts: Vec<Act> = settings
        .into_iter()
        .map(|setting| setting.on(&interface))
        .collect();
    if acts.is_empty() {
        vec![Act::Harmless]
    } else {
        acts
    }
}

fn keyword(text: &str) -> Option<(&'static str, usize)> {
    let means = |(name, _): &&(&'static str, usize)| {
        *name == text || (text.len() > 2 && name.starts_with(text))
    };
    KEYWORDS.iter().find(means).copied()
}

/// A keyword and its value; `None`: it is none, but the interface.
fn setting(name: &str, value: Option<Name>) -> Option<Setting> {
    Some(match (name, value) {
        ("up", _) => Setting::Up,
        ("down", _) => Setting::Down,
        ("nomaster", _) => Setting::NoMaster,
        ("name", Some(value)) => Setting::Name(value),
        ("master" | "vrf", Some(value)) => Setting::Master(value),
        ("netns", Some(value)) => Setting::Namespace(value),
        ("address", Some(value)) => Setting::Mac(value),
        ("mtu", Some(value)) => Setting::Mtu(value),
        ("arp" | "carrier" | "multicast" | "allmulticast", Some(value)) if value.value == "on" => {
            Setting::Harmless
        }
        ("protodown", Some(value)) if value.value == "off" => Setting::Harmless,
        ("arp" | "carrier" | "multicast" | "protodown", Some(value)) => {
            Setting::Unsure(format!("what `{name} {}` does to packets", value.value))
        }
        (name, _) if name == "group" || KEYWORDS.iter().any(|(known, _)| *known == name) => {
            Setting::Harmless
        }
        _ => return None,
    })
}

impl Setting {
    fn on(self, interface: &Name) -> Act {
        let interface = interface.clone();
        match self {
            Self::Up => Act::LinkUp { interface },
            Self::Down => Act::LinkDown { interface },
            Self::Name(name) => Act::Renamed { interface, name },
            Self::Master(master) => Act::Enslaved { interface, master },
            Self::NoMaster => Act::Released { interface },
            Self::Namespace(namespace) => Act::LinkMoved {
                interface,
                namespace,
            },
            Self::Mac(address) => Act::MacChanged { interface, address },
            Self::Mtu(mtu) => match mtu.value.parse() {
                Ok(number) => Act::MtuChanged {
                    interface,
                    mtu: Spanned::new(number, mtu.place),
                },
                Err(_) => invalid(format!(
                    "argument \"{}\" is wrong: Invalid \"mtu\" value",
                    mtu.value
                )),
            },
            Self::Harmless => Act::Harmless,
            Self::Unsure(why) => unpredicted(format!("{why} on {}", interface.value)),
        }
    }
}
