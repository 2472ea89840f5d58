//! What a change of a node's database brings about that cannot be told from the inputs.

use crate::change::Doubt;
use crate::change::ctl::CellChange;
use crate::change::facts::{Facts, Told};
use crate::site::{Driver, Node, Site};
use crate::source::Place;

/// What cannot be told of a change on a node.
pub fn of(
    site: &Site,
    node: &Node,
    (before, after): (&Facts, &Facts),
    changes: &[CellChange],
    place: &Place,
) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let mut doubt = |place: &Place, message: String| {
        doubts.push(Doubt {
            place: place.clone(),
            message,
            needs: None,
        });
    };
    for change in changes.iter().filter(|change| is_agents(node, change)) {
        let own = change.place.as_ref().unwrap_or(place);
        let message = format!(
            "what still passes on {} without {}, a port of neutron-openvswitch-agent, is not known: it makes it again when it starts",
            node.name, change.record
        );
        doubt(own, message);
    }
    for change in changes.iter().filter(|change| is_protocol(node, change)) {
        let own = change.place.as_ref().unwrap_or(place);
        let message = format!(
            "who speaks OpenFlow to {} of {} is not known, nor whether it speaks these versions",
            change.record, node.name
        );
        doubt(own, message);
    }
    if let (Told::Set(old), Told::Set(new)) = (before.key("ovn-remote"), after.key("ovn-remote"))
        && old != new
        && !is_anothers(site, node, new)
    {
        let message = format!(
            "whether {} reaches a southbound at {new} is not known: no other chassis uses it; without one its flows stay as they are and follow nothing",
            node.name
        );
        doubt(place, message);
    }
    doubts
}

/// The versions of an integration bridge, where it is not known whether OVN, which needs OpenFlow 1.5, speaks to it.
fn is_protocol(node: &Node, change: &CellChange) -> bool {
    let fits = change
        .after
        .as_ref()
        .is_none_or(|version| version.to_text() == "OpenFlow15");
    node.driver.is_none()
        && (change.table, change.column) == ("Bridge", "protocols")
        && node.is_integration_bridge(&change.record)
        && !fits
}

/// A port that the agent joins its bridges by, and that goes.
fn is_agents(node: &Node, change: &CellChange) -> bool {
    let joins = ["int-", "phy-", "patch-tun", "patch-int"];
    node.driver == Some(Driver::Openvswitch)
        && (change.table, change.column) == ("Port", "_uuid")
        && change.after.is_none()
        && joins.iter().any(|start| change.record.starts_with(start))
}

/// Whether another chassis uses this southbound.
fn is_anothers(site: &Site, node: &Node, remote: &str) -> bool {
    let others = site.nodes.iter().filter(|other| other.name != node.name);
    let mut remotes = others.filter_map(|other| other.external_id("ovn-remote").seen().cloned());
    remotes.any(|other| other.value == remote)
}
