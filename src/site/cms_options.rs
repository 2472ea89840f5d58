//! `ovn-cms-options` as Neutron reads them: what it knows, and how entries miss that (facts O§5).

use crate::finding::words::nearest;
use crate::source::Spanned;

use super::chassis::elements;

/// Options that are there or not.
const FLAGS: [&str; 2] = ["enable-chassis-as-gw", "enable-chassis-as-extport-host"];

/// Options with a value behind `=`.
const VALUES: [&str; 5] = [
    "availability-zones",
    "card-serial-number",
    "resource_provider_bandwidths",
    "resource_provider_inventory_defaults",
    "resource_provider_hypervisors",
];

const ZONES: &str = "availability-zones";

/// How an entry misses the option that was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// `:` between option and value, where Neutron wants `=`.
    Colon(&'static str),
    /// A value behind an option that takes none.
    Value(&'static str),
    /// No value behind an option that needs one.
    NoValue(&'static str),
    /// Another spelling.
    Spelling(&'static str),
    /// A further availability zone behind a comma, where Neutron wants `:`.
    Zone,
}

/// The entries that Neutron ignores although they look meant for it. Entries that resemble none of its options
/// may be for another cloud management system.
pub fn slips(options: &Spanned<String>) -> Vec<(Spanned<String>, Slip)> {
    let mut slips = Vec::new();
    let mut behind_zones = false;
    for entry in elements(options) {
        // Neutron strips blanks.
        let text = entry.trim();
        let (name, sign) = match text.find(['=', ':']) {
            Some(at) => (&text[..at], text[at..].chars().next()),
            None => (text, None),
        };
        let slip = slip(name, sign);
        if slip.is_none() && sign.is_none() && behind_zones && !FLAGS.contains(&name) {
            if !name.is_empty() {
                slips.push((entry, Slip::Zone));
            }
            continue;
        }
        behind_zones = name == ZONES;
        slips.extend(slip.map(|slip| (entry, slip)));
    }
    slips
}

fn slip(name: &str, sign: Option<char>) -> Option<Slip> {
    if let Some(flag) = FLAGS.into_iter().find(|flag| *flag == name) {
        return sign.map(|_| Slip::Value(flag));
    }
    if let Some(option) = VALUES.into_iter().find(|option| *option == name) {
        return match sign {
            Some('=') => None,
            Some(_) => Some(Slip::Colon(option)),
            None => Some(Slip::NoValue(option)),
        };
    }
    meant(name).map(Slip::Spelling)
}

/// The option that a name resembles.
fn meant(name: &str) -> Option<&'static str> {
    let plain = |text: &str| text.to_ascii_lowercase().replace('_', "-");
    let spelt = plain(name);
    if spelt.starts_with("enable-chassis-as-g") {
        return Some(FLAGS[0]);
    }
    let known = || FLAGS.into_iter().chain(VALUES);
    let same = known().find(|option| plain(option) == spelt);
    same.or_else(|| nearest(&spelt, known().filter(|option| !option.contains('_'))))
        .or_else(|| nearest(name, known()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Place};

    fn read(text: &str) -> Vec<(String, Slip)> {
        let text = Spanned::new(text.to_owned(), Place::text(FileId(0), 0..text.len()));
        let slips = slips(&text).into_iter();
        slips.map(|(entry, slip)| (entry.value, slip)).collect()
    }

    #[test]
    fn what_neutron_reads_is_fine_and_so_is_what_is_not_for_it() {
        for options in [
            "enable-chassis-as-gw,availability-zones=az1:az2",
            "availability-zones=az1, enable-chassis-as-gw",
            "resource_provider_bandwidths=br-ex:100:200;br-in::5,card-serial-number=AB12",
            "some-other-cms=1,flag",
            "",
        ] {
            assert_eq!(read(options), [], "{options}");
        }
    }

    #[test]
    fn slips_are_told_apart() {
        let gw = "enable-chassis-as-gw";
        for (entry, slip) in [
            ("enable_chassis_as_gw", Slip::Spelling(gw)),
            ("enable-chassis-as-gateway", Slip::Spelling(gw)),
            ("enable-chasis-as-gw", Slip::Spelling(gw)),
            ("enable-chassis-as-gw=true", Slip::Value(gw)),
            ("availability-zones:az1", Slip::Colon(ZONES)),
            ("availability-zone=az1", Slip::Spelling(ZONES)),
            ("availability-zones", Slip::NoValue(ZONES)),
        ] {
            assert_eq!(read(entry), [(entry.to_owned(), slip)], "{entry}");
        }
        assert_eq!(
            read("availability-zones=az1,az2,az3,enable-chassis-as-gw"),
            [
                ("az2".to_owned(), Slip::Zone),
                ("az3".to_owned(), Slip::Zone)
            ]
        );
    }
}
