//! Patch ports that ovn-controller cannot move to another bridge in one step, and what waits for them (facts O§6.6).

use std::collections::{BTreeMap, BTreeSet};

use crate::change::effect::{Effect, Kind, Patch};
use crate::source::Place;

/// Of each chassis whose ovn-controller fails to write to its Open vSwitch, what it would write.
///
/// The whole transaction fails, not only the pair that moves, until no pair moves any more.
#[derive(Debug, Default)]
pub struct Held(BTreeMap<String, Vec<Effect>>);

/// A pair of patch ports that a chassis cannot move to another bridge.
#[derive(Debug)]
pub struct Stuck {
    /// The chassis.
    pub chassis: String,
    /// The localnet port.
    pub port: String,
    /// The bridge that it stays on.
    pub from: String,
    /// The bridge that it is to go to.
    pub to: String,
    /// The words that ask for it.
    pub place: Place,
}

impl Stuck {
    /// What that is on its node.
    pub fn effect(self) -> Effect {
        let kind = Kind::Remapped {
            physnet: self.port.clone(),
            from: self.from,
            to: self.to,
            stuck: true,
            port: Some(self.port),
        };
        Effect::certain(&self.chassis, kind, &self.place)
    }
}

impl Held {
    /// Takes away what does not happen yet, and adds what happens at last. `keeps` tells of a chassis whether its
    /// release cannot move a pair. Gives, of each chassis that fails from here on, the pair.
    pub fn filter(
        &mut self,
        effects: &mut Vec<Effect>,
        keeps: impl Fn(&str) -> bool,
    ) -> Vec<Stuck> {
        let mut fail = Vec::new();
        let patched = |effect: &&Effect| writes(effect);
        let chassis: BTreeSet<String> = effects
            .iter()
            .filter(patched)
            .map(|effect| effect.node.clone())
            .filter(|name| self.0.contains_key(name) || keeps(name))
            .collect();
        for name in chassis {
            let earlier = self.0.remove(&name);
            let fails = earlier.is_some();
            let mut waiting = earlier.unwrap_or_default();
            let place = effects.iter().find(|effect| effect.node == name);
            let place = place.map(|effect| effect.place.clone());
            let own = |effect: &mut Effect| effect.node == name && writes(effect);
            for effect in effects.extract_if(.., own) {
                join(&mut waiting, effect);
            }
            if let Some((port, from, to)) = moved(&waiting) {
                if let Some(place) = place.filter(|_| !fails) {
                    fail.push(Stuck {
                        chassis: name.clone(),
                        port,
                        from,
                        to,
                        place,
                    });
                }
                self.0.insert(name, waiting);
                continue;
            }
            if let Some(place) = place {
                for effect in &mut waiting {
                    effect.place = place.clone();
                }
            }
            effects.extend(waiting);
        }
        fail
    }
}

/// Whether ovn-controller makes or removes ports for it; VLANs are a matter of flows.
fn writes(effect: &Effect) -> bool {
    match &effect.kind {
        Kind::Patched { patch, .. } => !matches!(patch, Patch::Retagged { .. }),
        _ => false,
    }
}

/// The port, its bridge, and whether the pair comes.
fn pair(effect: &Effect) -> Option<(&str, Option<&str>, Patch)> {
    match &effect.kind {
        Kind::Patched {
            port,
            bridge,
            patch,
            ..
        } => Some((port, bridge.as_deref(), *patch)),
        _ => None,
    }
}

/// What comes and goes in turn has not happened.
fn join(waiting: &mut Vec<Effect>, effect: Effect) {
    let undone = waiting
        .iter()
        .position(|earlier| match (pair(earlier), pair(&effect)) {
            (Some((port, bridge, was)), Some((other, to, is))) => {
                let turns = (was == Patch::Added) != (is == Patch::Added);
                port == other && bridge == to && turns
            }
            _ => false,
        });
    match undone {
        Some(at) => drop(waiting.remove(at)),
        None => waiting.push(effect),
    }
}

/// A port that certainly goes from one bridge to another, with the two.
fn moved(waiting: &[Effect]) -> Option<(String, String, String)> {
    let certain = || {
        let certain = waiting.iter().filter(|effect| effect.needs.is_none());
        certain.filter_map(pair)
    };
    let goes = |port: &str| {
        let mut gone = certain().filter(|(own, _, patch)| {
            *own == port && matches!(patch, Patch::Removed | Patch::Parted)
        });
        gone.next().map(|(_, bridge, _)| bridge)
    };
    let mut comes = certain().filter(|(_, _, patch)| *patch == Patch::Added);
    comes.find_map(|(port, to, _)| {
        let from = goes(port)?;
        let name = |bridge: Option<&str>| bridge.unwrap_or("its bridge").to_owned();
        Some((port.to_owned(), name(from), name(to)))
    })
}
