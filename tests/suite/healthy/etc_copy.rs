//! Copies of `/etc` and of repositories that hold more than Neutron's files.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use ovnlint::cli::linted::Linted;

use crate::command_line::Scratch;
use crate::support::lint;

fn linted(scratch: &Scratch) -> Linted {
    lint(scratch.path().to_str().expect("the path is text"))
}

/// What a stock node has below `/etc/systemd/system`, `/etc/openvswitch` and `/etc/default`, Debian's and RDO's.
const LINKS: [(&str, &str); 7] = [
    (
        "systemd/system/multi-user.target.wants/openvswitch-switch.service",
        "/lib/systemd/system/openvswitch-switch.service",
    ),
    (
        "systemd/system/multi-user.target.wants/neutron-server.service",
        "/srv/nowhere/neutron-server.service",
    ),
    (
        "systemd/system/openvswitch-switch.service.requires/ovs-record-hostname.service",
        "/usr/lib/systemd/system/ovs-record-hostname.service",
    ),
    (
        "systemd/system/ovn-nb-ovsdb.service",
        "/lib/systemd/system/ovn-ovsdb-server-nb.service",
    ),
    (
        "systemd/system/neutron-openvswitch-agent.service",
        "/dev/null",
    ),
    ("openvswitch/conf.db", "/var/lib/openvswitch/conf.db"),
    (
        "openvswitch/.conf.db.~lock~",
        "/var/lib/openvswitch/.conf.db.~lock~",
    ),
];

fn copy(name: &str, further: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::new(name);
    scratch
        .write("default/openvswitch-switch", "# OVS_CTL_OPTS=''\n")
        .write("neutron/neutron.conf", "[DEFAULT]\ncore_plugin = ml2\n");
    for (link, target) in LINKS.iter().chain(further) {
        let link = scratch.path().join(link);
        fs::create_dir_all(link.parent().expect("it lies in the copy")).expect("it can be made");
        symlink(target, link).expect("it can be made");
    }
    scratch
}

fn unreadable(linted: &Linted) -> Vec<String> {
    let said = linted.said.iter();
    let said = said.filter(|said| said.lint.name == "file_unreadable");
    let found = said.flat_map(|said| &said.found);
    found
        .map(|finding| {
            let name = Path::new(&finding.subject).file_name();
            name.expect("it is a path").to_string_lossy().into_owned()
        })
        .collect()
}

#[test]
fn links_of_a_running_system_are_no_defect_of_its_copy() {
    let linted = linted(&copy("etc-copy", &[]));
    assert_eq!(unreadable(&linted), [""; 0]);
    assert!(linted.looked());
}

#[test]
fn other_links_that_lead_out_of_a_copy_are_told() {
    let further = [
        ("neutron/ml2_conf.ini", "/srv/nowhere/ml2_conf.ini"),
        ("ovn/ovnnb_db.db", "/srv/nowhere/ovnnb_db.db"),
        (
            "systemd/system/neutron-l3-agent.service",
            "/srv/nowhere/neutron-l3-agent.service",
        ),
    ];
    let linted = linted(&copy("etc-links", &further));
    let expected = ["ml2_conf.ini", "neutron-l3-agent.service", "ovnnb_db.db"];
    let mut names = unreadable(&linted);
    names.sort();
    assert_eq!(names, expected);
}
