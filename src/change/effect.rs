//! What a command does to what runs: flow tables, tunnels, provider networks, the way of the management address.

use crate::source::Place;

/// One thing that happens on one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The node.
    pub node: String,
    /// What happens.
    pub kind: Kind,
    /// The words that bring it about.
    pub place: Place,
    /// What would settle whether it happens; none where that is certain.
    pub needs: Option<&'static str>,
}

/// What happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Frames of the management address no longer pass.
    ManagementCut {
        /// The bridge or interface that they passed.
        seat: String,
        /// Why, as a phrase: `br-ex is deleted`.
        cause: String,
        /// How they come back.
        back: Back,
    },
    /// The flow table of a bridge is emptied (facts O§4).
    FlowsFlushed {
        /// The bridge.
        bridge: String,
        /// Whose flows they are.
        table: Table,
        /// Why, as a phrase: `its fail_mode changes while it has no controller`.
        cause: String,
        /// How they come back.
        back: Back,
        /// Whether the management address passes the bridge.
        management: bool,
    },
    /// Flows are put back into a bridge.
    FlowsRestored {
        /// The bridge.
        bridge: String,
    },
    /// ovn-controller makes or removes a pair of patch ports (facts O§6.1).
    Patched {
        /// The localnet port.
        port: String,
        /// Its switch, by its name.
        switch: String,
        /// The provider bridge; none where the mappings were not seen.
        bridge: Option<String>,
        /// What becomes of the pair.
        patch: Patch,
        /// Whether the management address passes the bridge.
        management: bool,
    },
    /// A logical port is plugged in no longer: the instance behind it is cut off.
    Unplugged {
        /// The port, by its `iface-id`.
        port: String,
    },
    /// Two localnet ports of one switch meet, and frames go round (facts O§6.4).
    Looped {
        /// The switch, by its name.
        switch: String,
        /// The bridges.
        bridges: Vec<String>,
    },
    /// A bridge is destroyed, or made again.
    Recreated {
        /// The bridge.
        bridge: String,
        /// Whose it is.
        table: Table,
        /// Why, as a phrase.
        cause: String,
        /// How what passed it comes back.
        back: Back,
    },
    /// The uplink of a provider bridge goes.
    UplinkLost {
        /// The bridge.
        bridge: String,
        /// The physnets that map to it.
        physnets: Vec<String>,
    },
    /// Every tunnel to and from the chassis goes.
    TunnelsRebuilt {
        /// Why, as a phrase: `ovn-encap-ip changes from 192.0.2.12 to 192.0.2.22`.
        cause: String,
        /// How the tunnels come back.
        back: Back,
    },
    /// The chassis registers under another name.
    ChassisMoved {
        /// Its `system-id` before.
        before: String,
        /// Its `system-id` after.
        after: Option<String>,
    },
    /// A physnet moves to another bridge in one step.
    Remapped {
        /// The physnet, or the localnet port that moves.
        physnet: String,
        /// The bridge before.
        from: String,
        /// The bridge after.
        to: String,
        /// Whether this release of OVN keeps the patch ports on the old bridge (facts O§6.6, V§1).
        stuck: bool,
        /// The localnet port whose `network_name` moved it; none where the mappings did.
        port: Option<String>,
    },
    /// A physnet is mapped no longer.
    Unmapped {
        /// The physnet.
        physnet: String,
        /// The bridge that it was mapped to.
        bridge: String,
        /// The switches with localnet ports for it that are local there, by name.
        switches: Vec<String>,
    },
    /// A setting of ovs-vswitchd that costs something when it takes effect.
    DatapathSet {
        /// The key of `other_config`.
        setting: String,
        /// When it takes effect.
        takes: Takes,
    },
    /// The chassis hosts gateways no longer.
    GatewayRemoved {
        /// For what: `physnet1`, or the port of a router.
        of: String,
        /// The chassis that are left for it.
        left: Vec<String>,
        /// Whether they go at once.
        hosted: Hosted,
    },
}

/// What makes a chassis host a gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosted {
    /// It is one on which Neutron schedules; what it has scheduled stays until it schedules anew.
    Scheduled,
    /// A port of a router names it.
    Bound,
}

/// Whose flows a bridge has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Table {
    /// ovn-controller's: the integration bridge of a chassis.
    Ovn,
    /// Those of the Open vSwitch agent.
    Agent,
    /// Those of a BGP agent or of ovn-br-controller.
    Owner(&'static str),
    /// One flow that forwards normally, or what was added by hand.
    Normal,
    /// It cannot be told; the input that would settle it.
    Unknown(&'static str),
}

impl Table {
    /// What would settle whose flows they are.
    pub fn needs(&self) -> Option<&'static str> {
        match self {
            Self::Unknown(needs) => Some(needs),
            Self::Ovn | Self::Agent | Self::Owner(_) | Self::Normal => None,
        }
    }
}

/// What becomes of a pair of patch ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Patch {
    /// It comes.
    Added,
    /// It goes, as its switch is not needed there any more, or has another.
    Removed,
    /// It goes, and with it the only way of its switch to the network.
    Parted,
    /// It stays, and its frames change their VLAN on the wire; none: untagged.
    Retagged {
        /// The VLAN before.
        from: Option<i64>,
        /// The VLAN after.
        to: Option<i64>,
    },
}

/// When a setting of ovs-vswitchd takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// At once: its threads stop, and the datapath's flows are deleted (facts O§10).
    Now,
    /// When ovs-vswitchd is restarted.
    NextStart,
}

/// How what was interrupted comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Back {
    /// At once: nobody notices.
    AtOnce,
    /// By itself, after so many seconds; what happens then.
    Seconds(u32, &'static str),
    /// By itself, after a time that the inputs do not tell; what has to happen.
    ByItself(String),
    /// When a service is restarted, or starts.
    Restart(&'static str),
    /// When somebody does something.
    ByHand(String),
}

/// What becomes of one aspect of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It goes on.
    Kept,
    /// It stops and comes back by itself.
    Interrupted,
    /// It stops until somebody acts.
    Lost,
}

/// What of a node may suffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// The way of the management address.
    Management,
    /// Its provider networks.
    Provider,
    /// Its tunnels.
    Tunnels,
    /// The flows of its bridges.
    Flows,
    /// The instances that are plugged into it.
    Instances,
}

/// Every aspect, in the order in which they are shown.
pub const ASPECTS: [Aspect; 5] = [
    Aspect::Management,
    Aspect::Provider,
    Aspect::Tunnels,
    Aspect::Flows,
    Aspect::Instances,
];

/// What brings a node back whose management address is cut.
pub const CONSOLE: &str = "someone reaches the console";

/// `from VLAN 5 to untagged`
pub fn moves(from: Option<i64>, to: Option<i64>) -> String {
    let vlan = |tag: Option<i64>| tag.map_or("untagged".to_owned(), |tag| format!("VLAN {tag}"));
    format!("from {} to {}", vlan(from), vlan(to))
}

impl Back {
    /// When, as a phrase: `for about 15 s, until fail-open`.
    pub fn phrase(&self) -> String {
        match self {
            Self::AtOnce => "for less than a second".to_owned(),
            Self::Seconds(seconds, until) => format!("for about {seconds} s, until {until}"),
            Self::ByItself(until) | Self::ByHand(until) => format!("until {until}"),
            Self::Restart(service) => format!("until {service} is restarted"),
        }
    }

    /// What that makes of it.
    pub fn fate(&self) -> Fate {
        match self {
            Self::AtOnce => Fate::Kept,
            Self::Seconds(..) | Self::ByItself(_) => Fate::Interrupted,
            Self::Restart(_) | Self::ByHand(_) => Fate::Lost,
        }
    }
}

impl Effect {
    /// Something that is certain to happen.
    pub fn certain(node: &str, kind: Kind, place: &Place) -> Self {
        Self {
            node: node.to_owned(),
            kind,
            place: place.clone(),
            needs: None,
        }
    }
}
