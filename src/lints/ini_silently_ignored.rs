//! Sections and keys whose spelling oslo.config never looks up.

use std::cell::LazyCell;
use std::collections::BTreeMap;

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::neutron::{Configuration, Written};
use crate::site::option_table;

/// Section names are lower-cased but not trimmed, DEFAULT is exact, keys are exact (facts N§7).
pub fn check(site: &Site, found: &mut Findings) {
    for configuration in &site.configurations {
        let spellings = LazyCell::new(|| spellings(configuration));
        for written in configuration.written() {
            found.checked(&configuration.name);
            let name = &*written.section.name;
            let meant = meant_section(name);
            if !option_table::has_section(&meant) {
                continue;
            }
            if option_table::normalized(name) == meant.as_str() {
                keys(configuration, &written, &meant, &spellings, found);
            } else {
                found.push(header(configuration, &written, &meant, &spellings));
            }
        }
    }
}

/// The section that its writer meant.
fn meant_section(name: &str) -> String {
    let trimmed = name.trim().to_lowercase();
    if trimmed == "default" {
        "DEFAULT".to_owned()
    } else {
        trimmed
    }
}

/// How often each option is written, rightly or not: section and key as they were meant.
type Spellings = BTreeMap<(String, String), usize>;

fn spellings(configuration: &Configuration) -> Spellings {
    let mut spellings = Spellings::new();
    for written in configuration.written() {
        for entry in &written.section.options {
            let option = (meant_section(&written.section.name), meant_key(&entry.key));
            *spellings.entry(option).or_default() += 1;
        }
    }
    spellings
}

/// Whether an option, once it is read, takes the place of no other value.
fn is_alone(spellings: &Spellings, section: &str, key: &str) -> bool {
    let times = |section: &str, key: &str| {
        let option = (section.to_owned(), key.to_owned());
        spellings.get(&option).copied().unwrap_or(0)
    };
    // oslo.config asks the files from the last to the first, each for all names: an older one may come before.
    let others = option_table::other_names(section, key).into_iter();
    let mut others = others.map(|(section, key)| (section, meant_key(key)));
    let is_same = |name: &(&str, String)| name.0 == section && name.1 == key;
    times(section, key) == 1 && others.all(|name| is_same(&name) || times(name.0, &name.1) == 0)
}

fn meant_key(key: &str) -> String {
    key.to_lowercase().replace('-', "_")
}

fn header(
    configuration: &Configuration,
    written: &Written,
    meant: &str,
    spellings: &Spellings,
) -> Finding {
    let keys = written
        .section
        .options
        .iter()
        .map(|entry| entry.key.as_str());
    let hidden: Vec<&str> = keys
        .filter(|key| option_table::known(meant, key).is_some())
        .collect();
    let mut options = written.section.options.iter();
    let alone = options.all(|entry| is_alone(spellings, meant, &meant_key(&entry.key)));
    let (level, what) = match hidden.len() {
        0 => (Level::Warning, "nothing in it is read".to_owned()),
        1 => (Level::Error, format!("{} is not read", hidden[0])),
        _ => (Level::Error, format!("{} are not read", listed(&hidden))),
    };
    let name = &written.section.name;
    let message = format!(
        "section [{}] is not [{meant}] to oslo.config, and nothing is logged: {what}",
        &**name
    );
    Finding::new(
        level,
        written.subject(configuration, ""),
        message,
        &name.place,
        format!("not [{meant}]"),
    )
    .edit(alone, &name.place, meant)
}

fn keys(
    configuration: &Configuration,
    written: &Written,
    section: &str,
    spellings: &Spellings,
    found: &mut Findings,
) {
    for entry in &written.section.options {
        let key = &entry.key;
        let meant = meant_key(key);
        let known = option_table::known(section, &meant).is_some();
        // Without a known option behind it, only a dash is certain to be dead: no option has one, though some have an
        // older name with one, which is read.
        let is_read = meant == key.value || option_table::is_older_name(section, key);
        if is_read || !(known || key.contains('-')) {
            continue;
        }
        let level = if known { Level::Error } else { Level::Warning };
        let message = format!(
            "`{}` in [{section}] is never looked up: to oslo.config an option has one exact name, `{meant}`",
            &**key
        );
        let finding = Finding::new(
            level,
            written.subject(configuration, key),
            message,
            &key.place,
            "silently ignored",
        );
        found.push(if known {
            finding.edit(is_alone(spellings, section, &meant), &key.place, meant)
        } else {
            finding
        });
    }
}
