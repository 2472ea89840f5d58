//! `list`: a line for each column, a blank line between rows; and the map that `get` prints.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use crate::source::Place;

use super::datum::{Datum, Uuid, Value};
use super::gather::{Block, Gathered, Hint};
use super::lines::Lines;
use super::printed;

/// A row as it is printed.
type Cells = Vec<(Arc<str>, Value)>;

/// `list` pads the names of columns to this width.
const WIDTH: usize = 20;

static COLUMNS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let known = super::names::KNOWN.iter();
    known
        .flat_map(|known| known.columns.iter().copied())
        .collect()
});

/// Whether a row begins at this line: `_uuid               : 71f8…`.
pub fn begins(line: &str, hint: &Hint) -> bool {
    let Some((column, value)) = field(line) else {
        return false;
    };
    if column == "_uuid" {
        return value.trim().parse::<Uuid>().is_ok();
    }
    let name_width = line.trim_start().find(':').unwrap_or(0);
    COLUMNS.contains(column) && (name_width >= WIDTH || !hint.tables.is_empty())
}

/// Reads rows until something else begins.
pub fn read(lines: &mut Lines, hint: &Hint, gathered: &mut Gathered) {
    let first = lines.peek().map_or(0, |line| line.start);
    let mut rows: Vec<Cells> = Vec::new();
    let mut row: Cells = Vec::new();
    while let Some(line) = lines.peek() {
        if line.text.trim().is_empty() {
            rows.extend(Some(std::mem::take(&mut row)).filter(|row| !row.is_empty()));
            lines.next();
            continue;
        }
        let Some((column, value)) = field(line.text) else {
            break;
        };
        let again = row.first().is_some_and(|(first, _)| **first == *column);
        if again {
            rows.push(std::mem::take(&mut row));
        }
        // Another table's rows begin, with no prompt between.
        let starts = row.is_empty();
        if starts && rows.first().is_some_and(|first| *first[0].0 != *column) {
            break;
        }
        let start = line.start + line.text.len() - value.len();
        let value = printed::value(value, start, &mut gathered.pool);
        row.push((gathered.pool.share(column), value));
        lines.next();
    }
    rows.extend(Some(row).filter(|row| !row.is_empty()));
    for rows in alike(rows) {
        gathered.add(Block {
            hint: hint.clone(),
            place: Place::text(gathered.file, first..first),
            columns: rows[0].iter().map(|(column, _)| column.clone()).collect(),
            rows,
        });
    }
}

/// Rows of several tables may follow each other; those of one table have the same columns.
fn alike(rows: Vec<Cells>) -> Vec<Vec<Cells>> {
    let mut groups: Vec<Vec<Cells>> = Vec::new();
    let mut places: HashMap<Vec<Arc<str>>, usize> = HashMap::new();
    for row in rows {
        let columns = row.iter().map(|(column, _)| column.clone()).collect();
        let at = *places.entry(columns).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// The column and what follows the colon.
fn field(line: &str) -> Option<(&str, &str)> {
    let (column, value) = line.split_once(':')?;
    let column = column.trim();
    let word = column
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let spaced = value.is_empty() || value.starts_with(' ');
    (word && !column.is_empty() && spaced).then_some((column, value))
}

/// Whether this map is the `external_ids` of a chassis.
pub fn has_chassis_keys(text: &str) -> bool {
    let keys = text.trim_start_matches('{').split(", ");
    let keys = keys.filter_map(|entry| entry.split_once('='));
    keys.map(|(key, _)| key.trim_matches('"'))
        .any(|key| key.starts_with("ovn-") || key == "system-id")
}

/// Reads the map that `ovs-vsctl get open . external_ids` prints.
pub fn external_ids(lines: &mut Lines, gathered: &mut Gathered) {
    let Some(line) = lines.next() else { return };
    let value = printed::value(line.text, line.start, &mut gathered.pool);
    let place = Place::text(gathered.file, line.start..line.start + line.text.len());
    if let Datum::Unsure(why) = value.datum {
        gathered.trouble(place.clone(), why);
    }
    let column = gathered.pool.share("external_ids");
    let root = super::names::KNOWN
        .iter()
        .filter(|known| known.name == "Open_vSwitch");
    gathered.add(Block {
        hint: Hint {
            tables: root.collect(),
            ..Hint::default()
        },
        place,
        columns: vec![column.clone()],
        rows: vec![vec![(column, value)]],
    });
}
