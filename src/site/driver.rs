//! What programs the bridges of nodes, and where that is known from.

use super::Site;

/// Where it is known from what programs a node's bridges, the first that speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DriverSource {
    /// The node's own `external_ids`.
    ExternalIds,
    /// `driver` in `topology.toml`.
    Topology,
    /// `mechanism_drivers` of neutron-server.
    MechanismDrivers,
}

impl Site {
    /// Whether a neutron-server names its mechanism drivers: where it does and no driver follows, they are mixed.
    pub fn mechanism_drivers_seen(&self) -> bool {
        let mut configurations = self.configurations.iter();
        configurations.any(|configuration| configuration.mechanism_drivers().seen().is_some())
    }
}
