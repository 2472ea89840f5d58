//! Environment variables that do not keep ovs-vswitchd from locking its memory.

use crate::finding::{Finding, Findings, Level};
use crate::site::Site;
use crate::site::host::{Host, Variable};

/// `OVS_DISABLE_MLOCKALL` exists nowhere; in a container nobody reads what ovs-ctl would (facts O§9).
pub fn check(site: &Site, found: &mut Findings) {
    let of_nodes = site
        .nodes
        .iter()
        .map(|node| (node.name.as_str(), &node.host));
    for (who, host) in of_nodes.chain([("the site", &site.host)]) {
        for variable in &host.environment {
            if variable.name.starts_with("OVS_") {
                found.checked(who);
            }
            let Some(why) = why(host, variable) else {
                continue;
            };
            let message = format!("{} on {who} has no effect: {why}", &*variable.name);
            let mut finding = Finding::new(
                Level::Warning,
                format!("{who}/{}", &*variable.name),
                message,
                &variable.name.place,
                "read by nothing",
            );
            finding.nodes = site
                .node(who)
                .map(|node| node.name.clone())
                .into_iter()
                .collect();
            found.push(finding);
        }
    }
}

fn why(host: &Host, variable: &Variable) -> Option<&'static str> {
    let in_container = [
        "ovs-vswitchd",
        "openvswitch-vswitchd",
        "openvswitch-switch",
        "openvswitch",
    ]
    .iter()
    .filter_map(|name| host.service(name)?.container.seen())
    .any(|container| container.value);
    match variable.name.as_str() {
        "OVS_DISABLE_MLOCKALL" => Some(
            "no release of Open vSwitch reads it; the switch is `--no-mlockall` in OVS_CTL_OPTS (Debian, Ubuntu) or `--mlockall=no` in OPTIONS (RHEL)",
        ),
        "OVS_CTL_OPTS" if in_container && !variable.value.is_empty() => Some(
            "ovs-vswitchd runs in a container that starts it without ovs-ctl, with `--mlockall` on its command line",
        ),
        _ => None,
    }
}
