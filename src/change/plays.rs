//! On which nodes the tasks of Ansible's plays run: a play's pattern of hosts, as far as the site answers it.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use crate::read::glob;
use crate::read::script::{Certain, Invocation, Script};
use crate::site::Site;

use super::target::find;

/// A script with more commands, each node's counted, is left as it is.
const MAX_COMMANDS: usize = 100_000;

/// The copies of a command: where the first is, and how many there are.
#[derive(Clone, Copy)]
struct CommandCopies {
    first: usize,
    count: usize,
}

/// A script in which each task of a play stands once for every node that the play names. Where a pattern names a group,
/// which only an inventory tells, its tasks are left without a node.
pub fn on_nodes<'s>(site: &Site, script: &'s Script) -> Cow<'s, Script> {
    let mut known: HashMap<&str, Vec<usize>> = HashMap::new();
    let of_command = script
        .commands
        .iter()
        .map(|command| match pattern(command) {
            Some(pattern) => known
                .entry(pattern)
                .or_insert_with(|| nodes(site, pattern))
                .clone(),
            None => Vec::new(),
        });
    let of_command: Vec<Vec<usize>> = of_command.collect();
    let count: usize = of_command.iter().map(|nodes| nodes.len().max(1)).sum();
    if count > MAX_COMMANDS || of_command.iter().all(Vec::is_empty) {
        return Cow::Borrowed(script);
    }
    let mut commands = Vec::with_capacity(count);
    let mut copies: Vec<CommandCopies> = Vec::with_capacity(of_command.len());
    for (command, nodes) in script.commands.iter().zip(&of_command) {
        let own = CommandCopies {
            first: commands.len(),
            count: nodes.len().max(1),
        };
        for copy in 0..own.count {
            let mut command = command.clone();
            if let (Some(node), Some(hosts)) = (nodes.get(copy), &command.hosts) {
                let name = site.nodes.get(*node).map(|node| node.name.as_str());
                command.target = name.map(|name| hosts.naming(name));
            }
            command.certain = moved(command.certain, &copies, own, copy);
            commands.push(command);
        }
        copies.push(own);
    }
    Cow::Owned(Script {
        commands,
        ..script.clone()
    })
}

/// The pattern of a command that is to run on each of a play's hosts.
fn pattern(command: &Invocation) -> Option<&str> {
    // Of what may not run it is said once that it may not.
    let is_meant = command.target.is_none() && !matches!(command.certain, Certain::Maybe(..));
    let hosts = command.hosts.as_ref().filter(|_| is_meant);
    hosts.map(|hosts| hosts.text.as_str())
}

/// What a copy hangs on: the copy on the same node, where there is one for each.
fn moved(certain: Certain, copies: &[CommandCopies], own: CommandCopies, copy: usize) -> Certain {
    let at = |at: usize| match copies.get(at) {
        Some(before) if before.count == own.count => before.first + copy,
        Some(before) => before.first,
        None => at,
    };
    match certain {
        Certain::IfSucceeds(before) => Certain::IfSucceeds(at(before)),
        Certain::IfFails(before) => Certain::IfFails(at(before)),
        certain => certain,
    }
}

/// The nodes that a pattern of hosts names: `all`, names, globs, `!`, `&`; none where a part of it is no node's name.
fn nodes(site: &Site, pattern: &str) -> Vec<usize> {
    let is_address = pattern.parse::<IpAddr>().is_ok();
    let split = |c: char| c == ',' || c == ':' && !is_address;
    let terms = pattern
        .split(split)
        .map(str::trim)
        .filter(|term| !term.is_empty());
    let (mut with, mut only, mut without) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    for term in terms {
        let name = term.trim_start_matches(['!', '&']);
        let found = term_nodes(site, name);
        if found.is_empty() {
            return Vec::new();
        }
        if term.starts_with('!') {
            without.extend(found);
        } else if term.starts_with('&') {
            only.push(found);
        } else {
            with.extend(found);
        }
    }
    let is_meant =
        |node: &usize| !without.contains(node) && only.iter().all(|only| only.contains(node));
    with.into_iter().filter(is_meant).collect()
}

fn term_nodes(site: &Site, name: &str) -> BTreeSet<usize> {
    if matches!(name, "all" | "*") {
        return (0..site.nodes.len()).collect();
    }
    if !name.contains(['*', '?', '[']) {
        return find(site, name).into_iter().collect();
    }
    let Ok(glob) = glob::of(name) else {
        return BTreeSet::new();
    };
    let matching = site
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| glob.is_match(&node.name));
    matching.map(|(at, _)| at).collect()
}
