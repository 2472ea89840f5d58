//! `ovs-appctl` and `ovn-appctl`: what a running daemon is told.

use crate::read::script::Word;

use super::options::{self, Stand};
use super::{Act, Name, Service, Verb, invalid, named, unpredicted};

/// Options whose value may be the next word.
const VALUED: [&str; 6] = ["-t", "--target", "-T", "--timeout", "-f", "--format"];

/// Who is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Daemon {
    Vswitchd,
    Controller,
    Central,
    OvsdbServer,
    Other,
}

/// What a command line does. The program tells who is meant where the line does not.
pub fn acts(program: &str, words: &[Word]) -> Vec<Act> {
    let line = options::split(words, Stand::First, &VALUED);
    if line.has(&["-h", "--help", "-V", "--version"]) {
        return vec![Act::Reads];
    }
    let Some((command, arguments)) = line.words.split_first() else {
        return vec![invalid(
            "at least one non-option argument is required (use --help for help)",
        )];
    };
    let stock = match program {
        "ovs-appctl" => "ovs-vswitchd",
        _ => "ovn-controller",
    };
    let target = line.value(&["-t", "--target"]).unwrap_or(stock);
    let daemon = daemon(target);
    let name = named(command);
    if command.text == "exit" {
        return exit(daemon, target, name, arguments);
    }
    vec![match daemon {
        Daemon::Vswitchd => switch(&name, arguments),
        Daemon::Central if command.text == "pause" => {
            service(Service::OvnCentral, Verb::Stop, name)
        }
        Daemon::Central if command.text == "resume" => {
            service(Service::OvnCentral, Verb::Start, name)
        }
        Daemon::Controller if command.text == "debug/pause" => {
            service(Service::OvnController, Verb::Stop, name)
        }
        Daemon::Controller if command.text == "debug/resume" => {
            service(Service::OvnController, Verb::Start, name)
        }
        _ => any(&name.value),
    }]
}

/// The daemon of a name, a pid file or a control socket.
fn daemon(target: &str) -> Daemon {
    let name = target.rsplit('/').next().unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default();
    match name {
        "ovs-vswitchd" => Daemon::Vswitchd,
        "ovn-controller" => Daemon::Controller,
        "ovn-northd" | "ovnnb_db" | "ovnsb_db" => Daemon::Central,
        "ovsdb-server" => Daemon::OvsdbServer,
        _ => Daemon::Other,
    }
}

fn exit(daemon: Daemon, target: &str, name: Name, arguments: &[&Word]) -> Vec<Act> {
    let has = |option: &str| arguments.iter().any(|word| word.text == option);
    let place = name.place.clone();
    match daemon {
        Daemon::Vswitchd if has("--cleanup") => vec![
            Act::DatapathRemoved(place),
            service(Service::Vswitchd, Verb::Stop, name),
        ],
        Daemon::Vswitchd => vec![service(Service::Vswitchd, Verb::Stop, name)],
        // `--restart` keeps the chassis, the tunnels and the flows: facts O§10.
        Daemon::Controller if has("--restart") => {
            vec![service(Service::OvnController, Verb::Stop, name)]
        }
        Daemon::Controller => vec![
            Act::ChassisRemoved(place),
            service(Service::OvnController, Verb::Stop, name),
        ],
        Daemon::Central => vec![service(Service::OvnCentral, Verb::Stop, name)],
        Daemon::OvsdbServer => vec![service(Service::OvsdbServer, Verb::Stop, name)],
        Daemon::Other => vec![unpredicted(format!("what stops where `{target}` exits"))],
    }
}

fn service(service: Service, verb: Verb, name: Name) -> Act {
    Act::Service {
        service,
        verb,
        name,
    }
}

/// A command of ovs-vswitchd.
fn switch(name: &Name, arguments: &[&Word]) -> Act {
    let command = name.value.as_str();
    match (command, arguments) {
        // The datapath's flows come back with the next packets.
        (
            "dpctl/del-flows"
            | "dpif/del-flows"
            | "revalidator/purge"
            | "bond/migrate"
            | "bond/set-active-member"
            | "bond/set-active-slave"
            | "bond/enable-member"
            | "bond/enable-slave"
            | "stp/tcn"
            | "rstp/tcn"
            | "dpif-netdev/pmd-rxq-rebalance",
            _,
        ) => Act::Harmless,
        ("bridge/reconnect", [bridge]) => Act::FlowsTouched {
            bridge: named(bridge),
            what: "its controllers connect again".to_owned(),
        },
        ("netdev-dpdk/set-admin-state", [interface, state]) => {
            let interface = named(interface);
            match state.text.as_str() {
                "up" => Act::LinkUp { interface },
                "down" => Act::LinkDown { interface },
                _ => invalid("Invalid Admin State"),
            }
        }
        ("bond/disable-member" | "bond/disable-slave", _) => {
            unpredicted("whether the bond has another member that works")
        }
        ("dpctl/flush-conntrack", _) => unpredicted("which connections need to be tracked"),
        _ => any(command),
    }
}

/// A command that any daemon may know.
fn any(command: &str) -> Act {
    if reads(command) {
        return Act::Reads;
    }
    let families = [
        "vlog/",
        "fdb/",
        "mdb/",
        "coverage/",
        "memory/",
        "stopwatch/",
        "inc-engine/",
        "lflow-cache/",
    ];
    let others = [
        "recompute",
        "tnl/neigh/flush",
        "tnl/arp/flush",
        "ovsdb-server/compact",
        "dpif-netdev/pmd-stats-clear",
        "debug/ignore-startup-delay",
    ];
    // What was learned is learned again; what is set by hand is not.
    let by_hand = matches!(command, "fdb/add" | "fdb/del");
    let is_harmless = families.iter().any(|family| command.starts_with(family));
    if !by_hand && (is_harmless || others.contains(&command)) {
        return Act::Harmless;
    }
    unpredicted(format!("what comes of `{command}`"))
}

/// Whether the last part of a command's name says that it only reads.
fn reads(command: &str) -> bool {
    let last = command.rsplit('/').next().unwrap_or_default();
    let words: Vec<&str> = last.split('-').collect();
    let reading = [
        "show", "list", "dump", "get", "trace", "read", "status", "version", "is", "hash", "wait",
    ];
    let changing = ["set", "del", "add", "mod", "change", "remove", "flush"];
    let first = words.first().copied().unwrap_or_default();
    !changing.contains(&first) && words.iter().any(|word| reading.contains(word))
}
