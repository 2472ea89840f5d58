//! Lints the sites of one run: each alone, and what they share once.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::lints::{self, Said, Tuning};
use crate::site::Site;
use crate::source::Place;

/// What every lint of the state says of each site, one site after the other. What it says at a file that is of several
/// sites is said once, and only where it holds for all of them: what one lacks, another may have.
pub fn said(sites: &[Site], tuning: &Tuning) -> Vec<Said> {
    let mut said: Vec<Vec<Said>> = sites.iter().map(|site| lints::run(site, tuning)).collect();
    if sites.iter().any(|site| !site.extent.shared.is_empty()) {
        say_once(sites, &mut said);
    }
    said.into_iter().flatten().collect()
}

/// What was said of one of so many sites: each is looked at by the same lints.
pub fn of(said: &[Said], site: usize, sites: usize) -> &[Said] {
    let lints = said.len() / sites.max(1);
    said.chunks(lints.max(1)).nth(site).unwrap_or(&[])
}

/// What tells findings of one lint apart.
type Key = (&'static str, String, Place);

/// Takes out of what is said of each site what is said at a shared file, but for the first time that holds for all.
fn say_once(sites: &[Site], said: &mut [Vec<Said>]) {
    let mut counts: HashMap<Key, usize> = HashMap::new();
    for (site, said) in sites.iter().zip(said.iter()) {
        for said in said {
            let keys = said
                .found
                .iter()
                .filter_map(|finding| key(site, said.lint.name, finding));
            for key in keys {
                *counts.entry(key).or_default() += 1;
            }
        }
    }
    let mut left = counts.clone();
    for (site, said) in sites.iter().zip(said) {
        for said in said {
            let name = said.lint.name;
            said.found.retain(|finding| {
                let Some(key) = key(site, name, finding) else {
                    return true;
                };
                let sharing = |other: &&Site| other.extent.shared.contains(&key.2.file);
                let of_all =
                    counts.get(&key).copied() == Some(sites.iter().filter(sharing).count());
                // The first is kept; a second of the same key is one that another site said.
                of_all && left.remove(&key).is_some()
            });
        }
    }
}

fn key(site: &Site, lint: &'static str, finding: &Finding) -> Option<Key> {
    let place = &finding.labels.first()?.place;
    let shared = site.extent.shared.contains(&place.file);
    shared.then(|| (lint, finding.subject.clone(), place.clone()))
}
