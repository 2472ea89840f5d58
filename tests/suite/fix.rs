//! `ovnlint check --fix`, `--diff`, `--unsafe-fixes`: what is written, what is shown, and what is never touched.

mod every_lint;
mod killed;
mod patches;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::command_line::{Scratch, ovnlint};

/// What the files of a tree hold, by their paths in it.
type Tree = BTreeMap<String, Vec<u8>>;

fn tree(directory: &Path) -> Tree {
    let mut files = Tree::new();
    let mut open = vec![directory.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("it is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let inside = path.strip_prefix(directory).expect("it lies below");
            let name = inside.to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read(&path).expect("it can be read"));
        }
    }
    files
}

fn copied(from: &str, name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    for (path, bytes) in tree(Path::new(from)) {
        scratch.write(&path, bytes);
    }
    scratch
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn report(site: &Scratch, arguments: &[&str]) -> Value {
    let arguments = [&["check", "--format", "json"], arguments].concat();
    let output = ovnlint(&arguments, site.path());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)))
}

fn text(site: &Scratch, name: &str) -> String {
    fs::read_to_string(site.path().join(name)).expect("it is there")
}

/// Files whose findings have an edit: the text before, the text after, and the arguments that are needed for it.
const EDITS: [(&str, &str, &str, &[&str]); 12] = [
    (
        "ml2_conf.ini",
        "[ml2]\r\nphysical_network_mtus = a:1500\t; x\r\ntype_drivers = a\r\n",
        "[ml2]\r\nphysical_network_mtus = a:1500\r\ntype_drivers = a\r\n",
        &[],
    ),
    (
        "ml2_conf.ini",
        "[ml2_type_geneve]\r\nVNI-Ranges = 1:100\r\nmax_header_size=38",
        "[ml2_type_geneve]\r\nvni_ranges = 1:100\r\nmax_header_size=38",
        &[],
    ),
    (
        "ml2_conf.ini",
        "\u{feff}# ä\n[ml2]\nphysical_network_mtus = a:1500  # ü\n\n\n",
        "\u{feff}# ä\n[ml2]\nphysical_network_mtus = a:1500\n\n\n",
        &[],
    ),
    // Both would be one option: which of the two is meant, a person knows.
    (
        "ml2_conf.ini",
        "[ml2]\nmechanism_drivers = ovn\n[ ml2 ]\nmechanism_drivers = ovn,log\n",
        "[ml2]\nmechanism_drivers = ovn\n[ml2]\nmechanism_drivers = ovn,log\n",
        &["--unsafe-fixes"],
    ),
    (
        "neutron.conf",
        "[DEFAULT]\nservice-plugins = a\nservice_plugins = b\n",
        "[DEFAULT]\nservice_plugins = a\nservice_plugins = b\n",
        &["--unsafe-fixes"],
    ),
    (
        "ml2_conf.ini",
        "[ml2_type_vxlan]\nvni_ranges = 1:10,30:20,\n  40-50\n",
        "[ml2_type_vxlan]\nvni_ranges = 1:10,20:30,\n  40:50\n",
        &["--unsafe-fixes"],
    ),
    (
        "ml2_conf.ini",
        "[ml2]\ntype_drivers = geneve\nmechanism_drivers = ovn\n[ml2_type_geneve]\nmax_header_size = 38\nvni_ranges = 5:6, 16711000:16777215\n",
        "[ml2]\ntype_drivers = geneve\nmechanism_drivers = ovn\n[ml2_type_geneve]\nmax_header_size = 38\nvni_ranges = 5:6, 16711000:16711680\n",
        &["--unsafe-fixes"],
    ),
    (
        "ml2_conf.ini",
        "[ml2]\nmechanism_drivers = ovn\n[ovn]\novn_nb_connection = tcp:192.0.2.1:6642,tcp:[2001:db8::1]:6642\n",
        "[ml2]\nmechanism_drivers = ovn\n[ovn]\novn_nb_connection = tcp:192.0.2.1:6641,tcp:[2001:db8::1]:6641\n",
        &["--unsafe-fixes"],
    ),
    (
        "openvswitch_agent.ini",
        "[ovs]\nbridge_mappings = a:br-a,b:br-b,\n",
        "[ovs]\nbridge_mappings = a:br-a,b:br-b\n",
        &[],
    ),
    (
        "topology.toml",
        "[nodes.a]\nrole = [\"compute\"]\nmanagment = \"eth0\"\n",
        "[nodes.a]\nroles = [\"compute\"]\nmanagement = \"eth0\"\n",
        &["--unsafe-fixes"],
    ),
    (
        "topology.toml",
        "[nodes.a]\nroles = ['compte']\n\"managment\" = \"eth0\"\n",
        "[nodes.a]\nroles = [\"compute\"]\nmanagement = \"eth0\"\n",
        &["--unsafe-fixes"],
    ),
    // A key that is there twice is no TOML.
    (
        "topology.toml",
        "[nodes.a]\nrols = []\nrole = []\nmanagment = \"x\"\nmanagement = \"y\"\n",
        "[nodes.a]\nrols = []\nrole = []\nmanagment = \"x\"\nmanagement = \"y\"\n",
        &["--unsafe-fixes"],
    ),
];

#[test]
fn each_edit_writes_what_was_meant_and_nothing_else() {
    for (at, (name, before, after, flags)) in EDITS.into_iter().enumerate() {
        let site = Scratch::new(&format!("fix-edit-{at}"));
        site.write(name, before);
        if !flags.is_empty() {
            report(&site, &["--fix"]);
            assert_eq!(
                text(&site, name),
                before,
                "{name} is edited without {flags:?}"
            );
        }
        report(&site, &[&["--fix"], flags].concat());
        assert_eq!(text(&site, name), after, "{name}");
        let again = report(&site, &[&["--fix"], flags].concat());
        assert_eq!(text(&site, name), after, "{name}: {again:#}");
        assert_eq!(tree(site.path()).len(), 1, "{name}: something lies beside");
    }
}

/// What another value hides, or what stands behind a comma in a comment, is not for a program to decide.
#[test]
fn an_edit_that_changes_another_value_is_not_safe() {
    let site = Scratch::new("fix-unsafe");
    let list = "[ml2_type_vlan]\nnetwork_vlan_ranges = physnet1 # old, physnet2:100:200\n";
    let older = "[ml2]\nTenant-Network-Types = geneve\n";
    site.write("a/ml2_conf.ini", list)
        .write("b/neutron.conf", "[ml2]\nproject_network_types = vlan\n")
        .write("b/ml2_conf.ini", older);
    report(&site, &["--fix"]);
    assert_eq!(text(&site, "a/ml2_conf.ini"), list);
    assert_eq!(text(&site, "b/ml2_conf.ini"), older);
}

/// keystoneauth1 reads `tenant-name` as an older name of `project_name`, with its dash.
#[test]
fn an_older_name_with_a_dash_is_read() {
    let site = Scratch::new("fix-dash");
    site.write(
        "neutron.conf",
        "[nova]\ntenant-name = service\nuser-name = x\nuser-nme = x\n",
    );
    let found = report(&site, &[]);
    let subjects = found["findings"].as_array().expect("a list");
    let subjects: Vec<&str> = subjects
        .iter()
        .map(|finding| finding["subject"].as_str().expect("a text"))
        .collect();
    assert_eq!(subjects.len(), 1, "{subjects:?}");
    assert!(subjects[0].ends_with("user-nme"), "{subjects:?}");
}

#[test]
fn a_template_a_database_and_a_node_of_others_are_left_alone() {
    let site = Scratch::new("fix-never");
    site.write("a/ml2_conf.ini.j2", "[ ml2 ]\nmechanism_drivers = ovn\n")
        .write("b/ml2_conf.ini", "[ ml2 ]\nmechanism_drivers = ovn\npath_mtu = {{ mtu }}\n")
        .write("c/show.txt", fs::read("lints/bridge_mapping_missing_bridge/bad/os-network/show.txt").expect("it is there"))
        .write("c/external_ids.txt", "{hostname=c, ovn-bridge-mappings=\"a:br-a,\", ovn-encap-ip=\"10.0.0.1\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.1:6642\", system-id=c}\n");
    let before = tree(site.path());
    let found = report(&site, &["--fix", "--unsafe-fixes"]);
    assert_eq!(tree(site.path()), before);
    let found = found["findings"].as_array().expect("a list");
    assert!(
        found
            .iter()
            .any(|finding| finding["lint"] == "ini_silently_ignored")
    );
    assert!(
        found
            .iter()
            .any(|finding| finding["lint"] == "bridge_mapping_malformed")
    );
    let output = ovnlint(&["check", "--diff", "--unsafe-fixes"], site.path());
    assert!(!said(&output).contains("---"), "{}", said(&output));
}

/// What the other side calls it is what was meant, probably.
#[test]
fn a_name_is_written_as_the_other_side_has_it() {
    let show = |bridge: &str| {
        format!(
            "b5a4380c-65ad-415f-93bb-76c08743325e\n    Bridge br-int\n    Bridge {bridge}\n        Port {bridge}\n            Interface {bridge}\n                type: internal\n"
        )
    };
    let site = Scratch::new("fix-names");
    let server = "[ml2]\ntype_drivers = flat,vlan\nmechanism_drivers = openvswitch\n[ml2_type_flat]\nflat_networks = phynet1\n[ml2_type_vlan]\nnetwork_vlan_ranges = other:1:9, phynet1:10:99\n";
    let agent = "[ovs]\nbridge_mappings = physnet1:br-exx,other:br-other\n";
    site.write("ml2_conf.ini", server)
        .write("os-a/openvswitch_agent.ini", agent)
        .write("os-a/show.txt", show("br-ex"));
    report(&site, &["--fix"]);
    assert_eq!(text(&site, "ml2_conf.ini"), server);
    report(&site, &["--fix", "--unsafe-fixes"]);
    assert_eq!(
        text(&site, "ml2_conf.ini"),
        server.replace("phynet1", "physnet1")
    );
    assert_eq!(
        text(&site, "os-a/openvswitch_agent.ini"),
        agent.replace("br-exx", "br-ex")
    );
}

#[cfg(unix)]
#[test]
fn the_mode_stays() {
    use std::os::unix::fs::PermissionsExt;
    let site = Scratch::new("fix-mode");
    site.write("neutron.conf", "[default]\nservice_plugins = a\n");
    let file = site.path().join("neutron.conf");
    fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).expect("it is our own");
    report(&site, &["--fix"]);
    assert_eq!(
        text(&site, "neutron.conf"),
        "[DEFAULT]\nservice_plugins = a\n"
    );
    let found = fs::metadata(&file).expect("it is there");
    assert_eq!(found.permissions().mode() & 0o7777, 0o640);
}

#[test]
fn with_a_site_before_only_what_is_new_is_put_right() {
    let site = Scratch::new("fix-against");
    let (old, new) = (
        "[default]\nservice_plugins = a\n",
        "[ ml2 ]\nmechanism_drivers = ovn\n",
    );
    site.write("before/neutron.conf", old)
        .write("after/neutron.conf", old)
        .write("after/ml2_conf.ini", new);
    let arguments = ["after", "--against", "./before", "--fix"];
    report(&site, &arguments);
    assert_eq!(text(&site, "after/neutron.conf"), old);
    assert_eq!(
        text(&site, "after/ml2_conf.ini"),
        "[ml2]\nmechanism_drivers = ovn\n"
    );
    report(&site, &[&arguments[..], &["--all"]].concat());
    assert_eq!(
        text(&site, "after/neutron.conf"),
        "[DEFAULT]\nservice_plugins = a\n"
    );
    assert_eq!(text(&site, "before/neutron.conf"), old);
    // The site before lies in the one after, and is read as a part of that too.
    let found = report(&site, &[".", "--against", "./before", "--fix", "--all"]);
    assert_eq!(text(&site, "before/neutron.conf"), old, "{found:#}");
}

#[test]
fn the_answer_ends_with_what_was_edited_and_the_commands_by_node() {
    let site = Scratch::new("fix-commands");
    site.write("neutron.conf", "[default]\nservice_plugins = a\n");
    for node in ["os-a", "os-b"] {
        let show = fs::read("lints/integration_bridge_not_secure/bad/os-compute/show.txt");
        let ids = format!(
            "{{hostname={node}, ovn-encap-ip=\"10.0.0.1\", ovn-encap-type=geneve, ovn-remote=\"tcp:192.0.2.1:6642\"}}\n"
        );
        site.write(&format!("{node}/show.txt"), show.expect("it is there"));
        site.write(&format!("{node}/external_ids.txt"), ids);
    }
    let output = ovnlint(&["check", "--diff"], site.path());
    let patch = said(&output);
    let (comments, _) = patch.split_once("--- a/neutron.conf\n").expect("a patch");
    assert!(
        comments.lines().all(|line| line.starts_with("# ")),
        "{patch}"
    );
    let heads = |text: &str| text.matches("to run on os-a:\n").count();
    assert_eq!(heads(comments), 1, "{patch}");
    assert_eq!(
        text(&site, "neutron.conf"),
        "[default]\nservice_plugins = a\n"
    );
    let fixed = said(&ovnlint(&["check", "--fix"], site.path()));
    let (_, end) = fixed
        .rsplit_once("edited neutron.conf\n\n")
        .expect("it is said");
    let steps: Vec<&str> = comments.lines().map(|line| &line[2..]).collect();
    assert_eq!(end.lines().collect::<Vec<_>>(), steps);
    assert!(end.starts_with("to run on os-a:\n  ovs-vsctl "), "{end}");
    assert!(end.contains("\n    disrupts: "), "{end}");
    assert!(end.contains("to run on os-b:\n  ovs-vsctl "), "{end}");
}

#[test]
fn the_report_says_what_can_be_fixed_and_the_code_is_that_of_what_remains() {
    let site = Scratch::new("fix-code");
    site.write("neutron.conf", "[default]\nservice_plugins = a\n")
        .write("ml2_conf.ini", "[ml2_type_vxlan]\nvni_ranges = 9:1\n");
    let check = |arguments: &[&str]| {
        let output = ovnlint(&[&["check"], arguments].concat(), site.path());
        (said(&output), output.status.code())
    };
    let (shown, code) = check(&[]);
    let line = "\n1 can be fixed with --fix, 1 more with --unsafe-fixes\n";
    assert!(shown.ends_with(line), "{shown}");
    assert_eq!(code, Some(1));
    // A patch changes nothing: neither does it change the code.
    assert_eq!(check(&["--diff", "--unsafe-fixes"]).1, Some(1));
    let (shown, code) = check(&["--fix"]);
    let end = "\n1 can be fixed with --fix --unsafe-fixes\nedited neutron.conf\n";
    assert!(shown.ends_with(end), "{shown}");
    assert_eq!(code, Some(1));
    let (shown, code) = check(&["--fix", "--unsafe-fixes"]);
    assert!(shown.ends_with("edited ml2_conf.ini\n"), "{shown}");
    assert_eq!(code, Some(0));
    let (shown, code) = check(&["--fix", "--unsafe-fixes"]);
    assert!(shown.ends_with("no file was edited\n"), "{shown}");
    assert_eq!(code, Some(0));
}

/// The name of the file beside it would be longer than a file system takes.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_written_is_named_and_the_others_are_fixed() {
    let site = Scratch::new("fix-refused");
    let wrong = "[default]\nservice_plugins = a\n";
    let long = format!("neutron-{}.conf", "x".repeat(240));
    site.write(&long, wrong).write("z/neutron.conf", wrong);
    let output = ovnlint(&["check", "--fix"], site.path());
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let complaint = String::from_utf8_lossy(&output.stderr);
    let start = format!("ovnlint: {long} cannot be written: ");
    assert!(
        complaint.starts_with(&start) && complaint.lines().count() == 1,
        "{complaint}"
    );
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("error[ini_silently_ignored]"), "{shown}");
    assert!(shown.ends_with("edited z/neutron.conf\n"), "{shown}");
    assert_eq!(text(&site, &long), wrong);
    assert_eq!(
        text(&site, "z/neutron.conf"),
        wrong.replace("default", "DEFAULT")
    );
    assert_eq!(tree(site.path()).len(), 2);
}

#[test]
fn flags_that_do_not_go_together_are_refused() {
    let refused: [&[&str]; 7] = [
        &["--unsafe-fixes"],
        &["--fix", "--diff"],
        &["--fix", "--show-files"],
        &["--diff", "--show-files"],
        &["--diff", "--format", "json"],
        &["--diff", "--format", "text"],
        &["--diff", "--coverage"],
    ];
    for flags in refused {
        let output = ovnlint(&[&["check"], flags].concat(), Path::new("testdata"));
        assert_eq!(
            output.status.code(),
            Some(2),
            "{flags:?}: {}",
            said(&output)
        );
    }
}
