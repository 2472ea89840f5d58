//! What no input shows is not taken for unset: a command that harms a node is never said to interrupt nothing where
//! only a part of the node was seen.

use std::fs;
use std::path::Path;

use ovnlint::change::Step;
use ovnlint::change::apply::{self, Start};
use ovnlint::change::effect::Kind;
use ovnlint::cli::plan::planned;
use ovnlint::cli::plan::script::Text;
use ovnlint::lints::Tuning;
use ovnlint::read::{self, script};
use ovnlint::report::Status;
use ovnlint::site::build::{self, Built};
use ovnlint::source::FileId;

use crate::command_line::Scratch;
use crate::support::plan_text;

/// The site as it was recorded, and what single commands show of its os-compute1.
const SITE: &str = "testdata/ovn/before";
const PARTS: &str = "testdata/partial";

/// The inputs that a node may be known by; the first shows all.
const INPUTS: [&[&str]; 7] = [
    &["conf.db"],
    &["show.txt"],
    &["external_ids.txt"],
    &["bridges.txt"],
    &["external_ids.txt", "bridges.txt"],
    &["show.txt", "external_ids.txt"],
    &[],
];

/// Each harms os-compute1, or may.
const HARMFUL: [&str; 64] = [
    "ovs-vsctl set open . external_ids:ovn-encap-ip=192.168.98.99",
    "ovs-vsctl set open . external_ids:ovn-encap-ip=192.168.98.300",
    "ovs-vsctl set open . external_ids:ovn-encap-type=vxlan",
    "ovs-vsctl set open . external_ids:ovn-transport-zones=tz1",
    "ovs-vsctl set open . external_ids:ovn-bridge=br-x",
    "ovs-vsctl set open . external_ids:system-id=os-other",
    "ovs-vsctl set open . external_ids:ovn-remote=tcp:192.0.2.1:6642",
    "ovs-vsctl set open . external_ids:ovn-bridge-mappings=physnet3:br-ex",
    "ovs-vsctl set open . external_ids:ovn-bridge-mappings=physnet2:br-ex2",
    "ovs-vsctl set open . external_ids:ovn-bridge-mappings=",
    "ovs-vsctl set Open_vSwitch . external-ids:ovn-bridge-mappings=",
    "ovs-vsctl remove open . external_ids ovn-encap-ip",
    "ovs-vsctl remove open . external_ids ovn-encap-type",
    "ovs-vsctl remove open . external_ids ovn-remote",
    "ovs-vsctl remove open . external_ids ovn-bridge-mappings",
    "ovs-vsctl remove open . external_ids ovn-bridge-mappings=physnet2:br-ex",
    "ovs-vsctl remove open . ext system-id",
    "ovs-vsctl clear open . external_ids",
    "ovs-vsctl set open . external_ids={hostname=os-compute1}",
    "ovs-vsctl clear open . bridges",
    "ovs-vsctl set open . bridges=[]",
    "ovs-vsctl emer-reset",
    "ovs-vsctl set open . other_config:n-handler-threads=2",
    "ovs-vsctl set open . other_config:n-revalidator-threads=2",
    "ovs-vsctl set open . other_config:dpdk-init=true",
    "ovs-vsctl set open . other_config:flow-restore-wait=true",
    "ovs-vsctl del-br br-int",
    "ovs-vsctl del-br br-ex",
    "ovs-vsctl --if-exists del-br br-ex",
    "ovs-vsctl del-port br-int tap9a1b2c3d11",
    "ovs-vsctl --if-exists del-port tap9a1b2c3d11",
    "ovs-vsctl del-port br-ex enp6s18",
    "ovs-vsctl del-port br-ex br-ex",
    "ovs-vsctl add-port br-ex enp7s0",
    "ovs-vsctl set interface tap9a1b2c3d11 external_ids:iface-id=x",
    "ovs-vsctl remove interface tap9a1b2c3d11 external_ids iface-id",
    "ovs-vsctl clear interface tap9a1b2c3d11 external_ids",
    "ovs-vsctl set interface enp6s18 type=dummy",
    "ovs-vsctl set bridge br-ex other_config:hwaddr=02:00:00:00:00:01",
    "ovs-vsctl set bridge br-ex datapath_type=system",
    "ovs-vsctl set bridge br-int datapath_type=system",
    "ovs-vsctl set bridge br-ex stp_enable=true",
    "ovs-vsctl set bridge br-ex rstp_enable=true",
    "ovs-vsctl set bridge br-ex fail_mode=secure",
    "ovs-vsctl set-fail-mode br-ex secure",
    "ovs-vsctl set-controller br-ex tcp:192.0.2.1:6653",
    "ovs-vsctl set-controller br-int tcp:192.0.2.1:6653",
    "ovs-vsctl set-fail-mode br-int standalone",
    "ovs-vsctl del-fail-mode br-int",
    "ovs-vsctl clear bridge br-int fail_mode",
    "ovs-vsctl set bridge br-int protocols=OpenFlow13",
    "ovs-vsctl set bridge br-ex ports=[]",
    "ovs-vsctl clear bridge br-int ports",
    "ovs-vsctl set port enp6s18 tag=77",
    "ovs-vsctl set port br-ex tag=77",
    "ovs-vsctl set port enp6s18 trunks=77",
    "systemctl restart openvswitch-switch",
    "systemctl stop openvswitch-switch",
    "systemctl stop ovs-vswitchd",
    "ovs-ofctl del-flows br-int",
    "ovs-ofctl del-flows br-ex",
    "ip link set enp6s18 down",
    "ip link set br-ex down",
    "ip link set enp6s18 address 02:00:00:00:00:01",
];

/// A site where os-compute1 is known by a part of what there is to see.
struct Partial {
    built: Built,
    script: FileId,
    directory: Scratch,
}

impl Partial {
    fn of(name: &str, inputs: &[&str], topology: &str) -> Self {
        let directory = site(name, inputs, topology);
        let paths = [(directory.path(), "site".to_owned())];
        let limits = planned::limits(&Tuning::default());
        let inputs = read::inputs(&paths, limits).unwrap_or_else(|error| panic!("{error}"));
        let mut built = build::sites(inputs);
        let script = built.sources.add("change.sh", "");
        Self {
            built,
            script,
            directory,
        }
    }

    /// Whether a command is said to do nothing: no effect, no doubt, and no finding that it brings.
    fn silent(&self, command: &str) -> bool {
        let states = self.built.states.iter();
        let start = Start {
            site: &self.built.sites[0],
            states: states
                .map(|state| (state.node.clone(), state.database.as_ref()))
                .collect(),
            node: None,
        };
        let command = format!("ssh os-compute1 {command}");
        let script = script::read(self.script, &command);
        let change = apply::apply(&start, &script).expect("the node is there");
        let said = |step: &Step| {
            let effects = step.effects.iter();
            let hurts = effects.filter(|effect| effect.needs.is_some() || is_told(&effect.kind));
            !step.doubts.is_empty() || hurts.count() > 0
        };
        !change.steps.iter().any(said) && self.brings_nothing(command)
    }

    /// Whether the lints, too, say nothing.
    fn brings_nothing(&self, command: String) -> bool {
        let script = Text {
            path: "change.sh".to_owned(),
            text: command,
        };
        let directory = self.directory.path().to_str().expect("the path is text");
        let planned = plan_text(directory, script, &Tuning::default());
        let findings = planned.findings.iter();
        let mut new = findings.filter(|own| own.status == Status::Introduced);
        new.next().is_none()
    }
}

/// Whether what happens is more than that something comes back.
fn is_told(kind: &Kind) -> bool {
    !matches!(kind, Kind::FlowsRestored { .. })
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory can be made");
    for entry in fs::read_dir(from).expect("it is a directory") {
        let path = entry.expect("it can be listed").path();
        let name = path.file_name().expect("it has a name");
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).expect("it can be copied");
        }
    }
}

/// The site with os-compute1 known by these inputs; `topology` is put before the topology.
fn site(name: &str, inputs: &[&str], topology: &str) -> Scratch {
    let scratch = Scratch::new(name);
    copy(Path::new(SITE), scratch.path());
    let node = scratch.path().join("os-compute1");
    if !inputs.contains(&"conf.db") {
        fs::remove_file(node.join("conf.db")).expect("it was copied");
    }
    for input in inputs.iter().filter(|input| **input != "conf.db") {
        fs::copy(Path::new(PARTS).join(input), node.join(input)).expect("it can be copied");
    }
    let path = scratch.path().join("topology.toml");
    let nodes = fs::read_to_string(&path).expect("it is text");
    fs::write(&path, format!("{topology}{nodes}")).expect("it can be written");
    scratch
}

#[test]
fn harm_that_cannot_be_told_is_never_called_nothing() {
    let mut wrong = Vec::new();
    for (number, inputs) in INPUTS.iter().enumerate() {
        for (driver, topology) in [("none", ""), ("ovn", "[site]\ndriver = \"ovn\"\n")] {
            let partial = Partial::of(&format!("unseen-{number}-{driver}"), inputs, topology);
            let silent = HARMFUL.iter().filter(|command| partial.silent(command));
            wrong.extend(silent.map(|command| format!("{inputs:?}, driver {driver}: {command}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What harms nothing whatever was not seen stays silent.
#[test]
fn what_is_harmless_by_itself_is_no_doubt() {
    let harmless = [
        "ovs-vsctl set open . external_ids:contact=noc",
        "ovs-vsctl set bridge br-ex other_config:mac-table-size=4096",
        "ovs-vsctl set interface enp6s18 external_ids:rack=7",
        "ovs-vsctl list-br",
        "ovs-vsctl get open . external_ids:ovn-encap-ip",
        "systemctl start openvswitch-switch",
        "ovs-vsctl --may-exist add-br br-new",
        "ovs-vsctl add-port br-int tap0 -- set interface tap0 external_ids:iface-id=new",
    ];
    let topology = "[site]\ndriver = \"ovn\"\n";
    let partial = Partial::of("unseen-harmless", &["show.txt"], topology);
    for command in harmless {
        assert!(partial.silent(command), "{command}");
    }
}
