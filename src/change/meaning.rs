//! What an effect means: how bad it is, what of a node it harms, the words for it, and how that comes back. The verdict,
//! the nodes that are watched, the picture, the safe way and the lints read it here.

use crate::finding::words::listed;

use super::effect::{Aspect, Back, Fate, Hosted, Kind, Patch, Table, Takes, moves};

/// What an effect means.
#[derive(Clone, Debug)]
pub struct Meaning<'a> {
    /// How bad it is; 0 is worst.
    pub rank: u8,
    /// What happens, before the names of nodes: `unmaps physnet1 on`.
    pub what: String,
    /// The same without names of its own, where that it may happen is worth a finding.
    pub class: Option<&'static str>,
    /// What becomes of which aspects of the node; others are kept.
    pub fates: Vec<(Aspect, Fate)>,
    /// Why, as a phrase.
    pub why: String,
    /// How it comes back, where that is known.
    pub back: Option<&'a Back>,
    /// What comes, goes or changes on the node, where that is to be seen.
    pub seen: Option<(Turn, String)>,
}

/// Whether something comes, goes or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It comes.
    Comes,
    /// It is other than before.
    Changes,
    /// It goes.
    Goes,
}

impl Meaning<'_> {
    /// Whether something stops because of it.
    pub fn interrupts(&self) -> bool {
        self.fates.iter().any(|(_, fate)| *fate != Fate::Kept)
    }

    /// What becomes of one aspect.
    pub fn fate(&self, aspect: Aspect) -> Fate {
        let own = self.fates.iter().filter(|(own, _)| *own == aspect);
        own.map(|(_, fate)| *fate).max().unwrap_or(Fate::Kept)
    }

    /// Why, and how it comes back.
    pub fn how(&self) -> String {
        match self.back {
            Some(back) => format!("{}, {}", self.why, back.phrase()),
            None => self.why.clone(),
        }
    }
}

/// The rows of the table that have no more than this.
fn row(rank: u8, what: String, fates: &[(Aspect, Fate)], why: String) -> Meaning<'static> {
    Meaning {
        rank,
        what,
        class: None,
        fates: fates.to_vec(),
        why,
        back: None,
        seen: None,
    }
}

impl Kind {
    /// What it means.
    pub fn meaning(&self) -> Meaning<'_> {
        match self {
            Self::ManagementCut { cause, back, .. } => management_cut(cause, back),
            Self::FlowsFlushed {
                bridge,
                table,
                cause,
                back,
                ..
            } => flushed(bridge, table, cause, back),
            Self::FlowsRestored { bridge } => restored(bridge),
            Self::Recreated {
                bridge,
                table,
                cause,
                back,
            } => recreated(bridge, table, cause, back),
            Self::Looped { switch, bridges } => looped(switch, bridges),
            Self::UplinkLost { bridge, .. } => uplink_lost(bridge),
            Self::Patched {
                port,
                switch,
                bridge,
                patch,
                ..
            } => patched(port, switch, bridge.as_deref(), *patch),
            Self::Unmapped {
                physnet, switches, ..
            } => unmapped(physnet, switches),
            Self::Remapped {
                physnet,
                from,
                to,
                stuck,
                ..
            } => remapped(physnet, (from, to), *stuck),
            Self::Unplugged { port } => unplugged(port),
            Self::TunnelsRebuilt { cause, back } => tunnels_rebuilt(cause, back),
            Self::ChassisMoved { before, .. } => chassis_moved(before),
            Self::GatewayRemoved { of, left, hosted } => gateway_removed(of, left, *hosted),
            Self::DatapathSet { setting, takes } => datapath_set(setting, *takes),
        }
    }
}

fn management_cut<'a>(cause: &str, back: &'a Back) -> Meaning<'a> {
    let fates = [(Aspect::Management, back.fate())];
    let what = "cuts the management network of";
    Meaning {
        class: Some(what),
        back: Some(back),
        ..row(0, what.to_owned(), &fates, cause.to_owned())
    }
}

/// What passes a bridge; on an integration bridge, that is the instances, too.
fn passing(table: &Table, fate: Fate) -> Vec<(Aspect, Fate)> {
    let mut fates = vec![(Aspect::Provider, fate), (Aspect::Flows, fate)];
    if *table == Table::Ovn {
        fates.push((Aspect::Instances, fate));
    }
    fates
}

fn flushed<'a>(bridge: &str, table: &Table, cause: &str, back: &'a Back) -> Meaning<'a> {
    let what = format!("flushes the flows of {bridge} on");
    let flows = format!("the flows of {bridge}, {}", back.phrase());
    Meaning {
        class: Some("empties a flow table of"),
        back: Some(back),
        seen: Some((Turn::Goes, flows)),
        ..row(1, what, &passing(table, back.fate()), cause.to_owned())
    }
}

fn restored(bridge: &str) -> Meaning<'static> {
    let what = format!("puts the flows of {bridge} back on");
    Meaning {
        seen: Some((Turn::Comes, format!("the flows of {bridge}"))),
        ..row(13, what, &[], String::new())
    }
}

fn recreated<'a>(bridge: &str, table: &Table, cause: &str, back: &'a Back) -> Meaning<'a> {
    let what = format!("destroys {bridge} on");
    Meaning {
        class: Some("destroys a bridge of"),
        back: Some(back),
        ..row(2, what, &passing(table, back.fate()), cause.to_owned())
    }
}

fn looped(switch: &str, bridges: &[String]) -> Meaning<'static> {
    let what = format!("makes frames go round on {} of", listed(bridges));
    let why = format!("frames of {switch} go round on {}", bridges.join(" and "));
    Meaning {
        class: Some("lets frames go round on"),
        ..row(3, what, &[(Aspect::Provider, Fate::Lost)], why)
    }
}

fn uplink_lost(bridge: &str) -> Meaning<'static> {
    let what = format!("takes the uplink of {bridge} from");
    let why = format!("{bridge} has no uplink any more");
    Meaning {
        class: Some("takes an uplink from"),
        ..row(4, what, &[(Aspect::Provider, Fate::Lost)], why)
    }
}

fn patched(port: &str, switch: &str, bridge: Option<&str>, patch: Patch) -> Meaning<'static> {
    let on = bridge.unwrap_or("its bridge");
    let pair = format!(
        "patch ports between the integration bridge and {} for {port}",
        bridge.unwrap_or("the bridge of its physnet")
    );
    let lost = [(Aspect::Provider, Fate::Lost)];
    match patch {
        Patch::Added => Meaning {
            class: Some("makes patch ports on"),
            seen: Some((Turn::Comes, pair)),
            ..row(12, format!("joins {port} to {on} on"), &[], String::new())
        },
        Patch::Removed => Meaning {
            class: Some("removes patch ports from"),
            seen: Some((Turn::Goes, pair)),
            ..row(12, format!("takes {port} from {on} on"), &[], String::new())
        },
        Patch::Parted => Meaning {
            class: Some("removes patch ports from"),
            seen: Some((Turn::Goes, pair)),
            ..row(
                5,
                format!("takes the provider network of {switch} from"),
                &lost,
                format!("{switch} has no port to its provider network any more"),
            )
        },
        Patch::Retagged { from, to } => {
            let (moves, on) = (
                moves(from, to),
                bridge.unwrap_or("the bridge of its physnet"),
            );
            Meaning {
                class: Some("changes the VLAN of a provider network on"),
                seen: Some((
                    Turn::Changes,
                    format!("the frames of {port} on {on}: {moves}"),
                )),
                ..row(
                    5,
                    format!("moves the frames of {port} {moves} on"),
                    &lost,
                    format!("the frames of {port} go {moves}"),
                )
            }
        }
    }
}

fn unmapped(physnet: &str, switches: &[String]) -> Meaning<'static> {
    let why = format!("{physnet} is mapped no longer");
    Meaning {
        // What is certain to be in use has a lint of its own.
        class: switches.is_empty().then_some("takes a physnet in use from"),
        ..row(
            5,
            format!("unmaps {physnet} on"),
            &[(Aspect::Provider, Fate::Lost)],
            why,
        )
    }
}

fn remapped(physnet: &str, (from, to): (&str, &str), stuck: bool) -> Meaning<'static> {
    let (fate, why) = if stuck {
        let why = format!("{physnet} stays on {from}, and never reaches {to}");
        (Fate::Lost, why)
    } else {
        let why = format!("{physnet} moves from {from} to {to}");
        (Fate::Interrupted, why)
    };
    let what = format!("moves {physnet} to {to} on");
    Meaning {
        class: Some("interrupts a physnet of"),
        ..row(6, what, &[(Aspect::Provider, fate)], why)
    }
}

fn unplugged(port: &str) -> Meaning<'static> {
    let what = format!("unplugs the port {port} of an instance on");
    let why = format!("port {port} is plugged in no longer");
    Meaning {
        class: Some("unplugs an instance of"),
        ..row(4, what, &[(Aspect::Instances, Fate::Lost)], why)
    }
}

fn tunnels_rebuilt<'a>(cause: &str, back: &'a Back) -> Meaning<'a> {
    let (what, fates) = (
        "interrupts the tunnels of",
        [(Aspect::Tunnels, back.fate())],
    );
    Meaning {
        class: Some(what),
        back: Some(back),
        seen: Some((Turn::Changes, format!("every tunnel: {cause}"))),
        ..row(7, what.to_owned(), &fates, cause.to_owned())
    }
}

fn chassis_moved(before: &str) -> Meaning<'static> {
    let why = format!("the chassis {before} stays and collides");
    let fates = [(Aspect::Tunnels, Fate::Lost)];
    Meaning {
        class: Some("registers another chassis for"),
        ..row(8, "renames the chassis of".to_owned(), &fates, why)
    }
}

fn gateway_removed(of: &str, left: &[String], hosted: Hosted) -> Meaning<'static> {
    let (fate, why) = match (hosted, left) {
        // Whoever schedules gateways has to move them first.
        (Hosted::Scheduled, _) => (Fate::Kept, String::new()),
        (Hosted::Bound, []) => (Fate::Lost, format!("no gateway of {of} is left")),
        (Hosted::Bound, left) => {
            let why = format!("the gateway of {of} moves to {}", listed(left));
            (Fate::Interrupted, why)
        }
    };
    let what = format!("takes the gateways of {of} from");
    Meaning {
        class: Some("takes the gateways from"),
        ..row(9, what, &[(Aspect::Provider, fate)], why)
    }
}

fn datapath_set(setting: &str, takes: Takes) -> Meaning<'static> {
    let (rank, what, fates) = match takes {
        Takes::Now => (
            10,
            "stops the datapath's threads for a moment on".to_owned(),
            vec![(Aspect::Flows, Fate::Interrupted)],
        ),
        Takes::NextStart => (
            11,
            format!("changes {setting}, for the next start of ovs-vswitchd, on"),
            Vec::new(),
        ),
    };
    let why = format!("{setting} stops the datapath's threads");
    Meaning {
        class: Some("stops the datapath of"),
        ..row(rank, what, &fates, why)
    }
}
