//! Each line of facts O§6.3 as the smallest northbound that shows it, and a site as large as they get.

use std::sync::Arc;

use super::*;
use crate::site::Driver;
use crate::site::ovn::{
    Binding, Chassis, Instance, LogicalRouter, Nat, Northbound, RouterPort, Southbound, SwitchPort,
};
use crate::source::{FileId, Known, Spanned};

fn place() -> Place {
    Place::file(FileId(0))
}

pub fn at<T>(value: T) -> Spanned<T> {
    Spanned::new(value, place())
}

pub fn text(value: &str) -> Known<String> {
    Known::Seen(at(value.to_owned()))
}

pub fn absent<T>() -> Known<T> {
    Known::Absent(place())
}

pub fn port(name: &str, kind: &str, option: Option<(&str, &str)>) -> SwitchPort {
    let options = option.map(|(key, value)| (key.to_owned(), at(value.to_owned())));
    SwitchPort {
        name: at(name.to_owned()),
        kind: text(kind),
        options: Known::Seen(at(options.into_iter().collect())),
        tag: absent(),
        peer: absent(),
        gateways: absent(),
    }
}

pub fn instance(name: &str) -> Instance {
    Instance {
        name: name.into(),
        parent: None,
        requested_chassis: None,
        file: FileId(0),
        span: None,
    }
}

pub fn localnet(name: &str) -> SwitchPort {
    port(name, "localnet", Some(("network_name", "physnet1")))
}

pub fn to_router(name: &str, peer: &str) -> SwitchPort {
    port(name, "router", Some(("router-port", peer)))
}

pub fn switch(name: &str, ports: Vec<SwitchPort>, instances: &[&str]) -> Arc<LogicalSwitch> {
    Arc::new(LogicalSwitch {
        id: name.to_owned(),
        name: at(name.to_owned()),
        external_ids: absent(),
        ports: Known::Seen(at(ports)),
        instances: instances.iter().map(|name| instance(name)).collect(),
        whole: true,
    })
}

pub fn router_port(name: &str, gateways: &[&str]) -> RouterPort {
    let names: Vec<_> = gateways.iter().map(|name| at((*name).to_owned())).collect();
    RouterPort {
        name: at(name.to_owned()),
        options: absent(),
        gateways: if names.is_empty() {
            absent()
        } else {
            Known::Seen(at(names))
        },
        peer: absent(),
    }
}

pub fn router(name: &str, ports: Vec<RouterPort>) -> LogicalRouter {
    LogicalRouter {
        id: name.to_owned(),
        name: at(name.to_owned()),
        enabled: absent(),
        options: absent(),
        ports: Known::Seen(at(ports)),
        nat: Known::Seen(at(Vec::new())),
        distributed_balancer: Known::Seen(at(false)),
    }
}

pub fn floating_ip(external_mac: Known<String>) -> Known<Vec<Nat>> {
    Known::Seen(at(vec![Nat {
        kind: text("dnat_and_snat"),
        external_ip: text("198.51.100.9"),
        logical_port: if external_mac.seen().is_some() {
            text("vm")
        } else {
            absent()
        },
        external_mac,
    }]))
}

/// A public and a private switch with a router between them; the gateway port may be hosted on `gateways`, and
/// an instance of the private switch is bound on c1.
fn routed(gateways: &[&str], change: impl Fn(&mut LogicalRouter)) -> Site {
    let switches = vec![
        switch(
            "public",
            vec![localnet("ln"), to_router("ext", "lrp-ext")],
            &[],
        ),
        switch("private", vec![to_router("int", "lrp-int")], &["vm"]),
    ];
    let mut router = router(
        "router",
        vec![
            router_port("lrp-ext", gateways),
            router_port("lrp-int", &[]),
        ],
    );
    change(&mut router);
    site(switches, vec![Arc::new(router)], &[("vm", "c1")])
}

/// Three chassis, known by the southbound alone.
pub fn site(
    switches: Vec<Arc<LogicalSwitch>>,
    routers: Vec<Arc<LogicalRouter>>,
    bound: &[(&str, &str)],
) -> Site {
    let chassis = ["c1", "c2", "c3"].map(|name| Chassis {
        name: at(name.to_owned()),
        hostname: text(name),
        encaps: Known::Unseen,
        other_config: absent(),
        external_ids: absent(),
    });
    let bindings = bound.iter().map(|(port, chassis)| Binding {
        logical_port: at((*port).to_owned()),
        kind: absent(),
        chassis: text(chassis),
        additional: Vec::new(),
    });
    Site {
        northbound: Arc::new(Northbound {
            switches: Known::Seen(at(switches)),
            whole: true,
            routers: Known::Seen(at(routers)),
            ..Northbound::default()
        }),
        southbound: Arc::new(Southbound {
            chassis: Known::Seen(at(chassis.into())),
            bindings: Known::Seen(at(bindings.collect())),
            whole: true,
            place: None,
        }),
        ..Site::default()
    }
}

/// Where a switch is local, and, with a question mark, where it may be.
fn answer(site: &Site, switch: usize) -> Vec<String> {
    let switch = &site.northbound.switches()[switch];
    let present = site.chassis_with_local_datapath(switch).into_iter();
    present
        .map(|presence| match presence.local {
            Local::Yes(_) => presence.chassis.name.clone(),
            Local::Possible(_) => format!("{}?", presence.chassis.name),
            Local::No => panic!("{presence:?}"),
        })
        .collect()
}

#[test]
fn a_bound_port_makes_its_switch_local() {
    let public = switch("public", vec![localnet("ln")], &["vm"]);
    let site = site(vec![public], vec![], &[("vm", "c2")]);
    assert_eq!(answer(&site, 0), ["c2"]);
}

#[test]
fn a_switch_without_bound_ports_is_local_nowhere() {
    let ports = vec![localnet("ln"), port("meta", "localport", None)];
    let site = site(vec![switch("public", ports, &[])], vec![], &[]);
    assert!(answer(&site, 0).is_empty());
}

#[test]
fn gateways_hold_the_switch_outside_standby_members_included() {
    let site = routed(&["c2", "c3"], |_| {});
    assert_eq!(answer(&site, 0), ["c2", "c3"]);
    assert_eq!(answer(&site, 1), ["c1", "c2", "c3"]);
}

#[test]
fn before_21_09_every_router_was_crossed() {
    let mut site = routed(&["c2"], |_| {});
    let node = |ovn: &str| {
        let mut node = Node {
            name: "c1".to_owned(),
            driver: Some(Driver::Ovn),
            ..Node::default()
        };
        Arc::make_mut(&mut node.host).ovn = Known::Seen(at(ovn.parse().expect("it is a version")));
        Arc::new(node)
    };
    site.nodes = vec![node("21.09.0")];
    assert_eq!(answer(&site, 0), ["c2"]);
    let mut site = routed(&["c2"], |_| {});
    site.nodes = vec![node("20.12.0")];
    assert_eq!(answer(&site, 0), ["c1", "c2"]);
}

#[test]
fn a_distributed_router_is_crossed() {
    let everywhere = ["c1", "c2"];
    let distributed_nat = routed(&["c2"], |router| {
        router.nat = floating_ip(text("fa:16:3e:00:00:09"));
    });
    assert_eq!(answer(&distributed_nat, 0), everywhere);
    let central_nat = routed(&["c2"], |router| router.nat = floating_ip(absent()));
    assert_eq!(answer(&central_nat, 0), ["c2"]);
    let balancer = routed(&["c2"], |router| {
        router.distributed_balancer = Known::Seen(at(true));
    });
    assert_eq!(answer(&balancer, 0), everywhere);
    let plain = routed(&[], |_| {});
    assert_eq!(answer(&plain, 0), ["c1"]);
    let bridged = routed(&["c2"], |router| {
        if let Known::Seen(ports) = &mut router.ports {
            let options = [("redirect-type".to_owned(), at("bridged".to_owned()))];
            ports.value[0].options = Known::Seen(at(options.into_iter().collect()));
        }
    });
    assert_eq!(answer(&bridged, 0), everywhere);
}

#[test]
fn a_gateway_router_is_on_its_chassis_alone() {
    let site = routed(&[], |router| {
        let options = [("chassis".to_owned(), at("c3".to_owned()))];
        router.options = Known::Seen(at(options.into_iter().collect()));
    });
    assert_eq!(answer(&site, 0), ["c3"]);
    assert_eq!(answer(&site, 1), ["c1", "c3"]);
}

#[test]
fn what_was_not_seen_is_possible_never_no() {
    // The translations decide whether the router is crossed.
    let site = routed(&["c2"], |router| router.nat = Known::Unseen);
    assert_eq!(answer(&site, 0), ["c2", "c1?"]);
    // Without bindings any chassis may hold the instance; the gateway is certain all the same.
    let mut site = routed(&["c2"], |_| {});
    let southbound = Southbound {
        bindings: Known::Unseen,
        whole: false,
        ..(*site.southbound).clone()
    };
    site.southbound = Arc::new(southbound);
    assert_eq!(answer(&site, 0), ["c2"]);
    assert_eq!(answer(&site, 1), ["c2", "c1?", "c3?"]);
    // Without routers, a port that leads to one says nothing.
    let mut site = routed(&["c2"], |_| {});
    let northbound = Northbound {
        routers: Known::Unseen,
        ..(*site.northbound).clone()
    };
    site.northbound = Arc::new(northbound);
    assert_eq!(answer(&site, 0), ["c1?", "c2?", "c3?"]);
}

/// 100,000 ports on 2,000 switches, 1,000 chassis, every switch behind a distributed router to one public switch:
/// all share one answer.
#[test]
fn a_large_site_is_one_pass_over_its_ports() {
    let (chassis, tenants, ports) = (1_000, 2_000, 50);
    let mut outside = vec![localnet("ln")];
    let mut switches = Vec::new();
    let mut routers = Vec::new();
    let mut bindings = Vec::new();
    for tenant in 0..tenants {
        let mut names = Vec::new();
        let own = vec![to_router(
            &format!("int-{tenant}"),
            &format!("lrp-int-{tenant}"),
        )];
        for number in 0..ports {
            let name = format!("vm-{tenant}-{number}");
            names.push(name.clone());
            bindings.push(Binding {
                logical_port: at(name),
                kind: absent(),
                chassis: text(&format!("c{}", (tenant + number) % chassis)),
                additional: Vec::new(),
            });
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        switches.push(switch(&format!("tenant-{tenant}"), own, &names));
        outside.push(to_router(
            &format!("ext-{tenant}"),
            &format!("lrp-ext-{tenant}"),
        ));
        let mut router = router(
            &format!("router-{tenant}"),
            vec![
                router_port(&format!("lrp-ext-{tenant}"), &["c0", "c1", "c2"]),
                router_port(&format!("lrp-int-{tenant}"), &[]),
            ],
        );
        router.nat = floating_ip(text("fa:16:3e:00:00:09"));
        routers.push(Arc::new(router));
    }
    switches.push(switch("public", outside, &[]));
    let mut site = site(switches, routers, &[]);
    let rows = (0..chassis).map(|number| Chassis {
        name: at(format!("c{number}")),
        hostname: absent(),
        encaps: Known::Unseen,
        other_config: absent(),
        external_ids: absent(),
    });
    site.southbound = Arc::new(Southbound {
        chassis: Known::Seen(at(rows.collect())),
        bindings: Known::Seen(at(bindings)),
        whole: true,
        place: None,
    });
    assert_eq!(answer(&site, tenants).len(), chassis);
    assert_eq!(answer(&site, 0).len(), chassis);
}
