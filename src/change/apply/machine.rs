//! The Open vSwitch of one node while commands are applied to it.

use std::sync::Arc;

use crate::change::Step;
use crate::change::ctl::store::RowId;
use crate::change::ctl::{self, CellChange, Refusal, Status, Tool, Word, parse};
use crate::change::effect::{Kind, Table};
use crate::change::facts::Facts;
use crate::change::react::patches::{self, Joints};
use crate::change::react::{self, Turn, bridges::Tables, claims, gateways};
use crate::change::state::State;
use crate::read::ovsdb::datum::Atom;
use crate::read::ovsdb::{Database, SchemaName};
use crate::site::ovn::LogicalSwitch;
use crate::site::ovn::bound::plugged_into;
use crate::site::ovn::local::Local;
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
        let gone = self.unmapped(site, &step.changes);
        let plugged = plugged_into(&site.nodes[self.at]);
        self.rebuild(site, file, &step.changes, &reached);
        if reached.locality {
            let now = plugged_into(&site.nodes[self.at]);
            claims::follow(site, self.at, (&plugged, &now), &step.place);
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
            effects: Vec::new(),
        };
        let mut effects = react::node(turn, tables);
        effects.retain_mut(|effect| match &mut effect.kind {
            Kind::Unmapped {
                physnet, switches, ..
            } => {
                let used = gone.iter().find(|used| used.physnet == *physnet);
                used.is_some_and(|used| {
                    switches.clone_from(&used.switches);
                    effect.needs = used.needs;
                    true
                })
            }
            _ => true,
        });
        self.facts = after;
        self.secure_again(site, file);
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
                &step.place,
            ));
        }
        step.effects.extend(effects);
    }

    /// ovn-controller makes its integration bridge secure again as soon as it is not, since 21.06 (facts O§4).
    fn secure_again(&mut self, site: &mut Site, file: FileId) {
        let Some(name) = self.facts.ovn_bridge.clone() else {
            return;
        };
        let standing = self
            .facts
            .bridge(&name)
            .is_some_and(|bridge| bridge.table == Table::Ovn && bridge.secure == Some(false));
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
        let reached = Reached::by(&outcome.changes);
        self.rebuild(site, file, &outcome.changes, &reached);
        self.facts = Facts::of(&site.nodes[self.at]);
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
            site.forget_locality();
        }
    }

    /// Of the physnets that are mapped, those that switches use here: asked before the mappings change.
    fn unmapped(&self, site: &Site, changes: &[CellChange]) -> Vec<Used> {
        let mapped = changes
            .iter()
            .any(|change| is_key(change, |key| key.starts_with("ovn-bridge-mappings")));
        if !mapped {
            return Vec::new();
        }
        let used = self
            .facts
            .mappings
            .iter()
            .filter_map(|(physnet, _)| used(site, self.at, physnet));
        used.collect()
    }
}

/// A physnet that switches use on a node.
struct Used {
    physnet: String,
    switches: Vec<String>,
    needs: Option<&'static str>,
}

fn used(site: &Site, at: usize, physnet: &str) -> Option<Used> {
    let used = |switches, needs| {
        Some(Used {
            physnet: physnet.to_owned(),
            switches,
            needs,
        })
    };
    if site.northbound.switches.seen().is_none() {
        return used(Vec::new(), Some(super::NORTHBOUND));
    }
    let names = |switch: &&Arc<LogicalSwitch>| {
        switch.localnets().any(|port| {
            port.physnet()
                .seen()
                .is_some_and(|name| name.value == physnet)
        })
    };
    let (mut certain, mut doubt) = (Vec::new(), None);
    for switch in site.northbound.switches().iter().filter(names) {
        let present = site.chassis_with_local_datapath(switch);
        let here = present
            .iter()
            .find(|presence| presence.chassis.node == Some(at));
        match here.map(|presence| &presence.local) {
            Some(Local::Yes(_)) => certain.push(switch.name.value.clone()),
            Some(Local::Possible(needs)) => doubt = Some(*needs),
            Some(Local::No) | None => {}
        }
    }
    match (certain.is_empty(), doubt) {
        (false, _) => used(certain, None),
        (true, Some(needs)) => used(certain, Some(needs)),
        (true, None) => None,
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
            let outcome = ctl::run_line(&mut state.store, tool, &line, version);
            if outcome.status == Status::Done {
                step.parts = parts::parts(&line, &outcome.changes);
            }
            outcome
        }
        Err(refusal) => refused(refusal),
    }
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
