//! A setting of a bridge that Open vSwitch does not know.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::ovs::Bridge;
use crate::site::{Node, Site};
use crate::source::{Known, Spanned};

/// The schema refuses all but a datapath type, and that one destroys the bridge (facts O§1, O§4).
pub fn check(site: &Site, found: &mut Findings) {
    for node in &site.nodes {
        let bridges = node.ovs.bridges.seen();
        for bridge in bridges.into_iter().flat_map(|bridges| bridges.iter()) {
            let seen = bridge.fail_mode.settled()
                && bridge.datapath_type.settled()
                && bridge.protocols.settled();
            if seen {
                found.checked(&node.name);
            } else {
                found.unknown(
                    &node.name,
                    "fail_mode, protocols and datapath_type of the bridge (`ovs-vsctl list Bridge`)",
                );
            }
            for (column, value, allowed) in invalid(node, bridge, found) {
                let result = if column == "datapath_type" {
                    format!(
                        "ovs-vswitchd logs `unknown datapath type`, and {} with all its ports does not exist",
                        &*bridge.name
                    )
                } else {
                    "ovsdb-server refuses it with `constraint violation`, and the whole transaction with it".to_owned()
                };
                let message = format!(
                    "{column} of {} on {} is `{}`, and Open vSwitch knows only {}: {result}",
                    &*bridge.name,
                    node.name,
                    value.value,
                    listed(allowed)
                );
                let subject = format!("{}/{}/{column}", node.name, &*bridge.name);
                found.push(
                    Finding::new(Level::Error, subject, message, &value.place, "not known")
                        .node(&node.name),
                );
            }
        }
    }
}

const FAIL_MODES: &[&str] = &["standalone", "secure"];
const DATAPATHS: &[&str] = &["system", "netdev"];
const PROTOCOLS: &[&str] = &[
    "OpenFlow10",
    "OpenFlow11",
    "OpenFlow12",
    "OpenFlow13",
    "OpenFlow14",
    "OpenFlow15",
];

type Invalid = (&'static str, Spanned<String>, &'static [&'static str]);

fn invalid(node: &Node, bridge: &Bridge, found: &mut Findings) -> Vec<Invalid> {
    let of = |column, known: &Known<String>, allowed: &'static [&'static str]| {
        let value = known.seen().filter(|value| !value.is_empty());
        let value = value.filter(|value| !allowed.contains(&value.as_str()));
        value.map(|value| (column, value.clone(), allowed))
    };
    let mut invalid = Vec::new();
    invalid.extend(of("fail_mode", &bridge.fail_mode, FAIL_MODES));
    invalid.extend(of("datapath_type", &bridge.datapath_type, DATAPATHS));
    let protocols = bridge.protocols.seen();
    for protocol in protocols.into_iter().flat_map(|versions| versions.iter()) {
        // In the schema of 2.6 to 2.11 only (facts O§1).
        let old = protocol.value == "OpenFlow16";
        match node.openvswitch() {
            None if old => found.unknown(&node.name, "`openvswitch` of the node in topology.toml"),
            Some(version) if old && version.at_least(&[2, 6]) && !version.at_least(&[2, 12]) => {}
            _ if PROTOCOLS.contains(&protocol.as_str()) => {}
            _ => invalid.push(("protocols", protocol.clone(), PROTOCOLS)),
        }
    }
    invalid
}
