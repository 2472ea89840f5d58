//! Finds the inputs of a site, decides what each is, and reads it.

pub mod guess;
pub mod ip;
pub mod machine;
pub mod oslo;
pub mod ovsdb;
pub mod script;
pub mod size;
pub mod topology;
pub mod unit;
pub mod version;
pub mod walk;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::finding::words::Bytes;
use crate::finding::{Trouble, TroubleKind};
use crate::source::{FileId, Place, Sources};

use guess::Guess;
use ip::{Interfaces, Printed, Route};
use machine::Machine;
use oslo::OsloFile;
use ovsdb::{Database, Keep};
use topology::Topology;
use unit::Unit;
use walk::Entry;

/// Ini, TOML and host files above this are left out.
pub const MAX_TEXT: u64 = 64 << 20;
/// Databases above this are left out.
pub const MAX_DATABASE: u64 = 1 << 30;
/// How much of a file is looked at to recognise a database.
const SNIFF: u64 = 4 << 10;

/// Everything that was found below the paths of the command line.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The bytes, and where they came from.
    pub sources: Sources,
    /// Each file, in the order of its path.
    pub files: Vec<Input>,
    /// What went wrong.
    pub troubles: Vec<Trouble>,
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

/// Limits that a user may lower.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// In bytes, for everything but databases.
    pub text: u64,
    /// In bytes, for databases.
    pub database: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text: MAX_TEXT,
            database: MAX_DATABASE,
        }
    }
}

/// Finds and reads everything below the paths, each given as it is opened and as it is shown.
/// Fails where a path itself cannot be read.
pub fn inputs(paths: &[(&Path, String)], limits: Limits) -> Result<Inputs, String> {
    let mut inputs = Inputs::default();
    let mut entries = Vec::new();
    for (path, shown) in paths {
        entries.extend(walk::walk(path, shown)?);
    }
    // A file that two paths reach is read once.
    entries.sort_by(|a, b| (&a.path, &a.shown).cmp(&(&b.path, &b.shown)));
    entries.dedup_by(|a, b| a.path == b.path);
    entries.sort_by(|a, b| a.shown.cmp(&b.shown));
    let ids: Vec<FileId> = entries
        .iter()
        .map(|entry| inputs.sources.add(&entry.shown, ""))
        .collect();
    let read: Vec<(Loaded, Entry)> = ids
        .par_iter()
        .zip(entries)
        .map(|(&file, entry)| (load(file, &entry, limits), entry))
        .collect();
    for (file, (loaded, entry)) in ids.into_iter().zip(read) {
        inputs.sources.set_text(file, loaded.text);
        inputs.troubles.extend(loaded.troubles);
        inputs.files.push(Input {
            file,
            components: entry.components,
            below: entry.below,
            fragment: entry.fragment,
            record: loaded.record,
        });
    }
    Ok(inputs)
}

/// What reading one file gave.
struct Loaded {
    text: String,
    record: Record,
    troubles: Vec<Trouble>,
}

impl Loaded {
    fn left(why: &'static str) -> Self {
        Self {
            text: String::new(),
            record: Record::Left(why),
            troubles: Vec::new(),
        }
    }

    fn trouble(why: &'static str, trouble: Trouble) -> Self {
        Self {
            troubles: vec![trouble],
            ..Self::left(why)
        }
    }
}

fn load(file: FileId, entry: &Entry, limits: Limits) -> Loaded {
    match &entry.guess {
        Guess::Left(why) => Loaded::left(why),
        Guess::NotAFile(what) => {
            let message = format!("{} is {what}, no file that could be read", entry.shown);
            Loaded::trouble(
                "no regular file",
                trouble(TroubleKind::Unreadable, file, &entry.shown, message),
            )
        }
        guess => match bytes(entry, limits) {
            Ok(Some(bytes)) => parse(file, guess, bytes, &entry.shown),
            Ok(None) => Loaded::left("nothing that is known"),
            Err(Unread::Large(size, limit)) => {
                let (size, limit) = (Bytes(size), Bytes(limit));
                let message = format!(
                    "{} has {size}, above the limit of {limit}: left out",
                    entry.shown
                );
                Loaded::trouble(
                    "too large",
                    trouble(TroubleKind::TooLarge, file, &entry.shown, message),
                )
            }
            Err(Unread::Failed(error)) => {
                let message = format!("{} cannot be read: {error}", entry.shown);
                Loaded::trouble(
                    "unreadable",
                    trouble(TroubleKind::Unreadable, file, &entry.shown, message),
                )
            }
        },
    }
}

fn trouble(kind: TroubleKind, file: FileId, shown: &str, message: String) -> Trouble {
    Trouble {
        kind,
        place: Place::file(file),
        subject: shown.to_owned(),
        message,
        label: "this file".to_owned(),
        other: None,
    }
}

enum Unread {
    Large(u64, u64),
    Failed(std::io::Error),
}

impl From<std::io::Error> for Unread {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error)
    }
}

/// The bytes of a file; `None` where neither its name nor its beginning says what it is.
fn bytes(entry: &Entry, limits: Limits) -> Result<Option<Vec<u8>>, Unread> {
    let mut file = File::open(&entry.path)?;
    let mut bytes = Vec::new();
    let mut is_database = entry.guess == Guess::Log;
    if entry.guess == Guess::Content {
        (&mut file).take(SNIFF).read_to_end(&mut bytes)?;
        is_database = ovsdb::recognise(&bytes).is_some();
        if !is_database && ip::recognise(&bytes).is_none() {
            return Ok(None);
        }
    }
    let limit = if is_database {
        limits.database
    } else {
        limits.text
    };
    let size = file.metadata()?.len();
    if size > limit {
        return Err(Unread::Large(size, limit));
    }
    // A file may grow while it is read, and a device may have no size.
    let rest = (limit + 1).saturating_sub(bytes.len() as u64);
    file.take(rest).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(Unread::Large(bytes.len() as u64, limit));
    }
    Ok(Some(bytes))
}

fn parse(file: FileId, guess: &Guess, bytes: Vec<u8>, shown: &str) -> Loaded {
    let printed = match guess {
        Guess::Content if ovsdb::recognise(&bytes).is_none() => ip::recognise(&bytes),
        _ => None,
    };
    if matches!(guess, Guess::Content | Guess::Log) && printed.is_none() {
        return state(file, guess, bytes, shown);
    }
    let text = match oslo::decode(&bytes) {
        Ok(text) => text.to_owned(),
        Err(undecodable) => {
            let message = format!("{shown} is not text: {undecodable}");
            return Loaded::trouble(
                "not text",
                trouble(TroubleKind::Unreadable, file, shown, message),
            );
        }
    };
    if let Some(form) = printed {
        return printed_by_ip(file, form, text, shown);
    }
    let mut troubles = Vec::new();
    let record = match guess {
        Guess::Ini(kind) => Record::Ini(*kind, Arc::new(oslo::read(file, &text))),
        Guess::Topology => {
            let (topology, errors) = topology::read(file, &text);
            troubles.extend(errors.into_iter().map(|error| Trouble {
                kind: TroubleKind::Topology,
                place: error.place,
                subject: format!("{shown}/{}", error.message),
                message: error.message,
                label: error.label,
                other: None,
            }));
            topology.map_or(Record::Left("it does not parse"), |topology| {
                Record::Topology(Box::new(topology))
            })
        }
        Guess::Hostname => Record::Hostname(text.trim().to_owned()),
        Guess::Machine => machine::read(file, &text)
            .map_or(Record::Left("nothing that is known"), |machine| {
                Record::Machine(Box::new(machine))
            }),
        Guess::Unit(name) | Guess::Environment(name) => {
            let is_unit = matches!(guess, Guess::Unit(_));
            let read = if is_unit {
                unit::read_unit(file, &text)
            } else {
                unit::read_environment(file, &text)
            };
            match read {
                Ok(unit) if is_unit => Record::Unit(name.clone(), unit),
                Ok(unit) => Record::Environment(name.clone(), unit),
                Err(error) => {
                    troubles.push(Trouble {
                        kind: TroubleKind::Unreadable,
                        place: error.place,
                        subject: shown.to_owned(),
                        message: format!("{shown}: {}", error.message),
                        label: "this line".to_owned(),
                        other: None,
                    });
                    Record::Left("it does not parse")
                }
            }
        }
        Guess::Content | Guess::Log | Guess::Left(_) | Guess::NotAFile(_) => {
            unreachable!("read above or never opened")
        }
    };
    Loaded {
        text,
        record,
        troubles,
    }
}

fn printed_by_ip(file: FileId, form: ip::Form, text: String, shown: &str) -> Loaded {
    let (record, troubles) = match ip::read(file, &text, form) {
        Ok(Printed::Interfaces(interfaces)) => (Record::Interfaces(interfaces), Vec::new()),
        Ok(Printed::Routes(routes)) => (Record::Routes(routes), Vec::new()),
        Err(error) => {
            let message = format!("{shown} is not all that `ip -j` printed: {error}");
            (
                Record::Left("it does not parse"),
                vec![trouble(TroubleKind::Unreadable, file, shown, message)],
            )
        }
    };
    Loaded {
        text,
        record,
        troubles,
    }
}

fn state(file: FileId, guess: &Guess, bytes: Vec<u8>, shown: &str) -> Loaded {
    let database = match guess {
        Guess::Log => Some(ovsdb::read_named_log(file, &bytes, Keep::Model)),
        _ => ovsdb::read(file, &bytes, Keep::Model),
    };
    let Some(mut database) = database else {
        return Loaded::left("nothing that is known");
    };
    // An excerpt in prose is no file of state: nothing of it was used, and nothing of it is broken.
    if !database.form.is_log() && database.tables.is_empty() {
        return Loaded::left("state, but of which table cannot be told");
    }
    let troubles = std::mem::take(&mut database.troubles);
    // The cells of a log carry their own text; of everything else the text is what is shown.
    let text = if database.form.is_log() {
        String::new()
    } else {
        String::from_utf8(bytes).unwrap_or_default()
    };
    Loaded {
        text,
        record: Record::State(Box::new(database)),
        troubles: troubles
            .into_iter()
            .map(|trouble| of_database(trouble, shown))
            .collect(),
    }
}

fn of_database(trouble: ovsdb::Trouble, shown: &str) -> Trouble {
    Trouble {
        kind: match trouble.kind {
            // What the cluster has not agreed on is like a record that was not finished.
            ovsdb::TroubleKind::Torn | ovsdb::TroubleKind::Uncommitted => TroubleKind::Torn,
            _ => TroubleKind::Damaged,
        },
        place: trouble.place,
        subject: shown.to_owned(),
        message: format!("{shown}: {}", trouble.message),
        label: "this file".to_owned(),
        other: None,
    }
}
