//! What differs between two northbound databases is judged as the commands would be that make the difference.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use ovnlint::change::Change;
use ovnlint::change::between::between;
use ovnlint::change::effect::{Effect, Kind, Patch};
use ovnlint::cli::plan::script::Text;
use ovnlint::finding::Level;
use ovnlint::lints::{self, Tuning};
use ovnlint::read::ovsdb::datum::Atom;
use ovnlint::report::{Reported, Status};
use ovnlint::site::Site;
use ovnlint::site::build;
use ovnlint::site::ovn::LogicalSwitch;
use ovnlint::source::{Known, Spanned};

use crate::support::{against, lint, plan_text};

/// The site as it was recorded before the command that cut it off.
const BEFORE: &str = "testdata/ovn/before";
/// The switch whose localnet port names physnet2, mapped to br-ex on os-compute1, os-network and os-control.
const PUBLIC: &str = "neutron-6f3c1a52-8d0e-4c5b-9f0a-3a1d2b7c9e10";

/// Lint, level, subject, message and nodes of what is new.
fn new(findings: &[Reported]) -> Vec<[String; 5]> {
    let new = findings
        .iter()
        .filter(|found| found.status == Status::Introduced);
    let rows = new.map(|found| {
        let finding = &found.finding;
        [
            found.lint.to_owned(),
            finding.level.name().to_owned(),
            finding.subject.clone(),
            finding.message.clone(),
            finding.nodes.join(" "),
        ]
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort();
    rows
}

/// Both sides were recorded of real databases, before ovn-nbctl ran the script and after.
#[test]
fn two_recorded_northbounds_tell_what_the_plan_of_the_script_tells() {
    let path = "testdata/plan/localnet-physnet2.sh".to_owned();
    let text = fs::read_to_string(&path).expect("it is recorded");
    let planned = plan_text(BEFORE, Text { path, text }, &Tuning::default());
    let compared = against(BEFORE, "testdata/ovn/after", &Tuning::default());
    let found = new(&compared.findings);
    assert_eq!(found, new(&planned.findings));
    let names: Vec<&str> = found.iter().map(|row| &row[0][..]).collect();
    let expected = [
        "change_cuts_management",
        "change_patches_provider_bridge",
        "localnet_duplicate",
        "localnet_foreign",
    ];
    assert_eq!(names, expected);
    // The way back: the second localnet port goes, and the first stays.
    let back = against("testdata/ovn/after", BEFORE, &Tuning::default());
    let back = new(&back.findings);
    assert_eq!(back.len(), 1, "{back:?}");
    assert_eq!(back[0][..2], ["change_patches_provider_bridge", "note"]);
    assert_eq!(back[0][4], "os-compute1 os-network");
}

fn recorded() -> Site {
    lint(BEFORE).sites.remove(0)
}

/// The change from the recorded site to the same with another northbound.
fn changed(change: impl FnOnce(&mut Vec<Arc<LogicalSwitch>>)) -> Change {
    let before = recorded();
    let mut after = before.clone();
    let northbound = Arc::make_mut(&mut after.northbound);
    let Known::Seen(switches) = &mut northbound.switches else {
        panic!("it is recorded");
    };
    change(&mut switches.value);
    between(before, after)
}

fn public(switches: &mut [Arc<LogicalSwitch>]) -> &mut LogicalSwitch {
    let mut switches = switches.iter_mut();
    let switch = switches.find(|switch| *switch.name == *PUBLIC);
    Arc::make_mut(switch.expect("it is recorded"))
}

/// Its localnet port with another physnet or VLAN, or without either.
fn localnet(switch: &mut LogicalSwitch, physnet: &str, vlan: Option<i64>) {
    let Known::Seen(ports) = &mut switch.ports else {
        panic!("it is recorded");
    };
    let mut ports = ports.value.iter_mut();
    let port = ports
        .find(|port| port.is("localnet"))
        .expect("it is recorded");
    let place = port.name.place.clone();
    let Known::Seen(options) = &port.options else {
        panic!("it is recorded");
    };
    let options = options.iter().map(|(key, value)| {
        let text = if key == "network_name" {
            physnet
        } else {
            &value.value
        };
        (
            key.clone(),
            Spanned::new(text.to_owned(), value.place.clone()),
        )
    });
    let options = options.collect::<BTreeMap<_, _>>();
    port.options = Known::Seen(Spanned::new(options.into_iter().collect(), place.clone()));
    port.tag = match vlan {
        Some(vlan) => Known::Seen(Spanned::new(vlan, place)),
        None => Known::Absent(place),
    };
}

/// What becomes of patch ports, by node.
fn patches(change: &Change) -> Vec<(&str, Patch)> {
    let patch = |effect: &Effect| match effect.kind {
        Kind::Patched { patch, .. } => Some(patch),
        _ => None,
    };
    let all = change.effects().filter_map(|(_, effect)| {
        effect.needs.is_none().then_some(())?;
        // The name outlives the closure: it belongs to the change.
        Some((effect.node.as_str(), patch(effect)?))
    });
    let mut all: Vec<_> = all.collect();
    all.sort();
    all
}

fn fired(change: &Change) -> Vec<&'static str> {
    let said = lints::run_over(change, &Tuning::default());
    let fired = said.iter().filter(|said| !said.found.is_empty());
    fired.map(|said| said.lint.name).collect()
}

#[test]
fn localnet_ports_that_change_cost_their_patch_ports() {
    let both = |patch| vec![("os-compute1", patch), ("os-network", patch)];
    let tagged = changed(|switches| localnet(public(switches), "physnet2", Some(5)));
    assert_eq!(
        patches(&tagged),
        both(Patch::Retagged {
            from: None,
            to: Some(5)
        })
    );
    assert_eq!(fired(&tagged), ["change_patches_provider_bridge"]);
    let step = &tagged.steps[0];
    assert_eq!((tagged.steps.len(), step.owner()), (1, "the northbound"));
    let cells = step
        .changes
        .iter()
        .map(|cell| (cell.column, cell.after.as_ref()));
    let cells: Vec<_> = cells
        .map(|(column, after)| (column, after.map(Atom::to_text)))
        .collect();
    assert_eq!(cells, [("tag", Some("5".to_owned()))]);
    // A name that nobody maps.
    let renamed = changed(|switches| localnet(public(switches), "phynet2", None));
    assert_eq!(patches(&renamed), both(Patch::Parted));
    // Neutron makes the network again under the same name: nothing differs.
    let again = changed(|switches| public(switches).id = "another".to_owned());
    assert!(again.steps.is_empty(), "{:#?}", again.steps);
    let gone = changed(|switches| switches.retain(|switch| *switch.name != *PUBLIC));
    assert_eq!(patches(&gone), both(Patch::Parted));
    assert_eq!(fired(&gone), ["change_patches_provider_bridge"]);
}

#[test]
fn what_one_northbound_does_not_show_is_no_change() {
    let steps = |change: Change| change.steps.len();
    let gone = |switches: &mut Vec<Arc<LogicalSwitch>>| {
        switches.retain(|switch| *switch.name != *PUBLIC);
    };
    assert_eq!(steps(changed(gone)), 1);
    let part = || {
        let (before, mut after) = (recorded(), recorded());
        let northbound = Arc::make_mut(&mut after.northbound);
        northbound.whole = false;
        if let Known::Seen(switches) = &mut northbound.switches {
            gone(&mut switches.value);
        }
        (before, after)
    };
    let (before, after) = part();
    assert_eq!(steps(between(before, after)), 0);
    // It came in part: what it did not show may have been there.
    let (after, before) = part();
    assert_eq!(steps(between(before, after)), 0);
    let (before, mut after) = (recorded(), recorded());
    Arc::make_mut(&mut after.northbound).switches = Known::Unseen;
    assert_eq!(steps(between(before, after)), 0);
    let unsure = changed(|switches| {
        let switch = public(switches);
        localnet(switch, "physnet3", None);
        let Known::Seen(ports) = &mut switch.ports else {
            panic!("it is recorded");
        };
        for port in &mut ports.value {
            port.tag = Known::Unseen;
        }
    });
    assert_eq!(steps(unsure), 0);
}

#[test]
fn routers_with_fewer_gateways_are_told() {
    let before = recorded();
    let mut after = before.clone();
    let northbound = Arc::make_mut(&mut after.northbound);
    let Known::Seen(routers) = &mut northbound.routers else {
        panic!("it is recorded");
    };
    let mut lost = Vec::new();
    for router in &mut routers.value {
        if let Known::Seen(ports) = &mut Arc::make_mut(router).ports {
            for port in &mut ports.value {
                if let Known::Seen(gateways) = &mut port.gateways {
                    lost.push((port.name.value.clone(), gateways.value.len()));
                    gateways.value.clear();
                }
            }
        }
    }
    assert!(!lost.is_empty());
    let change = between(before, after);
    let removed = change
        .effects()
        .filter_map(|(_, effect)| match &effect.kind {
            Kind::GatewayRemoved { of, left, .. } => Some((of.clone(), left.len())),
            _ => None,
        });
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for (of, left) in removed {
        assert_eq!(left, 0);
        *told.entry(of).or_default() += 1;
    }
    assert_eq!(told.into_iter().collect::<Vec<_>>(), lost);
    assert_eq!(fired(&change), ["change_removes_gateway"]);
}

/// A second provider bridge on os-compute1, to which physnet1 maps.
fn second_bridge(site: &mut Site) {
    let (driver, configurations) = (site.driver, site.configurations.clone());
    let mut nodes = site.nodes.iter_mut();
    let node = nodes.find(|node| node.name == "os-compute1");
    let node = Arc::make_mut(node.expect("it is recorded"));
    let Known::Seen(bridges) = &mut node.ovs.bridges else {
        panic!("they are recorded");
    };
    let mut second = bridges[0].clone();
    "br-ex2".clone_into(&mut second.name.value);
    bridges.value.push(second);
    let ids = node.ovs.external_ids.seen().expect("it is recorded");
    let entries = ids.iter().map(|(key, value)| {
        let mut value = value.clone();
        if key == "ovn-bridge-mappings" {
            "physnet2:br-ex,physnet1:br-ex2".clone_into(&mut value.value);
        }
        (key.clone(), value)
    });
    let entries = Spanned::new(entries.collect(), ids.place.clone());
    node.ovs.external_ids = Known::Seen(entries);
    build::finish_node(node, driver, &configurations);
}

/// OVN 23.03.1 cannot move a pair of patch ports to another bridge (facts O§6.6).
#[test]
fn patch_ports_that_cannot_move_stay_and_are_told() {
    let mut before = recorded();
    second_bridge(&mut before);
    let mut after = before.clone();
    let Known::Seen(switches) = &mut Arc::make_mut(&mut after.northbound).switches else {
        panic!("it is recorded");
    };
    localnet(public(&mut switches.value), "physnet1", None);
    let change = between(before, after);
    // On os-network nothing maps physnet1: there the pair only goes.
    assert_eq!(patches(&change), [("os-network", Patch::Parted)]);
    let said = lints::run_over(&change, &Tuning::default());
    let stuck = said
        .iter()
        .filter(|said| said.lint.name == "change_remaps_physnet");
    let stuck: Vec<_> = stuck.flat_map(|said| &said.found).collect();
    let [stuck] = &stuck[..] else {
        panic!("{stuck:#?}");
    };
    assert_eq!(stuck.level, Level::Error);
    assert_eq!(stuck.nodes, ["os-compute1"]);
    let expected = "OVN 23.03.1 leaves the patch ports on br-ex";
    assert!(stuck.message.contains(expected), "{}", stuck.message);
}
