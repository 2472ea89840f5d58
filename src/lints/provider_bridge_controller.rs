//! ML2/OVN: a bridge that takes its flows from an OpenFlow controller.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::ovs::Bridge;
use crate::site::{Node, Site};
use crate::source::Spanned;

/// Under OVN no bridge has one; a controller that comes or goes deletes every flow (facts O§4, O§10).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        let bridges = node.ovs.bridges.seen();
        for bridge in bridges.into_iter().flat_map(|bridges| bridges.iter()) {
            let integration = node.is_integration_bridge(&bridge.name);
            let physnets = node.physnets_of(&bridge.name);
            if !integration && physnets.is_empty() {
                continue;
            }
            if !bridge.controllers.settled() {
                found.unknown(
                    &node.name,
                    "the controllers of the bridge (`ovs-vsctl show`)",
                );
                continue;
            }
            found.checked(&node.name);
            // A bridge that listens (ptcp:) has no controller of its own: its flows stay.
            let targets = bridge.controllers.seen().into_iter();
            let targets = targets.flat_map(|targets| targets.iter());
            let targets: Vec<_> = targets.filter(|target| !listens(target)).collect();
            if targets.is_empty() {
                continue;
            }
            found.push(if integration {
                on_integration_bridge(node, bridge, &targets)
            } else {
                on_provider_bridge(node, bridge, &targets, &physnets)
            });
        }
    }
}

fn listens(target: &str) -> bool {
    ["ptcp:", "pssl:", "punix:"]
        .iter()
        .any(|method| target.starts_with(method))
}

type Targets<'a> = [&'a Spanned<String>];

fn on_integration_bridge(node: &Node, bridge: &Bridge, targets: &Targets) -> Finding {
    let message = format!(
        "{} on {} has the controller {}: beside ovn-controller it changes the flows, and when it is removed every flow is deleted until ovn-controller is restarted",
        &*bridge.name,
        node.name,
        names(targets)
    );
    // A running ovn-controller does not put the flows back (facts O§10).
    finding(Level::Error, node, bridge, message, targets)
        .command(
            &["systemctl", "stop", "ovn-controller"],
            "nothing: flows and tunnels stay",
        )
        .command(
            &["ovs-vsctl", "del-controller", &bridge.name],
            "all flows of the node, until ovn-controller is back",
        )
        .command(
            &["systemctl", "start", "ovn-controller"],
            "nothing: it installs the flows again",
        )
}

fn on_provider_bridge(
    node: &Node,
    bridge: &Bridge,
    targets: &Targets,
    physnets: &[String],
) -> Finding {
    let name = bridge.name.as_str();
    let result = match bridge.is_secure() {
        Some(true) => "nothing is forwarded while it does not answer",
        Some(false) | None => {
            "while it does not answer, nothing is forwarded for about 15 s after each start of ovs-vswitchd"
        }
    };
    let message = format!(
        "{name} ({}) on {} has the controller {}, which OVN never sets: {result}",
        listed(physnets),
        node.name,
        names(targets)
    );
    let delete = ["ovs-vsctl", "del-controller", name];
    let forward = ["--", "set-fail-mode", name, "standalone"];
    finding(Level::Warning, node, bridge, message, targets).command(
        &[&delete[..], &forward[..]].concat(),
        "its flows are replaced by one NORMAL flow at once",
    )
}

fn names(targets: &Targets) -> String {
    let names: Vec<&str> = targets.iter().map(|target| target.as_str()).collect();
    listed(&names)
}

fn finding(
    level: Level,
    node: &Node,
    bridge: &Bridge,
    message: String,
    targets: &Targets,
) -> Finding {
    let subject = format!("{}/{}", node.name, &*bridge.name);
    let place = &targets[0].place;
    Finding::new(level, subject, message, place, "the controller").node(&node.name)
}
