//! What a path says of the file behind it.

use std::path::Path;

use super::{IniKind, directory, machine, settings, unit};

/// Endings of copies that lie beside live files: no configuration.
const BACKUPS: [&str; 21] = [
    "~",
    ".bak",
    ".bk",
    ".backup",
    ".orig",
    ".org",
    ".save",
    ".old",
    ".swp",
    ".default",
    ".dist",
    ".sample",
    ".example",
    ".dpkg-dist",
    ".dpkg-old",
    ".dpkg-new",
    ".dpkg-bak",
    ".rpmnew",
    ".rpmsave",
    ".rpmorig",
    "-backup",
];

/// The ending of a file that is written beside the one that it will replace; a run that was killed leaves it.
pub const UNFINISHED: &str = ".ovnlint-new";

/// Endings of files that quote state but are not state.
const PROSE: [&str; 18] = [
    "md", "rst", "adoc", "html", "py", "sh", "bash", "rb", "pl", "go", "rs", "c", "h", "js", "yml",
    "yaml", "xml", "toml",
];

/// Endings that templates add to the name of the file that they make.
const TEMPLATES: [&str; 5] = [".j2", ".jinja2", ".erb", ".tpl", ".tmpl"];

/// What a file's name says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guess {
    /// One of Neutron's files.
    Ini(IniKind),
    /// `topology.toml`
    Topology,
    /// A systemd unit or drop-in, with the unit's name.
    Unit(String),
    /// `/etc/default/…` or `/etc/sysconfig/…`, with the file's name.
    Environment(String),
    /// `/etc/hostname`, wherever `/etc` was copied to, or a sosreport's `hostname`.
    Hostname,
    /// A configuration of ovn-bgp-agent.
    BgpAgent,
    /// `node.toml`
    Machine,
    /// A database log by its name, whatever it holds.
    Log,
    /// Nothing; its content may be state.
    Content,
    /// A name that would be configuration, on something that is no file.
    NotAFile(&'static str),
    /// It is left out: the reason.
    Left(&'static str),
}

/// What the path says of a file.
pub fn of(path: &Path, components: &[String]) -> Guess {
    let Some(name) = components.last() else {
        return Guess::Left("no name");
    };
    if name.ends_with(UNFINISHED) {
        return Guess::Left("a file that was not finished, no configuration");
    }
    if is_backup(name) {
        return Guess::Left("a backup, no configuration");
    }
    if name == "topology.toml" {
        return Guess::Topology;
    }
    if name == settings::NAME {
        return Guess::Left("settings of ovnlint");
    }
    if name == machine::NAME {
        return Guess::Machine;
    }
    if directory::is_of_another_service(components) {
        return Guess::Left("in the directory of another service");
    }
    if is_bgp_agents(components) {
        return Guess::BgpAgent;
    }
    if let Some(kind) = ini_kind(components) {
        return Guess::Ini(kind);
    }
    let parents: Vec<&str> = components
        .iter()
        .rev()
        .skip(1)
        .map(String::as_str)
        .collect();
    if let Some(name) = unit::unit_name(path).filter(|name| is_network_service(name)) {
        return Guess::Unit(name);
    }
    match (
        name.as_str(),
        parents.first().copied(),
        parents.get(1).copied(),
    ) {
        ("openvswitch-switch", Some("default"), _) | ("openvswitch", Some("sysconfig"), _) => {
            Guess::Environment(name.clone())
        }
        // The kernel's own is no file of `/etc`.
        ("hostname", parent, _) if parent != Some("kernel") => Guess::Hostname,
        ("conf.db" | "ovnnb_db.db" | "ovnsb_db.db", ..) => Guess::Log,
        _ if is_prose(name) => Guess::Left("nothing that is known"),
        _ => Guess::Content,
    }
}

/// Whether a file is made by a template engine, by its name.
pub fn is_template(name: &str) -> bool {
    TEMPLATES.iter().any(|ending| name.ends_with(ending))
}

/// Whether a unit is one that configures the network; the others are no business of this program.
fn is_network_service(name: &str) -> bool {
    ["neutron", "openvswitch", "ovs", "ovn"]
        .iter()
        .any(|word| name.starts_with(word))
}

fn is_prose(name: &str) -> bool {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| {
        PROSE.contains(&ending.as_str()) || TEMPLATES.iter().any(|template| template[1..] == ending)
    })
}

fn is_backup(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    // `neutron.conf.2019-10-07@10_26_33~`, `conf.db.backup8.3.0-1234`, `ml2_conf.ini.20240131`
    let dated = lower.rsplit_once('.').is_some_and(|(_, end)| {
        end.len() >= 6
            && end
                .chars()
                .all(|c| c.is_ascii_digit() || c == '-' || c == '_')
    });
    dated
        || lower.contains(".backup")
        || lower.contains(".bak.")
        || BACKUPS.iter().any(|ending| lower.ends_with(ending))
}

/// Which of Neutron's files a path names: by its own name, with a suffix (`openvswitch_agent-compute1.ini`),
/// as a template of it, or as a file of its directory of snippets (`neutron.conf.d/*.conf`).
fn ini_kind(components: &[String]) -> Option<IniKind> {
    let name = components.last()?;
    let name = TEMPLATES
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    let (stem, ending) = name.rsplit_once('.')?;
    if !["conf", "ini"].contains(&ending) {
        return None;
    }
    if ending == "conf"
        && let Some(kind) = snippet_of(components)
    {
        return Some(kind);
    }
    if PROGRAMS
        .iter()
        .any(|program| stem.strip_prefix("neutron-") == Some(*program))
    {
        return None;
    }
    let matches = |known: &str| {
        stem.strip_prefix(known)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']))
    };
    let known = KINDS
        .iter()
        .find(|(known, known_ending, _)| ending == *known_ending && matches(known));
    known.map(|(_, _, kind)| *kind)
}

/// Whether it is a configuration of ovn-bgp-agent: `ovn-bgp-agent/bgp-agent.conf`, a snippet beside it, or
/// `neutron_ovn_bgp_agent.ini`.
fn is_bgp_agents(components: &[String]) -> bool {
    let mut names = components.iter().rev();
    let Some(name) = names.next() else {
        return false;
    };
    let name = TEMPLATES
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    let Some((stem, "conf" | "ini")) = name.rsplit_once('.') else {
        return false;
    };
    names
        .next()
        .is_some_and(|directory| directory == "ovn-bgp-agent")
        || stem.replace('-', "_").ends_with("ovn_bgp_agent")
}

/// The file whose directory of snippets it lies in: `neutron.conf.d/10-site.conf`, or
/// `neutron/conf.d/neutron-server/10-site.conf`, which `--config-dir` names.
fn snippet_of(components: &[String]) -> Option<IniKind> {
    let kind = |owner: &str| {
        KINDS
            .iter()
            .find(|(stem, ..)| *stem == owner)
            .map(|(_, _, kind)| *kind)
    };
    let (directory, above) = components[..components.len() - 1].split_last()?;
    if above.ends_with(&["neutron".to_owned(), "conf.d".to_owned()]) {
        return SERVICES
            .iter()
            .find(|(service, _)| service == directory)
            .map(|(_, kind)| *kind);
    }
    let owner = directory.strip_suffix(".d")?;
    kind(
        owner
            .strip_suffix(".conf")
            .or_else(|| owner.strip_suffix(".ini"))
            .unwrap_or(owner),
    )
}

/// The suffix that a flat repository gives a file of one node: `compute1` of `openvswitch_agent-compute1.ini`.
pub fn suffix(name: &str) -> Option<&str> {
    let name = TEMPLATES
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    let (stem, _) = name.rsplit_once('.')?;
    let (known, ..) = KINDS.iter().find(|(known, ..)| stem.starts_with(known))?;
    stem[known.len()..]
        .strip_prefix(['-', '.'])
        .filter(|suffix| !suffix.is_empty())
}

/// Directories of `--config-dir`, by service.
const SERVICES: [(&str, IniKind); 8] = [
    ("common", IniKind::Neutron),
    ("neutron-server", IniKind::Neutron),
    ("neutron-openvswitch-agent", IniKind::OpenvswitchAgent),
    ("neutron-ovn-metadata-agent", IniKind::OvnMetadataAgent),
    ("neutron-ovn-agent", IniKind::OvnAgent),
    ("neutron-dhcp-agent", IniKind::DhcpAgent),
    ("neutron-l3-agent", IniKind::L3Agent),
    ("neutron-metadata-agent", IniKind::MetadataAgent),
];

/// What stands behind `neutron-` in the names of files of web servers, init systems and other programs.
const PROGRAMS: [&str; 12] = [
    "api",
    "server",
    "rpc-server",
    "dnsmasq",
    "uwsgi",
    "wsgi",
    "httpd",
    "apache",
    "logging",
    "rootwrap",
    "sudoers",
    "dist",
];

const KINDS: [(&str, &str, IniKind); 11] = [
    ("neutron", "conf", IniKind::Neutron),
    ("ml2_conf", "ini", IniKind::Ml2),
    ("openvswitch_agent", "ini", IniKind::OpenvswitchAgent),
    (
        "neutron_ovn_metadata_agent",
        "ini",
        IniKind::OvnMetadataAgent,
    ),
    (
        "networking_ovn_metadata_agent",
        "ini",
        IniKind::OvnMetadataAgent,
    ),
    ("ovn_agent", "ini", IniKind::OvnAgent),
    ("sriov_agent", "ini", IniKind::SriovAgent),
    ("macvtap_agent", "ini", IniKind::MacvtapAgent),
    ("dhcp_agent", "ini", IniKind::DhcpAgent),
    ("l3_agent", "ini", IniKind::L3Agent),
    ("metadata_agent", "ini", IniKind::MetadataAgent),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(path: &str) -> Guess {
        let path = Path::new(path);
        of(
            path,
            &path
                .iter()
                .map(|part| part.to_string_lossy().into_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn neutron_files_are_known_by_name_suffix_template_and_directory() {
        assert_eq!(
            guess("etc/neutron/plugins/ml2/ml2_conf.ini"),
            Guess::Ini(IniKind::Ml2)
        );
        assert_eq!(
            guess("openvswitch_agent-compute1.ini"),
            Guess::Ini(IniKind::OpenvswitchAgent)
        );
        assert_eq!(
            guess("templates/neutron.conf.j2"),
            Guess::Ini(IniKind::Neutron)
        );
        assert_eq!(
            guess("etc/neutron/neutron.conf.d/10-site.conf"),
            Guess::Ini(IniKind::Neutron)
        );
        assert_eq!(guess("neutron_lbaas.conf"), Guess::Content);
        assert_eq!(
            guess("apache2/sites-available/neutron-api.conf"),
            Guess::Content
        );
        assert_eq!(
            guess("etc/neutron/conf.d/neutron-server/geneve.conf"),
            Guess::Ini(IniKind::Neutron)
        );
        assert_eq!(guess("x.d/neutron.conf"), Guess::Ini(IniKind::Neutron));
        assert_eq!(suffix("openvswitch_agent-compute1.ini"), Some("compute1"));
        assert_eq!(suffix("ml2_conf.ini"), None);
    }

    #[test]
    fn backups_are_no_configuration() {
        for name in [
            "neutron.conf.bak",
            "ml2_conf.ini~",
            "ml2_conf.ini.dpkg-dist",
            "neutron.conf.283264.2019-10-07@10_26_33~",
            "conf.db.backup8.3.0-4024767331",
            "ml2_conf.ini.20240131",
        ] {
            assert_eq!(
                guess(name),
                Guess::Left("a backup, no configuration"),
                "{name}"
            );
        }
    }

    #[test]
    fn what_a_killed_run_left_is_no_configuration() {
        for name in [
            "etc/neutron/.neutron.conf.17.ovnlint-new",
            "a/.topology.toml.1.ovnlint-new",
        ] {
            let left = "a file that was not finished, no configuration";
            assert_eq!(guess(name), Guess::Left(left), "{name}");
        }
    }

    #[test]
    fn host_files_are_known_by_path() {
        assert_eq!(
            guess("os-compute/etc/default/openvswitch-switch"),
            Guess::Environment("openvswitch-switch".into())
        );
        assert_eq!(guess("sos/sos_commands/host/hostname"), Guess::Hostname);
        assert_eq!(guess("os-compute/conf.db"), Guess::Log);
        assert_eq!(guess("os-compute/show.txt"), Guess::Content);
        assert_eq!(
            guess("site/ovnlint.toml"),
            Guess::Left("settings of ovnlint")
        );
        assert_eq!(guess("notes/show.md"), Guess::Left("nothing that is known"));
    }
}
