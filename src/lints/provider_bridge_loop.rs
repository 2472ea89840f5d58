//! A provider bridge with two ways to the wire and nothing that stops a loop.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::ovs::{Bridge, Port};
use crate::site::uplinks::PORTS;
use crate::site::uplinks::overlapping;
use crate::site::{Node, Site};
use crate::source::Known;

/// A bridge forwards between all its ports; Open vSwitch neither notices nor stops a loop (facts O§4, O§10).
pub fn check(site: &Site, found: &mut Findings) {
    for node in &site.nodes {
        for (bridge, physnets) in node.provider_bridges() {
            match looping(node, bridge) {
                Err(needs) => found.unknown(&node.name, needs),
                Ok(ports) => {
                    found.checked(&node.name);
                    if !ports.is_empty() {
                        found.push(finding(node, bridge, &physnets, &ports));
                    }
                }
            }
        }
    }
}

/// The uplinks that share a VLAN and that nothing keeps apart.
fn looping<'a>(node: &'a Node, bridge: &'a Bridge) -> Result<Vec<&'a Port>, &'static str> {
    if node.host.interfaces.is_empty() {
        return Err("`interfaces` of the node in topology.toml");
    }
    if !bridge.ports.settled() {
        return Err(PORTS);
    }
    let uplinks = node.inventoried_uplinks(bridge);
    let on = |known: &Known<bool>| known.seen().is_some_and(|on| on.value);
    if uplinks.len() < 2 || on(&bridge.stp_enable) || on(&bridge.rstp_enable) {
        return Ok(Vec::new());
    }
    if !bridge.stp_enable.settled() || !bridge.rstp_enable.settled() {
        return Err("stp_enable and rstp_enable of the bridge (`ovs-vsctl list Bridge`)");
    }
    overlapping(&uplinks).ok_or("tag, trunks and vlan_mode of the ports (`ovs-vsctl list Port`)")
}

fn finding(node: &Node, bridge: &Bridge, physnets: &[String], ports: &[&Port]) -> Finding {
    let names: Vec<&str> = ports.iter().map(|port| port.name.as_str()).collect();
    let interfaces: Vec<&str> = ports
        .iter()
        .flat_map(|port| port.interfaces())
        .map(|interface| interface.name.as_str())
        .collect();
    let (level, reach) = if node.host.share_a_subnet(&interfaces) {
        (Level::Error, "they reach one layer 2, where")
    } else {
        (Level::Warning, "where they reach one layer 2,")
    };
    let message = format!(
        "{} are uplinks of {} ({}) on {}, for the same VLANs and without bond, STP or RSTP: {reach} the first broadcast circulates without end, and every node of the segment suffers",
        listed(&names),
        &*bridge.name,
        listed(physnets),
        node.name
    );
    let mut finding = Finding::new(
        level,
        format!("{}/{}", node.name, &*bridge.name),
        message,
        &ports[0].name.place,
        "an uplink",
    );
    for port in &ports[1..] {
        finding = finding.label(&port.name.place, "a further uplink");
    }
    let finding = finding.node(&node.name);
    // Which of them is right, only the cabling tells; without knowing it, no step is safe.
    let Some(last) = ports.last().filter(|_| level == Level::Error) else {
        return finding;
    };
    finding.command(
        &["ovs-vsctl", "del-port", &bridge.name, &last.name],
        format!("what reaches {} through {} only", node.name, &*last.name),
    )
}
