//! Which ports a chassis claims and releases as interfaces are plugged in and out (facts O§6.3).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::site::Site;
use crate::source::{Known, Place};

/// Ends what the southbound says of ports that a node no longer holds, or has just taken from another: from here on,
/// what is plugged in decides.
pub fn follow(
    site: &mut Site,
    at: usize,
    (before, after): (&BTreeSet<String>, &BTreeSet<String>),
    place: &Place,
) {
    if before == after {
        return;
    }
    let own = site
        .registrations()
        .iter()
        .find(|chassis| chassis.node == Some(at))
        .map(|chassis| chassis.name.clone());
    let gone = with_children(site, before.difference(after).cloned().collect());
    let came = with_children(site, after.difference(before).cloned().collect());
    let southbound = Arc::make_mut(&mut site.southbound);
    let Known::Seen(bindings) = &mut southbound.bindings else {
        return;
    };
    for binding in &mut bindings.value {
        let Known::Seen(chassis) = &binding.chassis else {
            continue;
        };
        let here = own.as_deref() == Some(chassis.as_str());
        let name = binding.logical_port.as_str();
        if (here && gone.contains(name)) || (!here && came.contains(name)) {
            binding.chassis = Known::Absent(place.clone());
            binding.additional.clear();
        }
    }
}

/// The ports of containers go where that of their instance goes.
fn with_children(site: &Site, mut names: BTreeSet<String>) -> BTreeSet<String> {
    let instances = site.northbound.switches().iter();
    let children: Vec<String> = instances
        .flat_map(|switch| &switch.instances)
        .filter(|port| {
            let parent = port.parent.as_ref();
            parent.is_some_and(|parent| names.contains(&**parent))
        })
        .map(|port| port.name.to_string())
        .collect();
    names.extend(children);
    names
}
