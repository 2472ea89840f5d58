//! Open vSwitch that waits for flows which nobody restores.

use crate::finding::{Finding, Findings, Level};
use crate::site::external_ids::EXTERNAL_IDS;
use crate::site::ovs::entry;
use crate::site::southbound_path::SouthboundPath;
use crate::site::{Node, Site};
use crate::source::{Known, Spanned};

/// The scripts set it for the length of a restart only (facts O§10). Four releases of ovn-controller set it for good on
/// every gateway that has a deputy, and release it once they have the southbound's data (facts V§2).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.nodes.iter().filter(|node| node.ovs.seen()) {
        let wait = entry(&node.ovs.other_config, "flow-restore-wait");
        if !wait.settled() {
            found.unknown(
                &node.name,
                "other_config of Open vSwitch (`ovs-vsctl list Open_vSwitch`)",
            );
            continue;
        }
        let Some(wait) = wait.seen().filter(|wait| wait.eq_ignore_ascii_case("true")) else {
            found.checked(&node.name);
            continue;
        };
        match node.external_id("ovn-managed-flow-restore-wait") {
            Known::Seen(managed) if managed.eq_ignore_ascii_case("true") => {
                of_controller(node, wait, &managed, found);
            }
            Known::Seen(_) | Known::Absent(_) => {
                found.checked(&node.name);
                found.push(left_behind(node, wait, Level::Error));
            }
            // A healthy gateway of those releases looks the same.
            Known::Unseen | Known::Unsure(..) => {
                found.unknown(&node.name, EXTERNAL_IDS);
                found.push(left_behind(node, wait, Level::Warning));
            }
        }
    }
}

/// What an interrupted restart leaves: nobody sets it again, so removing it helps.
fn left_behind(node: &Node, wait: &Spanned<String>, level: Level) -> Finding {
    let message = format!(
        "other_config:flow-restore-wait of {} is true: an ovs-vswitchd that starts with it neither handles new traffic nor connects to a controller, until it is removed",
        node.name
    );
    let label = "left behind by a restart that was interrupted";
    Finding::new(level, node.name.clone(), message, &wait.place, label)
        .node(&node.name)
        .command(
            &[
                "ovs-vsctl",
                "remove",
                "open",
                ".",
                "other_config",
                "flow-restore-wait",
            ],
            "nothing; restart ovn-controller or the agent afterwards, where flows do not appear",
        )
}

/// What ovn-controller sets and sets again: it does harm only where the southbound, which would make it let go, lies
/// behind a bridge that waits.
fn of_controller(
    node: &Node,
    wait: &Spanned<String>,
    managed: &Spanned<String>,
    found: &mut Findings,
) {
    let (bridge, interface) = match node.southbound_path() {
        SouthboundPath::ThroughBridge { bridge, interface } => (bridge, interface),
        SouthboundPath::Outside => return found.checked(&node.name),
        SouthboundPath::Unknown(needs) => return found.unknown(&node.name, needs),
    };
    found.checked(&node.name);
    let release = node.ovn().map_or_else(String::new, |version| {
        format!(", OVN {} to {}", version.text, cured(&version.numbers[..2]))
    });
    let message = format!(
        "ovn-controller of {} keeps other_config:flow-restore-wait true, and reaches the southbound from {interface} over {bridge}: after a reboot {bridge} forwards nothing until the southbound is reached, and that is behind {bridge}. ovn-controller undoes a removal of the key within seconds: only an upgrade lasts{release}",
        node.name
    );
    let label = "set by ovn-controller, again and again";
    let finding = Finding::new(Level::Error, node.name.clone(), message, &wait.place, label);
    found.push(
        finding
            .label(&managed.place, "ovn-controller calls it its own")
            .node(&node.name),
    );
}

/// The first release that neither sets the key nor leaves it, of that series or after it (facts V§2).
fn cured(series: &[u32]) -> &'static str {
    match series {
        [24, 3] => "24.03.9",
        [24 | 25, _] => "25.09.4",
        _ => "26.03.2",
    }
}
