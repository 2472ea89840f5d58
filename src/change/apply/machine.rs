//! The Open vSwitch of one node while commands are applied to it.

use std::sync::Arc;

use crate::change::Step;
use crate::change::ctl::store::RowId;
use crate::change::ctl::{self, CellChange, Refusal, Status, Tool, Word, parse};
use crate::change::effect::{Effect, Kind, Patch};
use crate::change::facts::Facts;
use crate::change::react::patches::{self, Joints};
use crate::change::react::{self, Turn, bridges::Tables, gateways};
use crate::change::state::State;
use crate::change::usage::{self, Used};
use crate::read::ovsdb::datum::Atom;
use crate::read::ovsdb::{Database, SchemaName};
use crate::site::ovn::LogicalSwitch;
use crate::site::ovn::local::refresh::Touched;
use crate::site::{Site, Version, build};
use crate::source::{FileId, Place};

use super::parts;

/// The Open vSwitch of a node.
pub struct Machine<'a> {
    /// The node, by its position in the site.
    pub at: usize,
    /// Its database.
    pub state: State<'a>,
    /// What its state amounts to.
    pub facts: Facts,
    version: Option<Version>,
}

impl<'a> Machine<'a> {
    /// Reads the databases of a node; none where there are none.
    pub fn read(site: &Site, at: usize, databases: Vec<&'a Database>) -> Option<Self> {
        let node = &site.nodes[at];
        if databases.is_empty() {
            return None;
        }
        let version = node.openvswitch().cloned();
        let state = State::read(SchemaName::OpenVswitch, version.as_ref(), databases);
        Some(Self {
            at,
            state,
            facts: Facts::of(node),
            version,
        })
    }

    /// Runs a command line on the database.
    pub fn run(&mut self, words: &[Word], step: &mut Step) -> ctl::Outcome {
        run(
            &mut self.state,
            Tool::Vsctl,
            words,
            self.version.as_ref(),
            step,
        )
    }

    /// What the node and OVN make of what was changed.
    pub fn react(&mut self, site: &mut Site, tables: &mut Tables, file: FileId, step: &mut Step) {
        let reached = Reached::by(&step.changes);
        let before = reached.patches.then(|| self.joints(site));
        let gateways = reached.gateways.then(|| gateways::of(site));
        let mapped = self.in_use(site, &step.changes);
        self.rebuild(site, file, &step.changes, &reached);
        let after = Facts::of(&site.nodes[self.at]);
        let state = &self.state;
        let turn = Turn {
            node: &site.nodes[self.at],
            before: &self.facts,
            after: &after,
            changes: &step.changes,
            place: &step.place,
            mac: &|interface| mac(state, interface),
            effects: Vec::new(),
        };
        let mut effects = react::node(turn, tables);
        usage::retain(&mut effects, &mapped);
        self.facts = after;
        if let Some(before) = before {
            let place = place(&step.changes).unwrap_or(&step.place).clone();
            let after = self.joints(site);
            for ((switch, before), (_, after)) in before.iter().zip(&after) {
                effects.extend(patches::compare(site, switch, before, after, &place));
            }
            stay(&mut effects);
        }
        if let Some(before) = gateways {
            effects.extend(gateways::compare(
                &before,
                &gateways::of_after(site, &before),
                &step.place,
            ));
        }
        step.effects.extend(effects);
    }

    /// What the localnet ports of every switch make on this node.
    fn joints(&self, site: &Site) -> Vec<(Arc<LogicalSwitch>, Joints)> {
        let switches = site.northbound.switches().iter();
        let provider = switches.filter(|switch| switch.localnets().next().is_some());
        provider
            .map(|switch| {
                (
                    Arc::clone(switch),
                    patches::joints(site, switch, Some(self.at)),
                )
            })
            .collect()
    }

    /// Brings the model up to date; with it, what was derived of which switch is local where.
    fn rebuild(&self, site: &mut Site, file: FileId, changes: &[CellChange], reached: &Reached) {
        let driver = site.driver;
        let node = Arc::make_mut(&mut site.nodes[self.at]);
        self.state.update(&mut node.ovs, &node.name, changes, file);
        build::finish_node(node, driver, &site.configurations);
        if reached.locality {
            site.refresh_locality(Touched {
                nodes: &[self.at],
                ..Touched::default()
            });
        }
    }

    /// Of the physnets that are mapped, those that switches use here: asked before the mappings change.
    fn in_use(&self, site: &Site, changes: &[CellChange]) -> Vec<Used> {
        let mapped = changes
            .iter()
            .any(|change| is_key(change, |key| key.starts_with("ovn-bridge-mappings")));
        if !mapped {
            return Vec::new();
        }
        let mapped = self.facts.mappings.iter();
        usage::of(site, self.at, mapped.map(|(physnet, _)| physnet))
    }
}

/// Where OVN is stuck while it moves a physnet, the patch ports stay where they are (facts O§6.6).
fn stay(effects: &mut Vec<Effect>) {
    let stuck: Vec<(String, String)> = effects
        .iter()
        .filter_map(|effect| match &effect.kind {
            Kind::Remapped {
                from,
                to,
                stuck: true,
                ..
            } => Some((from.clone(), to.clone())),
            _ => None,
        })
        .collect();
    effects.retain(|effect| match &effect.kind {
        Kind::Patched {
            bridge: Some(bridge),
            patch,
            ..
        } => !stuck.iter().any(|(from, to)| match patch {
            Patch::Removed => bridge == from,
            Patch::Added => bridge == to,
        }),
        _ => true,
    });
}

/// Runs a command line on a database, and notes its commands.
pub fn run(
    state: &mut State,
    tool: Tool,
    words: &[Word],
    version: Option<&Version>,
    step: &mut Step,
) -> ctl::Outcome {
    match parse::line(tool, words, version) {
        Ok(line) => {
            let doubts = parts::doubts(&line, &state.store);
            let mut outcome = ctl::run_line(&mut state.store, tool, &line, version);
            outcome.changes.retain(|change| !is_assumed(state, change));
            if outcome.status == Status::Done {
                step.parts = parts::parts(&line, &outcome.changes, &state.store);
                step.doubts.extend(doubts);
            }
            outcome
        }
        Err(refusal) => refused(refusal),
    }
}

/// Whether it is the row of the whole database, which the tool makes where there is none: where no input shows it, it
/// is there all the same.
fn is_assumed(state: &State, change: &CellChange) -> bool {
    let store = &state.store;
    let root = matches!(change.table, "NB_Global" | "Open_vSwitch") && change.column == "_uuid";
    root && change.before.is_none() && store.incomplete(store.schema.table(change.table))
}

fn refused(refusal: Refusal) -> ctl::Outcome {
    ctl::Outcome::of(Status::Refused(refusal))
}

/// What of OVN a change of a node's database reaches.
struct Reached {
    /// Where patch ports come and go.
    patches: bool,
    /// Which switches are local.
    locality: bool,
    /// Which chassis host gateways.
    gateways: bool,
}

impl Reached {
    fn by(changes: &[CellChange]) -> Self {
        let any = |is: &dyn Fn(&CellChange) -> bool| changes.iter().any(is);
        let key = |names: &'static [&'static str]| {
            move |change: &CellChange| {
                is_key(change, |key| names.iter().any(|name| key.starts_with(name)))
            }
        };
        let plugged = any(&|change| {
            change.table == "Interface" && matches!(change.column, "_uuid" | "external_ids")
        });
        let bridges = any(&|change| change.table == "Bridge" && change.column == "_uuid");
        let registered = any(&key(&[
            "system-id",
            "hostname",
            "ovn-remote",
            "ovn-encap-ip",
            "ovn-bridge",
        ]));
        let mapped = any(&key(&["ovn-bridge-mappings"]));
        let locality = plugged || bridges || registered;
        Self {
            patches: locality || mapped,
            locality,
            gateways: mapped || any(&key(&["ovn-cms-options"])),
        }
    }
}

/// Whether a change is one of a key of `Open_vSwitch.external_ids`.
fn is_key(change: &CellChange, is: impl Fn(&str) -> bool) -> bool {
    change.table == "Open_vSwitch"
        && change.column == "external_ids"
        && change.key.as_ref().is_some_and(|key| match key {
            Atom::Text(key) => is(key),
            _ => false,
        })
}

/// Where the first of the changes that OVN reads is written.
fn place(changes: &[CellChange]) -> Option<&Place> {
    let read = changes.iter().find(|change| change.table == "Open_vSwitch");
    read.or(changes.first())?.place.as_ref()
}

/// The MAC address that an interface has.
fn mac(state: &State, interface: &str) -> Option<String> {
    let store = &state.store;
    let table = store.schema.table("Interface");
    let row: RowId = store.by_name(table, interface)?;
    store.one_text(row, "mac_in_use", None).map(str::to_owned)
}
