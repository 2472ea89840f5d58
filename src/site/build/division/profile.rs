//! What tells whether a directory is a site beside its neighbours.

use std::collections::{BTreeMap, BTreeSet};

use crate::read::{Input, Record, layout};
use crate::site::build::naming;
use crate::site::remote::Remote;

use super::Evidence;

/// Words for the stages of a service, which are sites whatever else they share.
const STAGES: [&str; 22] = [
    "prod",
    "production",
    "prd",
    "preprod",
    "preproduction",
    "stage",
    "staging",
    "stg",
    "test",
    "testing",
    "tst",
    "qa",
    "uat",
    "dev",
    "devel",
    "development",
    "lab",
    "sandbox",
    "demo",
    "ci",
    "acceptance",
    "integration",
];

/// Words for parts of a service, each of which has its own OVN.
const REGIONS: [&str; 10] = [
    "region",
    "regionone",
    "regiontwo",
    "env",
    "environment",
    "cloud",
    "dc",
    "datacenter",
    "datacentre",
    "deployment",
];

/// Directories whose members are environments or regions.
const GATHERED: [&str; 10] = [
    "environments",
    "envs",
    "inventories",
    "regions",
    "clouds",
    "datacenters",
    "datacentres",
    "deployments",
    "sites",
    "stages",
];

/// Words of directories that hold a part of one site: its roles, and what is common to all.
const PARTS: [&str; 46] = [
    "control",
    "controller",
    "controllers",
    "ctl",
    "ctrl",
    "compute",
    "computes",
    "computing",
    "cmp",
    "network",
    "networks",
    "networker",
    "networkers",
    "net",
    "gateway",
    "gateways",
    "gw",
    "storage",
    "block",
    "ceph",
    "node",
    "nodes",
    "host",
    "hosts",
    "all",
    "common",
    "shared",
    "default",
    "defaults",
    "global",
    "base",
    "roles",
    "templates",
    "files",
    "group",
    "vars",
    "neutron",
    "nova",
    "ovs",
    "ovn",
    "server",
    "agent",
    "infra",
    "central",
    "edge",
    "rack",
];

/// What is known of a directory.
pub struct Profile<'a> {
    parent: &'a [String],
    name: &'a str,
    kind: DirectoryKind,
    /// Words of its name for a part of a site.
    roles: BTreeSet<&'static str>,
    /// The paths below it of directories that are a machine's own, with what its states are.
    machines: BTreeMap<Vec<&'a str>, ShownStates<'a>>,
    /// The hosts of the southbounds that its nodes name.
    southbounds: BTreeSet<String>,
    /// The files of Neutron and OVN's databases, as paths below it.
    others: BTreeSet<Vec<&'a str>>,
}

/// What the name of a directory says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DirectoryKind {
    Stage,
    Region,
    Unsaid,
}

/// What the states of a machine are.
#[derive(Default)]
struct ShownStates<'a> {
    /// The files, below the machine's directory.
    files: BTreeSet<Vec<&'a str>>,
    system_id: Option<String>,
    encaps: Option<String>,
}

impl<'a> Profile<'a> {
    /// Looks at the files below a directory; `None` where it is no site of its own for certain.
    pub fn of(parent: &'a [String], name: &'a str, at: usize, files: &[&'a Input]) -> Option<Self> {
        let gathered = parent
            .last()
            .is_some_and(|parent| GATHERED.contains(&parent.to_ascii_lowercase().as_str()));
        let (kind, roles) = kind(name, gathered)?;
        let mut profile = Self {
            parent,
            name,
            kind,
            roles,
            machines: BTreeMap::new(),
            southbounds: BTreeSet::new(),
            others: BTreeSet::new(),
        };
        let mut inside: BTreeSet<Option<String>> = BTreeSet::new();
        for input in files {
            let below = |from: usize| -> Vec<&'a str> {
                let parts = input.components.get(from..).unwrap_or(&[]);
                parts.iter().map(String::as_str).collect()
            };
            let Record::State(database) = &input.record else {
                if matches!(input.record, Record::Ini(..)) {
                    profile.others.insert(below(at + 1));
                }
                continue;
            };
            if !naming::is_state(input) {
                profile.others.insert(below(at + 1));
                continue;
            }
            let own = naming::own_directory(input).len();
            if own <= at + 1 {
                inside.insert(database.identity());
            }
            let own = own.max(at + 1);
            let directory = input.components.get(at + 1..own).unwrap_or(&[]);
            let directory = directory.iter().map(String::as_str).collect();
            let shown: &mut ShownStates = profile.machines.entry(directory).or_default();
            shown.files.insert(below(own));
            let key = |key| database.external_id(key);
            shown.system_id = shown.system_id.take().or_else(|| key("system-id"));
            shown.encaps = shown.encaps.take().or_else(|| key("ovn-encap-ip"));
            let remotes = key("ovn-remote").unwrap_or_default();
            let remotes = remotes
                .split(',')
                .filter_map(|remote| Remote::parse(remote.trim()).ok());
            profile
                .southbounds
                .extend(remotes.map(|remote| remote.host));
        }
        // It is a machine's directory itself, or lies inside of one.
        let of_machine = !inside.is_empty() && inside.iter().flatten().count() <= 1;
        let is_stage = STAGES.contains(&name.to_ascii_lowercase().as_str());
        (is_stage || !of_machine).then_some(profile)
    }

    /// Whether it is that directory.
    pub fn is_at(&self, directory: &[String]) -> bool {
        directory
            .split_last()
            .is_some_and(|(name, parent)| name == self.name && parent == self.parent)
    }

    /// What tells it from a neighbour.
    pub fn told_from(&self, other: &Self) -> Option<Evidence> {
        // `dev-controller` and `dev-compute` are parts of one site.
        if self.roles != other.roles {
            return None;
        }
        let both = |kind| self.kind == kind && other.kind == kind;
        let one_southbound = !self.southbounds.is_disjoint(&other.southbounds);
        let same = self.same_nodes(other, one_southbound);
        if !same.is_empty() {
            return Some(Evidence::Nodes(same));
        }
        let (named, known) = (
            self.is_named() && other.is_named(),
            self.is_site() && other.is_site(),
        );
        let two_southbounds =
            !self.southbounds.is_empty() && !other.southbounds.is_empty() && !one_southbound;
        if two_southbounds && (named || known) {
            return Some(Evidence::Southbounds);
        }
        let nameless_alike = both(DirectoryKind::Region) && !one_southbound;
        let stages =
            named && (self.kind == DirectoryKind::Stage || other.kind == DirectoryKind::Stage);
        (stages || nameless_alike).then_some(Evidence::Names)
    }

    fn is_named(&self) -> bool {
        self.kind != DirectoryKind::Unsaid
    }

    /// Whether it holds several machines, or what a site has one of.
    fn is_site(&self) -> bool {
        self.machines.len() > 1 || !self.others.is_empty()
    }

    /// The machines that both show, by the same path and in the same files. Where nodes of one southbound differ in
    /// their system-id and their tunnel endpoint, they only have a name in common: `rack1/node1` and `rack2/node1`.
    fn same_nodes(&self, other: &Self, one_southbound: bool) -> BTreeSet<String> {
        let same = self.machines.iter().filter(|(path, shown)| {
            other.machines.get(*path).is_some_and(|twin| {
                let twice =
                    !shown.files.is_disjoint(&twin.files) || (self.is_named() && other.is_named());
                twice && !(one_southbound && shown.is_another_than(twin))
            })
        });
        let named =
            same.filter_map(|(path, _)| path.iter().rfind(|part| !layout::says_nothing(part)));
        named.map(|name| (*name).to_owned()).collect()
    }
}

impl ShownStates<'_> {
    fn is_another_than(&self, twin: &Self) -> bool {
        let differ = |one: &Option<String>, other: &Option<String>| {
            one.is_some() && other.is_some() && one != other
        };
        differ(&self.system_id, &twin.system_id) && differ(&self.encaps, &twin.encaps)
    }
}

/// What a name says, and which words for a part of a site are in it; `None` for what is but such a part.
fn kind(name: &str, gathered: bool) -> Option<(DirectoryKind, BTreeSet<&'static str>)> {
    let lower = name.to_ascii_lowercase();
    if layout::says_nothing(&lower) {
        return None;
    }
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let roles: BTreeSet<&str> = PARTS
        .into_iter()
        .filter(|role| words.contains(role))
        .collect();
    let kind = if has(&STAGES) {
        DirectoryKind::Stage
    } else if has(&REGIONS) || (gathered && roles.is_empty()) {
        DirectoryKind::Region
    } else {
        DirectoryKind::Unsaid
    };
    (roles.is_empty() || kind != DirectoryKind::Unsaid).then_some((kind, roles))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Option<DirectoryKind> {
        kind(name, false).map(|(kind, _)| kind)
    }

    #[test]
    fn names_of_environments_regions_and_parts() {
        for name in [
            "prod",
            "Staging",
            "dev2",
            "customer-a-prod",
            "test-controller",
        ] {
            assert_eq!(of(name), Some(DirectoryKind::Stage), "{name}");
        }
        for name in ["region-a", "RegionOne", "dc1", "env_b"] {
            assert_eq!(of(name), Some(DirectoryKind::Region), "{name}");
        }
        for name in [
            "controller",
            "compute-01",
            "rack2",
            "common",
            "group_vars",
            "net01",
            "etc",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
        assert_eq!(of("frankfurt"), Some(DirectoryKind::Unsaid));
        assert_eq!(
            kind("frankfurt", true).map(|(kind, _)| kind),
            Some(DirectoryKind::Region)
        );
        assert_eq!(kind("common", true), None);
    }
}
