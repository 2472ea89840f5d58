//! Lints of changes, where the examples in `lints/` show one node or one command: chassis by the hundred, several
//! commands, what a later command puts right, releases.

use std::path::Path;
use std::sync::Arc;

use ovnlint::change::apply::{self, Start};
use ovnlint::change::effect::{Back, CONSOLE, Effect, Kind, Patch};
use ovnlint::change::{Change, Step};
use ovnlint::finding::{Finding, Level};
use ovnlint::lints::{self, Tuning};
use ovnlint::read::ovsdb::Keep;
use ovnlint::read::script;
use ovnlint::read::{self, Limits};
use ovnlint::site::Site;
use ovnlint::site::build;
use ovnlint::source::{Known, Spanned};

const SITE: &str = "testdata/ovn/before";

/// What the commands do to the recorded site, once `prepare` has made it another.
fn changed_from(prepare: impl FnOnce(&mut Site), lines: &[&str]) -> Change {
    let paths = [(Path::new(SITE), SITE.to_owned())];
    let limits = Limits {
        keep: Keep::All,
        ..lints::limits(&Tuning::default())
    };
    let inputs = read::inputs(&paths, limits).unwrap_or_else(|error| panic!("{error}"));
    let mut built = build::sites(inputs);
    let file = built.sources.add("change.sh", "");
    let script = script::read(file, &lines.join("\n"));
    prepare(&mut built.sites[0]);
    let states = built.states.iter();
    let start = Start {
        site: &built.sites[0],
        states: states
            .map(|state| (state.node.clone(), state.database.as_ref()))
            .collect(),
        node: None,
    };
    apply::apply(&start, &script).expect("every node is there")
}

fn changed(lines: &[&str]) -> Change {
    changed_from(|_| {}, lines)
}

fn found(change: &Change, lint: &str) -> Vec<Finding> {
    let said = lints::run_over(change, &Tuning::default());
    let own = said.into_iter().find(|said| said.lint.name == lint);
    own.expect("the lint is in the list").found
}

/// The one finding of a lint.
fn only(change: &Change, lint: &str) -> Finding {
    let mut found = found(change, lint);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

/// Makes the same effect happen on many nodes, as a change of the northbound does.
fn on_nodes(step: &mut Step, nodes: usize, kind: &Kind) {
    let effects =
        (0..nodes).map(|at| Effect::certain(&format!("os-{at}"), kind.clone(), &step.place));
    step.effects = effects.collect();
}

fn with_ovn(version: &'static str) -> impl FnOnce(&mut Site) {
    move |site| {
        for node in &mut site.nodes {
            let node = Arc::make_mut(node);
            let host = Arc::make_mut(&mut node.host);
            if let Known::Seen(ovn) = &host.ovn {
                let version = version.parse().expect("a version");
                host.ovn = Known::Seen(Spanned::new(version, ovn.place.clone()));
            }
        }
    }
}

const LOCALNET: [&str; 3] = [
    "ovn-nbctl lsp-add neutron-6f3c1a52-8d0e-4c5b-9f0a-3a1d2b7c9e10 ln-physnet2",
    "ovn-nbctl lsp-set-type ln-physnet2 localnet",
    "ovn-nbctl lsp-set-options ln-physnet2 network_name=physnet2",
];

#[test]
fn a_second_localnet_port_cuts_every_chassis_on_which_the_switch_is_local() {
    let change = changed(&LOCALNET);
    let cut = only(&change, "change_cuts_management");
    // The chassis with an instance of the network, and the gateway; os-compute2 has neither.
    assert_eq!(cut.nodes, ["os-compute1", "os-network"]);
    assert_eq!(cut.level, Level::Error);
    assert_eq!(
        cut.message,
        "the management network of os-compute1 and os-network is cut: ln-physnet2 and \
         provnet-2f6a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b0c of switch \
         neutron-6f3c1a52-8d0e-4c5b-9f0a-3a1d2b7c9e10 (public) join br-ex with itself: the first \
         broadcast goes round for ever; until someone reaches the console"
    );
    assert_eq!(
        cut.labels.len(),
        2,
        "the command, and where the address sits"
    );
    let patched = only(&change, "change_patches_provider_bridge");
    assert_eq!(patched.nodes, ["os-compute1", "os-network"]);
    assert_eq!(patched.level, Level::Warning);
}

#[test]
fn a_physnet_that_is_mapped_nowhere_hurts_nobody() {
    let mut lines = LOCALNET;
    lines[2] = "ovn-nbctl lsp-set-options ln-physnet2 network_name=phynet2";
    let change = changed(&lines);
    assert!(found(&change, "change_cuts_management").is_empty());
    assert!(found(&change, "change_patches_provider_bridge").is_empty());
}

#[test]
fn ports_that_go_and_leave_no_other_are_a_warning() {
    let change = changed(&["ovn-nbctl lsp-del provnet-2f6a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b0c"]);
    let finding = only(&change, "change_patches_provider_bridge");
    assert_eq!(finding.level, Level::Warning);
    assert!(finding.message.contains("loses its patch ports to br-ex"));
    assert!(finding.message.contains("the switch has no other"));
}

#[test]
fn a_thousand_nodes_are_one_finding_and_a_short_message() {
    let mut change = changed(&LOCALNET);
    let cut = Kind::ManagementCut {
        seat: "br-ex".to_owned(),
        cause: "frames go round".to_owned(),
        back: Back::ByHand(CONSOLE.to_owned()),
    };
    on_nodes(&mut change.steps[2], 1000, &cut);
    for effect in change.steps[2].effects.iter_mut().skip(999) {
        effect.needs = Some("the bridges");
    }
    let finding = only(&change, "change_cuts_management");
    assert_eq!(finding.nodes.len(), 999);
    assert_eq!(finding.possible_nodes, ["os-999"]);
    assert_eq!(
        finding.message,
        "the management network of os-0, os-1, os-2, os-3, os-4, os-5, os-6, os-7 and 991 more, \
         and possibly os-999 is cut: frames go round; until someone reaches the console"
    );

    let patched = Kind::Patched {
        port: "ln-physnet2".to_owned(),
        switch: "public".to_owned(),
        bridge: Some("br-ex".to_owned()),
        patch: Patch::Added,
        management: false,
    };
    on_nodes(&mut change.steps[2], 1000, &patched);
    let finding = only(&change, "change_patches_provider_bridge");
    assert_eq!(finding.nodes.len(), 1000);
    assert!(finding.message.ends_with("os-7 and 992 more"));
}

#[test]
fn what_is_possible_everywhere_is_still_an_error() {
    let mut change = changed(&LOCALNET);
    for effect in &mut change.steps[2].effects {
        effect.needs = Some("the southbound");
    }
    let cut = only(&change, "change_cuts_management");
    assert_eq!(cut.level, Level::Error);
    assert!(cut.nodes.is_empty());
    assert_eq!(cut.possible_nodes, ["os-compute1", "os-network"]);
    assert!(cut.message.contains("os-network may be cut"));
}

#[test]
fn each_command_that_cuts_a_node_counts() {
    let change = changed(&[
        "ssh os-compute1 ovs-vsctl set-controller br-ex tcp:192.0.2.1:6653",
        "ssh os-compute1 ovs-vsctl del-controller br-ex",
        "ssh os-compute1 ovs-vsctl set bridge br-ex stp_enable=true",
    ]);
    let cuts = found(&change, "change_cuts_management");
    let subjects: Vec<&str> = cuts.iter().map(|cut| cut.subject.as_str()).collect();
    assert_eq!(
        subjects,
        [
            "os-compute1/br-ex/br-ex drops every frame: it gets a controller",
            "os-compute1/br-ex/STP starts on br-ex"
        ]
    );
    assert!(
        cuts[0].message.contains("for about 15 s"),
        "{}",
        cuts[0].message
    );
    assert!(
        cuts[1].message.contains("for about 30 s"),
        "{}",
        cuts[1].message
    );
    // A repair that does not arrive is none.
    assert_eq!(only(&change, "change_flushes_flows").level, Level::Error);
}

#[test]
fn flows_of_the_integration_bridge_are_gone_unless_the_script_restarts_their_owner() {
    let mut change = changed(&[
        "ssh os-network ovs-vsctl set-fail-mode br-int standalone",
        "ssh os-network ovs-vsctl list-br",
    ]);
    let finding = only(&change, "change_flushes_flows");
    assert_eq!(finding.level, Level::Error);
    assert!(
        finding
            .message
            .ends_with("until ovn-controller is restarted"),
        "{}",
        finding.message
    );
    let bridge = "br-int".to_owned();
    let place = change.steps[1].place.clone();
    let restored = Effect::certain("os-network", Kind::FlowsRestored { bridge }, &place);
    // The flows of another node do not help.
    let elsewhere = Effect {
        node: "os-compute1".to_owned(),
        ..restored.clone()
    };
    change.steps[1].effects = vec![elsewhere];
    assert_eq!(only(&change, "change_flushes_flows").level, Level::Error);
    change.steps[1].effects = vec![restored];
    assert_eq!(only(&change, "change_flushes_flows").level, Level::Warning);
}

#[test]
fn flows_are_lost_once() {
    let change = changed(&[
        "ssh os-network ovs-vsctl set-fail-mode br-int standalone",
        "ssh os-network ovs-vsctl set-controller br-int tcp:127.0.0.1:6653",
        "ssh os-network ovs-vsctl del-controller br-int",
    ]);
    let finding = only(&change, "change_flushes_flows");
    assert_eq!(
        finding.message,
        "the flows of br-int on os-network are deleted: its fail_mode changes from secure to \
         standalone while it has no controller; until ovn-controller is restarted"
    );
}

/// The default is `standalone`: the table forwards at once, and belongs to nobody.
#[test]
fn a_mode_that_is_spelled_out_flushes_nothing() {
    let change = changed(&["ssh os-compute1 ovs-vsctl set-fail-mode br-ex standalone"]);
    assert!(found(&change, "change_flushes_flows").is_empty());
    let change = changed(&["ssh os-compute2 ovs-vsctl set-fail-mode br-ex standalone"]);
    assert!(found(&change, "change_flushes_flows").is_empty());
    assert!(found(&change, "change_cuts_management").is_empty());
}

#[test]
fn only_some_releases_get_stuck_when_a_physnet_moves() {
    let lines = [
        "ssh os-compute1 ovs-vsctl add-br br-ex2",
        "ssh os-compute1 ovs-vsctl set open . external_ids:ovn-bridge-mappings=physnet2:br-ex2",
    ];
    // Facts O§6.6: 23.03.* was never fixed; 2609cd9f0 is in 23.06.4, 23.09.4 and 24.03.2.
    let releases = [
        ("22.03.3", Level::Warning),
        ("23.03.7", Level::Error),
        ("23.06.3", Level::Error),
        ("23.06.4", Level::Warning),
        ("23.09.0", Level::Error),
        ("24.03.1", Level::Error),
        ("24.03.2", Level::Warning),
        ("25.03.0", Level::Warning),
    ];
    for (release, level) in releases {
        let change = changed_from(with_ovn(release), &lines);
        let finding = only(&change, "change_remaps_physnet");
        assert_eq!(finding.level, level, "{release}");
        // Where the ports do not move there is nothing to say of them.
        let patched = found(&change, "change_patches_provider_bridge");
        assert_eq!(patched.is_empty(), level == Level::Error, "{release}");
        let commands = finding.fix.map_or(0, |fix| fix.commands.len());
        assert_eq!(commands, if level == Level::Error { 2 } else { 0 });
    }
}

#[test]
fn a_physnet_that_nothing_uses_moves_without_a_word() {
    let change = changed(&[
        "ssh os-compute2 ovs-vsctl add-br br-ex2",
        "ssh os-compute2 ovs-vsctl set open . external_ids:ovn-bridge-mappings=physnet2:br-ex2",
    ]);
    assert!(found(&change, "change_remaps_physnet").is_empty());
}

// Facts V§1: what a chassis makes of the tunnel address of another hangs on its release.
#[test]
fn the_tunnel_address_of_another_chassis_is_refused_or_ends_the_chassis() {
    let rebuilt = |release: Option<&str>| {
        let prepare = |site: &mut Site| {
            let node = site
                .nodes
                .iter_mut()
                .find(|node| node.name == "os-compute1");
            let node = Arc::make_mut(node.expect("it is there"));
            let host = Arc::make_mut(&mut node.host);
            host.ovn = match (release, &host.ovn) {
                (Some(release), Known::Seen(own)) => Known::Seen(Spanned::new(
                    release.parse().expect("it is a release"),
                    own.place.clone(),
                )),
                _ => Known::Unseen,
            };
        };
        let line = "ssh os-compute1 ovs-vsctl set open . external_ids:ovn-encap-ip=192.168.98.14";
        let change = changed_from(prepare, &[line]);
        let effects = change.effects().map(|(_, effect)| effect.clone());
        let mut tunnels = effects.filter(|own| matches!(own.kind, Kind::TunnelsRebuilt { .. }));
        tunnels.next().map(|effect| effect.needs.is_none())
    };
    for kept in ["23.03.1", "25.03.0", "24.03.6", "25.09.0"] {
        assert_eq!(rebuilt(Some(kept)), None, "{kept}");
    }
    for ended in ["26.03.1", "26.09.0", "24.03.7", "25.03.2", "25.09.1"] {
        assert_eq!(rebuilt(Some(ended)), Some(true), "{ended}");
    }
    assert_eq!(rebuilt(None), Some(false));
}

// Facts V§1: the defect that keeps patch ports on the old bridge is met from the northbound, too.
#[test]
fn a_localnet_port_that_gets_another_physnet_sticks_like_a_mapping() {
    let lines = [
        "ssh os-compute1 ovs-vsctl add-br br-x -- set bridge br-x datapath_type=netdev",
        "ssh os-compute1 ovs-vsctl set open . external_ids:ovn-bridge-mappings=physnet2:br-ex,physnet3:br-x",
        "ovn-nbctl set Logical_Switch_Port provnet-2f6a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b0c options:network_name=physnet3",
    ];
    let findings = found(&changed(&lines), "change_remaps_physnet");
    let errors = findings.iter().filter(|own| own.level == Level::Error);
    let nodes: Vec<&String> = errors.flat_map(|own| &own.nodes).collect();
    assert_eq!(nodes, ["os-compute1"]);
}
