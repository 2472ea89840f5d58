//! No report is written over what a run reads, however the file is spelled.

use std::fs;

use crate::against::repository::{REVERSED, said};
use crate::command_line::{Scratch, ovnlint};

const SCRIPT: &str = "ovs-vsctl add-br br-new\n";
const SETTINGS: &str = "fail_on = \"warning\"\n";

fn site(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch
        .write("s/ml2_conf.ini", REVERSED)
        .write(
            "s/show.txt",
            "06de2e26-8048-449e-a7d2-d541b7dd0ac0\n    Bridge br-ex\n",
        )
        .write("s/broken/topology.toml", "[nodes\n")
        .write("b/l3_agent.ini", "[DEFAULT]\n")
        .write("change", SCRIPT)
        .write("run.sh", "#!/bin/sh\n")
        .write("own.toml", SETTINGS)
        .write("ovnlint.toml", SETTINGS)
        .write("known.json", "{\"version\": 1, \"findings\": []}\n")
        .write("s/empty/neutron.conf", "");
    scratch
}

#[test]
fn no_report_is_written_over_what_is_read() {
    let scratch = site("overwrite");
    #[cfg(unix)]
    {
        let at = |name: &str| scratch.path().join(name);
        std::os::unix::fs::symlink("s/ml2_conf.ini", at("link.json")).expect("links can be made");
        fs::hard_link(at("s/ml2_conf.ini"), at("hard.json")).expect("links can be made");
    }
    let plan = ["plan", "s", "--script", "change", "--node", "s", "--format"];
    let check = ["check", "s", "--format"];
    let with = |before: &[&'static str]| [before, &["--format"]].concat();
    let mut cases: Vec<(Vec<&str>, &str)> = vec![
        (check.to_vec(), "json=s/ml2_conf.ini"),
        (check.to_vec(), "json=./s/../s/ml2_conf.ini"),
        (check.to_vec(), "text=s/show.txt"),
        (check.to_vec(), "sarif=s/broken/topology.toml"),
        (check.to_vec(), "junit=ovnlint.toml"),
        (check.to_vec(), "json=run.sh"),
        (plan.to_vec(), "json=change"),
        (plan.to_vec(), "json=./change"),
        (plan.to_vec(), "json=s/ml2_conf.ini"),
        (
            with(&["check", "s", "--config", "own.toml"]),
            "json=own.toml",
        ),
        (
            with(&["check", "s", "--baseline", "known.json"]),
            "json=known.json",
        ),
        (
            with(&["check", "s", "--against", "./b"]),
            "json=b/l3_agent.ini",
        ),
        (with(&["check", "s", "--fix"]), "json=s/ml2_conf.ini"),
    ];
    if cfg!(unix) {
        cases.extend([
            (check.to_vec(), "json=link.json"),
            (check.to_vec(), "json=hard.json"),
        ]);
    }
    for (arguments, target) in cases {
        let file = target.split_once('=').expect("it names a file").1;
        let read = || fs::read(scratch.path().join(file)).expect("it is there");
        let before = read();
        let output = ovnlint(&[&arguments[..], &[target]].concat(), scratch.path());
        let said = said(&output);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?} {target}: {said}"
        );
        assert!(said.contains("it is not written over"), "{target}: {said}");
        assert_eq!(read(), before, "{target}");
    }
    let output = ovnlint(
        &[
            "check",
            "s",
            "--baseline",
            "s/empty/neutron.conf",
            "--write-baseline",
        ],
        scratch.path(),
    );
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}

#[test]
fn a_report_of_before_is_written_over_and_two_never_are_one() {
    let scratch = site("overwrite-again");
    for _ in 0..2 {
        // In the tree itself, in every format: what was written is no input.
        for name in [
            "text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown",
        ] {
            let target = format!("{name}=s/report-{name}.out");
            let output = ovnlint(&["check", "s", "--format", &target], scratch.path());
            assert_eq!(output.status.code(), Some(1), "{name}: {}", said(&output));
        }
    }
    let twice = |other: &str| {
        let output = ovnlint(
            &["check", "s", "--format", "json=x.out", "--format", other],
            scratch.path(),
        );
        (output.status.code(), said(&output))
    };
    for other in ["text=x.out", "text=./x.out", "text=s/../x.out"] {
        let (code, said) = twice(other);
        assert_eq!(code, Some(2), "{other}: {said}");
        assert!(said.contains("two formats would be written to"), "{said}");
    }
    assert!(!scratch.path().join("x.out").exists());
    assert_eq!(twice("text=y.out").0, Some(1));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("x.out", scratch.path().join("z.out"))
            .expect("links can be made");
        assert_eq!(twice("text=z.out").0, Some(2));
    }
}
