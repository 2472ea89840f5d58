//! Real operators' files, where they lie beside the project: no panic, no alarm on what is known to be right, and
//! every error printed for a person to judge.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ovnlint::finding::Level;

use crate::support::{fired, lint};

const CORPUS: &str = "../shared/corpus";

/// The flat folders: the name of each file is its path, with `__` for `/`.
const FLAT: [&str; 5] = [
    "ml2_conf",
    "openvswitch_agent",
    "neutron_conf",
    "ovn_metadata_agent",
    "parse_failures",
];

/// Folders whose members are sites of their own.
const TREES: [&str; 3] = ["hosts", "hotsos", "ovs_state_from_db"];

/// Folders that are linted whole, for what they may break.
const HEAPS: [&str; 6] = [
    "ovsdb_files",
    "ovs_ovn_text_state",
    "ovs_start",
    "topology",
    "yaml_config",
    "embedded_ini",
];

fn corpus() -> Option<&'static Path> {
    let corpus = Path::new(CORPUS);
    if !corpus.is_dir() {
        let _ = writeln!(std::io::stderr(), "skipped: {CORPUS} is not here");
        return None;
    }
    Some(corpus)
}

fn members(directory: &Path) -> Vec<PathBuf> {
    let mut members: Vec<PathBuf> = fs::read_dir(directory)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    members.sort();
    members
}

/// Lays the flat folders out as the repositories that they were; gives the root of each.
fn laid_out(corpus: &Path, root: &Path) -> Vec<PathBuf> {
    let mut repositories = Vec::new();
    for path in FLAT.iter().flat_map(|folder| members(&corpus.join(folder))) {
        let name = path
            .file_name()
            .expect("it has a name")
            .to_string_lossy()
            .into_owned();
        let mut parts = name.split("__");
        let repository = root
            .join(parts.next().unwrap_or(""))
            .join(parts.next().unwrap_or(""));
        let target = parts.fold(repository.clone(), |path, part| path.join(part));
        fs::create_dir_all(target.parent().expect("it lies in a repository"))
            .expect("the directory can be made");
        // Where a file of the same path is there as a directory, the name was ambiguous.
        if !target.is_dir() {
            fs::copy(&path, &target).expect("it can be copied");
            repositories.push(repository);
        }
    }
    repositories.sort();
    repositories.dedup();
    repositories
}

#[test]
fn real_files_neither_panic_nor_raise_known_false_alarms() {
    let Some(corpus) = corpus() else {
        return;
    };
    let scratch = std::env::temp_dir().join(format!("ovnlint-corpus-{}", std::process::id()));
    let mut sites = laid_out(corpus, &scratch);
    sites.extend(
        TREES
            .iter()
            .flat_map(|folder| members(&corpus.join(folder)))
            .filter(|path| path.is_dir()),
    );
    sites.extend(HEAPS.iter().map(|folder| corpus.join(folder)));
    assert!(
        sites.len() > 100,
        "the folders were not found: {}",
        sites.len()
    );
    let mut errors: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for site in &sites {
        let linted = lint(&site.to_string_lossy());
        for said in &linted.said {
            for finding in said
                .found
                .iter()
                .filter(|finding| finding.level == Level::Error)
            {
                let place = &finding.labels[0].place;
                let source = linted.sources.get(place.file);
                let line = source.position(place.span.start).line;
                errors.entry(said.lint.name).or_default().push(format!(
                    "{}:{line}: {}",
                    source.path.replace(&*scratch.to_string_lossy(), ""),
                    finding.message
                ));
            }
        }
    }
    let _ = fs::remove_dir_all(&scratch);
    for (lint, findings) in &errors {
        println!("== {lint}: {}", findings.len());
        for finding in findings {
            println!("   {finding}");
        }
    }
}

/// G04: only a backup puts the gateway on br-ex; the live management is elsewhere.
#[test]
fn a_backup_that_would_capture_management_is_no_alarm() {
    let Some(corpus) = corpus() else {
        return;
    };
    let fired = fired(&lint(
        &corpus.join("hosts/yokolab__OpenStack").to_string_lossy(),
    ));
    assert!(
        !fired.keys().any(|name| name.starts_with("management_")),
        "{fired:?}"
    );
}

/// Machines without Open vSwitch and Neutron have nothing to check; an ML2/OVS node is no chassis.
#[test]
fn sosreports_are_taken_for_what_they_are() {
    let Some(corpus) = corpus() else {
        return;
    };
    for report in members(&corpus.join("hotsos"))
        .into_iter()
        .filter(|path| path.is_dir())
    {
        let linted = lint(&report.to_string_lossy());
        let name = report
            .file_name()
            .expect("it has a name")
            .to_string_lossy()
            .into_owned();
        if name == "openstack" {
            let fired = fired(&linted);
            assert!(
                !fired.contains_key("integration_bridge_no_openflow15")
                    && !fired.contains_key("encap_unset"),
                "{fired:?}"
            );
        } else {
            assert_eq!(linted.code(Level::Note), 3, "{name}");
        }
    }
}
