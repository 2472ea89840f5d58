//! A topology with unknown keys, wrong types or bad values.

use crate::finding::{Findings, Level, TroubleKind};
use crate::site::Site;

/// Found while the inputs were read; what is right in it is used.
pub fn check(site: &Site, found: &mut Findings) {
    if site.topology.is_some() {
        found.checked("topology.toml");
    }
    found.found.extend(
        site.troubles(TroubleKind::Topology)
            .map(|trouble| trouble.finding(Level::Error)),
    );
}
