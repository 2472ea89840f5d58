//! Programs that are not looked at, and what is known of why they matter.

use crate::read::script::{WRITES, Word};

/// Programs whose names start so run commands on nodes that nobody here has read.
const DEPLOYERS: [&str; 15] = [
    "kolla-ansible",
    "openstack-ansible",
    "ansible",
    "juju",
    "puppet",
    "salt",
    "chef",
    "terraform",
    "tofu",
    "helm",
    "make",
    "openstack",
    "sunbeam",
    "microovn",
    "cloud-init",
];

/// Interpreters of languages that are not followed.
const INTERPRETERS: [&str; 9] = [
    "python", "perl", "ruby", "expect", "tclsh", "lua", "node", "php", "awk",
];

/// Programs that install and remove.
const INSTALLERS: [&str; 14] = [
    "apt", "apt-get", "aptitude", "dpkg", "dnf", "yum", "microdnf", "zypper", "rpm", "snap", "pip",
    "pip3", "apk", "pacman",
];

/// Programs that configure interfaces.
const NETWORKS: [&str; 9] = [
    "ifup",
    "ifreload",
    "ifdown",
    "netplan",
    "nmcli",
    "nmtui",
    "networkctl",
    "wicked",
    "nmstatectl",
];

/// Programs that write, move or delete files.
const FILES: [&str; 14] = [
    "rm", "mv", "cp", "ln", "tee", "dd", "install", "truncate", "rsync", "scp", "tar", "shred",
    "find", "sed",
];

/// Why what a program does is not known.
pub fn why(program: &Word, words: &[Word]) -> String {
    let name = program.base_name();
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let target = words.first().map_or("", |word| word.text.as_str());
    match name {
        WRITES => return format!("`{target}` is read by something that runs, or is not known"),
        "ovsdb-client" | "ovsdb-tool" | "vtep-ctl" => {
            return format!("`{name}` writes into a database by itself");
        }
        "neutron-ovn-db-sync-util" => {
            return "it brings the northbound to what Neutron's database says".to_owned();
        }
        "kill" | "pkill" | "killall" | "skill" => {
            return "which process ends is not known".to_owned();
        }
        "at" | "batch" | "crontab" => return "what it runs later is not looked at".to_owned(),
        "iptables" | "ip6tables" | "nft" | "tc" | "ebtables" | "firewall-cmd" | "ufw" | "ipset" => {
            return format!("`{name}` decides which packets pass");
        }
        "ethtool" | "sysctl" | "bridge" | "route" | "arp" | "ifenslave" | "vconfig"
        | "teamdctl" => {
            return format!("`{name}` changes interfaces of the node");
        }
        _ => {}
    }
    if NETWORKS.contains(&name) {
        format!("`{name}` configures the interfaces of the node")
    } else if INSTALLERS.contains(&name) {
        format!("`{name}` may stop, start or replace services")
    } else if INTERPRETERS.contains(&plain) {
        format!("what `{name}` is told is not looked at")
    } else if FILES.contains(&name) {
        format!("what `{name}` does to files that something holds open is not known")
    } else if DEPLOYERS.iter().any(|start| name.starts_with(start)) {
        format!("what `{name}` does on which nodes is not looked at")
    } else {
        format!("what `{name}` does is not looked at")
    }
}
