//! Any changes, one after the other: what is kept answers as what is worked out anew.

use std::sync::Arc;

use proptest::prelude::*;

use super::Touched;
use crate::site::ovn::local::tests::*;
use crate::site::ovn::{
    Binding, LogicalRouter, LogicalSwitch, Nat, Northbound, RouterPort, Southbound,
};
use crate::site::ovs::{Bridge, Interface, Port};
use crate::site::{Driver, Node, Site};
use crate::source::Known;

/// One that is a node, two that only the southbound shows, and one that nothing does.
const CHASSIS: [&str; 4] = ["c1", "c2", "c3", "cx"];
const PORTS: [&str; 6] = ["p0", "p1", "p2", "p3", "p4", "p5"];
const LINKS: [&str; 4] = ["lrp-0", "lrp-1", "lrp-2", "lrp-3"];

/// What is done, to which, and two choices.
type Edit = (u8, u8, u8, u8);

fn pick<'a>(of: &[&'a str], choice: u8) -> &'a str {
    of[usize::from(choice) % of.len()]
}

fn seen<T>(known: &mut Known<Vec<T>>) -> &mut Vec<T> {
    match known {
        Known::Seen(seen) => &mut seen.value,
        _ => panic!("it is never unseen here"),
    }
}

fn node(name: &str) -> Arc<Node> {
    let keys = [("system-id", name), ("ovn-remote", "tcp:192.0.2.1:6642")];
    let keys = keys.map(|(key, value)| (key.to_owned(), at(value.to_owned())));
    let mut node = Node {
        name: name.to_owned(),
        driver: Some(Driver::Ovn),
        ..Node::default()
    };
    node.ovs.external_ids = Known::Seen(at(keys.into_iter().collect()));
    node.ovs.bridges = Known::Seen(at(vec![Bridge {
        ports: Known::Seen(at(Vec::new())),
        ..Bridge::named(at("br-int".to_owned()))
    }]));
    node.ovs.all_bridges = true;
    Arc::new(node)
}

fn tap(port: &str) -> Port {
    let interface = Interface {
        name: at(format!("tap-{port}")),
        kind: absent(),
        options: absent(),
        iface_id: text(port),
    };
    Port {
        name: at(format!("tap-{port}")),
        tag: absent(),
        trunks: absent(),
        vlan_mode: absent(),
        interfaces: Known::Seen(at(vec![interface])),
    }
}

/// Some are bound by the southbound, some are told to be nowhere, and of some it says nothing.
fn start() -> Site {
    let switches = ["s0", "s1", "s2"].map(|name| switch(name, vec![localnet(name)], &[]));
    let routers = ["r0", "r1"].map(|name| Arc::new(router(name, Vec::new())));
    let mut start = site(
        switches.into(),
        routers.into(),
        &[("p0", "c2"), ("p1", "c1")],
    );
    let mut southbound = Southbound::clone(&start.southbound);
    seen(&mut southbound.bindings).push(Binding {
        logical_port: at("p2".to_owned()),
        kind: absent(),
        chassis: absent(),
        additional: Vec::new(),
    });
    start.southbound = Arc::new(southbound);
    start.nodes = vec![node("c1"), node("n2")];
    start
}

fn switch_edit(switch: &mut LogicalSwitch, (what, _, a, b): Edit) {
    let named = format!("{}-{a}", pick(&["ln", "ext", "l2"], b));
    let ports = seen(&mut switch.ports);
    match what % 10 {
        0 | 1 => {
            let mut instance = instance(pick(&PORTS, a));
            let wanted = pick(&["", "", "c1", "c3,n2", "cx"], b);
            instance.requested_chassis = (!wanted.is_empty()).then(|| wanted.into());
            switch.instances.push(instance);
        }
        2 => drop(switch.instances.pop()),
        3 => ports.push(to_router(&named, pick(&LINKS, b))),
        4 => ports.insert(0, localnet(&named)),
        5 => {
            let mut external = port(&named, "external", None);
            external.gateways = Known::Seen(at(vec![at(pick(&CHASSIS, b).to_owned())]));
            ports.push(external);
        }
        6 => {
            let chassis = ("l2gateway-chassis", pick(&CHASSIS, b));
            ports.push(port(&named, "l2gateway", Some(chassis)));
        }
        7 => ports.push(port(
            pick(&PORTS, b),
            ["virtual", "vtep"][usize::from(a % 2)],
            None,
        )),
        8 => {
            let mut untyped = port(pick(&PORTS, b), "", None);
            untyped.kind = Known::Unseen;
            ports.push(untyped);
        }
        _ if ports.is_empty() => switch.whole = !switch.whole,
        _ => drop(ports.remove(usize::from(a) % ports.len())),
    }
}

fn router_edit(router: &mut LogicalRouter, (what, _, a, b): Edit) {
    let ports = seen(&mut router.ports);
    match what % 6 {
        0 | 1 => {
            let chassis = ["c1", "c3", "n2", "cx"];
            let gateways = &chassis[..usize::from(b) % 5];
            let mut port: RouterPort = router_port(pick(&LINKS, a), gateways);
            if b > 200 {
                port.peer = text(pick(&LINKS, b));
            }
            ports.push(port);
        }
        2 => drop(ports.pop()),
        3 => {
            router.nat = match a % 3 {
                0 => floating_ip(text("fa:16:3e:00:00:09")),
                1 => Known::Seen(at(Vec::<Nat>::new())),
                _ => Known::Unseen,
            };
        }
        4 => router.enabled = Known::Seen(at(a % 2 == 0)),
        _ => {
            let options = [("chassis".to_owned(), at(pick(&CHASSIS, b).to_owned()))];
            router.options =
                Known::Seen(at(options.into_iter().skip(usize::from(a % 2)).collect()));
        }
    }
}

fn node_edit(node: &mut Node, (what, _, a, b): Edit) {
    let Known::Seen(bridges) = &mut node.ovs.bridges else {
        return;
    };
    let bridge = &mut bridges.value[0];
    let Known::Seen(ports) = &mut bridge.ports else {
        bridge.ports = Known::Seen(at(Vec::new()));
        return;
    };
    match what % 8 {
        0..=3 => ports.value.push(tap(pick(&PORTS, a))),
        4 | 5 => drop(ports.value.pop()),
        6 if b % 2 == 0 => bridge.ports = Known::Unseen,
        6 => {
            Arc::make_mut(&mut node.host).ovn =
                Known::Seen(at("20.12.0".parse().expect("it is a version")));
        }
        _ => {
            if let Known::Seen(keys) = &mut node.ovs.external_ids {
                let key = pick(&["ovn-remote", "hostname", "system-id"], a).to_owned();
                let value = at(pick(&["", "c3", "c9"], b).to_owned());
                let others = keys
                    .value
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone()));
                keys.value = others.chain([(key, value)]).collect();
            }
        }
    }
}

/// Does it, and tells the site what it touched.
fn apply(site: &mut Site, edit: Edit) {
    let (what, which) = (edit.0 / 10, usize::from(edit.1));
    let northbound: &mut Northbound = Arc::make_mut(&mut site.northbound);
    let switches = seen(&mut northbound.switches);
    let routers = seen(&mut northbound.routers);
    let mut touched = Touched::default();
    let at = [which % switches.len().max(1)];
    let router_at = [which % routers.len().max(1)];
    let node_at = [which % site.nodes.len()];
    match what {
        0..=9 if !switches.is_empty() => {
            switch_edit(Arc::make_mut(&mut switches[at[0]]), edit);
            touched.switches = &at;
        }
        10..=16 if !routers.is_empty() => {
            router_edit(Arc::make_mut(&mut routers[router_at[0]]), edit);
            touched.routers = &router_at;
        }
        17..=21 => {
            let node = &mut site.nodes[node_at[0]];
            let mut changed = Node {
                name: node.name.clone(),
                driver: node.driver,
                ovs: node.ovs.clone(),
                ..Node::default()
            };
            changed.host = Arc::clone(&node.host);
            node_edit(&mut changed, edit);
            *node = Arc::new(changed);
            touched.nodes = &node_at;
        }
        22 => {
            let name = format!("s{}", switches.len() + 10);
            switches.push(switch(
                &name,
                vec![to_router(&name, pick(&LINKS, edit.2))],
                &["p3"],
            ));
        }
        23 => routers.push(Arc::new(router(
            "more",
            vec![router_port("lrp-3", &["c1"])],
        ))),
        24 if !switches.is_empty() => drop(switches.remove(at[0])),
        _ if !routers.is_empty() => drop(routers.remove(router_at[0])),
        _ => {}
    }
    site.refresh_locality(touched);
}

fn answers(site: &Site) -> String {
    let switches = site.northbound.switches().iter();
    let present: Vec<_> = switches
        .map(|switch| site.chassis_with_local_datapath(switch))
        .collect();
    let nodes = site.nodes.iter();
    let provided: Vec<_> = nodes
        .map(|node| {
            let switches = site.provider_switches_on(node).into_iter();
            let switches = switches.map(|(switch, why)| (&switch.id, why));
            switches.collect::<Vec<_>>()
        })
        .collect();
    format!("{:#?}", (present, provided, site.registrations()))
}

fn anew(site: &Site) -> Site {
    Site {
        nodes: site.nodes.clone(),
        northbound: Arc::clone(&site.northbound),
        southbound: Arc::clone(&site.southbound),
        ..Site::default()
    }
}

#[test]
fn a_change_keeps_what_it_does_not_touch() {
    let mut site = start();
    answers(&site);
    // An instance, a localnet port, a gateway port, its translations, an interface.
    for edit in [
        (0, 0, 3, 0),
        (4, 1, 0, 0),
        (100, 0, 0, 2),
        (103, 0, 0, 0),
        (176, 0, 3, 0),
    ] {
        apply(&mut site, edit);
        assert!(site.locality.get().is_some(), "{edit:?}");
    }
    // A chassis that nothing else names.
    apply(&mut site, (5, 0, 0, 3));
    assert!(site.locality.get().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_kept_answers_as_what_is_worked_out_anew(
        edits in prop::collection::vec(any::<Edit>(), 1..40),
    ) {
        let mut site = start();
        prop_assert_eq!(answers(&site), answers(&anew(&site)));
        for edit in edits {
            apply(&mut site, edit);
            prop_assert_eq!(answers(&site), answers(&anew(&site)), "after {:?}", edit);
        }
    }
}
