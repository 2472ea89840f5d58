//! Neutron's configuration: which files make one, and what its services understand.

use std::sync::Arc;

use crate::read::IniKind;
use crate::read::oslo::{OsloFile, Section};
use crate::source::{Known, Spanned};

use super::Driver;
use super::mapping::{self, Mappings, Rules};
use super::options::Options;

/// The type drivers that load when `type_drivers` is unset (facts N§1.1).
pub const DEFAULT_TYPE_DRIVERS: [&str; 6] = ["local", "flat", "vlan", "gre", "vxlan", "geneve"];

/// The Neutron files of one directory.
#[derive(Debug, Default)]
pub struct Configuration {
    /// Its directory, as shown.
    pub name: String,
    /// The node whose files they are; `None` for the whole site.
    pub node: Option<String>,
    /// Every file.
    pub files: Vec<(IniKind, Arc<OsloFile>)>,
    /// What neutron-server understands.
    pub server: Option<Options>,
    /// What the Open vSwitch agent understands.
    pub ovs_agent: Option<Options>,
    /// What the SR-IOV agent understands.
    pub sriov_agent: Option<Options>,
    /// What the macvtap agent understands.
    pub macvtap_agent: Option<Options>,
    /// What the agents of OVN understand: those of `ovn_agent.ini` and of `neutron_ovn_metadata_agent.ini`.
    pub ovn_agents: Vec<Options>,
}

/// A physical network that Neutron is told of, and where.
#[derive(Debug)]
pub struct Physnet {
    /// Its name.
    pub name: Spanned<String>,
    /// The option: `flat_networks` or `network_vlan_ranges`.
    pub option: &'static str,
}

/// A section of one of the files, as written.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// Which file.
    pub file: IniKind,
    /// The section.
    pub section: &'a Section,
}

impl Written<'_> {
    /// Identifies a key, or the section itself, without line numbers.
    pub fn subject(&self, configuration: &Configuration, key: &str) -> String {
        format!(
            "{}/{}/{}/{key}",
            configuration.name, self.file, &*self.section.name
        )
    }
}

impl Configuration {
    /// Every section of every file, as written.
    pub fn written(&self) -> impl Iterator<Item = Written<'_>> {
        let files = self.files.iter();
        files.flat_map(|(file, content)| {
            content.sections.iter().map(|section| Written {
                file: *file,
                section,
            })
        })
    }

    /// The mechanism drivers of neutron-server.
    pub fn mechanism_drivers(&self) -> Known<Vec<Spanned<String>>> {
        self.server.as_ref().map_or(Known::Unseen, |server| {
            server.list("ml2", "mechanism_drivers")
        })
    }

    /// Which of the two drivers is loaded alone, or with drivers that are neither.
    pub fn driver(&self) -> Option<Driver> {
        let drivers = self.mechanism_drivers();
        let drivers = drivers.seen()?;
        let has = |name: &str| drivers.iter().any(|driver| driver.value == name);
        match (has("ovn") || has("ovn-sync"), has("openvswitch")) {
            (true, false) => Some(Driver::Ovn),
            (false, true) => Some(Driver::Openvswitch),
            _ => None,
        }
    }

    /// Whether a service plugin is known to be loaded.
    pub fn has_service_plugin(&self, name: &str) -> bool {
        let server = self.server.as_ref();
        let plugins = server.map(|server| server.list("DEFAULT", "service_plugins"));
        plugins.is_some_and(|plugins| {
            let mut seen = plugins.seen().into_iter().flat_map(|all| all.iter());
            seen.any(|plugin| plugin.value == name)
        })
    }

    /// Whether mechanism driver `ovn` is loaded; `None` where that cannot be told.
    pub fn uses_ovn(&self) -> Option<bool> {
        match self.mechanism_drivers() {
            Known::Seen(drivers) => Some(
                drivers
                    .iter()
                    .any(|driver| ["ovn", "ovn-sync"].contains(&driver.as_str())),
            ),
            Known::Absent(_) => Some(false),
            Known::Unseen | Known::Unsure(..) => None,
        }
    }

    /// Whether that type driver is loaded; `None` where that cannot be told.
    pub fn loads_type(&self, name: &str) -> Option<bool> {
        match self.server.as_ref()?.list("ml2", "type_drivers") {
            Known::Seen(types) => Some(types.iter().any(|loaded| loaded.value == name)),
            Known::Absent(_) => Some(DEFAULT_TYPE_DRIVERS.contains(&name)),
            Known::Unseen | Known::Unsure(..) => None,
        }
    }

    /// The physnets that ml2 names. Empty where any name is allowed (`flat_networks` with `*`) or none is given.
    pub fn physnets(&self) -> Vec<Physnet> {
        let Some(server) = &self.server else {
            return Vec::new();
        };
        let flat = server.list("ml2_type_flat", "flat_networks");
        let vlan = server.list("ml2_type_vlan", "network_vlan_ranges");
        let physnet = |option| move |name| Physnet { name, option };
        // `*` allows any name, whatever stands beside it.
        let any = flat
            .seen()
            .is_some_and(|names| names.iter().any(|name| name.value == "*"));
        let flat = flat
            .seen()
            .into_iter()
            .flat_map(|names| names.value.clone());
        let flat = flat
            .filter(|name| !name.is_empty() && !any)
            .map(physnet("flat_networks"));
        let vlan = vlan
            .seen()
            .into_iter()
            .flat_map(|ranges| ranges.value.clone());
        let vlan = vlan.map(|range| {
            let end = range.find(':').unwrap_or(range.len());
            range.part(0..end)
        });
        let vlan = vlan
            .filter(|name| !name.is_empty())
            .map(physnet("network_vlan_ranges"));
        flat.chain(vlan).collect()
    }

    /// The agent's bridge mappings, as Neutron reads them.
    pub fn agent_mappings(&self) -> Known<Mappings> {
        let text = self
            .ovs_agent
            .as_ref()
            .map_or(Known::Unseen, |agent| agent.text("ovs", "bridge_mappings"));
        text.map_spanned(|text| mapping::parse(text, Rules::Neutron))
    }

    /// The physnets that SR-IOV and macvtap agents serve: they need no bridge.
    pub fn device_physnets(&self) -> Vec<String> {
        let agents = [
            (&self.sriov_agent, "sriov_nic", "physical_device_mappings"),
            (
                &self.macvtap_agent,
                "macvtap",
                "physical_interface_mappings",
            ),
        ];
        let lists = agents.into_iter().filter_map(|(agent, section, option)| {
            agent.as_ref()?.list(section, option).seen().cloned()
        });
        let pairs = lists.flat_map(|list| list.value);
        pairs
            .filter_map(|pair| Some(pair.split_once(':')?.0.trim().to_owned()))
            .collect()
    }
}
