//! `systemctl` and `service`: which service a unit is, and what happens to it.

mod names;

use crate::read::script::Word;
use crate::source::Place;

use super::options::{self, Stand};
use super::{Act, Name, Service, Verb, invalid, named, unpredicted};

pub use names::of;

/// Options whose value may be the next word.
const VALUED: [&str; 22] = [
    "-H",
    "--host",
    "-M",
    "--machine",
    "-t",
    "--type",
    "-p",
    "--property",
    "-P",
    "-s",
    "--signal",
    "-n",
    "--lines",
    "-o",
    "--output",
    "--state",
    "--root",
    "--job-mode",
    "--kill-whom",
    "--kill-who",
    "--what",
    "--preset-mode",
];

/// Verbs of `systemctl` that only read.
const READING: [&str; 17] = [
    "status",
    "show",
    "cat",
    "help",
    "is-active",
    "is-enabled",
    "is-failed",
    "is-system-running",
    "get-default",
    "list-units",
    "list-unit-files",
    "list-sockets",
    "list-timers",
    "list-jobs",
    "list-dependencies",
    "list-machines",
    "show-environment",
];

/// Verbs of `systemctl` that change nothing before a service or the node starts again.
const LATER: [&str; 17] = [
    "daemon-reload",
    "daemon-reexec",
    "reset-failed",
    "preset",
    "preset-all",
    "edit",
    "link",
    "revert",
    "unmask",
    "add-wants",
    "add-requires",
    "set-default",
    "set-environment",
    "unset-environment",
    "import-environment",
    "log-level",
    "clean",
];

/// What a command line of `systemctl` does.
pub fn systemctl(words: &[Word]) -> Vec<Act> {
    let line = options::split(words, Stand::Anywhere, &VALUED);
    if line.has(&["-h", "--help", "--version", "--dry-run"]) {
        return vec![Act::Reads];
    }
    let Some((verb, units)) = line.words.split_first() else {
        return vec![Act::Reads];
    };
    let elsewhere = line.value(&["-H", "--host", "-M", "--machine"]);
    let text = verb.text.as_str();
    if READING.contains(&text) {
        return vec![Act::Reads];
    }
    if let Some(elsewhere) = elsewhere {
        return vec![unpredicted(format!("which node `{elsewhere}` is"))];
    }
    if LATER.contains(&text) || line.has(&["--user", "--global", "--root"]) {
        return vec![Act::Harmless];
    }
    let now = line.has(&["--now"]);
    let of_unit = |unit: &&Word| match text {
        "start" => by_unit(unit, Verb::Start),
        "stop" => by_unit(unit, Verb::Stop),
        "restart" | "try-restart" | "condrestart" => by_unit(unit, Verb::Restart),
        "reload" => by_unit(unit, Verb::Reload),
        "reload-or-restart" | "try-reload-or-restart" | "force-reload" => {
            by_unit(unit, reloads_or_restarts(&unit.text))
        }
        "enable" | "reenable" if now => by_unit(unit, Verb::Start),
        "disable" | "mask" if now => by_unit(unit, Verb::Stop),
        "enable" | "reenable" | "disable" | "mask" => vec![Act::Harmless],
        _ => vec![unpredicted(format!("what `{text}` does to {}", unit.text))],
    };
    if let Some(act) = of_node(text, &verb.place) {
        return vec![act];
    }
    let understood = [
        "start",
        "stop",
        "restart",
        "try-restart",
        "condrestart",
        "reload",
        "reload-or-restart",
        "try-reload-or-restart",
        "force-reload",
        "enable",
        "reenable",
        "disable",
        "mask",
        "kill",
        "isolate",
        "set-property",
        "freeze",
        "thaw",
        "bind",
        "mount-image",
    ];
    if !understood.contains(&text) {
        return vec![invalid(format!("Unknown command verb {text}."))];
    }
    if units.is_empty() {
        return vec![invalid("Too few arguments.")];
    }
    units.iter().flat_map(of_unit).collect()
}

fn of_node(verb: &str, place: &Place) -> Option<Act> {
    let verb = match verb {
        "reboot" | "kexec" | "soft-reboot" => Verb::Restart,
        "poweroff" | "halt" | "suspend" | "hibernate" | "hybrid-sleep" | "rescue" | "emergency"
        | "exit" => Verb::Stop,
        "default" | "cancel" => return Some(unpredicted(format!("which units `{verb}` concerns"))),
        _ => return None,
    };
    Some(Act::Node {
        verb,
        place: place.clone(),
    })
}

/// Only the units of Open vSwitch are known to say how they reload.
fn reloads_or_restarts(unit: &str) -> Verb {
    match of(unit) {
        Service::Openvswitch | Service::Vswitchd | Service::OvsdbServer => Verb::Reload,
        _ => Verb::Restart,
    }
}

/// What a command line of `service` does.
pub fn service(words: &[Word]) -> Vec<Act> {
    // `rc-service -q NAME restart`
    let quiet = |word: &&Word| matches!(word.text.as_str(), "-q" | "--quiet" | "-i" | "--ifexists");
    let skipped = words.iter().take_while(quiet).count();
    let [unit, rest @ ..] = words.get(skipped..).unwrap_or_default() else {
        return vec![invalid(
            "usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]",
        )];
    };
    if unit.text.starts_with('-') {
        return vec![Act::Reads];
    }
    let verb = match rest.first().map(|word| word.text.as_str()) {
        Some("start") => Verb::Start,
        Some("stop") => Verb::Stop,
        Some("restart" | "--full-restart" | "try-restart" | "condrestart") => Verb::Restart,
        Some("reload") => Verb::Reload,
        Some("force-reload" | "reload-or-restart") => reloads_or_restarts(&unit.text),
        Some("status") => return vec![Act::Reads],
        Some(other) => return vec![unpredicted(format!("what `{other}` does to {}", unit.text))],
        None => return vec![invalid(format!("usage: service {} command", unit.text))],
    };
    by_unit(unit, verb)
}

/// The service of a script below `/etc/init.d`; none where the program lies elsewhere.
pub fn script_of_init(program: &Word) -> Option<Word> {
    let directories = ["/etc/init.d/", "/etc/rc.d/init.d/"];
    let start = directories
        .iter()
        .find(|directory| program.text.starts_with(**directory))?;
    let range = start.len()..program.text.len();
    let mut unit = program.clone();
    program.base_name().clone_into(&mut unit.text);
    unit.place = program.part(range);
    Some(unit)
}

/// What a script of init does: what `service` does.
pub fn of_init(unit: &Word, words: &[Word]) -> Vec<Act> {
    let line: Vec<Word> = std::iter::once(unit).chain(words).cloned().collect();
    service(&line)
}

/// What a command line of `invoke-rc.d` does.
pub fn invoke(words: &[Word]) -> Vec<Act> {
    let line = options::split(words, Stand::First, &["--disclose-deny"]);
    if line.has(&["--query", "--help"]) {
        return vec![Act::Reads];
    }
    let words: Vec<Word> = line.words.iter().map(|word| (*word).clone()).collect();
    service(&words)
}

/// What happens where systemd does it.
fn by_unit(unit: &Word, verb: Verb) -> Vec<Act> {
    let services = if unit.text.contains(['*', '?', '[']) {
        names::matching(&unit.text)
    } else if matches!(
        names::plain(&unit.text).as_str(),
        "docker" | "podman" | "containerd" | "crio" | "kubelet"
    ) {
        return vec![unpredicted(format!(
            "which containers {} takes with it",
            unit.text
        ))];
    } else {
        vec![of(&unit.text)]
    };
    if services.is_empty() {
        return vec![unpredicted(format!("which units `{}` matches", unit.text))];
    }
    services
        .into_iter()
        .flat_map(|service| with_others(service, verb, named(unit)))
        .collect()
}

/// What a unit takes with it: `Requires=` and `ExecStop=` of the units of Open vSwitch and OVN.
fn with_others(service: Service, verb: Verb, name: Name) -> Vec<Act> {
    let place = name.place.clone();
    let service = match (service, verb) {
        // ovs-vswitchd.service requires ovsdb-server.service, and reloads with it.
        (Service::OvsdbServer, Verb::Stop | Verb::Restart | Verb::Reload) => Service::Openvswitch,
        (service, _) => service,
    };
    // `ovn-ctl stop_controller`, which a restart runs too, ends in `ovn-appctl exit`. A unit that runs a
    // container sends a signal instead, and ovn-controller then leaves its chassis: facts O§10.
    let exits = service == Service::OvnController && !names::runs_container(&name.value);
    let act = Act::Service {
        service,
        verb,
        name,
    };
    if exits && matches!(verb, Verb::Stop | Verb::Restart) {
        return vec![Act::ChassisRemoved(place), act];
    }
    vec![act]
}
