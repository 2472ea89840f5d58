//! The database of a member of a cluster: a snapshot, and the entries that the members agreed on since.

use std::collections::{BTreeMap, VecDeque};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::source::{FileId, Place};

use super::log::{self, Damage, Record, Records};
use super::replay::Replay;
use super::schema::Schema;
use super::transaction::Refusal;
use super::{Database, Form, Keep, SchemaName, TroubleKind};

/// The first record: who the member is, and the snapshot that it starts from.
#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow, rename = "prev_data")]
    data: Option<Data<'a>>,
    #[serde(default, rename = "prev_index")]
    index: u64,
    #[serde(default, rename = "prev_servers")]
    servers: BTreeMap<String, String>,
}

/// A later record: an entry (with an index), how far the members agreed, or a note.
#[derive(Deserialize)]
struct Later<'a> {
    index: Option<u64>,
    commit_index: Option<u64>,
    servers: Option<BTreeMap<String, String>>,
    #[serde(borrow)]
    data: Option<Data<'a>>,
}

/// A schema, where it is new, and a transaction.
#[derive(Deserialize)]
struct Data<'a>(
    #[serde(borrow)] Option<&'a RawValue>,
    #[serde(borrow)] Option<&'a RawValue>,
);

/// An entry that waits for its commit.
struct Entry<'a> {
    index: u64,
    offset: usize,
    data: Option<Data<'a>>,
}

struct Member<'a> {
    keep: Keep,
    replay: Replay,
    waiting: VecDeque<Entry<'a>>,
    applied: u64,
    /// A member that is alone commits what it writes.
    alone: bool,
}

/// Reads a clustered log.
pub fn read(file: FileId, bytes: &[u8], keep: Keep) -> Database {
    let mut database = Database::new(file, Form::Cluster);
    let place = Place::file(file);
    let mut records = Records::new(bytes);
    let member = log::first(&mut records).and_then(|record| snapshot(&record, keep));
    let (mut member, schema, version) = match member {
        Ok(member) => member,
        Err(why) => {
            let message = format!("not a clustered database that can be used: {why}");
            database.trouble(TroubleKind::Malformed, place, message);
            return database;
        }
    };
    database.schema = schema;
    database.version = version;
    if schema == SchemaName::Other {
        return database;
    }
    let damage = records.find_map(|record| record.and_then(|record| member.record(&record)).err());
    if let Some(damage) = damage {
        database.trouble(damage.kind, place.clone(), damage.message);
    }
    if let Some(first) = member.waiting.front() {
        let message = format!(
            "{} entries from byte offset {} on are not committed by the cluster: they are left out",
            member.waiting.len(),
            first.offset
        );
        database.trouble(TroubleKind::Uncommitted, place, message);
    }
    database.newest = member.replay.newest;
    database.version = member.replay.version();
    database.tables = member.replay.finish();
    database
}

fn snapshot<'a>(
    record: &Record<'a>,
    keep: Keep,
) -> Result<(Member<'a>, SchemaName, Option<String>), String> {
    let header: Header = serde_json::from_str(record.json).map_err(|error| error.to_string())?;
    let Some(Data(Some(schema), rows)) = header.data else {
        return Err("this member has not joined its cluster yet, it holds no data".to_owned());
    };
    let schema = Schema::shared(schema.get(), keep)?;
    let (name, version) = (schema.name, schema.version.clone());
    let mut replay = Replay::new(schema);
    if let Some(rows) = rows {
        replay
            .transaction(rows.get())
            .map_err(|why| why.at(record.offset).message)?;
    }
    let member = Member {
        keep,
        replay,
        waiting: VecDeque::new(),
        applied: header.index,
        alone: header.servers.len() == 1,
    };
    Ok((member, name, version))
}

impl<'a> Member<'a> {
    fn record(&mut self, record: &Record<'a>) -> Result<(), Damage> {
        let offset = record.offset;
        let refuse = |why: String| Refusal::from(why).at(offset);
        let later: Later =
            serde_json::from_str(record.json).map_err(|error| refuse(error.to_string()))?;
        if let Some(index) = later.index {
            let last = self
                .waiting
                .back()
                .map_or(self.applied, |entry| entry.index);
            if index <= self.applied || index > last + 1 {
                return Err(refuse(format!(
                    "entry {index} does not follow entry {last}"
                )));
            }
            // A new leader replaces what was never agreed on.
            while self
                .waiting
                .back()
                .is_some_and(|entry| entry.index >= index)
            {
                self.waiting.pop_back();
            }
            if let Some(servers) = &later.servers {
                self.alone = servers.len() == 1;
            }
            self.waiting.push_back(Entry {
                index,
                offset,
                data: later.data,
            });
        }
        let committed = if self.alone {
            later.index
        } else {
            later.commit_index
        };
        match committed {
            Some(index) => self.commit(index),
            None => Ok(()),
        }
    }

    fn commit(&mut self, index: u64) -> Result<(), Damage> {
        while self
            .waiting
            .front()
            .is_some_and(|entry| entry.index <= index)
        {
            let Some(entry) = self.waiting.pop_front() else {
                break;
            };
            self.applied = entry.index;
            let Some(Data(schema, rows)) = entry.data else {
                continue;
            };
            if let Some(schema) = schema {
                let schema = Schema::shared(schema.get(), self.keep);
                let schema = schema.map_err(|why| Refusal::from(why).at(entry.offset))?;
                // With the schema comes all of the converted data; without it the data stay.
                if rows.is_some() {
                    self.replay.clear();
                }
                self.replay.convert(schema);
            }
            if let Some(rows) = rows {
                self.replay
                    .transaction(rows.get())
                    .map_err(|why| why.at(entry.offset))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]
mod tests {
    use super::super::log::tests::records;
    use super::*;

    const HEADER: &str = r#"{"name":"OVN_Northbound","prev_index":1,"prev_servers":{"a":"tcp:1","b":"tcp:2"},"prev_data":[
        {"name":"OVN_Northbound","version":"7.0.0","tables":{"Logical_Switch":{"columns":{"name":{"type":"string"}}}}},
        {"Logical_Switch":{"00000000-0000-0000-0000-000000000001":{"name":"one"}}}]}"#;

    fn entry(index: u64, name: &str) -> String {
        format!(
            r#"{{"term":1,"index":{index},"eid":"x","data":[null,{{"Logical_Switch":{{"00000000-0000-0000-0000-00000000000{index}":{{"name":"{name}"}}}}}}]}}"#
        )
    }

    fn switches(lines: &[&str]) -> (Vec<String>, Vec<TroubleKind>) {
        let database = read(FileId(0), &records("CLUSTER", lines), Keep::All);
        let rows = &database.tables["Logical_Switch"].rows;
        let names = rows
            .iter()
            .map(|row| row.name.as_deref().unwrap().to_owned());
        let kinds = database.troubles.iter().map(|trouble| trouble.kind);
        (names.collect(), kinds.collect())
    }

    #[test]
    fn what_is_not_committed_is_left_out() {
        let (two, three) = (entry(2, "two"), entry(3, "three"));
        let commit = r#"{"commit_index":2}"#;
        let (names, troubles) = switches(&[HEADER, &two, commit, &three]);
        assert_eq!(names, ["one", "two"]);
        assert_eq!(troubles, [TroubleKind::Uncommitted]);
    }

    #[test]
    fn a_new_leader_replaces_entries() {
        let (lost, two) = (entry(2, "lost"), entry(2, "two"));
        let (names, troubles) = switches(&[HEADER, &lost, &two, r#"{"commit_index":2}"#]);
        assert_eq!(names, ["one", "two"]);
        assert_eq!(troubles, []);
    }

    #[test]
    fn an_entry_that_does_not_follow_is_damage() {
        let five = entry(5, "five");
        assert_eq!(switches(&[HEADER, &five]).1, [TroubleKind::Damaged]);
    }
}
