//! Walks the paths of the command line and guesses from each file's name what it is.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{IniKind, machine, unit};

/// Directories that hold no configuration.
const SKIPPED: [&str; 8] = [
    ".git",
    ".hg",
    ".svn",
    ".tox",
    ".venv",
    "node_modules",
    "__pycache__",
    "target",
];

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

/// Endings of files that quote state but are not state.
const PROSE: [&str; 18] = [
    "md", "rst", "adoc", "html", "py", "sh", "bash", "rb", "pl", "go", "rs", "c", "h", "js", "yml",
    "yaml", "xml", "toml",
];

/// Endings that templates add to the name of the file that they make.
const TEMPLATES: [&str; 5] = [".j2", ".jinja2", ".erb", ".tpl", ".tmpl"];

/// How deep directories may be nested.
const DEPTH: usize = 64;

/// One file below a path of the command line.
#[derive(Debug)]
pub struct Entry {
    /// How it is opened.
    pub path: PathBuf,
    /// How it is shown: relative to the working directory, with `/`.
    pub shown: String,
    /// The components of `shown`.
    pub components: Vec<String>,
    /// How many of them belong to the path of the command line.
    pub below: usize,
    /// What its name says.
    pub guess: Guess,
}

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
    /// `/etc/hostname` or a sosreport's `hostname`.
    Hostname,
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

/// Every file below a path, or the file itself. Fails where the path cannot be read.
pub fn walk(path: &Path, shown: &str) -> Result<Vec<Entry>, String> {
    let metadata = std::fs::metadata(path).map_err(|error| format!("{shown}: {error}"))?;
    let prefix: Vec<String> = components(Path::new(shown));
    if metadata.is_file() {
        // It was named, so it must be readable; below a directory it would be a finding.
        std::fs::File::open(path).map_err(|error| format!("{shown}: {error}"))?;
        let below = prefix.len().saturating_sub(1);
        let guess = match guess_of(path, &prefix) {
            Guess::Left(_) => Guess::Content,
            guess => guess,
        };
        let shown = prefix.join("/");
        return Ok(vec![Entry {
            path: path.to_owned(),
            shown,
            components: prefix,
            below,
            guess,
        }]);
    }
    if !metadata.is_dir() {
        return Err(format!("{shown}: neither a file nor a directory"));
    }
    std::fs::read_dir(path).map_err(|error| format!("{shown}: {error}"))?;
    let walker = WalkDir::new(path).max_depth(DEPTH).sort_by_file_name();
    let kept = |entry: &DirEntry| {
        entry.depth() == 0
            || !entry.file_type().is_dir()
            || !SKIPPED.iter().any(|name| entry.file_name() == *name)
    };
    let mut entries = Vec::new();
    for entry in walker.into_iter().filter_entry(kept) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => entries.push(below(path, &prefix, entry.path(), entry.file_type())),
            // What vanished or may not be entered is said, and the rest is still walked.
            Err(error) => entries.extend(error.path().map(|at| Entry {
                guess: Guess::NotAFile("a directory that cannot be read"),
                ..named(path, &prefix, at)
            })),
        }
    }
    Ok(entries)
}

fn named(root: &Path, prefix: &[String], path: &Path) -> Entry {
    let mut all = prefix.to_vec();
    all.extend(components(path.strip_prefix(root).unwrap_or(path)));
    Entry {
        path: path.to_owned(),
        shown: all.join("/"),
        components: all,
        below: prefix.len(),
        guess: Guess::Content,
    }
}

fn below(root: &Path, prefix: &[String], path: &Path, kind: std::fs::FileType) -> Entry {
    let entry = named(root, prefix, path);
    let guess = guess_of(path, &entry.components);
    let guess = match guess {
        // Links are not followed: what they point to is read where it lies, or lies outside.
        _ if kind.is_symlink() => Guess::Left("a link"),
        guess if kind.is_file() => guess,
        Guess::Content | Guess::Left(_) => Guess::Left("no regular file"),
        _ => Guess::NotAFile(special(kind)),
    };
    Entry { guess, ..entry }
}

#[cfg(unix)]
fn special(kind: std::fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: std::fs::FileType) -> &'static str {
    "a device"
}

fn components(path: &Path) -> Vec<String> {
    let names = path.components().filter_map(|component| match component {
        std::path::Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        std::path::Component::ParentDir => Some("..".to_owned()),
        _ => None,
    });
    names.collect()
}

/// What the path says of a file.
fn guess_of(path: &Path, components: &[String]) -> Guess {
    let Some(name) = components.last() else {
        return Guess::Left("no name");
    };
    if is_backup(name) {
        return Guess::Left("a backup, no configuration");
    }
    if name == "topology.toml" {
        return Guess::Topology;
    }
    if name == machine::NAME {
        return Guess::Machine;
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
        ("hostname", Some("etc"), _) | ("hostname", Some("host"), Some("sos_commands")) => {
            Guess::Hostname
        }
        ("conf.db" | "ovnnb_db.db" | "ovnsb_db.db", ..) => Guess::Log,
        _ if is_prose(name) => Guess::Left("nothing that is known"),
        _ => Guess::Content,
    }
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
    if let Some(directory) = components.iter().rev().nth(1)
        && let Some(owner) = directory.strip_suffix(".d")
        && ending == "conf"
    {
        let owner = owner
            .strip_suffix(".conf")
            .or_else(|| owner.strip_suffix(".ini"))
            .unwrap_or(owner);
        return KINDS
            .iter()
            .find(|(stem, ..)| *stem == owner)
            .map(|(_, _, kind)| *kind);
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
        guess_of(path, &components(path))
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
    fn host_files_are_known_by_path() {
        assert_eq!(
            guess("os-compute/etc/default/openvswitch-switch"),
            Guess::Environment("openvswitch-switch".into())
        );
        assert_eq!(guess("sos/sos_commands/host/hostname"), Guess::Hostname);
        assert_eq!(guess("os-compute/conf.db"), Guess::Log);
        assert_eq!(guess("os-compute/show.txt"), Guess::Content);
        assert_eq!(guess("notes/show.md"), Guess::Left("nothing that is known"));
    }
}
