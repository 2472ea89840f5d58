//! A long change of a generated site: what a day of operators and of Neutron comes to.

use std::fmt::Write;

use super::northbound::{LOCALNET, OUTSIDE, PROVIDER, ROUTER, TENANT, routers};
use super::{INSTANCES, PROVIDERS, instance, name_of, uuid};

/// So many commands, each as the site stands when it comes: ports and addresses of instances, settings of nodes and
/// bridges, ports of bridges, localnet ports, gateways, translations, services, and some that only read.
pub fn script(commands: usize, nodes: usize) -> String {
    let mut script = String::new();
    let tenants = super::switches(nodes);
    for at in 0..commands {
        let (node, turn) = (name_of(at * 7 % nodes), at / 20);
        let tenant = format!("neutron-{}", uuid(TENANT, turn % tenants));
        let port = instance(turn * 13 % (nodes * INSTANCES));
        let router = turn % routers(nodes);
        let provider = turn % PROVIDERS;
        let line = match at % 20 {
            0 | 1 => format!("ovn-nbctl lsp-add {tenant} new-{at}"),
            2 => format!(
                "ovn-nbctl lsp-set-addresses new-{} 0a:00:00:00:00:01",
                at - 1
            ),
            3 => format!("ovn-nbctl lsp-set-port-security {port} 0a:00:00:00:00:01"),
            4 => format!("ovn-nbctl lsp-set-enabled {port} disabled"),
            5 => format!(
                "ovn-nbctl acl-add {tenant} to-lport {} ip4 drop",
                turn % 900 + 100
            ),
            6 => format!("ovn-nbctl lsp-del new-{}", at - 6),
            7 => format!("ssh {node} ovs-vsctl set open . external_ids:rack=r{turn}"),
            8 => format!(
                "ssh {node} ovs-vsctl set bridge br-ex other_config:mac-aging-time={}",
                turn % 500
            ),
            9 => format!(
                "ssh {node} ovs-vsctl add-port br-int new{at} -- set Interface new{at} type=internal"
            ),
            10 => format!(
                "ssh {} ovs-vsctl del-port br-int new{}",
                name_of((at - 1) * 7 % nodes),
                at - 1
            ),
            11 => format!(
                "ssh {node} ovs-vsctl set Interface ens3 mtu_request={}",
                turn + 1_500
            ),
            12 => format!(
                "ovn-nbctl lsp-set-options provnet-{} network_name=physnet1 mcast_flood={}",
                uuid(LOCALNET, provider),
                turn % 3 == 0
            ),
            13 => format!(
                "ovn-nbctl lrp-set-gateway-chassis lrp-{} {} 1",
                uuid(OUTSIDE, router),
                name_of(turn * 10 % nodes)
            ),
            14 => format!(
                "ovn-nbctl --may-exist lr-nat-add neutron-{} snat 203.0.113.{} 10.{}.{}.0/24",
                uuid(ROUTER, router),
                turn % 250 + 1,
                turn % 200,
                turn / 200
            ),
            15 => format!("ssh {node} systemctl restart neutron-ovn-metadata-agent"),
            16 => format!("ssh {node} ovs-vsctl get Interface ens3 mtu_request"),
            17 => format!("ovn-nbctl lsp-get-type {port}"),
            18 => format!(
                "ovn-nbctl set Logical_Switch neutron-{} external_ids:day={turn}",
                uuid(PROVIDER, provider)
            ),
            _ => format!("ssh {node} ovs-vsctl set open . external_ids:row={turn}"),
        };
        writeln!(script, "{line}").expect("a string takes all that is written");
    }
    script
}
