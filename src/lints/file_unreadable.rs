//! Files that would be configuration and cannot be read.

use crate::finding::{Findings, Level, TroubleKind};
use crate::site::Site;

/// Found while the inputs were read; one unreadable file does not keep the rest from being linted.
pub fn check(site: &Site, found: &mut Findings) {
    found.found.extend(
        site.troubles(TroubleKind::Unreadable)
            .map(|trouble| trouble.finding(Level::Error)),
    );
}
