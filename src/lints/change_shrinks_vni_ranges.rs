//! Ranges of tunnel ids that shrink while the table holds a row for each old id.

use crate::change::Change;
use crate::finding::words::{Bytes, Count};
use crate::finding::{Finding, Findings, Level};
use crate::site::neutron::Configuration;
use crate::site::segments::{BASE, OLD_ROW, Pool, TUNNELS, Tunnel};

/// Rows that nobody notices: 87 MB.
const USUAL: u64 = 65_536;
/// So many ranges a statement spells out.
const SPELLED: usize = 8;

/// Whatever the release, the first start with other ranges loads every row that is there (facts N§3.2, N§3.4).
pub fn check(change: &Change, found: &mut Findings) {
    for (old, new) in change.configurations() {
        let (Some(before), Some(after)) = (&old.server, &new.server) else {
            continue;
        };
        // Then the ranges are those of the database.
        if new.has_service_plugin("network_segment_range") {
            continue;
        }
        for tunnel in &TUNNELS {
            match (tunnel.in_use(old, before), tunnel.in_use(new, after)) {
                (Ok(Some(old)), Ok(Some(pool))) => judge(change, new, tunnel, (&old, &pool), found),
                (Ok(Some(old)), Ok(None)) => {
                    if let Some(none) = tunnel.unset(new, after) {
                        judge(change, new, tunnel, (&old, &none), found);
                    }
                }
                (Err(needs), _) | (_, Err(needs)) => found.unknown(&new.name, needs),
                _ => {}
            }
        }
    }
}

fn judge(
    change: &Change,
    configuration: &Configuration,
    tunnel: &Tunnel,
    (old, new): (&Pool, &Pool),
    found: &mut Findings,
) {
    found.checked(&configuration.name);
    let rows = old.ids();
    if rows <= USUAL || new.holds(old) {
        return;
    }
    let bytes = OLD_ROW.saturating_mul(rows).saturating_add(BASE);
    let message = format!(
        "{} shrinks from {} ids to {}: at its first start with that, neutron-server loads the {} rows of {} once more, which takes {} of memory ({} × {} B plus {} for the process), unless the unused rows are deleted before",
        tunnel.option,
        Count(rows),
        Count(new.ids()),
        Count(rows),
        tunnel.table,
        Bytes(bytes),
        Count(rows),
        Count(OLD_ROW),
        Bytes(BASE)
    );
    let subject = format!(
        "{}/{}/{}",
        configuration.name, tunnel.section, tunnel.option
    );
    let label = format!("{} ids", Count(new.ids()));
    let mut finding = Finding::new(Level::Warning, subject, message, &new.place, label)
        .label(&old.place, format!("{} ids before", Count(rows)));
    let nodes = change.after.server_nodes(configuration);
    finding.nodes = nodes.map(|node| node.name.clone()).collect();
    found.push(match statement(tunnel, new) {
        Some(statement) => finding.command(
            &["mysql", "neutron", "-e", &statement],
            "rows of ids that no network has are deleted; stop neutron-server before",
        ),
        None => finding,
    });
}

/// Deletes what is unused and outside of the new ranges.
fn statement(tunnel: &Tunnel, new: &Pool) -> Option<String> {
    if new.ranges.is_empty() || new.ranges.len() > SPELLED {
        return None;
    }
    let outside = new
        .ranges
        .iter()
        .map(|(first, last)| format!(" AND {} NOT BETWEEN {first} AND {last}", tunnel.column));
    Some(format!(
        "DELETE FROM {} WHERE allocated=0{}",
        tunnel.table,
        outside.collect::<String>()
    ))
}
