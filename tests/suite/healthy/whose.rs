//! Whose a file is that is called like one of Neutron's.

use super::said;

const REFUSED: &str = "description \"L3 agent\"\nrespawn\n";

fn lints(name: &str, files: &[(&str, &str)]) -> Vec<&'static str> {
    said(name, files)
        .into_iter()
        .map(|(lint, ..)| lint)
        .collect()
}

#[test]
fn files_of_other_programs_are_left_out() {
    let files = [
        ("etc/init/neutron-l3-agent.conf", REFUSED),
        (
            "node1/neutron.conf",
            "d /run/neutron 0755 neutron neutron -\n",
        ),
        (
            "supervisor/neutron.conf",
            "[program:neutron]\ncommand=/usr/bin/neutron-server\nautostart true\n",
        ),
        // Nova's, and refused by it: it is no business of Neutron.
        (
            "nova/nova.conf.d/neutron.conf",
            "[neutron]\nauth_url http://192.0.2.1:5000\n[DEFAULT]\ndebug = true\n",
        ),
    ];
    assert_eq!(lints("whose-others", &files), [""; 0]);
}

#[test]
fn a_bad_file_of_neutron_is_linted_wherever_it_lies() {
    for (name, path, text) in [
        ("whose-directory", "etc/neutron/neutron.conf", REFUSED),
        (
            "whose-snippet",
            "etc/neutron/neutron.conf.d/10-site.conf",
            REFUSED,
        ),
        (
            "whose-typos",
            "node1/neutron.conf",
            "[DEFUALT]\ncore_plguin ml2\nservice_plugns = router\n",
        ),
        (
            "whose-header",
            "neutron.conf",
            "[DEFAULT\ncore_plugin = ml2\n",
        ),
    ] {
        assert_eq!(lints(name, &[(path, text)]), ["ini_not_loadable"], "{name}");
    }
}

// An override of a deployer says what differs: what it leaves out is set elsewhere.
#[test]
fn a_fragment_is_none_the_less_one_for_the_name_of_its_directory() {
    let ml2 = "[ml2]\nmechanism_drivers = ovn\n[ovn]\novn_nb_connection = ssl:192.0.2.11:6641\n";
    let fragment = [
        ("overrides/neutron.conf", "[DEFAULT]\ndebug = true\n"),
        ("overrides/ml2_conf.ini", ml2),
    ];
    assert_eq!(lints("whose-fragment", &fragment), [""; 0]);
    let whole = [
        (
            "overrides/neutron.conf",
            "[DEFAULT]\ncore_plugin = ml2\ndebug = true\n",
        ),
        ("overrides/ml2_conf.ini", ml2),
    ];
    assert_eq!(
        lints("whose-whole", &whole),
        ["geneve_header_too_small", "ovn_connection_mismatch"]
    );
}
