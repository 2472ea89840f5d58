//! Other names of the programs, aliases, and what the environment says of their database.

use super::commands;

#[test]
fn programs_have_other_names() {
    assert_eq!(
        commands(
            "microovn.ovs-vsctl del-br a
/snap/bin/microovn.ovn-nbctl ls-del b
sudo openstack-hypervisor.ovs-vsctl del-br c
kubectl ko vsctl os-compute1 del-br d
kubectl ko nbctl ls-del e
kubectl-ko ofctl os-network del-flows br-ex
kubectl ko appctl os-network exit
"
        ),
        [
            "ovs-vsctl del-br a",
            "ovn-nbctl ls-del b",
            "(sudo) ovs-vsctl del-br c",
            "on os-compute1: ovs-vsctl del-br d",
            "ovn-nbctl ls-del e",
            "on os-network: ovs-ofctl del-flows br-ex",
            "on os-network: ovs-appctl exit",
        ]
    );
}

// bash expands aliases in a script only behind `shopt -s expand_aliases`; dash always; both from the next line on.
#[test]
fn aliases_are_expanded_where_the_shell_does() {
    let of = |first: &str| {
        commands(&format!(
            "{first}\nalias v='ovs-vsctl --timeout=5'\nalias ovn-nbctl='echo'\nv del-br a\novn-nbctl ls-del b\n'ovn-nbctl' ls-del c\n"
        ))
    };
    let expanded = ["ovs-vsctl --timeout=5 del-br a", "ovn-nbctl ls-del c"];
    assert_eq!(of("#!/bin/sh"), expanded);
    assert_eq!(of("#!/bin/bash\nshopt -s expand_aliases"), expanded);
    assert_eq!(
        of("#!/bin/bash"),
        ["v del-br a", "ovn-nbctl ls-del b", "ovn-nbctl ls-del c"]
    );
    assert_eq!(
        of(""),
        ["<v> del-br a", "<ovn-nbctl> ls-del b", "ovn-nbctl ls-del c"]
    );
    assert_eq!(
        commands(
            "#!/bin/sh\nalias v=ovs-vsctl; v del-br a\nf() { v del-br b; }\nf\nunalias v\nv del-br c\n"
        ),
        ["<v> del-br a", "<v> del-br b", "v del-br c"]
    );
}

#[test]
fn the_environment_names_the_database() {
    assert_eq!(
        commands(
            "OVN_NB_DB=tcp:192.0.2.1:6641 ovn-nbctl ls-del a
ovn-nbctl ls-del b
export OVN_NB_DB=tcp:192.0.2.2:6641
ovn-nbctl ls-del c
ovn-nbctl --db=unix:/x ls-del d
sudo ovn-nbctl ls-del e
sudo -E ovn-nbctl ls-del f
env -u OVN_NB_DB ovn-nbctl ls-del g
ssh os-network ovn-nbctl ls-del h
docker exec -e OVN_NB_DB=tcp:192.0.2.3:6641 c ovn-nbctl ls-del i
unset OVN_NB_DB
OVN_NBCTL_OPTIONS='--dry-run -t 5' ovn-nbctl ls-del j
OVS_RUNDIR=/tmp/run ovs-vsctl del-br k
OVS_RUNDIR=/var/run/openvswitch ovs-vsctl del-br l
OVS_RUNDIR=/tmp/run ovs-ofctl del-flows br-ex
set -a; OVN_NB_DB=tcp:192.0.2.4:6641; set +a
bash -c 'ovn-nbctl ls-del m'
"
        ),
        [
            "(OVN_NB_DB=tcp:192.0.2.1:6641) ovn-nbctl --db=tcp:192.0.2.1:6641 ls-del a",
            "ovn-nbctl ls-del b",
            "ovn-nbctl --db=tcp:192.0.2.2:6641 ls-del c",
            "ovn-nbctl --db=unix:/x ls-del d",
            "(sudo) ovn-nbctl <--db=> ls-del e",
            "(sudo -E) ovn-nbctl --db=tcp:192.0.2.2:6641 ls-del f",
            "(env -u OVN_NB_DB) ovn-nbctl ls-del g",
            "on os-network: (ssh os-network) ovn-nbctl ls-del h",
            "(docker exec -e OVN_NB_DB=tcp:192.0.2.3:6641 c) ovn-nbctl --db=tcp:192.0.2.3:6641 ls-del i",
            "(OVN_NBCTL_OPTIONS=--dry-run -t 5) ovn-nbctl --dry-run -t 5 ls-del j",
            "(OVS_RUNDIR=/tmp/run) ovs-vsctl --db=unix:/tmp/run/db.sock del-br k",
            "(OVS_RUNDIR=/var/run/openvswitch) ovs-vsctl del-br l",
            "(OVS_RUNDIR=/tmp/run) <ovs-ofctl> del-flows br-ex",
            "(bash -c) ovn-nbctl --db=tcp:192.0.2.4:6641 ls-del m",
        ]
    );
}

#[test]
fn a_function_sees_what_stands_in_front_of_it() {
    assert_eq!(
        commands(
            "f() { ovs-vsctl del-br $BR; }; BR=a; BR=b f; f; BR=c bash -c 'ovs-vsctl del-br $BR'"
        ),
        [
            "ovs-vsctl del-br b",
            "ovs-vsctl del-br a",
            "(bash -c) ovs-vsctl del-br c"
        ]
    );
}

#[test]
fn what_asks_for_a_program_of_ours_finds_it() {
    assert_eq!(
        commands(
            "[ -x /usr/bin/ovs-vsctl ] && ovs-vsctl add-br a
command -v ovn-nbctl >/dev/null || exit 1
if ! which ovs-vsctl; then apt-get install openvswitch-switch; fi
cd /opt/site && ovs-vsctl add-br b
sleep 1 && ovs-vsctl add-br c
case br-ex in br-*) ovs-vsctl add-br d;; *) ovs-vsctl add-br no;; esac
"
        ),
        [
            "ovs-vsctl add-br a",
            "ovs-vsctl add-br b",
            "ovs-vsctl add-br c",
            "ovs-vsctl add-br d",
        ]
    );
}
