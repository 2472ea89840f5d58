//! Which node a command runs on.

use std::net::IpAddr;

use crate::finding::words::{first_of, nearest};
use crate::read::script::Word;
use crate::site::{Node, Site};
use crate::source::Place;

/// Where a command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// On the node of this position.
    Node(usize),
    /// It cannot be told; where and why.
    Unknown(Place, String),
}

/// A node that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoNode {
    /// Where it is named; none on the command line.
    pub place: Option<Place>,
    /// What to say.
    pub message: String,
}

/// What would settle on which node a command runs.
pub const NODE: &str =
    "the node that the command runs on (`--node NODE`, or `ssh NODE` in front of it)";

/// So many names are told.
const SHOWN: usize = 8;

/// The node of a command: the one that is named in front of it, else the one that was given, else the only one.
/// Fails where a node is named that is none.
pub fn of(
    site: &Site,
    named: Option<&Word>,
    given: Option<usize>,
    command: &Place,
) -> Result<Target, NoNode> {
    if let Some(word) = named {
        if let Some((place, why)) = &word.unknown {
            let message = format!("on which node this runs is not known: {why}");
            return Ok(Target::Unknown(place.clone(), message));
        }
        if !is_here(&word.text) {
            let found = find(site, &word.text).ok_or_else(|| NoNode {
                place: Some(word.place.clone()),
                message: unknown(site, &word.text),
            })?;
            return Ok(Target::Node(found));
        }
    }
    if let Some(given) = given {
        return Ok(Target::Node(given));
    }
    let mut with_state = (0..site.nodes.len()).filter(|at| site.nodes[*at].ovs.seen());
    if let (Some(only), None) = (with_state.next(), with_state.next()) {
        return Ok(Target::Node(only));
    }
    let message = "on which node this runs is not said".to_owned();
    Ok(Target::Unknown(command.clone(), message))
}

/// The node of that name, host name, `system-id` or address.
pub fn find(site: &Site, name: &str) -> Option<usize> {
    let short = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let by = |is: &dyn Fn(&Node) -> bool| site.nodes.iter().position(|node| is(node));
    let key = |node: &Node, key: &str| {
        node.ovs
            .external_id(key)
            .seen()
            .is_some_and(|id| id.value == name)
    };
    let address: Option<IpAddr> = name.trim_matches(['[', ']']).parse().ok();
    by(&|node| node.name == name)
        .or_else(|| by(&|node| key(node, "hostname") || key(node, "system-id")))
        .or_else(|| by(&|node| address.is_some_and(|address| node.host.has_address(address))))
        .or_else(|| match address {
            // A part of an address is no short name.
            Some(_) => None,
            None => by(&|node| short(&node.name) == short(name)),
        })
}

/// `there is no node`, and which one may be meant.
pub fn unknown(site: &Site, name: &str) -> String {
    let names: Vec<&str> = site.nodes.iter().map(|node| node.name.as_str()).collect();
    let hint = match nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if names.is_empty() => "the inputs show no node".to_owned(),
        None => format!("the nodes are {}", first_of(&names, SHOWN)),
    };
    format!("there is no node `{name}`: {hint}")
}

fn is_here(name: &str) -> bool {
    matches!(name, "localhost" | "127.0.0.1" | "::1" | "[::1]")
}
