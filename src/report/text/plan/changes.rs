//! What commands change in databases, as a plan: what comes, what goes, what is other than before.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use crate::finding::words::Count;
use crate::report::plan::{Plan, Row, Secrets, Sign};
use crate::report::text::INFALLIBLE;
use crate::report::text::plan::net::{self, Cell, Record, Section};
use crate::report::text::plan::{heading, shown, sign, write_line};
use crate::report::text::snippet::Look;

/// So many databases are shown.
const SECTIONS: usize = 20;

/// So many records of a table that come, go or change are shown.
const RECORDS: usize = 10;

/// So many records are shown in all.
const ALL_RECORDS: usize = 100;

/// So many columns and keys of a record are shown.
const LINES: usize = 12;

/// So many values of a set are shown.
const VALUES: usize = 10;

/// So many characters of a UUID tell it from others.
const SHORT: usize = 8;

/// What a change is written with.
struct Writer<'a> {
    secrets: &'a Secrets<'a>,
    /// The names of the records among the changes, by UUID.
    names: HashMap<&'a str, &'a str>,
    look: Look,
}

/// The records of one table that come, go or change.
struct Kind<'a> {
    sign: Sign,
    table: &'a str,
    shown: usize,
    hidden: usize,
}

/// The changes, database by database.
pub fn write(out: &mut String, plan: &Plan, secrets: &Secrets, look: Look) {
    let rows = plan.changes.iter();
    let writer = Writer {
        secrets,
        names: rows.map(|row| (row.uuid.as_str(), name(row))).collect(),
        look,
    };
    let sections = net::sections(plan);
    let mut left = ALL_RECORDS;
    for section in sections.iter().take(SECTIONS) {
        writer.section(out, section, &mut left);
        out.push('\n');
    }
    if sections.len() > SECTIONS {
        let more = Count((sections.len() - SECTIONS) as u64);
        writeln!(out, "and changes in the databases of {more} more nodes\n").expect(INFALLIBLE);
    }
}

/// The name of a record; of the only one of its table, that of the table.
fn name(row: &Row) -> &str {
    match row.record.as_str() {
        "." => &row.table,
        name => name,
    }
}

impl Writer<'_> {
    fn section(&self, out: &mut String, section: &Section, left: &mut usize) {
        let database = section.database;
        let title = match section.node {
            Some(node) => format!("changes in {database} of {}", shown(node)),
            None => format!("changes in {database}"),
        };
        heading(out, &title, self.look);
        let mut kinds: Vec<Kind> = Vec::new();
        for record in &section.records {
            let (sign, table) = (record.sign, record.row.table.as_str());
            let known = kinds
                .iter()
                .position(|kind| (kind.sign, kind.table) == (sign, table));
            let at = known.unwrap_or_else(|| {
                kinds.push(Kind {
                    sign,
                    table,
                    shown: 0,
                    hidden: 0,
                });
                kinds.len() - 1
            });
            if kinds[at].shown == RECORDS || *left == 0 {
                kinds[at].hidden += 1;
            } else {
                kinds[at].shown += 1;
                *left -= 1;
                self.record(out, record);
            }
        }
        for kind in kinds.iter().filter(|kind| kind.hidden > 0) {
            let more = Count(kind.hidden as u64);
            let text = format!("and {more} more {}", kind.table);
            self.line(out, 2, Some(kind.sign), &text);
        }
    }

    fn record(&self, out: &mut String, record: &Record) {
        let row = record.row;
        let title = match row.record.as_str() {
            "." => row.table.clone(),
            name => {
                let name = shown(&self.secrets.mask(row.command, name));
                format!("{} {name}", row.table)
            }
        };
        self.line(out, 2, Some(record.sign), &title);
        if record.sign == Sign::Goes {
            return;
        }
        let lines = self.lines(record);
        for (cell, text) in lines.iter().take(LINES) {
            let own = (record.sign == Sign::Changes).then(|| cell.sign());
            self.line(out, 6, own, text);
        }
        if lines.len() > LINES {
            let more = Count((lines.len() - LINES) as u64);
            writeln!(out, "      and {more} more").expect(INFALLIBLE);
        }
    }

    /// A line for each column or key; the elements of a set share one.
    fn lines<'c>(&self, record: &'c Record) -> Vec<(&'c Cell<'c>, String)> {
        let mut at = HashMap::new();
        let mut groups: Vec<Vec<&Cell>> = Vec::new();
        for cell in record.cells.iter().filter(|cell| self.tells(record, cell)) {
            let what = (cell.sign().character(), &cell.row.field, &cell.row.key);
            let at = *at.entry(what).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[at].push(cell);
        }
        groups
            .into_iter()
            .map(|cells| (cells[0], self.values(record, &cells)))
            .collect()
    }

    /// Whether a value says more than that the record has its name and hangs in another of that name.
    fn tells(&self, record: &Record, cell: &Cell) -> bool {
        let own = record.row.record.as_str();
        let value = cell.after.or(cell.before).unwrap_or_default();
        let repeats = if cell.row.refers {
            self.names.get(value).is_some_and(|name| *name == own)
        } else {
            cell.row.field == "name" && value == own
        };
        record.sign != Sign::Comes || !(repeats || cell.after.is_none())
    }

    /// `fail_mode: standalone -> secure`, `ports: a, b and 9,998 more`.
    fn values(&self, record: &Record, cells: &[&Cell]) -> String {
        let row = cells[0].row;
        let name = match &row.key {
            Some(key) => format!("{}:{key}", row.field),
            None => row.field.clone(),
        };
        let name = shown(&self.secrets.mask(row.command, &name));
        // What a record has that was not there yet was the default before, which says nothing.
        if record.sign == Sign::Changes
            && let [cell] = cells
            && let (Some(before), Some(after)) = (cell.before, cell.after)
        {
            let (before, after) = (self.value(row, before), self.value(row, after));
            return format!("{name}: {before} -> {after}");
        }
        let values = cells.iter().take(VALUES).filter_map(|cell| {
            let value = cell.after.or(cell.before)?;
            Some(self.value(cell.row, value))
        });
        let mut text = format!("{name}: {}", values.collect::<Vec<_>>().join(", "));
        if cells.len() > VALUES {
            let more = Count((cells.len() - VALUES) as u64);
            write!(text, " and {more} more").expect(INFALLIBLE);
        }
        text
    }

    /// A value; of a reference, the name of what it refers to.
    fn value(&self, row: &Row, value: &str) -> String {
        let value = match self.names.get(value) {
            _ if !row.refers => self.secrets.value(row, value),
            Some(name) => Cow::Owned(self.secrets.mask(row.command, name)),
            None => Cow::Borrowed(value.get(..SHORT).unwrap_or(value)),
        };
        if value.is_empty() {
            "\"\"".to_owned()
        } else {
            shown(&value)
        }
    }

    fn line(&self, out: &mut String, indent: usize, own: Option<Sign>, text: &str) {
        let mark = own.map(|own| sign(own, self.look));
        write_line(out, indent, mark.as_deref(), text, self.look);
    }
}
