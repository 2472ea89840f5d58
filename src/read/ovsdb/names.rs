//! The tables and columns of the three schemas: which of them the model needs, and whose columns these are.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::{Keep, SchemaName};

/// One table as the releases know it.
#[derive(Debug)]
pub struct Known {
    /// The database.
    pub schema: SchemaName,
    /// The table's real name.
    pub name: &'static str,
    /// The columns of all releases, without `_uuid`.
    pub columns: BTreeSet<&'static str>,
}

/// Every table of Open vSwitch and of OVN's northbound and southbound.
pub static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let lines = include_str!("columns.tsv").lines();
    lines
        .filter_map(|line| {
            let mut fields = line.split('\t');
            Some(Known {
                schema: schema(fields.next()?),
                name: fields.next()?,
                columns: fields.next()?.split(' ').collect(),
            })
        })
        .collect()
});

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
            "enabled",
            "ha_chassis_group",
            "name",
            "options",
            "parent_name",
            "tag",
            "tag_request",
            "type",
        ],
    ),
    (
        SchemaName::Northbound,
        "Logical_Router",
        &["enabled", "external_ids", "name", "nat", "options", "ports"],
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

/// Tables that hold exactly one row.
pub const SINGLE: &[&str] = &["Open_vSwitch", "NB_Global", "SB_Global"];

/// The columns that rows are known by, where a table has one of them.
pub const NAMES: &[&str] = &["name", "logical_port", "target"];

/// The schema of this name.
pub fn schema(name: &str) -> SchemaName {
    match name {
        "Open_vSwitch" => SchemaName::OpenVswitch,
        "OVN_Northbound" => SchemaName::Northbound,
        "OVN_Southbound" => SchemaName::Southbound,
        _ => SchemaName::Other,
    }
}

/// The columns of a table that are kept: all of them, these, or (`None`) the table is left out.
pub fn kept(keep: Keep, schema: SchemaName, table: &str) -> Option<Kept> {
    if keep == Keep::All {
        return Some(Kept::All);
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

/// The tables that a word on the command line may mean: `Bridge`, `bridge`, `open`, `logical-switch`.
/// As the tools do: case does not count, `-` is `_`, and a beginning will do where it is unique.
pub fn tables_meant(word: &str) -> Vec<&'static Known> {
    let word = word.to_ascii_lowercase().replace('-', "_");
    let lower = |known: &Known| known.name.to_ascii_lowercase();
    let whole: Vec<_> = KNOWN.iter().filter(|known| lower(known) == word).collect();
    if !whole.is_empty() {
        return whole;
    }
    KNOWN
        .iter()
        .filter(|known| lower(known).starts_with(&word))
        .collect()
}

/// Whose columns these are, among the tables of this name or, without one, among all.
/// `None`: nobody's, or it cannot be told.
pub fn whose(columns: &[&str], candidates: &[&'static Known]) -> Option<&'static Known> {
    let seen: BTreeSet<_> = columns.iter().filter(|name| **name != "_uuid").collect();
    let whole = columns.contains(&"_uuid");
    let mut best: Option<(f64, &'static Known)> = None;
    let mut tied = false;
    let all: Vec<&'static Known>;
    let candidates = if candidates.is_empty() {
        all = KNOWN.iter().collect();
        &all
    } else {
        candidates
    };
    for known in candidates {
        let common = seen
            .iter()
            .filter(|name| known.columns.contains(**name))
            .count();
        let likeness = likeness(common, seen.len(), known.columns.len(), whole);
        let Some(likeness) = likeness else { continue };
        match best {
            Some((other, _)) if likeness < other => {}
            Some((other, _)) if likeness <= other => tied = true,
            _ => {
                best = Some((likeness, known));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, known)| known)
}

/// How much a table is like the columns seen; `None` where it is not at all. A whole `list` (it begins
/// with `_uuid`) may have columns that no release known here has, and lack what later ones added; a
/// choice of columns (`--columns`) must consist of the table's own.
fn likeness(common: usize, seen: usize, known: usize, whole: bool) -> Option<f64> {
    let ratio = |part: usize, of: usize| {
        let float = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        float(part) / float(of.max(1))
    };
    if seen == 0 || ratio(common, seen) < 0.7 || (!whole && common < seen) {
        return None;
    }
    Some(if whole {
        ratio(common, seen + known - common)
    } else {
        1.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_told_by_their_columns() {
        let name = |columns: &[&str]| whose(columns, &[]).map(|known| known.name);
        assert_eq!(name(&["name", "fail_mode"]), Some("Bridge"));
        // Interface, Queue's QoS, Logical_Switch_Port, ... all have these two.
        assert_eq!(name(&["name", "type"]), None);
        // Manager of Open vSwitch 1.4: a Controller has all of these as well.
        let manager = "_uuid connection_mode external_ids inactivity_probe is_connected max_backoff status target";
        assert_eq!(
            name(&manager.split(' ').collect::<Vec<_>>()),
            Some("Manager")
        );
        assert_eq!(name(&["apiVersion", "kind"]), None);
    }

    #[test]
    fn tables_are_abbreviated_as_the_tools_allow() {
        let names = |word| {
            tables_meant(word)
                .iter()
                .map(|known| known.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names("open"), ["Open_vSwitch"]);
        assert_eq!(names("logical-switch"), ["Logical_Switch"]);
        assert_eq!(names("interface"), ["Interface"]);
    }

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
