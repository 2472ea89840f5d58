//! The standalone database log: records, each with its length and its checksum.

use sha1::{Digest, Sha1};

use crate::source::{FileId, Place};

use super::replay::Replay;
use super::schema::Schema;
use super::{Database, Form, Keep, SchemaName, Trouble, TroubleKind};

/// The longest header line that `ovsdb-server` reads.
const MAX_HEADER: usize = 127;

const LEAD: &[u8] = b"OVSDB ";

/// The records of a log, one after the other. Nothing follows an error.
#[derive(Debug)]
pub struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// One record whose checksum holds.
#[derive(Debug)]
pub struct Record<'a> {
    /// Where its JSON begins in the file.
    pub offset: usize,
    /// The JSON.
    pub json: &'a str,
}

/// Why reading ended before the end of the file.
#[derive(Debug)]
pub struct Damage {
    /// Torn or damaged.
    pub kind: TroubleKind,
    /// What and where, as a phrase.
    pub message: String,
}

/// Tells a log by its first header.
pub fn recognise(bytes: &[u8]) -> Option<Form> {
    let header = bytes.strip_prefix(LEAD)?;
    if header.starts_with(b"JSON ") {
        return Some(Form::Log);
    }
    header.starts_with(b"CLUSTER ").then_some(Form::Cluster)
}

/// Reads a standalone log.
pub fn read(file: FileId, bytes: &[u8], keep: Keep) -> Database {
    let mut database = Database::new(file, Form::Log);
    let place = Place::file(file);
    let mut records = Records::new(bytes);
    let schema = match first(&mut records) {
        Ok(record) => Schema::shared(record.json, keep),
        Err(why) => Err(why),
    };
    let schema = match schema {
        Ok(schema) => schema,
        Err(why) => {
            let message = format!("not a database that ovsdb-server can open: {why}");
            database.trouble(TroubleKind::Malformed, place, message);
            return database;
        }
    };
    database.schema = schema.name;
    database.version.clone_from(&schema.version);
    if schema.name == SchemaName::Other {
        return database;
    }
    let mut replay = Replay::new(schema);
    let damage = records.find_map(|record| {
        let damage = match record {
            Ok(record) => replay
                .transaction(record.json)
                .err()
                .map(|why| why.at(record.offset)),
            Err(damage) => Some(damage),
        };
        damage.map(|damage| Trouble {
            kind: damage.kind,
            place: place.clone(),
            message: damage.message,
        })
    });
    database.troubles.extend(damage);
    database.newest = replay.newest;
    database.tables = replay.finish();
    database
}

/// The first record, or why there is none.
pub fn first<'a>(records: &mut Records<'a>) -> Result<Record<'a>, String> {
    match records.next() {
        Some(Ok(record)) => Ok(record),
        Some(Err(damage)) => Err(damage.message),
        None => Err("the file is empty".to_owned()),
    }
}

impl<'a> Records<'a> {
    /// From the first record on.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn record(&mut self) -> Result<Record<'a>, Damage> {
        let start = self.at;
        let rest = &self.bytes[start..];
        self.at = self.bytes.len();
        let line_end = rest.iter().take(MAX_HEADER).position(|&byte| byte == b'\n');
        let Some(line_end) = line_end else {
            return Err(no_header(start, rest));
        };
        let Some((length, expected)) = header(&rest[..line_end]) else {
            return Err(no_header(start, &rest[..=line_end]));
        };
        let offset = start + line_end + 1;
        let body = &rest[line_end + 1..];
        if body.len() < length {
            let missing = length - body.len();
            return Err(Damage::torn(format!(
                "the last record is cut: of its {length} bytes at byte offset {offset}, {missing} are missing"
            )));
        }
        let body = &body[..length];
        let found = Sha1::digest(body);
        if found[..] != expected {
            return Err(Damage::damaged(format!(
                "the {length} bytes at byte offset {offset} do not match their checksum"
            )));
        }
        let json = std::str::from_utf8(body).map_err(|_| {
            Damage::damaged(format!(
                "the {length} bytes at byte offset {offset} are not UTF-8"
            ))
        })?;
        self.at = offset + length;
        Ok(Record { offset, json })
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        (self.at < self.bytes.len()).then(|| self.record())
    }
}

impl Damage {
    fn torn(message: String) -> Self {
        Self {
            kind: TroubleKind::Torn,
            message,
        }
    }

    /// Something is wrong with a record that is whole.
    pub fn damaged(message: String) -> Self {
        Self {
            kind: TroubleKind::Damaged,
            message,
        }
    }
}

/// `OVSDB JSON 353 <40 hexadecimal digits>`, without the line end (facts O§11).
fn header(line: &[u8]) -> Option<(usize, [u8; 20])> {
    let line = std::str::from_utf8(line.strip_prefix(LEAD)?).ok()?;
    let mut words = line.split(' ');
    words.next()?;
    let length: usize = words.next()?.parse().ok()?;
    let digits = words.next()?.as_bytes();
    if length == 0 || digits.len() != 40 || words.next().is_some() {
        return None;
    }
    let mut hash = [0; 20];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks(2)) {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
    }
    Some((length, hash))
}

fn no_header(start: usize, rest: &[u8]) -> Damage {
    let begins = rest.len() < MAX_HEADER
        && !rest.ends_with(b"\n")
        && rest[..rest.len().min(LEAD.len())] == LEAD[..rest.len().min(LEAD.len())];
    if begins {
        return Damage::torn(format!(
            "the header of the last record, at byte offset {start}, is cut after {} bytes",
            rest.len()
        ));
    }
    Damage::damaged(format!(
        "no record begins at byte offset {start}, where one should"
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]
pub mod tests {
    //! Small logs.

    use std::fmt::Write;

    use super::*;

    fn log(lines: &[&str]) -> Vec<u8> {
        records("JSON", lines)
    }

    /// A log of these records.
    pub fn records(magic: &str, lines: &[&str]) -> Vec<u8> {
        let mut log = String::new();
        for json in lines {
            let _ = write!(log, "OVSDB {magic} {} ", json.len());
            for byte in Sha1::digest(json) {
                let _ = write!(log, "{byte:02x}");
            }
            log += "\n";
            log += json;
        }
        log.into_bytes()
    }

    const SCHEMA: &str = r#"{"name":"Open_vSwitch","version":"1.0.0","tables":{"Bridge":{"columns":{"name":{"type":"string"}}}}}
"#;
    const INSERT: &str = r#"{"_date":1700000000000,"Bridge":{"71f81ef4-8f07-4466-965a-41912898b7ae":{"name":"br-ex"}}}
"#;
    const DELETE: &str = r#"{"Bridge":{"71f81ef4-8f07-4466-965a-41912898b7ae":null}}
"#;

    fn bridges(database: &Database) -> Vec<&str> {
        let rows = &database.tables["Bridge"].rows;
        rows.iter()
            .map(|row| row.name.as_deref().unwrap())
            .collect()
    }

    #[test]
    fn a_torn_last_record_is_dropped() {
        let whole = log(&[SCHEMA, INSERT, DELETE]);
        let database = read(FileId(0), &whole, Keep::All);
        assert!(bridges(&database).is_empty() && database.troubles.is_empty());
        assert_eq!(database.newest, Some(1_700_000_000_000));

        let database = read(FileId(0), &whole[..whole.len() - 3], Keep::All);
        assert_eq!(bridges(&database), ["br-ex"]);
        let [trouble] = &database.troubles[..] else {
            panic!()
        };
        assert_eq!(trouble.kind, TroubleKind::Torn);
        let offset = whole.len() - DELETE.len();
        assert!(
            trouble
                .message
                .contains(&format!("at byte offset {offset}, 3 are missing"))
        );
    }

    #[test]
    fn a_damaged_record_ends_the_reading() {
        let mut bytes = log(&[SCHEMA, INSERT, DELETE, INSERT]);
        let at = log(&[SCHEMA, INSERT]).len() + 60;
        bytes[at] ^= 1;
        let database = read(FileId(0), &bytes, Keep::All);
        assert_eq!(bridges(&database), ["br-ex"]);
        assert_eq!(database.troubles[0].kind, TroubleKind::Damaged);
    }

    #[test]
    fn what_contradicts_the_schema_ends_the_reading() {
        let wrong = r#"{"Bridge":{"71f81ef4-8f07-4466-965a-41912898b7ae":{"name":5}}}"#;
        let database = read(FileId(0), &log(&[SCHEMA, INSERT, wrong, DELETE]), Keep::All);
        assert_eq!(bridges(&database), ["br-ex"]);
        assert_eq!(database.troubles[0].kind, TroubleKind::Damaged);
        assert!(
            database.troubles[0].message.contains("name"),
            "{:?}",
            database.troubles
        );
    }

    #[test]
    fn without_a_schema_nothing_is_read() {
        let whole = log(&[SCHEMA]);
        for bytes in [
            &b""[..],
            b"OVSDB JSON 5",
            &whole[..whole.len() - 1],
            b"garbage\n",
        ] {
            let database = read(FileId(0), bytes, Keep::All);
            assert_eq!(database.troubles[0].kind, TroubleKind::Malformed);
            assert!(database.tables.is_empty());
        }
    }
}
