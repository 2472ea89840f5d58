//! What happens to the tunnels, the registration and the provider networks of a chassis (facts O§8, O§10).

use crate::change::effect::{Back, Kind};
use crate::change::facts::Told;
use crate::site::{Driver, Version};

use super::Turn;

/// The keys of tunnel endpoints.
const ENDPOINTS: [&str; 3] = ["ovn-encap-ip", "ovn-encap-type", "ovn-transport-zones"];

/// What would settle what the keys of a chassis were.
pub const EXTERNAL_IDS: &str =
    "the external_ids of the node (`ovs-vsctl get open . external_ids`, or conf.db)";

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
        let kind = Kind::TunnelsRebuilt {
            cause: format!("{key} changes from {} to {}", shown(old), shown(new)),
            back: Back::ByItself("every chassis has made them again".to_owned()),
        };
        turn.push_with(kind, &place, unseen.then_some(EXTERNAL_IDS));
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
