//! `ovs-vsctl show`: bridges, their ports, and little of each.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::Span;

use super::datum::{Atom, Datum, Uuid, Value, Written};
use super::gather::{Gathered, Piece};
use super::lines::{Line, Lines};
use super::{Column, Row, SchemaName, Table, printed};

/// What `show` prints of each table; what it leaves out is empty (facts O§11). `ovs_version` and
/// `datapath_type` are added where they are seen: a paste may end early, and old releases lack the latter.
const SHOWN: &[(&str, &[&str])] = &[
    ("Open_vSwitch", &["bridges", "manager_options"]),
    ("Bridge", &["controller", "fail_mode", "name", "ports"]),
    ("Port", &["interfaces", "name", "tag", "trunks"]),
    ("Interface", &["name", "options", "type"]),
    ("Controller", &["is_connected", "target"]),
    ("Manager", &["is_connected", "target"]),
];

/// What one line of `show` is.
enum Said<'a> {
    /// `Bridge br-ex`: a row of this table, and its name.
    Row(&'static str, &'a str),
    /// `fail_mode: secure`: a column of this table, and its value.
    Cell(&'static str, &'static str, &'a str),
    /// An attribute that is not needed.
    Other,
}

/// The `show` of one node while it is read.
struct Show {
    tables: BTreeMap<&'static str, Table>,
    whole: bool,
}

/// Whether `show` begins here: the UUID of the root or a bridge, and then more of its kind.
pub fn begins(lines: &Lines) -> bool {
    let mut lines = lines.clone().filter(|line| !line.text.trim().is_empty());
    let Some(first) = lines.next() else {
        return false;
    };
    let next = lines.next().and_then(|line| said(line.text));
    let root = first.text.trim().parse::<Uuid>().is_ok();
    match (root, next) {
        (true, Some(Said::Row(..) | Said::Cell("Open_vSwitch", ..))) => true,
        (false, Some(_)) => matches!(said(first.text), Some(Said::Row("Bridge", _))),
        _ => false,
    }
}

/// Reads until something else begins.
pub fn read(lines: &mut Lines, gathered: &mut Gathered) {
    let mut show = Show::new();
    while let Some(line) = lines.peek() {
        let text = line.text.trim();
        if let Ok(uuid) = text.parse::<Uuid>() {
            if show.whole || !show.tables["Bridge"].rows.is_empty() {
                break;
            }
            show.root(uuid, line);
        } else if text
            .chars()
            .all(|part| part == '.' || part == '(' || part == ')')
        {
            // "(...)": somebody left lines out.
            show.whole &= text.is_empty();
        } else {
            match said(line.text) {
                Some(Said::Row(table, name)) => show.row(table, name, line, gathered),
                Some(Said::Cell(table, column, value)) => {
                    show.cell(table, column, value, line, gathered);
                }
                Some(Said::Other) => {}
                None => break,
            }
        }
        lines.next();
    }
    show.add_to(gathered);
}

fn said(line: &str) -> Option<Said<'_>> {
    let line = line.trim();
    for (table, _) in &SHOWN[1..] {
        if let Some(name) = line
            .strip_prefix(table)
            .and_then(|rest| rest.strip_prefix(' '))
        {
            let name = name.trim();
            let one = super::lines::word_length(name) == name.len();
            return (one && !name.is_empty()).then_some(Said::Row(table, name));
        }
    }
    let (name, value) = line.split_once(':')?;
    let (table, column) = match name {
        "ovs_version" => ("Open_vSwitch", "ovs_version"),
        "fail_mode" => ("Bridge", "fail_mode"),
        "datapath_type" => ("Bridge", "datapath_type"),
        "tag" => ("Port", "tag"),
        "trunks" => ("Port", "trunks"),
        "type" => ("Interface", "type"),
        "options" => ("Interface", "options"),
        "error" => ("Interface", "error"),
        "is_connected" => ("Controller", "is_connected"),
        "bfd_status" | "dpdk_initialized" | "dpdk_version" => return Some(Said::Other),
        _ => return None,
    };
    Some(Said::Cell(table, column, value))
}

impl Show {
    fn new() -> Self {
        let table = |columns: &[&str]| Table {
            columns: columns
                .iter()
                .map(|column| (Arc::from(*column), column_of(column)))
                .collect(),
            ..Table::default()
        };
        let mut tables: BTreeMap<_, _> = SHOWN
            .iter()
            .map(|(name, columns)| (*name, table(columns)))
            .collect();
        if let Some(root) = tables.get_mut("Open_vSwitch") {
            root.rows.push(Row::default());
        }
        Self {
            tables,
            whole: false,
        }
    }

    fn root(&mut self, uuid: Uuid, line: Line) {
        self.whole = true;
        if let Some(row) = self.last("Open_vSwitch") {
            row.uuid = Some(uuid);
            row.span = Some(trimmed(line));
        }
    }

    fn row(&mut self, table: &'static str, name: &str, line: Line, gathered: &mut Gathered) {
        let start = line.start + (name.as_ptr().addr() - line.text.as_ptr().addr());
        let mut value = printed::value(name, start, &mut gathered.pool);
        let name = printed::name(name, &mut gathered.pool);
        value.datum = Datum::one(Atom::Text(name.clone()));
        let span = value
            .written
            .as_deref()
            .map_or_else(Span::default, |written| written.span);
        let column = if matches!(table, "Controller" | "Manager") {
            "target"
        } else {
            "name"
        };
        let mut row = Row {
            name: Some(name.clone()),
            span: Some(span),
            ..Row::default()
        };
        row.cells.insert(gathered.pool.share(column), value);
        if let Some(table) = self.tables.get_mut(table) {
            table.rows.push(row);
        }
        let (parent, column) = match table {
            "Bridge" => ("Open_vSwitch", "bridges"),
            "Port" => ("Bridge", "ports"),
            "Interface" => ("Port", "interfaces"),
            "Controller" => ("Bridge", "controller"),
            _ => ("Open_vSwitch", "manager_options"),
        };
        let column = gathered.pool.share(column);
        if let Some(parent) = self.last(parent) {
            refer(parent, column, Atom::Named(name), span);
        }
    }

    fn cell(
        &mut self,
        table: &'static str,
        column: &'static str,
        text: &str,
        line: Line,
        gathered: &mut Gathered,
    ) {
        // Managers are connected as well; controllers follow their bridge.
        let manager = table == "Controller" && self.tables["Bridge"].rows.is_empty();
        let table = if manager { "Manager" } else { table };
        let start = line.start + (text.as_ptr().addr() - line.text.as_ptr().addr());
        let value = printed::value(text, start, &mut gathered.pool);
        let name = gathered.pool.share(column);
        if let Some(table) = self.tables.get_mut(table) {
            table
                .columns
                .entry(name.clone())
                .or_insert_with(|| column_of(column));
        }
        if let Some(row) = self.last(table) {
            row.cells.insert(name, value);
        }
    }

    fn last(&mut self, table: &str) -> Option<&mut Row> {
        self.tables.get_mut(table)?.rows.last_mut()
    }

    fn add_to(self, gathered: &mut Gathered) {
        for (name, mut table) in self.tables {
            for row in &mut table.rows {
                sort_references(row);
            }
            table.complete = self.whole || name == "Open_vSwitch";
            if !self.whole && name == "Open_vSwitch" {
                // Which bridges there are is told by the whole output only.
                table.columns.retain(|column, _| **column == *"ovs_version");
            }
            gathered.add_piece(Piece {
                schema: SchemaName::OpenVswitch,
                name,
                table,
            });
        }
    }
}

fn column_of(column: &str) -> Column {
    let many = [
        "bridges",
        "manager_options",
        "controller",
        "ports",
        "interfaces",
        "trunks",
        "options",
    ];
    let default = match column {
        "is_connected" => Some(Atom::Boolean(false)),
        "type" | "datapath_type" => Some(Atom::Text(Arc::from(""))),
        _ => None,
    };
    Column {
        many: many.contains(&column),
        default,
    }
}

fn trimmed(line: Line) -> Span {
    let start = line.start + line.text.len() - line.text.trim_start().len();
    Span::new(start..start + line.text.trim().len())
}

/// Adds a reference to a row, and where it is written.
pub fn refer(row: &mut Row, column: Arc<str>, to: Atom, span: Span) {
    let mut value = row.cells.remove(&column).unwrap_or_else(|| Value {
        datum: Datum::Set(Vec::new()),
        written: Some(Box::new(Written {
            span,
            parts: Vec::new(),
            places: None,
        })),
    });
    if let (Datum::Set(atoms), Some(written)) = (&mut value.datum, &mut value.written) {
        atoms.push(to);
        written.parts.push(span);
    }
    row.cells.insert(column, value);
}

/// References are collected as they are printed; sets are sorted.
pub fn sort_references(row: &mut Row) {
    for (_, value) in &mut row.cells.0 {
        let (Datum::Set(atoms), Some(written)) = (&mut value.datum, &mut value.written) else {
            continue;
        };
        if atoms.len() != written.parts.len() {
            continue;
        }
        let mut parts: Vec<_> = atoms.drain(..).zip(written.parts.drain(..)).collect();
        parts.sort_by(|(a, _), (b, _)| a.cmp(b));
        parts.dedup_by(|(a, _), (b, _)| a == b);
        (*atoms, written.parts) = parts.into_iter().unzip();
    }
}
