//! OVN's two databases in the picture: what is in them, in numbers.

use serde::Serialize;

use crate::site::ovn::{LogicalSwitch, Northbound, Southbound, SwitchPort};
use crate::source::{Known, Sources};

use super::{Fact, clean, path, text};

/// The northbound database.
#[derive(Debug, Serialize)]
pub struct ShownNorthbound {
    pub file: String,
    pub switches: Fact<usize>,
    pub routers: Fact<usize>,
    pub localnet_ports: Fact<Vec<ShownLocalnet>>,
    pub bandwidth_rules: Fact<u64>,
    pub vxlan_mode: Fact<String>,
}

/// A port that joins a switch to a physnet.
#[derive(Debug, Serialize)]
pub struct ShownLocalnet {
    pub switch: String,
    pub name: String,
    pub physnet: Fact<String>,
    /// The VLAN on the wire.
    pub tag: Fact<i64>,
}

/// The southbound database.
#[derive(Debug, Serialize)]
pub struct ShownSouthbound {
    pub file: String,
    pub chassis: Fact<Vec<String>>,
    pub port_bindings: Fact<usize>,
}

pub fn northbound(northbound: &Northbound, sources: &Sources) -> Fact<ShownNorthbound> {
    let Some(place) = &northbound.place else {
        return Fact::Unseen;
    };
    Fact::Seen(ShownNorthbound {
        file: path(place, sources),
        switches: number(&northbound.switches),
        routers: number(&northbound.routers),
        localnet_ports: localnet_ports(northbound),
        bandwidth_rules: Fact::of(&northbound.bandwidth_rules, |count| *count),
        vxlan_mode: text(&northbound.vxlan_mode),
    })
}

pub fn southbound(southbound: &Southbound, sources: &Sources) -> Fact<ShownSouthbound> {
    let Some(place) = &southbound.place else {
        return Fact::Unseen;
    };
    Fact::Seen(ShownSouthbound {
        file: path(place, sources),
        chassis: Fact::of(&southbound.chassis, |chassis| {
            let mut names: Vec<String> = chassis.iter().map(|row| clean(&row.name)).collect();
            names.sort_unstable();
            names
        }),
        port_bindings: number(&southbound.bindings),
    })
}

fn number<T>(rows: &Known<Vec<T>>) -> Fact<usize> {
    match Fact::of(rows, Vec::len) {
        // A table without rows is an answer.
        Fact::Absent => Fact::Seen(0),
        counted => counted,
    }
}

/// Unseen where the ports of a switch were not shown: one of them may be a localnet port.
fn localnet_ports(northbound: &Northbound) -> Fact<Vec<ShownLocalnet>> {
    let switches = northbound.switches();
    let all = switches.iter().all(|switch| switch.whole);
    if !all || !northbound.switches.settled() {
        return Fact::Unseen;
    }
    let ports = |switch: &LogicalSwitch| -> Vec<ShownLocalnet> {
        let localnet = |port: &SwitchPort| ShownLocalnet {
            switch: clean(&switch.name),
            name: clean(&port.name),
            physnet: text(&port.physnet()),
            tag: Fact::of(&port.tag, |tag| *tag),
        };
        switch.localnets().map(localnet).collect()
    };
    let mut shown: Vec<ShownLocalnet> = switches.iter().flat_map(|switch| ports(switch)).collect();
    shown.sort_by(|left, right| (&left.switch, &left.name).cmp(&(&right.switch, &right.name)));
    Fact::Seen(shown)
}
