//! `brctl`: Linux bridges.

use crate::read::script::Word;

use super::{Act, invalid, named, unpredicted};

/// What a command line does.
pub fn acts(words: &[Word]) -> Vec<Act> {
    let Some((command, arguments)) = words.split_first() else {
        return vec![invalid("never heard of command []")];
    };
    let command = command.text.as_str();
    match (command, arguments) {
        ("show" | "showmacs" | "showstp" | "--help" | "-h" | "--version" | "-V", _) => {
            vec![Act::Reads]
        }
        ("setageing" | "setgcint", [_, _]) => vec![Act::Harmless],
        ("addbr", [bridge]) => vec![Act::LinkAdded {
            interface: named(bridge),
            kind: "bridge".to_owned(),
        }],
        ("delbr", [bridge]) => vec![Act::LinkDeleted {
            interface: named(bridge),
        }],
        ("addif", [bridge, interfaces @ ..]) if !interfaces.is_empty() => {
            let enslaved = interfaces.iter().map(|interface| Act::Enslaved {
                interface: named(interface),
                master: named(bridge),
            });
            enslaved.collect()
        }
        ("delif", [_, interfaces @ ..]) if !interfaces.is_empty() => {
            let released = interfaces.iter().map(|interface| Act::Released {
                interface: named(interface),
            });
            released.collect()
        }
        ("addbr" | "delbr" | "addif" | "delif", _) => {
            vec![invalid("Incorrect number of arguments for command")]
        }
        _ => vec![unpredicted(format!(
            "what `brctl {command}` does to the Linux bridge"
        ))],
    }
}
