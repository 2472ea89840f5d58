//! Every command of a script is given out, known to be harmless, or runs others: none is passed over.

use proptest::prelude::*;

use super::{commands, script};
use crate::read::script::Account;

/// Commands that reach nothing of a site.
const HARMLESS: [&str; 44] = [
    "echo hello",
    "printf '%s\\n' a",
    "sleep 5",
    "cat /etc/openvswitch/conf.db",
    "grep -q x /etc/motd",
    "mkdir -p /tmp/x",
    "cp /etc/openvswitch/conf.db /root/conf.db.backup.1",
    "cp -a /etc/neutron /root/neutron.before",
    "rm -f /tmp/lock",
    "rm -rf /var/tmp/x-$$",
    "mv notes.txt old-notes.txt",
    "tee /var/log/change.log",
    "tar czf /root/etc.tgz /etc/openvswitch",
    "sed -i 's/a/b/' /etc/neutron/neutron.conf",
    "sed -n '/^a/,/b$/p;5q' file",
    "awk '{print $1}' file",
    "find /etc -name '*.conf'",
    "curl -s http://192.0.2.1/health",
    "apt-get update",
    "apt-get -s install openvswitch-switch",
    "dnf list installed",
    "snap list",
    "dpkg -l openvswitch-switch",
    "rpm -qa",
    "iptables -nvL",
    "sysctl net.ipv4.ip_forward",
    "ethtool -i eth0",
    "tc -s qdisc show dev eth0",
    "bridge fdb show",
    "nft list ruleset",
    "openstack port list",
    "openstack server show $ID",
    "helm list -A",
    "juju status",
    "terraform plan",
    "make -n deploy",
    "python3 -m json.tool",
    "ansible-playbook --version",
    "kill -0 1234",
    "ovsdb-tool show-log /etc/openvswitch/conf.db",
    "ovsdb-client dump",
    "nmcli con show",
    "networkctl status",
    "modprobe 8021q",
];

/// Commands of which it is not known what they do, or that are known to matter.
const GIVEN_OUT: [&str; 66] = [
    "kolla-ansible deploy",
    "openstack-ansible setup-openstack.yml",
    "juju run neutron-api/0 restart",
    "neutron-ovn-db-sync-util --ovn-neutron_sync_mode repair",
    "python3 fix.py",
    "python -c 'import os'",
    "perl -e 'system(1)'",
    "ansible-playbook site.yml",
    "make deploy",
    "puppet agent -t",
    "terraform apply",
    "helm upgrade ovn ./ovn",
    "apt-get install -y openvswitch-switch",
    "apt-get -y upgrade",
    "dnf remove -y openvswitch",
    "yum update",
    "zypper in openvswitch",
    "snap refresh microovn",
    "snap stop microovn",
    "rpm -U openvswitch.rpm",
    "dpkg -i openvswitch.deb",
    "pip install neutron",
    "/etc/init.d/openvswitch-switch restart",
    "invoke-rc.d openvswitch-switch stop",
    "rc-service openvswitch restart",
    "ifreload -a",
    "ifup --force br-ex",
    "ifdown br-ex",
    "netplan apply",
    "networkctl reload",
    "nmcli con up br-ex",
    "wicked ifup all",
    "kill 1234",
    "kill -9 $(cat /run/openvswitch/ovs-vswitchd.pid)",
    "pkill -f ovs",
    "killall ovs-vswitchd",
    "rm /etc/openvswitch/conf.db",
    "rm -rf /var/lib/openvswitch",
    "rm -rf /var/lib",
    "rm -rf /",
    "rm -rf $DIR",
    "rm -f /etc/openvswitch/*",
    "mv /etc/openvswitch/conf.db /root/",
    "cp /root/backup /etc/openvswitch/conf.db",
    "cp -r backup/* /etc",
    "truncate -s0 /var/lib/ovn/ovnnb_db.db",
    "dd if=/dev/zero of=/dev/sda",
    "tar xf backup.tgz -C /",
    "tee /sys/class/net/eth0/mtu",
    "sed -i s/a/b/ /etc/openvswitch/conf.db",
    "sed 's/x/y/e' file",
    "awk 'BEGIN{system(\"reboot\")}'",
    "find / -name conf.db -delete",
    "curl -X DELETE http://192.0.2.1:9696/v2.0/ports/1",
    "ovsdb-tool create /etc/openvswitch/conf.db x.ovsschema",
    "ovsdb-client transact '[]'",
    "openstack network delete net1",
    "iptables -P INPUT DROP",
    "tc qdisc add dev eth0 root netem loss 100%",
    "ethtool -s eth0 speed 10",
    "sysctl -w net.ipv4.ip_forward=0",
    "reboot",
    "hostname other",
    "at now",
    "crontab jobs",
    "frobnicate",
];

#[test]
fn what_is_harmless_is_counted_and_not_given_out() {
    for line in HARMLESS {
        let script = script(line);
        assert_eq!(script.troubles, [], "{line}");
        assert_eq!(script.commands, [], "{line}");
        assert_eq!(script.account.harmless, 1, "{line}");
    }
}

#[test]
fn what_is_not_known_to_be_harmless_is_given_out() {
    for line in GIVEN_OUT {
        for line in [
            line.to_owned(),
            format!("sudo -n {line}"),
            format!("if true; then {line}; fi"),
        ] {
            let script = script(&line);
            assert_eq!(script.troubles, [], "{line}");
            assert!(!script.commands.is_empty(), "{line}");
            assert_eq!(script.account.given_out, script.commands.len(), "{line}");
        }
    }
}

#[test]
fn a_redirection_into_what_is_held_open_is_given_out() {
    let text = "\
echo > /etc/openvswitch/conf.db
cat backup >> /var/lib/ovn/ovnnb_db.db
{ echo a; echo b; } > /dev/sda
for i in 1; do echo $i; done >/proc/sys/net/ipv4/ip_forward
ovs-vsctl show 2>&1 >/dev/null
echo hello >&2
date > /tmp/when; date > when; date &> /var/log/when-$N
echo x > $FILE
cd /etc/openvswitch && echo > x
cd /tmp && echo > x
";
    assert_eq!(
        commands(text),
        [
            "> /etc/openvswitch/conf.db",
            "> /var/lib/ovn/ovnnb_db.db",
            "> /dev/sda",
            "> /proc/sys/net/ipv4/ip_forward",
            "ovs-vsctl show",
            "> <$FILE>",
            "> x",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    // As many fates as commands: each line is one command, each prefix one more.
    #[test]
    fn commands_in_are_commands_out(
        picked in prop::collection::vec(
            (prop::sample::select([&HARMLESS[..], &GIVEN_OUT[..]].concat()), 0..3_usize),
            0..20,
        )
    ) {
        let lines = picked.iter().map(|(line, prefixes)| format!("{}{line}\n", "sudo ".repeat(*prefixes)));
        let text: String = lines.collect();
        let script = script(&text);
        let substitutions = picked.iter().filter(|(line, _)| line.contains("$(")).count();
        let prefixes: usize = picked.iter().map(|(_, prefixes)| prefixes).sum();
        let Account { given_out, harmless, running, shell } = script.account;
        prop_assert_eq!(script.account.total(), picked.len() + prefixes + substitutions);
        prop_assert_eq!(given_out, script.commands.len());
        let expected = picked.iter().filter(|(line, _)| HARMLESS.contains(line)).count();
        prop_assert_eq!((harmless, running, shell), (expected + substitutions, prefixes, 0));
    }
}
