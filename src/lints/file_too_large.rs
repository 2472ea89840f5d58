//! Files above the limit of size.

use crate::finding::{Findings, Level, TroubleKind};
use crate::site::Site;

/// Found while the inputs were read; what is left out is said.
pub fn check(site: &Site, found: &mut Findings) {
    found.found.extend(
        site.troubles(TroubleKind::TooLarge)
            .map(|trouble| trouble.finding(Level::Warning)),
    );
}
