//! Open vSwitch on one node: bridges, ports, interfaces, and the keys that OVN reads.

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::source::{Known, Place, Spanned};

use super::Version;

/// What would settle whether a bridge is there.
pub const BRIDGES: &str = "the bridges of the node (`ovs-vsctl show`)";

/// The keys of a map column, each with its place and value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    entries: BTreeMap<String, Spanned<String>>,
    removed: BTreeMap<String, Place>,
}

/// The Open vSwitch of one node, as far as its state was seen.
#[derive(Clone, Debug, Default)]
pub struct Ovs {
    /// `Open_vSwitch.external_ids`.
    pub external_ids: Known<Entries>,
    /// `Open_vSwitch.other_config`.
    pub other_config: Known<Entries>,
    /// Its bridges, as far as they were seen.
    pub bridges: Known<Vec<Bridge>>,
    /// Whether no bridge can be missing: `list Bridge br-ex` shows one of several.
    pub all_bridges: bool,
    /// The version of Open vSwitch.
    pub version: Known<Version>,
}

/// A bridge.
#[derive(Clone, Debug)]
pub struct Bridge {
    /// Its name.
    pub name: Spanned<String>,
    /// What it does without a controller: `standalone` or `secure`.
    pub fail_mode: Known<String>,
    /// The versions of OpenFlow that it speaks; absent means the default of the release.
    pub protocols: Known<Vec<Spanned<String>>>,
    /// The datapath below it.
    pub datapath_type: Known<String>,
    /// The targets of its controllers.
    pub controllers: Known<Vec<Spanned<String>>>,
    /// Whether STP is on.
    pub stp_enable: Known<bool>,
    /// Whether RSTP is on.
    pub rstp_enable: Known<bool>,
    /// `Bridge.other_config`.
    pub other_config: Known<Entries>,
    /// `Bridge.external_ids`.
    pub external_ids: Known<Entries>,
    /// Its ports.
    pub ports: Known<Vec<Port>>,
}

/// A port of a bridge: one interface, or several as a bond.
#[derive(Clone, Debug)]
pub struct Port {
    /// Its name.
    pub name: Spanned<String>,
    /// The VLAN of an access port.
    pub tag: Known<i64>,
    /// The VLANs of a trunk; absent means all.
    pub trunks: Known<Vec<Spanned<String>>>,
    /// How `tag` and `trunks` are meant; absent means by what is set.
    pub vlan_mode: Known<String>,
    /// Its interfaces.
    pub interfaces: Known<Vec<Interface>>,
}

/// An interface of a port.
#[derive(Clone, Debug)]
pub struct Interface {
    /// Its name.
    pub name: Spanned<String>,
    /// Its type; absent or empty means `system`.
    pub kind: Known<String>,
    /// Its options: `peer` of a patch, `remote_ip` of a tunnel.
    pub options: Known<Entries>,
    /// `external_ids:iface-id`: the logical port that ovn-controller binds here.
    pub iface_id: Known<String>,
}

impl Ovs {
    /// Whether any state of the node was seen.
    pub fn seen(&self) -> bool {
        !matches!(
            (&self.external_ids, &self.bridges),
            (Known::Unseen, Known::Unseen)
        )
    }

    /// A key of `external_ids`, as it is written.
    pub fn external_id(&self, key: &str) -> Known<String> {
        entry(&self.external_ids, key)
    }

    /// The bridge of that name; absent where the bridges were seen without it.
    pub fn bridge(&self, name: &str) -> Option<&Bridge> {
        self.bridges
            .seen()?
            .iter()
            .find(|bridge| bridge.name.value == name)
    }

    /// Whether every port of every bridge was seen.
    pub fn all_ports(&self) -> bool {
        self.all_bridges
            && self
                .bridges
                .seen()
                .is_some_and(|bridges| bridges.iter().all(|bridge| bridge.ports.settled()))
    }

    /// Whether every interface was seen: a port does not tell the name of its only one.
    pub fn all_interfaces(&self) -> bool {
        let bridges = self.bridges.seen().into_iter();
        let mut ports = bridges.flat_map(|bridges| bridges.iter().flat_map(Bridge::ports));
        self.all_ports() && ports.all(|port| port.interfaces.settled())
    }
}

/// A key of a map column; absent where the column was seen without it.
pub fn entry(entries: &Known<Entries>, key: &str) -> Known<String> {
    match entries {
        Known::Unseen => Known::Unseen,
        Known::Unsure(place, why) => Known::Unsure(place.clone(), why),
        Known::Absent(place) => Known::Absent(place.clone()),
        Known::Seen(map) => match map.get(key) {
            Some(value) => Known::Seen(value.clone()),
            None => Known::Absent(map.removed(key).unwrap_or(&map.place).clone()),
        },
    }
}

impl Entries {
    /// Notes keys that were removed, and where that was said.
    #[must_use]
    pub fn without(mut self, removed: &[(String, Place)]) -> Self {
        self.removed = removed.iter().cloned().collect();
        self
    }

    /// Where it was said that a key is removed.
    pub fn removed(&self, key: &str) -> Option<&Place> {
        self.removed.get(key)
    }
}

impl Deref for Entries {
    type Target = BTreeMap<String, Spanned<String>>;

    fn deref(&self) -> &Self::Target {
        &self.entries
    }
}

impl FromIterator<(String, Spanned<String>)> for Entries {
    fn from_iter<I: IntoIterator<Item = (String, Spanned<String>)>>(entries: I) -> Self {
        Self {
            entries: entries.into_iter().collect(),
            removed: BTreeMap::new(),
        }
    }
}

impl Bridge {
    /// A bridge of which only the name is known.
    pub fn named(name: Spanned<String>) -> Self {
        Self {
            name,
            fail_mode: Known::Unseen,
            protocols: Known::Unseen,
            datapath_type: Known::Unseen,
            controllers: Known::Unseen,
            stp_enable: Known::Unseen,
            rstp_enable: Known::Unseen,
            other_config: Known::Unseen,
            external_ids: Known::Unseen,
            ports: Known::Unseen,
        }
    }

    /// The ports that were seen.
    pub fn ports(&self) -> &[Port] {
        self.ports.seen().map_or(&[], |ports| &ports.value)
    }

    /// The port of that name.
    pub fn port(&self, name: &str) -> Option<&Port> {
        self.ports().iter().find(|port| port.name.value == name)
    }

    /// The interface of that name among its ports.
    pub fn interface(&self, name: &str) -> Option<&Interface> {
        let mut interfaces = self.ports().iter().flat_map(Port::interfaces);
        interfaces.find(|interface| interface.name.value == name)
    }

    /// Whether it drops what no flow matches: `Some(true)` for `secure`, `Some(false)` for `standalone` or
    /// unset, which is the same (facts O§4).
    pub fn is_secure(&self) -> Option<bool> {
        match &self.fail_mode {
            Known::Seen(mode) => Some(mode.value == "secure"),
            Known::Absent(_) => Some(false),
            Known::Unseen | Known::Unsure(..) => None,
        }
    }

    /// The targets of the controllers that set its flows. One that only listens takes no part in that (facts O§4).
    pub fn primary_controllers(&self) -> Option<Vec<String>> {
        let listens = |target: &str| {
            ["ptcp:", "pssl:", "punix:"]
                .iter()
                .any(|kind| target.starts_with(kind))
        };
        match &self.controllers {
            Known::Seen(targets) => {
                let primary = targets.iter().filter(|target| !listens(target));
                Some(primary.map(|target| target.value.clone()).collect())
            }
            Known::Absent(_) => Some(Vec::new()),
            Known::Unseen | Known::Unsure(..) => None,
        }
    }

    /// Where its `fail_mode` stands or would stand.
    pub fn fail_mode_place(&self) -> &Place {
        self.fail_mode.place().unwrap_or(&self.name.place)
    }
}

impl Port {
    /// The interfaces that were seen.
    pub fn interfaces(&self) -> &[Interface] {
        self.interfaces
            .seen()
            .map_or(&[], |interfaces| &interfaces.value)
    }
}

impl Interface {
    /// Its type, `system` where the column is empty; `None` where it was not seen.
    pub fn kind(&self) -> Option<&str> {
        match &self.kind {
            Known::Seen(kind) => Some(if kind.is_empty() {
                "system"
            } else {
                &kind.value
            }),
            Known::Absent(_) => Some("system"),
            Known::Unseen | Known::Unsure(..) => None,
        }
    }

    /// The other end of a patch.
    pub fn peer(&self) -> Option<Spanned<String>> {
        entry(&self.options, "peer").seen().cloned()
    }
}
