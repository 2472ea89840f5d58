//! Which Neutron files make one configuration, and which of them each service loads.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::read::oslo::OsloFile;
use crate::read::{IniKind, Input, Record, guess};
use crate::site::neutron::Configuration;
use crate::site::option_table;
use crate::site::options::Options;
use crate::source::Sources;

use super::owner::Owners;

/// The files of one directory make one configuration; a suffix (`-compute1`) makes one of its own.
pub fn all(
    files: &[&Input],
    owners: &Owners,
    sources: &Sources,
    root: usize,
) -> Vec<Arc<Configuration>> {
    let mut groups: BTreeMap<Base, Vec<(IniKind, &Input)>> = BTreeMap::new();
    for input in files {
        if let Record::Ini(kind, _) = &input.record {
            groups.entry(base(input)).or_default().push((*kind, input));
        }
    }
    let make = |(base, mut members): (Base, Vec<(IniKind, &Input)>)| {
        // Load order: neutron.conf, its snippets, the service's own file and its snippets, `--config-dir`.
        members.sort_by_key(|(kind, input)| {
            let by_directory = input.components.iter().any(|part| part == "conf.d");
            (
                by_directory,
                *kind,
                input.components.len(),
                &sources.get(input.file).path,
            )
        });
        // As it is called below the site's own directory: the same from wherever the site is linted.
        let below = &base.directory[root.min(base.directory.len())..];
        let name = if below.is_empty() {
            ".".to_owned()
        } else {
            below.join("/")
        };
        let name = base
            .suffix
            .map_or(name.clone(), |suffix| format!("{name} ({suffix})"));
        let owner = owners.of(members[0].1).map(str::to_owned);
        let fragment = members.iter().any(|(_, input)| input.fragment);
        let read = members
            .into_iter()
            .filter_map(|(kind, input)| match &input.record {
                Record::Ini(_, file) => Some((kind, Arc::clone(file))),
                _ => None,
            });
        Arc::new(configuration(name, owner, read.collect(), fragment))
    };
    groups.into_iter().map(make).collect()
}

/// What `neutron.conf` of a service that runs says, where the deployer did not leave it to another file: without any of
/// these it is a fragment, whatever its directory is called.
const ESSENTIAL: [(&str, &str); 5] = [
    ("DEFAULT", "auth_strategy"),
    ("DEFAULT", "core_plugin"),
    ("DEFAULT", "rpc_backend"),
    ("DEFAULT", "transport_url"),
    ("database", "connection"),
];

/// Whether a file sets any of them.
fn sets_essentials(file: &OsloFile) -> bool {
    file.sections.iter().any(|section| {
        let name = option_table::normalized(&section.name);
        let mut options = section.options.iter();
        options.any(|entry| ESSENTIAL.contains(&(&name, entry.key.as_str())))
    })
}

/// What the files of one configuration share.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Base<'a> {
    directory: Vec<&'a str>,
    suffix: Option<&'a str>,
}

/// The directory of the configuration that a file belongs to: without `plugins/ml2` and `*.d`.
fn base(input: &Input) -> Base<'_> {
    let (name, directories) = input.components.split_last().expect("a file has a name");
    let mut directories: Vec<&str> = directories.iter().map(String::as_str).collect();
    if directories.last().is_some_and(|last| {
        Path::new(last)
            .extension()
            .is_some_and(|ending| ending == "d")
    }) {
        directories.pop();
    }
    if let [.., "plugins", "ml2" | "openvswitch"] | [.., "neutron", "conf.d", _] = directories[..] {
        directories.truncate(directories.len() - 2);
    }
    Base {
        directory: directories,
        suffix: guess::suffix(name),
    }
}

fn configuration(
    name: String,
    node: Option<String>,
    files: Vec<(IniKind, Arc<OsloFile>)>,
    fragment: bool,
) -> Configuration {
    let fragment = fragment
        || !files
            .iter()
            .any(|(kind, file)| *kind == IniKind::Neutron && sets_essentials(file));
    let service = |kinds: [IniKind; 2]| {
        let own = files.iter().any(|(kind, _)| *kind == kinds[1]);
        let common = files.iter().any(|(kind, _)| *kind == kinds[0]);
        let loaded: Vec<_> = files
            .iter()
            .filter(|(kind, _)| kinds.contains(kind))
            .map(|(_, file)| Arc::clone(file))
            .collect();
        let readable = loaded
            .iter()
            .all(|file| !file.templated && file.errors.is_empty());
        own.then_some(Options {
            files: loaded,
            whole: common && readable && !fragment,
        })
    };
    let neutron_alone = || {
        service([IniKind::Neutron, IniKind::Neutron]).map(|options| Options {
            whole: false,
            ..options
        })
    };
    Configuration {
        name,
        node,
        server: service([IniKind::Neutron, IniKind::Ml2]).or_else(neutron_alone),
        ovs_agent: service([IniKind::Neutron, IniKind::OpenvswitchAgent]),
        sriov_agent: service([IniKind::Neutron, IniKind::SriovAgent]),
        macvtap_agent: service([IniKind::Neutron, IniKind::MacvtapAgent]),
        ovn_agents: [IniKind::OvnAgent, IniKind::OvnMetadataAgent]
            .into_iter()
            .filter_map(|kind| service([IniKind::Neutron, kind]))
            .collect(),
        files,
    }
}
