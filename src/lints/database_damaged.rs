//! Databases with a record that fails its checksum or does not parse.

use crate::finding::{Findings, Level, TroubleKind};
use crate::site::Site;

/// Found while the inputs were read; what stands before it is used.
pub fn check(site: &Site, found: &mut Findings) {
    found.found.extend(
        site.troubles(TroubleKind::Damaged)
            .map(|trouble| trouble.finding(Level::Error)),
    );
}
