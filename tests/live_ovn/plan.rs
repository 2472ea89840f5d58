//! What `plan` predicts of commands, against what the real OVN and Open vSwitch make of them.

mod ask;
mod flows;
mod generate;
mod patches;

use crate::lab::Lab;

const CHASSIS: [&str; 3] = ["c1", "c2", "c3"];

/// The mappings of each chassis at first: p2 is not mapped on c3, p3 to a bridge that is not there, p4 nowhere.
const MAPPINGS: [&str; 3] = ["p1:br-a,p2:br-b", "p1:br-a,p2:br-b", "p1:br-a,p3:br-none"];

/// Three chassis with three bridges each.
fn lab() -> Option<Lab> {
    let lab = Lab::start()?;
    for (number, (chassis, mappings)) in CHASSIS.into_iter().zip(MAPPINGS).enumerate() {
        let mappings = format!("external_ids:ovn-bridge-mappings={mappings}");
        lab.chassis(chassis, &format!("192.0.2.{}", number + 1), &[&mappings]);
        for bridge in ["br-a", "br-b", "br-c"] {
            lab.vsctl(chassis, &["add-br", bridge]);
        }
        lab.tell_controller(chassis, &["debug/ignore-startup-delay"]);
    }
    Some(lab)
}

/// Waits until every chassis has done what the northbound says, and what that led to.
fn settle(lab: &Lab) {
    for _ in 0..2 {
        lab.nbctl(&["--wait=hv", "--timeout=15", "sync"]);
    }
}
