//! Two physical networks on one bridge.

use std::collections::BTreeMap;

use crate::finding::words::listed;
use crate::finding::{Finding, Findings, Level};
use crate::site::mapping::{BridgeMapping, Rules};
use crate::site::{Release, Site};

/// Neutron parses every chassis' mappings with unique values since Yoga (facts O§6.5).
pub fn check(site: &Site, found: &mut Findings) {
    let older = site
        .release()
        .is_some_and(|release| release < Release::YOGA);
    for list in site.mapping_lists() {
        found.checked(&list.owner);
        let mut by_bridge: BTreeMap<&str, Vec<&BridgeMapping>> = BTreeMap::new();
        for mapping in &list.mappings.entries {
            // Neutron trims the names.
            by_bridge
                .entry(mapping.bridge.trim())
                .or_default()
                .push(mapping);
        }
        for (bridge, mappings) in by_bridge
            .into_iter()
            .filter(|(_, mappings)| mappings.len() > 1)
        {
            let physnets: Vec<&str> = mappings
                .iter()
                .map(|mapping| mapping.physnet.as_str())
                .collect();
            let (level, result) = match list.rules {
                Rules::Neutron => (
                    Level::Error,
                    "neutron-openvswitch-agent refuses the list (`not unique`) and exits",
                ),
                Rules::OvnController if older => {
                    (Level::Warning, "their flat networks become one layer 2")
                }
                Rules::OvnController => (
                    Level::Error,
                    "Neutron refuses this chassis' mappings (`not unique`), and gateway scheduling and port binding fail for the whole cloud",
                ),
            };
            let message = format!(
                "{} maps {} to the one bridge {bridge}: {result}",
                list.owner,
                listed(&physnets)
            );
            let (first, others) = mappings
                .split_first()
                .expect("a shared bridge has mappings");
            let mut finding = Finding::new(
                level,
                format!("{}/{bridge}", list.owner),
                message,
                &others[0].place,
                "the bridge is taken",
            )
            .label(&first.place, "by this one");
            finding.nodes = list.node.iter().cloned().collect();
            found.push(finding);
        }
    }
}
