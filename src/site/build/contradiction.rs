//! Where two states of one node disagree on what lints rest on.

use crate::finding::{Trouble, TroubleKind};
use crate::source::{Known, Place, Spanned};

use crate::site::daemon_keys;
use crate::site::ovs::{Bridge, Entries, Ovs};

/// Each thing on which they disagree. Ports come and go with instances and are not compared.
pub fn between(first: &Ovs, second: &Ovs, node: &str) -> Vec<Trouble> {
    let mut troubles = keys(&first.external_ids, &second.external_ids, node);
    let (Some(bridges), Some(others)) = (first.bridges.seen(), second.bridges.seen()) else {
        return troubles;
    };
    for bridge in &bridges.value {
        match others
            .iter()
            .find(|other| other.name.value == bridge.name.value)
        {
            Some(other) => troubles.extend(settings(bridge, other, node)),
            None if second.all_bridges => troubles.push(lone(node, &bridge.name, &others.place)),
            None => {}
        }
    }
    let further = others.iter().filter(|other| {
        first.all_bridges
            && bridges
                .iter()
                .all(|bridge| bridge.name.value != other.name.value)
    });
    troubles.extend(further.map(|other| lone(node, &other.name, &bridges.place)));
    troubles
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
