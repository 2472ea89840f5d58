//! What becomes of each aspect of the nodes that somebody watches.

use globset::GlobSet;

use crate::change::Change;
use crate::change::effect::{ASPECTS, Aspect, Effect, Fate};
use crate::change::target;
use crate::read;
use crate::report::escape;
use crate::report::plan::{Watch, Watched};
use crate::site::Node;
use crate::site::management::ManagementPath;

/// What becomes of the nodes that these names or patterns mean. Fails where one means none.
pub fn of(change: &Change, wanted: &[String]) -> Result<Vec<Watched>, String> {
    let mut chosen = vec![false; change.before.nodes.len()];
    for pattern in wanted {
        let mut met = false;
        let globs = glob(pattern)?;
        for (at, node) in change.before.nodes.iter().enumerate() {
            if globs.is_match(&node.name) {
                (chosen[at], met) = (true, true);
            }
        }
        if let Some(at) = target::find(&change.before, pattern) {
            (chosen[at], met) = (true, true);
        }
        if !met {
            return Err(escape::terminal(&target::unknown(&change.before, pattern)).into_owned());
        }
    }
    let nodes = change.before.nodes.iter().zip(chosen);
    Ok(nodes
        .filter(|(_, chosen)| *chosen)
        .map(|(node, _)| watched(change, node))
        .collect())
}

fn glob(pattern: &str) -> Result<GlobSet, String> {
    read::glob::of(pattern).map_err(|why| format!("--watch-for: {}", escape::terminal(&why)))
}

fn watched(change: &Change, node: &Node) -> Watched {
    let own: Vec<&Effect> = change
        .effects()
        .map(|(_, effect)| effect)
        .filter(|effect| effect.node == node.name)
        .collect();
    Watched {
        node: node.name.clone(),
        aspects: ASPECTS
            .into_iter()
            .map(|aspect| watch(change, node, &own, aspect))
            .collect(),
    }
}

fn watch(change: &Change, node: &Node, own: &[&Effect], aspect: Aspect) -> Watch {
    let name = match aspect {
        Aspect::Management => "management",
        Aspect::Provider => "provider networks",
        Aspect::Tunnels => "tunnels",
        Aspect::Flows => "flows",
        Aspect::Instances => "instances",
    };
    let answer = |fate: &'static str, how: String| Watch {
        aspect: name,
        fate,
        how,
    };
    let fate = |effect: &Effect| effect.kind.meaning().fate(aspect);
    let how = |effect: &Effect| effect.kind.meaning().how();
    let worst = |certain: bool| {
        let effects = own
            .iter()
            .filter(|effect| effect.needs.is_none() == certain);
        let hurt = effects.map(|effect| (fate(effect), *effect));
        hurt.filter(|(fate, _)| *fate != Fate::Kept)
            .max_by_key(|(fate, _)| *fate)
    };
    match (worst(true), worst(false)) {
        (Some((Fate::Interrupted, effect)), _) => answer("interrupted", how(effect)),
        (Some((_, effect)), _) => answer("lost", how(effect)),
        (None, Some((_, effect))) => {
            let needs = effect.needs.unwrap_or_default();
            answer(
                "unknown",
                format!("{}; what would settle it: {needs}", how(effect)),
            )
        }
        (None, None) => match unseen(change, node, aspect) {
            Some(needs) => answer("unknown", needs),
            None => answer("kept", String::new()),
        },
    }
}

/// What is not known of a node that a command touched, or that a doubt may be about.
fn unseen(change: &Change, node: &Node, aspect: Aspect) -> Option<String> {
    let mut steps = change.steps.iter();
    let doubtful = steps.find(|step| {
        !step.doubts.is_empty() && step.node.as_ref().is_none_or(|own| *own == node.name)
    });
    if let Some(step) = doubtful {
        return Some(step.doubts[0].message.clone());
    }
    let touched = change
        .steps
        .iter()
        .any(|step| step.node.as_ref() == Some(&node.name));
    match node.management_path() {
        ManagementPath::Unknown(needs) if touched && aspect == Aspect::Management => Some(format!(
            "where the management address sits; what would settle it: {needs}"
        )),
        _ => None,
    }
}
