//! The keys of `Open_vSwitch.external_ids` that OVN reads, and those of others (facts O§5).

use crate::finding::words::nearest;

/// A key that some release of OVN reads.
struct Key {
    name: &'static str,
    /// Whether it is looked up with `-<system-id>` behind it first.
    per_chassis: bool,
}

const fn per_chassis(name: &'static str) -> Key {
    Key {
        name,
        per_chassis: true,
    }
}

const fn plain(name: &'static str) -> Key {
    Key {
        name,
        per_chassis: false,
    }
}

const KEYS: [Key; 42] = [
    plain("system-id"),
    per_chassis("hostname"),
    per_chassis("ovn-remote"),
    per_chassis("ovn-remote-probe-interval"),
    per_chassis("ovn-monitor-all"),
    per_chassis("ovn-encap-type"),
    per_chassis("ovn-encap-ip"),
    per_chassis("ovn-encap-ip-default"),
    per_chassis("ovn-encap-csum"),
    per_chassis("ovn-encap-tos"),
    per_chassis("ovn-encap-df_default"),
    per_chassis("ovn-enable-flow-based-tunnels"),
    per_chassis("ovn-bridge"),
    per_chassis("ovn-bridge-datapath-type"),
    per_chassis("ovn-bridge-mappings"),
    plain("ovn-bridge-remote"),
    plain("ovn-bridge-remote-probe-interval"),
    plain("ovn-openflow-probe-interval"),
    plain("ovn-ofctrl-wait-before-clear"),
    per_chassis("ovn-set-local-ip"),
    per_chassis("ovn-cms-options"),
    per_chassis("ovn-chassis-mac-mappings"),
    per_chassis("ovn-transport-zones"),
    per_chassis("ovn-is-interconn"),
    per_chassis("ovn-match-northd-version"),
    per_chassis("ovn-enable-lflow-cache"),
    per_chassis("ovn-limit-lflow-cache"),
    per_chassis("ovn-memlimit-lflow-cache-kb"),
    per_chassis("ovn-trim-limit-lflow-cache"),
    per_chassis("ovn-trim-wmark-perc-lflow-cache"),
    per_chassis("ovn-trim-timeout-ms"),
    plain("garp-max-timeout-sec"),
    plain("arp-nd-max-timeout-sec"),
    per_chassis("ct-zone-range"),
    plain("dynamic-routing-port-mapping"),
    per_chassis("ovn-cleanup-on-exit"),
    per_chassis("ovn-evpn-vxlan-ports"),
    per_chassis("ovn-evpn-local-ip"),
    plain("ovn-br-remote"),
    plain("ovn-managed-flow-restore-wait"),
    plain("ovn-nb-cfg"),
    plain("ovn-pf-encap-ip-mapping"),
];

/// Beginnings of keys that daemons and other software write.
const FOREIGN: [&str; 8] = [
    "ovn-gw-",
    "ovn-orig-mgmt-port-",
    "ovn-chassis-idx-",
    "ovn-nb-cfg",
    "ovn-startup-ts",
    "neutron-",
    "charm-",
    "ct-zone-",
];

/// What is known of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// OVN reads it, a further ovn-controller does, or it is somebody else's.
    Fine,
    /// Nothing reads it; the key that was probably meant.
    Unknown(Option<&'static str>),
}

/// Whether some release of OVN reads a key of that name.
pub fn is_key(key: &str) -> bool {
    KEYS.iter().any(|known| known.name == key)
}

/// A key and the suffix behind it: `ovn-remote-bgp` is `ovn-remote` for `bgp`, `ovn-remote-probe-interval` is a
/// key of its own.
pub fn split(key: &str) -> Option<(&'static str, &str)> {
    let with_suffix =
        |known: &Key| Some((known.name, key.strip_prefix(known.name)?.strip_prefix('-')?));
    if is_key(key) {
        return None;
    }
    KEYS.iter()
        .filter_map(with_suffix)
        .max_by_key(|(name, _)| name.len())
}

/// What is known of a key of a chassis with this system-id and these further ovn-controllers.
pub fn standing(key: &str, system_id: Option<&str>, further: &[&str]) -> Standing {
    if is_key(key) || FOREIGN.iter().any(|prefix| key.starts_with(prefix)) {
        return Standing::Fine;
    }
    let suffixes = system_id.into_iter().chain(further.iter().copied());
    let own = suffixes.filter_map(|suffix| key.strip_suffix(suffix)?.strip_suffix('-'));
    let bare = own.map(str::to_owned).next();
    if let Some(bare) = &bare
        && KEYS
            .iter()
            .any(|known| known.per_chassis && known.name == bare)
    {
        return Standing::Fine;
    }
    let spelt = bare
        .as_deref()
        .unwrap_or(key)
        .to_ascii_lowercase()
        .replace('_', "-");
    let meant = KEYS
        .iter()
        .map(|known| known.name)
        .find(|known| {
            known.replace('_', "-") == spelt || known.strip_prefix("ovn-") == Some(spelt.as_str())
        })
        .or_else(|| {
            nearest(
                &spelt,
                KEYS.iter()
                    .map(|known| known.name)
                    .filter(|known| known.len() > 7),
            )
        })
        .filter(|known| *known != key);
    if meant.is_some() || key.starts_with("ovn-") || key.starts_with("ovn_") {
        Standing::Unknown(meant)
    } else {
        Standing::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_the_key_that_was_meant_is_named() {
        for (key, meant) in [
            ("ovn-bridge-mapping", "ovn-bridge-mappings"),
            ("ovn_bridge_mappings", "ovn-bridge-mappings"),
            ("bridge-mappings", "ovn-bridge-mappings"),
            ("ovn-encap-ips", "ovn-encap-ip"),
            ("ovn-encap_ip", "ovn-encap-ip"),
            ("ovn-cms-option", "ovn-cms-options"),
            ("ovn-remotes", "ovn-remote"),
        ] {
            assert_eq!(
                standing(key, None, &[]),
                Standing::Unknown(Some(meant)),
                "{key}"
            );
        }
        assert_eq!(
            standing("ovn-something-of-ours", None, &[]),
            Standing::Unknown(None)
        );
    }

    #[test]
    fn a_suffix_is_what_stands_behind_the_longest_key() {
        assert_eq!(split("ovn-remote-bgp"), Some(("ovn-remote", "bgp")));
        assert_eq!(
            split("ovn-bridge-mappings-node1"),
            Some(("ovn-bridge-mappings", "node1"))
        );
        assert_eq!(split("ovn-remote-probe-interval"), None);
        assert_eq!(split("ovn-remote"), None);
    }

    #[test]
    fn keys_of_this_chassis_of_others_and_of_further_controllers_are_fine() {
        assert_eq!(
            standing("ovn-encap-ip-node1", Some("node1"), &[]),
            Standing::Fine
        );
        assert_eq!(
            standing("ovn-encap-ip-node2", Some("node1"), &[]),
            Standing::Unknown(None)
        );
        assert_eq!(
            standing("ovn-remote-bgp", Some("node1"), &["bgp"]),
            Standing::Fine
        );
        for key in [
            "rundir",
            "charm-ovn-chassis",
            "neutron-bgp-peer-bridges",
            "ovn-pf-encap-ip-mapping",
            "hostname",
            "iface-id",
            "bridge-id",
        ] {
            assert_eq!(standing(key, Some("node1"), &[]), Standing::Fine, "{key}");
        }
    }
}
