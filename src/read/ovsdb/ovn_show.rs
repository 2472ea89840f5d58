//! `ovn-nbctl show` and `ovn-sbctl show`: switches and routers with their ports, chassis with their encaps.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::source::Span;

use super::datum::{Atom, Datum, Uuid, Value, Written};
use super::gather::{Gathered, Piece};
use super::json::Pool;
use super::lines::{Line, Lines};
use super::show::{refer, sort_references};
use super::{Column, Row, SchemaName, Table, printed};

/// What one line is: a row that begins, or a column of the row before.
enum Said<'a> {
    Switch(&'a str),
    Router(&'a str),
    Port(&'a str),
    Nat(&'a str),
    Chassis(&'a str),
    Encap(&'a str),
    Binding(&'a str),
    Column(&'static str, &'a str),
    Other,
}

/// What is printed of each table; of the rest only what is set.
const SHOWN: &[(SchemaName, &str, &[&str])] = &[
    (SchemaName::Northbound, "Logical_Switch", &["name", "ports"]),
    (
        SchemaName::Northbound,
        "Logical_Switch_Port",
        &["name", "parent_name", "tag", "type"],
    ),
    (
        SchemaName::Northbound,
        "Logical_Router",
        &["name", "nat", "ports"],
    ),
    (
        SchemaName::Northbound,
        "Logical_Router_Port",
        &["gateway_chassis", "mac", "name", "networks"],
    ),
    (SchemaName::Northbound, "Gateway_Chassis", &["chassis_name"]),
    (
        SchemaName::Northbound,
        "NAT",
        &["external_ip", "logical_ip", "type"],
    ),
    (
        SchemaName::Southbound,
        "Chassis",
        &["encaps", "hostname", "name"],
    ),
    (SchemaName::Southbound, "Encap", &["ip", "options", "type"]),
    (
        SchemaName::Southbound,
        "Port_Binding",
        &["chassis", "logical_port"],
    ),
];

/// One output while it is read.
struct Show<'a> {
    pool: &'a mut Pool,
    tables: BTreeMap<&'static str, Table>,
    /// The table of the ports that follow: of a switch or of a router.
    ports: &'static str,
    /// The table of the row that columns belong to.
    current: &'static str,
    /// The gateway chassis that have a row.
    gateways: HashSet<String>,
    whole: bool,
}

/// Whether an output begins with this line.
pub fn begins(text: &str) -> bool {
    matches!(
        said(text),
        Some(Said::Switch(_) | Said::Router(_) | Said::Chassis(_))
    )
}

/// Reads until something else begins.
pub fn read(lines: &mut Lines, gathered: &mut Gathered) {
    let mut show = Show {
        pool: &mut gathered.pool,
        tables: BTreeMap::new(),
        ports: "Logical_Switch_Port",
        current: "",
        gateways: HashSet::new(),
        whole: true,
    };
    while let Some(line) = lines.peek() {
        let text = line.text.trim();
        if text == "..." || text == "(...)" {
            show.whole = false;
        } else if !text.is_empty() {
            let Some(said) = said(text) else { break };
            show.line(&said, line);
        }
        lines.next();
    }
    let (mut tables, whole) = (show.tables, show.whole);
    for row in tables.values_mut().flat_map(|table| &mut table.rows) {
        sort_references(row);
    }
    // Which tables there are is told by the first row; the others have no rows.
    let southbound = tables.contains_key("Chassis");
    for (schema, name, columns) in SHOWN {
        if southbound != (*schema == SchemaName::Southbound) {
            continue;
        }
        let rows = tables
            .remove(name)
            .map(|table| table.rows)
            .unwrap_or_default();
        let column = |column: &&str| {
            let many = [
                "ports",
                "nat",
                "networks",
                "gateway_chassis",
                "encaps",
                "options",
            ]
            .contains(column);
            let shown = Column {
                many,
                default: None,
            };
            (Arc::from(*column), shown)
        };
        let mut columns: BTreeMap<_, _> = columns.iter().map(column).collect();
        // Old releases print no types: where none is seen, none is known.
        if *name == "Logical_Switch_Port" && rows.iter().all(|row| row.cells.get("type").is_none())
        {
            columns.remove("type");
        }
        let table = Table {
            columns,
            rows,
            // Port bindings without a chassis are not printed.
            complete: whole && *name != "Port_Binding" && *name != "Gateway_Chassis",
            file: None,
        };
        gathered.add_piece(Piece {
            schema: *schema,
            name,
            table,
        });
    }
}

fn said(text: &str) -> Option<Said<'_>> {
    let text = text.trim();
    if let Some((word, rest)) = text.split_once(' ') {
        let uuid = || {
            rest.split(' ')
                .next()
                .is_some_and(|first| first.parse::<Uuid>().is_ok())
        };
        let one = super::lines::word_length(rest) == rest.len();
        match word {
            "switch" if uuid() => return Some(Said::Switch(rest)),
            "router" if uuid() => return Some(Said::Router(rest)),
            "nat" if uuid() => return Some(Said::Nat(rest)),
            "port" => return Some(Said::Port(rest)),
            "Chassis" if one => return Some(Said::Chassis(rest)),
            "Encap" if one => return Some(Said::Encap(rest)),
            "Port_Binding" if one => return Some(Said::Binding(rest)),
            _ => {}
        }
    }
    let (name, value) = text.split_once(':')?;
    let column = match name {
        "type" => "type",
        "parent" => "parent_name",
        "tag" => "tag",
        "mac" => "mac",
        "networks" => "networks",
        "gateway chassis" => "gateway_chassis",
        "external ip" => "external_ip",
        "logical ip" => "logical_ip",
        "hostname" => "hostname",
        "ip" => "ip",
        "options" => "options",
        // Of the options of a port only one is printed, so they stay unseen.
        "addresses" | "router-port" | "ipv6-lla" | "external port" | "external port(s)"
        | "redundancy group" => {
            return Some(Said::Other);
        }
        _ => return None,
    };
    Some(Said::Column(column, value))
}

impl Show<'_> {
    fn line(&mut self, said: &Said, line: Line) {
        match *said {
            Said::Switch(rest) => {
                self.ports = "Logical_Switch_Port";
                self.titled("Logical_Switch", rest, line);
            }
            Said::Router(rest) => {
                self.ports = "Logical_Router_Port";
                self.titled("Logical_Router", rest, line);
            }
            Said::Port(rest) => {
                let parent = if self.ports == "Logical_Switch_Port" {
                    "Logical_Switch"
                } else {
                    "Logical_Router"
                };
                let name = without_alias(rest);
                self.row(self.ports, "name", name, name, line);
                self.refer(parent, "ports", name, line);
            }
            Said::Nat(rest) => {
                let uuid = rest.split(' ').next().unwrap_or("");
                self.row("NAT", "", uuid, uuid, line);
                self.refer("Logical_Router", "nat", uuid, line);
            }
            Said::Chassis(rest) => self.quoted("Chassis", "name", rest, line),
            Said::Encap(rest) => {
                let chassis = self.last_name("Chassis");
                self.quoted("Encap", "type", rest, line);
                // Encaps have no name: they go by that of their chassis and their number.
                let number = self.tables["Encap"].rows.len();
                let name = self.pool.share(&format!("{chassis}/{number}"));
                if let Some(row) = self.last("Encap") {
                    row.name = Some(name.clone());
                }
                self.refer("Chassis", "encaps", &name, line);
            }
            Said::Binding(rest) => {
                self.quoted("Port_Binding", "logical_port", rest, line);
                let chassis = self.last_name("Chassis");
                self.refer("Port_Binding", "chassis", &chassis, line);
            }
            Said::Column("gateway_chassis", list) => self.gateways(list, line),
            Said::Column(column, text) => {
                let start = offset(text, line);
                let mut value = printed::value(text, start, self.pool);
                as_text(&mut value, column, self.pool);
                let column = self.pool.share(column);
                let current = self.current;
                if let Some(row) = self.last(current) {
                    row.cells.insert(column, value);
                }
            }
            Said::Other => {}
        }
    }

    /// `<uuid> (name) (aka alias)`.
    fn titled(&mut self, table: &'static str, rest: &str, line: Line) {
        let (uuid, title) = rest.split_once(' ').unwrap_or((rest, ""));
        let title = without_alias(title.trim());
        let name = title
            .strip_prefix('(')
            .and_then(|name| name.strip_suffix(')'))
            .unwrap_or(title);
        self.row(table, "name", name, name, line);
        if let Some(row) = self.last(table) {
            row.uuid = uuid.parse().ok();
        }
    }

    /// A row whose name is printed as values are.
    fn quoted(&mut self, table: &'static str, column: &str, text: &str, line: Line) {
        let name = printed::name(text, self.pool);
        let content = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .unwrap_or(text);
        self.row(table, column, &name, content, line);
    }

    fn row(&mut self, table: &'static str, column: &str, name: &str, written: &str, line: Line) {
        let start = offset(written, line);
        let span = Span::new(start..start + written.len());
        let name = self.pool.share(name);
        let mut row = Row {
            uuid: name.parse().ok().filter(|_| column.is_empty()),
            name: Some(name.clone()).filter(|_| !column.is_empty()),
            span: Some(span),
            ..Row::default()
        };
        if !column.is_empty() {
            let value = Value {
                datum: Datum::one(Atom::Text(name)),
                written: Some(Box::new(Written {
                    span,
                    parts: vec![span],
                    places: None,
                })),
            };
            row.cells.insert(self.pool.share(column), value);
        }
        self.tables.entry(table).or_default().rows.push(row);
        self.current = table;
    }

    /// `[os-network os-gateway]`, the chassis with the highest priority first.
    fn gateways(&mut self, list: &str, line: Line) {
        let inner = list.trim().trim_start_matches('[').trim_end_matches(']');
        for name in inner.split([' ', ',']).filter(|name| !name.is_empty()) {
            if self.gateways.insert(name.to_owned()) {
                self.row("Gateway_Chassis", "chassis_name", name, name, line);
            }
            self.refer("Logical_Router_Port", "gateway_chassis", name, line);
        }
        self.current = "Logical_Router_Port";
    }

    fn refer(&mut self, parent: &str, column: &str, name: &str, line: Line) {
        let column = self.pool.share(column);
        let atom = match name.parse() {
            Ok(uuid) if *column == *"nat" => Atom::Uuid(uuid),
            _ => Atom::Named(self.pool.share(name)),
        };
        let text = line.text.trim();
        let start = offset(text, line);
        let span = Span::new(start..start + text.len());
        if let Some(row) = self.last(parent) {
            refer(row, column, atom, span);
        }
    }

    fn last(&mut self, table: &str) -> Option<&mut Row> {
        self.tables.get_mut(table)?.rows.last_mut()
    }

    fn last_name(&mut self, table: &str) -> Arc<str> {
        let name = self.last(table).and_then(|row| row.name.clone());
        name.unwrap_or_else(|| Arc::from(""))
    }
}

fn offset(part: &str, line: Line) -> usize {
    line.start + (part.as_ptr().addr() - line.text.as_ptr().addr())
}

/// Names stand as they are: without quotes, blanks and all.
fn without_alias(text: &str) -> &str {
    match text.rfind(" (aka ") {
        Some(at) if text.ends_with(')') => &text[..at],
        _ => text,
    }
}

/// The tools print strings of the northbound bare that `list` would put into quotes.
fn as_text(value: &mut Value, column: &str, pool: &mut Pool) {
    let Datum::Set(atoms) = &mut value.datum else {
        return;
    };
    if let ([atom], true) = (&mut atoms[..], column != "tag") {
        *atom = Atom::Text(pool.share(&atom.to_text()));
    }
}
