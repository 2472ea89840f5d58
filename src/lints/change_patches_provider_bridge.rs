//! Patch ports that ovn-controller makes or removes because of a command.

use std::collections::BTreeSet;

use crate::change::Change;
use crate::change::effect::{Kind, Patch, moves};
use crate::change::groups::Group;
use crate::finding::words::{first_of, listed};
use crate::finding::{Findings, Level};
use crate::site::Site;

/// So many management addresses are told.
const SHOWN: usize = 8;

/// A first localnet port hurts nobody by itself, but everyone on the switch is then on the network of the bridge
/// (facts O§6.2, O§6.3, O§6.9).
pub fn check(change: &Change, found: &mut Findings) {
    let groups = change.groups(|kind| match kind {
        Kind::Patched {
            switch,
            port,
            patch,
            ..
        } => Some((switch, port, *patch)),
        _ => None,
    });
    for group in groups {
        let Kind::Patched {
            switch,
            port,
            patch,
            ..
        } = &group.first().kind
        else {
            continue;
        };
        let (who, bridges) = (group.who(), bridges(&group));
        let port_of = format!("localnet port {port} of switch {}", title(change, switch));
        let shared = shared(&group);
        let (level, sign, label, message) = match patch {
            Patch::Removed => {
                let does = group.does("loses", "may lose");
                let message = format!(
                    "{port_of} {does} its patch ports to {bridges} on {who}: its provider network leaves the chassis"
                );
                (Level::Note, "removed", "removes the patch ports", message)
            }
            Patch::Parted => {
                let does = group.does("loses", "may lose");
                let message = format!(
                    "{port_of} {does} its patch ports to {bridges} on {who}, and the switch has no other: instances and routers on it do not reach their provider network any more"
                );
                (
                    Level::Warning,
                    "removed",
                    "removes the patch ports",
                    message,
                )
            }
            Patch::Retagged { from, to } => {
                let does = group.does("moves its frames", "may move its frames");
                let message = format!(
                    "{port_of} {does} {} on {bridges} of {who}: instances and routers on the switch are on another network from then on",
                    moves(*from, *to)
                );
                (Level::Warning, "retagged", "changes the VLAN", message)
            }
            Patch::Added => {
                let does = group.does("gets", "may get");
                let (level, also) = match first_of(&shared, SHOWN) {
                    none if none.is_empty() => (Level::Note, String::new()),
                    names => (
                        Level::Warning,
                        format!(
                            "; the management address of {names} passes there: from then on whoever is on the switch is on that network, too"
                        ),
                    ),
                };
                let message = format!("{port_of} {does} patch ports to {bridges} on {who}{also}");
                (level, "added", "makes the patch ports", message)
            }
        };
        let subject = format!("{switch}/{port}/{sign}");
        found.push(group.finding(level, &subject, message, label));
    }
}

fn bridges(group: &Group) -> String {
    let bridges = group.effects.iter().map(|effect| match &effect.kind {
        Kind::Patched {
            bridge: Some(bridge),
            ..
        } => bridge.as_str(),
        _ => "the bridge of its physnet",
    });
    let bridges: BTreeSet<&str> = bridges.collect();
    listed(&bridges.into_iter().collect::<Vec<_>>())
}

/// The nodes whose management address passes the bridge.
fn shared<'a>(group: &Group<'a>) -> Vec<&'a str> {
    let passes = |kind: &Kind| matches!(kind, Kind::Patched { management, .. } if *management);
    let there = group.effects.iter().filter(|effect| passes(&effect.kind));
    there.map(|effect| effect.node.as_str()).collect()
}

/// The name of a switch with the one that its users gave the network.
fn title(change: &Change, name: &str) -> String {
    let of = |site: &Site| {
        let mut switches = site.northbound.switches().iter();
        Some(switches.find(|switch| *switch.name == *name)?.title())
    };
    let title = of(&change.after).or_else(|| of(&change.before));
    title.unwrap_or_else(|| name.to_owned())
}
