//! What several commands change taken together: a value that is set twice changes once.

use std::collections::HashMap;

use crate::report::plan::{Plan, Row, Sign};

/// What changes in one database.
pub struct Section<'a> {
    /// The node whose it is; none for those of OVN.
    pub node: Option<&'a str>,
    /// `Open_vSwitch` or `OVN_Northbound`.
    pub database: &'static str,
    /// The records, in the order in which commands touch them.
    pub records: Vec<Record<'a>>,
}

/// What changes in one record.
pub struct Record<'a> {
    /// The last row that speaks of it: its table and name.
    pub row: &'a Row,
    /// Whether it comes, goes, or stays.
    pub sign: Sign,
    /// Its values.
    pub cells: Vec<Cell<'a>>,
}

/// One value.
pub struct Cell<'a> {
    /// The last row that speaks of it.
    pub row: &'a Row,
    /// Before the first command.
    pub before: Option<&'a str>,
    /// After the last.
    pub after: Option<&'a str>,
}

/// Whether a record is there, before and after.
struct Whole {
    before: bool,
    after: bool,
}

/// A value of a record: its column, its key, and, where it has none, the value itself, for sets have many.
type Name<'a> = (usize, &'a str, Option<&'a str>, Option<&'a str>);

/// The records of one section while they are taken together.
#[derive(Default)]
struct Gathered<'a> {
    records: Vec<(Whole, Record<'a>)>,
    at: HashMap<&'a str, usize>,
    cells: HashMap<Name<'a>, usize>,
}

/// What the commands change, database by database.
pub fn sections(plan: &Plan) -> Vec<Section<'_>> {
    let mut at = HashMap::new();
    let mut gathered: Vec<(Option<&str>, &'static str, Gathered)> = Vec::new();
    for row in &plan.changes {
        let at = *at.entry((&row.node, row.database)).or_insert_with(|| {
            gathered.push((row.node.as_deref(), row.database, Gathered::default()));
            gathered.len() - 1
        });
        gathered[at].2.add(row);
    }
    let sections = gathered
        .into_iter()
        .map(|(node, database, gathered)| Section {
            node,
            database,
            records: gathered.records(),
        });
    sections
        .filter(|section| !section.records.is_empty())
        .collect()
}

impl<'a> Gathered<'a> {
    fn add(&mut self, row: &'a Row) {
        let at = *self.at.entry(&row.uuid).or_insert_with(|| {
            let there = !row.is_whole() || row.before.is_some();
            let whole = Whole {
                before: there,
                after: there,
            };
            let record = Record {
                row,
                sign: Sign::Changes,
                cells: Vec::new(),
            };
            self.records.push((whole, record));
            self.records.len() - 1
        });
        let (whole, record) = &mut self.records[at];
        record.row = row;
        if row.is_whole() {
            whole.after = row.after.is_some();
            return;
        }
        let (before, after) = (row.before.as_deref(), row.after.as_deref());
        let key = row.key.as_deref();
        let name =
            |value: Option<&'a str>| (at, row.field.as_str(), key, value.filter(|_| key.is_none()));
        // What was there before carries on; an element that was taken out may come in again.
        let known = self.cells.remove(&name(before.or(after)));
        let cell = known.unwrap_or_else(|| {
            record.cells.push(Cell { row, before, after });
            record.cells.len() - 1
        });
        record.cells[cell].row = row;
        record.cells[cell].after = after;
        let value = after.or(record.cells[cell].before);
        self.cells.insert(name(value), cell);
    }

    fn records(self) -> Vec<Record<'a>> {
        let records = self.records.into_iter().filter_map(|(whole, mut record)| {
            record.cells.retain(|cell| cell.before != cell.after);
            record.sign = match (whole.before, whole.after) {
                (false, false) => return None,
                (true, true) if record.cells.is_empty() => return None,
                (true, true) => Sign::Changes,
                (false, true) => Sign::Comes,
                (true, false) => Sign::Goes,
            };
            Some(record)
        });
        records.collect()
    }
}

impl Cell<'_> {
    /// Whether it comes, goes, or is other than before.
    pub fn sign(&self) -> Sign {
        match (self.before, self.after) {
            (None, _) => Sign::Comes,
            (_, None) => Sign::Goes,
            _ => Sign::Changes,
        }
    }
}
