//! OVN's two databases, on a few lines.

use crate::show::Fact;
use crate::show::ovn::{ShownLocalnet, ShownNorthbound, ShownSouthbound};

use super::lines::{NAMES, joined, shortened, value};
use super::said;

/// The numbers, then the localnet ports.
pub fn northbound(northbound: &ShownNorthbound) -> Vec<String> {
    let mut lines = vec![
        value(&northbound.file),
        joined(&[
            counted(&northbound.switches, ["switch", "switches"]),
            counted(&northbound.routers, ["router", "routers"]),
            counted(
                &northbound.localnet_ports.number(),
                ["localnet port", "localnet ports"],
            ),
            counted(
                &northbound.bandwidth_rules,
                ["bandwidth rule", "bandwidth rules"],
            ),
            format!(
                "vxlan_mode {}",
                said(&northbound.vxlan_mode, |mode| value(mode))
            ),
        ]),
    ];
    let ports = northbound.localnet_ports.seen();
    let ports = ports.map_or(&[][..], Vec::as_slice);
    lines.extend(ports.iter().take(NAMES).map(localnet));
    if ports.len() > NAMES {
        lines.push(format!("and {} more", ports.len() - NAMES));
    }
    lines
}

/// The numbers, then who is registered.
pub fn southbound(southbound: &ShownSouthbound) -> Vec<String> {
    let chassis = match &southbound.chassis {
        Fact::Seen(names) if !names.is_empty() => {
            format!("{} chassis: {}", names.len(), shortened(names))
        }
        other => counted(&other.number(), ["chassis", "chassis"]),
    };
    let bindings = counted(&southbound.port_bindings, ["port binding", "port bindings"]);
    vec![value(&southbound.file), joined(&[bindings, chassis])]
}

fn localnet(port: &ShownLocalnet) -> String {
    let tag = match &port.tag {
        Fact::Absent => String::new(),
        tag => format!(", tag {}", said(tag, ToString::to_string)),
    };
    let physnet = match &port.physnet {
        Fact::Seen(physnet) => value(physnet),
        other => format!("physnet {}", said(other, |_| String::new())),
    };
    let (name, switch) = (value(&port.name), value(&port.switch));
    format!("{physnet}{tag}: localnet port {name} of {switch}")
}

/// A number of things, or that it is not known.
fn counted<T: ToString>(number: &Fact<T>, [one, many]: [&str; 2]) -> String {
    match number {
        Fact::Seen(number) => match number.to_string() {
            number if number == "1" => format!("{number} {one}"),
            number => format!("{number} {many}"),
        },
        other => format!("{many} {}", said(other, |_| String::new())),
    }
}
