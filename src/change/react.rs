//! How ovs-vswitchd, ovn-controller and the agents react to what a command changed.

pub mod bridges;
pub mod chassis;
pub mod claims;
pub mod doubts;
pub mod gateways;
pub mod held;
pub mod instances;
pub mod links;
pub mod management;
pub mod patches;
pub mod services;

use crate::read::ovsdb::datum::Atom;
use crate::site::Node;
use crate::source::Place;

use super::Doubt;
use super::ctl::CellChange;
use super::effect::{Effect, Kind};
use super::facts::Facts;
use bridges::Tables;

/// One command on one node: what was, what is, and what happens because of it.
pub struct Turn<'a> {
    /// The node, as the command leaves it.
    pub node: &'a Node,
    /// What its state amounted to.
    pub before: &'a Facts,
    /// What it amounts to.
    pub after: &'a Facts,
    /// What the command changed in its database.
    pub changes: &'a [CellChange],
    /// The command.
    pub place: &'a Place,
    /// The MAC address of an interface, where the database tells it.
    pub mac: &'a dyn Fn(&str) -> Option<String>,
    /// Which other chassis has a tunnel address, by the name of its node.
    pub owner: &'a dyn Fn(&str) -> Option<String>,
    /// What happens.
    pub effects: Vec<Effect>,
}

/// What a command of another program does to a node, as it is found out.
pub struct Noted<'a> {
    /// The node.
    pub node: &'a str,
    /// The words.
    pub place: Place,
    /// What happens.
    pub effects: Vec<Effect>,
    /// What cannot be told.
    pub doubts: Vec<Doubt>,
}

impl Noted<'_> {
    /// Notes what is certain to happen.
    pub fn push(&mut self, kind: Kind) {
        self.push_with(kind, None);
    }

    /// Notes what happens, or may.
    pub fn push_with(&mut self, kind: Kind, needs: Option<&'static str>) {
        self.effects.push(Effect {
            needs,
            ..Effect::certain(self.node, kind, &self.place)
        });
    }

    /// Notes what cannot be told.
    pub fn doubt(&mut self, message: String) {
        self.doubt_with(message, None);
    }

    /// Notes what cannot be told, and the input that would settle it.
    pub fn doubt_with(&mut self, message: String, needs: Option<&'static str>) {
        self.doubts.push(Doubt {
            place: self.place.clone(),
            message,
            needs,
        });
    }
}

/// What a change of a node's database brings about.
pub fn node(mut turn: Turn, tables: &mut Tables) -> Vec<Effect> {
    let flushes = bridges::react(&mut turn, tables);
    management::react(&mut turn, &flushes);
    chassis::react(&mut turn);
    turn.effects
}

impl Turn<'_> {
    /// The words that changed a cell, or a key of it; the whole command where they cannot be told.
    pub fn at(&self, (table, record): (&str, &str), column: &str, key: Option<&str>) -> Place {
        let is_key =
            |own: &Option<Atom>| key.is_none() || own.as_ref().map(Atom::to_text).as_deref() == key;
        let mut changes = self.changes.iter();
        let found = changes.find(|change| {
            change.table == table
                && (record.is_empty() || change.record == record)
                && (change.column == column || change.column == "_uuid")
                && is_key(&change.key)
        });
        let place = found.and_then(|change| change.place.clone());
        place.unwrap_or_else(|| self.place.clone())
    }

    /// The words that changed something of a table in a way that `is` tells.
    pub fn first(&self, is: impl Fn(&CellChange) -> bool) -> Place {
        let found = self.changes.iter().find(|change| is(change));
        let place = found.and_then(|change| change.place.clone());
        place.unwrap_or_else(|| self.place.clone())
    }

    /// Notes what is certain to happen.
    pub fn push(&mut self, kind: Kind, place: &Place) {
        let effect = Effect::certain(&self.node.name, kind, place);
        self.effects.push(effect);
    }

    /// Notes what may happen; the input that would settle it.
    pub fn push_possible(&mut self, kind: Kind, place: &Place, needs: &'static str) {
        self.effects.push(Effect {
            needs: Some(needs),
            ..Effect::certain(&self.node.name, kind, place)
        });
    }

    /// Notes what happens, or may.
    pub fn push_with(&mut self, kind: Kind, place: &Place, needs: Option<&'static str>) {
        match needs {
            Some(needs) => self.push_possible(kind, place, needs),
            None => self.push(kind, place),
        }
    }
}
