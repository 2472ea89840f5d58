//! The members of an archive, one after the other, with the names that go before them.

use std::cell::Cell;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use tar::{Entry, EntryType};

use super::stream::{self, Bounded, Ended, Form};

/// So much may stand in front of a member: its long name, its times.
const PREFACE: u64 = 1 << 20;
/// So long is the longest path that an operating system takes.
const NAME: usize = 4096;
/// So many members an archive may have.
const MEMBERS: usize = 1 << 20;

/// One member.
pub struct Member {
    /// Its path, inside of the archive.
    pub path: PathBuf,
    /// What it is.
    pub kind: Kind,
    /// Of its content.
    pub size: u64,
}

/// What a member is.
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, and where it leads, as it is written.
    Link(PathBuf),
    /// Another name of a member before it.
    Same(PathBuf),
    /// What cannot be read: `a FIFO`.
    Special(&'static str),
}

/// What was said before a member about it.
#[derive(Default)]
struct Preface {
    path: Option<Vec<u8>>,
    target: Option<Vec<u8>>,
    size: Option<Vec<u8>>,
}

/// Hands every member to `with`, with its number. Fails where the archive is damaged, has no end, or has a member
/// that cannot be told.
pub fn each(
    file: &mut File,
    form: Form,
    mut with: impl FnMut(usize, &Member, &mut dyn Read) -> Result<(), String>,
) -> Result<(), String> {
    let damaged = |error: std::io::Error| format!("cannot be read whole: {error}");
    let ended = Cell::new(Ended::No);
    let stream = stream::open(file, form, &ended).map_err(damaged)?;
    let mut archive = tar::Archive::new(stream);
    let mut preface = Preface::default();
    let mut number = 0;
    // Raw: what stands before members would else be read whatever its size, and only in part understood.
    for entry in archive.entries().map_err(damaged)?.raw(true) {
        let mut entry = entry.map_err(damaged)?;
        if preface.takes(&mut entry)? {
            continue;
        }
        if let Some(member) = member(&entry, std::mem::take(&mut preface))? {
            with(number, &member, &mut entry)?;
            number += 1;
        }
        if number > MEMBERS {
            return Err(format!("it has more than {MEMBERS} members"));
        }
    }
    if ended.get() == Ended::Yes {
        return Err("cannot be read whole: its end is missing".to_owned());
    }
    if !preface.is_empty() {
        return Err("cannot be read whole: a name without a member is last".to_owned());
    }
    rest(&mut archive.into_inner()).map_err(damaged)
}

/// Behind the end there are zeros only; reading them lets gzip compare its checksum.
fn rest(stream: &mut Bounded) -> std::io::Result<()> {
    let mut block = [0; 8 << 10];
    loop {
        let read = stream.read(&mut block)?;
        if read == 0 {
            return Ok(());
        }
        if block[..read].iter().any(|byte| *byte != 0) {
            let what = "something stands behind its end, a second archive for one";
            return Err(std::io::Error::other(what));
        }
    }
}

impl Preface {
    fn is_empty(&self) -> bool {
        self.path.is_none() && self.target.is_none() && self.size.is_none()
    }

    /// Takes what an entry says about the next; false for a member. Fails where it cannot be understood whole.
    fn takes(&mut self, entry: &mut Entry<Bounded>) -> Result<bool, String> {
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName => put(&mut self.path, trimmed(said(entry)?))?,
            EntryType::GNULongLink => put(&mut self.target, trimmed(said(entry)?))?,
            EntryType::XHeader => {
                for (key, value) in records(&said(entry)?)? {
                    self.record(key, value)?;
                }
            }
            // What git archive says of all: the commit.
            EntryType::XGlobalHeader => {
                let text = said(entry)?;
                let mut keys = records(&text)?.into_iter().map(|(key, _)| key);
                if keys.any(|key| is_known(key) || key.starts_with(b"GNU.sparse.")) {
                    return Err("a global header names all members alike".to_owned());
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn record(&mut self, key: &[u8], value: &[u8]) -> Result<(), String> {
        match key {
            b"path" => put(&mut self.path, value.to_owned()),
            b"linkpath" => put(&mut self.target, value.to_owned()),
            b"size" => put(&mut self.size, value.to_owned()),
            _ if key.starts_with(b"GNU.sparse.") => Err(format!("a member {SPARSE}")),
            _ => Ok(()),
        }
    }
}

const SPARSE: &str = "is sparse, which is not read: make the archive without --sparse";

fn is_known(key: &[u8]) -> bool {
    [&b"path"[..], b"linkpath", b"size"].contains(&key)
}

/// Programs differ in which of two names they take.
fn put(field: &mut Option<Vec<u8>>, value: Vec<u8>) -> Result<(), String> {
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err("a member is named twice".to_owned()),
    }
}

fn said(entry: &mut Entry<Bounded>) -> Result<Vec<u8>, String> {
    let size = entry.size();
    let mut text = Vec::new();
    if size <= PREFACE {
        let read = entry.read_to_end(&mut text);
        read.map_err(|error| format!("cannot be read whole: {error}"))?;
    }
    if text.len() as u64 == size {
        return Ok(text);
    }
    Err(format!("what is said about a member has {size} bytes"))
}

fn trimmed(mut name: Vec<u8>) -> Vec<u8> {
    let end = name.iter().position(|byte| *byte == 0);
    name.truncate(end.unwrap_or(name.len()));
    name
}

/// The records of an extended header: `LENGTH KEY=VALUE` and a line end, the length of all of that.
fn records(text: &[u8]) -> Result<Vec<Record<'_>>, String> {
    let mut records = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (record, behind) = record(rest).ok_or("an extended header is malformed")?;
        records.push(record);
        rest = behind;
    }
    Ok(records)
}

type Record<'a> = (&'a [u8], &'a [u8]);

fn record(text: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let blank = text.iter().position(|byte| *byte == b' ')?;
    let length: usize = std::str::from_utf8(&text[..blank]).ok()?.parse().ok()?;
    let (record, behind) = text.split_at_checked(length)?;
    let record = record.get(blank + 1..)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=')?;
    Some(((&record[..equals], &record[equals + 1..]), behind))
}

/// A member; `None` for what is no part of the tree.
fn member(entry: &Entry<Bounded>, preface: Preface) -> Result<Option<Member>, String> {
    let header = entry.header();
    let name = preface
        .path
        .unwrap_or_else(|| header.path_bytes().into_owned());
    let shown = String::from_utf8_lossy(&name[..name.len().min(NAME)]).into_owned();
    let target = || {
        let target = preface.target.clone();
        let target = target.or_else(|| header.link_name_bytes().map(std::borrow::Cow::into_owned));
        path(&target.unwrap_or_default())
    };
    let said = preface.size.as_deref().map(std::str::from_utf8);
    if said.is_some_and(|said| said.ok().and_then(|said| said.parse().ok()) != Some(entry.size())) {
        return Err(format!("{shown} is said to have two sizes"));
    }
    let kind = match header.entry_type() {
        EntryType::Regular | EntryType::Continuous if name.ends_with(b"/") => Kind::Directory,
        EntryType::Regular | EntryType::Continuous => Kind::File,
        EntryType::Directory => Kind::Directory,
        EntryType::Symlink => Kind::Link(target()?),
        EntryType::Link => {
            let to = target()?;
            let inside = super::inside(&to);
            Kind::Same(inside.ok_or_else(|| leads_out(&to.to_string_lossy()))?)
        }
        EntryType::Char | EntryType::Block => Kind::Special("a device"),
        EntryType::Fifo => Kind::Special("a FIFO"),
        EntryType::GNUSparse => return Err(format!("{shown} {SPARSE}")),
        other => match other.as_byte() {
            // A volume's label names no file; a directory's listing goes before its members.
            b'V' => return Ok(None),
            b'D' => Kind::Directory,
            byte => {
                let kind = char::from(byte).escape_default();
                return Err(format!("{shown} is of a kind that is not known, '{kind}'"));
            }
        },
    };
    // Programs differ in whether content follows.
    if matches!(kind, Kind::Link(_) | Kind::Same(_)) && entry.size() > 0 {
        return Err(format!("{shown} is a link with content"));
    }
    let path = super::inside(&path(&name)?).ok_or_else(|| leads_out(&shown))?;
    Ok(Some(Member {
        path,
        kind,
        size: entry.size(),
    }))
}

fn leads_out(name: &str) -> String {
    format!("{name} leads out of the archive")
}

fn path(bytes: &[u8]) -> Result<PathBuf, String> {
    if bytes.len() > NAME {
        return Err(format!("a name has {} bytes", bytes.len()));
    }
    native(bytes).ok_or_else(|| format!("{} is not text", String::from_utf8_lossy(bytes)))
}

#[cfg(unix)]
#[allow(
    clippy::unnecessary_wraps,
    reason = "elsewhere not every name is a path"
)]
fn native(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(Path::new(std::ffi::OsStr::from_bytes(bytes)).to_owned())
}

#[cfg(not(unix))]
fn native(bytes: &[u8]) -> Option<PathBuf> {
    Some(Path::new(std::str::from_utf8(bytes).ok()?).to_owned())
}

#[cfg(test)]
mod tests {
    use super::records;

    #[test]
    fn records_have_the_length_that_they_say() {
        let text = b"12 path=a/b\n16 comment=\n\nx\n\n5 =\n";
        let all = records(&text[..28]).expect("it is whole");
        assert_eq!(all, [(&b"path"[..], &b"a/b"[..]), (b"comment", b"\n\nx\n")]);
        for wrong in [
            "12 path=a/b",
            "1 path=a/b\n",
            "99999999999999999999 a=b\n",
            "2 ",
            "path=a\n",
            "6 path\n",
        ] {
            assert!(records(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
