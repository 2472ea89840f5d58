//! Makes the machine of a node: what the topology draws, then what units and environment files say.

use std::collections::BTreeMap;

use crate::read::topology::TopologyNode;
use crate::read::unit::{self, MemoryMax};
use crate::read::{Input, Record};
use crate::site::host::{Host, Interface, Service, Variable};
use crate::source::{Known, Spanned};

fn known<T: Clone>(value: Option<&Spanned<T>>) -> Known<T> {
    value.cloned().map_or(Known::Unseen, Known::Seen)
}

/// The machine as the topology draws it.
pub fn drawn(drawn: &TopologyNode) -> Host {
    let interfaces = drawn
        .interfaces
        .iter()
        .flatten()
        .map(|interface| Interface {
            name: interface.name.clone(),
            addresses: interface.addresses.clone(),
            mtu: interface.mtu.clone(),
            kind: None,
            members: interface
                .members
                .iter()
                .map(|member| member.value.clone())
                .collect(),
            parent: interface.parent.as_ref().map(|parent| parent.value.clone()),
        });
    let services = drawn.services.iter().map(|service| Service {
        name: service.name.value.clone(),
        memory_max: known(service.memory_max.as_ref()),
        api_workers: known(service.api_workers.as_ref()),
        eventlet: known(service.eventlet.as_ref()),
        container: known(service.container.as_ref()),
    });
    Host {
        memory: known(drawn.memory.as_ref()),
        kernel: known(drawn.kernel.as_ref()),
        openvswitch: known(drawn.openvswitch.as_ref()),
        ovn: known(drawn.ovn.as_ref()),
        management: known(drawn.management.as_ref()),
        interfaces: interfaces.collect(),
        interfaces_complete: false,
        services: services.collect(),
        bgp_agent: false,
        environment: Vec::new(),
    }
}

/// Adds what units, drop-ins and environment files say. The topology's word on a service stands before that of its
/// unit, and a drop-in before the unit: the last one by name, wherever it lies, wins.
pub fn read<'a>(host: &mut Host, files: impl Iterator<Item = &'a Input>) {
    let mut files: Vec<&Input> = files
        .filter(|input| matches!(input.record, Record::Unit(..) | Record::Environment(..)))
        .collect();
    files.sort_by_key(|input| {
        let name = input.components.last().map_or("", String::as_str);
        (!name.ends_with(".service"), name)
    });
    let mut limits: BTreeMap<&str, Known<u64>> = BTreeMap::new();
    for input in files {
        match &input.record {
            Record::Unit(name, file) => {
                host.environment.extend(variables(unit::environment(file)));
                if let Some(limit) = unit::memory_max(file).and_then(|limit| bytes(host, limit)) {
                    limits.insert(name, limit);
                }
            }
            Record::Environment(_, file) => {
                let entries = file
                    .entries
                    .iter()
                    .map(|entry| (entry.key.clone(), entry.value.clone()));
                host.environment.extend(variables(entries));
            }
            _ => {}
        }
    }
    for (name, limit) in limits {
        match host
            .services
            .iter_mut()
            .find(|service| service.name == name)
        {
            Some(service) if service.memory_max.settled() => {}
            Some(service) => service.memory_max = limit,
            None => host.services.push(Service {
                name: name.to_owned(),
                memory_max: limit,
                ..Service::default()
            }),
        }
    }
}

fn variables(
    pairs: impl IntoIterator<Item = (Spanned<String>, Spanned<String>)>,
) -> impl Iterator<Item = Variable> {
    pairs
        .into_iter()
        .map(|(name, value)| Variable { name, value })
}

/// The limit in bytes; `None` for a line that systemd ignores.
fn bytes(host: &Host, limit: Spanned<MemoryMax>) -> Option<Known<u64>> {
    Some(match (limit.value, host.memory.seen()) {
        (MemoryMax::Bytes(bytes), _) => Known::Seen(Spanned::new(bytes, limit.place)),
        (MemoryMax::Share(share), Some(memory)) => Known::Seen(Spanned::new(
            memory.value / 10_000 * u64::from(share),
            limit.place,
        )),
        (MemoryMax::Share(_), None) => {
            Known::Unsure(limit.place, "a share of a memory that was not given")
        }
        (MemoryMax::Infinity, _) => Known::Absent(limit.place),
        (MemoryMax::Invalid, _) => return None,
    })
}
