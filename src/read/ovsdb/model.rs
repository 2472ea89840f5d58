//! The tables and columns that the model needs of a database; the rest is skipped.

use super::{Keep, SchemaName};

/// The tables and columns that the model names.
pub const MODEL: &[(SchemaName, &str, &[&str])] = &[
    (
        SchemaName::OpenVswitch,
        "Open_vSwitch",
        &[
            "bridges",
            "db_version",
            "dpdk_initialized",
            "external_ids",
            "manager_options",
            "other_config",
            "ovs_version",
            "system_type",
            "system_version",
        ],
    ),
    (
        SchemaName::OpenVswitch,
        "Bridge",
        &[
            "controller",
            "datapath_id",
            "datapath_type",
            "external_ids",
            "fail_mode",
            "mcast_snooping_enable",
            "name",
            "other_config",
            "ports",
            "protocols",
            "rstp_enable",
            "stp_enable",
        ],
    ),
    (
        SchemaName::OpenVswitch,
        "Port",
        &[
            "bond_mode",
            "cvlans",
            "external_ids",
            "fake_bridge",
            "interfaces",
            "lacp",
            "mac",
            "name",
            "other_config",
            "tag",
            "trunks",
            "vlan_mode",
        ],
    ),
    (
        SchemaName::OpenVswitch,
        "Interface",
        &[
            "admin_state",
            "error",
            "external_ids",
            "link_state",
            "mac",
            "mac_in_use",
            "mtu",
            "mtu_request",
            "name",
            "ofport",
            "options",
            "other_config",
            "type",
        ],
    ),
    (
        SchemaName::OpenVswitch,
        "Controller",
        &[
            "connection_mode",
            "is_connected",
            "other_config",
            "target",
            "type",
        ],
    ),
    (
        SchemaName::OpenVswitch,
        "Manager",
        &["is_connected", "target"],
    ),
    (
        SchemaName::Northbound,
        "NB_Global",
        &["connections", "external_ids", "ipsec", "name", "options"],
    ),
    (SchemaName::Northbound, "Connection", &["target"]),
    (
        SchemaName::Northbound,
        "Logical_Switch",
        &["external_ids", "name", "other_config", "ports", "qos_rules"],
    ),
    (
        SchemaName::Northbound,
        "Logical_Switch_Port",
        &[
            "ha_chassis_group",
            "name",
            "options",
            "parent_name",
            "peer",
            "tag",
            "tag_request",
            "type",
        ],
    ),
    (
        SchemaName::Northbound,
        "Logical_Router",
        &[
            "enabled",
            "external_ids",
            "load_balancer",
            "load_balancer_group",
            "name",
            "nat",
            "options",
            "ports",
        ],
    ),
    (
        SchemaName::Northbound,
        "Logical_Router_Port",
        &[
            "enabled",
            "external_ids",
            "gateway_chassis",
            "ha_chassis_group",
            "mac",
            "name",
            "networks",
            "options",
            "peer",
        ],
    ),
    (
        SchemaName::Northbound,
        "Gateway_Chassis",
        &["chassis_name", "name", "priority"],
    ),
    (
        SchemaName::Northbound,
        "HA_Chassis_Group",
        &["ha_chassis", "name"],
    ),
    (
        SchemaName::Northbound,
        "HA_Chassis",
        &["chassis_name", "priority"],
    ),
    (
        SchemaName::Northbound,
        "NAT",
        &[
            "external_ip",
            "external_mac",
            "gateway_port",
            "logical_ip",
            "logical_port",
            "type",
        ],
    ),
    (
        SchemaName::Northbound,
        "Load_Balancer",
        &["name", "options"],
    ),
    (
        SchemaName::Northbound,
        "Load_Balancer_Group",
        &["load_balancer", "name"],
    ),
    (SchemaName::Northbound, "QoS", &["bandwidth"]),
    (SchemaName::Northbound, "Meter", &["name"]),
    (SchemaName::Northbound, "ACL", &["log", "meter"]),
    (
        SchemaName::Southbound,
        "SB_Global",
        &["external_ids", "options"],
    ),
    (
        SchemaName::Southbound,
        "Chassis",
        &[
            "encaps",
            "external_ids",
            "hostname",
            "name",
            "other_config",
            "transport_zones",
        ],
    ),
    (
        SchemaName::Southbound,
        "Encap",
        &["chassis_name", "ip", "options", "type"],
    ),
    (
        SchemaName::Southbound,
        "Port_Binding",
        &[
            "additional_chassis",
            "chassis",
            "datapath",
            "gateway_chassis",
            "ha_chassis_group",
            "logical_port",
            "options",
            "parent_port",
            "requested_chassis",
            "type",
        ],
    ),
    (
        SchemaName::Southbound,
        "Datapath_Binding",
        &["external_ids", "tunnel_key"],
    ),
    (
        SchemaName::Southbound,
        "Gateway_Chassis",
        &["chassis", "name", "priority"],
    ),
    (
        SchemaName::Southbound,
        "HA_Chassis_Group",
        &["ha_chassis", "name"],
    ),
    (
        SchemaName::Southbound,
        "HA_Chassis",
        &["chassis", "priority"],
    ),
];

/// The columns of a table that are kept: all of them, these, or (`None`) the table is left out.
pub fn kept(keep: Keep, schema: SchemaName, table: &str) -> Option<Kept> {
    match keep {
        Keep::All => return Some(Kept::All),
        Keep::AllOf(schemas) if schemas.contains(&schema) => return Some(Kept::All),
        Keep::AllOf(_) | Keep::Model => {}
    }
    let (.., columns) = MODEL
        .iter()
        .find(|(of, name, _)| *of == schema && *name == table)?;
    Some(Kept::Only(columns))
}

/// Columns that are kept.
#[derive(Clone, Copy, Debug)]
pub enum Kept {
    /// All.
    All,
    /// These.
    Only(&'static [&'static str]),
}

impl Kept {
    /// Whether this column is among them.
    pub fn has(self, column: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(columns) => columns.contains(&column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::KNOWN;
    use super::MODEL;

    #[test]
    fn the_model_names_columns_that_exist() {
        for (schema, table, columns) in MODEL {
            let known = KNOWN
                .iter()
                .find(|known| known.schema == *schema && known.name == *table)
                .unwrap_or_else(|| panic!("{table}"));
            for column in *columns {
                assert!(known.columns.contains(column), "{table}:{column}");
            }
        }
    }
}
