//! Patch ports that ovn-controller cannot move to another bridge in one step, and what waits for them (facts O§6.6).

use std::collections::{BTreeMap, BTreeSet};

use crate::change::effect::{Effect, Kind, Patch};

/// Of each chassis whose ovn-controller fails to write to its Open vSwitch, what it would write.
///
/// The whole transaction fails, not only the pair that moves, until no pair moves any more.
#[derive(Debug, Default)]
pub struct Held(BTreeMap<String, Vec<Effect>>);

impl Held {
    /// Takes away what does not happen yet, and adds what happens at last. `keeps` tells of a chassis whether its
    /// release cannot move a pair. Gives, of each chassis that fails from here on, a phrase.
    pub fn filter(
        &mut self,
        effects: &mut Vec<Effect>,
        keeps: impl Fn(&str) -> bool,
    ) -> Vec<String> {
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
            if let Some(port) = moved(&waiting) {
                if !fails {
                    fail.push(format!(
                        "ovn-controller of {name} cannot move the patch ports of {port} to another bridge, and makes and removes no others until that is undone"
                    ));
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

/// A port that certainly goes from one bridge to another.
fn moved(waiting: &[Effect]) -> Option<&str> {
    let certain = || {
        let certain = waiting.iter().filter(|effect| effect.needs.is_none());
        certain.filter_map(pair)
    };
    let gone = |patch| matches!(patch, Patch::Removed | Patch::Parted);
    let goes = |port: &str| certain().any(|(own, _, patch)| own == port && gone(patch));
    let mut comes = certain().filter(|(_, _, patch)| *patch == Patch::Added);
    comes.find_map(|(port, ..)| goes(port).then_some(port))
}
