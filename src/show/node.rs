//! One node of the picture.

use std::collections::{BTreeMap, BTreeSet};

use crate::site::external_ids::{is_key, split};
use crate::site::management::ManagementPath;
use crate::site::mapping::Mappings;
use crate::site::{Driver, Management, Node, Role, Site};
use crate::source::Known;

use super::ports::{self, names_of};
use super::{Fact, ShownManagement, ShownMapping, ShownNode, clean, driver, source_name, text};

/// What every chassis needs to be of use (facts O§5).
const NEEDED: [&str; 4] = [
    "ovn-bridge-mappings",
    "ovn-encap-ip",
    "ovn-encap-type",
    "ovn-remote",
];

pub fn shown(node: &Node, site: &Site) -> ShownNode {
    let openvswitch = [&node.host.openvswitch, &node.ovs.version];
    let openvswitch = openvswitch
        .into_iter()
        .find(|version| **version != Known::Unseen);
    let version = |known: &Known<crate::site::Version>| {
        Fact::of(known, |version| clean(&version.to_string()))
    };
    ShownNode {
        name: clean(&node.name),
        roles: match &node.roles[..] {
            [] => Fact::Unseen,
            roles => Fact::Seen(roles.iter().copied().map(role).collect()),
        },
        driver: driver(site, node.driver),
        driver_from: node.driver_source.map(source_name),
        openvswitch: openvswitch.map_or(Fact::Unseen, version),
        ovn: version(&node.host.ovn),
        kernel: version(&node.host.kernel),
        memory: Fact::of(&node.host.memory, |bytes| *bytes),
        management: management(node),
        external_ids: external_ids(node),
        ovs_agent: (node.driver == Some(Driver::Openvswitch)).then(|| ovs_agent(node)),
        mappings: Fact::of(&node.mappings, in_force),
        bridges: ports::bridges(node),
        all_bridges: node.ovs.all_bridges,
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Controller => "controller",
        Role::Network => "network",
        Role::Compute => "compute",
        Role::Storage => "storage",
    }
}

fn in_force(mappings: &Mappings) -> Vec<ShownMapping> {
    let pairs = mappings.entries.iter().map(|pair| ShownMapping {
        physnet: clean(&pair.physnet),
        bridge: clean(&pair.bridge),
    });
    pairs.collect()
}

fn management(node: &Node) -> ShownManagement {
    let bridges = node.ovs.bridges.seen();
    let carrier = node
        .host
        .management_carrier(bridges.map_or(&[], |bridges| &bridges.value));
    // Without all bridges, an interface that has no address of its own may lead to one that has.
    let carrier = carrier.filter(|carrier| node.ovs.all_bridges || carrier.address.is_some());
    let mut shown = ShownManagement {
        given: Fact::of(&node.host.management, |given| match given {
            Management::Interface(name) => clean(name),
            Management::Address(address) => address.to_string(),
        }),
        interface: carrier.as_ref().map_or(Fact::Unseen, |carrier| {
            Fact::Seen(clean(&carrier.interface))
        }),
        address: match (&carrier, node.host.management.seen()) {
            (Some(carrier), _) => carrier.address.map(|address| address.to_string()),
            (None, Some(given)) => match given.value {
                Management::Address(address) => Some(address.to_string()),
                Management::Interface(_) => None,
            },
            (None, None) => None,
        }
        .map_or(Fact::Unseen, Fact::Seen),
        path: Fact::Unseen,
        bridge: None,
        port: None,
        uplinks: None,
        needs: None,
    };
    match node.management_path() {
        ManagementPath::Captured { port, bridge, .. } => {
            shown.path = Fact::Seen("captured");
            shown.bridge = Some(clean(&bridge.name));
            shown.port = Some(clean(&port.name));
        }
        ManagementPath::OnBridge { bridge, .. } => {
            shown.path = Fact::Seen("internal_port");
            shown.bridge = Some(clean(&bridge.name));
            let uplinks = node.uplinks().remove(bridge.name.as_str()).flatten();
            shown.uplinks =
                Some(uplinks.map_or(Fact::Unseen, |ports| Fact::Seen(names_of(&ports))));
        }
        ManagementPath::Outside => shown.path = Fact::Seen("outside"),
        ManagementPath::Unknown(needs) => shown.needs = Some(needs),
    }
    shown
}

/// The keys that OVN reads on this node, and the values that it takes.
fn external_ids(node: &Node) -> Fact<BTreeMap<String, Fact<String>>> {
    Fact::of(&node.ovs.external_ids, |entries| {
        let system_id = entries.get("system-id").map(|id| id.value.as_str());
        let further: BTreeSet<&str> = node.further_controllers().into_iter().collect();
        let mut keys: BTreeMap<String, Fact<String>> = BTreeMap::new();
        if node.driver == Some(Driver::Ovn) {
            keys.extend(NEEDED.map(|key| (key.to_owned(), text(&node.external_id(key)))));
        }
        for (key, value) in entries.iter() {
            let own = system_id.and_then(|id| without_suffix(key, id));
            if let Some(known) = own.or(is_key(key).then_some(key)) {
                keys.insert(known.to_owned(), text(&node.external_id(known)));
            } else if split(key).is_some_and(|(_, suffix)| further.contains(suffix)) {
                keys.insert(clean(key), Fact::Seen(clean(value)));
            }
        }
        keys
    })
}

/// `ovn-encap-ip` of `ovn-encap-ip-node1`, where `node1` is the system-id.
fn without_suffix<'key>(key: &'key str, suffix: &str) -> Option<&'key str> {
    let known = key.strip_suffix(suffix)?.strip_suffix('-')?;
    is_key(known).then_some(known)
}

fn ovs_agent(node: &Node) -> BTreeMap<&'static str, Fact<String>> {
    let options = [
        ("bridge_mappings", "ovs"),
        ("local_ip", "ovs"),
        ("tunnel_types", "agent"),
    ];
    let value = |(option, section)| match node.agent_options() {
        Some(agent) => (option, text(&agent.text(section, option))),
        None => (option, Fact::Unseen),
    };
    options.into_iter().map(value).collect()
}
