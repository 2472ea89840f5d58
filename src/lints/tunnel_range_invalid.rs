//! Ranges of tunnel ids that Neutron refuses: the server then exits, with status 0.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::segments::{RangeError, TUNNELS, Tunnel};
use crate::source::Known;

/// systemd's `Restart=on-failure` does not restart a service that exits with status 0 (facts N§2).
pub fn check(site: &Site, found: &mut Findings) {
    for (configuration, server) in site.servers() {
        for tunnel in &TUNNELS {
            let items = match server.list(tunnel.section, tunnel.option) {
                Known::Seen(items) => items,
                Known::Unsure(..) => {
                    found.unknown(
                        &configuration.name,
                        "the rendered value of a templated range",
                    );
                    continue;
                }
                Known::Unseen | Known::Absent(_) => continue,
            };
            if configuration.loads_type(tunnel.kind) == Some(false) {
                continue;
            }
            found.checked(&configuration.name);
            for item in items.iter() {
                let Err(error) = tunnel.parse(item) else {
                    continue;
                };
                let message = format!(
                    "{} `{item}` of [{}] is no range of ids ({}): neutron-server exits, with status 0, so systemd does not restart it",
                    tunnel.option,
                    tunnel.section,
                    reason(tunnel, &error)
                );
                let subject = format!(
                    "{}/{}/{}/{item}",
                    configuration.name, tunnel.section, tunnel.option
                );
                let finding = Finding::new(
                    Level::Error,
                    subject,
                    message,
                    &item.place,
                    "expected FIRST:LAST",
                );
                found.push(match meant(tunnel, item, &error) {
                    Some(meant) => finding.write(false, item, &meant),
                    None => finding,
                });
            }
        }
    }
}

/// Two numbers in the wrong order, or with a dash between them.
fn meant(tunnel: &Tunnel, item: &str, error: &RangeError) -> Option<String> {
    let meant = match error {
        RangeError::Reversed => {
            let (start, end) = item.split_once(':')?;
            format!("{}:{}", end.trim(), start.trim())
        }
        RangeError::NotTwo(1) => item.replacen('-', ":", 1),
        _ => return None,
    };
    tunnel.parse(&meant).is_ok().then_some(meant)
}

fn reason(tunnel: &Tunnel, error: &RangeError) -> String {
    match error {
        RangeError::NotTwo(1) => "one number where two are wanted, as in 1:1000".to_owned(),
        RangeError::NotTwo(parts) => format!("{parts} numbers where two are wanted, as in 1:1000"),
        RangeError::NotANumber(text) => format!("`{text}` is no number"),
        RangeError::OutOfBounds(_) => format!("not within 1 and {}", tunnel.max),
        RangeError::Reversed => "its end lies before its start".to_owned(),
    }
}
