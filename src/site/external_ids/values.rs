//! What a value of `external_ids` must be to be understood, and what holds where it is not (facts O§5).

/// The values that OVN understands.
#[derive(Clone, Copy)]
pub enum Values {
    /// Any text, or what other lints look at.
    Any,
    /// Off unless it is `true`, in any case of letters.
    Off,
    /// On unless it is `false`, in any case of letters.
    On,
    /// `true` or `false` in lower case: the tunnel's option, handed on as it is.
    Tunnel,
    /// A whole number; its bounds and the default.
    Number(i128, i128, &'static str),
    /// `none`, `inherit`, or a number of one byte.
    Tos,
    /// `MIN-MAX` within 1 to 65535.
    Zones,
}

impl Values {
    /// What holds in place of a value that is none of these, as a phrase.
    pub fn misread(self, value: &str) -> Option<String> {
        let boolean = ["true", "false"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word));
        let (understood, instead) = match self {
            Self::Any => return None,
            Self::Off => (boolean, "only `true` turns it on: it is off"),
            Self::On => (boolean, "only `false` turns it off: it is on"),
            Self::Tunnel => (
                ["true", "false"].contains(&value),
                "tunnels take `true` or `false`, in lower case",
            ),
            Self::Tos => (
                is_tos(value),
                "tunnels take `none`, `inherit`, or a number from 0 to 255",
            ),
            Self::Zones => (
                is_zone_range(value),
                "it is no MIN-MAX within 1 to 65535, and what does not fit stays at the default, 1-65535",
            ),
            Self::Number(low, high, default) => {
                let within = number(value).is_some_and(|number| (low..=high).contains(&number));
                return (!within).then(|| {
                    format!("it is no whole number from {low} to {high}, and the default holds: {default}")
                });
            }
        };
        (!understood).then(|| instead.to_owned())
    }
}

fn number(text: &str) -> Option<i128> {
    // Blanks in front are skipped, behind they are refused (lib/util.c: str_to_llong).
    text.trim_start().parse().ok()
}

fn is_tos(value: &str) -> bool {
    let hexadecimal = value
        .strip_prefix("0x")
        .map(|digits| i128::from_str_radix(digits, 16));
    let byte = hexadecimal.map_or_else(|| number(value), Result::ok);
    byte.is_some_and(|byte| (0..=255).contains(&byte)) || ["none", "inherit"].contains(&value)
}

fn is_zone_range(value: &str) -> bool {
    let bound = |text: &str| number(text).filter(|zone| (1..=65_535).contains(zone));
    let range = value.split_once('-');
    let range = range.and_then(|(low, high)| Some((bound(low)?, bound(high)?)));
    range.is_some_and(|(low, high)| low <= high)
}

#[cfg(test)]
mod tests {
    use crate::site::external_ids::misread;

    // What smap_get_bool and str_to_int of Open vSwitch take: facts O§5.
    #[test]
    fn values_are_read_as_ovn_reads_them() {
        let id = Some("node1");
        for (key, value) in [
            ("ovn-monitor-all", "True"),
            ("ovn-monitor-all-node1", "false"),
            ("ovn-enable-lflow-cache", "FALSE"),
            ("ovn-encap-csum", "true"),
            ("ovn-remote-probe-interval", "-1"),
            ("ovn-limit-lflow-cache", " 4294967295"),
            ("ovn-memlimit-lflow-cache-kb", "18446744073709551615"),
            ("ct-zone-range", "1-65535"),
            ("ovn-encap-tos", "inherit"),
            ("ovn-monitor-all-node2", "yes"),
            ("ovn-bridge", "yes"),
        ] {
            assert_eq!(misread(key, value, id), None, "{key}={value}");
        }
        for (key, value) in [
            ("ovn-monitor-all", "yes"),
            ("ovn-monitor-all-node1", "1"),
            ("ovn-enable-lflow-cache", "0"),
            ("ovn-encap-csum", "True"),
            ("ovn-limit-lflow-cache", "-1"),
            ("ovn-limit-lflow-cache", "4294967296"),
            ("ovn-trim-timeout-ms", "30s"),
            ("ovn-trim-timeout-ms", ""),
            ("ct-zone-range", "0-100"),
            ("ct-zone-range", "200-100"),
            ("ovn-encap-tos", "256"),
        ] {
            assert!(misread(key, value, id).is_some(), "{key}={value}");
        }
    }
}
