//! Commands of programs other than `ovs-vsctl` and `ovn-nbctl`.

use crate::change::effect::{Back, Kind, Table};
use crate::change::facts::Facts;
use crate::change::program::{self, Act, Service, Verb};
use crate::change::react::Noted;
use crate::change::react::bridges::{AGENT, Content, OVN_CONTROLLER, Tables};
use crate::change::react::links::{self, Rests};
use crate::change::react::services::{self, Again};
use crate::change::target::{NODE, NoNode, Target};
use crate::change::{LookedAt, Outcome, Step};
use crate::finding::words::nearest;
use crate::read::script::Invocation;
use crate::site::Node;
use crate::source::{Place, Spanned};

use super::{Run, base_name, unknown};

impl Run<'_> {
    /// Runs it as far as it is understood.
    pub(super) fn other(&mut self, invocation: &Invocation, step: &mut Step) -> Result<(), NoNode> {
        let acts = program::acts(&invocation.words);
        if acts.iter().all(|act| *act == Act::Reads) {
            step.outcome = Outcome::Reads;
            return Ok(());
        }
        let name = base_name(&invocation.words[0].text);
        let not_followed = acts.iter().any(|act| matches!(act, Act::Unfollowed(_)));
        if let Some((place, why)) = unknown(invocation).filter(|_| !not_followed) {
            step.doubt(
                &place,
                format!("what {name} does here is not known: {why}"),
                None,
            );
            return Ok(());
        }
        step.succeeds = Some(true);
        // What happens in a namespace of its own is nothing to the node.
        if invocation
            .through
            .iter()
            .any(|own| own.contains("netns exec"))
        {
            return Ok(());
        }
        let starts = |act: &Act| {
            matches!(
                act,
                Act::Service {
                    verb: Verb::Restart,
                    ..
                }
            )
        };
        let again = if acts.iter().any(starts) {
            Again::Yes
        } else {
            Again::No
        };
        for act in acts {
            match act {
                Act::Reads | Act::Harmless => {}
                Act::Invalid(message) => {
                    step.succeeds = Some(false);
                    let place = step.place.clone();
                    step.outcome = Outcome::Refused { message, place };
                }
                Act::Unfollowed(why) => {
                    step.looked_at = LookedAt::No;
                    let place = step.place.clone();
                    step.doubt(&place, format!("what this does is not known: {why}"), None);
                }
                Act::Unpredicted(why) => {
                    let place = step.place.clone();
                    step.doubt(&place, format!("what this does is not known: {why}"), None);
                }
                act if needs_no_node(&act) => {}
                Act::ChassisDeleted { chassis } => {
                    let message = format!(
                        "how long the tunnels of {chassis} are gone is not known: its ovn-controller registers it again"
                    );
                    step.doubt(&chassis.place, message, None);
                }
                act => match self.target(invocation)? {
                    Target::Unknown(place, why) => step.doubt(&place, why, Some(NODE)),
                    Target::Node(at) => self.act(at, &act, again, step),
                },
            }
        }
        Ok(())
    }

    /// What an act does to a node.
    fn act(&mut self, at: usize, act: &Act, again: Again, step: &mut Step) {
        let node = &self.site.nodes[at];
        step.node = Some(node.name.clone());
        let own = self.machines.get(&at).map(|machine| machine.facts.clone());
        let facts = own.unwrap_or_else(|| Facts::of(node));
        let tables = self.tables.entry(at).or_default();
        let mut noted = Noted {
            node: &node.name,
            place: place(act).unwrap_or(&step.place).clone(),
            effects: Vec::new(),
            doubts: Vec::new(),
        };
        match act {
            Act::FlowsDeleted { bridge }
            | Act::NormalAdded { bridge, .. }
            | Act::DropAdded { bridge, .. }
            | Act::FlowsTouched { bridge, .. } => {
                if let Some(refused) = missing(&facts, bridge) {
                    step.succeeds = Some(false);
                    step.outcome = refused;
                    return;
                }
                flows(&mut noted, &facts, tables, act, bridge);
            }
            Act::Service {
                service,
                verb,
                name,
            } => daemon(&mut noted, node, (&facts, tables), (service, *verb, name)),
            Act::Node { verb, .. } => {
                let again = if *verb == Verb::Stop {
                    Again::No
                } else {
                    Again::Yes
                };
                services::node_goes(&mut noted, node, again);
            }
            Act::ChassisRemoved(_) => services::chassis_goes(&mut noted, again),
            Act::DatapathRemoved(_) => services::vswitchd_stops(&mut noted, &facts, tables),
            act => link(&mut noted, &facts, &Rests::of(node), act),
        }
        step.effects.extend(noted.effects);
        if !noted.doubts.is_empty() {
            step.outcome = Outcome::Unpredicted;
            step.doubts.extend(noted.doubts);
        }
    }
}

/// A daemon starts or ends.
fn daemon(
    noted: &mut Noted,
    node: &Node,
    (facts, tables): (&Facts, &mut Tables),
    (service, verb, name): (&Service, Verb, &Spanned<String>),
) {
    match (service, verb) {
        (Service::OvnController, Verb::Start | Verb::Restart) => {
            services::controller_starts(noted, facts, tables);
        }
        (Service::OvsAgent, Verb::Start | Verb::Restart) => {
            services::agent_starts(noted, node, facts, tables);
        }
        // Without its database ovs-vswitchd goes on with what it has.
        (Service::Openvswitch | Service::Vswitchd, Verb::Stop) => {
            services::vswitchd_stops(noted, facts, tables);
        }
        // What runs already is not started.
        (Service::Openvswitch | Service::Vswitchd, Verb::Start) if !services::stopped(tables) => {}
        (Service::Openvswitch | Service::Vswitchd, Verb::Start | Verb::Restart) => {
            services::vswitchd_starts(noted, facts, tables);
        }
        (Service::Networking, _) => noted.doubt(format!(
            "what {name} does to the interfaces of {} is not known",
            node.name
        )),
        _ => {}
    }
}

/// What passes by the nodes' data paths.
fn needs_no_node(act: &Act) -> bool {
    match act {
        Act::Service { service, .. } => matches!(
            service,
            Service::OvnCentral
                | Service::NeutronServer
                | Service::OtherNeutron(_)
                | Service::Other(_)
        ),
        Act::LinkUp { .. }
        | Act::LinkAdded { .. }
        | Act::AddressAdded { .. }
        | Act::MtuChanged { .. } => true,
        _ => false,
    }
}

fn place(act: &Act) -> Option<&Place> {
    let named: &Spanned<String> = match act {
        Act::FlowsDeleted { bridge }
        | Act::NormalAdded { bridge, .. }
        | Act::DropAdded { bridge, .. }
        | Act::FlowsTouched { bridge, .. } => bridge,
        Act::Service { name, .. } => name,
        Act::LinkDown { interface }
        | Act::LinkDeleted { interface }
        | Act::LinkMoved { interface, .. }
        | Act::Renamed { interface, .. }
        | Act::Enslaved { interface, .. }
        | Act::Released { interface }
        | Act::MacChanged { interface, .. }
        | Act::AddressesFlushed { interface, .. } => interface,
        Act::AddressRemoved { address, .. } => return Some(&address.place),
        Act::RouteChanged { destination, .. } => destination,
        Act::Node { place, .. } | Act::ChassisRemoved(place) | Act::DatapathRemoved(place) => {
            return Some(place);
        }
        _ => return None,
    };
    Some(&named.place)
}

/// A bridge that is not there refuses everything.
fn missing(facts: &Facts, bridge: &Spanned<String>) -> Option<Outcome> {
    let bridges = facts.whole()?;
    if bridges.contains_key(bridge.as_str()) {
        return None;
    }
    let hint = nearest(bridge, bridges.keys().map(String::as_str))
        .map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
    Some(Outcome::Refused {
        message: format!("{bridge} is not a bridge or a socket{hint}"),
        place: bridge.place.clone(),
    })
}

fn flows(
    noted: &mut Noted,
    facts: &Facts,
    tables: &mut Tables,
    act: &Act,
    bridge: &Spanned<String>,
) {
    let Some(own) = facts.bridge(bridge) else {
        return noted.doubt(format!("whose flows those of {bridge} are is not known"));
    };
    let name = bridge.value.clone();
    let empties = match act {
        Act::FlowsDeleted { .. } => "no flow is left",
        Act::DropAdded { .. } if own.table == Table::Normal => {
            "a flow that drops everything takes the place of the one that forwards"
        }
        Act::NormalAdded { .. } if own.table == Table::Normal => {
            if tables.insert(name.clone(), Content::Normal) == Some(Content::Nothing) {
                noted.push(Kind::FlowsRestored { bridge: name });
            }
            return;
        }
        Act::FlowsTouched { what, .. } => {
            return noted.doubt(format!("what becomes of {bridge} is not known: {what}"));
        }
        _ => {
            return noted.doubt(format!(
                "what a flow that was added by hand does among those of {bridge} is not known"
            ));
        }
    };
    tables.insert(name.clone(), Content::Nothing);
    let back = match &own.table {
        Table::Ovn => Back::Restart(OVN_CONTROLLER),
        Table::Agent => Back::Restart(AGENT),
        Table::Owner(owner) => Back::Restart(owner),
        Table::Unknown(_) => Back::ByHand(format!("who programs {name} is restarted")),
        Table::Normal => Back::ByHand(format!(
            "flows are added, as by `ovs-ofctl add-flow {name} actions=NORMAL`"
        )),
    };
    services::flushed(noted, facts, (&name, own), empties, &back);
}

/// Interfaces, addresses and routes of the machine.
fn link(noted: &mut Noted, facts: &Facts, rests: &Rests, act: &Act) {
    match act {
        Act::LinkDown { interface } => links::down(noted, facts, rests, interface, "goes down"),
        Act::LinkDeleted { interface } => links::down(noted, facts, rests, interface, "is deleted"),
        Act::LinkMoved {
            interface,
            namespace,
        } => {
            let cause = format!("goes to the namespace {namespace}");
            links::down(noted, facts, rests, interface, &cause);
        }
        Act::Enslaved { interface, master } => {
            let cause = format!("{interface} becomes a member of {master}, which takes its frames");
            links::cut(noted, rests.on(interface), None, interface, cause);
        }
        Act::AddressRemoved { interface, address } => {
            let on = rests.is(interface, address.addr());
            let cause = format!("the address {} of {interface} is removed", address.addr());
            links::cut(noted, on, None, interface, cause);
        }
        Act::AddressesFlushed { interface, .. } => {
            let cause = format!("every address of {interface} is removed");
            links::cut(noted, rests.on(interface), None, interface, cause);
        }
        Act::MacChanged { interface, .. } => links::readdressed(noted, facts, rests, interface),
        Act::Renamed { interface, .. } | Act::Released { interface }
            if rests.on(interface) != Some(false) =>
        {
            noted.doubt(format!(
                "what becomes of the management address of {} without {interface} is not known",
                noted.node
            ));
        }
        Act::RouteChanged {
            change,
            destination,
            ..
        } if *change != program::RouteChange::Added => {
            noted.doubt(format!(
                "from where {} is still reached without its route to {destination} is not known",
                noted.node
            ));
        }
        Act::SouthboundConnections { .. } => {
            noted.doubt("which chassis still reach the southbound is not known".to_owned());
        }
        _ => {}
    }
}
