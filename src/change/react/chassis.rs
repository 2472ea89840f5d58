//! What happens to the tunnels, the registration and the provider networks of a chassis (facts O§8, O§10).

use crate::change::effect::{Back, Kind};
use crate::change::facts::Told;
use crate::site::{Driver, Node, Site, Version};

use super::Turn;

/// The keys of tunnel endpoints.
const ENDPOINTS: [&str; 3] = ["ovn-encap-ip", "ovn-encap-type", "ovn-transport-zones"];

/// What would settle what the keys of a chassis were.
pub const EXTERNAL_IDS: &str =
    "the external_ids of the node (`ovs-vsctl get open . external_ids`, or conf.db)";

/// What would settle what a chassis makes of the tunnel address of another.
const RELEASE: &str = "`ovn` of the node in topology.toml: the release that it runs";

/// Compares the keys and the mappings.
pub fn react(turn: &mut Turn) {
    if turn.node.driver != Some(Driver::Ovn) {
        return;
    }
    endpoints(turn);
    moved(turn);
    mappings(turn);
}

fn endpoints(turn: &mut Turn) {
    for key in ENDPOINTS {
        let (old, new) = (turn.before.key(key), turn.after.key(key));
        // The first address makes the tunnels; without one the chassis keeps the row that it has.
        let endpoint = key != "ovn-transport-zones";
        if old == new || (endpoint && (*old == Told::Unset || *new == Told::Unset)) {
            continue;
        }
        let unseen = *old == Told::Unseen || *new == Told::Unseen;
        let place = turn.at(("Open_vSwitch", ""), "external_ids", Some(key));
        let cause = format!("{key} changes from {} to {}", shown(old), shown(new));
        let owner = match new {
            Told::Set(address) if key == "ovn-encap-ip" => (turn.owner)(address),
            _ => None,
        };
        let unseen = unseen.then_some(EXTERNAL_IDS);
        let (kind, needs) = match (owner, turn.node.ovn().map(gives_up_row)) {
            (None, _) => {
                let back = Back::ByItself("every chassis has made them again".to_owned());
                (Kind::TunnelsRebuilt { cause, back }, unseen)
            }
            // The southbound refuses it, and the row and the tunnels stay as they are.
            (Some(_), Some(false)) => continue,
            (Some(owner), gives_up) => {
                let cause = format!(
                    "{cause}, which is that of {owner}: ovn-controller deletes its own chassis and ends"
                );
                let back = Back::ByHand("the address is its own again".to_owned());
                let needs = gives_up.is_none().then_some(RELEASE);
                (Kind::TunnelsRebuilt { cause, back }, unseen.or(needs))
            }
        };
        turn.push_with(kind, &place, needs);
    }
}

fn shown(value: &Told<String>) -> &str {
    match value {
        Told::Set(value) => value,
        Told::Unset => "unset",
        Told::Unseen => "what was not seen",
    }
}

fn moved(turn: &mut Turn) {
    let (old, new) = (turn.before.key("system-id"), turn.after.key("system-id"));
    let (Told::Set(before), Told::Set(after)) = (old, new) else {
        return;
    };
    if before != after {
        let place = turn.at(("Open_vSwitch", ""), "external_ids", Some("system-id"));
        let kind = Kind::ChassisMoved {
            before: before.clone(),
            after: Some(after.clone()),
        };
        turn.push(kind, &place);
    }
}

fn mappings(turn: &mut Turn) {
    let (Some(before), Some(after)) = (&turn.before.mappings, &turn.after.mappings) else {
        return;
    };
    if before == after {
        return;
    }
    let place = turn.at(
        ("Open_vSwitch", ""),
        "external_ids",
        Some("ovn-bridge-mappings"),
    );
    for (physnet, from) in before {
        let kind = match after.iter().find(|(name, _)| name == physnet) {
            Some((_, to)) if to == from => continue,
            Some((_, to)) => Kind::Remapped {
                physnet: physnet.clone(),
                from: from.clone(),
                to: to.clone(),
                stuck: turn.node.ovn().is_some_and(keeps_patches),
                port: None,
            },
            None => Kind::Unmapped {
                physnet: physnet.clone(),
                bridge: from.clone(),
                switches: Vec::new(),
            },
        };
        turn.push(kind, &place);
    }
}

/// Which other chassis has one of these tunnel addresses, by the name of its node.
pub fn owner(site: &Site, node: &Node, addresses: &str) -> Option<String> {
    let others = site.chassis().filter(|other| other.name != node.name);
    let mut owners = others.filter(|other| {
        let own = other.external_id("ovn-encap-ip");
        own.seen().is_some_and(|own| {
            let mut own = own.split(',');
            own.any(|own| addresses.split(',').any(|address| address == own))
        })
    });
    owners.next().map(|other| other.name.clone())
}

/// The releases of OVN whose running ovn-controller deletes its own chassis where it is given the tunnel address of
/// another, and aborts; others keep the row that they have (facts V§1).
fn gives_up_row(version: &Version) -> bool {
    let ranges: [(&[u32], &[u32]); 3] = [
        (&[24, 3, 7], &[24, 4]),
        (&[25, 3, 2], &[25, 4]),
        (&[25, 9, 1], &[25, 10]),
    ];
    let mut ranges = ranges.iter();
    ranges.any(|(from, to)| version.at_least(from) && !version.at_least(to))
        || version.at_least(&[26, 3])
}

/// The releases of OVN that keep the patch ports of a physnet on its old bridge (facts O§6.6).
pub fn keeps_patches(version: &Version) -> bool {
    let fixed: [(&[u32], &[u32]); 4] = [
        (&[23, 3], &[23, 4]),
        (&[23, 6], &[23, 6, 4]),
        (&[23, 9], &[23, 9, 4]),
        (&[24, 3], &[24, 3, 2]),
    ];
    fixed
        .iter()
        .any(|(from, to)| version.at_least(from) && !version.at_least(to))
        && !version.at_least(&[24, 3, 2])
}
