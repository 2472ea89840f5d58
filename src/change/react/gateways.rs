//! Which chassis host gateways, for physnets and for routers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::change::effect::{Effect, Hosted, Kind};
use crate::site::Site;
use crate::site::ovn::LogicalRouter;
use crate::source::{Known, Place};

/// Of each physnet, or each gateway port of a router, the chassis that host its gateways.
pub type Gateways = BTreeMap<String, Vec<String>>;

/// Of each physnet, the chassis on which gateways are scheduled and that map it.
pub fn of(site: &Site) -> Gateways {
    let mut gateways = Gateways::new();
    for chassis in site.registrations() {
        if site.gateway_option(chassis).is_none() {
            continue;
        }
        if let Known::Seen(mappings) = site.chassis_mappings(chassis) {
            for mapping in &mappings.entries {
                let physnet = mapping.physnet.value.clone();
                gateways
                    .entry(physnet)
                    .or_default()
                    .push(chassis.name.clone());
            }
        }
    }
    gateways
}

/// The same after a change; a physnet that no chassis hosts any more has none.
pub fn of_after(site: &Site, before: &Gateways) -> Gateways {
    let mut gateways: Gateways = before.keys().map(|of| (of.clone(), Vec::new())).collect();
    gateways.extend(of(site));
    gateways
}

/// Of each port of the routers whose identity is one that is meant, the chassis that may host it.
pub fn of_routers(site: &Site, is_one: impl Fn(&str) -> bool) -> Gateways {
    let mut gateways = Gateways::new();
    let own = |router: &&Arc<LogicalRouter>| is_one(&router.id);
    for router in site.northbound.routers().iter().filter(own) {
        for port in router
            .ports
            .seen()
            .into_iter()
            .flat_map(|ports| &ports.value)
        {
            let names = port.gateways().iter().map(|name| {
                let chassis = site.registration(name);
                chassis.map_or_else(|| name.value.clone(), |chassis| chassis.name.clone())
            });
            gateways.insert(port.name.value.clone(), names.collect());
        }
    }
    gateways
}

/// What hosts gateways no longer where at most one chassis is left. What is not there `after` is gone itself.
pub fn compare(before: &Gateways, after: &Gateways, hosted: Hosted, place: &Place) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (of, chassis) in before {
        let Some(left) = after.get(of).filter(|left| left.len() <= 1) else {
            continue;
        };
        for gone in chassis.iter().filter(|name| !left.contains(name)) {
            let kind = Kind::GatewayRemoved {
                of: of.clone(),
                left: left.clone(),
                hosted,
            };
            effects.push(Effect::certain(gone, kind, place));
        }
    }
    effects
}
