//! The names of units and containers.

use crate::read::glob;

use super::super::Service;

/// Units and containers, without `.service` and with `-` for `_`.
static NAMES: [(&str, Service); 41] = [
    ("ovn-controller", Service::OvnController),
    ("ovn-host", Service::OvnController),
    ("openvswitch-switch", Service::Openvswitch),
    ("openvswitch", Service::Openvswitch),
    ("openvswitch-nonetwork", Service::Openvswitch),
    ("ovs-vswitchd", Service::Vswitchd),
    ("openvswitch-vswitchd", Service::Vswitchd),
    ("ovsdpdk-vswitchd", Service::Vswitchd),
    ("ovsdb-server", Service::OvsdbServer),
    ("openvswitch-db", Service::OvsdbServer),
    ("openvswitch-db-server", Service::OvsdbServer),
    ("ovsdpdk-db", Service::OvsdbServer),
    ("ovn-central", Service::OvnCentral),
    ("ovn-northd", Service::OvnCentral),
    ("ovn-ovsdb-server-nb", Service::OvnCentral),
    ("ovn-ovsdb-server-sb", Service::OvnCentral),
    ("ovn-nb-ovsdb", Service::OvnCentral),
    ("ovn-sb-ovsdb", Service::OvnCentral),
    ("ovn-nb-db", Service::OvnCentral),
    ("ovn-sb-db", Service::OvnCentral),
    ("ovn-sb-db-relay", Service::OvnCentral),
    ("ovn-sb-db-relay-1", Service::OvnCentral),
    ("ovn-dbs", Service::OvnCentral),
    ("ovn-cluster-northd", Service::OvnCentral),
    ("ovn-cluster-north-db-server", Service::OvnCentral),
    ("ovn-cluster-south-db-server", Service::OvnCentral),
    ("neutron-server", Service::NeutronServer),
    ("neutron-api", Service::NeutronServer),
    ("neutron-rpc-server", Service::NeutronServer),
    ("q-svc", Service::NeutronServer),
    ("neutron-openvswitch-agent", Service::OvsAgent),
    ("neutron-plugin-openvswitch-agent", Service::OvsAgent),
    ("neutron-ovs-agent", Service::OvsAgent),
    ("q-agt", Service::OvsAgent),
    ("networking", Service::Networking),
    ("network", Service::Networking),
    ("NetworkManager", Service::Networking),
    ("systemd-networkd", Service::Networking),
    ("wicked", Service::Networking),
    ("ifupdown2", Service::Networking),
    ("netplan", Service::Networking),
];

/// The service of a unit or a container.
pub fn of(name: &str) -> Service {
    let plain = plain(name);
    if let Some((_, service)) = NAMES.iter().find(|(known, _)| *known == plain) {
        return service.clone();
    }
    if plain.starts_with("neutron-") || plain.starts_with("q-") {
        return Service::OtherNeutron(plain);
    }
    if plain.starts_with("ovn-sb-db-relay-") {
        return Service::OvnCentral;
    }
    Service::Other(plain)
}

/// The services that a glob may match, each once; none: nothing that is known.
pub fn matching(glob: &str) -> Vec<Service> {
    let Ok(matcher) = glob::of(glob) else {
        return Vec::new();
    };
    let mut services: Vec<Service> = Vec::new();
    for (name, service) in &NAMES {
        let unit = format!("{name}.service");
        let matches = matcher.is_match(unit) || matcher.is_match(name);
        if matches && !services.contains(service) {
            services.push(service.clone());
        }
    }
    let start = glob.split(['*', '?', '[']).next().unwrap_or_default();
    if start.starts_with("neutron-") {
        services.push(Service::OtherNeutron(glob.to_owned()));
    } else if services.is_empty() && start.len() > 3 {
        services.push(Service::Other(glob.to_owned()));
    }
    services
}

/// The name without what systemd and the deployers put around it.
pub fn plain(name: &str) -> String {
    let name = name.strip_suffix(".service").unwrap_or(name);
    let name = match name.split_once('@') {
        Some(("devstack", instance)) => instance,
        Some((template, _)) => template,
        None => name,
    };
    let name = name.replace('_', "-");
    let starts = ["tripleo-", "edpm-", "kolla-"];
    let inner = starts.iter().find_map(|start| name.strip_prefix(start));
    let inner = inner.unwrap_or(&name);
    inner.strip_suffix("-container").unwrap_or(inner).to_owned()
}

/// Whether a unit does no more than run a container.
pub fn runs_container(unit: &str) -> bool {
    let starts = ["tripleo_", "edpm_", "kolla-", "kolla_"];
    starts.iter().any(|start| unit.starts_with(start))
}
