//! Reads one file as what its name or its beginning says it is.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::finding::words::Bytes;
use crate::finding::{Trouble, TroubleKind};
use crate::source::{FileId, Place, Span};

use super::guess::Guess;
use super::ip::Printed;
use super::ovsdb::Keep;
use super::walk::{Content, Entry};
use super::{Limits, Record, ip, machine, oslo, ovsdb, topology, unit};

/// How much of a file is looked at to recognise a database.
const SNIFF: u64 = 4 << 10;

/// How every database of SQLite begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// What reading one file gave.
pub struct Loaded {
    /// Its text, where it can be shown.
    pub text: String,
    /// What it was taken for.
    pub record: Record,
    /// What went wrong.
    pub troubles: Vec<Trouble>,
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

/// Reads one file.
pub fn load(file: FileId, entry: &mut Entry, limits: Limits) -> Loaded {
    let mut loaded = read(file, entry, limits);
    // From where a run is started changes how a file is shown, and not what is said of it.
    for trouble in &mut loaded.troubles {
        if let Some(rest) = trouble.subject.strip_prefix(&entry.shown) {
            trouble.subject = format!("{}{rest}", entry.name());
        }
    }
    loaded
}

fn read(file: FileId, entry: &mut Entry, limits: Limits) -> Loaded {
    match &entry.guess {
        Guess::Left(why) => Loaded::left(why),
        Guess::NotAFile(what) => {
            let message = format!("{} is {what}, no file that could be read", entry.shown);
            Loaded::trouble(
                "no regular file",
                trouble(TroubleKind::Unreadable, file, &entry.shown, message),
            )
        }
        _ => match bytes(entry, limits) {
            Ok(Some(bytes)) => parse(file, bytes, entry, limits.keep),
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
        meant: None,
    }
}

/// Why a file was not read.
#[derive(Debug)]
pub enum Unread {
    /// Its size, and the limit that it is above.
    Large(u64, u64),
    /// What went wrong.
    Failed(std::io::Error),
}

impl From<std::io::Error> for Unread {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error)
    }
}

/// The bytes of a file; `None` where neither its name nor its beginning says what it is.
fn bytes(entry: &mut Entry, limits: Limits) -> Result<Option<Vec<u8>>, Unread> {
    match &mut entry.content {
        Content::File => {}
        Content::Edited(text) => {
            let size = text.len() as u64;
            return wanted(&entry.guess, size, &mut text.as_bytes(), limits);
        }
        Content::Object(object) => {
            return object.read(|size, content| wanted(&entry.guess, size, content, limits))?;
        }
        Content::Held(held) => return std::mem::replace(held, Ok(None)),
    }
    let mut file = File::open(&entry.path)?;
    let size = file.metadata()?.len();
    wanted(&entry.guess, size, &mut file, limits)
}

/// The bytes of a file of that size, as far as they are wanted.
pub fn wanted(
    guess: &Guess,
    size: u64,
    content: &mut dyn Read,
    limits: Limits,
) -> Result<Option<Vec<u8>>, Unread> {
    let mut bytes = Vec::new();
    let mut is_database = *guess == Guess::Log;
    if *guess == Guess::Content {
        content.take(SNIFF).read_to_end(&mut bytes)?;
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
    if size > limit {
        return Err(Unread::Large(size, limit));
    }
    // A file may grow while it is read, and a device may have no size.
    let rest = (limit + 1).saturating_sub(bytes.len() as u64);
    content.take(rest).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(Unread::Large(bytes.len() as u64, limit));
    }
    Ok(Some(bytes))
}

/// Whether the beginning of a file says what it is.
pub fn is_recognised(path: &Path) -> bool {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(SNIFF).read_to_end(&mut bytes));
    read.is_ok() && (ovsdb::recognise(&bytes).is_some() || ip::recognise(&bytes).is_some())
}

fn parse(file: FileId, bytes: Vec<u8>, entry: &Entry, keep: Keep) -> Loaded {
    let (guess, shown) = (&entry.guess, entry.shown.as_str());
    let printed = match guess {
        Guess::Content if ovsdb::recognise(&bytes).is_none() => ip::recognise(&bytes),
        _ => None,
    };
    if *guess == Guess::Log
        && let Some(why) = no_log(&bytes, entry)
    {
        return Loaded::left(why);
    }
    if matches!(guess, Guess::Content | Guess::Log) && printed.is_none() {
        return state(file, guess, bytes, shown, keep);
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
            let headers = headers(&text);
            troubles.extend(errors.into_iter().map(|error| Trouble {
                kind: TroubleKind::Topology,
                subject: format!(
                    "{shown}/{}/{}",
                    above(&headers, &error.place),
                    error.message
                ),
                place: error.place,
                message: error.message,
                label: error.label,
                other: None,
                meant: error.meant,
            }));
            topology.map_or(Record::Left("it does not parse"), |topology| {
                Record::Topology(Box::new(topology))
            })
        }
        Guess::BgpAgent => Record::BgpAgent,
        Guess::Hostname => host_name(&text).map_or(Record::Left("no name of a machine"), |name| {
            Record::Hostname(name.to_owned())
        }),
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
                        meant: None,
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

/// The one name in `/etc/hostname`, between comments (hostname(5)).
fn host_name(text: &str) -> Option<&str> {
    let lines = text.lines().map(str::trim);
    let mut names = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let name = names.next().filter(|_| names.next().is_none())?;
    let of_names = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.chars().all(of_names).then_some(name)
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

/// Why a file with the name of a database is left out, if it is.
fn no_log(bytes: &[u8], entry: &Entry) -> Option<&'static str> {
    if bytes.starts_with(SQLITE) {
        return Some("a database of SQLite, which is none of Open vSwitch or OVN");
    }
    let linked = entry.linked.as_ref()?;
    let is_read = linked.guess == Guess::Content && ovsdb::recognise(bytes).is_some();
    is_read.then_some("a link to a file that is read where it lies")
}

fn state(file: FileId, guess: &Guess, bytes: Vec<u8>, shown: &str, keep: Keep) -> Loaded {
    let database = match guess {
        // What a tool printed may be kept under the name of the database that it printed.
        Guess::Log if ovsdb::recognise(&bytes).is_none() => {
            Some(ovsdb::read_named_log(file, &bytes, keep))
        }
        _ => ovsdb::read(file, &bytes, keep),
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

/// The `[table]` headers of a TOML file, by where they stand.
fn headers(text: &str) -> BTreeMap<u32, &str> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').filter_map(|line| {
        let at = start;
        start += line.len();
        let header = line.trim();
        header
            .starts_with('[')
            .then_some((Span::new(at..at).start, header))
    });
    lines.collect()
}

/// The header that a place stands below.
fn above<'t>(headers: &BTreeMap<u32, &'t str>, place: &Place) -> &'t str {
    let before = headers.range(..=place.span.start).next_back();
    before.map_or("", |(_, header)| header)
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
        meant: None,
    }
}
