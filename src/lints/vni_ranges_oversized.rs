//! Ranges of tunnel ids that neutron-server has no memory for.

use crate::finding::words::{Bytes, Count};
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::neutron::Configuration;
use crate::site::segments::{self, Load, Model, Pool, TUNNELS, Tunnel};

/// Ids that nobody notices.
const USUAL: u64 = 65_536;
/// Ids above which every start and every network create is slow (facts N§3.1, N§4).
const MANY: u64 = 262_144;

/// Each type in use is judged alone: its ids are loaded and let go before the next type's.
pub fn check(site: &Site, found: &mut Findings) {
    for (configuration, server) in site.servers() {
        for tunnel in &TUNNELS {
            match tunnel.in_use(configuration, server) {
                Ok(Some(pool)) => {
                    found.checked(&configuration.name);
                    if let Some(finding) = judge(site, configuration, tunnel, &pool, found) {
                        found.push(finding);
                    }
                }
                Ok(None) => {}
                Err(needs) => {
                    found.unknown(&configuration.name, needs);
                    if let Some(pool) = tunnel.if_loaded(configuration, server)
                        && let Some(finding) = judge(site, configuration, tunnel, &pool, found)
                        && finding.level == Level::Error
                    {
                        found.push(if_loaded(finding, tunnel));
                    }
                }
            }
        }
    }
}

/// An outage only where the type is loaded, which the default of `type_drivers` does (facts N§1.1).
fn if_loaded(finding: Finding, tunnel: &Tunnel) -> Finding {
    let condition = format!(
        "; that `type_drivers` names {}, as its default does, is not among the inputs",
        tunnel.kind
    );
    Finding {
        level: Level::Warning,
        message: finding.message + &condition,
        ..finding
    }
}

fn judge(
    site: &Site,
    configuration: &Configuration,
    tunnel: &Tunnel,
    pool: &Pool,
    found: &Findings,
) -> Option<Finding> {
    let load = Load::of(site, configuration);
    let limit = site.server_memory(configuration, found.number("max_memory"));
    let packet = found.number("max_allowed_packet");
    let ids = pool.ids();
    // The release must be known: the older ones have no such statement.
    let statement_counts = load.model == Model::Ids && site.release().is_some();
    let too_long = statement_counts && !segments::statement_fits(pool.statement(), packet);
    let level = if ids > USUAL && (load.bytes(ids) > limit.bytes || too_long) {
        Level::Error
    } else if ids > MANY {
        Level::Warning
    } else {
        return None;
    };
    let mut message = format!(
        "{} ids of {} take {} of memory when neutron-server starts: {}; the limit is {} ({}); {} rows in {}",
        Count(ids),
        tunnel.option,
        Bytes(load.bytes(ids)),
        arithmetic(&load, ids),
        Bytes(limit.bytes),
        limit.what,
        Count(ids),
        tunnel.table,
    );
    if too_long {
        message += &format!(
            ", named in one statement of {} where max_allowed_packet is {}",
            Bytes(pool.statement()),
            Bytes(packet)
        );
    }
    let fitting = load.fitting(limit.bytes).min(if statement_counts {
        pool.fitting_statement(packet)
    } else {
        tunnel.max
    });
    message += &match fitting {
        0 => "; no range fits into that".to_owned(),
        fitting => format!(
            "; the largest range that fits is {}:{}",
            pool.first(),
            (pool.first() + fitting - 1).min(tunnel.max)
        ),
    };
    let subject = format!(
        "{}/{}/{}",
        configuration.name, tunnel.section, tunnel.option
    );
    let mut finding = Finding::new(
        level,
        subject,
        message,
        &pool.place,
        format!("{} ids", Count(ids)),
    );
    if let Some(place) = &limit.place {
        finding = finding.label(place, "the limit");
    }
    finding.nodes = site
        .server_nodes(configuration)
        .map(|node| node.name.clone())
        .collect();
    Some(finding)
}

fn arithmetic(load: &Load, ids: u64) -> String {
    let each = format!(
        "{} × {} B plus {} for the process",
        Count(ids),
        Count(load.bytes_per_id),
        Bytes(segments::BASE)
    );
    match load.model {
        Model::Rows => format!(
            "{each}, in 1 process, up to 2024.2 on every start after the first (the first takes {})",
            Bytes(segments::BASE + segments::FIRST_START * ids)
        ),
        Model::Ids if load.processes == 1 => {
            format!("{each}, from 2025.1 on every start, in 1 process")
        }
        Model::Ids => format!(
            "{each}, from 2025.1 on every start, in each of {} processes",
            load.processes
        ),
    }
}
