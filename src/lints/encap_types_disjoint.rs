//! Chassis between which OVN builds no tunnel: no type in common, or no transport zone.

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::external_ids::EXTERNAL_IDS;
use crate::site::tunnels::{Apart, TunnelEnd, without_common_type, without_neighbour};
use crate::source::Place;

/// ovn-controller says so at INFO, or not at all (facts O§8).
pub fn check(site: &Site, found: &mut Findings) {
    let (ends, unseen) = site.tunnel_ends();
    for name in unseen {
        found.unknown(name, EXTERNAL_IDS);
    }
    for end in &ends {
        found.checked(&end.node);
    }
    for apart in without_common_type(&ends) {
        found.push(no_common_type(&apart));
    }
    let (zoned, free): (Vec<&TunnelEnd>, Vec<&TunnelEnd>) =
        ends.iter().partition(|end| !end.zones.is_empty());
    if !zoned.is_empty() && !free.is_empty() {
        let message = format!(
            "ovn-transport-zones is set on {} and not on {}: there is no tunnel between a chassis with zones and one without",
            names(&zoned),
            names(&free)
        );
        let seats = zoned.iter().chain(&free).copied();
        let seats = seats.map(|end| (end, &end.zones_place));
        found.push(finding(
            Level::Warning,
            "ovn-transport-zones",
            message,
            seats,
        ));
    }
    // One with zones among others without was named above.
    for end in without_neighbour(&ends)
        .into_iter()
        .filter(|_| zoned.len() > 1)
    {
        let zones: Vec<&String> = end.zones.iter().collect();
        let message = format!(
            "no other chassis is in the transport zone of {}, {}: it has no tunnel at all",
            end.node,
            listed(&zones)
        );
        let subject = format!("{}/ovn-transport-zones", end.node);
        let seats = [(end, &end.zones_place)].into_iter();
        found.push(finding(Level::Warning, &subject, message, seats));
    }
}

fn no_common_type([ours, theirs]: &Apart) -> Finding {
    let types = |ends: &[&TunnelEnd]| {
        let types = ends.iter().take(1).flat_map(|end| end.types.iter());
        types.copied().collect::<Vec<_>>().join(",")
    };
    let (one, other) = (types(ours), types(theirs));
    let message = format!(
        "ovn-encap-type is {one} on {} and {other} on {}: without a type in common there is no tunnel between them, ovn-controller says `No supported encaps` at INFO only, and instances on one side do not reach those on the other",
        names(ours),
        names(theirs)
    );
    let seats = ours.iter().chain(theirs).copied();
    finding(
        Level::Error,
        &format!("{one}/{other}"),
        message,
        seats.map(|end| (end, &end.types_place)),
    )
}

fn names(ends: &[&TunnelEnd]) -> String {
    listed(&ends.iter().map(|end| end.node.as_str()).collect::<Vec<_>>())
}

fn finding<'a>(
    level: Level,
    subject: &str,
    message: String,
    seats: impl Iterator<Item = (&'a TunnelEnd, &'a Place)>,
) -> Finding {
    let seats: Vec<_> = seats.collect();
    let (first, place) = seats[0];
    let mut finding = Finding::new(level, subject, message, place, format!("on {}", first.node));
    for (end, place) in &seats[1..] {
        finding = finding.label(place, format!("on {}", end.node));
    }
    finding.nodes = seats.iter().map(|(end, _)| end.node.clone()).collect();
    finding
}
