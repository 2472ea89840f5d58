//! A command that moves a physnet from one bridge to another in one step.

use crate::change::ctl::CellChange;
use crate::change::effect::Kind;
use crate::change::{Change, Step};
use crate::finding::{Finding, Findings, Level};
use crate::site::Version;

const MAPPINGS: &str = "ovn-bridge-mappings";

/// Some releases of OVN try to make the patch ports anew before they delete the old ones (facts O§6.6).
pub fn check(change: &Change, found: &mut Findings) {
    let groups = change.groups(|kind| match kind {
        Kind::Remapped {
            physnet, from, to, ..
        } => Some((physnet, from, to)),
        _ => None,
    });
    for group in groups {
        let Kind::Remapped {
            physnet,
            from,
            to,
            stuck,
            port,
        } = &group.first().kind
        else {
            continue;
        };
        let who = group.who();
        let node = change.before.node(&group.first().node);
        let ovn = node.and_then(|node| node.ovn());
        let moves = format!("{physnet} moves from {from} to {to} on {who} in one step");
        let (level, outcome) = match ovn {
            Some(ovn) if *stuck => (Level::Error, stuck_in(ovn, from, port.as_deref())),
            Some(_) => (Level::Warning, interrupted(from, to)),
            None => {
                let unseen = "; OVN 23.03, and 23.06 to 24.03 in their first releases, would stay on the old bridge, and which release runs was not seen";
                (Level::Warning, interrupted(from, to) + unseen)
            }
        };
        let subject = format!("{physnet}/{to}");
        let finding = group.finding(
            level,
            &subject,
            format!("{moves}: {outcome}"),
            "the new mapping",
        );
        found.push(match mappings(group.step) {
            Some((key, value)) if *stuck && port.is_none() => again(finding, physnet, &key, &value),
            _ => match (port, named(group.step)) {
                (Some(port), Some(physnet)) => renamed(finding, port, &physnet),
                _ => finding,
            },
        });
    }
}

fn stuck_in(ovn: &Version, from: &str, port: Option<&str>) -> String {
    let until = match port {
        Some(_) => "its network_name is removed and set again",
        None => "the mapping is removed and added again",
    };
    format!(
        "OVN {ovn} leaves the patch ports on {from} and fails again and again with `multiple rows in \"Port\" table`, and makes and removes no others, until {until}"
    )
}

/// The physnet that the command names for a localnet port.
fn named(step: &Step) -> Option<String> {
    let mut changes = step.changes.iter();
    let change = changes.find(|change| change.is_key("options", "network_name"))?;
    Some(change.after.as_ref()?.to_text())
}

/// First the port without a physnet, then with the new one.
fn renamed(finding: Finding, port: &str, physnet: &str) -> Finding {
    let first: [&str; 6] = [
        "ovn-nbctl",
        "remove",
        "Logical_Switch_Port",
        port,
        "options",
        "network_name",
    ];
    let finding = finding.command(&first, format!("{port}, until the next command"));
    let option = format!("options:network_name={physnet}");
    let second = ["ovn-nbctl", "set", "Logical_Switch_Port", port, &option];
    finding.command(&second, "")
}

fn interrupted(from: &str, to: &str) -> String {
    format!("its patch ports go from {from}, and what they carried goes out of {to} from then on")
}

/// First the mappings without the physnet, then all.
fn again(finding: Finding, physnet: &str, key: &str, value: &str) -> Finding {
    let rest = value
        .split(',')
        .filter(|entry| entry.split(':').next() != Some(physnet));
    let rest = rest.collect::<Vec<_>>().join(",");
    let without = format!("external_ids:{key}={rest}");
    let first: &[&str] = if rest.is_empty() {
        &["ovs-vsctl", "remove", "open", ".", "external_ids", key]
    } else {
        &["ovs-vsctl", "set", "open", ".", &without]
    };
    let all = format!("external_ids:{key}={value}");
    let finding = finding.command(first, format!("{physnet}, until the next command"));
    finding.command(&["ovs-vsctl", "set", "open", ".", &all], "")
}

/// The key that the command changed, which may be the one of this chassis, and its new value.
fn mappings(step: &Step) -> Option<(String, String)> {
    let pair = |change: &CellChange| {
        Some((
            change.key.as_ref()?.to_text(),
            change.after.as_ref()?.to_text(),
        ))
    };
    let mut pairs = step.changes.iter().filter_map(pair);
    pairs.find(|(key, _)| key.starts_with(MAPPINGS))
}
