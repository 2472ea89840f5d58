//! neutron-server: where it runs, in how many processes, and how much memory it may use.

use crate::source::{Known, Place};

use super::host::Service;
use super::neutron::Configuration;
use super::{Node, Role, Site};

/// The most memory that neutron-server may use.
#[derive(Clone, Debug)]
pub struct MemoryLimit {
    /// In bytes.
    pub bytes: u64,
    /// Whose word that is.
    pub what: String,
    /// Where it stands, unless it is a parameter.
    pub place: Option<Place>,
}

impl Site {
    /// The nodes that run neutron-server with this configuration: its own node, or every controller.
    pub fn server_nodes<'a>(
        &'a self,
        configuration: &'a Configuration,
    ) -> impl Iterator<Item = &'a Node> {
        self.nodes
            .iter()
            .map(AsRef::as_ref)
            .filter(|node| match &configuration.node {
                Some(name) => *name == node.name,
                None => {
                    node.roles.contains(&Role::Controller) || node.host.neutron_server().is_some()
                }
            })
    }

    /// The least of a parameter, the memory of the nodes that run the server, and the service's own limit.
    pub fn server_memory(&self, configuration: &Configuration, parameter: u64) -> MemoryLimit {
        let mut least = MemoryLimit {
            bytes: parameter,
            what: "the parameter max_memory".to_owned(),
            place: None,
        };
        let mut consider = |known: &Known<u64>, what: String| {
            if let Some(bytes) = known.seen().filter(|bytes| bytes.value < least.bytes) {
                least = MemoryLimit {
                    bytes: bytes.value,
                    what,
                    place: Some(bytes.place.clone()),
                };
            }
        };
        for node in self.server_nodes(configuration) {
            consider(&node.host.memory, format!("the memory of {}", node.name));
            if let Some(service) = node.host.neutron_server() {
                let what = format!("MemoryMax of {} on {}", service.name, node.name);
                consider(&service.memory_max, what);
            }
        }
        if let Some(service) = self.host.neutron_server() {
            consider(
                &service.memory_max,
                "MemoryMax of neutron-server".to_owned(),
            );
        }
        least
    }

    /// The processes that initialise ml2: every API process, and one each for RPC, periodic work and
    /// maintenance; one where the topology says that one does it for all (facts N§3.1).
    pub fn server_processes(&self, configuration: &Configuration) -> u64 {
        let nodes = self.server_nodes(configuration);
        let services: Vec<&Service> = nodes
            .filter_map(|node| node.host.neutron_server())
            .collect();
        if services.iter().any(|service| {
            service
                .eventlet
                .seen()
                .is_some_and(|eventlet| eventlet.value)
        }) {
            return 1;
        }
        let drawn = services
            .iter()
            .filter_map(|service| service.api_workers.seen());
        let configured = || {
            let workers = configuration
                .server
                .as_ref()?
                .integer("DEFAULT", "api_workers");
            u64::try_from(workers.seen()?.value).ok()
        };
        drawn
            .map(|workers| workers.value)
            .min()
            .or_else(configured)
            .unwrap_or(1)
            .saturating_add(3)
    }
}
