//! Finds the inputs of a site, decides what each is, and reads it.

pub mod allow;
mod archive;
pub mod before;
mod copies;
mod directory;
pub mod git;
pub mod glob;
pub mod guess;
pub mod ip;
pub mod keys;
pub mod layout;
pub mod leave;
pub mod links;
mod load;
pub mod machine;
pub mod names;
pub mod oslo;
pub mod ovsdb;
pub mod progress;
pub mod script;
pub mod settings;
pub mod size;
mod system_link;
pub mod topology;
pub mod unit;
pub mod version;
pub mod walk;
pub mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::finding::Trouble;
use crate::finding::allow::Allow;
use crate::source::{FileId, Sources};

use git::revision::Revision;
use ip::{Interfaces, Route};
use leave::Leave;
use load::Loaded;
use machine::Machine;
use oslo::OsloFile;
use ovsdb::{Database, Keep};
use progress::Progress;
use topology::Topology;
use unit::Unit;
use walk::{Content, Entry};

/// Ini, TOML and host files above this are left out.
pub const MAX_TEXT: u64 = 64 << 20;
/// Databases above this are left out.
pub const MAX_DATABASE: u64 = 1 << 30;
/// An archive that unpacked has more is refused.
pub const MAX_ARCHIVE: u64 = 2 << 30;
/// Everything that was found below the paths of the command line.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The bytes, and where they came from.
    pub sources: Sources,
    /// Each file, in the order of its path.
    pub files: Vec<Input>,
    /// What went wrong.
    pub troubles: Vec<Trouble>,
    /// What comments in the files allow.
    pub allows: Vec<Allow>,
    /// As what reports show files of a site before a change: [`Inputs::sources`] has the paths that they share
    /// with the site after it.
    pub labels: Vec<(FileId, String)>,
    /// The revision that they were read from.
    pub revision: Option<Revision>,
}

/// One file.
#[derive(Debug)]
pub struct Input {
    /// The file.
    pub file: FileId,
    /// Its path's components: those of the PATH argument, then those below it.
    pub components: Vec<String>,
    /// How many of the components belong to the PATH argument.
    pub below: usize,
    /// Whether it lies among a deployer's overlays, where what is absent is unseen.
    pub fragment: bool,
    /// Whether its directory is one of Neutron's.
    pub in_neutrons_directory: bool,
    /// What it was taken for.
    pub record: Record,
}

/// What a file was taken for.
#[derive(Debug)]
pub enum Record {
    /// A Neutron file.
    Ini(IniKind, Arc<OsloFile>),
    /// State of Open vSwitch or OVN.
    State(Box<Database>),
    /// The topology.
    Topology(Box<Topology>),
    /// A systemd unit or drop-in, with the unit's name.
    Unit(String, Unit),
    /// `/etc/default/…` or `/etc/sysconfig/…`, with the service's name.
    Environment(String, Unit),
    /// The name of the machine whose tree this is.
    Hostname(String),
    /// The interfaces of a machine.
    Interfaces(Interfaces),
    /// The routes of a machine.
    Routes(Vec<Route>),
    /// What a snapshot says of the machine.
    Machine(Box<Machine>),
    /// The configuration of ovn-bgp-agent: that there is one tells enough.
    BgpAgent,
    /// Nothing: the reason.
    Left(&'static str),
}

/// Which of Neutron's files it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IniKind {
    /// `neutron.conf`
    Neutron,
    /// `ml2_conf.ini`
    Ml2,
    /// `openvswitch_agent.ini`
    OpenvswitchAgent,
    /// `neutron_ovn_metadata_agent.ini`
    OvnMetadataAgent,
    /// `ovn_agent.ini`
    OvnAgent,
    /// `sriov_agent.ini`
    SriovAgent,
    /// `macvtap_agent.ini`
    MacvtapAgent,
    /// `dhcp_agent.ini`
    DhcpAgent,
    /// `l3_agent.ini`
    L3Agent,
    /// `metadata_agent.ini`
    MetadataAgent,
}

impl fmt::Display for IniKind {
    /// The file's usual name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Neutron => "neutron.conf",
            Self::Ml2 => "ml2_conf.ini",
            Self::OpenvswitchAgent => "openvswitch_agent.ini",
            Self::OvnMetadataAgent => "neutron_ovn_metadata_agent.ini",
            Self::OvnAgent => "ovn_agent.ini",
            Self::SriovAgent => "sriov_agent.ini",
            Self::MacvtapAgent => "macvtap_agent.ini",
            Self::DhcpAgent => "dhcp_agent.ini",
            Self::L3Agent => "l3_agent.ini",
            Self::MetadataAgent => "metadata_agent.ini",
        })
    }
}

/// How files are read: limits that a user may lower, what is kept of databases, and who watches.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'a> {
    /// In bytes, for everything but databases.
    pub text: u64,
    /// In bytes, for databases.
    pub database: u64,
    /// The columns of databases that are kept.
    pub keep: Keep,
    /// What is left out of directories; nothing where it is not said.
    pub leave: Option<&'a Leave>,
    /// Where files are counted as they are read.
    pub progress: Option<&'a Progress>,
}

impl Default for Limits<'_> {
    fn default() -> Self {
        Self {
            text: MAX_TEXT,
            database: MAX_DATABASE,
            keep: Keep::Model,
            leave: None,
            progress: None,
        }
    }
}

/// Texts that files are to hold, by the paths without links that they are opened as.
pub type Texts = BTreeMap<PathBuf, String>;

/// Finds and reads everything below the paths, each given as it is opened and as it is shown.
/// Fails where a path itself cannot be read.
pub fn inputs(paths: &[(&Path, String)], limits: Limits) -> Result<Inputs, String> {
    inputs_with(paths, limits, &Texts::new(), Sources::default())
}

/// The same, as if some files held other texts already, and beside sources that were read before.
pub fn inputs_with(
    paths: &[(&Path, String)],
    limits: Limits,
    texts: &Texts,
    sources: Sources,
) -> Result<Inputs, String> {
    let mut entries = Vec::new();
    for (path, shown) in paths {
        entries.extend(walk::walk(path, shown, limits.leave)?);
    }
    for entry in &mut entries {
        if let Some(text) = texts.get(&entry.path) {
            entry.content = Content::Edited(text.clone());
        }
    }
    Ok(read(entries, limits, sources))
}

/// Whether the beginning of a file says that it is state of a node, whatever its name is.
pub fn is_recognised(path: &Path) -> bool {
    load::is_recognised(path)
}

/// Reads entries, beside the sources that were read before.
pub fn read(mut entries: Vec<Entry>, limits: Limits, sources: Sources) -> Inputs {
    let mut inputs = Inputs {
        sources,
        ..Inputs::default()
    };
    // A file that two paths reach is read once, as the nearer of them names it.
    entries.sort_by(|a, b| (&a.path, &a.shown, b.below).cmp(&(&b.path, &b.shown, a.below)));
    entries.dedup_by(|a, b| a.path == b.path);
    entries.sort_by(|a, b| a.shown.cmp(&b.shown));
    // A path before a change may lie below one after it.
    let before = entries
        .iter()
        .filter(|entry| entry.label.is_some() && matches!(entry.content, Content::File));
    let before: BTreeSet<PathBuf> = before.map(|entry| entry.path.clone()).collect();
    inputs.sources.forget_origins(&before);
    let ids: Vec<FileId> = entries
        .iter()
        .map(|entry| inputs.sources.add(&entry.shown, ""))
        .collect();
    if let Some(progress) = limits.progress {
        progress.found(ids.len());
    }
    let read: Vec<(Loaded, Entry)> = ids
        .par_iter()
        .zip(entries)
        .map(|(&file, mut entry)| {
            let loaded = load::load(file, &mut entry, limits);
            if let Some(progress) = limits.progress {
                progress.read(&loaded.record);
            }
            (loaded, entry)
        })
        .collect();
    for (file, (loaded, entry)) in ids.into_iter().zip(read) {
        let allows = allow::comments(file, &entry.name(), &loaded.text, &loaded.record);
        inputs.allows.extend(allows);
        let origin = is_editable(&entry, &loaded.record).then_some(entry.path);
        inputs.sources.set_origin(file, origin);
        inputs.sources.set_text(file, loaded.text);
        inputs.troubles.extend(loaded.troubles);
        inputs.labels.extend(entry.label.map(|label| (file, label)));
        inputs.files.push(Input {
            file,
            components: entry.components,
            below: entry.below,
            fragment: entry.fragment,
            in_neutrons_directory: entry.in_neutrons_directory,
            record: loaded.record,
        });
    }
    copies::leave_out(&mut inputs);
    inputs
}

/// Whether another text may be written in place of a file: an ini or TOML file as it is in force.
fn is_editable(entry: &Entry, record: &Record) -> bool {
    let plain = match record {
        Record::Ini(_, file) => !file.templated && !guess::is_template(&entry.shown),
        Record::Topology(_) => true,
        _ => false,
    };
    let of_disk = matches!(entry.content, Content::File | Content::Edited(_));
    // A link cannot be replaced, and two may lead to one file.
    plain && of_disk && entry.label.is_none() && entry.linked.is_none()
}
