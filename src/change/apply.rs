//! Applies the commands of a script to a copy of a site, one after the other. Nothing is executed.

mod blind;
mod machine;
mod north;
mod others;
mod parts;
mod remote;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rayon::prelude::*;

use crate::read::ovsdb::{Database, SchemaName};
use crate::read::script::{self, Certain, Invocation, Script};
use crate::site::ovs::Bridge;
use crate::site::{Node, Site};
use crate::source::{FileId, Known, Place};

use super::ctl::{self, Status, Tool};
use super::effect::{Effect, Kind, Patch};
use super::plays;
use super::react::bridges::Tables;
use super::react::chassis;
use super::react::held::{Held, Stuck};
use super::target::{self, NODE, NoNode, Target};
use super::usage::NORTHBOUND;
use super::{Change, Doubt, LookedAt, Outcome, Reached, Step};

use machine::Machine;
use north::North;
use remote::Named;

/// What commands are applied to.
pub struct Start<'a> {
    /// The site before.
    pub site: &'a Site,
    /// The databases behind it, all columns of those that commands may change; whose they are.
    pub states: Vec<(Option<String>, &'a Database)>,
    /// The node that was given for commands that name none.
    pub node: Option<usize>,
}

/// What would settle what a command does to a node.
const STATE: &str = "the Open vSwitch state of the node (conf.db, or `ovnlint snapshot`)";

/// What goes on while a script is followed.
struct Run<'a> {
    start: &'a Start<'a>,
    file: FileId,
    /// The site as the commands so far leave it.
    site: Site,
    machines: BTreeMap<usize, Machine<'a>>,
    /// What stands in the flow tables of each node, as far as commands changed it.
    tables: BTreeMap<usize, Tables>,
    north: Option<North<'a>>,
    /// What ovn-controllers fail to do.
    held: Held,
    steps: Vec<Step>,
}

/// Applies every command of a script. Fails where a node is named that is none.
pub fn apply<'a>(start: &'a Start<'a>, script: &Script) -> Result<Change, NoNode> {
    let mut run = Run {
        start,
        file: script.file,
        site: start.site.clone(),
        machines: BTreeMap::new(),
        tables: BTreeMap::new(),
        north: None,
        held: Held::default(),
        steps: Vec::new(),
    };
    let script = plays::on_nodes(start.site, script);
    for invocation in &script.commands {
        let mut step = run.invocation(invocation)?;
        run.hold(&mut step);
        run.apart(&mut step);
        run.steps.push(step);
    }
    for machine in run.machines.values_mut() {
        machine.settle(&mut run.site, script.file);
    }
    // Letting go of a thousand databases takes a while: it is done side by side.
    let machines: Vec<Machine> = std::mem::take(&mut run.machines).into_values().collect();
    machines.into_par_iter().for_each(drop);
    if let Some(north) = &mut run.north {
        north.settle(&mut run.site, script.file);
    }
    Ok(Change {
        before: start.site.clone(),
        after: run.site,
        steps: run.steps,
        harmless: script.account.harmless + script.harmless.len(),
    })
}

/// Whether the release of a chassis cannot move patch ports.
pub fn keeps_patches(site: &Site, chassis: &str) -> bool {
    let node = site.registration(chassis).and_then(|own| site.node_of(own));
    node.and_then(Node::ovn).is_some_and(chassis::keeps_patches)
}

/// Whether a command runs.
enum Runs {
    Yes,
    No,
    Unknown(Place, String),
}

impl<'a> Run<'a> {
    fn invocation(&mut self, invocation: &Invocation) -> Result<Step, NoNode> {
        let mut step = Step::of(invocation);
        match self.runs(invocation) {
            Runs::Yes => {}
            Runs::No => {
                step.outcome = Outcome::Skipped;
                return Ok(step);
            }
            Runs::Unknown(place, why) => {
                // What only reads changes nothing, whether or not it runs.
                if parts::only_reads(&invocation.words) {
                    step.outcome = Outcome::Reads;
                } else {
                    step.doubt(
                        &place,
                        format!("whether this runs is not known: {why}"),
                        None,
                    );
                }
                return Ok(step);
            }
        }
        let Some(program) = invocation.words.first() else {
            return Ok(step);
        };
        if let Some((place, why)) = &program.unknown {
            step.looked_at = LookedAt::No;
            step.doubt(place, format!("what runs here is not known: {why}"), None);
            return Ok(step);
        }
        match base_name(&program.text) {
            "ovs-vsctl" => self.tool(Tool::Vsctl, invocation, &mut step)?,
            "ovn-nbctl" => self.tool(Tool::Nbctl, invocation, &mut step)?,
            _ => self.other(invocation, &mut step)?,
        }
        Ok(step)
    }

    /// Doubts that patch ports come where they would join two datapaths: Open vSwitch joins bridges of one only.
    fn apart(&self, step: &mut Step) {
        let kind = |bridge: &Bridge| match &bridge.datapath_type {
            Known::Seen(kind) if !kind.is_empty() => Some(kind.value.clone()),
            Known::Seen(_) | Known::Absent(_) => Some("system".to_owned()),
            Known::Unseen | Known::Unsure(..) => None,
        };
        let mut doubts = Vec::new();
        for effect in &step.effects {
            let Kind::Patched {
                bridge: Some(bridge),
                patch: Patch::Added,
                ..
            } = &effect.kind
            else {
                continue;
            };
            let Some(node) = self.site.node(&effect.node) else {
                continue;
            };
            let inner = node.integration_bridge();
            let kinds = [bridge, &inner].map(|name| node.ovs.bridge(name).and_then(kind));
            if let [Some(outer), Some(own)] = &kinds
                && outer != own
            {
                doubts.push(Doubt {
                    place: effect.place.clone(),
                    message: format!(
                        "whether anything passes between {inner} and {bridge} of {} is not known: patch ports do not join two datapaths, and theirs are {own} and {outer}",
                        node.name
                    ),
                    needs: None,
                });
            }
        }
        doubts.dedup();
        step.doubts.extend(doubts);
    }

    /// Takes away what an ovn-controller cannot do yet.
    fn hold(&mut self, step: &mut Step) {
        let site = &self.site;
        let fail = self
            .held
            .filter(&mut step.effects, |name| keeps_patches(site, name));
        let said = |effect: &Effect| matches!(effect.kind, Kind::Remapped { .. });
        if step.effects.iter().any(said) {
            return;
        }
        step.effects.extend(fail.into_iter().map(Stuck::effect));
    }

    /// Whether it runs: what it hangs on may be a command before it.
    fn runs(&self, invocation: &Invocation) -> Runs {
        let (at, wanted) = match &invocation.certain {
            Certain::Always => return Runs::Yes,
            Certain::Maybe(place, why) => return Runs::Unknown(place.clone(), why.clone()),
            Certain::IfSucceeds(at) => (*at, true),
            Certain::IfFails(at) => (*at, false),
        };
        match self.steps.get(at).and_then(|step| step.succeeds) {
            Some(succeeded) if succeeded == wanted => Runs::Yes,
            Some(_) => Runs::No,
            None => {
                let place = self
                    .steps
                    .get(at)
                    .map_or(&invocation.place, |step| &step.place);
                let why = if wanted {
                    "it runs only if this succeeds"
                } else {
                    "it runs only if this fails"
                };
                Runs::Unknown(place.clone(), why.to_owned())
            }
        }
    }

    fn tool(&mut self, tool: Tool, invocation: &Invocation, step: &mut Step) -> Result<(), NoNode> {
        step.database = Some(tool.database());
        let reads = parts::only_reads(&invocation.words);
        let named = remote::named(&invocation.words);
        let target = match tool {
            Tool::Nbctl => None,
            Tool::Vsctl => Some(self.owner(invocation, &named)?),
        };
        if let Some(Target::Node(at)) = &target {
            step.node = Some(self.site.nodes[*at].name.clone());
        }
        if let Some((place, why)) = unknown(invocation)
            && !reads
        {
            let message = format!("what {} does here is not known: {why}", tool.name());
            step.doubt(&place, message, None);
            return Ok(());
        }
        if let (None, false, Some((place, why))) = (&target, reads, self.elsewhere(&named)) {
            step.doubt(&place, why, None);
            return Ok(());
        }
        let words = parts::words(&invocation.words[1..]);
        match target {
            None => self.on_northbound(&words, reads, step),
            Some(Target::Node(at)) => self.on_node(at, &words, reads, step),
            Some(Target::Unknown(..)) if reads => step.outcome = Outcome::Reads,
            Some(Target::Unknown(place, why)) => step.doubt(&place, why, Some(NODE)),
        }
        Ok(())
    }

    fn target(&self, invocation: &Invocation) -> Result<Target, NoNode> {
        let named = invocation.target.as_ref();
        target::of(&self.site, named, self.start.node, &invocation.place)
    }

    /// The node whose database a command line of `ovs-vsctl` writes: the one that `--db` names, else where it runs.
    fn owner(&self, invocation: &Invocation, named: &Named) -> Result<Target, NoNode> {
        match named {
            Named::Servers(servers, place) => match remote::node(&self.site, servers, place) {
                Some(target) => Ok(target),
                None => self.target(invocation),
            },
            Named::Nothing | Named::Daemon(..) => self.target(invocation),
        }
    }

    /// Why a command line of `ovn-nbctl` may write another northbound than the site's, and where it says so.
    fn elsewhere(&self, named: &Named) -> Option<(Place, String)> {
        match named {
            Named::Nothing => None,
            Named::Servers(servers, place) => {
                let why = remote::foreign_northbound(&self.site, servers)?;
                Some((place.clone(), why))
            }
            Named::Daemon(socket, place) => Some((
                place.clone(),
                format!("which database the daemon behind `{socket}` writes is not known"),
            )),
        }
    }

    fn on_northbound(&mut self, words: &[ctl::Word], reads: bool, step: &mut Step) {
        let start = self.start;
        if self.north.is_none() {
            // A controller is no chassis, but of the same release.
            let mut nodes = start.site.nodes.iter();
            let of_chassis = start.site.chassis().find_map(|node| node.ovn());
            let version = of_chassis.or_else(|| nodes.find_map(|node| node.ovn()));
            self.north = North::read(&start.states, version);
        }
        let Some(north) = &mut self.north else {
            if reads {
                step.outcome = Outcome::Reads;
            } else {
                let place = step.place.clone();
                let message = "what this does to the northbound is not known".to_owned();
                step.doubt(&place, message, Some(NORTHBOUND));
            }
            return;
        };
        let outcome = north.run(words, step);
        settle(outcome, words, reads, step);
        if step.outcome == Outcome::Done {
            north.react(&mut self.site, self.file, step);
        }
    }

    fn on_node(&mut self, at: usize, words: &[ctl::Word], reads: bool, step: &mut Step) {
        let Some(machine) = self.machine(at) else {
            if reads {
                step.outcome = Outcome::Reads;
            } else {
                let place = step.place.clone();
                let message = format!(
                    "what this does to {} is not known",
                    self.site.nodes[at].name
                );
                step.doubt(&place, message, Some(STATE));
            }
            return;
        };
        let outcome = machine.run(words, step);
        settle(outcome, words, reads, step);
        if step.outcome == Outcome::Done && !step.changes.is_empty() {
            // A port that a command before made hangs on nothing until it is plugged in.
            if let Some(north) = &mut self.north {
                north.settle(&mut self.site, self.file);
            }
            let machine = self.machines.get_mut(&at).expect("it was read above");
            let tables = self.tables.entry(at).or_default();
            let moved = machine.react(&mut self.site, tables, self.file, step);
            if let Some(north) = self.north.as_mut().filter(|_| moved) {
                north.replugged();
            }
        }
    }

    /// The database of a node, read when it is first needed; none where no input shows it.
    fn machine(&mut self, at: usize) -> Option<&mut Machine<'a>> {
        if let Entry::Vacant(vacant) = self.machines.entry(at) {
            let name = self.site.nodes[at].name.as_str();
            let own = databases(&self.start.states, SchemaName::OpenVswitch, Some(name));
            vacant.insert(Machine::read(&self.site, at, own)?);
        }
        self.machines.get_mut(&at)
    }
}

/// Commands that scripts ask by whether they succeed.
const ASKING: [&str; 7] = [
    "br-exists",
    "br-to-parent",
    "br-to-vlan",
    "get",
    "iface-to-br",
    "port-to-br",
    "wait-until",
];

/// What a command line came to, before anything reacts.
fn settle(outcome: ctl::Outcome, words: &[ctl::Word], reads: bool, step: &mut Step) {
    let word = |at: usize| {
        let word = words.get(at).or(words.last());
        let place = word.and_then(|word| word.place.clone());
        place.unwrap_or_else(|| step.place.clone())
    };
    let mut doubt = outcome.unmodelled;
    step.succeeds = match &outcome.status {
        _ if doubt.is_some() => None,
        Status::Done => Some(true),
        Status::Refused(_) => Some(false),
        Status::Waits(_) => None,
    };
    let asks = |name: &str| ASKING.contains(&name);
    // That something is not there is an answer, too.
    let answers = doubt.is_some() || words.iter().any(|word| asks(&word.value));
    let status = match outcome.status {
        Status::Refused(_) if reads && answers => Outcome::Reads,
        Status::Done | Status::Waits(_) if reads => Outcome::Reads,
        Status::Done => Outcome::Done,
        Status::Refused(refusal) if doubt.is_none() => Outcome::Refused {
            place: word(refusal.word),
            message: refusal.message,
        },
        Status::Refused(_) => Outcome::Unpredicted,
        Status::Waits(refusal) => {
            doubt.get_or_insert(format!("it waits: {}", refusal.message));
            Outcome::Unpredicted
        }
    };
    step.outcome = status;
    step.changes = outcome.changes;
    if let Some(why) = doubt.filter(|_| !reads) {
        let place = step.place.clone();
        let outcome = step.outcome.clone();
        step.doubt(&place, format!("what this does is not known: {why}"), None);
        // What is known of it counts.
        step.outcome = outcome;
    }
}

/// The first word that is not known.
fn unknown(invocation: &Invocation) -> Option<(Place, String)> {
    invocation
        .words
        .iter()
        .find_map(|word| word.unknown.clone())
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl Step {
    fn of(invocation: &Invocation) -> Self {
        let words: Vec<String> = invocation
            .words
            .iter()
            .map(|word| word.text.clone())
            .collect();
        Self {
            place: invocation.place.clone(),
            text: script::line(&words),
            node: None,
            reached: match invocation.target {
                Some(_) => Reached::Named,
                None => Reached::Given,
            },
            database: None,
            looked_at: LookedAt::Yes,
            outcome: Outcome::Done,
            succeeds: None,
            parts: Vec::new(),
            changes: Vec::new(),
            effects: Vec::new(),
            doubts: Vec::new(),
        }
    }

    /// Notes what cannot be told of it: nothing of it is applied.
    fn doubt(&mut self, place: &Place, message: String, needs: Option<&'static str>) {
        self.outcome = Outcome::Unpredicted;
        self.doubts.push(Doubt {
            place: place.clone(),
            message,
            needs,
        });
    }
}

/// The databases of one schema: those of a node, or of the whole site.
fn databases<'a>(
    states: &[(Option<String>, &'a Database)],
    schema: SchemaName,
    node: Option<&str>,
) -> Vec<&'a Database> {
    let own = |owner: &Option<String>| node.is_none() || owner.as_deref() == node;
    states
        .iter()
        .filter(|(owner, database)| database.schema == schema && own(owner))
        .map(|(_, database)| *database)
        .collect()
}
