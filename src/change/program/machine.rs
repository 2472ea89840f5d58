//! Programs of the machine: `ifdown`, `reboot`, `ovs-ctl`, `pkill` and their like.

use crate::read::script::{Word, daemon};

use super::{Act, Family, Service, Verb, named, unpredicted};

/// What a command line does; none where the program is none of these.
pub fn acts(program: &Word, words: &[Word]) -> Option<Vec<Act>> {
    let name = program.base_name();
    let has = |texts: &[&str]| words.iter().any(|word| texts.contains(&word.text.as_str()));
    if has(&["--help", "--version"]) {
        return Some(vec![Act::Reads]);
    }
    let acts = match name {
        "ifdown" => ifdown(words),
        "ifconfig" => ifconfig(words),
        "dhclient" => plain(words)
            .map(|interface| Act::AddressesFlushed {
                interface: named(interface),
                family: Family::Any,
            })
            .collect(),
        "reboot" | "poweroff" | "halt" | "shutdown" => vec![node(program, words)],
        "ovs-ctl" => vec![ovs_ctl(program, words)],
        "ovn-ctl" => ovn_ctl(words),
        "ovs-dpctl" => vec![dpctl(words)],
        "killall" | "pkill" => return signalled(words),
        "driverctl" if has(&["list-devices", "list-overrides", "list-persisted"]) => {
            vec![Act::Reads]
        }
        "nmstatectl" if has(&["show", "format", "version"]) => vec![Act::Reads],
        "nmcli" | "netplan" | "nmstatectl" | "os-net-config" => {
            vec![unpredicted(format!(
                "`{name}` configures the interfaces of the node"
            ))]
        }
        "rmmod" | "modprobe" => vec![unpredicted("it unloads a module of the kernel")],
        "driverctl" | "dpdk-devbind" | "dpdk-devbind.py" => {
            vec![unpredicted("an interface goes when its driver changes")]
        }
        "neutron-ovs-cleanup" | "neutron-netns-cleanup" => {
            vec![unpredicted("it deletes ports and namespaces")]
        }
        "ovsdb-client" => vec![unpredicted("it writes into a database by itself")],
        _ => return None,
    };
    Some(acts)
}

/// The words that are no options.
fn plain(words: &[Word]) -> impl Iterator<Item = &Word> {
    words.iter().filter(|word| !word.text.starts_with('-'))
}

fn ifdown(words: &[Word]) -> Vec<Act> {
    let all = ["-a", "--all", "--allow"];
    if words.iter().any(|word| all.contains(&word.text.as_str())) {
        return vec![unpredicted("which interfaces go down")];
    }
    let down = plain(words).map(|interface| Act::LinkDown {
        interface: named(interface),
    });
    down.collect()
}

fn ifconfig(words: &[Word]) -> Vec<Act> {
    let plain: Vec<&Word> = plain(words).collect();
    let Some((interface, rest)) = plain.split_first() else {
        return vec![Act::Reads];
    };
    let act = match rest {
        [] => Act::Reads,
        [verb] if verb.text == "up" => Act::LinkUp {
            interface: named(interface),
        },
        [verb] if verb.text == "down" => Act::LinkDown {
            interface: named(interface),
        },
        [none, ..] if matches!(none.text.as_str(), "0" | "0.0.0.0") => Act::AddressesFlushed {
            interface: named(interface),
            family: Family::Inet,
        },
        [what, _] if matches!(what.text.as_str(), "mtu" | "txqueuelen") => Act::Harmless,
        _ => unpredicted(format!("what `ifconfig` does to {}", interface.text)),
    };
    vec![act]
}

fn node(program: &Word, words: &[Word]) -> Act {
    let has = |texts: &[&str]| words.iter().any(|word| texts.contains(&word.text.as_str()));
    if has(&["-c", "-k", "--show", "-w", "--wtmp-only"]) {
        return Act::Harmless;
    }
    let again = program.base_name() == "reboot" || has(&["-r", "--reboot"]);
    Act::Node {
        verb: if again { Verb::Restart } else { Verb::Stop },
        place: program.place.clone(),
    }
}

/// `ovs-ctl`, which the units call.
fn ovs_ctl(program: &Word, words: &[Word]) -> Act {
    let Some(command) = plain(words).next() else {
        return Act::Reads;
    };
    let verb = match command.text.as_str() {
        "status" | "version" | "help" => return Act::Reads,
        "enable-protocol"
        | "load-kmod"
        | "delete-transient-ports"
        | "record-hostname-if-not-set" => {
            return Act::Harmless;
        }
        "start" => Verb::Start,
        "stop" => Verb::Stop,
        "restart" => Verb::Reload,
        "force-reload-kmod" => Verb::Restart,
        other => return unpredicted(format!("what `ovs-ctl {other}` does")),
    };
    Act::Service {
        service: Service::Openvswitch,
        verb,
        name: named(program),
    }
}

/// `ovn-ctl`: to stop ovn-controller takes its chassis away, unless it is to start again (facts O§10).
fn ovn_ctl(words: &[Word]) -> Vec<Act> {
    let Some(command) = plain(words).next() else {
        return vec![Act::Reads];
    };
    let service = |verb| Act::Service {
        service: Service::OvnController,
        verb,
        name: named(command),
    };
    let keeps = words.iter().any(|word| word.text == "--restart");
    match command.text.as_str() {
        text if text.starts_with("status") => vec![Act::Reads],
        "start_controller" => vec![service(Verb::Start)],
        "stop_controller" if keeps => vec![service(Verb::Stop)],
        "stop_controller" => vec![
            Act::ChassisRemoved(command.place.clone()),
            service(Verb::Stop),
        ],
        "restart_controller" => vec![
            Act::ChassisRemoved(command.place.clone()),
            service(Verb::Restart),
        ],
        _ => vec![Act::Harmless],
    }
}

/// `ovs-dpctl`, which works on the datapath of the kernel behind ovs-vswitchd's back.
fn dpctl(words: &[Word]) -> Act {
    let Some(command) = plain(words).next() else {
        return Act::Reads;
    };
    match command.text.as_str() {
        text if text.starts_with("dump-") || text.starts_with("ct-get-") => Act::Reads,
        "show" | "get-flow" | "ct-stats-show" | "ct-bkts" | "cache-get-size" => Act::Reads,
        // They come back with the next packets.
        "del-flows" => Act::Harmless,
        other => unpredicted(format!("what ovs-vswitchd makes of `ovs-dpctl {other}`")),
    }
}

/// What `killall` and `pkill` end; none where a pattern may mean something else.
fn signalled(words: &[Word]) -> Option<Vec<Act>> {
    let plain: Vec<&Word> = plain(words).collect();
    let acts: Vec<Act> = plain.iter().filter_map(|word| ended(word)).collect();
    (!acts.is_empty() && acts.len() == plain.len()).then_some(acts)
}

/// What a signal ends.
fn ended(word: &Word) -> Option<Act> {
    let service = match daemon(&word.text)? {
        "ovs-vswitchd" => Service::Vswitchd,
        "ovsdb-server" => Service::OvsdbServer,
        // It keeps its chassis and its flows: facts O§10.
        "ovn-controller" => Service::OvnController,
        "neutron-openvswitch-agent" => Service::OvsAgent,
        _ => Service::OvnCentral,
    };
    Some(Act::Service {
        service,
        verb: Verb::Stop,
        name: named(word),
    })
}
