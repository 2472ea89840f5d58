//! Tunnel ids that OVN cannot carry, so that creating a network fails at random.

use crate::finding::words::Count;
use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::segments::TUNNELS;

/// northd's highest tunnel key, and what is left of it as soon as one chassis offers vxlan (facts N§4).
const MAX_TUNID: u64 = 16_711_680;
const MAX_TUNID_VXLAN: u64 = 4_095;

/// Neutron picks ids at random and refuses those above NB_Global's `max_tunid`.
pub fn check(site: &Site, found: &mut Findings) {
    let vxlan = site.chassis().filter_map(|node| {
        let types = node.external_id("ovn-encap-type");
        let types = types.seen()?;
        types
            .split(',')
            .any(|kind| kind == "vxlan")
            .then(|| (node.name.as_str(), types.place.clone()))
    });
    // `vxlan_mode=false` keeps the whole range, from OVN 24.09 on.
    let opted_out = site
        .northbound
        .vxlan_mode
        .seen()
        .is_some_and(|mode| mode.value == "false")
        && site
            .chassis()
            .all(|node| node.ovn().is_none_or(|version| version.at_least(&[24, 9])));
    let vxlan = vxlan.min_by(|a, b| a.0.cmp(b.0)).filter(|_| !opted_out);
    let max = if vxlan.is_some() {
        MAX_TUNID_VXLAN
    } else {
        MAX_TUNID
    };
    for (configuration, server) in site.servers() {
        match configuration.uses_ovn() {
            Some(true) => {}
            Some(false) => continue,
            None => {
                found.unknown(
                    &configuration.name,
                    "`mechanism_drivers` (neutron.conf and ml2_conf.ini)",
                );
                continue;
            }
        }
        for tunnel in &TUNNELS {
            let pool = match tunnel.in_use(configuration, server) {
                Ok(Some(pool)) => pool,
                Ok(None) => continue,
                Err(needs) => {
                    found.unknown(&configuration.name, needs);
                    continue;
                }
            };
            found.checked(&configuration.name);
            let Some(&(_, last)) = pool.ranges.last().filter(|(_, last)| *last > max) else {
                continue;
            };
            let above: u64 = pool
                .ranges
                .iter()
                .filter(|(_, end)| *end > max)
                .map(|(start, end)| end - (*start).max(max + 1) + 1)
                .sum();
            let why = match &vxlan {
                Some((node, _)) => format!("{} while {node} offers a vxlan encap", Count(max)),
                None => Count(max).to_string(),
            };
            let message = format!(
                "{} reaches up to {}, and OVN's highest id is {why}: creating a network fails for {} of {} ids, picked at random",
                tunnel.option,
                Count(last),
                Count(above),
                Count(pool.ids()),
            );
            let subject = format!(
                "{}/{}/{}",
                configuration.name, tunnel.section, tunnel.option
            );
            let mut finding = Finding::new(
                Level::Error,
                subject,
                message,
                &pool.highest.place,
                "above OVN's highest id",
            );
            if let Some((_, place)) = &vxlan {
                finding = finding.label(place, "vxlan takes 12 bits of the id");
            } else if let Some(clamped) = clamped(&pool.highest, max) {
                finding = finding.write(false, &pool.highest, &clamped);
            }
            found.push(finding);
        }
    }
}

/// The range up to the highest id; none where all of it lies above.
fn clamped(range: &str, max: u64) -> Option<String> {
    let (start, _) = range.split_once(':')?;
    let within = start.trim().parse().is_ok_and(|start: u64| start <= max);
    within.then(|| format!("{start}:{max}"))
}
