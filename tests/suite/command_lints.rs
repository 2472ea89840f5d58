//! What the lints of changes say of single commands, and of which they say nothing.

use ovnlint::cli::plan::script::Text;
use ovnlint::lints::Tuning;

use crate::support::plan_text;

/// A node with its `external_ids` and what `ovs-vsctl show` prints; the same with a northbound.
const SHOWN: &str = "lints/change_has_no_effect/good";
const NORTH: &str = "lints/localnet_duplicate/good";

/// What a lint says of a script, in the order of the commands.
fn said(site: &str, script: &str, lint: &str) -> Vec<String> {
    let text = Text {
        path: "change.sh".to_owned(),
        text: script.to_owned(),
    };
    let findings = plan_text(site, text, &Tuning::default())
        .findings
        .into_iter();
    let own = findings.filter(|reported| reported.lint == lint);
    own.map(|reported| reported.finding.message).collect()
}

const PORT: &str = "provnet-2f6a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b0c";

/// `add` keeps a key with Open vSwitch 3.5.0, which the site has; what is so already is said by its value.
#[test]
fn a_command_that_changes_nothing_is_told_why() {
    let lint = "change_has_no_effect";
    assert_eq!(
        said(
            NORTH,
            &format!("ovn-nbctl lsp-set-type {PORT} localnet"),
            lint
        ),
        [format!("the type of {PORT} is localnet already")]
    );
    assert_eq!(
        said(
            SHOWN,
            "ovs-vsctl add open . external_ids ovn-encap-type=vxlan",
            lint
        ),
        [
            "`add` keeps a key that is there, and ovn-encap-type of os-compute stays `geneve`: `set open . external_ids:ovn-encap-type=vxlan` would change it"
        ]
    );
    assert_eq!(
        said(SHOWN, "ovs-vsctl destroy Bridge br-ex", lint),
        [
            "`destroy` leaves br-ex in Bridge: a row stays as long as another refers to it, and goes with the last"
        ]
    );
}

/// Idempotent forms are meant so; of a column that no input shows, nobody knows.
#[test]
fn what_may_be_so_already_is_no_finding() {
    for script in [
        "ovs-vsctl --may-exist add-br br-ex",
        "ovs-vsctl --if-exists del-port enp9s0",
        "ovs-vsctl add-port br-int p1 -- set Interface p1 type=internal",
        "ovs-vsctl add-br br-x -- set bridge br-x other_config:hwaddr=02:00:00:00:00:01",
        "ovs-vsctl clear bridge br-int protocols",
        "ovs-vsctl get open . external_ids",
        "ovs-vsctl init",
    ] {
        assert_eq!(
            said(SHOWN, script, "change_has_no_effect"),
            [""; 0],
            "{script}"
        );
    }
}

/// The second line of the third incident: OVN speaks OpenFlow to the integration bridge.
#[test]
fn protocols_count_on_the_integration_bridge_only() {
    let set = |bridge: &str| {
        let script = format!("ovs-vsctl set bridge {bridge} protocols=OpenFlow13,OpenFlow15");
        said(SHOWN, &script, "change_has_no_effect")
    };
    assert_eq!(set("br-int"), [""; 0]);
    assert_eq!(
        set("br-ex"),
        [
            "the protocols of br-ex on os-compute are nothing to OVN: ovn-controller speaks OpenFlow to br-int only, and br-ex has no controller"
        ]
    );
}

#[test]
fn keys_are_dropped_by_what_rewrites_the_map_alone() {
    let lint = "change_drops_keys";
    assert_eq!(
        said(
            NORTH,
            &format!("ovn-nbctl lsp-set-options {PORT} network_name=physnet1"),
            lint
        ),
        [format!(
            "`lsp-set-options` rewrites all of options of {PORT} of the northbound: mcast_flood and mcast_flood_reports are gone"
        )]
    );
    for script in [
        format!("ovn-nbctl remove Logical_Switch_Port {PORT} options mcast_flood"),
        format!("ovn-nbctl lsp-del {PORT}"),
        format!("ovn-nbctl set Logical_Switch_Port {PORT} options:mcast_flood=true"),
    ] {
        assert_eq!(said(NORTH, &script, lint), [""; 0], "{script}");
    }
}

/// The tools' own words, and the name that was meant: of a command, a table, a column, a record.
#[test]
fn a_refused_command_is_told_the_name_that_was_meant() {
    let lint = "change_command_invalid";
    for (site, script, expected) in [
        (
            SHOWN,
            "ovs-vsctl ad-br br-ex",
            "ovs-vsctl refuses this: unknown command 'ad-br'; did you mean `add-br`?",
        ),
        (
            SHOWN,
            "ovs-vsctl set brdige br-ex fail_mode=secure",
            "ovs-vsctl refuses this: unknown table \"brdige\"; did you mean `bridge`?",
        ),
        (
            SHOWN,
            "ovs-vsctl set bridge br-ex foil_mode=secure",
            "ovs-vsctl refuses this: Bridge does not contain a column whose name matches \"foil_mode\"; did you mean `fail_mode`?",
        ),
        (
            SHOWN,
            "ovs-vsctl --no-wait set bridge br-exx stp_enable=true -- add-br br-x",
            "ovs-vsctl refuses this, and with it every other command on the line: no row \"br-exx\" in table Bridge; did you mean `br-ex`?",
        ),
        (
            NORTH,
            "ovn-nbctl lsp-del provnt-2f6a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b0c",
            "ovn-nbctl refuses this: provnt-2f6a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b0c: port name not found; did you mean `provnet-2f6a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b0c`?",
        ),
    ] {
        assert_eq!(said(site, script, lint), [expected], "{script}");
    }
}

/// A map that no input shows may lose keys; the node on which a command runs may not be said.
#[test]
fn what_the_inputs_do_not_tell_is_said_with_what_would_settle_it() {
    let lint = "change_unpredicted";
    assert_eq!(
        said(
            SHOWN,
            "ovs-vsctl set bridge br-int other_config={a=b}",
            lint
        ),
        [
            "which keys this takes from other_config of br-int is not known; what would settle it: the whole table (`ovs-vsctl list TABLE`, or conf.db)"
        ]
    );
    assert_eq!(
        said(
            "lints/change_removes_gateway/good",
            "ovs-vsctl del-br br-ex",
            lint
        ),
        [
            "on which node this runs is not said; what would settle it: the node that the command runs on (`--node NODE`, or `ssh NODE` in front of it)"
        ]
    );
}
