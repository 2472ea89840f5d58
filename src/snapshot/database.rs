//! What `ovsdb-client backup` printed, without secrets.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;
use serde_json::value::RawValue;
use sha1::{Digest, Sha1};

use crate::report::secrets;
use crate::source::secret::is_secret;

/// What stands in place of a secret.
const HIDDEN: &str = "***";

const MAGIC: &str = "OVSDB JSON ";

/// The same records; `***` for the values of map keys and columns with a secret's name, and for the passwords of
/// URLs, with new checksums where that changed a record. Fails where it is no backup.
pub fn without_secrets(backup: &[u8]) -> Result<Vec<u8>, String> {
    let mut rest = backup;
    let mut written = Vec::with_capacity(backup.len());
    let mut number = 0;
    while !rest.is_empty() {
        let (record, behind) = record(rest).ok_or("what ovsdb-client printed is no backup")?;
        // The first record is the schema: names and types, no values.
        let record = if number == 0 {
            Cow::Borrowed(record)
        } else {
            cleaned(record).map_err(|error| format!("record {number} of the backup: {error}"))?
        };
        push(&mut written, &record);
        rest = behind;
        number += 1;
    }
    if number < 2 {
        return Err("what ovsdb-client printed is no backup".to_owned());
    }
    Ok(written)
}

/// With its header: length, and checksum.
fn push(written: &mut Vec<u8>, record: &str) {
    written.extend(format!("{MAGIC}{} ", record.len()).as_bytes());
    for byte in Sha1::digest(record.as_bytes()) {
        written.extend(format!("{byte:02x}").as_bytes());
    }
    written.push(b'\n');
    written.extend(record.as_bytes());
}

/// A record's JSON, and what stands behind it (facts O§11: the length counts the line end too).
fn record(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().take(100).position(|&byte| byte == b'\n')?;
    let header = std::str::from_utf8(&bytes[..end]).ok()?;
    let length: usize = header
        .strip_prefix(MAGIC)?
        .split(' ')
        .next()?
        .parse()
        .ok()?;
    let body = bytes[end + 1..].get(..length)?;
    Some((std::str::from_utf8(body).ok()?, &bytes[end + 1 + length..]))
}

type Members<'a> = BTreeMap<String, &'a RawValue>;

/// A transaction is read row by row: as a tree, the largest databases would not fit into memory.
fn cleaned(record: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    let tables: Members = serde_json::from_str(record)?;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    // `_date`, `_comment` and `_is_diff` stand beside the tables.
    for (_, table) in tables.iter().filter(|(name, _)| !name.starts_with('_')) {
        let rows: Members = serde_json::from_str(table.get())?;
        for row in rows.values().map(|row| row.get()) {
            let mut columns: BTreeMap<String, Value> = serde_json::from_str(row)?;
            let mut changed = false;
            for (column, value) in &mut columns {
                changed |= hide(value, column);
            }
            if changed {
                let start = row.as_ptr().addr() - record.as_ptr().addr();
                edits.push((start..start + row.len(), serde_json::to_string(&columns)?));
            }
        }
    }
    if edits.is_empty() {
        return Ok(Cow::Borrowed(record));
    }
    edits.sort_unstable_by_key(|(range, _)| range.start);
    let mut text = String::with_capacity(record.len());
    let mut end = 0;
    for (range, row) in edits {
        text.push_str(&record[end..range.start]);
        text.push_str(&row);
        end = range.end;
    }
    text.push_str(&record[end..]);
    Ok(Cow::Owned(text))
}

/// Hides what is secret in a value that stands behind a name: of a column, or of a key. Whether there was something.
fn hide(value: &mut Value, name: &str) -> bool {
    match value {
        Value::String(text) => hide_text(text, name),
        Value::Array(parts) => match &mut parts[..] {
            [Value::String(tag), Value::Array(entries)] if tag == "map" => {
                let mut changed = false;
                for entry in entries {
                    changed |= hide_entry(entry, name);
                }
                changed
            }
            [Value::String(tag), Value::Array(elements)] if tag == "set" => {
                let mut changed = false;
                for element in elements {
                    changed |= hide(element, name);
                }
                changed
            }
            // `["uuid", "…"]`
            _ => false,
        },
        _ => false,
    }
}

fn hide_entry(entry: &mut Value, column: &str) -> bool {
    let Some([key, value]) = entry.as_array_mut().map(Vec::as_mut_slice) else {
        return false;
    };
    match key.as_str() {
        Some(key) if !is_secret(column) => hide(value, key),
        _ => hide(value, column),
    }
}

fn hide_text(text: &mut String, name: &str) -> bool {
    let shown = if is_secret(name) && !text.is_empty() {
        HIDDEN.to_owned()
    } else {
        secrets::mask(text, &[])
    };
    let changed = shown != *text;
    *text = shown;
    changed
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

    use super::*;

    fn backup(records: &[&str]) -> Vec<u8> {
        let mut written = Vec::new();
        for record in records {
            push(&mut written, record);
        }
        written
    }

    const SCHEMA: &str = "{\"name\":\"Open_vSwitch\",\"tables\":{}}\n";

    #[test]
    fn secrets_of_maps_sets_and_urls_are_replaced() {
        let row = r#"{"external_ids":["map",[["ovn-password","hunter2"],["ovn-remote","tcp:192.0.2.1:6642"]]],
            "options":["map",[["psk","swordfish"],["remote_ip","192.0.2.2"]]],
            "remotes":["set",["http://me:opensesame@proxy/","plain"]],
            "secret":["set",["alpha","beta"]],"token":"gamma","bridge":["uuid","550e8400-e29b-41d4-a716-446655440000"]}"#;
        let record = format!(
            "{{\"_date\":1,\"T\":{{\"a\":{row},\"b\":{{\"name\":\"x\"}}}},\"_comment\":\"c\"}}\n"
        );
        let cleaned = without_secrets(&backup(&[SCHEMA, &record])).unwrap();
        let text = String::from_utf8(cleaned.clone()).unwrap();
        for secret in [
            "hunter2",
            "swordfish",
            "opensesame",
            "alpha",
            "beta",
            "gamma",
        ] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        for kept in [
            "192.0.2.1:6642",
            "192.0.2.2",
            "plain",
            "550e8400",
            "\"_date\":1",
            "{\"name\":\"x\"}",
        ] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
    }

    #[test]
    fn without_a_secret_it_stays_as_it_is() {
        let record = "{ \"_date\": 1, \"Bridge\": {\"a\": {\"name\": \"br-ex\"}, \"b\": {\"tag\": 7.50}} }\n";
        let backup = backup(&[SCHEMA, record]);
        assert_eq!(without_secrets(&backup).unwrap(), backup);
    }

    #[test]
    fn what_is_no_backup_is_refused() {
        let whole = backup(&[SCHEMA, "{}\n"]);
        assert!(without_secrets(&whole).is_ok());
        assert!(without_secrets(b"").is_err());
        assert!(without_secrets(b"ovsdb-client: no such file\n").is_err());
        assert!(without_secrets(&whole[..whole.len() - 1]).is_err());
        assert!(without_secrets(&backup(&[SCHEMA])).is_err());
        assert!(without_secrets(&backup(&[SCHEMA, "[]\n"])).is_err());
    }
}
