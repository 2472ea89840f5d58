//! The keys of `Open_vSwitch.external_ids` that OVN reads, and those of others (facts O§5).

mod values;

use crate::finding::words::nearest;

use super::daemon_keys;
use values::Values;

/// What would settle a key of a node that was not seen.
pub const EXTERNAL_IDS: &str = "external_ids of the node (`ovs-vsctl get open . external_ids`)";

/// A key that some release of OVN reads.
struct Key {
    name: &'static str,
    /// Whether it is looked up with `-<system-id>` behind it first.
    per_chassis: bool,
    values: Values,
    /// The release that no longer reads it.
    removed: Option<Removal>,
}

/// The release of OVN without a key.
pub type Removal = (u32, u32);

const fn per_chassis(name: &'static str) -> Key {
    Key {
        per_chassis: true,
        ..plain(name)
    }
}

const fn plain(name: &'static str) -> Key {
    Key {
        name,
        per_chassis: false,
        values: Values::Any,
        removed: None,
    }
}

impl Key {
    const fn off(self) -> Self {
        self.takes(Values::Off)
    }

    const fn on(self) -> Self {
        self.takes(Values::On)
    }

    const fn signed(self, default: &'static str) -> Self {
        self.takes(Values::Number(-0x8000_0000, 0x7fff_ffff, default))
    }

    const fn unsigned(self, default: &'static str) -> Self {
        self.takes(Values::Number(0, 0xffff_ffff, default))
    }

    const fn takes(self, values: Values) -> Self {
        Self { values, ..self }
    }

    const fn gone_in(self, year: u32, month: u32) -> Self {
        Self {
            removed: Some((year, month)),
            ..self
        }
    }
}

const KEYS: [Key; 41] = [
    plain("system-id"),
    per_chassis("hostname"),
    per_chassis("ovn-remote"),
    per_chassis("ovn-remote-probe-interval").signed("-1, which leaves it to Open vSwitch"),
    per_chassis("ovn-monitor-all").off(),
    per_chassis("ovn-encap-type"),
    per_chassis("ovn-encap-ip"),
    per_chassis("ovn-encap-ip-default"),
    per_chassis("ovn-encap-csum").takes(Values::Tunnel),
    per_chassis("ovn-encap-tos").takes(Values::Tos),
    per_chassis("ovn-encap-df_default").takes(Values::Tunnel),
    per_chassis("ovn-enable-flow-based-tunnels").off(),
    per_chassis("ovn-bridge"),
    per_chassis("ovn-bridge-datapath-type"),
    per_chassis("ovn-bridge-mappings"),
    plain("ovn-bridge-remote"),
    plain("ovn-bridge-remote-probe-interval").unsigned("0, which is off"),
    plain("ovn-openflow-probe-interval")
        .signed("0, which is off")
        .gone_in(24, 3),
    plain("ovn-ofctrl-wait-before-clear")
        .unsigned("0")
        .gone_in(25, 9),
    per_chassis("ovn-set-local-ip").off().gone_in(24, 9),
    per_chassis("ovn-cms-options"),
    per_chassis("ovn-chassis-mac-mappings"),
    per_chassis("ovn-transport-zones"),
    per_chassis("ovn-is-interconn").off(),
    per_chassis("ovn-match-northd-version").off(),
    per_chassis("ovn-enable-lflow-cache").on(),
    per_chassis("ovn-limit-lflow-cache").unsigned("no limit"),
    per_chassis("ovn-memlimit-lflow-cache-kb").takes(Values::Number(
        0,
        0xffff_ffff_ffff_ffff,
        "no limit",
    )),
    per_chassis("ovn-trim-limit-lflow-cache").unsigned("10000"),
    per_chassis("ovn-trim-wmark-perc-lflow-cache").unsigned("50"),
    per_chassis("ovn-trim-timeout-ms").unsigned("30000"),
    plain("garp-max-timeout-sec").unsigned("0"),
    plain("arp-nd-max-timeout-sec").unsigned("that of the release"),
    per_chassis("ct-zone-range").takes(Values::Zones),
    plain("dynamic-routing-port-mapping"),
    per_chassis("ovn-cleanup-on-exit").on(),
    per_chassis("ovn-evpn-vxlan-ports"),
    per_chassis("ovn-evpn-local-ip"),
    plain("ovn-br-remote"),
    plain("ovn-managed-flow-restore-wait"),
    plain("ovn-pf-encap-ip-mapping"),
];

/// Beginnings of keys that other software writes.
const FOREIGN: [&str; 4] = ["ovn-gw-", "ovn-orig-mgmt-port-", "neutron-", "charm-"];

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

/// Whether ovn-br-controller reads a key of that name, which is a key of the node for ovn-controller, on the bridges
/// that it programs (since OVN 26.03: facts O§5).
pub fn is_read_on_bridge(table: &str, column: &str, key: &str) -> bool {
    (table, column, key) == ("Bridge", "external_ids", "ovn-ofctrl-wait-before-clear")
}

/// A key and the suffix behind it: `ovn-remote-bgp` is `ovn-remote` for `bgp`, `ovn-remote-probe-interval` is a
/// key of its own.
pub fn split(key: &str) -> Option<(&'static str, &str)> {
    // `ovn-bridge-mapping` is a slip of the pen, and no key of an ovn-controller called `mapping`.
    let slip = |known: &Key| known.name.starts_with(key) || nearest(key, [known.name]).is_some();
    let with_suffix =
        |known: &Key| Some((known.name, key.strip_prefix(known.name)?.strip_prefix('-')?));
    let split = KEYS
        .iter()
        .filter_map(with_suffix)
        .max_by_key(|(name, _)| name.len())?;
    (!is_key(key) && !KEYS.iter().any(slip)).then_some(split)
}

/// What is known of a key of a chassis with this system-id and these further ovn-controllers.
pub fn standing(key: &str, system_id: Option<&str>, further: &[&str]) -> Standing {
    let foreign = FOREIGN.iter().any(|prefix| key.starts_with(prefix));
    if is_key(key) || foreign || daemon_keys::is_written(key) {
        return Standing::Fine;
    }
    let bare = without_suffix(key, system_id, further);
    if bare.is_some_and(|bare| {
        KEYS.iter()
            .any(|known| known.per_chassis && known.name == bare)
    }) {
        return Standing::Fine;
    }
    let spelt = bare.unwrap_or(key).to_ascii_lowercase().replace('_', "-");
    let meant = KEYS
        .iter()
        .map(|known| known.name)
        .find(|known| {
            let letters = known
                .bytes()
                .map(|byte| if byte == b'_' { b'-' } else { byte });
            letters.eq(spelt.bytes()) || known.strip_prefix("ovn-") == Some(spelt.as_str())
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

/// The key without `-<system-id>`, or `-<name>` of a further ovn-controller, where that stands behind it.
fn without_suffix<'key>(
    key: &'key str,
    system_id: Option<&str>,
    further: &[&str],
) -> Option<&'key str> {
    let mut suffixes = system_id.into_iter().chain(further.iter().copied());
    suffixes.find_map(|suffix| key.strip_suffix(suffix)?.strip_suffix('-'))
}

/// The known key that is read where this one stands.
fn known(key: &str, system_id: Option<&str>) -> Option<&'static Key> {
    let named = |name: &str| KEYS.iter().find(|known| known.name == name);
    named(key)
        .or_else(|| named(without_suffix(key, system_id, &[])?).filter(|known| known.per_chassis))
}

/// The release of OVN that no longer reads a key of a chassis with this system-id.
pub fn removal(key: &str, system_id: Option<&str>) -> Option<Removal> {
    known(key, system_id)?.removed
}

/// What OVN makes of a value that it does not understand, as a phrase; `None` where it understands it.
pub fn misread(key: &str, value: &str, system_id: Option<&str>) -> Option<String> {
    known(key, system_id)?.values.misread(value)
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
        assert_eq!(split("ovn-bridge-mapping"), None);
        assert_eq!(split("ovn-bridge-map"), None);
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

    #[test]
    fn a_key_is_gone_from_the_release_that_dropped_it() {
        assert_eq!(removal("ovn-openflow-probe-interval", None), Some((24, 3)));
        assert_eq!(
            removal("ovn-set-local-ip-node1", Some("node1")),
            Some((24, 9))
        );
        assert_eq!(removal("ovn-set-local-ip-node2", Some("node1")), None);
        assert_eq!(removal("ovn-monitor-all", None), None);
    }
}
