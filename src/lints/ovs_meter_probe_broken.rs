//! Open vSwitch that takes the kernel's meters for broken after a restart.

use crate::finding::words::Count;
use crate::finding::{Finding, Findings, Level};
use crate::site::{Driver, Node, Site, Version};

/// The probe uses ids that land on 1017 and 1018 in kernels from 5.10 on (facts O§9).
const METERS: u64 = 1_017;

/// The releases with the fix: its series, and the first patch release of it.
const FIXED: [(u32, u32, u32); 5] = [(3, 3, 7), (3, 4, 5), (3, 5, 3), (3, 6, 1), (3, 7, 0)];

/// Meters survive ovs-vswitchd; the probe of the next one finds them and sets max_meters to 0.
pub fn check(site: &Site, found: &mut Findings) {
    let builds: Vec<String> = found
        .text("fixed_versions")
        .split(',')
        .map(|build| build.trim().to_owned())
        .filter(|build| !build.is_empty())
        .collect();
    let near = found.number("meters_warning");
    let counted = site.northbound.bandwidth_rules.seen();
    for node in &site.nodes {
        let (Some(kernel), Some(version)) = (node.host.kernel.seen(), node.openvswitch()) else {
            found.unknown(
                &node.name,
                "`kernel` and `openvswitch` of the node in topology.toml",
            );
            continue;
        };
        found.checked(&node.name);
        if !kernel.at_least(&[5, 10])
            || has_fix(version)
            || builds.iter().any(|build| *build == version.to_string())
        {
            continue;
        }
        let level = match counted {
            None => Level::Note,
            Some(rules) if rules.value > METERS => Level::Error,
            Some(rules) if rules.value > near => Level::Warning,
            Some(_) => continue,
        };
        let count = counted.map_or("their number was not seen".to_owned(), |rules| {
            format!(
                "the northbound has {} QoS rules with a bandwidth, each of which takes a meter",
                Count(rules.value)
            )
        });
        let message = format!(
            "Open vSwitch {version} on kernel {} of {} loses its meters when ovs-vswitchd restarts with more than {} of them: max_meters becomes 0, and {}; {count}",
            &**kernel,
            node.name,
            Count(METERS),
            match node.driver {
                Some(Driver::Openvswitch) => "every flow with a meter is refused",
                _ => "OVN's flows are refused as a whole",
            }
        );
        let finding = Finding::new(
            level,
            node.name.clone(),
            message,
            version_place(node),
            "without the fix",
        );
        let finding = finding.label(&kernel.place, "5.10 or newer");
        let finding = match counted {
            Some(rules) => finding.label(&rules.place, "the QoS rules"),
            None => finding,
        };
        found.push(finding.node(&node.name));
    }
}

fn has_fix(version: &Version) -> bool {
    let [major, minor, ..] = version.numbers;
    let fixed_in_series = |&(a, b, patch): &(u32, u32, u32)| {
        (a, b) == (major, minor) && version.at_least(&[a, b, patch])
    };
    FIXED.iter().any(fixed_in_series) || version.at_least(&[3, 7])
}

fn version_place(node: &Node) -> &crate::source::Place {
    let places = [&node.host.openvswitch, &node.ovs.version]
        .into_iter()
        .find_map(|known| known.seen());
    &places.expect("the version was seen").place
}
