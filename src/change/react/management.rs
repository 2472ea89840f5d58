//! What cuts the way of the management address (facts O§7 b, O§10).

use crate::change::ctl::CellChange;
use crate::change::effect::{Back, CONSOLE, Fate, Kind, Table};
use crate::change::facts::{BridgeFacts, Seat, Told};
use crate::finding::words::listed;
use crate::read::ovsdb::datum::Atom;
use crate::site::uplinks::WayOut;
use crate::site::wire::Wire;
use crate::source::Place;

use super::Turn;
use super::bridges::Flush;

/// Spanning tree keeps a port from forwarding for twice its forward delay; the lab saw 27 s (facts O§10).
const STP: Back = Back::Seconds(30, "STP lets its ports forward");
/// As the lab saw it.
const RSTP: Back = Back::Seconds(4, "RSTP lets its ports forward");

/// What would settle whether another device reaches the same network.
const SAME_NETWORK: &str = "which network the new uplink reaches";
/// What would settle as what frames leave a bridge.
const VLANS: &str =
    "tag, trunks and vlan_mode of the ports of the bridge (`ovs-vsctl list port`, or conf.db)";
/// What would settle whether a spanning tree runs already.
const TREES: &str = "stp_enable and rstp_enable of the bridge (`ovs-vsctl list bridge`)";
/// What would settle whether the MAC address of a bridge changes.
const MACS: &str =
    "the MAC addresses of the bridge's ports, or `other_config:hwaddr` of the bridge";

/// Compares the way of the management address.
pub fn react(turn: &mut Turn, flushes: &[Flush]) {
    match (&turn.before.seat, &turn.after.seat) {
        (Seat::OnBridge { bridge, .. }, _) => {
            let bridge = bridge.clone();
            on_bridge(turn, &bridge, flushes);
        }
        (Seat::Unknown(needs), _) => {
            let needs = *needs;
            unknown(turn, needs, flushes);
        }
        (Seat::Outside, Seat::Captured { bridge, port }) => {
            let cause =
                format!("{port}, which carries the management address, becomes a port of {bridge}");
            let (seat, port) = (port.clone(), port.clone());
            let place = turn.first(|change| change.record == port && change.before.is_none());
            cut(turn, &seat, cause, by_console(), &place, None);
        }
        (Seat::Captured { .. } | Seat::Outside, _) => {}
    }
}

fn by_console() -> Back {
    Back::ByHand(CONSOLE.to_owned())
}

fn cut(
    turn: &mut Turn,
    seat: &str,
    cause: String,
    back: Back,
    place: &Place,
    needs: Option<&'static str>,
) {
    let kind = Kind::ManagementCut {
        seat: seat.to_owned(),
        cause,
        back,
    };
    turn.push_with(kind, place, needs);
}

/// The address sits on an internal port of this bridge.
fn on_bridge(turn: &mut Turn, name: &str, flushes: &[Flush]) {
    let (before, after) = (turn.before, turn.after);
    let Some(new) = after.bridge(name) else {
        let place = turn.at(("Bridge", name), "_uuid", None);
        return cut(
            turn,
            name,
            format!("{name} is deleted"),
            by_console(),
            &place,
            None,
        );
    };
    let Some(old) = before.bridge(name) else {
        return;
    };
    if old.datapath != new.datapath && old.datapath.is_some() && new.datapath.is_some() {
        let place = turn.at(("Bridge", name), "datapath_type", None);
        let cause =
            format!("{name} is destroyed and made again, without the address of its internal port");
        return cut(turn, name, cause, by_console(), &place, None);
    }
    let Seat::OnBridge { bridge, .. } = &after.seat else {
        return gone(turn, name);
    };
    if bridge != name {
        return gone(turn, name);
    }
    ways(turn, name);
    for flush in flushes.iter().filter(|flush| flush.bridge == name) {
        if flush.frames.fate() != Fate::Kept {
            let cause = format!("{name} drops every frame: {}", flush.cause);
            // From outside nobody reaches the node to add them.
            let back = match &flush.frames {
                Back::Seconds(..) => flush.frames.clone(),
                _ => by_console(),
            };
            cut(turn, name, cause, back, &flush.place.clone(), flush.needs);
        }
    }
    trees(turn, name, (old, new));
    circles(turn, name, (old, new));
    addresses(turn, name, (old, new));
}

/// Its internal port, or the interface below it, is not there any more.
fn gone(turn: &mut Turn, name: &str) {
    let interface = match &turn.before.seat {
        Seat::OnBridge { interface, .. } => interface.clone(),
        _ => name.to_owned(),
    };
    let place = turn.first(|change| change.record == interface && change.after.is_none());
    let cause = format!(
        "the internal port {interface} of {name}, which carries the management address, goes"
    );
    cut(turn, name, cause, by_console(), &place, None);
}

/// The uplinks, and what frames look like on them.
fn ways(turn: &mut Turn, name: &str) {
    let (
        Seat::OnBridge { way, wires, .. },
        Seat::OnBridge {
            way: way_after,
            wires: wires_after,
            ..
        },
    ) = (&turn.before.seat, &turn.after.seat)
    else {
        return;
    };
    let removed = |change: &CellChange| {
        matches!(change.table, "Port" | "Interface" | "Bridge") && change.after.is_none()
    };
    match (way, way_after) {
        (WayOut::Seen, WayOut::Missing) => {
            let place = turn.first(removed);
            let cause = format!("{name} loses its only uplink");
            return cut(turn, name, cause, by_console(), &place, None);
        }
        (WayOut::Unknown(needs), WayOut::Missing) => {
            let (place, needs) = (turn.first(removed), *needs);
            let cause = format!("{name} may lose its only uplink");
            return cut(turn, name, cause, by_console(), &place, Some(needs));
        }
        _ => {}
    }
    let (Some(old), Some(new)) = (wires, wires_after) else {
        return vlans(turn, name);
    };
    let drivers = |change: &&CellChange| {
        change.table == "Interface"
            && change.column == "type"
            && old.iter().any(|(uplink, _)| *uplink == change.record)
            && kernel(change.before.as_ref()) != kernel(change.after.as_ref())
    };
    if let Some(change) = turn.changes.iter().find(drivers) {
        let cause = format!("{} of {name} becomes another device", change.record);
        let place = change.place.clone();
        let place = place.unwrap_or_else(|| turn.place.clone());
        return cut(turn, name, cause, by_console(), &place, Some(SAME_NETWORK));
    }
    if old.is_empty() {
        return;
    }
    let kept = |(uplink, wire): &&(String, Option<Wire>)| {
        wire.is_some() && old.iter().any(|(name, own)| name == uplink && own == wire)
    };
    if new.iter().any(|pair| kept(&pair)) {
        return;
    }
    let same = new
        .iter()
        .any(|(uplink, _)| old.iter().any(|(name, _)| name == uplink));
    if same {
        let place = turn.first(|change| matches!(change.column, "tag" | "trunks" | "vlan_mode"));
        let cause = format!("the VLAN of its frames changes on {name}");
        cut(turn, name, cause, by_console(), &place, None);
    } else {
        let names = |pairs: &[(String, Option<Wire>)]| {
            let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
            listed(&names)
        };
        let cause = format!(
            "the uplink of {name} changes from {} to {}",
            names(old),
            names(new)
        );
        let place = turn.first(|change| change.table == "Port");
        cut(turn, name, cause, by_console(), &place, Some(SAME_NETWORK));
    }
}

/// The VLAN of a port of the bridge changes, and as what frames left by it was not seen.
fn vlans(turn: &mut Turn, name: &str) {
    let owner = turn.node.ovs.bridge(name);
    let own = |port: &str| owner.is_some_and(|bridge| bridge.port(port).is_some());
    let mut changes = turn.changes.iter().filter(|change| {
        change.table == "Port"
            && matches!(change.column, "tag" | "trunks" | "vlan_mode")
            && own(&change.record)
    });
    let Some(change) = changes.next() else {
        return;
    };
    let (port, place) = (change.record.clone(), change.place.clone());
    let place = place.unwrap_or_else(|| turn.place.clone());
    let cause = format!("the VLANs of {port} change on {name}");
    cut(turn, name, cause, by_console(), &place, Some(VLANS));
}

/// Whether an interface of this type is a device of the kernel (facts O§7 c6).
fn kernel(kind: Option<&Atom>) -> bool {
    kind.is_none_or(|kind| matches!(kind.to_text().as_str(), "" | "system"))
}

/// A second uplink of a bridge that floods: frames go round where both reach one network (facts O§4).
fn circles(turn: &mut Turn, name: &str, (old, new): (&BridgeFacts, &BridgeFacts)) {
    let (Some(before), Some(after)) = (&old.uplinks, &new.uplinks) else {
        return;
    };
    let more = after.len() > before.len() && before.iter().all(|own| after.contains(own));
    let tree = new.stp == Some(true) || new.rstp == Some(true);
    let floods = matches!(new.table, Table::Normal | Table::Unknown(_));
    if before.is_empty() || !more || tree || !floods {
        return;
    }
    let place = turn.first(|change| change.table == "Port" || change.table == "Interface");
    let cause = format!(
        "frames may go round through {}, without a bond or STP",
        listed(after)
    );
    cut(turn, name, cause, by_console(), &place, Some(SAME_NETWORK));
}

/// A tree that starts stops the ports of the bridge; one that was not seen may have been there.
fn trees(turn: &mut Turn, name: &str, (old, new): (&BridgeFacts, &BridgeFacts)) {
    let (tree, column, back, old) = if started((old.stp, new.stp)) {
        ("STP", "stp_enable", STP, old.stp)
    } else if started((old.rstp, new.rstp)) {
        ("RSTP", "rstp_enable", RSTP, old.rstp)
    } else {
        return;
    };
    let place = turn.at(("Bridge", name), column, None);
    let needs = old.is_none().then_some(TREES);
    cut(
        turn,
        name,
        format!("{tree} starts on {name}"),
        back,
        &place,
        needs,
    );
}

/// Whether a tree starts, or may.
fn started((old, new): (Option<bool>, Option<bool>)) -> bool {
    old != Some(true) && new == Some(true)
}

/// The MAC address of a bridge is the lowest of its uplinks', unless it is pinned (facts O§7).
fn addresses(turn: &mut Turn, name: &str, (old, new): (&BridgeFacts, &BridgeFacts)) {
    let back = || Back::ByItself("the neighbours forget the old MAC address".to_owned());
    let now = (turn.mac)(name).map(|mac| mac.to_ascii_lowercase());
    if old.hwaddr != new.hwaddr {
        let place = turn.at(("Bridge", name), "other_config", Some("hwaddr"));
        let was = match &old.hwaddr {
            Told::Set(mac) => Some(mac.clone()),
            Told::Unset | Told::Unseen => now,
        };
        let cause = format!("the MAC address of {name} changes");
        match (&was, &new.hwaddr) {
            // Pinning what it is changes nothing.
            (Some(was), Told::Set(mac)) if was == mac => {}
            (Some(_), Told::Set(_)) => cut(turn, name, cause, back(), &place, None),
            _ => cut(turn, name, cause, back(), &place, Some(MACS)),
        }
        return;
    }
    let (Some(before), Some(after)) = (&old.uplinks, &new.uplinks) else {
        return;
    };
    if !matches!(new.hwaddr, Told::Set(_)) && before != after && !after.is_empty() {
        let place = turn.first(|change| change.table == "Port" || change.table == "Interface");
        let cause = format!("the MAC address of {name} may change with its ports");
        cut(turn, name, cause, back(), &place, Some(MACS));
    }
}

/// Where the address sits is not known: what would cut it on a provider bridge may cut it.
fn unknown(turn: &mut Turn, needs: &'static str, flushes: &[Flush]) {
    if let Seat::Captured { bridge, port } = &turn.after.seat {
        let (bridge, port) = (bridge.clone(), port.clone());
        let place = turn.first(|change| change.record == port);
        let cause = format!("{port} becomes a port of {bridge}");
        return cut(turn, &port, cause, by_console(), &place, Some(needs));
    }
    let (before, after) = (turn.before, turn.after);
    let names = before.bridges.iter().flatten().map(|(name, _)| name);
    for name in names.collect::<Vec<_>>() {
        let integration = before.ovn_bridge.as_ref() == Some(name) || name == "br-tun";
        let (Some(old), new) = (before.bridge(name), after.bridge(name)) else {
            continue;
        };
        let ported = turn.changes.iter().any(|change| {
            (change.table, change.column) == ("Bridge", "ports") && change.record == *name
        });
        let same = new == Some(old) && (old.uplinks.is_some() || !ported);
        if integration || old.has_uplink() == Some(false) || same {
            continue;
        }
        let dropped = flushes
            .iter()
            .find(|flush| flush.bridge == *name && flush.frames.fate() != Fate::Kept);
        let (cause, place) = match (new, dropped) {
            (None, _) => (
                format!("{name} is deleted"),
                turn.at(("Bridge", name), "_uuid", None),
            ),
            (_, Some(flush)) => (
                format!("{name} drops every frame: {}", flush.cause),
                flush.place.clone(),
            ),
            (Some(new), _) if new.has_uplink() == Some(false) => (
                format!("{name} loses its only uplink"),
                turn.first(|change| change.after.is_none()),
            ),
            (Some(new), _) if started((old.stp, new.stp)) => (
                format!("STP starts on {name}"),
                turn.at(("Bridge", name), "stp_enable", None),
            ),
            (Some(new), _) if started((old.rstp, new.rstp)) => (
                format!("RSTP starts on {name}"),
                turn.at(("Bridge", name), "rstp_enable", None),
            ),
            (Some(new), _) if old.hwaddr != new.hwaddr => (
                format!("the MAC address of {name} changes"),
                turn.at(("Bridge", name), "other_config", Some("hwaddr")),
            ),
            (Some(new), _) if old.datapath != new.datapath => (
                format!("{name} is destroyed and made again"),
                turn.at(("Bridge", name), "datapath_type", None),
            ),
            (Some(new), _) if ported && new.uplinks.is_none() => (
                format!("the ports of {name} change, and not all of them were seen"),
                turn.at(("Bridge", name), "ports", None),
            ),
            _ => continue,
        };
        cut(turn, name, cause, by_console(), &place, Some(needs));
    }
}
