//! Conditions, loops, functions, subshells.

use super::commands;

#[test]
fn a_condition_that_is_a_command_is_named() {
    let text = "
if ! ovs-vsctl br-exists br-ex; then ovs-vsctl add-br br-ex; else ovs-vsctl list-ports br-ex; fi
ovs-vsctl add-br a && ovs-vsctl add-br b && ovs-vsctl add-br c || ovs-vsctl del-br a
ovs-vsctl show || exit 1
ovs-vsctl add-br d
";
    assert_eq!(
        commands(text),
        [
            "ovs-vsctl br-exists br-ex",
            "if not 0: ovs-vsctl add-br br-ex",
            "if 0: ovs-vsctl list-ports br-ex",
            "ovs-vsctl add-br a",
            "if 3: ovs-vsctl add-br b",
            "if 4: ovs-vsctl add-br c",
            "maybe `||`: ovs-vsctl del-br a",
            "ovs-vsctl show",
            "if 7: ovs-vsctl add-br d",
        ]
    );
}

#[test]
fn a_condition_that_is_not_known_makes_it_doubtful() {
    let text = "
BR=br-ex
if grep -q x /etc/y; then BR=br-in; ovs-vsctl add-br $BR; fi
ovs-vsctl del-br $BR
[ -n \"$BR2\" ] && ovs-vsctl add-br b
for i in $(ovs-vsctl list-br); do ovs-vsctl del-br $i; done
while read -r x; do ovs-vsctl del-br $x; done < file
ovs-vsctl add-br c &
case $1 in start) ovs-vsctl add-br d;; *) ovs-vsctl del-br d;; esac
";
    assert_eq!(
        commands(text),
        [
            "maybe `if grep -q x /etc/y; then BR=br-in; ovs-vsctl add-br $BR; fi`: ovs-vsctl add-br br-in",
            "ovs-vsctl del-br <$BR>",
            "maybe `&&`: ovs-vsctl add-br b",
            "ovs-vsctl list-br",
            "maybe `$(ovs-vsctl list-br)`: ovs-vsctl del-br <$i>",
            "maybe `while read -r x; do ovs-vsctl del-br $x; done`: ovs-vsctl del-br <$x>",
            "maybe `&`: ovs-vsctl add-br c",
            "maybe `case $1 in start) ovs-vsctl add-br d;; *) ovs-vsctl del-br d;; esac`: ovs-vsctl add-br d",
            "maybe `case $1 in start) ovs-vsctl add-br d;; *) ovs-vsctl del-br d;; esac`: ovs-vsctl del-br d",
        ]
    );
}

#[test]
fn a_condition_that_the_text_tells_is_decided() {
    let text = "
X=a
if [ \"$X\" = a ]; then ovs-vsctl add-br yes; else ovs-vsctl add-br no; fi
[[ -z $X ]] && ovs-vsctl add-br no
case $X in b) ovs-vsctl add-br no;; a|c) ovs-vsctl add-br yes;; *) ovs-vsctl add-br no;; esac
true || ovs-vsctl add-br no
false || ovs-vsctl add-br yes
ovs-vsctl add-br z || true; ovs-vsctl add-br always
";
    assert_eq!(
        commands(text),
        [
            "ovs-vsctl add-br yes",
            "ovs-vsctl add-br yes",
            "ovs-vsctl add-br yes",
            "ovs-vsctl add-br z",
            "ovs-vsctl add-br always",
        ]
    );
}

#[test]
fn loops_over_literals_are_unrolled() {
    let text = "
for br in br-ex br-in; do
  for p in 1 2; do ovs-vsctl add-port $br p$p; done
done
for try in 1 2; do ovs-vsctl add-br x && break; done
ovs-vsctl show
";
    assert_eq!(
        commands(text),
        [
            "ovs-vsctl add-port br-ex p1",
            "ovs-vsctl add-port br-ex p2",
            "ovs-vsctl add-port br-in p1",
            "ovs-vsctl add-port br-in p2",
            "ovs-vsctl add-br x",
            "if not 4: ovs-vsctl add-br x",
            "ovs-vsctl show",
        ]
    );
}

#[test]
fn a_counter_in_a_loop_is_not_known() {
    let text = "i=0\nwhile [ $i -lt 3 ]; do ovs-vsctl add-br br$i; i=$((i+1)); done\novs-vsctl add-br z$i\n";
    assert_eq!(
        commands(text),
        [
            "maybe `while [ $i -lt 3 ]; do ovs-vsctl add-br br$i; i=$((i+1)); done`: ovs-vsctl add-br <br$i>",
            "ovs-vsctl add-br <z$i>",
        ]
    );
}

#[test]
fn functions_are_applied_where_they_are_called() {
    let text = r#"
add() { local br=$1; shift; ovs-vsctl add-br "$br"; for p; do ovs-vsctl add-port "$br" "$p"; done; }
ovn-nbctl() { docker exec ovn_nb ovn-nbctl "$@"; }
never() { ovs-vsctl emer-reset; }
br=outer
add br-ex eth1 eth2
ovn-nbctl ls-add $br
"#;
    assert_eq!(
        commands(text),
        [
            "ovs-vsctl add-br br-ex",
            "ovs-vsctl add-port br-ex eth1",
            "ovs-vsctl add-port br-ex eth2",
            "(docker exec ovn_nb) ovn-nbctl ls-add outer",
        ]
    );
}

#[test]
fn a_failure_ends_the_script_where_it_says_so() {
    assert_eq!(
        commands(
            "set -euo pipefail\novs-vsctl add-br a\novs-vsctl add-br b\n(ovs-vsctl add-br c)\novs-vsctl add-br d || true\novs-vsctl add-br e\n"
        ),
        [
            "ovs-vsctl add-br a",
            "if 0: ovs-vsctl add-br b",
            "if 1: ovs-vsctl add-br c",
            "if 2: ovs-vsctl add-br d",
            "if 2: ovs-vsctl add-br e",
        ]
    );
    assert_eq!(
        commands("ovs-vsctl add-br a; exit 0; ovs-vsctl add-br b"),
        ["ovs-vsctl add-br a"]
    );
}

#[test]
fn subshells_keep_their_variables() {
    assert_eq!(
        commands(
            "X=a; (X=b; ovs-vsctl add-br $X); ovs-vsctl add-br $X; { X=c; }; ovs-vsctl add-br $X"
        ),
        [
            "ovs-vsctl add-br b",
            "ovs-vsctl add-br a",
            "ovs-vsctl add-br c"
        ]
    );
    assert_eq!(
        commands("uuid=$(ovn-nbctl create Meter name=m); ovn-nbctl set Meter $uuid unit=kbps"),
        [
            "ovn-nbctl create Meter name=m",
            "ovn-nbctl set Meter <$uuid> unit=kbps"
        ]
    );
}
