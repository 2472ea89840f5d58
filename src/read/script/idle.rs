//! Files that something that runs, or starts with the node, is told by.

/// Why writing such a file reaches nothing.
pub const IDLE: &str = "it writes a file that nothing of the site's network reads";

/// Parts of paths below which something of a node's network is told what to do.
const MATTERS: [&str; 36] = [
    "openvswitch",
    "/ovn",
    "ovsdb",
    "conf.db",
    "neutron",
    "kolla",
    "netplan",
    "/network",
    "NetworkManager",
    "nmstate",
    "os-net-config",
    "/systemd",
    "/udev",
    "/modprobe.d",
    "/modules",
    "/sysctl",
    "/dev/",
    "/proc/",
    "/sys/",
    "/cron",
    "/init.d",
    "/rc.",
    "/default/",
    "/sysconfig",
    "/grub",
    "/boot",
    "/run/",
    "/docker",
    "/containers",
    "/kubelet",
    "/kubernetes",
    "/dpdk",
    "/iptables",
    "/nftables",
    "/hosts/",
    "/cloud/",
];

/// Whether a file of this name is known to be read by nothing of a node's network.
pub fn is_idle(path: &str) -> bool {
    let is_known = path.starts_with(['/', '~']) && !path.contains("{{") && !path.contains('$');
    let depth = path.split('/').filter(|part| !part.is_empty()).count();
    let path = format!("{path}/");
    is_known && depth > 1 && !MATTERS.iter().any(|part| path.contains(part))
}
