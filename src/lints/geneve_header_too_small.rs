//! A Geneve header too small for OVN's option: the server exits.

use crate::finding::{Finding, Findings, Level};
use crate::site::{Release, Site};

/// What OVN's metadata option needs, and what Neutron sets without a word (facts N§2: mechanism `ovn`).
const NEEDED: i64 = 38;
const DEFAULT: i64 = 30;

/// Checked by the server since Xena.
pub fn check(site: &Site, found: &mut Findings) {
    if site
        .release()
        .is_some_and(|release| release < Release::XENA)
    {
        return;
    }
    for (configuration, server) in site.servers() {
        let (ovn, geneve) = (configuration.uses_ovn(), configuration.loads_type("geneve"));
        if ovn == Some(false) || geneve == Some(false) {
            continue;
        }
        let size = server.integer("ml2_type_geneve", "max_header_size");
        let unset = size.seen().is_none();
        let (Some(true), Some(true), Some(size)) = (ovn, geneve, size.or_default(DEFAULT)) else {
            found.unknown(
                &configuration.name,
                "every file of neutron-server (neutron.conf and ml2_conf.ini)",
            );
            continue;
        };
        found.checked(&configuration.name);
        if size.value >= NEEDED {
            continue;
        }
        let (what, label) = if unset {
            ("left at its default of", "max_header_size is not set")
        } else {
            ("set to", "below 38")
        };
        let message = format!(
            "max_header_size of [ml2_type_geneve] is {what} {} and OVN needs {NEEDED}: neutron-server exits with `Geneve max_header_size set too low for OVN ({} vs {NEEDED})`",
            size.value, size.value
        );
        let mut finding = Finding::new(
            Level::Error,
            format!("{}/max_header_size", configuration.name),
            message,
            &size.place,
            label,
        );
        if !unset {
            finding = finding.edit(true, &size.place, NEEDED.to_string());
        }
        found.push(finding);
    }
}
