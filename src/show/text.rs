//! The picture for people, on a terminal or in a ticket.

mod lines;
mod ovn;

use crate::finding::words::{Bytes, listed};
use crate::report::escape;
use crate::show::{
    Fact, Picture, ShownBridge, ShownConfiguration, ShownManagement, ShownNode, ShownPort,
    ShownSite,
};

use lines::{Page, joined, shortened, value};

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Every site and node; ports are counted.
    Overview,
    /// The nodes alone, with every port.
    Ports,
}

/// The whole picture, for a terminal of `width` columns.
pub fn render(picture: &Picture, detail: Detail, width: usize) -> String {
    if picture.is_empty() {
        return "nothing to show: no node, no configuration of Neutron and no northbound database was \
                found;\n`ovnlint check --show-files` says what became of each file\n"
            .to_owned();
    }
    let mut page = Page::new(width);
    for site in &picture.sites {
        if detail == Detail::Overview {
            write_site(&mut page, site);
        }
        for node in &site.nodes {
            write_node(&mut page, node, detail);
        }
    }
    escape::log_commands(page.finish())
}

fn write_site(page: &mut Page, site: &ShownSite) {
    let directory = site.topology.as_deref().map(|path| {
        path.rsplit_once('/')
            .map_or(".", |(directory, _)| directory)
    });
    let own = (!site.directory.is_empty()).then_some(site.directory.as_str());
    page.heading(&match own.or(directory) {
        Some(directory) => format!("site {}", value(directory)),
        None => "site without topology.toml".to_owned(),
    });
    page.row("release", &said(&site.release, |release| value(release)));
    page.row("driver", &driver(&site.driver, site.driver_from));
    page.rows(
        "configurations",
        site.configurations.iter().map(configuration),
        "none",
    );
    page.rows("physnets", physnets(site), "unseen");
    let northbound = site.northbound.seen().map(ovn::northbound);
    page.rows("northbound", northbound.into_iter().flatten(), "unseen");
    let southbound = site.southbound.seen().map(ovn::southbound);
    page.rows("southbound", southbound.into_iter().flatten(), "unseen");
    if site.troubles > 0 {
        let count = match site.troubles {
            1 => "1 input is".to_owned(),
            several => format!("{several} inputs are"),
        };
        page.row(
            "incomplete",
            &format!(
                "{count} damaged or contradictory, and may be missing below: see `ovnlint check`"
            ),
        );
    }
}

fn configuration(configuration: &ShownConfiguration) -> String {
    let whose = configuration
        .node
        .as_deref()
        .map_or_else(|| "whole site".to_owned(), value);
    let files = format!(
        "{} ({whose}): {}",
        value(&configuration.directory),
        configuration.files.join(", ")
    );
    let services = configuration.services.iter().map(|service| {
        let seen = if service.whole { "whole" } else { "in part" };
        format!("{} {seen}", service.name)
    });
    let parts: Vec<String> = std::iter::once(files).chain(services).collect();
    joined(&parts)
}

/// What ml2 names, for each configuration that says anything of it.
fn physnets(site: &ShownSite) -> impl Iterator<Item = String> {
    let several = site.configurations.len() > 1;
    site.configurations.iter().filter_map(move |configuration| {
        let physnets = &configuration.physnets;
        let options = [
            ("flat_networks", &physnets.flat_networks),
            ("network_vlan_ranges", &physnets.network_vlan_ranges),
        ];
        if options.iter().all(|(_, names)| **names == Fact::Unseen) {
            return None;
        }
        let said = options.map(|(option, names)| match names {
            Fact::Seen(names) if names.is_empty() => format!("{option} empty"),
            Fact::Seen(names) => format!("{option} {}", shortened(names)),
            other => format!("{option} {}", said(other, |_| String::new())),
        });
        let said = joined(&said);
        Some(if several {
            format!("{said} ({})", value(&configuration.directory))
        } else {
            said
        })
    })
}

fn write_node(page: &mut Page, node: &ShownNode, detail: Detail) {
    let roles = match &node.roles {
        Fact::Seen(roles) => roles.join(", "),
        _ => "roles unseen".to_owned(),
    };
    page.heading(&format!("node {} ({roles})", value(&node.name)));
    page.row("driver", &driver(&node.driver, node.driver_from));
    page.row(
        "versions",
        &joined(&[
            format!(
                "Open vSwitch {}",
                said(&node.openvswitch, |version| value(version))
            ),
            format!("OVN {}", said(&node.ovn, |version| value(version))),
            format!("kernel {}", said(&node.kernel, |version| value(version))),
        ]),
    );
    page.row(
        "memory",
        &said(&node.memory, |bytes| Bytes(*bytes).to_string()),
    );
    page.row("management", &management(&node.management));
    match &node.external_ids {
        Fact::Seen(keys) => page.table(
            "external_ids",
            keys.iter()
                .map(|(key, found)| (value(key), said(found, |text| value(text)))),
            "none that OVN reads",
        ),
        other => page.row("external_ids", &said(other, |_| String::new())),
    }
    if let Some(options) = &node.ovs_agent {
        page.table(
            "OVS agent",
            options
                .iter()
                .map(|(option, found)| ((*option).to_owned(), said(found, |text| value(text)))),
            "unseen",
        );
    }
    match &node.bridges {
        Fact::Seen(bridges) if bridges.is_empty() => page.row("bridges", "none"),
        Fact::Seen(bridges) => {
            page.label("bridges");
            for bridge in bridges {
                write_bridge(page, bridge, detail);
            }
            if !node.all_bridges {
                page.branch("further bridges unseen");
            }
        }
        other => page.row("bridges", &said(other, |_| String::new())),
    }
}

/// Where the address sits, and how its frames reach the wire.
fn management(management: &ShownManagement) -> String {
    let given = management.given.seen();
    let seat = match (&management.interface, &management.address) {
        (Fact::Seen(interface), Fact::Seen(address)) => {
            format!("{address} on {}", value(interface))
        }
        (Fact::Seen(interface), _) => format!("{}, address unseen", value(interface)),
        (_, _) => match given {
            Some(given) => value(given),
            None => return said(&management.given, |_| String::new()),
        },
    };
    let known = [&management.interface, &management.address];
    let elsewhere = given.filter(|given| {
        management.interface.seen().is_some()
            && !known.iter().any(|fact| fact.seen() == Some(given))
    });
    let seat = match elsewhere {
        Some(given) => format!("{seat}, found from {}", value(given)),
        None => seat,
    };
    format!("{seat}: {}", path(management))
}

fn path(management: &ShownManagement) -> String {
    let bridge = value(management.bridge.as_deref().unwrap_or_default());
    match (management.path.seen(), &management.uplinks) {
        (Some(&"captured"), _) => {
            let bond = management.port.as_ref();
            let bond = bond.filter(|port| management.interface.seen() != Some(port));
            let way = bond.map_or_else(String::new, |port| format!(" through {}", value(port)));
            format!("captured by {bridge}{way}")
        }
        (Some(_), Some(uplinks)) => format!("internal port of {bridge}, {}", uplink(uplinks)),
        (Some(_), None) => "outside Open vSwitch".to_owned(),
        (None, _) => match management.needs {
            Some(needs) => format!("path unknown, needs {needs}"),
            None => "path unknown".to_owned(),
        },
    }
}

fn uplink(uplinks: &Fact<Vec<String>>) -> String {
    match uplinks {
        Fact::Seen(names) => match &names[..] {
            [] => "no uplink".to_owned(),
            [_] => format!("uplink {}", shortened(names)),
            _ => format!("uplinks {}", shortened(names)),
        },
        other => format!("uplinks {}", said(other, |_| String::new())),
    }
}

fn write_bridge(page: &mut Page, bridge: &ShownBridge, detail: Detail) {
    let mut purpose = Vec::new();
    if bridge.integration {
        purpose.push("integration bridge".to_owned());
    }
    match &bridge.physnets {
        Fact::Seen(physnets) if physnets.is_empty() => {}
        Fact::Seen(physnets) => {
            purpose.push(format!("provider bridge of {}", shortened(physnets)));
        }
        _ if bridge.integration => {}
        other => purpose.push(format!("physnets {}", said(other, |_| String::new()))),
    }
    let separator = if purpose.is_empty() { "" } else { "  " };
    let name = value(&bridge.name);
    page.branch(&format!("{name}{separator}{}", purpose.join(" · ")));
    let mut leaves = vec![settings(bridge)];
    let plain = bridge.uplinks.seen().is_some_and(Vec::is_empty)
        && bridge.physnets.seen().is_some_and(Vec::is_empty);
    if !plain && !bridge.integration {
        leaves.push(uplink(&bridge.uplinks));
    }
    leaves.push(match &bridge.port_counts {
        Fact::Seen(counts) if counts.is_empty() => "no other port".to_owned(),
        Fact::Seen(counts) => {
            let counts = counts.iter().map(|(kind, count)| match kind.as_str() {
                "unseen" => format!("{count} of unseen type"),
                kind => format!("{count} {}", value(kind)),
            });
            counts.collect::<Vec<_>>().join(", ")
        }
        other => format!("ports {}", said(other, |_| String::new())),
    });
    page.leaves(&leaves);
    if let (Detail::Ports, Fact::Seen(ports)) = (detail, &bridge.ports) {
        page.columns(ports.iter().map(|port| (value(&port.name), about(port))));
    }
}

fn settings(bridge: &ShownBridge) -> String {
    let fail_mode = match (&bridge.fail_mode, &bridge.effective_fail_mode) {
        (Fact::Absent, Fact::Seen(effective)) => format!("{effective} (unset)"),
        (Fact::Seen(written), Fact::Seen(effective)) if written != effective => {
            format!("{effective} ({} is no fail mode)", value(written))
        }
        (written, _) => said(written, |mode| value(mode)),
    };
    let controllers = match &bridge.controllers {
        Fact::Absent => "no controller".to_owned(),
        Fact::Seen(targets) if targets.is_empty() => "no controller".to_owned(),
        Fact::Seen(targets) => format!("controller {}", shortened(targets)),
        other => format!("controllers {}", said(other, |_| String::new())),
    };
    // Empty means the kernel's datapath (ovs-vswitchd.conf.db(5)).
    let datapath_type = match &bridge.datapath_type {
        Fact::Absent => "system (unset)".to_owned(),
        kind => said(kind, |kind| value(kind)),
    };
    joined(&[
        format!("fail_mode {fail_mode}"),
        format!(
            "protocols {}",
            said(&bridge.protocols, |protocols| shortened(protocols))
        ),
        format!("datapath_type {datapath_type}"),
        controllers,
    ])
}

fn about(port: &ShownPort) -> String {
    let interfaces = port.interfaces.seen().filter(|_| port.kind == "bond");
    let members = interfaces.map(|interfaces| {
        let members = interfaces.iter().map(|interface| {
            let kind = said(&interface.kind, |kind| value(kind));
            format!("{} ({kind})", value(&interface.name))
        });
        format!(" of {}", listed(&members.collect::<Vec<_>>()))
    });
    let uplink = if port.uplink { ", uplink" } else { "" };
    let tag = match &port.tag {
        Fact::Absent => String::new(),
        tag => format!(", tag {}", said(tag, ToString::to_string)),
    };
    format!(
        "{}{}{uplink}{tag}",
        match port.kind.as_str() {
            "unseen" => "type unseen".to_owned(),
            kind => value(kind),
        },
        members.unwrap_or_default()
    )
}

fn driver(driver: &Fact<&'static str>, source: Option<&'static str>) -> String {
    let source = match source {
        Some("external_ids") => ", by its external_ids",
        Some("topology") => ", by topology.toml",
        Some("mechanism_drivers") => ", by mechanism_drivers",
        _ => "",
    };
    format!("{}{source}", said(driver, |driver| (*driver).to_owned()))
}

/// A fact in words: what is not there is `unset`, never blank.
fn said<T>(fact: &Fact<T>, value: impl FnOnce(&T) -> String) -> String {
    match fact {
        Fact::Unseen => "unseen".to_owned(),
        Fact::Unsure(why) => format!("unsure ({why})"),
        Fact::Absent => "unset".to_owned(),
        Fact::Seen(seen) => value(seen),
    }
}
