//! Interfaces by which instances may be plugged in, where no input shows their `iface-id`.

use std::collections::BTreeSet;

use crate::change::Doubt;
use crate::change::ctl::CellChange;
use crate::finding::words::first_of;
use crate::site::Node;
use crate::site::ovn::bound::is_no_instance;
use crate::site::ovs::{Bridge, Port};
use crate::source::Place;

/// So many interfaces are written out.
const NAMES: usize = 4;

/// What would settle by which interfaces instances are plugged in.
const INTERFACES: &str =
    "`iface-id` of the interfaces (`ovs-vsctl list interface` of the node, or conf.db)";

/// What may be the port of an instance, and what the inputs show no more of than that it is there.
pub struct Unsure {
    /// The interfaces of the integration bridges that may be those of instances, by name.
    interfaces: BTreeSet<String>,
    /// The integration bridges of which not every port was seen.
    bridges: Vec<String>,
}

impl Unsure {
    /// Takes them from a node.
    pub fn of(node: &Node) -> Self {
        let names = node.integration_bridges.iter();
        let bridges: Vec<&Bridge> = names.filter_map(|name| node.ovs.bridge(name)).collect();
        let interfaces = bridges.iter().flat_map(|bridge| {
            let interfaces = bridge.ports().iter().flat_map(Port::interfaces);
            interfaces.filter(|interface| {
                !interface.iface_id.settled() && !is_no_instance(interface, &bridge.name)
            })
        });
        let unsettled = |bridge: &&&Bridge| {
            let mut ports = bridge.ports().iter();
            !bridge.ports.settled() || ports.any(|port| !port.interfaces.settled())
        };
        let name = |bridge: &&Bridge| bridge.name.value.clone();
        Self {
            interfaces: interfaces
                .map(|interface| interface.name.value.clone())
                .collect(),
            bridges: bridges.iter().filter(unsettled).map(name).collect(),
        }
    }

    /// What has left a bridge that is still there: an instance may be cut off.
    pub fn gone(&self, node: &Node, changes: &[CellChange], place: &Place) -> Option<Doubt> {
        let names = node.integration_bridges.iter();
        let bridges: Vec<&Bridge> = names.filter_map(|name| node.ovs.bridge(name)).collect();
        if bridges.is_empty() {
            return None;
        }
        let ports = bridges.iter().flat_map(|bridge| bridge.ports());
        let left: BTreeSet<&str> = ports
            .flat_map(Port::interfaces)
            .map(|interface| interface.name.as_str())
            .collect();
        let gone = self.interfaces.iter();
        let gone = gone.filter(|name| !left.contains(name.as_str()));
        let gone: Vec<String> = gone.cloned().collect();
        let unnamed = changes.iter().any(|change| {
            (change.table, change.column) == ("Bridge", "ports")
                && change.after.is_none()
                && self.bridges.contains(&change.record)
        });
        let what = match (&gone[..], unnamed) {
            ([], false) => return None,
            ([], true) => "the ports that go".to_owned(),
            (names, _) => first_of(names, NAMES),
        };
        Some(Doubt {
            place: place.clone(),
            message: format!(
                "whether an instance of {} is plugged in by {what} is not known",
                node.name
            ),
            needs: Some(INTERFACES),
        })
    }
}
