//! How operators lay out their files: copies beside what is in force, environments side by side, one node in several
//! directories. Whose a file is, and of which site.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ovnlint::cli::linted::{Coverage, Linted};
use ovnlint::finding::Level;
use ovnlint::lints::{self, Tuning};
use ovnlint::read::{self, Inputs};
use ovnlint::report::text::{self, Colour};
use ovnlint::report::{Reported, Status, json};
use ovnlint::site::build;

use crate::command_line::Scratch;
use crate::support::{policy, sides};

/// The external_ids of a chassis.
fn ids(hostname: &str, system_id: &str, encap: &str, remote: &str) -> String {
    format!(
        "{{hostname={hostname}, ovn-encap-ip=\"{encap}\", ovn-encap-type=geneve, \
         ovn-remote=\"tcp:{remote}:6642\", system-id={system_id}}}\n"
    )
}

/// Those of a node that is called like its chassis.
fn node(name: &str) -> String {
    ids(name, name, "192.0.2.11", "198.51.100.1")
}

struct Tree(Scratch);

impl Tree {
    fn new(name: &str) -> Self {
        Self(Scratch::new(&format!("layouts-{name}")))
    }

    fn with(self, files: &[(&str, String)]) -> Self {
        for (path, text) in files {
            self.0.write(path, text);
        }
        self
    }

    fn inputs(&self, below: &str) -> Inputs {
        let path = self.0.path().join(below);
        let shown = Path::new("site").join(below);
        let paths = [(path.as_path(), shown.to_string_lossy().into_owned())];
        read::inputs(&paths, lints::limits(&Tuning::default())).expect("it was written")
    }

    fn lint(&self) -> Linted {
        Linted::of(self.inputs(""), &policy(&Tuning::default()))
    }

    /// How often each lint fires.
    fn fired(&self) -> BTreeMap<&'static str, usize> {
        let linted = self.lint();
        let report = linted.report(Coverage::Hidden);
        let mut fired = BTreeMap::new();
        for reported in &report.findings {
            *fired.entry(reported.lint).or_default() += 1;
        }
        fired
    }

    /// The nodes of each site.
    fn nodes(&self) -> Vec<Vec<String>> {
        let sites = build::sites(self.inputs("")).sites;
        let names =
            |site: &ovnlint::site::Site| site.nodes.iter().map(|node| node.name.clone()).collect();
        sites.iter().map(names).collect()
    }

    /// What became of each file.
    fn fates(&self) -> BTreeMap<String, String> {
        let fates = build::sites(self.inputs("")).fates.into_iter();
        fates.map(|fate| (fate.path, fate.taken)).collect()
    }
}

const DUPLICATES: [&str; 2] = ["encap_ip_duplicate", "system_id_duplicate"];

#[test]
fn copies_in_directories_are_left_out_and_said_so() {
    for directory in [
        "old",
        "backup",
        "backups",
        "bkp",
        "archive",
        "save",
        "node1_bak",
        "site.bak",
        "site.orig",
        "a-old",
        "BACKUP/2023",
        "2024-05-01",
        "20240501",
        "conf-2024-05-01T10:00:00",
    ] {
        let copy = format!("{directory}/node1/external_ids.txt");
        let broken = format!("{directory}/node1/etc/neutron/neutron.conf");
        let tree = Tree::new("copies").with(&[
            ("node1/external_ids.txt", node("node1")),
            (&copy, node("node1")),
            (&broken, "no option at all\n".to_owned()),
        ]);
        assert_eq!(tree.fired(), BTreeMap::new(), "{directory}");
        assert_eq!(tree.nodes(), [["node1"]], "{directory}");
        for path in [copy, broken] {
            let taken = tree.fates().remove(&format!("site/{path}"));
            let taken = taken.expect("every file has a fate");
            assert!(
                taken.starts_with("left out: in a directory of "),
                "{path}: {taken}"
            );
        }
    }
}

#[test]
fn a_directory_that_is_a_node_s_is_no_copy() {
    for (directory, hostname) in [
        ("backup1", "backup1"),
        ("old-compute", "old-compute.example.org"),
        ("archive", "archive"),
    ] {
        let path = format!("{directory}/external_ids.txt");
        let tree = Tree::new("nodes").with(&[
            ("compute/external_ids.txt", node("compute")),
            (
                &path,
                ids(hostname, "compute", "192.0.2.11", "198.51.100.1"),
            ),
        ]);
        assert_eq!(
            tree.fired().keys().copied().collect::<Vec<_>>(),
            DUPLICATES,
            "{directory}"
        );
    }
    // What the topology names is a node, and its files are.
    let tree = Tree::new("topology").with(&[
        (
            "topology.toml",
            "[nodes.old]\nroles = [\"compute\"]\n".to_owned(),
        ),
        ("node1/external_ids.txt", node("node1")),
        ("old/external_ids.txt", node("node1")),
    ]);
    assert_eq!(tree.fired().keys().copied().collect::<Vec<_>>(), DUPLICATES);
    // Nothing is there that it would be a copy of.
    let tree = Tree::new("unsaid").with(&[
        ("node1/external_ids.txt", node("node1")),
        (
            "backup1/show.txt",
            "06de2e26-8048-449e-a7d2-d541b7dd0ac0\n    Bridge br-int\n".to_owned(),
        ),
        ("cinder-backup/neutron.conf", "[DEFAULT]\n".to_owned()),
    ]);
    assert_eq!(tree.nodes(), [["backup1", "node1"]]);
    assert_eq!(
        tree.fates()["site/cinder-backup/neutron.conf"],
        "neutron.conf"
    );
}

#[test]
fn copies_are_read_where_they_were_asked_for_or_are_all_there_is() {
    let files = [
        ("backup/node1/external_ids.txt", node("node1")),
        ("backup/node2/external_ids.txt", node("node1")),
    ];
    let tree = Tree::new("all").with(&files);
    assert_eq!(tree.nodes(), [["backup/node1", "backup/node2"]]);
    let tree = tree.with(&[("node3/external_ids.txt", node("node3"))]);
    assert_eq!(tree.nodes(), [["node3"]]);
    let asked = build::sites(tree.inputs("backup")).sites;
    assert_eq!(asked[0].nodes.len(), 2);
}

#[test]
fn of_dated_directories_the_newest_is_in_force_thing_by_thing() {
    let tree = Tree::new("dated").with(&[
        ("2024-05-01/node1/external_ids.txt", node("node1")),
        ("2024-05-01/node2/external_ids.txt", node("node2")),
        (
            "2024-06-01/node1/external_ids.txt",
            ids("node1", "node1", "192.0.2.12", "198.51.100.1"),
        ),
    ]);
    let fates = tree.fates();
    assert!(
        fates["site/2024-05-01/node1/external_ids.txt"].contains("former day"),
        "{fates:?}"
    );
    assert_eq!(tree.nodes(), [["node1", "node2"]]);
    assert_eq!(tree.fired(), BTreeMap::new());
}

/// Two sites with the same names, addresses and system-ids.
fn environments(name: &str, directories: [&str; 2], remotes: [&str; 2]) -> Tree {
    let mut tree = Tree::new(name);
    for (directory, remote) in directories.into_iter().zip(remotes) {
        for (number, name) in ["net01", "cmp01"].into_iter().enumerate() {
            let path = format!("{directory}/{name}/external_ids.txt");
            let encap = format!("192.0.2.{}", 11 + number);
            tree = tree.with(&[(&path, ids(name, name, &encap, remote))]);
        }
    }
    tree
}

#[test]
fn environments_and_regions_side_by_side_are_sites_of_their_own() {
    let (one, two) = ("198.51.100.1", "203.0.113.1");
    for (directories, remotes) in [
        (["prod", "staging"], [one, one]),
        (["region-a", "region-b"], [one, two]),
        (["environments/x", "environments/y"], [one, one]),
        (["alpha/hosts", "beta/hosts"], [one, two]),
    ] {
        let tree = environments("environments", directories, remotes);
        assert_eq!(tree.fired(), BTreeMap::new(), "{directories:?}");
        assert_eq!(
            tree.nodes(),
            [["cmp01", "net01"], ["cmp01", "net01"]],
            "{directories:?}"
        );
        let linted = tree.lint();
        let report = linted.report(Coverage::Hidden);
        let said = text::render(&report, Colour::Plain, 200);
        let sentence =
            "are sites of their own, not compared with each other: nodes cmp01 and net01";
        assert!(said.contains(sentence), "{said}");
        let written: serde_json::Value =
            serde_json::from_str(&json::render(&report)).expect("it is JSON");
        let named = written["division"]["directories"]
            .as_array()
            .expect("it is divided");
        assert_eq!(named.len(), 2, "{written}");
    }
    // Other names, but the same endpoints below southbounds on different hosts.
    let tree = Tree::new("southbounds").with(&[
        (
            "region-a/a1/external_ids.txt",
            ids("a1", "a1", "192.0.2.11", one),
        ),
        (
            "region-b/b1/external_ids.txt",
            ids("b1", "b1", "192.0.2.11", two),
        ),
    ]);
    assert_eq!(tree.fired(), BTreeMap::new());
    // Their own files, without any state.
    let conf = |physnet: &str| format!("[ml2]\nmechanism_drivers = {physnet}\n");
    let tree = Tree::new("ini").with(&[
        ("prod/neutron/ml2_conf.ini", conf("ovn")),
        ("staging/neutron/ml2_conf.ini", conf("openvswitch")),
    ]);
    assert_eq!(tree.nodes().len(), 2);
}

#[test]
fn parts_of_one_site_are_not_divided_and_clones_are_told() {
    let remote = "198.51.100.1";
    let clone = |name| ids(name, "cloned", "192.0.2.11", remote);
    for (a, b) in [
        ("nodes/a", "nodes/b"),
        ("a", "b"),
        ("rack1/a", "rack2/b"),
        ("controller/a", "compute/b"),
        ("prod/a", "prod/b"),
        ("region-a/a", "region-b/b"),
        ("test1", "test2"),
        ("dev-controller/a", "dev-compute/b"),
    ] {
        let paths = [a, b].map(|path| format!("{path}/external_ids.txt"));
        let tree = Tree::new("clones").with(&[(&paths[0], clone("a")), (&paths[1], clone("b"))]);
        let fired: Vec<_> = tree.fired().into_keys().collect();
        assert_eq!(fired, DUPLICATES, "{a} {b}");
    }
    // A clone in one of two environments.
    let tree = environments("cloned", ["prod", "staging"], [remote, remote]).with(&[(
        "staging/cmp02/external_ids.txt",
        ids("cmp02", "cmp01", "192.0.2.13", remote),
    )]);
    assert_eq!(tree.fired(), BTreeMap::from([("system_id_duplicate", 1)]));
    // Roles hold files of the same names.
    let tree = Tree::new("roles").with(&[
        ("controller/neutron/neutron.conf", "[DEFAULT]\n".to_owned()),
        ("compute/neutron/neutron.conf", "[DEFAULT]\n".to_owned()),
        ("network/neutron/neutron.conf", "[DEFAULT]\n".to_owned()),
    ]);
    assert_eq!(tree.nodes().len(), 1);
    // Two nodes of one site have a name in common, and no more.
    let tree = Tree::new("racks").with(&[
        (
            "hall1/node1/external_ids.txt",
            ids("h1n1", "h1n1", "192.0.2.11", remote),
        ),
        (
            "hall2/node1/external_ids.txt",
            ids("h2n1", "h2n1", "192.0.2.12", remote),
        ),
    ]);
    assert_eq!(tree.nodes(), [["h1n1", "h2n1"]]);
}

#[test]
fn what_lies_outside_of_the_sites_is_of_each_and_said_once() {
    let tree = environments("shared", ["prod", "staging"], ["198.51.100.1"; 2]).with(&[
        (
            "etc/neutron/neutron.conf",
            "[DEFAULT]\ncore_plugin = ml2\n".to_owned(),
        ),
        (
            "common/neutron/ml2_conf.ini",
            "[ml2]\nmechanism_drivers = ovn\n[ml2_type_geneve]\nvni_ranges = 5:1\n".to_owned(),
        ),
    ]);
    let built = build::sites(tree.inputs(""));
    assert!(
        built
            .sites
            .iter()
            .all(|site| site.configurations.len() == 2)
    );
    assert_eq!(tree.fired().get("tunnel_range_invalid"), Some(&1));
    assert_eq!(tree.lint().code(Level::Error), 1);
    let paths: Vec<&String> = built.fates.iter().map(|fate| &fate.path).collect();
    assert_eq!(paths.len(), 6, "{paths:?}");
}

#[test]
fn a_change_is_compared_site_by_site_also_where_a_site_is_new() {
    let scratch = Scratch::new("layouts-against");
    let remote = "198.51.100.1";
    for side in ["before", "after"] {
        for name in ["net01", "cmp01"] {
            let encap = if name == "net01" {
                "192.0.2.11"
            } else {
                "192.0.2.12"
            };
            scratch.write(
                &format!("{side}/prod/{name}/external_ids.txt"),
                ids(name, name, encap, remote),
            );
        }
        // It is there on both sides.
        scratch.write(
            &format!("{side}/prod/cmp02/external_ids.txt"),
            ids("cmp02", "cmp01", "192.0.2.13", remote),
        );
    }
    scratch.write(
        "after/staging/net01/external_ids.txt",
        ids("net01", "net01", "192.0.2.11", remote),
    );
    let against = sides(&scratch, "before", "after");
    let statuses: Vec<(&str, Status)> = against
        .findings
        .iter()
        .map(|reported| (reported.lint, reported.status))
        .collect();
    assert_eq!(statuses, [("system_id_duplicate", Status::Present)]);
    // A directory of backups stands for PATH where it is named.
    let (before, named) = (
        scratch.path().join("before"),
        scratch.path().join("backup-1"),
    );
    fs::rename(before, named).expect("it was written");
    let against = sides(&scratch, "backup-1", "after");
    let of_before = |reported: &Reported| reported.status == Status::Present;
    assert!(
        against.findings.iter().all(of_before),
        "{:?}",
        against.findings
    );
}

#[test]
fn one_node_in_several_directories_is_one_node() {
    let printed = fs::read_to_string("testdata/ip/addr-dev.json").expect("it is recorded");
    for path in [
        "net01/var/lib/docker/volumes/openvswitch_db/_data/external_ids.txt",
        "net01/var/snap/openstack-hypervisor/common/etc/openvswitch/external_ids.txt",
        "net01/var/snap/microovn/common/data/switch/db/external_ids.txt",
        "net01/opt/stack/data/ovs/external_ids.txt",
        "net01/some/where/else/external_ids.txt",
        "ovs/net01/external_ids.txt",
    ] {
        let addresses = if path.starts_with("ovs") {
            "ip/net01/addr.json"
        } else {
            "net01/addr.json"
        };
        let tree = Tree::new("several").with(&[
            (path, node("net01.example.org")),
            (addresses, printed.clone()),
        ]);
        assert_eq!(tree.nodes(), [["net01.example.org"]], "{path}");
        let sites = build::sites(tree.inputs("")).sites;
        assert_eq!(sites[0].nodes[0].host.interfaces.len(), 1, "{path}");
    }
}

#[test]
fn a_copy_of_etc_names_its_node() {
    let id = ids("", "9252d02e", "192.0.2.11", "198.51.100.1").replace("hostname=, ", "");
    for (hostname, state) in [
        ("hostname", "openvswitch/external_ids.txt"),
        ("etc/hostname", "etc/openvswitch/external_ids.txt"),
        ("gateway/hostname", "gateway/openvswitch/external_ids.txt"),
        ("etc/hostname", "external_ids.txt"),
    ] {
        let tree = Tree::new("etc").with(&[
            (hostname, "# set by hand\ngw-a\n".to_owned()),
            (state, id.clone()),
        ]);
        assert_eq!(tree.nodes(), [["gw-a"]], "{hostname} {state}");
    }
    // Nodes in directories of their own are not the machine that the tree was taken on.
    let tree = Tree::new("etc-nodes").with(&[
        ("hostname", "jump\n".to_owned()),
        ("net01/external_ids.txt", node("net01")),
        ("net01/neutron.conf", "[DEFAULT]\n".to_owned()),
    ]);
    assert_eq!(tree.nodes(), [["net01"]]);
}
