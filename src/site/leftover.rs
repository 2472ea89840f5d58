//! The signs by which neutron-openvswitch-agent is recognised on a node after it is gone (facts O§3).

use crate::finding::Command;
use crate::source::{Known, Place};

use super::Node;
use super::ovs::{Bridge, Port};

/// One sign.
#[derive(Clone, Debug)]
pub struct Leftover {
    /// What it is, as a noun phrase.
    pub what: &'static str,
    /// Where it stands.
    pub place: Place,
    /// The commands that remove it.
    pub cure: Vec<Command>,
}

/// What the agent writes: it adds these three and never 1.5.
const AGENT_PROTOCOLS: [&str; 3] = ["OpenFlow10", "OpenFlow13", "OpenFlow14"];

/// The types of the agent's tunnel ports.
const TUNNELS: [&str; 3] = ["vxlan", "gre", "geneve"];

impl Node {
    /// The signs that neutron-openvswitch-agent ran here.
    pub fn agent_leftovers(&self) -> Vec<Leftover> {
        let Some(bridges) = self.ovs.bridges.seen() else {
            return Vec::new();
        };
        let integration = self.integration_bridge();
        let mut signs = Vec::new();
        if let Some(bridge) = self.ovs.bridge(&integration) {
            signs.extend(protocols(bridge));
            signs.extend(
                bridges
                    .iter()
                    .filter(|other| *other.name != integration)
                    .filter_map(|other| patch_pair(bridge, other)),
            );
        }
        signs.extend(
            bridges
                .iter()
                .find(|bridge| *bridge.name == "br-tun")
                .and_then(tunnel_bridge),
        );
        signs
    }
}

fn protocols(bridge: &Bridge) -> Option<Leftover> {
    let Known::Seen(protocols) = &bridge.protocols else {
        return None;
    };
    let exactly = protocols.len() == AGENT_PROTOCOLS.len()
        && protocols
            .iter()
            .all(|version| AGENT_PROTOCOLS.contains(&version.as_str()));
    exactly.then(|| Leftover {
        what: "its protocols OpenFlow10, OpenFlow13 and OpenFlow14",
        place: protocols.place.clone(),
        cure: vec![Command::new(
            &["ovs-vsctl", "clear", "bridge", &bridge.name, "protocols"],
            "nothing: flows stay, ovn-controller reconnects within 8 s",
        )],
    })
}

/// `int-<bridge>` and `phy-<bridge>`, each the peer of the other.
fn patch_pair(integration: &Bridge, provider: &Bridge) -> Option<Leftover> {
    let name = |interface: &super::ovs::Interface| interface.name.value.clone();
    let ours = integration.ports().iter().flat_map(Port::interfaces);
    let pair = ours
        .filter(|interface| interface.name.starts_with("int-"))
        .find_map(|interface| {
            let peer = provider.interface(&interface.peer()?)?;
            let back = peer.peer()?;
            (peer.name.starts_with("phy-") && back.value == *interface.name)
                .then(|| (interface.name.clone(), name(peer)))
        });
    let (ours, theirs) = pair?;
    Some(Leftover {
        what: "its patch ports int- and phy-",
        cure: vec![Command::new(
            &[
                "ovs-vsctl",
                "--if-exists",
                "del-port",
                &ours,
                "--",
                "--if-exists",
                "del-port",
                &theirs,
            ],
            "nothing under OVN, which has patch ports of its own",
        )],
        place: ours.place,
    })
}

fn tunnel_bridge(bridge: &Bridge) -> Option<Leftover> {
    let mut interfaces = bridge.ports().iter().flat_map(Port::interfaces);
    let used = interfaces.any(|interface| {
        *interface.name == "patch-int"
            || interface.kind().is_some_and(|kind| TUNNELS.contains(&kind))
    });
    used.then(|| Leftover {
        what: "its tunnel bridge br-tun",
        place: bridge.name.place.clone(),
        cure: vec![Command::new(
            &["ovs-vsctl", "del-br", "br-tun"],
            "nothing under OVN, whose tunnels are on the integration bridge",
        )],
    })
}
