//! Asks `plan` for each command of a sequence, and runs the real one.

use std::fs;
use std::process::Command;

use ovnlint::change::Step;
use ovnlint::change::apply::{self, Start};
use ovnlint::read::ovsdb::Keep;
use ovnlint::read::{self, Limits, script};
use ovnlint::site::build;

use super::CHASSIS;
use crate::lab::Lab;

/// One command: `c1 ovs-vsctl …`, or `ovn-nbctl …` of the central node. Its words stand between single spaces, and
/// `""` is the empty one.
pub fn split(line: &str) -> (&str, Vec<&str>) {
    let mut words: Vec<&str> = line
        .split(' ')
        .map(|word| if word == "\"\"" { "" } else { word })
        .collect();
    let node = if CHASSIS.contains(&words[0]) {
        words.remove(0)
    } else {
        "central"
    };
    (node, words)
}

/// Runs a command.
pub fn run(lab: &Lab, line: &str) -> Result<String, String> {
    let (node, words) = split(line);
    lab.attempt(node, words[0], &words[1..])
}

/// What `plan` makes of the commands, one after the other, from the databases as they are now.
pub fn plan(lab: &Lab, lines: &[String]) -> Vec<Step> {
    let directory = lab.directory("site");
    let put = |path: &str, content: &[u8]| {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    put("topology.toml", topology().as_bytes());
    for (name, own) in [("nb", "ovnnb_db.db"), ("sb", "ovnsb_db.db")] {
        let content = fs::read(lab.file("central", name)).unwrap();
        put(&format!("central/{own}"), &content);
    }
    for node in CHASSIS {
        let content = fs::read(lab.file(node, "conf")).unwrap();
        put(&format!("{node}/conf.db"), &content);
    }
    let paths = [(directory.as_path(), "site".to_owned())];
    let limits = Limits {
        keep: Keep::All,
        ..Limits::default()
    };
    let mut built = build::sites(read::inputs(&paths, limits).unwrap());
    let text: String = lines.iter().map(|line| shell(line) + "\n").collect();
    let file = built.sources.add("plan.sh", &text);
    let script = script::read(file, &text);
    assert_eq!(script.troubles, []);
    let states = built.states.iter();
    let start = Start {
        site: &built.sites[0],
        states: states
            .map(|state| (state.node.clone(), state.database.as_ref()))
            .collect(),
        node: None,
    };
    let steps = apply::apply(&start, &script).unwrap().steps;
    assert_eq!(steps.len(), lines.len());
    steps
}

/// The command as a line of a script.
fn shell(line: &str) -> String {
    match split(line) {
        ("central", words) => {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            script::line(&words)
        }
        _ => format!("ssh {line}"),
    }
}

fn topology() -> String {
    let version = |tool: &str| {
        let output = Command::new(tool).arg("--version").output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let first = said.lines().next().unwrap();
        first.rsplit(' ').next().unwrap().to_owned()
    };
    let (openvswitch, ovn) = (version("ovs-vsctl"), version("ovn-nbctl"));
    let mut text =
        String::from("[site]\ndriver = \"ovn\"\n[nodes.central]\nroles = [\"controller\"]\n");
    for node in CHASSIS {
        text += &format!(
            "[nodes.{node}]\nroles = [\"compute\"]\nopenvswitch = \"{openvswitch}\"\novn = \"{ovn}\"\n"
        );
    }
    text
}
