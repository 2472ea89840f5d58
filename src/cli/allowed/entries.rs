//! The entries of `ovnlint.toml` as what silences findings.

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::finding::allow::{Allow, Defect, Scope};
use crate::finding::words::first_of;
use crate::read::allow::{is_reason, no_date};
use crate::read::settings::{AllowEntry, NAME};
use crate::source::Spanned;

/// An entry of the file.
pub fn of(entry: AllowEntry) -> Allow {
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
    if reason.is_none_or(|reason| !is_reason(reason)) {
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
    let mut set = |texts: &[Spanned<String>]| {
        let mut set = GlobSetBuilder::new();
        for text in texts {
            match Glob::new(text) {
                Ok(glob) => drop(set.add(glob)),
                Err(error) => defect(text.place.clone(), no_glob(&name, &error), "no glob"),
            }
        }
        set.build().unwrap_or_else(|error| {
            defect(entry.place.clone(), no_glob(&name, &error), "no glob");
            GlobSet::empty()
        })
    };
    let nodes = entry.nodes.as_deref().map(&mut set);
    let subject = entry
        .subject
        .as_ref()
        .map(|glob| set(std::slice::from_ref(glob)));
    Allow {
        subject: format!("{NAME}: {}", name.trim_matches('`')),
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

fn no_glob(name: &str, error: &globset::Error) -> String {
    format!("{name}: its globs cannot be used: {}", error.kind())
}

/// `allow(management_captured) of lab-*`
fn name(entry: &AllowEntry) -> String {
    let lints: Vec<&str> = entry.lints.iter().map(|lint| lint.as_str()).collect();
    let mut name = format!("`allow({})", first_of(&lints, 3));
    let scopes = entry.nodes.iter().flatten().chain(&entry.subject);
    let scopes: Vec<&str> = scopes.map(|scope| scope.as_str()).collect();
    if !scopes.is_empty() {
        name += " of ";
        name += &first_of(&scopes, 3);
    }
    name + "`"
}
