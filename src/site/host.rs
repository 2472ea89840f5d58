//! The machine below Open vSwitch: interfaces and addresses, memory, kernel, services.

use std::collections::HashSet;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::source::{Known, Place, Spanned};

use super::ovs::{Bridge, Port};
use super::{Management, Version};

/// What is known of a node's machine.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// Its memory, in bytes.
    pub memory: Known<u64>,
    /// The running kernel.
    pub kernel: Known<Version>,
    /// The version of Open vSwitch that was given.
    pub openvswitch: Known<Version>,
    /// The version of OVN that was given.
    pub ovn: Known<Version>,
    /// What carries SSH and the API.
    pub management: Known<Management>,
    /// Its interfaces, as far as they were given.
    pub interfaces: Vec<Interface>,
    /// Whether every interface of the machine is among them, those in the namespaces of containers too.
    pub interfaces_complete: bool,
    /// Its services, as far as they were given.
    pub services: Vec<Service>,
    /// Whether there is a configuration of ovn-bgp-agent.
    pub bgp_agent: bool,
    /// Environment variables of its services: `/etc/default`, `/etc/sysconfig`, units.
    pub environment: Vec<Variable>,
}

/// A network interface of the machine.
#[derive(Clone, Debug)]
pub struct Interface {
    /// Its name.
    pub name: Spanned<String>,
    /// Its addresses with their prefixes.
    pub addresses: Vec<Spanned<IpNet>>,
    /// Its MTU, in bytes.
    pub mtu: Option<Spanned<u64>>,
    /// What the kernel calls it (`vlan`, `bond`, `bridge`, `veth`, `openvswitch`), where that was seen and it is no
    /// device of the hardware.
    pub kind: Option<String>,
    /// The interfaces below it, where it is a bond or a Linux bridge.
    pub members: Vec<String>,
    /// The interface below it, where it is a VLAN sub-interface.
    pub parent: Option<String>,
}

/// A service of the machine.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// Its unit's name without `.service`: `neutron-server`.
    pub name: String,
    /// The most memory it may use, in bytes.
    pub memory_max: Known<u64>,
    /// Processes that serve the API.
    pub api_workers: Known<u64>,
    /// Whether one process initialises everything (the classic neutron-server).
    pub eventlet: Known<bool>,
    /// Whether it runs in a container.
    pub container: Known<bool>,
}

/// An environment variable of a service.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Spanned<String>,
    /// Its value.
    pub value: Spanned<String>,
}

/// The interface on which the management address sits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// Its name.
    pub interface: String,
    /// Where that was said.
    pub place: Place,
    /// The address, where it is known.
    pub address: Option<IpAddr>,
}

impl Interface {
    /// Its first address that others can reach.
    pub fn own_address(&self) -> Option<&Spanned<IpNet>> {
        self.addresses
            .iter()
            .find(|address| !is_local(address.addr()))
    }
}

/// Whether an address means something on its own link or machine only.
fn is_local(address: IpAddr) -> bool {
    address.is_loopback()
        || match address {
            IpAddr::V4(address) => address.is_link_local(),
            IpAddr::V6(address) => address.is_unicast_link_local(),
        }
}

impl Host {
    /// neutron-server: the classic service, or the API behind a web server that took its place.
    pub fn neutron_server(&self) -> Option<&Service> {
        ["neutron-server", "neutron-api"]
            .iter()
            .find_map(|name| self.service(name))
    }

    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }

    /// The bond or Linux bridge above an interface.
    pub fn master_of(&self, interface: &str) -> Option<&str> {
        let above = |master: &&Interface| master.members.iter().any(|member| member == interface);
        self.interfaces
            .iter()
            .find(above)
            .map(|master| master.name.as_str())
    }

    /// What lies below an interface: the parent of a VLAN, the members of a bond or a Linux bridge, and what is
    /// below those.
    pub fn below(&self, interface: &str) -> Vec<&str> {
        let mut below: Vec<&str> = Vec::new();
        let mut open = vec![interface];
        while let Some(name) = open.pop() {
            let Some(interface) = self.interface(name) else {
                continue;
            };
            let next = interface
                .members
                .iter()
                .chain(&interface.parent)
                .map(String::as_str);
            for name in next {
                // Hostile inventories go round in circles.
                if !below.contains(&name) {
                    below.push(name);
                    open.push(name);
                }
            }
        }
        below
    }

    /// The interface of that name, where it was given.
    pub fn interface(&self, name: &str) -> Option<&Interface> {
        self.interfaces
            .iter()
            .find(|interface| *interface.name == name)
    }

    /// Whether an interface that was given has this address.
    pub fn has_address(&self, address: IpAddr) -> bool {
        let mut seats = self.interfaces.iter().flat_map(|seat| &seat.addresses);
        seats.any(|seat| seat.addr() == address)
    }

    /// An interface with an address in whose subnet this one lies, and that address.
    pub fn beside(&self, address: IpAddr) -> Option<(&str, &Spanned<IpNet>)> {
        self.interfaces.iter().find_map(|interface| {
            let mut seats = interface.addresses.iter();
            let own = seats.find(|own| own.contains(&address))?;
            Some((interface.name.as_str(), own))
        })
    }

    /// Whether two of these interfaces have addresses of one subnet: they reach one layer 2.
    pub fn share_a_subnet(&self, interfaces: &[&str]) -> bool {
        let mut subnets = HashSet::new();
        let seats = interfaces.iter().filter_map(|name| self.interface(name));
        let mut own = seats.map(|seat| {
            // Every interface that is up has a link-local address: it proves nothing.
            let addresses = seat
                .addresses
                .iter()
                .filter(|address| !is_local(address.addr()));
            let subnets = addresses.map(|address| address.trunc());
            subnets.collect::<HashSet<IpNet>>()
        });
        own.any(|own| own.into_iter().any(|subnet| !subnets.insert(subnet)))
    }

    /// The interface on which the management address sits.
    ///
    /// An interface that is named without an address of its own, and that is a port of a bridge whose internal
    /// port has one, is the way of that address, not its seat.
    pub fn management_carrier(&self, bridges: &[Bridge]) -> Option<Carrier> {
        let management = self.management.seen()?;
        match &management.value {
            Management::Address(address) => self.carrier_of(*address),
            Management::Interface(name) => {
                let own = self.interface(name).and_then(Interface::own_address);
                let seat = match own {
                    Some(_) => None,
                    // Its bond is the port, where it is in one.
                    None => self.internal_seat(self.master_of(name).unwrap_or(name), bridges),
                };
                Some(seat.unwrap_or_else(|| Carrier {
                    interface: name.clone(),
                    place: management.place.clone(),
                    address: own.map(|address| address.addr()),
                }))
            }
        }
    }

    fn carrier_of(&self, address: IpAddr) -> Option<Carrier> {
        self.interfaces.iter().find_map(|interface| {
            let seat = interface
                .addresses
                .iter()
                .find(|seat| seat.addr() == address)?;
            Some(Carrier {
                interface: interface.name.value.clone(),
                place: seat.place.clone(),
                address: Some(address),
            })
        })
    }

    fn internal_seat(&self, port: &str, bridges: &[Bridge]) -> Option<Carrier> {
        let bridge = bridges
            .iter()
            .find(|bridge| bridge.interface(port).is_some())?;
        let internal = bridge.ports().iter().flat_map(Port::interfaces);
        internal
            .filter(|interface| interface.kind() == Some("internal"))
            .find_map(|interface| {
                let seat = self.interface(&interface.name)?.own_address()?;
                Some(Carrier {
                    interface: interface.name.value.clone(),
                    place: seat.place.clone(),
                    address: Some(seat.addr()),
                })
            })
    }
}
