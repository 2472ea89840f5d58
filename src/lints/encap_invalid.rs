//! A tunnel endpoint that OVN cannot use.

use std::net::IpAddr;

use crate::finding::{Finding, Findings, Level};
use crate::site::external_ids::EXTERNAL_IDS;
use crate::site::{Node, Site, chassis};
use crate::source::{Known, Spanned};

/// Lists are cut at commas and nothing is trimmed; addresses are checked by nobody (facts O§5, O§8).
pub fn check(site: &Site, found: &mut Findings) {
    // A lone chassis has no tunnel to lose.
    let level = if site.chassis().count() > 1 {
        Level::Error
    } else {
        Level::Warning
    };
    for node in site.chassis() {
        let (kinds, addresses) = (
            node.external_id("ovn-encap-type"),
            node.external_id("ovn-encap-ip"),
        );
        if kinds.seen().is_none() && addresses.seen().is_none() {
            if !kinds.settled() {
                found.unknown(&node.name, EXTERNAL_IDS);
            }
            continue;
        }
        found.checked(&node.name);
        let flawed_kinds = items(&kinds)
            .into_iter()
            .filter_map(|item| Some((kind_flaw(node, &item)?, item)));
        let flawed_addresses = items(&addresses)
            .into_iter()
            .filter_map(|item| Some((address_flaw(&item)?, item)));
        let both = flawed_kinds
            .map(|flaw| ("ovn-encap-type", flaw))
            .chain(flawed_addresses.map(|flaw| ("ovn-encap-ip", flaw)));
        for (key, (flaw, item)) in both {
            let result = if key == "ovn-encap-type" {
                "the southbound refuses the chassis, and it never registers"
            } else {
                "its peers take it as it stands, and no tunnel to this node carries a packet"
            };
            let message = format!(
                "{key} of {} holds `{}`, {flaw}: {result}",
                node.name, &*item
            );
            found.push(
                Finding::new(
                    level,
                    format!("{}/{key}/{}", node.name, item.trim()),
                    message,
                    &item.place,
                    flaw,
                )
                .node(&node.name),
            );
        }
    }
}

fn items(known: &Known<String>) -> Vec<Spanned<String>> {
    let text = known.seen().filter(|text| !text.trim().is_empty());
    text.map_or_else(Vec::new, chassis::elements)
}

fn kind_flaw(node: &Node, kind: &str) -> Option<&'static str> {
    let normal = kind.trim().to_ascii_lowercase();
    // stt left with 25.09.
    let stt = normal == "stt" && node.ovn().is_none_or(|version| !version.at_least(&[25, 9]));
    match (
        ["geneve", "vxlan"].contains(&normal.as_str()) || stt,
        kind == normal,
    ) {
        (true, true) => None,
        (true, false) if kind.trim() != kind => Some("with blanks"),
        (true, false) => Some("not in lower case"),
        (false, _) => Some("no type of tunnel that OVN has (geneve, vxlan)"),
    }
}

fn address_flaw(address: &str) -> Option<&'static str> {
    if address.parse::<IpAddr>().is_ok() {
        return None;
    }
    let bare = address.trim();
    if bare.parse::<IpAddr>().is_ok() {
        Some("with blanks")
    } else if bare
        .split_once('/')
        .is_some_and(|(ip, _)| ip.parse::<IpAddr>().is_ok())
    {
        Some("an address with a mask")
    } else if bare.starts_with('[') && bare.ends_with(']') {
        Some("an IPv6 address in brackets")
    } else {
        Some("no IP address")
    }
}
