//! The keys of the Open vSwitch database that a daemon writes by itself (facts V§4, O§5).

/// The keys of one map column. An ending `*` stands for anything.
struct DaemonKeys {
    table: &'static str,
    column: &'static str,
    keys: &'static [&'static str],
}

/// What databases held after ovn-controller and ovs-vswitchd had run, and not before: OVN 23.03, 25.03, 26.03 and
/// 26.09 (facts V§4); what only some sites make them write is from their sources.
const WRITTEN: [DaemonKeys; 9] = [
    DaemonKeys {
        table: "Open_vSwitch",
        column: "external_ids",
        // The first by the scripts of Open vSwitch, at each start; the second by OVN 24.03.8, 25.03.3, 25.09.3
        // and 26.03.1 (facts V§2).
        keys: &["rundir", "ovn-managed-flow-restore-wait"],
    },
    DaemonKeys {
        table: "Open_vSwitch",
        column: "other_config",
        keys: &["flow-restore-wait", "ovn-chassis-idx-*", "vlan-limit"],
    },
    DaemonKeys {
        table: "Bridge",
        column: "external_ids",
        // `ovn-nb-cfg` as soon as anybody waited for the chassis, which Neutron does every minute;
        // `ovn-nb-cfg-sb-ts` from 26.09 on.
        keys: &[
            "ct-zone-*",
            "ovn-nb-cfg",
            "ovn-nb-cfg-sb-ts",
            "ovn-nb-cfg-ts",
            "ovn-startup-ts",
        ],
    },
    DaemonKeys {
        table: "Bridge",
        column: "other_config",
        keys: &["disable-in-band", "hwaddr"],
    },
    DaemonKeys {
        table: "Port",
        column: "external_ids",
        keys: &["ovn-chassis-id", "ovn-l2gateway-port", "ovn-localnet-port"],
    },
    DaemonKeys {
        table: "Port",
        column: "other_config",
        // On tunnels, from 26.09 on.
        keys: &["transient"],
    },
    DaemonKeys {
        table: "Interface",
        column: "external_ids",
        keys: &["ovn-installed", "ovn-installed-ts"],
    },
    DaemonKeys {
        table: "Interface",
        column: "options",
        keys: &["csum", "key", "local_ip", "peer", "remote_ip"],
    },
    DaemonKeys {
        table: "Interface",
        column: "bfd",
        keys: &["check_tnl_key", "enable"],
    },
];

/// Whether a daemon writes that key into that column of its own accord: nobody set it, and nobody should remove it.
pub fn writes(table: &str, column: &str, key: &str) -> bool {
    let mut columns = WRITTEN.iter();
    columns.any(|written| {
        written.table == table
            && written.column == column
            && written.keys.iter().any(|pattern| matches(pattern, key))
    })
}

/// Whether a daemon writes that key into some column: where else it stands it does no harm.
pub fn is_written(key: &str) -> bool {
    let mut patterns = WRITTEN.iter().flat_map(|written| written.keys);
    patterns.any(|pattern| matches(pattern, key))
}

fn matches(pattern: &str, key: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => key.starts_with(start),
        None => key == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_daemons_in_its_own_column_only() {
        assert!(writes("Bridge", "external_ids", "ovn-nb-cfg"));
        assert!(writes("Bridge", "external_ids", "ct-zone-lp1"));
        assert!(!writes("Open_vSwitch", "external_ids", "ovn-nb-cfg"));
        assert!(!writes("Bridge", "external_ids", "ovn-nb-cfg-"));
        assert!(!writes("Bridge", "external_ids", "ovn-bridge-mappings"));
    }
}
