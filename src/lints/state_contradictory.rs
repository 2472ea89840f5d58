//! Two states of one node that disagree.

use crate::finding::{Findings, Level, TroubleKind};
use crate::site::Site;

/// Found while the inputs were read; a database file stands before text, and the first of two equals before the second.
pub fn check(site: &Site, found: &mut Findings) {
    found.found.extend(
        site.troubles(TroubleKind::Contradictory)
            .map(|trouble| trouble.finding(Level::Warning)),
    );
}
