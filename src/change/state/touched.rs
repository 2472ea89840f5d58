//! What of the model a command line touched, and how that is brought up to date.

use std::collections::BTreeSet;

use crate::site::build;
use crate::site::ovs::Ovs;
use crate::source::{FileId, Known};

use super::super::ctl::CellChange;
use super::super::ctl::store::RowId;
use super::State;

impl State<'_> {
    /// The rows of these tables that a change is about: those that changed, and those that refer to a row that did,
    /// directly or by others. What was deleted changed the row that held it.
    pub fn above(&self, changes: &[CellChange], tables: &[&str]) -> BTreeSet<RowId> {
        let schema = &self.store.schema;
        let row = |change: &CellChange| RowId {
            table: schema.table(change.table),
            uuid: change.row,
        };
        let mut open: Vec<RowId> = changes.iter().map(row).collect();
        let mut met = BTreeSet::new();
        let mut found = BTreeSet::new();
        while let Some(row) = open.pop() {
            if self.tables[row.table].is_none() || !met.insert(row) {
                continue;
            }
            if !tables.contains(&schema.tables[row.table].name) {
                let referrers = self.store.referrers(row.uuid).iter();
                open.extend(referrers.map(|referrer| referrer.row));
            } else if self.store.contains(row) {
                found.insert(row);
            }
        }
        found
    }

    /// Brings the Open vSwitch of a node up to date after a command line made these changes. What did not change
    /// is not looked at.
    pub fn update(&self, ovs: &mut Ovs, node: &str, changes: &[CellChange], script: FileId) {
        let Known::Seen(bridges) = &ovs.bridges else {
            *ovs = build::ovs_of(&[&self.whole(script)], node, None);
            return;
        };
        let table = self.store.schema.table("Bridge");
        let names = bridges.iter().map(|bridge| &bridge.name.value);
        let gone = names.filter(|name| self.store.by_name(table, name).is_none());
        let gone: Vec<String> = gone.cloned().collect();
        let mut rows = self.reach(self.above(changes, &["Bridge"]));
        // The root refers to every bridge: it comes alone.
        let root = self.store.schema.table("Open_vSwitch");
        let of_root = changes.iter().any(|change| change.table == "Open_vSwitch");
        rows.extend(self.store.rows(root).filter(|_| of_root));
        build::update_ovs(ovs, &self.database(rows, script), &gone);
    }
}
