//! A tunnel endpoint that is not on the node.

use std::net::IpAddr;

use crate::finding::{Finding, Findings, Level};
use crate::site::external_ids::EXTERNAL_IDS;
use crate::site::{Node, Site};
use crate::source::Spanned;

/// ovn-controller does not look, and every peer builds its tunnel to it (facts O§5).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        let addresses = node.encap_addresses();
        let Some(addresses) = addresses.seen() else {
            if !addresses.settled() {
                found.unknown(&node.name, EXTERNAL_IDS);
            }
            continue;
        };
        let interfaces = node.host.interfaces.iter();
        if interfaces
            .map(|interface| interface.addresses.len())
            .sum::<usize>()
            == 0
        {
            found.unknown(
                &node.name,
                "`interfaces` of the node, with their addresses, in topology.toml",
            );
            continue;
        }
        found.checked(&node.name);
        for text in addresses.iter() {
            // What is no address is another lint's.
            let Ok(address) = text.parse::<IpAddr>() else {
                continue;
            };
            if !node.host.has_address(address) {
                found.push(finding(node, text, address, addresses.len()));
            }
        }
    }
}

fn finding(node: &Node, text: &Spanned<String>, address: IpAddr, endpoints: usize) -> Finding {
    let beside = node.host.beside(address);
    let level = match (node.host.interfaces_complete, &beside) {
        (false, _) => Level::Note,
        (true, Some(_)) => Level::Warning,
        (true, None) => Level::Error,
    };
    let whose = if node.host.interfaces_complete {
        "on none of its interfaces"
    } else {
        "on none of the interfaces that are known of it"
    };
    let has = beside.as_ref().map_or(String::new(), |(interface, own)| {
        format!("; {interface} has {}", own.value)
    });
    let message = format!(
        "ovn-encap-ip of {} is {address}, which is {whose}{has}: the chassis registers all the same, and what is sent to it through a tunnel goes to another machine or nowhere, without a line in any log",
        node.name
    );
    let finding = Finding::new(
        level,
        format!("{}/{address}", node.name),
        message,
        &text.place,
        "not an address of this node",
    )
    .node(&node.name);
    let Some((_, own)) = beside else {
        return finding;
    };
    let finding = finding.label(&own.place, "in the same subnet");
    let own_key = format!(
        "ovn-encap-ip-{}",
        node.external_id("system-id")
            .seen()
            .map_or("", |id| id.value.as_str())
    );
    // Which address is meant can be told only where all are known, and the key in force is the common one.
    if endpoints > 1
        || !node.host.interfaces_complete
        || node.ovs.external_id(&own_key).seen().is_some()
    {
        return finding;
    }
    let setting = format!("external_ids:ovn-encap-ip={}", own.addr());
    finding.command(
        &["ovs-vsctl", "set", "open", ".", &setting],
        "all tunnels to this chassis are rebuilt",
    )
}
