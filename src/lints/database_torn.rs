//! Databases whose last record is cut.

use crate::finding::{Findings, Level, TroubleKind};
use crate::site::Site;

/// Found while the inputs were read; ovsdb-server drops it as well (facts O§11).
pub fn check(site: &Site, found: &mut Findings) {
    found.found.extend(
        site.troubles(TroubleKind::Torn)
            .map(|trouble| trouble.finding(Level::Note)),
    );
}
