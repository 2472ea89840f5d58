//! The site as it was understood, to be looked at: the model without places and without secrets.

pub mod json;
mod node;
mod ovn;
mod ports;
pub mod text;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::report::secrets;
use crate::site::driver::DriverSource;
use crate::site::neutron::Configuration;
use crate::site::options::Options;
use crate::site::{Driver, Site};
use crate::source::{Known, Place, Sources, Spanned};

use ovn::{ShownNorthbound, ShownSouthbound};

/// What is known of one thing. In JSON the value itself, `null`, `{"unseen": true}` or `{"unsure": "why"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fact<T> {
    /// No input speaks of it.
    #[default]
    Unseen,
    /// It is written, but what it is cannot be told: why.
    Unsure(&'static str),
    /// Known not to be set.
    Absent,
    /// Its value.
    Seen(T),
}

/// Everything that is shown.
#[derive(Debug, Serialize)]
pub struct Picture {
    version: u32,
    sites: Vec<ShownSite>,
}

/// One site.
#[derive(Debug, Serialize)]
struct ShownSite {
    /// Its directory, where several sites lie side by side.
    #[serde(skip_serializing_if = "String::is_empty")]
    directory: String,
    topology: Option<String>,
    release: Fact<String>,
    driver: Fact<&'static str>,
    driver_from: Option<&'static str>,
    configurations: Vec<ShownConfiguration>,
    northbound: Fact<ShownNorthbound>,
    southbound: Fact<ShownSouthbound>,
    /// Inputs that could not be read, or only in part.
    troubles: usize,
    nodes: Vec<ShownNode>,
}

/// The Neutron files of one directory.
#[derive(Debug, Serialize)]
struct ShownConfiguration {
    directory: String,
    /// `None` for the whole site's.
    node: Option<String>,
    files: Vec<String>,
    services: Vec<ShownService>,
    mechanism_drivers: Fact<Vec<String>>,
    physnets: Physnets,
}

/// A service that loads files of a configuration.
#[derive(Debug, Serialize)]
struct ShownService {
    name: &'static str,
    /// Whether all its files were seen, so that what none of them sets has its default.
    whole: bool,
}

/// The physnets that ml2 names.
#[derive(Debug, Serialize)]
struct Physnets {
    flat_networks: Fact<Vec<String>>,
    network_vlan_ranges: Fact<Vec<String>>,
}

/// One node.
#[derive(Debug, Serialize)]
struct ShownNode {
    name: String,
    roles: Fact<Vec<&'static str>>,
    driver: Fact<&'static str>,
    driver_from: Option<&'static str>,
    openvswitch: Fact<String>,
    ovn: Fact<String>,
    kernel: Fact<String>,
    /// In bytes.
    memory: Fact<u64>,
    management: ShownManagement,
    /// The keys that OVN reads, by name; those that every chassis needs also where they are not set.
    external_ids: Fact<BTreeMap<String, Fact<String>>>,
    /// What the Open vSwitch agent is told; only where it programs the bridges.
    ovs_agent: Option<BTreeMap<&'static str, Fact<String>>>,
    /// The bridge mappings in force.
    mappings: Fact<Vec<ShownMapping>>,
    bridges: Fact<Vec<ShownBridge>>,
    /// Whether no bridge can be missing.
    all_bridges: bool,
}

/// What carries SSH and the API, and its path to the wire.
#[derive(Debug, Serialize)]
struct ShownManagement {
    /// As the topology names it: an interface or an address.
    given: Fact<String>,
    /// The interface with the address.
    interface: Fact<String>,
    address: Fact<String>,
    /// `captured`, `internal_port` or `outside`.
    path: Fact<&'static str>,
    /// The bridge on the path.
    bridge: Option<String>,
    /// The port that takes its frames, where it is captured.
    port: Option<String>,
    /// What joins the bridge to the wire, where the address sits on its internal port.
    #[serde(skip_serializing_if = "Option::is_none")]
    uplinks: Option<Fact<Vec<String>>>,
    /// The input that would settle an unknown path.
    needs: Option<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct ShownMapping {
    physnet: String,
    bridge: String,
}

#[derive(Debug, Serialize)]
struct ShownBridge {
    name: String,
    /// Whether it is an integration bridge.
    integration: bool,
    /// The physnets that map to it.
    physnets: Fact<Vec<String>>,
    fail_mode: Fact<String>,
    /// What it does without a controller: unset acts as `standalone`.
    effective_fail_mode: Fact<&'static str>,
    protocols: Fact<Vec<String>>,
    datapath_type: Fact<String>,
    controllers: Fact<Vec<String>>,
    uplinks: Fact<Vec<String>>,
    /// How many ports of each kind there are beside the uplinks.
    port_counts: Fact<BTreeMap<String, usize>>,
    ports: Fact<Vec<ShownPort>>,
}

#[derive(Debug, Serialize)]
struct ShownPort {
    name: String,
    /// `bond`, `tap`, or the type of its interface.
    kind: String,
    uplink: bool,
    tag: Fact<i64>,
    interfaces: Fact<Vec<ShownInterface>>,
}

#[derive(Debug, Serialize)]
struct ShownInterface {
    name: String,
    #[serde(rename = "type")]
    kind: Fact<String>,
}

/// The picture of these sites; of one node only, where one is named.
pub fn picture(sites: &[Site], sources: &Sources, node: Option<&str>) -> Picture {
    let wanted = sites.iter().filter(|site| {
        let anything = !site.nodes.is_empty()
            || !site.configurations.is_empty()
            || site.northbound.place.is_some()
            || site.southbound.place.is_some();
        anything && node.is_none_or(|name| site.node(name).is_some())
    });
    Picture {
        version: 1,
        sites: wanted.map(|site| shown(site, sources, node)).collect(),
    }
}

impl Picture {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty()
    }
}

fn shown(site: &Site, sources: &Sources, node: Option<&str>) -> ShownSite {
    let nodes = site.nodes.iter().map(AsRef::as_ref);
    let nodes = nodes.filter(|shown| node.is_none_or(|name| name == shown.name));
    ShownSite {
        directory: site.extent.directory.clone(),
        topology: site.topology.as_ref().map(|place| path(place, sources)),
        release: Fact::of(&site.release, ToString::to_string),
        driver: driver(site, site.driver.map(|(driver, _)| driver)),
        driver_from: site.driver.map(|(_, source)| source_name(source)),
        configurations: site.configurations.iter().map(configuration).collect(),
        northbound: ovn::northbound(&site.northbound, sources),
        southbound: ovn::southbound(&site.southbound, sources),
        troubles: site.troubles.len(),
        nodes: nodes.map(|node| node::shown(node, site)).collect(),
    }
}

fn configuration(configuration: impl AsRef<Configuration>) -> ShownConfiguration {
    let configuration = configuration.as_ref();
    let services = [
        ("neutron-server", &configuration.server),
        ("neutron-openvswitch-agent", &configuration.ovs_agent),
        ("neutron-sriov-nic-agent", &configuration.sriov_agent),
        ("neutron-macvtap-agent", &configuration.macvtap_agent),
    ];
    let service = |(name, options): (&'static str, &Option<Options>)| {
        let whole = options.as_ref()?.whole;
        Some(ShownService { name, whole })
    };
    let list = |section, option| match &configuration.server {
        Some(server) => server.list(section, option),
        None => Known::Unseen,
    };
    let mut files: Vec<String> = configuration
        .files
        .iter()
        .map(|(kind, _)| kind.to_string())
        .collect();
    files.dedup();
    ShownConfiguration {
        directory: clean(&configuration.name),
        node: configuration.node.as_deref().map(clean),
        files,
        services: services.into_iter().filter_map(service).collect(),
        mechanism_drivers: texts(&configuration.mechanism_drivers()),
        physnets: Physnets {
            flat_networks: texts(&list("ml2_type_flat", "flat_networks")),
            network_vlan_ranges: Fact::of(
                &list("ml2_type_vlan", "network_vlan_ranges"),
                |ranges| vlan_physnets(ranges),
            ),
        },
    }
}

/// Each once: a physnet may have several ranges.
fn vlan_physnets(ranges: &[Spanned<String>]) -> Vec<String> {
    let names = ranges.iter().map(|range| {
        let end = range.find(':').unwrap_or(range.len());
        clean(&range[..end])
    });
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A driver that is not known: unseen, or seen and mixed.
fn driver(site: &Site, driver: Option<Driver>) -> Fact<&'static str> {
    match driver {
        Some(Driver::Ovn) => Fact::Seen("ovn"),
        Some(Driver::Openvswitch) => Fact::Seen("openvswitch"),
        None if site.mechanism_drivers_seen() => {
            Fact::Unsure("mechanism_drivers name not just one of ovn and openvswitch")
        }
        None => Fact::Unseen,
    }
}

fn source_name(source: DriverSource) -> &'static str {
    match source {
        DriverSource::ExternalIds => "external_ids",
        DriverSource::Topology => "topology",
        DriverSource::MechanismDrivers => "mechanism_drivers",
    }
}

impl<T> Fact<T> {
    /// What a value of the model is without its place.
    fn of<K>(known: &Known<K>, value: impl FnOnce(&K) -> T) -> Self {
        match known {
            Known::Unseen => Self::Unseen,
            Known::Unsure(_, why) => Self::Unsure(why),
            Known::Absent(_) => Self::Absent,
            Known::Seen(seen) => Self::Seen(value(&seen.value)),
        }
    }

    fn seen(&self) -> Option<&T> {
        match self {
            Self::Seen(value) => Some(value),
            _ => None,
        }
    }
}

impl<T> Fact<Vec<T>> {
    /// How many there are.
    fn number(&self) -> Fact<usize> {
        match self {
            Self::Unseen => Fact::Unseen,
            Self::Unsure(why) => Fact::Unsure(why),
            Self::Absent => Fact::Seen(0),
            Self::Seen(values) => Fact::Seen(values.len()),
        }
    }
}

impl<T: Serialize> Serialize for Fact<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unseen => BTreeMap::from([("unseen", true)]).serialize(serializer),
            Self::Unsure(why) => BTreeMap::from([("unsure", why)]).serialize(serializer),
            Self::Absent => serializer.serialize_none(),
            Self::Seen(value) => value.serialize(serializer),
        }
    }
}

fn path(place: &Place, sources: &Sources) -> String {
    clean(&sources.get(place.file).path)
}

/// Nothing of a file is shown with its secrets: a value may be a URL with a password.
fn clean(text: &str) -> String {
    secrets::mask(text, &[])
}

fn text(known: &Known<String>) -> Fact<String> {
    Fact::of(known, |text| clean(text))
}

fn texts(known: &Known<Vec<Spanned<String>>>) -> Fact<Vec<String>> {
    Fact::of(known, |texts| {
        texts.iter().map(|text| clean(&text.value)).collect()
    })
}
