//! What `plan` answers of the change that took a site down, and of commands on one node, as it was recorded.

use std::path::PathBuf;

use clap::Parser;
use ovnlint::cli::{self, Arguments, Outcome, Surroundings};

use crate::support::compare;

const BEFORE: &str = "testdata/ovn/before";

/// Each script of `testdata/plan`, its exit code, and how it is run: what is recorded has its name.
const PLANS: [(&str, u8, &[&str]); 4] = [
    ("localnet-physnet2", 1, &["--watch-for", "os-*"]),
    ("localnet-phynet2", 0, &[]),
    (
        "uplink",
        1,
        &["--node", "os-compute1", "--watch-for", "os-compute1"],
    ),
    ("settings", 0, &["--node", "os-compute1"]),
];

fn plan(script: &str, more: &[&str]) -> Outcome {
    let script = format!("testdata/plan/{script}.sh");
    let words = ["ovnlint", "plan", BEFORE, "--script", &script];
    let words = words.iter().chain(more);
    let arguments = Arguments::try_parse_from(words).expect("the arguments are what it takes");
    let surroundings = Surroundings {
        directory: PathBuf::new(),
        ..Surroundings::default()
    };
    cli::run(arguments, &surroundings).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_plans_are_the_recorded_ones() {
    for (name, code, more) in PLANS {
        let text = plan(name, more);
        assert_eq!(text.code, code, "{name}:\n{}", text.text);
        compare(&format!("testdata/expected/plan/{name}.txt"), &text.text);
        let json = plan(name, &[more, &["--format", "json"]].concat());
        let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let json = json.text.replace(&version, "\"version\": \"…\"");
        compare(&format!("testdata/expected/plan/{name}.json"), &json);
    }
}

/// What the incident was: the name that is mapped cuts both nodes that carry the switch, the slip cuts none.
#[test]
fn the_verdict_tells_the_slip_from_the_outage() {
    let first = |script| {
        let text = plan(script, &[]).text;
        text.lines().next().unwrap_or_default().to_owned()
    };
    let outage = first("localnet-physnet2");
    assert!(
        outage.starts_with("this cuts the management network of 2 of 4 nodes"),
        "{outage}"
    );
    assert_eq!(
        first("localnet-phynet2"),
        "this interrupts nothing, but brings 3 warnings"
    );
}

#[test]
fn a_secret_of_a_command_is_shown_in_no_format() {
    for format in ["text", "json"] {
        let shown = plan("settings", &["--node", "os-compute1", "--format", format]).text;
        assert!(shown.contains("x-password"), "{shown}");
        assert!(!shown.contains("geheim"), "{shown}");
        // The path of a key is no secret, the key is.
        assert!(shown.contains("/etc/openvswitch/key.pem"), "{shown}");
    }
}
