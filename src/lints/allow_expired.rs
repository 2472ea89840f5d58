//! An allow whose last day is over: it silences nothing any more.

use crate::finding::allow::Allows;
use crate::finding::words::counted;
use crate::finding::{Finding, Findings, Level};

pub fn check(allows: &Allows, found: &mut Findings) {
    for allow in &allows.list {
        let Some(until) = &allow.until else {
            continue;
        };
        found.checked(&allow.subject);
        if let Some(days) = allow.expired {
            let message = format!(
                "{} held until {until}, {} ago: what it silenced is said again",
                allow.name,
                counted(usize::try_from(days).unwrap_or(usize::MAX), "day")
            );
            found.push(Finding::new(
                Level::Error,
                &allow.subject,
                message,
                &until.place,
                "its last day",
            ));
        }
    }
}
