//! The Open vSwitch of one node while commands are applied to it.

use std::sync::Arc;

use crate::change::Step;
use crate::change::ctl::store::RowId;
use crate::change::ctl::{self, CellChange, Refusal, Status, Tool, Word, parse, release};
use crate::change::effect::{Effect, Hosted, Kind, Table};
use crate::change::facts::Facts;
use crate::change::react::instances::Unsure;
use crate::change::react::patches::{self, Joints};
use crate::change::react::{self, Turn, bridges::Tables, chassis, claims, doubts, gateways};
use crate::change::state::State;
use crate::change::usage::{self, Used};
use crate::read::ovsdb::datum::Atom;
use crate::read::ovsdb::{Database, SchemaName};
use crate::site::ovn::LogicalSwitch;
use crate::site::ovn::bound::plugged_into;
use crate::site::ovn::local::refresh::Touched;
use crate::site::{Node, Site, Version, build};
use crate::source::{FileId, Known, Place};

use super::{blind, parts};

/// The Open vSwitch of a node.
pub struct Machine<'a> {
    /// The node, by its position in the site.
    pub at: usize,
    /// Its database.
    pub state: State<'a>,
    /// What its state amounts to.
    pub facts: Facts,
    /// What commands changed and nothing hangs on: the model has it not yet.
    pending: Vec<CellChange>,
    version: Option<Version>,
}

impl<'a> Machine<'a> {
    /// Reads the databases of a node; none where there are none.
    pub fn read(site: &Site, at: usize, databases: Vec<&'a Database>) -> Option<Self> {
        let node = &site.nodes[at];
        if databases.is_empty() {
            return None;
        }
        let version = release::of(SchemaName::OpenVswitch, &databases, node.openvswitch());
        let state = State::read(SchemaName::OpenVswitch, version.as_ref(), databases);
        Some(Self {
            at,
            state,
            facts: Facts::of(node),
            pending: Vec::new(),
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

    /// What the node and OVN make of what was changed. Says whether what patch ports hang on is other than before.
    pub fn react(
        &mut self,
        site: &mut Site,
        tables: &mut Tables,
        file: FileId,
        step: &mut Step,
    ) -> bool {
        if !step.changes.iter().any(decides) {
            self.pending.extend(step.changes.iter().cloned());
            return false;
        }
        let reached = Reached::by(&step.changes, &site.nodes[self.at]);
        let before = reached.patches.then(|| self.joints(site));
        let gateways = reached.gateways.then(|| gateways::of(site));
        let mapped = self.in_use(site, &step.changes);
        let plugged = reached.locality.then(|| plugged_into(&site.nodes[self.at]));
        // What only comes unplugs nobody.
        let goes = |change: &CellChange| {
            matches!(
                change.table,
                "Bridge" | "Port" | "Interface" | "Open_vSwitch"
            ) && change.before.is_some()
        };
        let goes = step.changes.iter().any(goes);
        let unsure = goes.then(|| Unsure::of(&site.nodes[self.at]));
        self.rebuild(site, file, &step.changes);
        let mut unplugged: Vec<String> = Vec::new();
        if let Some(plugged) = plugged {
            let now = plugged_into(&site.nodes[self.at]);
            unplugged = plugged.difference(&now).cloned().collect();
            claims::follow(site, self.at, (&plugged, &now), &step.place);
            site.refresh_locality(Touched {
                nodes: &[self.at],
                ..Touched::default()
            });
        }
        let after = Facts::of(&site.nodes[self.at]);
        let state = &self.state;
        let turn = Turn {
            node: &site.nodes[self.at],
            before: &self.facts,
            after: &after,
            changes: &step.changes,
            place: &step.place,
            mac: &|interface| mac(state, interface),
            owner: &|addresses| chassis::owner(site, &site.nodes[self.at], addresses),
            effects: Vec::new(),
        };
        let mut effects = react::node(turn, tables);
        usage::retain(&mut effects, &mapped);
        effects.extend(unplugged.into_iter().map(|port| {
            let kind = Kind::Unplugged { port };
            Effect::certain(&site.nodes[self.at].name, kind, &step.place)
        }));
        let node = &site.nodes[self.at];
        let doubts = doubts::of(
            site,
            node,
            (&self.facts, &after),
            &step.changes,
            &step.place,
        );
        step.doubts.extend(doubts);
        step.doubts
            .extend(unsure.and_then(|unsure| unsure.gone(node, &step.changes, &step.place)));
        let was = std::mem::replace(&mut self.facts, after);
        self.secure_again(site, &was, file);
        if let Some(before) = before {
            let place = place(&step.changes).unwrap_or(&step.place).clone();
            let after = self.joints(site);
            for ((switch, before), (_, after)) in before.iter().zip(&after) {
                effects.extend(patches::compare(site, switch, before, after, &place));
            }
        }
        if let Some(before) = gateways {
            effects.extend(gateways::compare(
                &before,
                &gateways::of_after(site, &before),
                Hosted::Scheduled,
                &step.place,
            ));
        }
        step.effects.extend(effects);
        reached.patches
    }

    /// ovn-controller makes its integration bridge secure again as soon as it is not, since 21.06 (facts O§4).
    fn secure_again(&mut self, site: &mut Site, was: &Facts, file: FileId) {
        let Some(name) = self.facts.ovn_bridge.clone() else {
            return;
        };
        let is = |facts: &Facts, secure: bool| {
            facts
                .bridge(&name)
                .is_some_and(|bridge| bridge.table == Table::Ovn && bridge.secure == Some(secure))
        };
        let standing = is(&self.facts, false) && is(was, true);
        let enforced = site.nodes[self.at]
            .ovn()
            .is_none_or(|version| version.at_least(&[21, 6]));
        if !standing || !enforced {
            return;
        }
        let words = ["set-fail-mode", &name, "secure"].map(|word| Word {
            value: word.to_owned(),
            place: None,
        });
        let version = self.version.as_ref();
        let Ok(line) = parse::line(Tool::Vsctl, &words, version) else {
            return;
        };
        let outcome = ctl::run_line(&mut self.state.store, Tool::Vsctl, &line, version);
        self.rebuild(site, file, &outcome.changes);
        self.facts = Facts::of(&site.nodes[self.at]);
    }

    /// What the localnet ports of every switch make on this node.
    fn joints(&self, site: &Site) -> Vec<(Arc<LogicalSwitch>, Joints)> {
        let switches = site.northbound.switches().iter();
        let provider = switches.filter(|switch| switch.is_patched());
        provider
            .map(|switch| {
                (
                    Arc::clone(switch),
                    patches::joints(site, switch, Some(self.at)),
                )
            })
            .collect()
    }

    /// Brings the model of the node up to date with what made no difference when it was changed.
    pub fn settle(&mut self, site: &mut Site, file: FileId) {
        if !self.pending.is_empty() {
            self.rebuild(site, file, &[]);
        }
    }

    /// Brings the model of the node up to date.
    fn rebuild(&mut self, site: &mut Site, file: FileId, changes: &[CellChange]) {
        let mut all = std::mem::take(&mut self.pending);
        all.extend_from_slice(changes);
        let changes = &all;
        let driver = site.driver;
        let node = Arc::make_mut(&mut site.nodes[self.at]);
        self.state.update(&mut node.ovs, &node.name, changes, file);
        build::finish_node(node, driver, &site.configurations);
    }

    /// Of the physnets that are mapped, those that switches use here: asked before the mappings change.
    fn in_use(&self, site: &Site, changes: &[CellChange]) -> Vec<Used> {
        let mapped = changes
            .iter()
            .any(|change| is_key(change, |key| key.starts_with("ovn-bridge-mappings")));
        if !mapped {
            return Vec::new();
        }
        let mapped = self.facts.mappings.iter().flatten();
        usage::of(site, self.at, mapped.map(|(physnet, _)| physnet))
    }
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
            let writes = blind::writes(&line, state);
            let mut outcome = ctl::run_line(&mut state.store, tool, &line, version);
            outcome.changes.retain(|change| !is_assumed(state, change));
            if outcome.status == Status::Done {
                step.parts = parts::parts(&line, &outcome.changes, &state.store);
                let doubts = blind::doubts(writes, &outcome.changes, step.owner());
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
    fn by(changes: &[CellChange], node: &Node) -> Self {
        let any = |is: &dyn Fn(&CellChange) -> bool| changes.iter().any(is);
        let key = |names: &'static [&'static str]| {
            move |change: &CellChange| {
                is_key(change, |key| names.iter().any(|name| key.starts_with(name)))
            }
        };
        // What no logical port is plugged in by makes no switch local.
        let held = |interface: &str| {
            let bridges = node.ovs.bridges.seen().into_iter();
            let mut bridges = bridges.flat_map(|bridges| bridges.iter());
            bridges.any(|bridge| {
                bridge
                    .interface(interface)
                    .is_some_and(|own| !matches!(own.iface_id, Known::Absent(_)))
            })
        };
        let plugged = any(&|change| {
            change.table == "Interface"
                && (change.is_key("external_ids", "iface-id")
                    || (change.column == "_uuid" && held(&change.record)))
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

/// Whether what runs may hang on a change. The rest is in the model at the end.
fn decides(change: &CellChange) -> bool {
    let key = change.key.as_ref().map(Atom::to_text);
    blind::decides((change.table, change.column), key.as_deref())
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
