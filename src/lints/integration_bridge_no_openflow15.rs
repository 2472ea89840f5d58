//! An integration bridge that does not speak OpenFlow 1.5, the only version that ovn-controller speaks.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::ovs::Bridge;
use crate::site::{Node, Site, Version};
use crate::source::Known;

/// ovn-controller speaks 1.5 only since 20.06, and only to the integration bridge (facts O§1, O§2).
pub fn check(site: &Site, found: &mut Findings) {
    let unknown = site.nodes.iter().filter(|node| node.driver.is_none());
    for node in unknown {
        if let Some(finding) = refused_by_ovn(node) {
            found.push(finding);
        }
    }
    for node in site.chassis() {
        if node
            .ovn()
            .is_some_and(|version| !version.at_least(&[20, 6]))
            || matches!(node.external_id("ovn-remote"), Known::Absent(_))
        {
            continue;
        }
        let name = node.integration_bridge();
        let Some(bridge) = node.ovs.bridge(&name) else {
            if !node.ovs.all_bridges {
                found.unknown(
                    &node.name,
                    "the bridges of the node (`ovs-vsctl list Bridge`)",
                );
            }
            continue;
        };
        match &bridge.protocols {
            Known::Unseen | Known::Unsure(..) => found.unknown(
                &node.name,
                "the protocols of the bridge (`ovs-vsctl list Bridge`)",
            ),
            Known::Seen(protocols)
                if protocols
                    .iter()
                    .any(|version| version.value == "OpenFlow15") =>
            {
                found.checked(&node.name);
            }
            Known::Seen(protocols) => {
                found.checked(&node.name);
                let listed_protocols: Vec<&str> = protocols
                    .iter()
                    .map(|version| version.value.as_str())
                    .collect();
                let label = "OpenFlow15 is missing";
                found.push(
                    finding(
                        node,
                        bridge,
                        &format!("allows {} only", listed(&listed_protocols)),
                    )
                    .label(&protocols.place, label),
                );
            }
            Known::Absent(place) => {
                found.checked(&node.name);
                // Without a list the release decides; 2.12 is the first that speaks 1.5 by itself.
                if let Some(version) = node
                    .openvswitch()
                    .filter(|version| !version.at_least(&[2, 12]))
                {
                    let said = format!(
                        "has no list of protocols, and Open vSwitch {version} offers no OpenFlow 1.5 by itself"
                    );
                    found.push(finding(node, bridge, &said).label(place, "no protocols are set"));
                }
            }
        }
    }
}

/// What is wrong where OVN runs the node, which no input tells. Under ML2/OVS the agent writes such a list itself.
fn refused_by_ovn(node: &Node) -> Option<Finding> {
    if node.external_id("ovn-remote") != Known::Unseen {
        return None;
    }
    let bridge = node.ovs.bridge(&node.integration_bridge())?;
    let protocols = bridge.protocols.seen()?;
    if protocols
        .iter()
        .any(|version| version.value == "OpenFlow15")
    {
        return None;
    }
    let allowed: Vec<&str> = protocols
        .iter()
        .map(|version| version.value.as_str())
        .collect();
    let message = format!(
        "{} of {} allows {} only: right under ML2/OVS, whose agent writes that; under OVN no flow is installed. Which of \
         the two runs the node is not among the inputs (`ovs-vsctl get open . external_ids`)",
        &*bridge.name,
        node.name,
        listed(&allowed)
    );
    let subject = format!("{}/{}", node.name, &*bridge.name);
    let finding = Finding::new(
        Level::Note,
        subject,
        message,
        &protocols.place,
        "OpenFlow15 is missing",
    );
    Some(finding.node(&node.name))
}

fn finding(node: &Node, bridge: &Bridge, said: &str) -> Finding {
    let signs: Vec<&str> = node
        .agent_leftovers()
        .into_iter()
        .map(|sign| sign.what)
        .collect();
    let cause = if signs.is_empty() {
        String::new()
    } else {
        format!(
            "; left over from neutron-openvswitch-agent: {}",
            listed(&signs)
        )
    };
    let tunnels = match node.ovn() {
        Some(version) if !waits_for_features(version) => "no flow is installed",
        _ => "no flow is installed and no tunnel comes up",
    };
    let message = format!(
        "{} of {} {said}, and ovn-controller speaks OpenFlow 1.5 only: {tunnels}{cause}",
        &*bridge.name, node.name
    );
    let mut finding = Finding::new(
        Level::Error,
        format!("{}/{}", node.name, &*bridge.name),
        message,
        &bridge.name.place,
        "the integration bridge",
    );
    // The protocols are where the reader should look first.
    finding.labels.clear();
    finding.node(&node.name).command(
        &["ovs-vsctl", "clear", "bridge", &bridge.name, "protocols"],
        "nothing: flows stay, ovn-controller reconnects within 8 s",
    )
}

/// The releases that build no tunnel before the switch has answered; the others build them without flows
/// (facts O§2).
fn waits_for_features(version: &Version) -> bool {
    let first_patch = match version.numbers {
        [22, 3, ..] => 5,
        [23, 3 | 6, ..] => 3,
        [23, 9, ..] => 1,
        _ => return version.at_least(&[24, 3]),
    };
    version.numbers[2] >= first_patch
}
