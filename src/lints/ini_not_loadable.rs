//! Files that oslo.config refuses: no service that loads them starts.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;

/// Malformed lines that are shown of one file; the rest is counted.
const SHOWN: usize = 5;

/// oslo.config stops at the first malformed line; the further ones would be next.
pub fn check(site: &Site, found: &mut Findings) {
    for configuration in &site.configurations {
        for (kind, file) in &configuration.files {
            found.checked(&configuration.name);
            let Some((first, further)) = file.errors.split_first() else {
                continue;
            };
            let message = format!(
                "oslo.config refuses this {kind} ({}): no service that loads it starts{}",
                first.message,
                match further.len() {
                    0 => String::new(),
                    1 => "; 1 more line is malformed".to_owned(),
                    more => format!("; {more} more lines are malformed"),
                }
            );
            let subject = format!("{}/{kind}", configuration.name);
            let mut finding =
                Finding::new(Level::Error, subject, message, &first.place, first.message);
            for error in further.iter().take(SHOWN) {
                finding = finding.label(&error.place, error.message);
            }
            found.push(finding);
        }
    }
}
