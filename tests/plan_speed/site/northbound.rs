//! What Neutron wrote: tenant switches, two behind each router, whose gateway ports lead to provider switches.

use serde_json::{Map, Value, json};

use super::{
    INSTANCES, PER_SWITCH, PROVIDERS, gateways, instance, mac, map, name_of, reference, references,
    switches, uuid,
};

/// Tenant switches behind a router.
const BEHIND: usize = 2;

const GLOBAL: u16 = 0x10;
pub const TENANT: u16 = 0x11;
pub const PROVIDER: u16 = 0x12;
pub const LOCALNET: u16 = 0x13;
const INSIDE: u16 = 0x14;
pub const OUTSIDE: u16 = 0x15;
pub const ROUTER: u16 = 0x16;
const SCHEDULED: u16 = 0x17;
const SNAT: u16 = 0x18;
const FLOATING: u16 = 0x19;
const INSIDE_ROUTER: u16 = 0x1a;
const OUTSIDE_ROUTER: u16 = 0x1b;

/// How many routers there are.
pub fn routers(nodes: usize) -> usize {
    switches(nodes).div_ceil(BEHIND)
}

/// The tables of the database.
pub fn state(nodes: usize) -> Value {
    let mut tables = Tables::default();
    let tenants = switches(nodes);
    let routers = routers(nodes);
    for tenant in 0..tenants {
        tables.tenant(tenant, nodes * INSTANCES);
    }
    for router in 0..routers {
        tables.router(router, tenants, nodes);
    }
    for provider in 0..PROVIDERS {
        tables.provider(provider, routers);
    }
    let options = [
        ("mac_prefix", "82:3d:7f"),
        ("max_tunid", "16711680"),
        ("svc_monitor_mac", "7a:b5:17:fa:c7:b7"),
    ];
    json!({
        "NB_Global": { uuid(GLOBAL, 0): { "name": "", "options": map(&options) } },
        "Logical_Switch": tables.switches,
        "Logical_Switch_Port": tables.ports,
        "Logical_Router": tables.routers,
        "Logical_Router_Port": tables.router_ports,
        "Gateway_Chassis": tables.gateways,
        "NAT": tables.nat,
    })
}

#[derive(Default)]
struct Tables {
    switches: Map<String, Value>,
    ports: Map<String, Value>,
    routers: Map<String, Value>,
    router_ports: Map<String, Value>,
    gateways: Map<String, Value>,
    nat: Map<String, Value>,
}

impl Tables {
    fn tenant(&mut self, tenant: usize, all: usize) {
        let own = tenant * PER_SWITCH..((tenant + 1) * PER_SWITCH).min(all);
        let mut ports: Vec<Value> = Vec::new();
        for port in own {
            let address = format!(
                "{} 192.168.{}.{}",
                mac(0x3f, port),
                tenant % 256,
                port % PER_SWITCH + 2
            );
            let keys = [
                ("neutron:device_id", uuid(0xa1, port)),
                ("neutron:device_owner", "compute:nova".to_owned()),
                (
                    "neutron:network_name",
                    format!("neutron-{}", uuid(TENANT, tenant)),
                ),
                ("neutron:project_id", uuid(0xa2, tenant)),
                ("neutron:revision_number", "4".to_owned()),
                ("neutron:security_group_ids", uuid(0xa3, tenant)),
            ];
            let keys = keys.each_ref().map(|(key, value)| (*key, value.as_str()));
            let row = json!({
                "name": instance(port), "addresses": address, "port_security": address,
                "enabled": true, "up": true, "external_ids": map(&keys),
                "options": map(&[("mcast_flood_reports", "true")]),
            });
            self.ports.insert(instance(port), row);
            ports.push(json!(["uuid", instance(port)]));
        }
        self.router_end((INSIDE, tenant), &format!("lrp-{}", uuid(INSIDE, tenant)));
        ports.push(reference(INSIDE, tenant));
        self.switch((TENANT, tenant), &format!("tenant{tenant}"), &ports);
    }

    fn provider(&mut self, provider: usize, routers: usize) {
        let mut localnet = json!({
            "name": format!("provnet-{}", uuid(LOCALNET, provider)),
            "type": "localnet", "addresses": "unknown",
            "options": map(&[("mcast_flood", "false"), ("network_name", "physnet1")]),
        });
        if provider > 0 {
            localnet["tag"] = json!(100 + provider);
        }
        self.ports.insert(uuid(LOCALNET, provider), localnet);
        let mut ports = vec![reference(LOCALNET, provider)];
        for router in (provider..routers).step_by(PROVIDERS) {
            self.router_end((OUTSIDE, router), &format!("lrp-{}", uuid(OUTSIDE, router)));
            ports.push(reference(OUTSIDE, router));
        }
        self.switch((PROVIDER, provider), &format!("public{provider}"), &ports);
    }

    fn switch(&mut self, (kind, number): (u16, usize), title: &str, ports: &[Value]) {
        let keys = [
            ("neutron:mtu", "1442"),
            ("neutron:network_name", title),
            ("neutron:revision_number", "2"),
        ];
        let row = json!({
            "name": format!("neutron-{}", uuid(kind, number)), "ports": ["set", ports],
            "external_ids": map(&keys), "other_config": map(&[("mcast_snoop", "false")]),
        });
        self.switches.insert(uuid(kind, number), row);
    }

    fn router_end(&mut self, (kind, number): (u16, usize), peer: &str) {
        let row = json!({
            "name": uuid(kind, number), "type": "router", "addresses": "router",
            "options": map(&[("router-port", peer)]),
        });
        self.ports.insert(uuid(kind, number), row);
    }

    /// The floating IPs of the routers to the last provider switch are distributed.
    fn router(&mut self, router: usize, tenants: usize, nodes: usize) {
        let behind = router * BEHIND..((router + 1) * BEHIND).min(tenants);
        let scheduled: Vec<usize> = gateways(router, nodes).collect();
        for (number, chassis) in scheduled.iter().enumerate() {
            let row = json!({
                "name": format!("lrp-{}_{}", uuid(OUTSIDE, router), name_of(*chassis)),
                "chassis_name": name_of(*chassis), "priority": number + 1,
            });
            self.gateways
                .insert(uuid(SCHEDULED, router * 8 + number), row);
        }
        let outside = json!({
            "name": format!("lrp-{}", uuid(OUTSIDE, router)), "mac": mac(0x40, router),
            "networks": format!("203.0.113.{}/24", router % 250 + 2),
            "gateway_chassis": references(SCHEDULED, (0..scheduled.len()).map(|number| router * 8 + number)),
        });
        self.router_ports
            .insert(uuid(OUTSIDE_ROUTER, router), outside);
        let mut ports = vec![reference(OUTSIDE_ROUTER, router)];
        for tenant in behind.clone() {
            let inside = json!({
                "name": format!("lrp-{}", uuid(INSIDE, tenant)), "mac": mac(0x41, tenant),
                "networks": format!("192.168.{}.1/24", tenant % 256),
            });
            self.router_ports
                .insert(uuid(INSIDE_ROUTER, tenant), inside);
            ports.push(reference(INSIDE_ROUTER, tenant));
        }
        let snat = json!({
            "type": "snat", "external_ip": format!("203.0.113.{}", router % 250 + 2),
            "logical_ip": "192.168.0.0/16",
        });
        self.nat.insert(uuid(SNAT, router), snat);
        let port = behind.start * PER_SWITCH;
        let mut floating = json!({
            "type": "dnat_and_snat", "external_ip": format!("198.51.100.{}", router % 250 + 2),
            "logical_ip": format!("192.168.{}.2", behind.start % 256), "logical_port": instance(port),
        });
        if router % PROVIDERS == PROVIDERS - 1 {
            floating["external_mac"] = json!(mac(0x42, router));
        }
        self.nat.insert(uuid(FLOATING, router), floating);
        let row = json!({
            "name": format!("neutron-{}", uuid(ROUTER, router)), "enabled": true,
            "ports": ["set", ports],
            "nat": ["set", [reference(SNAT, router), reference(FLOATING, router)]],
            "external_ids": map(&[("neutron:router_name", &format!("router{router}"))]),
        });
        self.routers.insert(uuid(ROUTER, router), row);
    }
}
