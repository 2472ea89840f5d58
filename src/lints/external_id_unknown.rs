//! A key of `external_ids` that nothing reads.

use crate::finding::{Finding, Findings, Level};
use crate::site::external_ids::{self, EXTERNAL_IDS, Standing};
use crate::site::{Node, Site};
use crate::source::{Known, Spanned};

/// `external_ids` is a free map: a misspelt key is stored and never read (facts O§5).
pub fn check(site: &Site, found: &mut Findings) {
    for node in site.chassis() {
        let Known::Seen(ids) = &node.ovs.external_ids else {
            if !node.ovs.external_ids.settled() {
                found.unknown(&node.name, EXTERNAL_IDS);
            }
            continue;
        };
        found.checked(&node.name);
        let system_id = ids.get("system-id").map(|id| id.value.as_str());
        let further = node.further_controllers();
        for (key, value) in ids.iter() {
            if let Standing::Unknown(meant) = external_ids::standing(key, system_id, &further) {
                let hint =
                    meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
                let message = format!(
                    "external_ids:{key} of {} is read by nothing{hint}",
                    node.name
                );
                found.push(finding(node, key, value, message));
            }
        }
        for (key, value) in misplaced(node) {
            let message = format!(
                "`{key}` of {} stands where OVN does not look: it reads external_ids of Open_vSwitch only",
                node.name
            );
            found.push(finding(node, key, value, message));
        }
    }
}

fn finding(node: &Node, key: &str, value: &Spanned<String>, message: String) -> Finding {
    Finding::new(
        Level::Warning,
        format!("{}/{key}", node.name),
        message,
        &value.place,
        "never read",
    )
    .node(&node.name)
}

/// Known keys in `other_config`, or on a bridge.
fn misplaced(node: &Node) -> Vec<(&String, &Spanned<String>)> {
    let bridges = node.ovs.bridges.seen().into_iter();
    let bridges = bridges.flat_map(|bridges| bridges.iter());
    let maps = bridges
        .flat_map(|bridge| {
            [
                ("Bridge", "external_ids", &bridge.external_ids),
                ("Bridge", "other_config", &bridge.other_config),
            ]
        })
        .chain([("Open_vSwitch", "other_config", &node.ovs.other_config)]);
    maps.filter_map(|(table, column, map)| Some((table, column, map.seen()?)))
        .flat_map(|(table, column, map)| {
            map.iter().filter(move |(key, _)| {
                key.starts_with("ovn-")
                    && external_ids::is_key(key)
                    && !external_ids::is_read_on_bridge(table, column, key)
            })
        })
        .collect()
}
