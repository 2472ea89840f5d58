//! The entries of `ovnlint.toml` as what silences findings.

use globset::{Glob, GlobMatcher};

use crate::finding::allow::{Allow, Defect, Scope};
use crate::read::allow::no_date;
use crate::read::settings::AllowEntry;
use crate::source::Spanned;

/// An entry of the file that is shown as `path`.
pub fn of(entry: AllowEntry, path: &str) -> Allow {
    let name = name(&entry);
    let mut defects = Vec::new();
    let mut defect = |place, message: String, label| {
        defects.push(Defect {
            place,
            message,
            label,
        });
    };
    let reason = entry.reason.as_ref();
    if reason.is_none_or(|reason| reason.trim().is_empty()) {
        let place = reason.map_or(&entry.place, |reason| &reason.place);
        let message = format!("{name} gives no reason: write `reason = \"…\"`");
        defect(place.clone(), message, "no reason");
    }
    let until = match entry.until {
        None => None,
        Some(Ok(date)) => Some(date),
        Some(Err(text)) => {
            defect(text.place.clone(), no_date(&name, &text), "no date");
            None
        }
    };
    if entry.nodes.as_ref().is_some_and(Vec::is_empty) {
        let message = format!("{name} is for no node: leave `nodes` out to allow it for all");
        defect(entry.place.clone(), message, "no node");
    }
    let nodes = entry.nodes.iter().flatten().map(glob).collect();
    let subject = entry.subject.as_ref().map(glob);
    Allow {
        subject: format!("{path}: {}", name.trim_matches('`')),
        place: entry.place,
        name,
        lints: entry.lints,
        scope: Scope::Site { nodes, subject },
        until,
        defects,
        expired: None,
        uses: Vec::new(),
    }
}

fn glob(text: &Spanned<String>) -> GlobMatcher {
    let glob = Glob::new(text).expect("the reader of the file refuses what is none");
    glob.compile_matcher()
}

/// `allow(management_captured) of lab-*`
fn name(entry: &AllowEntry) -> String {
    let lints: Vec<&str> = entry.lints.iter().map(|lint| lint.as_str()).collect();
    let mut name = format!("`allow({})", lints.join(", "));
    let scopes = entry.nodes.iter().flatten().chain(&entry.subject);
    let scopes: Vec<&str> = scopes.map(|scope| scope.as_str()).collect();
    if !scopes.is_empty() {
        name += " of ";
        name += &scopes.join(", ");
    }
    name + "`"
}
