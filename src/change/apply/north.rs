//! The northbound database while commands are applied to it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::change::Step;
use crate::change::ctl::store::RowId;
use crate::change::ctl::{self, Tool, Word, release};
use crate::change::effect::{Back, Effect, Hosted, Kind};
use crate::change::reach::{self, Reach, Scope};
use crate::change::react::gateways;
use crate::change::react::patches::{self, Joints};
use crate::change::state::State;
use crate::read::ovsdb::datum::Uuid;
use crate::read::ovsdb::{Database, SchemaName};
use crate::site::ovn::local::refresh::Touched;
use crate::site::ovn::{LogicalRouter, LogicalSwitch};
use crate::site::ovs::{Bridge, Port};
use crate::site::{Site, Version, build};
use crate::source::{FileId, Known, Place};

use super::{databases, machine};

/// The northbound database.
pub struct North<'a> {
    state: State<'a>,
    version: Option<Version>,
    /// Switches and routers that commands changed since the model was last made of them.
    stale: Reach,
    switches: Positions,
    routers: Positions,
    /// Names of ports that are, or may be, plugged in somewhere; none until somebody asked.
    bound: Option<Bound>,
    /// What the localnet ports of switches make, as far as it was worked out and still holds.
    joints: HashMap<String, Arc<Joints>>,
}

/// Which ports are plugged in.
struct Bound {
    names: HashSet<String>,
    /// Whether no other can be.
    whole: bool,
}

impl<'a> North<'a> {
    /// Reads it; none where no input shows it.
    pub fn read(
        states: &[(Option<String>, &'a Database)],
        version: Option<&Version>,
    ) -> Option<Self> {
        let files = databases(states, SchemaName::Northbound, None);
        let version = release::of(SchemaName::Northbound, &files, version);
        (!files.is_empty()).then(|| Self {
            state: State::read(SchemaName::Northbound, version.as_ref(), files),
            version,
            stale: Reach::default(),
            switches: Positions::default(),
            routers: Positions::default(),
            bound: None,
            joints: HashMap::new(),
        })
    }

    /// Runs a command line on it.
    pub fn run(&mut self, words: &[Word], step: &mut Step) -> ctl::Outcome {
        let version = self.version.as_ref();
        machine::run(&mut self.state, Tool::Nbctl, words, version, step)
    }

    /// What OVN makes of what was changed.
    pub fn react(&mut self, site: &mut Site, file: FileId, step: &mut Step) {
        step.effects
            .extend(tunnels(site, &step.changes, &step.place));
        let reach = {
            let bound = self.bound.get_or_insert_with(|| Bound::of(site));
            let kind = |port: &str| kind_of(site, port);
            let plugged = |port: &str| !bound.whole || bound.names.contains(port);
            reach::of(&self.state, &step.changes, kind, plugged)
        };
        if reach.patches == Scope::Nowhere {
            return self.stale.join(reach);
        }
        // What is stale made no difference to patch ports. It must not be made anew before this is taken: the database
        // holds this change, too.
        let routers: HashSet<String> = reach.routers.iter().map(Uuid::to_string).collect();
        let switches: HashSet<String> = reach.switches.iter().map(Uuid::to_string).collect();
        let wide = reach.patches == Scope::Anywhere;
        let mut ids = switches.clone();
        if wide {
            let (beside, behind) = joined_by(site, &self.ends(&reach));
            let switches = switches.union(&beside).cloned().collect();
            let routers = routers.union(&behind).cloned().collect();
            ids.extend(site.hanging_on(&switches, &routers));
        }
        let before = self.joined(site, &ids);
        let gateways = gateways::of_routers(site, |id| routers.contains(id));
        self.settle_these(site, file, &reach);
        self.forget(&ids);
        let after = self.joined(site, &ids);
        step.effects.extend(compare(site, &before, &after, step));
        let left = gateways::of_routers(site, |id| routers.contains(id));
        step.effects.extend(gateways::compare(
            &gateways,
            &left,
            Hosted::Bound,
            &step.place,
        ));
    }

    /// The names of the ports of the routers that a transaction reached, and of those at their other ends: as it leaves
    /// them, for they may be joined to what is there already.
    fn ends(&self, reach: &Reach) -> HashSet<String> {
        let store = &self.state.store;
        let router = store.schema.table("Logical_Router");
        let port = store.schema.table("Logical_Router_Port");
        let rows = reach.routers.iter().map(|uuid| RowId {
            table: router,
            uuid: *uuid,
        });
        let rows = self.state.reach(rows).into_iter();
        let ports = rows.filter(|row| row.table == port);
        let names = ports
            .flat_map(|row| [store.text(row, "name"), store.text(row, "peer")].map(str::to_owned));
        names.filter(|name| !name.is_empty()).collect()
    }

    /// What patch ports hang on is other than before on some node: its mappings, bridges or what is plugged in.
    pub fn replugged(&mut self) {
        self.bound = None;
        self.joints.clear();
    }

    /// Makes the model of what this transaction reached; what else is stale stays so.
    fn settle_these(&mut self, site: &mut Site, file: FileId, reach: &Reach) {
        self.stale
            .switches
            .retain(|id| !reach.switches.contains(id));
        self.stale.routers.retain(|id| !reach.routers.contains(id));
        self.make(site, file, reach);
    }

    /// Makes the model of all that is stale.
    pub fn settle(&mut self, site: &mut Site, file: FileId) {
        let stale = std::mem::take(&mut self.stale);
        self.make(site, file, &stale);
    }

    fn make(&mut self, site: &mut Site, file: FileId, stale: &Reach) {
        if *stale == Reach::default() {
            return;
        }
        let store = &self.state.store;
        let rows = |table: &str, ids: &BTreeSet<Uuid>| {
            let table = store.schema.table(table);
            let rows = ids.iter().map(|uuid| RowId { table, uuid: *uuid });
            self.state.database(self.state.reach(rows), file)
        };
        let northbound = Arc::make_mut(&mut site.northbound);
        let (mut switches, mut routers) = (Some(Vec::new()), Some(Vec::new()));
        if !stale.switches.is_empty() {
            let made = build::switches_of(&rows("Logical_Switch", &stale.switches));
            let id = |switch: &LogicalSwitch| switch.id.clone();
            switches = self
                .switches
                .replace(&mut northbound.switches, &stale.switches, made, id);
        }
        if !stale.routers.is_empty() {
            let made = build::routers_of(&rows("Logical_Router", &stale.routers));
            let id = |router: &LogicalRouter| router.id.clone();
            routers = self
                .routers
                .replace(&mut northbound.routers, &stale.routers, made, id);
        }
        if stale.options {
            let table = store.schema.table("NB_Global");
            let database = self.state.database(store.rows(table), file);
            northbound.vxlan_mode = build::vxlan_mode_of(&database);
        }
        match (switches, routers) {
            (Some(switches), Some(routers)) => site.refresh_locality(Touched {
                switches: &switches,
                routers: &routers,
                nodes: &[],
            }),
            _ => site.forget_locality(),
        }
    }
}

/// Where each row of the model stands, by its identity.
#[derive(Default)]
struct Positions(HashMap<String, usize>);

impl Positions {
    /// Puts the rows that were made anew in the places of the old, new ones at the end. Gives the places; none
    /// where rows are gone, for then others have moved.
    fn replace<T>(
        &mut self,
        known: &mut Known<Vec<Arc<T>>>,
        stale: &BTreeSet<Uuid>,
        made: Vec<Arc<T>>,
        id: impl Fn(&T) -> String,
    ) -> Option<Vec<usize>> {
        let Known::Seen(rows) = known else {
            return None;
        };
        if self.0.is_empty() {
            let ids = rows.iter().map(|row| id(row)).zip(0..);
            self.0.extend(ids);
        }
        let mut gone: HashSet<String> = stale.iter().map(Uuid::to_string).collect();
        let mut places = Vec::new();
        for row in made {
            let own = id(&row);
            gone.remove(&own);
            let at = *self.0.entry(own).or_insert(rows.value.len());
            match rows.value.get_mut(at) {
                Some(old) => *old = row,
                None => rows.value.push(row),
            }
            places.push(at);
        }
        if gone.iter().all(|own| !self.0.contains_key(own)) {
            return Some(places);
        }
        rows.value.retain(|row| !gone.contains(&id(row)));
        self.0.clear();
        None
    }
}

/// What concerns the tunnels of every chassis (facts O§10).
fn tunnels(site: &Site, changes: &[ctl::CellChange], place: &Place) -> Vec<Effect> {
    let concerns = |change: &&ctl::CellChange| {
        change.table == "NB_Global"
            && (change.column == "ipsec" || change.is_key("options", "vxlan_mode"))
    };
    let Some(change) = changes.iter().find(concerns) else {
        return Vec::new();
    };
    let what = match change.column {
        "ipsec" => "ipsec",
        _ => "options:vxlan_mode",
    };
    let place = change.place.as_ref().unwrap_or(place);
    let chassis = site.registrations().iter();
    chassis
        .map(|chassis| {
            let kind = Kind::TunnelsRebuilt {
                cause: format!("{what} of the northbound changes, which concerns every tunnel"),
                back: Back::ByItself("every chassis has made them again".to_owned()),
            };
            Effect::certain(&chassis.name, kind, place)
        })
        .collect()
}

/// The switches and routers, by identity, that these router ports join.
fn joined_by(site: &Site, ends: &HashSet<String>) -> (HashSet<String>, HashSet<String>) {
    let is_end = |name: &Known<String>| name.seen().is_some_and(|name| ends.contains(&name.value));
    let switches = site.northbound.switches().iter().filter(|switch| {
        let mut ports = switch.ports().iter().filter(|port| port.is("router"));
        ports.any(|port| is_end(&port.router_port()))
    });
    let routers = site.northbound.routers().iter().filter(|router| {
        let mut ports = router
            .ports
            .seen()
            .into_iter()
            .flat_map(|ports| ports.iter());
        ports.any(|port| ends.contains(&port.name.value) || is_end(&port.peer))
    });
    (
        switches.map(|switch| switch.id.clone()).collect(),
        routers.map(|router| router.id.clone()).collect(),
    )
}

/// A switch, and what its localnet ports make.
type Joined = (Arc<LogicalSwitch>, Arc<Joints>);

impl North<'_> {
    /// What the localnet ports of these switches make, by the identity of each.
    fn joined(&mut self, site: &Site, ids: &HashSet<String>) -> HashMap<String, Joined> {
        let wanted = |switch: &&Arc<LogicalSwitch>| ids.contains(&switch.id) && switch.is_patched();
        let switches = site.northbound.switches().iter().filter(wanted);
        let joined = switches.map(|switch| {
            let known = self.joints.entry(switch.id.clone());
            let joints = known.or_insert_with(|| Arc::new(patches::joints(site, switch, None)));
            let joined = (Arc::clone(switch), Arc::clone(joints));
            (switch.id.clone(), joined)
        });
        joined.collect()
    }

    /// What was worked out for these switches holds no longer.
    fn forget(&mut self, ids: &HashSet<String>) {
        self.joints.retain(|id, _| !ids.contains(id));
    }
}

fn compare<'a>(
    site: &Site,
    before: &'a HashMap<String, Joined>,
    after: &'a HashMap<String, Joined>,
    step: &Step,
) -> Vec<Effect> {
    let place = cause(step);
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut effects = Vec::new();
    for id in ids {
        let side = |side: Option<&'a Joined>| side.map(|(switch, own)| (&**switch, &**own));
        let sides = [side(before.get(id)), side(after.get(id))];
        effects.extend(patches::differ(site, sides, place));
    }
    effects
}

/// The words that OVN reacts to: those of the option that names the physnet, else the first that changed anything.
fn cause(step: &Step) -> &Place {
    let names = |change: &&ctl::CellChange| {
        change
            .key
            .as_ref()
            .is_some_and(|key| key.to_text() == "network_name")
    };
    let change = step.changes.iter().find(names).or(step.changes.first());
    change
        .and_then(|change| change.place.as_ref())
        .unwrap_or(&step.place)
}

/// The type of a port that is gone. One that the model has not yet was made without a type, and nothing hung on it.
fn kind_of(site: &Site, port: &str) -> Option<String> {
    for switch in site.northbound.switches() {
        if let Some(own) = switch.ports().iter().find(|own| *own.name == *port) {
            return own.kind.seen().map(|kind| kind.value.clone());
        }
    }
    Some(String::new())
}

impl Bound {
    fn of(site: &Site) -> Self {
        let bindings = site.southbound.bindings.seen();
        let rows = bindings.into_iter().flat_map(|rows| &rows.value);
        let bound = rows.filter(|row| !matches!(row.chassis, Known::Absent(_)));
        let mut names: HashSet<String> = bound.map(|row| row.logical_port.value.clone()).collect();
        let mut seen = true;
        for node in site.chassis() {
            seen &= node.ovs.all_interfaces();
            let bridges = node.ovs.bridges.seen().into_iter();
            let ports = bridges.flat_map(|bridges| bridges.iter().flat_map(Bridge::ports));
            let interfaces = ports.flat_map(Port::interfaces);
            names.extend(
                interfaces.filter_map(|interface| Some(interface.iface_id.seen()?.value.clone())),
            );
        }
        Self {
            names,
            whole: seen || (bindings.is_some() && site.southbound.whole),
        }
    }
}
