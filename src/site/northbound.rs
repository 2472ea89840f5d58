//! The northbound database: what Neutron asks of OVN.

use crate::source::{Known, Place};

/// What the northbound database holds, as far as it was seen.
#[derive(Debug, Default)]
pub struct Northbound {
    /// QoS rules that limit a bandwidth: each takes a meter on the chassis that carry it.
    pub bandwidth_rules: Known<u64>,
    /// `NB_Global.options:vxlan_mode`.
    pub vxlan_mode: Known<String>,
    /// Where the database begins.
    pub place: Option<Place>,
}
