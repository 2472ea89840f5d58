//! `ovs-ofctl`: what happens to the flows of a bridge.

use crate::read::script::Word;
use crate::source::Spanned;

use super::options::{self, Line, Stand};
use super::{Act, Name, invalid, named, unpredicted};

/// Options whose value may be the next word.
const VALUED: [&str; 18] = [
    "-O",
    "--protocols",
    "-F",
    "--flow-format",
    "-P",
    "--packet-in-format",
    "-t",
    "--timeout",
    "-p",
    "--private-key",
    "-c",
    "--certificate",
    "-C",
    "--ca-cert",
    "--user",
    "--unixctl",
    "--syslog-method",
    "--syslog-target",
];

/// Commands that change a switch: name, fewest and most arguments.
const CHANGING: [(&str, usize, usize); 23] = [
    ("add-flow", 2, 2),
    ("add-flows", 2, 2),
    ("mod-flows", 2, 2),
    ("del-flows", 1, 2),
    ("replace-flows", 2, 2),
    ("add-group", 1, 2),
    ("add-groups", 1, 2),
    ("mod-group", 1, 2),
    ("del-groups", 1, 2),
    ("insert-buckets", 1, 2),
    ("remove-buckets", 1, 2),
    ("add-meter", 2, 2),
    ("mod-meter", 2, 2),
    ("del-meter", 1, 2),
    ("del-meters", 1, 2),
    ("packet-out", 2, usize::MAX),
    ("mod-port", 3, 3),
    ("mod-table", 3, 3),
    ("set-frags", 2, 2),
    ("ct-flush", 1, 4),
    ("ct-flush-zone", 2, 2),
    ("bundle", 2, 2),
    ("add-tlv-map", 2, 2),
];

/// Commands that only read, besides `dump-…`, `parse-…`, `print-…`, `encode-…` and `ofp-…`.
const READING: [&str; 16] = [
    "show",
    "monitor",
    "snoop",
    "queue-stats",
    "queue-get-config",
    "diff-flows",
    "meter-stats",
    "meter-features",
    "get-frags",
    "probe",
    "ping",
    "benchmark",
    "help",
    "list-commands",
    "check-vlan",
    "compose-packet",
];

/// What a command line does.
pub fn act(words: &[Word]) -> Act {
    let line = options::split(words, Stand::Anywhere, &VALUED);
    if line.has(&["-h", "--help", "-V", "--version"]) {
        return Act::Reads;
    }
    let Some((command, arguments)) = line.words.split_first() else {
        return invalid("missing command name; use --help for help");
    };
    let command = command.text.as_str();
    let families = ["dump-", "parse-", "print-", "encode-", "ofp-"];
    let reads = families.iter().any(|family| command.starts_with(family));
    if reads || READING.contains(&command) {
        return Act::Reads;
    }
    if command == "del-tlv-map" {
        return unpredicted("which flows use the options that are no longer mapped");
    }
    let known = CHANGING.iter().find(|(name, ..)| *name == command);
    let Some(&(_, fewest, most)) = known else {
        return invalid(format!("unknown command '{command}'; use --help for help"));
    };
    if arguments.len() < fewest {
        return invalid(format!(
            "'{command}' command requires at least {fewest} arguments"
        ));
    }
    if arguments.len() > most {
        return invalid(format!(
            "'{command}' command takes at most {most} arguments"
        ));
    }
    if line.has(&["--read-only"]) {
        return unpredicted("a command that changes, with `--read-only`");
    }
    let Some(bridge) = bridge(arguments[0]) else {
        return unpredicted(format!("which bridge `{}` is", arguments[0].text));
    };
    change(&line, command, bridge, &arguments[1..])
}

/// The bridge that a name, or the socket of a bridge on this node, stands for.
fn bridge(word: &Word) -> Option<Name> {
    let text = word.text.as_str();
    if ["tcp:", "ssl:"].iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let path = text.strip_prefix("unix:").unwrap_or(text);
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".mgmt").unwrap_or(name);
    // `system@br-int` names the type of the datapath too.
    let name = name.rsplit('@').next().unwrap_or_default();
    let start = text.rfind(name).filter(|_| !name.is_empty())?;
    let place = word.part(start..start + name.len());
    Some(Spanned::new(name.to_owned(), place))
}

fn change(line: &Line, command: &str, bridge: Name, arguments: &[&Word]) -> Act {
    let first = arguments.first().map_or("", |word| word.text.as_str());
    let what = match command {
        "packet-out" => return Act::Harmless,
        "mod-port" => return port(bridge, arguments),
        "add-flow" if !first.contains("actions=") && !first.contains("action=") => {
            return unpredicted("a flow without actions");
        }
        "add-flow" => return added(bridge, first),
        "del-flows" if !line.has(&["--strict"]) && is_everything(first) => {
            return Act::FlowsDeleted { bridge };
        }
        "del-flows" if first == "-" => "flows that its input names are deleted".to_owned(),
        "del-flows" if first.is_empty() => "the flow without a match is deleted".to_owned(),
        "del-flows" => format!("flows that match {first} are deleted"),
        "replace-flows" if first == "/dev/null" => return Act::FlowsDeleted { bridge },
        "replace-flows" => format!("all flows are replaced by those in {first}"),
        "add-flows" | "add-groups" | "bundle" => format!("{first} is applied, which is not read"),
        "mod-flows" => format!("flows are changed: {first}"),
        "del-groups" => "groups are deleted, and the flows that use them".to_owned(),
        "ct-flush" | "ct-flush-zone" => "tracked connections are forgotten".to_owned(),
        _ => format!("{command} {first}").trim_end().to_owned(),
    };
    Act::FlowsTouched { bridge, what }
}

/// Whether a flow of `del-flows` covers all that packets meet first.
fn is_everything(flow: &str) -> bool {
    fields(flow).all(|field| matches!(field, "table=0" | "table=0x0"))
}

fn fields(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\t'])
        .filter(|field| !field.is_empty())
}

fn added(bridge: Name, flow: &str) -> Act {
    let touched = |bridge| Act::FlowsTouched {
        bridge,
        what: format!("a flow is added: {flow}"),
    };
    let starts = ["actions=", "action="];
    let split = starts
        .iter()
        .find_map(|start| flow.split_once(start))
        .expect("the caller looked for it");
    let mut priority: u16 = 32768;
    for field in fields(split.0) {
        let (key, value) = field.split_once('=').unwrap_or((field, ""));
        match key {
            "priority" => match value.parse() {
                Ok(number) => priority = number,
                Err(_) => return touched(bridge),
            },
            "table" if value == "0" => {}
            "cookie" | "importance" | "send_flow_rem" | "check_overlap" | "reset_counts"
            | "no_packet_counts" | "no_byte_counts" => {}
            _ => return touched(bridge),
        }
    }
    let actions = split.1.trim();
    if actions.eq_ignore_ascii_case("normal") {
        return Act::NormalAdded { bridge, priority };
    }
    if actions.eq_ignore_ascii_case("drop") {
        return Act::DropAdded { bridge, priority };
    }
    touched(bridge)
}

/// `mod-port BRIDGE PORT ACTION`.
fn port(bridge: Name, arguments: &[&Word]) -> Act {
    let [port, action] = arguments else {
        return unpredicted("what happens to the port");
    };
    let interface = match port.text.as_str() {
        text if text.eq_ignore_ascii_case("local") => {
            Spanned::new(bridge.value.clone(), port.place.clone())
        }
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            return unpredicted(format!(
                "which interface port {text} of {} is",
                bridge.value
            ));
        }
        _ => named(port),
    };
    match action.text.as_str() {
        "up" => Act::LinkUp { interface },
        "down" => Act::LinkDown { interface },
        action => Act::FlowsTouched {
            what: format!("port {} is set to {action}", interface.value),
            bridge,
        },
    }
}
