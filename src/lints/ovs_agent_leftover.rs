//! What neutron-openvswitch-agent left on a node that OVN runs.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::source::Known;

/// Nothing of it goes away by itself, and an agent that still runs puts it back (facts O§3, N§5).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        if matches!(node.ovs.bridges, Known::Unseen) {
            found.unknown(
                &node.name,
                "the bridges and ports of the node (`ovs-vsctl show`, `ovs-vsctl list Bridge`)",
            );
            continue;
        }
        if node.ovs.all_ports() {
            found.checked(&node.name);
        } else {
            found.unknown(
                &node.name,
                "every bridge and port of the node (`ovs-vsctl show`)",
            );
        }
        let signs = node.agent_leftovers();
        let Some((first, others)) = signs.split_first() else {
            continue;
        };
        let what: Vec<&str> = signs.iter().map(|sign| sign.what).collect();
        let message = format!(
            "{} is an OVN chassis and carries what neutron-openvswitch-agent left: {}",
            node.name,
            listed(&what)
        );
        let mut finding = Finding::new(
            Level::Error,
            node.name.clone(),
            message,
            &first.place,
            first.what,
        )
        .node(&node.name);
        for sign in others {
            finding = finding.label(&sign.place, sign.what);
        }
        for command in signs.iter().flat_map(|sign| &sign.cure) {
            finding = finding.step(command.clone());
        }
        found.push(finding);
    }
}
