//! Pieces of tables, as the outputs of the tools show them, put together into one database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::source::{FileId, Place};

use super::datum::{Atom, Datum, Uuid, Value};
use super::json::Pool;
use super::merge::Merged;
use super::model;
use super::names::{self, Known, NAMES, SINGLE};
use super::printed::BARE;
use super::replay::row_name;
use super::{Cells, Column, Database, Keep, Row, SchemaName, Table, Trouble, TroubleKind};

/// So many troubles of one file are told.
const MAX_TROUBLES: usize = 20;

/// What the lines before a block tell of it: a caption, or the command that printed it.
#[derive(Clone, Debug, Default)]
pub struct Hint {
    /// The tables that it may be; empty: nothing is told.
    pub tables: Vec<&'static Known>,
    /// Whether it is known to show all rows, or known not to.
    pub whole: Option<bool>,
    /// Whether the block stands under `Bridge table`.
    pub captioned: bool,
    /// Whether the command asked for `external_ids` of the root.
    pub external_ids: bool,
}

/// A piece of a table.
#[derive(Debug)]
pub struct Block {
    /// What the text around it tells.
    pub hint: Hint,
    /// Where it begins.
    pub place: Place,
    /// The columns that it shows.
    pub columns: Vec<Arc<str>>,
    /// The rows, in the order in which they are written.
    pub rows: Vec<Vec<(Arc<str>, Value)>>,
}

/// A piece whose table is known.
#[derive(Debug)]
pub struct Piece {
    /// Its database.
    pub schema: SchemaName,
    /// Its name.
    pub name: &'static str,
    /// What is shown of it.
    pub table: Table,
}

/// Everything that one text shows.
#[derive(Debug)]
pub struct Gathered {
    /// The file.
    pub file: FileId,
    /// Strings that occur often.
    pub pool: Pool,
    pieces: Vec<Piece>,
    blocks: Vec<Block>,
    troubles: Vec<Trouble>,
}

impl Hint {
    /// What a command line tells of its output.
    pub fn of_prompt(line: &str) -> Self {
        let mut words = line
            .split_whitespace()
            .skip_while(|word| !word.contains("ovs") && !word.contains("ovn-"));
        let mut hint = Self::default();
        words.next();
        let mut words = words.filter(|word| !word.starts_with('-'));
        while let Some(word) = words.next() {
            let list = match word {
                "list" => true,
                "find" => false,
                "get" => {
                    let column = words.nth(2);
                    hint.external_ids =
                        column == Some("external_ids") || column == Some("external-ids");
                    return hint;
                }
                _ => continue,
            };
            hint.tables = words.next().map(names::tables_meant).unwrap_or_default();
            let more = words
                .next()
                .is_none_or(|word| ["|", ">", ";", "&&", "\\"].contains(&word));
            hint.whole = Some(list && more);
            return hint;
        }
        hint
    }

    /// What a caption tells.
    pub fn of_caption(name: &str) -> Self {
        Self {
            tables: names::KNOWN
                .iter()
                .filter(|known| known.name == name)
                .collect(),
            whole: Some(true),
            captioned: true,
            external_ids: false,
        }
    }
}

impl Gathered {
    /// Nothing yet.
    pub fn new(file: FileId) -> Self {
        Self {
            file,
            pool: Pool::default(),
            pieces: Vec::new(),
            blocks: Vec::new(),
            troubles: Vec::new(),
        }
    }

    /// Adds a piece whose table its columns will tell.
    pub fn add(&mut self, block: Block) {
        // Printed bare, a set of two and a string with a blank are the same: nothing of it can be trusted.
        let bare = |(_, value): &(Arc<str>, Value)| value.datum == Datum::Unsure(BARE);
        if block.rows.iter().flatten().any(bare) {
            self.trouble(block.place, BARE);
            return;
        }
        self.blocks.push(block);
    }

    /// Adds a piece of a known table.
    pub fn add_piece(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    /// Adds a trouble; after so many, nobody reads on.
    pub fn trouble(&mut self, place: Place, message: impl Into<String>) {
        if self.troubles.len() == MAX_TROUBLES {
            return;
        }
        self.troubles.push(Trouble {
            kind: TroubleKind::Malformed,
            place,
            message: message.into(),
        });
    }

    /// Puts everything together. The schema is the one that most tables belong to.
    pub fn into_database(mut self, database: &mut Database, keep: Keep) {
        let blocks = std::mem::take(&mut self.blocks);
        let schema = self.schema(&blocks);
        for block in blocks {
            self.assign(block, schema);
        }
        database.schema = schema;
        let mut tables: BTreeMap<&str, Merged> = BTreeMap::new();
        for mut piece in self
            .pieces
            .into_iter()
            .filter(|piece| piece.schema == schema)
        {
            let Some(kept) = model::kept(keep, schema, piece.name) else {
                continue;
            };
            piece.table.columns.retain(|column, _| kept.has(column));
            for row in &mut piece.table.rows {
                row.cells.0.retain(|(column, _)| kept.has(column));
            }
            match tables.get_mut(piece.name) {
                Some(table) => table.add(piece.table),
                None => drop(tables.insert(piece.name, Merged::new(piece.table))),
            }
        }
        let tables = tables
            .into_iter()
            .map(|(name, merged)| (name.to_owned(), merged.table));
        database.tables = tables.collect();
        complete(&mut database.tables);
        database.troubles = self.troubles;
    }

    fn schema(&self, blocks: &[Block]) -> SchemaName {
        let mut votes: BTreeMap<SchemaName, usize> = BTreeMap::new();
        let told = blocks.iter().filter_map(|block| Some(whose(block)?.schema));
        for schema in told.chain(self.pieces.iter().map(|piece| piece.schema)) {
            *votes.entry(schema).or_default() += 1;
        }
        let most = votes
            .into_iter()
            .max_by_key(|&(schema, votes)| (votes, std::cmp::Reverse(schema)));
        most.map_or(SchemaName::Other, |(schema, _)| schema)
    }

    fn assign(&mut self, block: Block, schema: SchemaName) {
        let known = match block
            .hint
            .tables
            .iter()
            .find(|known| known.schema == schema)
        {
            // Gateway_Chassis, Meter, ... are tables of both northbound and southbound.
            Some(known) if block.hint.captioned => Some(*known),
            _ => whose(&block),
        };
        let Some(known) = known else {
            let columns: Vec<&str> = block.columns.iter().map(|column| &**column).collect();
            let message = if block.hint.captioned {
                // A table of a release that is newer than this program.
                return;
            } else {
                format!(
                    "the columns {} do not tell which table this is: list it with all columns",
                    columns.join(", ")
                )
            };
            self.trouble(block.place, message);
            return;
        };
        let table = table(known, block);
        self.add_piece(Piece {
            schema: known.schema,
            name: known.name,
            table,
        });
    }
}

/// Whose columns a block shows: of the table that the text around it tells, where that can be.
fn whose(block: &Block) -> Option<&'static Known> {
    let columns: Vec<&str> = block.columns.iter().map(|column| &**column).collect();
    match block.hint.tables[..] {
        // Tables of dumps have columns of all releases; what is asked for is known.
        [known] if block.hint.captioned => Some(known),
        [] => names::whose(&columns, &[]).map(|known| told_by_rows(known, &columns, block)),
        _ => names::whose(&columns, &block.hint.tables).or_else(|| names::whose(&columns, &[])),
    }
}

/// Types that only a port of a logical switch has.
const LOGICAL_TYPES: [&str; 9] = [
    "router",
    "localnet",
    "localport",
    "l2gateway",
    "vtep",
    "external",
    "virtual",
    "remote",
    "switch",
];

/// The longest name of a network device.
const DEVICE_NAME: usize = 15;

/// A choice of columns that two tables share: there the rows tell. An interface has a device's name, or a type
/// that no logical port has; a list of targets alone is one of controllers.
fn told_by_rows(known: &'static Known, columns: &[&str], block: &Block) -> &'static Known {
    let rival = match known.name {
        "Logical_Switch_Port" => "Interface",
        "Connection" => "Controller",
        _ => return known,
    };
    let has_all = |rival: &&Known| {
        columns
            .iter()
            .all(|column| *column == "_uuid" || rival.columns.contains(column))
    };
    let Some(rival) = names::KNOWN
        .iter()
        .find(|other| other.name == rival)
        .filter(has_all)
    else {
        return known;
    };
    let text = |row: &[(Arc<str>, Value)], column: &str| {
        let cell = row.iter().find(|(name, _)| **name == *column)?;
        match &cell.1.datum {
            Datum::Set(atoms) => atoms.first().map(Atom::to_text),
            _ => None,
        }
    };
    let types = block
        .rows
        .iter()
        .filter_map(|row| text(row, "type"))
        .filter(|kind| !kind.is_empty());
    let mut types = types.peekable();
    let is_rival = match (rival.name, types.peek().is_some()) {
        ("Interface", true) => !types.any(|kind| LOGICAL_TYPES.contains(&kind.as_str())),
        ("Interface", false) => block
            .rows
            .iter()
            .filter_map(|row| text(row, "name"))
            .all(|name| name.len() <= DEVICE_NAME),
        _ => true,
    };
    if is_rival { rival } else { known }
}

fn table(known: &Known, block: Block) -> Table {
    // One row may be all, or the one that was asked for.
    let several = block.rows.len() != 1;
    let complete = SINGLE.contains(&known.name) || block.hint.whole.unwrap_or(several);
    let columns = block
        .columns
        .into_iter()
        .filter(|column| **column != *"_uuid");
    Table {
        columns: columns.map(|column| (column, Column::default())).collect(),
        rows: block.rows.into_iter().map(row).collect(),
        complete,
        file: None,
    }
}

fn row(cells: Vec<(Arc<str>, Value)>) -> Row {
    let named = |column: &Arc<str>| NAMES.contains(&&**column);
    let first = cells
        .iter()
        .find(|(column, _)| named(column))
        .or(cells.first());
    let span = first.and_then(|(_, value)| Some(value.written.as_deref()?.span));
    let mut cells: Cells = cells.into_iter().collect();
    let uuid = cells.remove("_uuid").and_then(|value| match value.datum {
        Datum::Set(atoms) => match atoms[..] {
            [Atom::Uuid(uuid)] => Some(uuid),
            _ => None,
        },
        _ => None,
    });
    let mut row = Row {
        uuid,
        name: None,
        span,
        file: None,
        cells,
    };
    row.name = row_name(&row);
    row
}

/// Tables whose rows are all there: each one that a complete table refers to is shown.
const REFERENCES: &[(&str, &[(&str, &str)])] = &[
    ("Bridge", &[("Open_vSwitch", "bridges")]),
    ("Port", &[("Bridge", "ports")]),
    ("Interface", &[("Port", "interfaces")]),
    ("Controller", &[("Bridge", "controller")]),
    ("Manager", &[("Open_vSwitch", "manager_options")]),
    ("Logical_Switch_Port", &[("Logical_Switch", "ports")]),
    ("Logical_Router_Port", &[("Logical_Router", "ports")]),
    (
        "Gateway_Chassis",
        &[("Logical_Router_Port", "gateway_chassis")],
    ),
    ("NAT", &[("Logical_Router", "nat")]),
    ("Encap", &[("Chassis", "encaps")]),
];

fn complete(tables: &mut BTreeMap<String, Table>) {
    for (name, from) in REFERENCES {
        let Some(table) = tables.get(*name).filter(|table| !table.complete) else {
            continue;
        };
        let shown: BTreeSet<Uuid> = table.rows.iter().filter_map(|row| row.uuid).collect();
        let all = from.iter().all(|(parent, column)| {
            let parent = tables.get(*parent).filter(|parent| parent.complete);
            parent.is_some_and(|parent| {
                parent.columns.contains_key(*column)
                    && parent
                        .rows
                        .iter()
                        .all(|row| refers_only_to(row, column, &shown))
            })
        });
        if let Some(table) = tables.get_mut(*name).filter(|_| all) {
            table.complete = true;
        }
    }
}

fn refers_only_to(row: &Row, column: &str, shown: &BTreeSet<Uuid>) -> bool {
    match row.cells.get(column).map(|value| &value.datum) {
        None => true,
        Some(Datum::Set(atoms)) => atoms.iter().all(|atom| match atom {
            Atom::Uuid(uuid) => shown.contains(uuid),
            _ => false,
        }),
        Some(_) => false,
    }
}
