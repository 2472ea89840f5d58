//! Programs of the machine that may disturb a node although they know nothing of Open vSwitch.

use super::Word;

/// Programs that are given out whatever they are told.
const ALWAYS: [&str; 15] = [
    "ifdown",
    "ifconfig",
    "ovs-ctl",
    "ovn-ctl",
    "ovs-dpctl",
    "os-net-config",
    "neutron-ovs-cleanup",
    "neutron-netns-cleanup",
    "nmstatectl",
    "reboot",
    "poweroff",
    "halt",
    "shutdown",
    "rmmod",
    "driverctl",
];

/// Daemons whose end is felt.
const DAEMONS: [&str; 5] = [
    "ovs-vswitchd",
    "ovsdb-server",
    "ovn-controller",
    "neutron-openvswitch-agent",
    "ovn-northd",
];

/// Programs that are followed under a condition.
const AT_TIMES: [&str; 16] = [
    "modprobe",
    "netplan",
    "nmcli",
    "dhclient",
    "dpdk-devbind",
    "dpdk-devbind.py",
    "ovsdb-client",
    "killall",
    "pkill",
    "docker",
    "podman",
    "kubectl",
    "oc",
    "invoke-rc.d",
    "rc-service",
    "nerdctl",
];

/// Whether something is known of what such a program does to a node.
pub fn is_followed(name: &str) -> bool {
    ALWAYS.contains(&name) || AT_TIMES.contains(&name)
}

/// Whether such a program, with these words behind it, may change a node.
pub fn disturbs(name: &str, words: &[Word]) -> bool {
    let any = |texts: &[&str]| {
        let mut behind = words.iter().skip(1);
        behind.any(|word| texts.contains(&word.text.as_str()))
    };
    match name {
        "modprobe" => any(&["-r", "--remove"]),
        "netplan" => any(&["apply", "try"]),
        "nmcli" => any(&[
            "down",
            "delete",
            "del",
            "disconnect",
            "reload",
            "reapply",
            "modify",
            "mod",
            "off",
            "up",
        ]),
        "dhclient" => any(&["-r", "-x"]),
        "dpdk-devbind" | "dpdk-devbind.py" => {
            let binds = ["-b", "--bind", "-u", "--unbind"];
            let mut behind = words.iter().skip(1);
            behind.any(|word| binds.iter().any(|bind| word.text.starts_with(bind)))
        }
        "ovsdb-client" => any(&["transact", "restore", "convert"]),
        "killall" | "pkill" => words
            .iter()
            .skip(1)
            .any(|word| daemon(&word.text).is_some()),
        name => ALWAYS.contains(&name),
    }
}

/// The daemon that a pattern of `pkill` names.
pub fn daemon(pattern: &str) -> Option<&'static str> {
    DAEMONS.into_iter().find(|name| pattern.contains(name))
}
