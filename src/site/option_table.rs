//! Which options Neutron knows: in which release, in which file, of which type, and under which older names.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What one or more releases say of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// How its value is read.
    pub kind: Type,
    /// Whether every assignment counts, not only the last.
    pub multi: bool,
    /// The first release with it; `None` where it is older than the table.
    pub since: Option<&'static str>,
    /// The last release with it; `None` where it is still there.
    pub until: Option<&'static str>,
    /// The sample files that list it: `*` is every file, `runtime-only` none of them (facts N§1.2).
    pub files: Vec<&'static str>,
}

/// How oslo.config reads the value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `true` or `false`, with their synonyms.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A whole number from 0 to 65535.
    Port,
    /// Elements between commas.
    List,
    /// `key:value` pairs between commas.
    Dict,
    /// An IP address.
    Address,
    /// An IP address or a host name.
    Host,
    /// A URI.
    Uri,
    /// Anything.
    Text,
}

/// The section and the key of an option.
pub type Name = (&'static str, &'static str);

/// What the releases say of an option under its own name; `None` where none of them knows it.
pub fn known(section: &str, option: &str) -> Option<&'static [OptionSpec]> {
    let options = TABLE.options.get(&*normalized(section))?;
    options.get(option).map(Vec::as_slice)
}

/// The older names that an option is also read from, in the order in which oslo.config tries them.
pub fn deprecated(section: &str, option: &str) -> &'static [Name] {
    let options = TABLE.deprecated.get(&*normalized(section));
    let names = options.and_then(|options| options.get(option));
    names.map_or(&[], Vec::as_slice)
}

/// All names by which the option is read that this is a name of, be it the present one or an older one, but for this one.
pub fn other_names(section: &str, option: &str) -> Vec<Name> {
    let own = |name: &Name| name.0 == section && name.1 == option;
    let mut others = Vec::new();
    for (&present, options) in &TABLE.deprecated {
        for (&name, older) in options {
            let family = || older.iter().copied().chain([(present, name)]);
            if family().any(|name| own(&name)) {
                others.extend(family().filter(|name| !own(name)));
            }
        }
    }
    others
}

/// Whether an option of any section is also read from this name: some older names have dashes.
pub fn is_older_name(section: &str, name: &str) -> bool {
    let section = normalized(section);
    let mut all = TABLE
        .deprecated
        .values()
        .flat_map(HashMap::values)
        .flatten();
    all.any(|older| older.0 == section && older.1 == name)
}

/// Whether any release has a section of this name.
pub fn has_section(section: &str) -> bool {
    TABLE.options.contains_key(&*normalized(section))
}

/// The sections that any release has.
pub fn sections() -> impl Iterator<Item = &'static str> {
    TABLE.options.keys().copied()
}

/// The options that any release has in a section.
pub fn options(section: &str) -> impl Iterator<Item = &'static str> {
    let options = TABLE.options.get(&*normalized(section));
    options.into_iter().flat_map(HashMap::keys).copied()
}

/// A section's name as oslo.config looks it up: in lower case, but for the exact `DEFAULT` (facts N§7).
pub fn normalized(section: &str) -> Cow<'_, str> {
    let is_normal = |char: char| char.is_ascii() && !char.is_ascii_uppercase();
    if section == "DEFAULT" || section.chars().all(is_normal) {
        return Cow::Borrowed(section);
    }
    Cow::Owned(section.to_lowercase())
}

struct Table {
    options: HashMap<&'static str, HashMap<&'static str, Vec<OptionSpec>>>,
    deprecated: HashMap<&'static str, HashMap<&'static str, Vec<Name>>>,
}

/// The file: an option is `type file,file since..until`, the last part where it was not always there.
#[derive(Deserialize)]
struct Written {
    #[serde(borrow)]
    options: HashMap<&'static str, HashMap<&'static str, Vec<&'static str>>>,
    #[serde(borrow)]
    deprecated: HashMap<&'static str, Vec<&'static str>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let written = serde_json::from_str(include_str!("neutron_options.json"));
    table(written.expect("the option table is a part of the program and covered by its tests"))
});

fn table(written: Written) -> Table {
    let specs = |specs: Vec<&'static str>| specs.into_iter().map(spec).collect();
    let section = |options: HashMap<_, _>| {
        options
            .into_iter()
            .map(|(name, written)| (name, specs(written)))
            .collect()
    };
    let mut deprecated: HashMap<_, HashMap<_, _>> = HashMap::new();
    for (name, older) in written.deprecated {
        let (section, option) = split(name);
        let older = older.into_iter().map(split).collect();
        deprecated.entry(section).or_default().insert(option, older);
    }
    Table {
        options: written
            .options
            .into_iter()
            .map(|(name, options)| (name, section(options)))
            .collect(),
        deprecated,
    }
}

fn split(name: &'static str) -> Name {
    name.split_once('/')
        .expect("names in the option table are written section/option")
}

fn spec(written: &'static str) -> OptionSpec {
    let mut words = written.split(' ');
    let kind = words.next().unwrap_or_default();
    let files = words.next().unwrap_or_default();
    let (since, until) = words
        .next()
        .and_then(|range| range.split_once(".."))
        .unwrap_or_default();
    let release = |name: &'static str| (!name.is_empty()).then_some(name);
    OptionSpec {
        kind: kind_of(kind.trim_end_matches('*')),
        multi: kind.ends_with('*'),
        since: release(since),
        until: release(until),
        files: files.split(',').collect(),
    }
}

fn kind_of(word: &str) -> Type {
    match word {
        "boolean" => Type::Boolean,
        "integer" => Type::Integer,
        "float" => Type::Float,
        "port" => Type::Port,
        "list" => Type::List,
        "dict" => Type::Dict,
        "address" => Type::Address,
        "host" => Type::Host,
        "uri" => Type::Uri,
        _ => Type::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn releases(option: &OptionSpec) -> (Option<&str>, Option<&str>) {
        (option.since, option.until)
    }

    #[test]
    fn an_option_may_change_its_type() {
        // facts N§1.1: ListOpt up to 2024.2, DictOpt since.
        let [list, dict] = known("ml2", "physical_network_mtus").expect("it is known") else {
            panic!("two types");
        };
        assert_eq!(
            (list.kind, releases(list)),
            (Type::List, (None, Some("2024.2")))
        );
        assert_eq!(
            (dict.kind, releases(dict)),
            (Type::Dict, (Some("2025.1"), None))
        );
        assert_eq!(dict.files, ["ml2_conf.ini"]);
    }

    #[test]
    fn what_no_sample_file_lists_is_known() {
        // facts N§1.2
        for (section, option) in [
            ("agent", "polling_interval"),
            ("local_ip", "static_nat"),
            ("ovs", "ovsdb_timeout"),
        ] {
            assert!(known(section, option).is_some(), "{section}/{option}");
        }
    }

    #[test]
    fn sections_have_any_case_but_default_has_one() {
        assert!(known("OVN", "ovn_nb_connection").is_some());
        assert!(known("DEFAULT", "core_plugin").is_some());
        assert!(known("default", "core_plugin").is_none());
        assert!(has_section("ML2") && !has_section(" ml2 ") && !has_section("default"));
        assert!(known("ovn", "OVN_NB_connection").is_none());
        // facts N§9: no release has it.
        assert!(known("ovn", "enable_qos").is_none());
    }

    #[test]
    fn old_names_lead_to_the_new() {
        assert_eq!(
            deprecated("ml2", "project_network_types"),
            [("ml2", "tenant_network_types")]
        );
        assert_eq!(
            deprecated("DEFAULT", "global_physnet_mtu"),
            [("ml2", "segment_mtu")]
        );
        assert!(deprecated("ml2", "tenant_network_types").is_empty());
    }

    #[test]
    fn every_entry_of_the_table_is_well_formed() {
        let specs = TABLE.options.values().flat_map(HashMap::values).flatten();
        for spec in specs {
            assert!(spec.files.iter().all(|file| !file.is_empty()), "{spec:?}");
            assert!(
                spec.kind != Type::Text || !spec.files.contains(&"string"),
                "{spec:?}"
            );
        }
        let count: usize = TABLE.options.values().map(HashMap::len).sum();
        // facts/neutron_options.json holds as many names.
        assert_eq!(count, 836);
    }
}
