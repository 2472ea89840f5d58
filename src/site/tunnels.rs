//! Between which chassis OVN builds tunnels: types in common, and transport zones (facts O§8).

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Known, Place};

use super::Site;

/// What a chassis brings to a tunnel.
#[derive(Clone, Debug)]
pub struct TunnelEnd {
    /// The node.
    pub node: String,
    /// The types that it offers.
    pub types: BTreeSet<&'static str>,
    /// Where they stand.
    pub types_place: Place,
    /// Its transport zones; empty is the zone of all that name none.
    pub zones: BTreeSet<String>,
    /// Where they stand or would stand.
    pub zones_place: Place,
}

/// Two groups of chassis that share a zone, but no type.
pub type Apart<'a> = [Vec<&'a TunnelEnd>; 2];

impl Site {
    /// The chassis with their types and zones, and the names of those whose keys were not seen. One without a
    /// type that OVN has registers nowhere and is left out.
    pub fn tunnel_ends(&self) -> (Vec<TunnelEnd>, Vec<&str>) {
        let (mut ends, mut unseen) = (Vec::new(), Vec::new());
        for node in self.chassis() {
            let (types, zones) = (node.encap_types(), node.transport_zones());
            match (types, zones.place()) {
                (Known::Seen(types), Some(place)) if zones.settled() => {
                    let names = zones.seen().into_iter().flat_map(|zones| zones.iter());
                    let end = TunnelEnd {
                        node: node.name.clone(),
                        types: types.value,
                        types_place: types.place,
                        zones: names.map(|zone| zone.value.clone()).collect(),
                        zones_place: place.clone(),
                    };
                    ends.extend(Some(end).filter(|end| !end.types.is_empty()));
                }
                (Known::Absent(_), _) => {}
                _ => unseen.push(node.name.as_str()),
            }
        }
        (ends, unseen)
    }
}

/// Groups of chassis that meet in a zone and have no type in common: one pair of groups for each two lists of
/// types.
pub fn without_common_type(ends: &[TunnelEnd]) -> Vec<Apart<'_>> {
    let nowhere = BTreeSet::from([String::new()]);
    let mut zones: BTreeMap<&str, BTreeMap<&BTreeSet<&str>, Vec<&TunnelEnd>>> = BTreeMap::new();
    for end in ends {
        let own = Some(&end.zones).filter(|zones| !zones.is_empty());
        for zone in own.unwrap_or(&nowhere) {
            let offers = zones.entry(zone).or_default();
            offers.entry(&end.types).or_default().push(end);
        }
    }
    let mut apart: BTreeMap<[&BTreeSet<&str>; 2], [BTreeMap<&str, &TunnelEnd>; 2]> =
        BTreeMap::new();
    for offers in zones.values() {
        for (at, (one, ours)) in offers.iter().enumerate() {
            let others = offers.iter().skip(at + 1);
            for (other, theirs) in others.filter(|(other, _)| one.is_disjoint(other)) {
                let groups = apart.entry([one, other]).or_default();
                for (group, members) in groups.iter_mut().zip([ours, theirs]) {
                    group.extend(members.iter().map(|end| (end.node.as_str(), *end)));
                }
            }
        }
    }
    let groups = apart.into_values();
    groups
        .map(|groups| groups.map(|group| group.into_values().collect()))
        .collect()
}

/// Chassis with zones, none of which another chassis is in.
pub fn without_neighbour(ends: &[TunnelEnd]) -> Vec<&TunnelEnd> {
    let mut members: BTreeMap<&str, usize> = BTreeMap::new();
    for zone in ends.iter().flat_map(|end| &end.zones) {
        *members.entry(zone).or_default() += 1;
    }
    let alone = |end: &&TunnelEnd| end.zones.iter().all(|zone| members[zone.as_str()] == 1);
    let zoned = ends.iter().filter(|end| !end.zones.is_empty());
    zoned.filter(alone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn end(node: &str, types: &[&'static str], zones: &[&str]) -> TunnelEnd {
        let place = Place::file(FileId(0));
        TunnelEnd {
            node: node.to_owned(),
            types: types.iter().copied().collect(),
            types_place: place.clone(),
            zones: zones.iter().map(|zone| (*zone).to_owned()).collect(),
            zones_place: place,
        }
    }

    fn names(ends: &[&TunnelEnd]) -> Vec<String> {
        ends.iter().map(|end| end.node.clone()).collect()
    }

    #[test]
    fn chassis_are_apart_only_where_they_share_a_zone_and_no_type() {
        let ends = [
            end("a", &["geneve"], &[]),
            end("b", &["geneve", "vxlan"], &[]),
            end("c", &["vxlan"], &[]),
            end("d", &["vxlan"], &[]),
            end("e", &["stt"], &["edge"]),
        ];
        let apart = without_common_type(&ends);
        let apart: Vec<_> = apart
            .iter()
            .map(|groups| groups.clone().map(|group| names(&group)))
            .collect();
        assert_eq!(
            apart,
            [[vec!["a".to_owned()], vec!["c".to_owned(), "d".to_owned()]]]
        );
    }

    #[test]
    fn a_chassis_is_alone_where_each_of_its_zones_is_its_own() {
        let ends = [
            end("a", &["geneve"], &["edge1", "core"]),
            end("b", &["geneve"], &["core"]),
            end("c", &["geneve"], &["edge2"]),
            end("d", &["geneve"], &[]),
        ];
        assert_eq!(names(&without_neighbour(&ends)), ["c"]);
    }
}
