//! `ovn-sbctl`: what happens to the southbound database.

use crate::read::script::Word;

use super::options::{self, Stand};
use super::{Act, invalid, named, unpredicted};

/// Options whose value may be the next word.
const VALUED: [&str; 26] = [
    "--db",
    "--unixctl",
    "-u",
    "--wait",
    "--timeout",
    "-t",
    "--user",
    "--syslog-method",
    "--syslog-target",
    "--private-key",
    "-p",
    "--certificate",
    "-c",
    "--ca-cert",
    "-C",
    "--ssl-protocols",
    "--ssl-ciphers",
    "--bootstrap-ca-cert",
    "--format",
    "-f",
    "--data",
    "-d",
    "--max-column-width",
    "--columns",
    "--id",
    "--inactivity-probe",
];

/// Commands that only read, and those that do nothing.
const READING: [&str; 12] = [
    "show",
    "list",
    "find",
    "get",
    "lflow-list",
    "dump-flows",
    "count-flows",
    "get-connection",
    "get-ssl",
    "wait-until",
    "comment",
    "init",
];

/// Commands that write rows.
const WRITING: [&str; 10] = [
    "set",
    "add",
    "remove",
    "clear",
    "create",
    "destroy",
    "chassis-add",
    "lsp-bind",
    "lsp-unbind",
    "ip-multicast-flush",
];

/// What a command line does.
pub fn acts(words: &[Word]) -> Vec<Act> {
    let line = options::split(words, Stand::First, &VALUED);
    let informs = ["-h", "--help", "-V", "--version", "--commands", "--options"];
    if line.has(&informs) || line.has(&["--dry-run"]) {
        return vec![Act::Reads];
    }
    if line.words.is_empty() {
        let daemon = line.has(&["--detach"]);
        let refused = || invalid("missing command name (use --help for help)");
        return vec![if daemon { Act::Harmless } else { refused() }];
    }
    let commands = line.words.split(|word| word.text == "--");
    commands.filter_map(command).collect()
}

fn command(words: &[&Word]) -> Option<Act> {
    let start = words.iter().position(|word| !word.text.starts_with('-'))?;
    let (name, arguments) = (words[start].text.as_str(), &words[start + 1..]);
    Some(match name {
        _ if READING.contains(&name) => Act::Reads,
        "chassis-del" => match arguments {
            [chassis] => Act::ChassisDeleted {
                chassis: named(chassis),
            },
            _ => invalid("'chassis-del' command requires at least 1 arguments"),
        },
        "destroy" if is_chassis(arguments) => Act::ChassisDeleted {
            chassis: named(arguments[1]),
        },
        "set-connection" => {
            let is_target = |word: &&&Word| !word.text.starts_with("role=");
            let targets = arguments.iter().filter(is_target);
            Act::SouthboundConnections {
                targets: targets.map(|word| named(word)).collect(),
            }
        }
        "del-connection" => Act::SouthboundConnections {
            targets: Vec::new(),
        },
        "set-ssl" | "del-ssl" => unpredicted("whether the chassis trust the southbound database"),
        "set" if only_probes(arguments) => Act::Harmless,
        _ if WRITING.contains(&name) => {
            unpredicted("ovn-northd and ovn-controller own the southbound database and may undo it")
        }
        _ => invalid(format!("unknown command '{name}'; use --help for help")),
    })
}

/// Whether one chassis is named.
fn is_chassis(arguments: &[&Word]) -> bool {
    arguments.len() == 2 && arguments[0].text.eq_ignore_ascii_case("chassis")
}

/// Whether only the probe intervals of connections are set.
fn only_probes(arguments: &[&Word]) -> bool {
    let table = arguments.first().map(|word| word.text.to_ascii_lowercase());
    let is_connection =
        table.is_some_and(|table| table.starts_with("conn") && "connection".starts_with(&table));
    let mut columns = arguments.iter().skip(2).peekable();
    is_connection
        && columns.peek().is_some()
        && columns.all(|word| {
            let column = word.text.split('=').next().unwrap_or_default();
            matches!(column, "inactivity_probe" | "max_backoff")
        })
}
