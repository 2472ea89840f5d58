//! An allow that silences nothing, because it is not understood or gives no reason.

use crate::finding::allow::Allows;
use crate::finding::{Finding, Findings, Level};

pub fn check(allows: &Allows, found: &mut Findings) {
    for allow in &allows.list {
        found.checked(&allow.subject);
        for defect in &allow.defects {
            found.push(Finding::new(
                Level::Error,
                &allow.subject,
                &defect.message,
                &defect.place,
                defect.label,
            ));
        }
    }
}
