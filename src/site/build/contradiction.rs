//! Where two states of one node disagree on what lints rest on.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use crate::finding::words::counted;
use crate::finding::{Trouble, TroubleKind};
use crate::source::{Known, Place, Spanned};

use crate::site::daemon_keys;
use crate::site::ovs::{Bridge, Entries, Ovs};

/// What the states of one node disagree on: each thing once, however many they are. Ports come and go with instances
/// and are not compared.
#[derive(Default)]
pub struct Disagreements {
    found: Vec<Trouble>,
    /// By what they are about: the place in `found`, and how many more states there are than it speaks of.
    by_subject: HashMap<String, (usize, usize)>,
    /// The list of bridges of each state that shows them all.
    whole: Vec<Place>,
    /// Which of those show a bridge, by its name, and where it was seen first.
    bridges: BTreeMap<String, (Spanned<String>, Vec<usize>)>,
}

impl Disagreements {
    /// Notes which bridges a further state shows.
    pub fn see(&mut self, ovs: &Ovs) {
        let Some(bridges) = ovs.bridges.seen() else {
            return;
        };
        for bridge in &bridges.value {
            let first = || (bridge.name.clone(), Vec::new());
            let (_, seen) = self
                .bridges
                .entry(bridge.name.value.clone())
                .or_insert_with(first);
            if ovs.all_bridges && seen.last() != Some(&self.whole.len()) {
                seen.push(self.whole.len());
            }
        }
        if ovs.all_bridges {
            self.whole.push(bridges.place.clone());
        }
    }

    /// Compares the keys of `external_ids`.
    pub fn keys(&mut self, first: &Known<Entries>, second: &Known<Entries>, node: &str) {
        self.add(keys(first, second, node));
    }

    /// Compares the settings of a bridge that both show.
    pub fn settings(&mut self, first: &Bridge, second: &Bridge, node: &str) {
        self.add(settings(first, second, node));
    }

    fn add(&mut self, troubles: Vec<Trouble>) {
        for trouble in troubles {
            if let Some((_, more)) = self.by_subject.get_mut(&trouble.subject) {
                *more += 1;
                continue;
            }
            let at = (self.found.len(), 0);
            self.by_subject.insert(trouble.subject.clone(), at);
            self.found.push(trouble);
        }
    }

    /// All of them.
    pub fn finish(mut self, node: &str) -> Vec<Trouble> {
        for (first, seen) in std::mem::take(&mut self.bridges).into_values() {
            let lacking = self.whole.len() - seen.len();
            // The first state without it: up to there, the numbers have no gap.
            let gap = seen.iter().enumerate().take_while(|(at, own)| at == *own);
            if let Some(without) = self.whole.get(gap.count()).filter(|_| lacking > 0) {
                let trouble = lone(node, &first, without);
                let at = (self.found.len(), lacking - 1);
                self.by_subject.insert(trouble.subject.clone(), at);
                self.found.push(trouble);
            }
        }
        for (at, more) in self.by_subject.into_values().filter(|(_, more)| *more > 0) {
            if let Some(trouble) = self.found.get_mut(at) {
                let states = counted(more, "more state");
                write!(trouble.message, "; so it is with {states}")
                    .expect("a string takes all that is written");
            }
        }
        self.found
    }
}

fn keys(first: &Known<Entries>, second: &Known<Entries>, node: &str) -> Vec<Trouble> {
    let (Some(first), Some(second)) = (first.seen(), second.seen()) else {
        return Vec::new();
    };
    let mut names: Vec<&String> = first.keys().chain(second.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let differ = |name: &&&String| {
        let value = |map: &Entries| map.get(name.as_str()).map(|value| value.value.clone());
        // What a daemon writes changes from one state to the next.
        let volatile = daemon_keys::writes("Open_vSwitch", "external_ids", name);
        !volatile && value(first) != value(second)
    };
    let trouble = |name: &String| {
        let side = |map: &Spanned<Entries>| match map.get(name) {
            Some(value) => (format!("`{}`", value.value), value.place.clone()),
            None => ("nothing".to_owned(), map.place.clone()),
        };
        disagree(
            node,
            &format!("external_ids:{name}"),
            side(first),
            side(second),
        )
    };
    names
        .iter()
        .filter(differ)
        .map(|name| trouble(name))
        .collect()
}

fn settings(first: &Bridge, second: &Bridge, node: &str) -> Vec<Trouble> {
    let text = |known: &Known<String>| known.seen().map(|value| value.value.clone());
    let list = |known: &Known<Vec<Spanned<String>>>| {
        known.seen().map(|values| {
            values
                .iter()
                .map(|value| value.value.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        })
    };
    let pairs = [
        (
            "fail_mode",
            side(&first.fail_mode, text),
            side(&second.fail_mode, text),
        ),
        (
            "datapath_type",
            side(&first.datapath_type, text),
            side(&second.datapath_type, text),
        ),
        (
            "protocols",
            side(&first.protocols, list),
            side(&second.protocols, list),
        ),
    ];
    let differ = pairs
        .into_iter()
        .filter_map(|(column, first, second)| Some((column, first?, second?)));
    let differ = differ.filter(|(_, first, second)| first.0 != second.0);
    differ
        .map(|(column, a, b)| disagree(node, &format!("{column} of {}", &*first.name), a, b))
        .collect()
}

fn side<T>(
    known: &Known<T>,
    text: impl Fn(&Known<T>) -> Option<String>,
) -> Option<(String, Place)> {
    if !known.settled() {
        return None;
    }
    Some((
        text(known).map_or("nothing".to_owned(), |text| format!("`{text}`")),
        known.place()?.clone(),
    ))
}

fn lone(node: &str, bridge: &Spanned<String>, without: &Place) -> Trouble {
    let there = ("there".to_owned(), bridge.place.clone());
    disagree(
        node,
        &format!("bridge {}", &**bridge),
        there,
        ("not there".to_owned(), without.clone()),
    )
}

fn disagree(node: &str, what: &str, first: (String, Place), second: (String, Place)) -> Trouble {
    Trouble {
        kind: TroubleKind::Contradictory,
        place: second.1,
        subject: format!("{node}/{what}"),
        message: format!(
            "two states of {node} disagree on {what}: {} and {}; the first is used",
            first.0, second.0
        ),
        label: second.0,
        other: Some((first.1, first.0)),
        meant: None,
    }
}
