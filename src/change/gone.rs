//! What is written before a change and not after it: where it stood, and where it would stand.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::site::Node;
use crate::site::neutron::Configuration;
use crate::site::options::Options;
use crate::site::ovs::{Bridge, Entries, entry};
use crate::source::{Known, Place, Span};

use super::Change;

/// An option, a key or a row that is gone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gone {
    /// Where it would stand now; defaults are said there.
    pub at: Place,
    /// Its name: `vni_ranges`, `ovn-bridge-mappings`, the name of a port.
    pub name: String,
    /// Where it stood.
    pub was: Place,
}

impl Change {
    /// What is gone, as far as both sides show where it would stand.
    pub fn gone(&self) -> Vec<Gone> {
        let mut gone = BTreeSet::new();
        for (old, new) in self.configurations() {
            for (old, new) in services(old, new) {
                options(&mut gone, old, new);
            }
        }
        for old in &self.before.nodes {
            if let Some(new) = self.after.node(&old.name) {
                state(&mut gone, old, new);
            }
        }
        gone.into_iter().collect()
    }
}

/// Each service of a configuration, before and after.
fn services<'a>(
    old: &'a Configuration,
    new: &'a Configuration,
) -> impl Iterator<Item = (&'a Options, &'a Options)> {
    let of = |own: &'a Configuration| {
        let agents = [
            &own.server,
            &own.ovs_agent,
            &own.sriov_agent,
            &own.macvtap_agent,
        ];
        let several = own.ovn_agents.iter().map(Some);
        agents.map(Option::as_ref).into_iter().chain(several)
    };
    of(old)
        .zip(of(new))
        .filter_map(|(old, new)| Some((old?, new?)))
}

fn options(gone: &mut BTreeSet<Gone>, old: &Options, new: &Options) {
    let sections = old.files.iter().flat_map(|file| &file.sections);
    for section in sections {
        for option in &section.options {
            let (place, name) = (&section.name.value, &option.key.value);
            let decides = old
                .entry(place, name)
                .is_some_and(|own| std::ptr::eq(own, option));
            if let (true, Known::Absent(at)) = (decides, new.get(place, name)) {
                let (key, value) = (&option.key.place, &option.value.place);
                let end = value.span.end.max(key.span.end);
                gone.insert(Gone {
                    at,
                    name: name.clone(),
                    was: Place {
                        span: Span { end, ..key.span },
                        ..key.clone()
                    },
                });
            }
        }
    }
}

fn state(gone: &mut BTreeSet<Gone>, old: &Arc<Node>, new: &Node) {
    let (was, is) = (&old.ovs, &new.ovs);
    map(gone, &was.external_ids, &is.external_ids);
    map(gone, &was.other_config, &is.other_config);
    let (Known::Seen(before), Known::Seen(after)) = (&was.bridges, &is.bridges) else {
        return;
    };
    for old in before.iter() {
        match is.bridge(&old.name) {
            Some(new) => bridge(gone, old, new),
            None if is.all_bridges => {
                gone.insert(Gone {
                    at: after.place.clone(),
                    name: old.name.value.clone(),
                    was: old.name.place.clone(),
                });
            }
            None => {}
        }
    }
}

fn bridge(gone: &mut BTreeSet<Gone>, old: &Bridge, new: &Bridge) {
    value(gone, "fail_mode", &old.fail_mode, &new.fail_mode);
    value(
        gone,
        "datapath_type",
        &old.datapath_type,
        &new.datapath_type,
    );
    value(gone, "controller", &old.controllers, &new.controllers);
    value(gone, "stp_enable", &old.stp_enable, &new.stp_enable);
    value(gone, "rstp_enable", &old.rstp_enable, &new.rstp_enable);
    map(gone, &old.other_config, &new.other_config);
    let (Known::Seen(before), Known::Seen(after)) = (&old.ports, &new.ports) else {
        return;
    };
    let left: BTreeSet<&str> = after.iter().map(|port| port.name.as_str()).collect();
    for port in before
        .iter()
        .filter(|port| !left.contains(port.name.as_str()))
    {
        gone.insert(Gone {
            at: new.name.place.clone(),
            name: port.name.value.clone(),
            was: port.name.place.clone(),
        });
    }
}

fn map(gone: &mut BTreeSet<Gone>, old: &Known<Entries>, new: &Known<Entries>) {
    let entries = old.seen().into_iter().flat_map(|entries| entries.iter());
    for (key, was) in entries {
        value(gone, key, &Known::Seen(was.clone()), &entry(new, key));
    }
}

fn value<T>(gone: &mut BTreeSet<Gone>, name: &str, old: &Known<T>, new: &Known<T>) {
    if let (Known::Seen(was), Known::Absent(at)) = (old, new) {
        gone.insert(Gone {
            at: at.clone(),
            name: name.to_owned(),
            was: was.place.clone(),
        });
    }
}
