//! What the command lines of programs other than `ovs-vsctl` and `ovn-nbctl` disturb on a node.

mod appctl;
mod brctl;
mod container;
mod iproute;
mod machine;
mod ofctl;
mod options;
mod sbctl;
mod service;
mod unfollowed;

#[cfg(test)]
mod tests;

use ipnet::IpNet;

use crate::read::script::Word;
use crate::source::{Place, Spanned};

/// A name as the command line gives it.
pub type Name = Spanned<String>;

/// What a command does to a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// It only reads.
    Reads,
    /// It changes nothing that is modelled.
    Harmless,
    /// No packet of a bridge meets a flow any more: all flows are gone, or all of table 0, where packets enter.
    FlowsDeleted {
        /// The bridge.
        bridge: Name,
    },
    /// A flow without a match now forwards like an ordinary switch.
    NormalAdded {
        /// The bridge.
        bridge: Name,
        /// The flow's priority.
        priority: u16,
    },
    /// A flow without a match now drops what no flow of higher priority takes.
    DropAdded {
        /// The bridge.
        bridge: Name,
        /// The flow's priority.
        priority: u16,
    },
    /// Flows, groups or meters of a bridge are changed; no more is known.
    FlowsTouched {
        /// The bridge.
        bridge: Name,
        /// What happens, as a clause: `flows that match tcp are deleted`.
        what: String,
    },
    /// A service is started or stopped.
    Service {
        /// Which.
        service: Service,
        /// What happens to it.
        verb: Verb,
        /// The unit, the container or the daemon.
        name: Name,
    },
    /// The whole node is stopped or started again.
    Node {
        /// Which of the two.
        verb: Verb,
        /// The word that says so.
        place: Place,
    },
    /// ovn-controller takes its chassis and tunnels away; the flows stay (facts O§10).
    ChassisRemoved(Place),
    /// A chassis is deleted from the southbound database; a running ovn-controller registers it again.
    ChassisDeleted {
        /// Its name.
        chassis: Name,
    },
    /// The southbound database listens on these alone.
    SouthboundConnections {
        /// `ptcp:6642`, …; none: it listens nowhere.
        targets: Vec<Name>,
    },
    /// ovs-vswitchd takes its datapath away, and with it every internal interface.
    DatapathRemoved(Place),
    /// An interface goes up.
    LinkUp {
        /// Which.
        interface: Name,
    },
    /// An interface goes down.
    LinkDown {
        /// Which.
        interface: Name,
    },
    /// An interface is created.
    LinkAdded {
        /// Its name.
        interface: Name,
        /// `bridge`, `bond`, `vlan`, `veth`, …
        kind: String,
    },
    /// An interface is deleted.
    LinkDeleted {
        /// Which.
        interface: Name,
    },
    /// An interface leaves for a network namespace, without its addresses.
    LinkMoved {
        /// Which.
        interface: Name,
        /// The namespace.
        namespace: Name,
    },
    /// An interface is given another name.
    Renamed {
        /// The name before.
        interface: Name,
        /// The name after.
        name: Name,
    },
    /// An interface becomes a member of a Linux bridge, a bond or a VRF.
    Enslaved {
        /// Which.
        interface: Name,
        /// Of what.
        master: Name,
    },
    /// An interface leaves the Linux bridge, bond or VRF that it is a member of.
    Released {
        /// Which.
        interface: Name,
    },
    /// An interface is given another MAC address.
    MacChanged {
        /// Which.
        interface: Name,
        /// The address.
        address: Name,
    },
    /// An interface is given another MTU.
    MtuChanged {
        /// Which.
        interface: Name,
        /// The MTU.
        mtu: Spanned<u32>,
    },
    /// An address is added to an interface.
    AddressAdded {
        /// Which interface.
        interface: Name,
        /// The address; without a prefix it is one of its own.
        address: Spanned<IpNet>,
    },
    /// An address is removed from an interface.
    AddressRemoved {
        /// Which interface.
        interface: Name,
        /// The address; without a prefix it is one of its own.
        address: Spanned<IpNet>,
    },
    /// All addresses of an interface are removed.
    AddressesFlushed {
        /// Which interface.
        interface: Name,
        /// Those of this family.
        family: Family,
    },
    /// A route is changed.
    RouteChanged {
        /// How.
        change: RouteChange,
        /// `default`, a prefix; where routes are flushed, what selects them.
        destination: Name,
        /// The interface, where the command names it.
        interface: Option<Name>,
    },
    /// It is understood, but not what comes of it: why.
    Unpredicted(String),
    /// It is a program that is not looked at: why that matters.
    Unfollowed(String),
    /// It is refused: what the program says.
    Invalid(String),
}

/// What runs as a daemon on a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// ovn-controller.
    OvnController,
    /// Open vSwitch as a whole: ovs-vswitchd and its database.
    Openvswitch,
    /// ovs-vswitchd alone.
    Vswitchd,
    /// The ovsdb-server of Open vSwitch alone.
    OvsdbServer,
    /// ovn-northd, the northbound or the southbound database.
    OvnCentral,
    /// neutron-server, or its API and RPC processes.
    NeutronServer,
    /// neutron-openvswitch-agent.
    OvsAgent,
    /// What configures the interfaces of the node: `networking`, `NetworkManager`, `systemd-networkd`, …
    Networking,
    /// Another service of Neutron.
    OtherNeutron(String),
    /// None of these.
    Other(String),
}

/// What happens to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// It starts.
    Start,
    /// It stops.
    Stop,
    /// It stops and starts: ovs-vswitchd comes back without the flows that were added by hand.
    Restart,
    /// It reloads. The units of Open vSwitch restart the daemons and restore the flows (facts O§7).
    Reload,
}

/// Which addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// All.
    Any,
    /// IPv4.
    Inet,
    /// IPv6.
    Inet6,
}

/// What happens to a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RouteChange {
    /// It is added beside others.
    Added,
    /// It takes the place of the one to the same destination.
    Replaced,
    /// It is removed.
    Removed,
    /// All that are selected are removed.
    Flushed,
}

/// What a command line does, in order. The first word is the program; every word is known.
pub fn acts(words: &[Word]) -> Vec<Act> {
    let Some((program, rest)) = words.split_first() else {
        return Vec::new();
    };
    let name = program.base_name();
    if let Some(unit) = service::script_of_init(program) {
        return service::of_init(&unit, rest);
    }
    match name {
        "ovs-ofctl" => vec![ofctl::act(rest)],
        "ovs-appctl" | "ovn-appctl" => appctl::acts(name, rest),
        "ovn-sbctl" => sbctl::acts(rest),
        "systemctl" => service::systemctl(rest),
        "service" | "rc-service" => service::service(rest),
        "invoke-rc.d" => service::invoke(rest),
        "docker" | "podman" => container::acts(rest),
        "kubectl" | "oc" => vec![container::in_cluster(rest)],
        "ip" => iproute::acts(rest),
        "brctl" => brctl::acts(rest),
        _ => machine::acts(program, rest)
            .unwrap_or_else(|| vec![Act::Unfollowed(unfollowed::why(program, rest))]),
    }
}

fn named(word: &Word) -> Name {
    Spanned::new(word.text.clone(), word.place.clone())
}

fn unpredicted(why: impl Into<String>) -> Act {
    Act::Unpredicted(why.into())
}

fn invalid(message: impl Into<String>) -> Act {
    Act::Invalid(message.into())
}
