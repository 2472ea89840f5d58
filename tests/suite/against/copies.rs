//! A copy of `/etc` in a revision and in an archive: the links of the running system are no defect there either.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::command_line::Scratch;

use super::archives::{has_tar, tar};
use super::repository::{check, commit, done, has_git};

/// The links of a stock node, by where they lie in the copy.
const LINKS: [(&str, &str); 4] = [
    (
        "etc/systemd/system/multi-user.target.wants/ovn-host.service",
        "/lib/systemd/system/ovn-host.service",
    ),
    (
        "etc/systemd/system/ovn-nb-ovsdb.service",
        "/lib/systemd/system/ovn-ovsdb-server-nb.service",
    ),
    ("etc/systemd/system/neutron-l3-agent.service", "/dev/null"),
    ("etc/openvswitch/conf.db", "/var/lib/openvswitch/conf.db"),
];

fn copy(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.write("etc/neutron/neutron.conf", "[DEFAULT]\ncore_plugin = ml2\n");
    for (link, target) in LINKS {
        let link = scratch.path().join(link);
        fs::create_dir_all(link.parent().expect("it lies in the copy")).expect("it can be made");
        symlink(target, link).expect("it can be made");
    }
    scratch
}

/// Without the links nothing of the copy is resolved, for nothing was wrong with them.
fn without_links(directory: &Path) {
    for (link, _) in LINKS {
        fs::remove_file(directory.join(link)).expect("it is there");
    }
}

#[test]
fn links_of_a_running_system_are_no_defect_of_a_revision() {
    if !has_git() {
        return;
    }
    let scratch = copy("copy-revision");
    done(scratch.path(), &["init", "--quiet"]);
    commit(scratch.path(), "A copy of a node");
    without_links(scratch.path());
    assert_eq!(
        check(scratch.path(), &["--against", "HEAD", "."]),
        (Vec::new(), 0)
    );
}

#[test]
fn links_of_a_running_system_are_no_defect_of_an_archive() {
    if !has_tar() {
        return;
    }
    let scratch = copy("copy-archive");
    tar(scratch.path(), &["-cf", "before.tar", "etc"]);
    without_links(scratch.path());
    let found = check(scratch.path(), &["--against", "before.tar", "."]);
    assert_eq!(found, (Vec::new(), 0));
}
